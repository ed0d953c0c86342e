"""A mentor introduces a mentee to somebody; both agree before either learns the other's address."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from allauth.account.models import EmailAddress
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower

from accounts.models import MAX_EMAIL_LENGTH, User
from core.encrypted import EncryptedTextField
from core.tokens import hash_token, new_token
from sharing.models import Block, Mentorship

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

# For each of the two answers.
INTRODUCTION_OPEN_FOR = timedelta(days=14)
MAX_WHO_LENGTH = 120
MAX_INTRODUCTION_LENGTH = 1000

# What can be done in each state, and the state it leads to. Nothing else changes `Introduction.state`.
INTRODUCTION_STEPS: dict[str, dict[str, str]] = {
    "offered": {"agree": "asked", "decline": "declined", "withdraw": "withdrawn", "expire": "expired"},
    "asked": {"accept": "made", "decline": "declined", "withdraw": "withdrawn", "expire": "expired"},
    "made": {},
    "declined": {},
    "withdrawn": {},
    "expired": {},
}


class IntroductionClosed(Exception):
    """What somebody wanted does not go any more; the text is a sentence for them."""


class IntroductionQuerySet(models.QuerySet["Introduction"]):
    def offered_by(self, user: User) -> Self:
        """Those a mentor made."""
        return self.filter(mentorship__mentor=user)

    def offered_to(self, user: User) -> Self:
        """Those a mentee was offered; one between two people one of whom blocks the other says nothing."""
        return self.filter(mentorship__mentee=user)

    def owned_by_any(self, users: Iterable[User]) -> Self:
        """Those that any of these people was offered: for their weeks."""
        return self.filter(mentorship__mentee__in=list(users))

    def visible_to(self, user: User) -> Self:
        """From either side of the relation as long as it is active; the mentee keeps those that were made."""
        now_active = Q(mentorship__status="active") & (Q(mentorship__mentor=user) | Q(mentorship__mentee=user))
        return self.filter(now_active | Q(mentorship__mentee=user, state="made"))

    def with_token(self, token: str) -> Self:
        return self.filter(token_hash=hash_token(token))

    def open(self, now: datetime) -> Self:
        """Those that wait for an answer: in time, of a relation in force, between people who are here."""
        return self.filter(
            state__in=["offered", "asked"],
            expires_at__gt=now,
            mentorship__status="active",
            mentorship__mentor__is_active=True,
            mentorship__mentor__deletion_asked_at=None,
            mentorship__mentee__is_active=True,
            mentorship__mentee__deletion_asked_at=None,
        )

    def overdue(self, now: datetime) -> Self:
        return self.filter(state__in=["offered", "asked"], expires_at__lte=now)

    def closed_before(self, moment: datetime) -> Self:
        return self.filter(closed_at__lt=moment)

    def to_address(self, email: str) -> Self:
        return self.filter(email=email.lower())

    def addressed_to(self, user: "User | AnonymousUser") -> Self:
        """Those to an address that this person has proved to be theirs."""
        own = EmailAddress.objects.filter(user_id=user.pk, verified=True)
        return self.filter(email__in=own.values(address=Lower("email")))

    def without_blocks(self) -> Self:
        """Leave out those in which the other person blocks the mentor or the mentee, or is blocked by one of them."""
        found = self
        for side in ("mentorship__mentor_id", "mentorship__mentee_id"):
            theirs = Block.objects.filter(
                blocked_id=OuterRef(side),
                blocker__emailaddress__email__iexact=OuterRef("email"),
                blocker__emailaddress__verified=True,
            )
            own = Block.objects.filter(
                blocker_id=OuterRef(side),
                blocked__emailaddress__email__iexact=OuterRef("email"),
                blocked__emailaddress__verified=True,
            )
            found = found.filter(~Exists(theirs), ~Exists(own))
        return found

    def asking(self, user: User, now: datetime) -> Self:
        """Those that wait for this person's yes or no, as the mentee or as the one to whom they are introduced."""
        mine = Q(state="offered", mentorship__mentee=user)
        theirs = Q(state="asked", pk__in=Introduction.objects.addressed_to(user).values("pk"))
        return self.open(now).without_blocks().filter(mine | theirs)

    def with_people(self) -> Self:
        return self.select_related("mentorship__mentor", "mentorship__mentee")


