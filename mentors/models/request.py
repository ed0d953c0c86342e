"""Asking a mentor of the directory: one request, its states, and what is said on the way to an answer."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from accounts.models import User
from goals.models import Goal
from mentors.models.invitation import MAX_MESSAGE_LENGTH, MAX_NOTE_LENGTH
from mentors.terms import Channel, Rhythm, Term
from sharing.models import Block, Mentorship

# How long a mentor has, counted only while the answer is theirs to give.
ANSWER_WITHIN = timedelta(days=14)
# After so much of that time the mentor is reminded.
REMIND_AFTER = (timedelta(days=4), timedelta(days=10))
# Whoever got an answer to a question has at least this long to read it.
LEAST_LEFT = timedelta(days=1)
# A no is a no for a season; invitations say the same.
AFTER_A_NO = timedelta(days=90)

# What can be done in each state, and the state it leads to. Nothing else changes `Request.state`.
STEPS: dict[str, dict[str, str]] = {
    "draft": {"send": "sent"},
    "sent": {
        "ask": "question",
        "accept": "accepted",
        "decline": "declined",
        "withdraw": "withdrawn",
        "expire": "expired",
    },
    "question": {
        "answer": "sent",
        "accept": "accepted",
        "decline": "declined",
        "withdraw": "withdrawn",
        "expire": "expired",
    },
    "accepted": {},
    "declined": {},
    "withdrawn": {},
    "expired": {},
}
_IS = {
    "draft": "has not been sent yet",
    "sent": "waits for the mentor",
    "question": "waits for an answer to the mentor’s question",
    "accepted": "was accepted",
    "declined": "was declined",
    "withdrawn": "was taken back",
    "expired": "has run out",
}
_DONE = {
    "send": "sent",
    "ask": "asked about",
    "answer": "answered",
    "accept": "accepted",
    "decline": "declined",
    "withdraw": "taken back",
    "expire": "closed",
}


class RequestRefused(Exception):
    """Something cannot be done with a request as it stands; the text says why, as a sentence for people."""

    @property
    def sentence(self) -> str:
        return str(self.args[0])


class RequestQuerySet(models.QuerySet["Request"]):
    def owned_by(self, user: User) -> Self:
        """Requests this person writes or wrote."""
        return self.filter(asker=user)

    def owned_by_any(self, users: Iterable[User]) -> Self:
        return self.filter(asker__in=list(users))

    def addressed_to(self, user: User) -> Self:
        """Requests that were sent to this person, unless one of the two blocks the other or the asker is leaving."""
        sent = self.filter(mentor=user, asker__is_active=True, asker__deletion_asked_at__isnull=True)
        return sent.exclude(state="draft").without_blocks()

    def visible_to(self, user: User) -> Self:
        """Mine; or sent to me, for as long as an accepted one has not ended."""
        theirs = Request.objects.addressed_to(user).exclude(state="accepted", mentorship=None)
        theirs = theirs.exclude(state="accepted", mentorship__status="ended")
        return self.filter(Q(asker=user) | Q(pk__in=theirs.values("pk")))

    def without_blocks(self) -> Self:
        """Leave out those between two people one of whom blocked the other."""
        theirs = Block.objects.filter(blocker=OuterRef("mentor_id"), blocked=OuterRef("asker_id"))
        own = Block.objects.filter(blocker=OuterRef("asker_id"), blocked=OuterRef("mentor_id"))
        return self.filter(~Exists(theirs), ~Exists(own))

    def open(self) -> Self:
        """Sent and not closed: it takes one of the asker's places and may still be answered."""
        return self.filter(state__in=["sent", "question"])

    def asking(self, user: User) -> Self:
        """Those that wait for this person's answer."""
        return self.filter(state="sent").addressed_to(user)

    def between(self, asker: User, mentor: User) -> Self:
        return self.filter(asker=asker, mentor=mentor)

    def weighing(self, mentor: User, since: datetime) -> Self:
        """Those that decide whether one more can go to this mentor: all that are open, and theirs if it is a draft or was
        declined after `since`; the newest no comes last."""
        theirs = Q(state="draft") | Q(state="declined", closed_at__gt=since)
        return self.filter(Q(state__in=["sent", "question"]) | Q(theirs, mentor=mentor)).order_by("closed_at", "pk")

    def due(self, now: datetime) -> Self:
        """Those of which a mail or the end is due."""
        return self.filter(acts_at__lte=now)

    def open_or_closed_since(self, moment: datetime) -> Self:
        """What the asker writes or waits for, and answers they may not have seen; not what they took back."""
        return self.exclude(state__in=["accepted", "withdrawn"]).filter(Q(closed_at=None) | Q(closed_at__gte=moment))

    def with_people(self) -> Self:
        return self.select_related("asker", "mentor__mentor_profile", "mentorship")

    def forgotten_drafts(self, before: datetime) -> Self:
        return self.filter(state="draft", changed_at__lt=before)


