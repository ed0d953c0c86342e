"""What two people agreed on, version by version."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from goals.models import Goal
from mentors.terms import Channel, Rhythm
from sharing.models import Mentorship

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

MAX_WORDS = 1000  # characters of one of its texts
MIN_MINUTES, MAX_MINUTES = 15, 240
MAX_ANSWER_DAYS = 30
MAX_STAMP_LENGTH = 30
# When to ask whether it is a good fit, where there is no end of which half could be taken.
REVIEW_AFTER = timedelta(days=91)
# How long before its end both are asked whether it goes on.
END_ASKED_BEFORE = timedelta(days=14)


def half_way(first: date, last: date | None) -> date:
    """Return the day on which to ask whether it is a good fit: half of the term, else three months after `first`."""
    return first + ((last - first) / 2 if last else REVIEW_AFTER)


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """The mentee's for good, the mentor's as long as the relation is active."""
        if user.pk is None:
            return self.none()
        reads = Q(mentorship__mentor_id=user.pk, mentorship__status="active")
        return self.filter(Q(mentorship__mentee_id=user.pk) | reads, mentorship__kind="mentor")

    def of_relation(self, mentorship: Mentorship) -> Self:
        return self.filter(mentorship=mentorship)

    def standing(self, mentorship: Mentorship) -> Self:
        """The newest version of a relation and the one that holds, the newest first: two, one that is both, or none."""
        newest = Agreement.objects.of_relation(mentorship).newest_first().values("pk")[:1]
        return self.of_relation(mentorship).filter(Q(pk__in=newest) | Q(state="agreed")).newest_first()

    def kept_by(self, user: User) -> Self:
        """What belongs to a person for good: everything agreed as a mentee, and what they wrote as a mentor."""
        return self.filter(Q(mentorship__mentee=user) | Q(author=user))

    def proposed(self) -> Self:
        """Versions that wait for the other's yes."""
        return self.filter(state="proposed")

    def in_force(self) -> Self:
        """Versions that hold now."""
        return self.filter(state="agreed", mentorship__status="active")

    def owned_by_any(self, users: Iterable[User]) -> Self:
        """Versions of any of these people's relations, from either side."""
        people = list(users)
        return self.filter(Q(mentorship__mentee__in=people) | Q(mentorship__mentor__in=people))

    def to_look_at(self, first: date, last: date) -> Self:
        """Versions with a day to look at them, or two weeks before their end, between these days."""
        ends = Q(ends_on__range=(first + END_ASKED_BEFORE, last + END_ASKED_BEFORE))
        return self.filter(Q(review_on__range=(first, last)) | ends)

    def with_a_day_between(self, first: date, last: date) -> Self:
        """Versions with a day to look at them, or their end, between these days."""
        return self.filter(Q(review_on__range=(first, last)) | Q(ends_on__range=(first, last)))

    def newest_first(self) -> Self:
        return self.order_by("-number", "-pk")

    def with_people(self) -> Self:
        return self.select_related("author", "base", "mentorship__mentee", "mentorship__mentor")


