"""What happened between a person and those they know: one conversation, with one person or several."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from contacts.models.contact import WORDS_LENGTH, Contact
from contacts.models.owned import Owned, OwnedQuerySet
from core.forms import FIRST_DAY, LAST_DAY
from core.versioned import Versioned


class InteractionQuerySet(OwnedQuerySet["Interaction"]):
    def held(self) -> Self:
        """What took place with somebody who is still there; only this counts as contact."""
        return self._with_somebody().filter(state="held")

    def planned(self) -> Self:
        """What is planned with somebody who is still there: nobody is asked about a meeting with a person in the bin."""
        return self._with_somebody().filter(state="planned")

    def _with_somebody(self) -> Self:
        with_whom = Interaction.people.through._default_manager.filter(interaction=OuterRef("pk"))
        return self.filter(Exists(with_whom.filter(contact__deleted_at=None)))

    def moved_between(self, first: date, last: date) -> Self:
        """What took place on these local days, both included."""
        return self.held().filter(happened_on__range=(first, last))

    def due_by(self, day: date) -> Self:
        """What was planned for a day until then, the past ones too: did it take place?"""
        return self.planned().filter(happened_on__lte=day)


class Interaction(Owned, Versioned):
    """A coffee, a call, a message, an evening: when, with whom, and what passed between them in either direction."""

    class Kind(models.TextChoices):
        TALKED = "talked", "Talked"
        MET = "met", "Met"
        CALLED = "called", "Called"
        WROTE = "wrote", "Wrote"
        EVENT = "event", "At an event"
        INTRODUCED = "introduced", "Introduction"
        GAVE = "gave", "Gave"
        ASKED = "asked", "Asked"

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        HELD = "held", "Took place"
        CANCELLED = "cancelled", "Did not take place"

    people = models.ManyToManyField(Contact, related_name="interactions")
    kind = models.CharField("kind", max_length=10, choices=Kind, default=Kind.TALKED)
    state = models.CharField(max_length=9, choices=State, default=State.HELD)
    happened_on = models.DateField("day")
    notes = models.TextField("what you talked about", max_length=20_000, blank=True)
    gave = models.TextField("what I gave", max_length=WORDS_LENGTH, blank=True)
    received = models.TextField("what I received", max_length=WORDS_LENGTH, blank=True)
    next_step = models.CharField("next step", max_length=300, blank=True)

    objects = InteractionQuerySet.as_manager()

    class Meta:
        ordering = ["-happened_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_day_in_reach",
                condition=Q(happened_on__range=(FIRST_DAY, LAST_DAY)),
                violation_error_message="Use a date between 1900 and 2200.",
            )
        ]
        indexes = [
            models.Index(fields=["owner", "-happened_on", "-id"], name="contacts_talks", condition=Q(deleted_at=None)),
            models.Index(
                fields=["owner", "happened_on", "id"],
                name="contacts_talks_planned",
                condition=Q(deleted_at=None, state="planned"),
            ),
            models.Index(
                fields=["owner", "-deleted_at"], name="contacts_talks_bin", condition=Q(deleted_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"interaction {self.pk}"

    @property
    def is_planned(self) -> bool:
        return self.state == self.State.PLANNED
