"""When two people meet, and how they agree on it."""

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from core.encrypted import EncryptedTextField
from core.versioned import Versioned
from mentors.terms import Channel
from sharing.models import Mentorship

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

MAX_PLACE_LENGTH = 300
MAX_TAKEAWAYS_LENGTH = 5000
MAX_TIMES = 3
SHORTEST, LONGEST = 10, 480  # minutes
USUAL_MINUTES = 45

# What may be done with a check-in: state -> verb -> state it is in then. Times that are proposed for a planned one wait
# beside the time that stands; until the other side picks one, nothing moves.
STEPS: dict[str, dict[str, str]] = {
    "proposed": {"propose": "proposed", "pick": "planned", "cancel": "cancelled"},
    "planned": {
        "propose": "planned",
        "pick": "planned",
        "change": "planned",
        "cancel": "cancelled",
        "hold": "held",
        "miss": "missed",
        "settle": "unsaid",
    },
    "held": {"hold": "held"},  # what was said may be written down later
    "missed": {"hold": "held"},  # somebody pressed the wrong button
    "cancelled": {},
    "unsaid": {},  # the two parted before either said how it was
}
# What to say to whoever wants something that the table does not have.
REFUSALS: dict[str, str] = {
    "proposed": "No time is agreed yet, so this has to wait.",
    "planned": "A time is agreed already.",
    "held": "You two have met already. Plan another check-in instead.",
    "missed": "This one did not take place. Plan another check-in instead.",
    "cancelled": "This check-in was cancelled. Plan another one instead.",
    "unsaid": "You two have parted, so this stays as it is.",
}


class StepRefused(Exception):
    """What somebody wanted does not go any more, or not yet; the text says why, for them."""


class Repeat(models.IntegerChoices):
    """How many days lie between two check-ins of a row: whole weeks, so that the weekday stays."""

    WEEKLY = 7, "Every week"
    FORTNIGHTLY = 14, "Every 2 weeks"
    MONTHLY = 28, "Every 4 weeks"
    QUARTERLY = 91, "Every 3 months"