class Request(models.Model):
    """One person asks another of the directory to be their mentor. It opens nothing until that person accepts it.

    A draft holds what was typed as it was typed. While it waits for the mentor (`sent`) the clock runs to `runs_out_at`;
    while it waits for the asker (`question`) the clock stands and `left` is what remains of it.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SENT = "sent", "Waits for an answer"
        QUESTION = "question", "Needs information"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Taken back"
        EXPIRED = "expired", "Run out"

    asker = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mentor_requests")
    # SET_NULL: the asker keeps their own words when the other account is gone.
    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="mentor_requests_received"
    )
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    help_wanted = models.TextField("what would you like help with?", max_length=MAX_MESSAGE_LENGTH, blank=True)
    why_you = models.TextField("why this person?", max_length=MAX_MESSAGE_LENGTH, blank=True)
    about_me = models.TextField("who are you?", max_length=MAX_MESSAGE_LENGTH, blank=True)
    offer = models.TextField("what will you bring?", max_length=MAX_MESSAGE_LENGTH, blank=True)
    # Until it is accepted the mentor reads their titles, after that all of them.
    goals = models.ManyToManyField(Goal, related_name="mentor_requests", blank=True)
    rhythm = models.PositiveSmallIntegerField("how often", choices=Rhythm, default=Rhythm.FORTNIGHTLY)
    channel = models.CharField("how", max_length=7, choices=Channel, default=Channel.VIDEO)
    term = models.PositiveSmallIntegerField("for how long", choices=Term, default=Term.THREE_MONTHS)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()  # of a draft: when it was kept; else the last step
    sent_at = models.DateTimeField(null=True, blank=True)
    runs_out_at = models.DateTimeField(null=True, blank=True)
    left = models.DurationField(null=True, blank=True)
    # The next reminder, or the end; what the sweep asks by index.
    acts_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    decline_note = models.TextField(max_length=MAX_NOTE_LENGTH, blank=True)
    mentorship = models.OneToOneField(
        Mentorship, models.SET_NULL, null=True, blank=True, related_name="request", editable=False
    )

    objects = RequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_one_open_pair",
                fields=["asker", "mentor"],
                condition=Q(state__in=["draft", "sent", "question"]),
                violation_error_message="You have a request to this person open already.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_not_self",
                condition=Q(mentor=None) | ~Q(mentor=F("asker")),
                violation_error_message="You cannot ask yourself.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_clock_fits_state",
                condition=Q(state="sent", runs_out_at__isnull=False, acts_at__isnull=False, left=None)
                | Q(state="question", runs_out_at=None, acts_at=None, left__isnull=False)
                | (~Q(state__in=["sent", "question"]) & Q(runs_out_at=None, acts_at=None, left=None)),
                violation_error_message="The clock runs while the mentor is asked, and only then.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_closed_has_a_time",
                condition=Q(state__in=["draft", "sent", "question"], closed_at=None)
                | (~Q(state__in=["draft", "sent", "question"]) & Q(closed_at__isnull=False)),
                violation_error_message="A closed request needs the time it closed.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_sent_has_a_time",
                condition=Q(state="draft", sent_at=None) | (~Q(state="draft") & Q(sent_at__isnull=False)),
                violation_error_message="A request that was sent needs the time of that.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_sent_has_words",
                condition=Q(state="draft") | ~Q(help_wanted=""),
                violation_error_message="Say what you would like help with.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_relation_was_accepted",
                condition=Q(mentorship=None) | Q(state="accepted"),
                violation_error_message="Only an accepted request opens a relation.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_note_was_declined",
                condition=Q(decline_note="") | Q(state="declined"),
                violation_error_message="Only a declined request has a note.",
            ),
        ]
        indexes = [
            models.Index(fields=["asker", "-changed_at", "-id"], name="mentors_req_asker"),
            models.Index(fields=["mentor", "state"], name="mentors_req_mentor"),
            models.Index(fields=["acts_at"], condition=Q(acts_at__isnull=False), name="mentors_req_acts"),
        ]

    def __str__(self) -> str:
        return f"{self.asker} asks {self.mentor_name}"

    def get_absolute_url(self) -> str:
        return f"/mentors/requests/{self.pk}/"

    @property
    def mentor_name(self) -> str:
        return str(self.mentor) if self.mentor_id else "former member"

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_open(self) -> bool:
        """Sent and not closed."""
        return self.state in {self.State.SENT, self.State.QUESTION}

    def may(self, verb: str) -> bool:
        return verb in STEPS[self.state]

    def step(self, verb: str, *, at: datetime, **fields: Any) -> None:
        """Take one step of STEPS, move the clock with it, and save; raise RequestRefused for any other.

        `fields` are stored with it: the note of a decline, the relation of an accept.
        """
        if not self.may(verb):
            raise RequestRefused(f"This request {_IS[self.state]}, so it cannot be {_DONE[verb]}.")
        if self.runs_out_at is not None and self.runs_out_at <= at and verb != "expire":
            raise RequestRefused(f"This request {_IS['expired']}, so it cannot be {_DONE[verb]}.")
        if verb == "send":
            self.sent_at, self.runs_out_at = at, at + ANSWER_WITHIN
        elif verb == "ask" and self.runs_out_at is not None:
            self.left, self.runs_out_at = self.runs_out_at - at, None
        elif verb == "answer" and self.left is not None:
            self.runs_out_at, self.left = at + max(self.left, LEAST_LEFT), None
        else:
            self.left = self.runs_out_at = None
            self.closed_at = at
        self.state, self.changed_at, self.acts_at = STEPS[self.state][verb], at, self.next_act(at)
        for name, value in fields.items():
            setattr(self, name, value)
        clock = ["sent_at", "runs_out_at", "left", "acts_at", "closed_at", "changed_at"]
        self.save(update_fields=["state", *clock, *fields])

    def next_act(self, at: datetime) -> datetime | None:
        """Return when something is to happen by itself after `at`: a reminder, or the end. None while the clock stands."""
        if self.runs_out_at is None:
            return None
        started = self.runs_out_at - ANSWER_WITHIN
        moments = [*(started + after for after in REMIND_AFTER), self.runs_out_at]
        return next((moment for moment in moments if moment > at), self.runs_out_at)

    def reminders_due(self, at: datetime) -> int:
        """Return how many reminders the clock has passed: 0, 1 or 2."""
        if self.runs_out_at is None:
            return 0
        return sum(self.runs_out_at - ANSWER_WITHIN + after <= at for after in REMIND_AFTER)


class RequestMessage(models.Model):
    """A question of the mentor about a request, or the asker's answer to it."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="messages")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="mentor_request_messages"
    )
    text = models.TextField(max_length=MAX_MESSAGE_LENGTH)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_has_words",
                condition=~Q(text=""),
                violation_error_message="A message needs words.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.author_name}, {self.created_at:%Y-%m-%d}"

    @property
    def author_name(self) -> str:
        return str(self.author) if self.author_id else "former member"