class Introduction(models.Model):
    """One introduction: who introduces whom to whom, and who has agreed. It shares nothing and opens no relation.

    The mentee answers first, so that nobody outside hears of a mentee who would rather not. Only then the other person
    is mailed, at an address neither page shows. Closed rows are forgotten with it after a while.
    """

    class State(models.TextChoices):
        OFFERED = "offered", "Waits for the mentee"
        ASKED = "asked", "Waits for the other person"
        MADE = "made", "Made"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Taken back"
        EXPIRED = "expired", "Run out"

    mentorship = models.ForeignKey(Mentorship, models.CASCADE, related_name="introductions")
    email = models.EmailField("their e-mail address", max_length=MAX_EMAIL_LENGTH)  # lower case
    who = models.CharField("who they are", max_length=MAX_WHO_LENGTH)  # "Hannah Weiss, runs a research team"
    words = models.TextField("why you two", max_length=MAX_INTRODUCTION_LENGTH)  # both read it
    state = models.CharField(max_length=9, choices=State, default=State.OFFERED)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    token = EncryptedTextField(blank=True, editable=False)
    # When the other person was mailed: what the limits against bombing count.
    mailed_at = ArrayField(models.DateTimeField(), default=list, editable=False)

    objects = IntroductionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_one_open",
                fields=["mentorship", "email"],
                condition=Q(state__in=["offered", "asked"]),
                violation_error_message="This introduction is under way already.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_state_known",
                condition=Q(state__in=["offered", "asked", "made", "declined", "withdrawn", "expired"]),
                violation_error_message="An introduction cannot be in this state.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_closed_has_a_time",
                condition=Q(state__in=["offered", "asked"], closed_at=None)
                | (~Q(state__in=["offered", "asked"]) & Q(closed_at__isnull=False)),
                violation_error_message="A closed introduction needs the time it closed.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_expires_later",
                condition=Q(expires_at__gt=F("created_at")),
                violation_error_message="An introduction expires after it was offered.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_email_lower_case",
                condition=Q(email=Lower("email")),
                violation_error_message="Addresses are stored in lower case.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_has_words",
                condition=~Q(words="") & ~Q(who=""),
                violation_error_message="Say who they are and why the two should meet.",
            ),
        ]
        indexes = [
            models.Index(fields=["email", "-created_at"], name="mentors_intro_email"),
            models.Index(fields=["mentorship", "-created_at", "-id"], name="mentors_intro_list"),
        ]
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"introduction {self.pk}"

    def get_absolute_url(self) -> str:
        return f"/mentors/introductions/{self.pk}/"

    @property
    def answer_path(self) -> str:
        """The other person's page, while it is open."""
        return f"/mentors/introductions/answer/{self.token}/"

    @property
    def is_waiting(self) -> bool:
        return bool(INTRODUCTION_STEPS[self.state])

    @property
    def came_to_nothing(self) -> bool:
        """Declined and run out look the same to both sides: nobody is told who said no, nor that somebody did."""
        return self.state in {self.State.DECLINED, self.State.EXPIRED}

    def new_token(self) -> None:
        """Give the link 128 random bits. Not saved."""
        self.token = new_token()
        self.token_hash = hash_token(self.token)

    def step(self, verb: str, *, at: datetime) -> None:
        """Take one step of INTRODUCTION_STEPS, or raise IntroductionClosed with a sentence."""
        if verb not in INTRODUCTION_STEPS[self.state]:
            raise IntroductionClosed("This introduction is not waiting for that any more.")
        self.state = INTRODUCTION_STEPS[self.state][verb]
        if self.is_waiting:
            self.expires_at = at + INTRODUCTION_OPEN_FOR
        else:
            self.closed_at, self.token = at, ""
        self.save(update_fields=["state", "expires_at", "closed_at", "token"])