class CheckInQuerySet(models.QuerySet["CheckIn"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Meetings of relations a person may read about; for a mentor only as long as the relation lasts."""
        return self.filter(mentorship__in=Mentorship.objects.recorded_for(user).values("pk"))

    def editable_by(self, user: "User | AnonymousUser") -> Self:
        """Those either of the two may still change."""
        return self.visible_to(user).filter(mentorship__status="active")

    def owned_by_any(self, users: "list[User]") -> Self:
        """Meetings of any of these people, from either side, in relations in force: for weeks and calendars."""
        either = Q(mentee__in=list(users)) | Q(mentor__in=list(users))
        return self.filter(mentorship__in=Mentorship.objects.active().filter(either).values("pk"))

    def held(self) -> Self:
        return self.filter(state="held")

    def open(self) -> Self:
        """Proposed or planned: neither over nor off."""
        return self.filter(state__in=["proposed", "planned"])

    def planned_after(self, moment: datetime) -> Self:
        return self.filter(state="planned", starts_at__gte=moment)

    def with_offers(self, now: datetime) -> Self:
        """Those for which times are proposed that have not passed."""
        return self.open().with_offers_flag(now).filter(has_offers=True)

    def with_offers_flag(self, now: datetime) -> Self:
        """Bring along whether times are proposed that have not passed (`has_offers`)."""
        offers = ProposedTime.objects.filter(check_in=OuterRef("pk"), starts_at__gt=now)
        return self.annotate(has_offers=Exists(offers))

    def awaiting(self, user: User, now: datetime) -> Self:
        """Those for which somebody else proposed times that wait for this person's answer."""
        mine = self.editable_by(user).with_offers(now)
        return mine.exclude(proposer_id=user.pk)

    def with_number(self, now: datetime) -> Self:
        """Bring along how many were held before (`held_before`), and the last of them (`last_id`, `last_at`)."""
        now_or_then = Coalesce(OuterRef("starts_at"), Value(now, output_field=models.DateTimeField()))
        earlier = CheckIn.objects.filter(mentorship=OuterRef("mentorship"), state="held").filter(
            Q(starts_at__lt=now_or_then) | Q(starts_at=now_or_then, pk__lt=OuterRef("pk"))
        )
        newest = earlier.order_by("-starts_at", "-pk")
        counted = earlier.order_by().values("mentorship").annotate(met=models.Count("pk")).values("met")
        return self.annotate(
            held_before=Coalesce(Subquery(counted), 0),
            last_id=Subquery(newest.values("pk")[:1]),
            last_at=Subquery(newest.values("starts_at")[:1]),
        )

    def with_people(self) -> Self:
        return self.select_related("mentorship__mentor", "mentorship__mentee", "proposer")


class CheckIn(Versioned):
    """One conversation of a mentee and their mentor: proposed, planned, held, or not.

    `version` guards what both write down about it together (`takeaways`).
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        PLANNED = "planned", "Planned"
        HELD = "held", "Held"
        MISSED = "missed", "Did not take place"
        CANCELLED = "cancelled", "Cancelled"
        UNSAID = "unsaid", "Nobody said how it was"

    held_before: int
    last_id: int | None
    last_at: datetime | None

    mentorship = models.ForeignKey(Mentorship, models.CASCADE, related_name="check_ins")
    state = models.CharField(max_length=9, choices=State, default=State.PROPOSED)
    # Who made the proposal that waits or, once it is picked, stands. The next of a row keeps their local time.
    proposer = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    starts_at = models.DateTimeField(null=True, blank=True)  # empty until a time is agreed
    minutes = models.PositiveSmallIntegerField("how long", default=USUAL_MINUTES)
    channel = models.CharField(max_length=7, choices=Channel, default=Channel.VIDEO)
    place = models.CharField("where", max_length=MAX_PLACE_LENGTH, blank=True)  # a room, a number or a link
    repeats_every = models.PositiveSmallIntegerField(choices=Repeat, null=True, blank=True)  # days
    # The one of a row that was before this.
    follows = models.OneToOneField("self", models.SET_NULL, null=True, blank=True, related_name="next")
    # What calendar programs know it by (RFC 5545, 3.8.4.7 and 3.8.7.4).
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveSmallIntegerField(default=0, editable=False)
    takeaways = EncryptedTextField(max_length=MAX_TAKEAWAYS_LENGTH, blank=True)
    created_at = models.DateTimeField()

    objects = CheckInQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_state_known",
                condition=Q(state__in=["proposed", "planned", "held", "missed", "cancelled", "unsaid"]),
                violation_error_message="A check-in is proposed, planned, held, missed, cancelled or left unsaid.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_agreed_has_a_time",
                condition=Q(state="proposed", starts_at=None)
                | Q(state="cancelled")
                | Q(state__in=["planned", "held", "missed", "unsaid"], starts_at__isnull=False),
                violation_error_message="An agreed check-in has a time, a proposed one has none yet.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_length_in_range",
                condition=Q(minutes__range=(SHORTEST, LONGEST)),
                violation_error_message=f"A check-in lasts between {SHORTEST} minutes and {LONGEST // 60} hours.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_repeats_by_weeks",
                condition=Q(repeats_every=None) | Q(repeats_every__in=[7, 14, 28, 91]),
                violation_error_message="A check-in repeats after whole weeks.",
            ),
        ]
        indexes = [models.Index(fields=["mentorship", "-starts_at", "-id"], name="mentors_checkin_order")]

    def __str__(self) -> str:
        return f"check-in {self.pk}"

    def get_absolute_url(self) -> str:
        return f"/mentorships/{self.mentorship_id}/check-ins/{self.pk}/"

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.PROPOSED, self.State.PLANNED}

    @property
    def ends_at(self) -> datetime | None:
        return self.starts_at + timedelta(minutes=self.minutes) if self.starts_at else None

    @property
    def first_sequence(self) -> int:
        """The sequence of the first invitation: the next of a row is planned as it is made, others by a pick."""
        return 0 if self.follows_id else 1

    @property
    def number(self) -> int:
        """Which one of the held ones this is or would be; needs `with_number`."""
        return self.held_before + 1

    @property
    def link(self) -> str:
        """Where to, if the place is an address of the web."""
        is_link = self.place.lower().startswith(("https://", "http://")) and " " not in self.place
        return self.place if is_link else ""

    def name_for(self, user: User) -> str:
        """Return what it is called for one of the two: it names the other and nothing else."""
        other = self.mentorship.other(user)
        return f"Check-in with {other.given_name if other else 'a former member'}"

    def following(self) -> "CheckIn | None":
        """Return the one that was planned when this one was written down."""
        return CheckIn.objects.filter(follows=self).first()

    def allows(self, verb: str) -> bool:
        return verb in STEPS[self.state]

    def step(self, verb: str) -> None:
        """Take a step of STEPS, or raise StepRefused with a sentence. Not saved."""
        if not self.allows(verb):
            raise StepRefused(REFUSALS[self.state])
        self.state = STEPS[self.state][verb]


class ProposedTime(models.Model):
    """One time that a person proposes for a check-in; at most three at once, all by `CheckIn.proposer`."""

    check_in = models.ForeignKey(CheckIn, models.CASCADE, related_name="times")
    place = models.PositiveSmallIntegerField()  # 1 to 3, the one they like best first
    starts_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_three_at_most",
                condition=Q(place__range=(1, MAX_TIMES)),
                violation_error_message="Propose up to three times.",
            ),
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_place_once",
                fields=["check_in", "place"],
                violation_error_message="Propose up to three times.",
            ),
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_time_once",
                fields=["check_in", "starts_at"],
                violation_error_message="You propose this time already.",
            ),
        ]
        ordering = ["place"]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"