class Agreement(models.Model):
    """One version of what a mentor and a mentee agreed on, or of what one of them proposes.

    Rows are numbered from 1 within their relation, and their words never change: another wording is another version,
    which waits for the other's yes while the one before holds.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        AGREED = "agreed", "Holds"
        REPLACED = "replaced", "Replaced"
        WITHDRAWN = "withdrawn", "Taken back"
        DECLINED = "declined", "Not taken up"

    # What can happen to a version: state, verb, next state. Everything else is refused.
    MOVES = {
        State.PROPOSED: {"accept": State.AGREED, "decline": State.DECLINED, "withdraw": State.WITHDRAWN},
        State.AGREED: {"replace": State.REPLACED},
        State.REPLACED: {},
        State.WITHDRAWN: {},
        State.DECLINED: {},
    }

    mentorship = models.ForeignKey(Mentorship, models.CASCADE, related_name="agreements")
    number = models.PositiveSmallIntegerField()
    author_id: int | None
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="agreements")
    state = models.CharField(max_length=9, choices=State, default=State.PROPOSED)
    # The version that held when this one was proposed: what its differences are told against.
    base = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    purpose = models.TextField(max_length=MAX_WORDS)
    # Goals that the relation showed when this was written; each side sees the titles it may see at the moment.
    goals = models.ManyToManyField(Goal, related_name="agreements", blank=True)
    rhythm = models.PositiveSmallIntegerField(choices=Rhythm, default=Rhythm.FORTNIGHTLY)
    channel = models.CharField(max_length=7, choices=Channel, default=Channel.VIDEO)
    minutes = models.PositiveSmallIntegerField(default=45)  # length of a talk
    answers_within = models.PositiveSmallIntegerField(default=3)  # days
    confidentiality = models.TextField(max_length=MAX_WORDS)
    mentor_gets = models.TextField(max_length=MAX_WORDS, blank=True)
    stopping = models.TextField(max_length=MAX_WORDS)
    review_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    reason = models.TextField(max_length=MAX_WORDS, blank=True)  # why the author would change it
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    decline_note = models.TextField(max_length=MAX_WORDS, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_number",
                fields=["mentorship", "number"],
                violation_error_message="There is a version with this number already.",
            ),
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_one_proposed",
                fields=["mentorship"],
                condition=Q(state="proposed"),
                violation_error_message="One version waits for an answer already.",
            ),
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_one_agreed",
                fields=["mentorship"],
                condition=Q(state="agreed"),
                violation_error_message="One version holds already.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_state_known",
                condition=Q(state__in=["proposed", "agreed", "replaced", "withdrawn", "declined"]),
                violation_error_message="A version cannot be in this state.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_answer_has_a_time",
                condition=Q(state="proposed", answered_at=None) | (~Q(state="proposed") & Q(answered_at__isnull=False)),
                violation_error_message="An answered version needs the time of its answer.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_note_was_declined",
                condition=Q(decline_note="") | Q(state="declined"),
                violation_error_message="Only a version that was not taken up has a note.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_has_words",
                condition=~Q(purpose="") & ~Q(confidentiality="") & ~Q(stopping=""),
                violation_error_message="Say what it is for, what stays between you, and how to stop.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_review_before_end",
                condition=Q(ends_on=None) | Q(review_on__lte=F("ends_on")),
                violation_error_message="Look at it together before it ends.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_sizes",
                condition=Q(minutes__range=(MIN_MINUTES, MAX_MINUTES)) & Q(answers_within__range=(1, MAX_ANSWER_DAYS)),
                violation_error_message="A talk lasts 15 minutes to 4 hours, an answer comes within 1 to 30 days.",
            ),
        ]
        indexes = [
            models.Index(fields=["review_on"], condition=Q(state="agreed"), name="mentors_agr_review"),
            models.Index(fields=["ends_on"], condition=Q(state="agreed"), name="mentors_agr_end"),
        ]
        ordering = ["-number", "-pk"]

    def __str__(self) -> str:
        return f"version {self.number} of {self.mentorship_id}"

    def get_absolute_url(self) -> str:
        return f"/mentorships/{self.mentorship_id}/agreement/"

    @property
    def author_name(self) -> str:
        return str(self.author) if self.author else "former member"

    @property
    def author_given(self) -> str:
        return self.author.given_name if self.author else "A former member"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.PROPOSED

    @property
    def stamp(self) -> str:
        """What a form says it was written against: this version, as it stands."""
        return f"{self.number}-{self.state}"

    @property
    def end_asked_on(self) -> date | None:
        """The day on which both are asked whether it goes on; None without an end."""
        return self.ends_on - END_ASKED_BEFORE if self.ends_on else None

    @property
    def review_asked_on(self) -> date | None:
        """The day on which both are asked whether it is a good fit; None where they are asked about its end by then."""
        end_asked_on = self.end_asked_on
        return None if end_asked_on and end_asked_on <= self.review_on else self.review_on

    def can(self, verb: str) -> bool:
        """Tell whether a verb is possible now."""
        return verb in self.MOVES[self.State(self.state)]

    def move(self, verb: str, *, at: datetime, note: str = "") -> None:
        """Take one step of MOVES; raises ValueError for one that is not there. `note` goes with a decline."""
        if not self.can(verb):
            raise ValueError(f"a version that is {self.state} does not {verb}")
        self.state, self.decline_note = self.MOVES[self.State(self.state)][verb], note
        if self.answered_at is None:
            self.answered_at = at
        self.save(update_fields=["state", "answered_at", "decline_note"])


class AgreementDraftQuerySet(models.QuerySet["AgreementDraft"]):
    def of_form(self, user: User, mentorship: Mentorship) -> Self:
        """What this person typed about the agreement of a relation."""
        return self.filter(author=user, mentorship=mentorship)

    def owned_by(self, user: User) -> Self:
        return self.filter(author=user)

    def kept_before(self, moment: datetime) -> Self:
        return self.filter(kept_at__lt=moment)


class AgreementDraft(models.Model):
    """What one of the two typed into the form of their agreement and has not sent: as posted, valid or not.

    One row per person and relation; nobody but its author reads it. `seen` is the stamp of the version they typed upon.
    """

    mentorship = models.ForeignKey(Mentorship, models.CASCADE, related_name="agreement_drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="agreement_drafts")
    seen = models.CharField(max_length=MAX_STAMP_LENGTH, blank=True)
    fields: Any = models.JSONField(default=dict)
    kept_at = models.DateTimeField()

    objects = AgreementDraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once_per_form",
                fields=["mentorship", "author"],
                violation_error_message="This form is kept already.",
            ),
        ]
        indexes = [models.Index(fields=["kept_at"], name="mentors_agreementdraft_kept")]

    def __str__(self) -> str:
        return f"agreement draft {self.pk}"


class ReviewQuerySet(models.QuerySet["Review"]):
    def said_by(self, user: User) -> Self:
        return self.filter(author=user)


class Review(models.Model):
    """One of the two said, when it was time to look, what they make of an agreement: one row each and version.

    Only that it goes well is shown to the other; a change or an end speaks for itself.
    """

    class Answer(models.TextChoices):
        KEEP = "keep", "It is a good fit"
        CHANGE = "change", "Proposed a change"

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="reviews")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="agreement_reviews")
    answer = models.CharField(max_length=6, choices=Answer, default=Answer.KEEP)
    said_at = models.DateTimeField()

    objects = ReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once",
                fields=["agreement", "author"],
                violation_error_message="You have said so already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.author} on {self.agreement}"
