"""What was promised between two people, by a day, in one direction."""

from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import Q

from contacts.models.contact import Contact
from contacts.models.interaction import Interaction
from contacts.models.owned import Owned, OwnedQuerySet
from core.forms import FIRST_DAY, LAST_DAY
from core.versioned import Versioned


class FollowUpQuerySet(OwnedQuerySet["FollowUp"]):
    def still_open(self) -> Self:
        """Open, of somebody who is still there and not archived."""
        return self.filter(state="open", contact__deleted_at=None, contact__archived_at=None)

    def due_by(self, day: date) -> Self:
        return self.still_open().filter(due_on__lte=day)

    def moved_between(self, first: datetime, last: datetime) -> Self:
        """What was closed as done between two moments, the second excluded."""
        return self.filter(state="done", closed_at__gte=first, closed_at__lt=last)


class FollowUp(Owned, Versioned):
    """A dated promise: something I owe to a contact, or they owe to me; closed with what came of it."""

    class Direction(models.TextChoices):
        I_OWE = "i_owe", "I will do this"
        THEY_OWE = "they_owe", "They will do this"

    class State(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Done"
        DROPPED = "dropped", "Let go"

    contact_id: int
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="follow_ups")
    # Where it was promised, if it was in a conversation that is noted here.
    interaction = models.ForeignKey(Interaction, models.SET_NULL, null=True, blank=True, related_name="follow_ups")
    text = models.CharField("what", max_length=300)
    due_on = models.DateField("by")
    direction = models.CharField(max_length=8, choices=Direction, default=Direction.I_OWE)
    state = models.CharField(max_length=7, choices=State, default=State.OPEN)
    outcome = models.TextField("what came of it", max_length=2000, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_has_words",
                condition=~Q(text=""),
                violation_error_message="Say in a few words what is to be done.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_day_in_reach",
                condition=Q(due_on__range=(FIRST_DAY, LAST_DAY)),
                violation_error_message="Use a date between 1900 and 2200.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_closed_has_a_time",
                condition=Q(state="open", closed_at=None) | (~Q(state="open") & Q(closed_at__isnull=False)),
                violation_error_message="A closed follow-up needs the time of its end.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["owner", "due_on", "id"],
                name="contacts_follow_ups_open",
                condition=Q(deleted_at=None, state="open"),
            ),
            models.Index(fields=["owner", "-closed_at"], name="contacts_follow_ups_done", condition=Q(state="done")),
        ]

    def __str__(self) -> str:
        return f"follow-up {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    def close(self, *, state: str, at: datetime, outcome: str = "") -> None:
        """Close as done or let go, once; what came of it may be added."""
        if self.is_open:
            self.state, self.closed_at, self.outcome = state, at, outcome
            self.save(update_fields=["state", "closed_at", "outcome"])

    def reopen(self) -> None:
        self.state, self.closed_at = self.State.OPEN, None
        self.save(update_fields=["state", "closed_at"])

    def move(self, *, to: date) -> None:
        """Promise it for another day."""
        self.due_on = to
        self.save(update_fields=["due_on"])

    def tell(self, *, outcome: str) -> None:
        """Say what came of it."""
        self.outcome = outcome
        self.save(update_fields=["outcome"])
