"""Where people of one's field meet: associations, and their evenings."""

from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import Q

from contacts.models.contact import LINE_LENGTH, NAME_LENGTH, WORDS_LENGTH
from contacts.models.interaction import Interaction
from contacts.models.owned import Owned, OwnedQuerySet
from contacts.models.steps import StepRefused
from core.forms import FIRST_DAY, LAST_DAY
from core.timekeeping import at_local
from core.versioned import Versioned

LINK_LENGTH, FEE_LENGTH = 500, 100
# How long an event takes in a calendar; nobody asks for its end.
USUAL_MINUTES = 120

# What may be done with an event: state -> verb -> the state it is in then. A wrong press can be mended.
EVENT_STEPS: dict[str, dict[str, str]] = {
    "planned": {"attend": "attended", "miss": "missed"},
    "attended": {"miss": "missed"},
    "missed": {"attend": "attended"},
}
_REFUSALS = {
    "attended": "You have noted already that you were there.",
    "missed": "You have noted already that you were not there.",
}


class AssociationQuerySet(OwnedQuerySet["Association"]):
    def due_by(self, day: date) -> Self:
        """Whose fee or renewal falls on this day or was before it."""
        return self.filter(renews_on__lte=day)


class Association(Owned, Versioned):
    """A professional body, a meet-up, a mailing list that meets: why one belongs to it, and when that is renewed."""

    name = models.CharField("name", max_length=NAME_LENGTH)
    link = models.CharField("link", max_length=LINK_LENGTH, blank=True)
    why = models.TextField("why you belong to it", max_length=WORDS_LENGTH, blank=True)
    fee = models.CharField("fee", max_length=FEE_LENGTH, blank=True)
    renews_on = models.DateField("renews on", null=True, blank=True)

    objects = AssociationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_has_a_name",
                condition=~Q(name=""),
                violation_error_message="Give the association its name.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_day_in_reach",
                condition=Q(renews_on=None) | Q(renews_on__range=(FIRST_DAY, LAST_DAY)),
                violation_error_message="Use a date between 1900 and 2200.",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "name", "id"], name="contacts_associations", condition=Q(deleted_at=None))
        ]

    def __str__(self) -> str:
        return f"association {self.pk}"

    def get_absolute_url(self) -> str:
        return f"/contacts/associations/{self.pk}/"


class EventQuerySet(OwnedQuerySet["Event"]):
    def planned(self) -> Self:
        return self.filter(state="planned")

    def over(self) -> Self:
        """Those of which it is noted whether one was there."""
        return self.exclude(state="planned")

    def due_by(self, day: date) -> Self:
        """Planned for a day until then, the past ones too: was one there?"""
        return self.planned().filter(happens_on__lte=day)

    def moved_between(self, first: date, last: date) -> Self:
        """Those one went to on these local days, both included."""
        return self.filter(state="attended", happens_on__range=(first, last))


class Event(Owned, Versioned):
    """One evening, lunch or conference: when and where, what one wants from it, and whom one met there.

    Day and hour are those of the owner's clock, whatever zone they move to: an evening is at seven where it is.
    """

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        ATTENDED = "attended", "You were there"
        MISSED = "missed", "You were not there"

    association_id: int | None
    association = models.ForeignKey(
        Association, models.SET_NULL, null=True, blank=True, related_name="events", verbose_name="association"
    )
    name = models.CharField("name", max_length=NAME_LENGTH)
    happens_on = models.DateField("day")
    hour = models.TimeField("time", null=True, blank=True)
    place = models.CharField("where", max_length=LINE_LENGTH, blank=True)
    aim = models.TextField("what you want from it", max_length=WORDS_LENGTH, blank=True)
    # One person in a line, as in an invitation: those one knows are told apart when it is shown.
    who = models.TextField("who will be there", max_length=WORDS_LENGTH, blank=True)
    notes = models.TextField("notes", max_length=20_000, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)
    # What one talked about there, with whom: their conversations, which can be deleted without the event.
    talks = models.ManyToManyField(Interaction, related_name="events", blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-happens_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_has_a_name",
                condition=~Q(name=""),
                violation_error_message="Give the event a name.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_day_in_reach",
                condition=Q(happens_on__range=(FIRST_DAY, LAST_DAY)),
                violation_error_message="Use a date between 1900 and 2200.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_state_known",
                condition=Q(state__in=["planned", "attended", "missed"]),
                violation_error_message="An event is planned, or you were there, or you were not.",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-happens_on", "-id"], name="contacts_events", condition=Q(deleted_at=None)),
            models.Index(
                fields=["owner", "happens_on", "id"],
                name="contacts_events_planned",
                condition=Q(deleted_at=None, state="planned"),
            ),
            models.Index(
                fields=["owner", "-deleted_at"], name="contacts_events_bin", condition=Q(deleted_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"event {self.pk}"

    def get_absolute_url(self) -> str:
        return f"/contacts/events/{self.pk}/"

    @property
    def is_planned(self) -> bool:
        return self.state == self.State.PLANNED

    @property
    def was_attended(self) -> bool:
        return self.state == self.State.ATTENDED

    @property
    def names(self) -> list[str]:
        """Who will be there, one name for each line."""
        return [line.strip() for line in self.who.splitlines() if line.strip()]

    def starts_at(self) -> datetime | None:
        """Return the moment it begins; the owner must have been asked for with it."""
        return at_local(self.owner.time_zone, self.happens_on, self.hour) if self.hour else None

    def step(self, verb: str, *, today: date) -> None:
        """Take a step of EVENT_STEPS and save it; raise StepRefused with a sentence where it does not go."""
        if verb not in EVENT_STEPS[self.state]:
            raise StepRefused(_REFUSALS[self.state])
        if verb == "attend" and self.happens_on > today:
            raise StepRefused("This day has not come yet. Note it afterwards, or change the day.")
        if verb == "miss" and self.talks.alive().exists():
            raise StepRefused("You have noted people you met there. Delete those conversations first.")
        self.state = EVENT_STEPS[self.state][verb]
        self.save(update_fields=["state"])
