"""An informational interview: asking somebody about their work, and saying thanks."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func, Q, Value
from django.db.models.functions import Greatest

from accounts.models import MAX_EMAIL_LENGTH
from contacts.models.contact import LINE_LENGTH, WORDS_LENGTH, Contact
from contacts.models.follow_up import FollowUp
from contacts.models.interaction import Interaction
from contacts.models.owned import Owned, OwnedQuerySet
from contacts.models.steps import StepRefused
from core.forms import FIRST_DAY, LAST_DAY
from core.versioned import Versioned

QUESTION_LENGTH, QUESTIONS_AT_MOST = 300, 40
SHORTEST, LONGEST, USUAL_MINUTES = 10, 480, 30
# After so long without a word one asks once more; after as long again one lets it rest.
ASK_AGAIN_AFTER = timedelta(days=10)
# What came of it is told to whoever gave their time, when something can have come of it.
NEWS_AFTER = timedelta(days=90)

# What may be done with an interview: state -> verb -> the state it is in then. Nothing else changes `Interview.state`.
INTERVIEW_STEPS: dict[str, dict[str, str]] = {
    "wanted": {"ask": "asked", "agree": "agreed", "close": "closed"},
    "asked": {"ask_again": "asked", "agree": "agreed", "decline": "declined", "give_up": "no_answer"},
    "agreed": {"agree": "agreed", "cancel": "asked", "hold": "held"},
    "held": {"thank": "thanked", "close": "closed"},
    "thanked": {"tell": "closed", "close": "closed"},
    "closed": {},
    "no_answer": {"reopen": "asked", "agree": "agreed"},
    "declined": {"reopen": "asked", "agree": "agreed"},
}
# What to say to whoever wants something that the table does not have.
_REFUSALS = {
    "wanted": "You have not asked yet, so this has to wait.",
    "asked": "They have not agreed yet, so this has to wait.",
    "agreed": "A time is agreed. Say first how it went, or that it was called off.",
    "held": "You two have talked already.",
    "thanked": "You two have talked, and you said thanks.",
    "closed": "This one is closed. You can begin another with the same person.",
    "no_answer": "You let this one rest. If they answered after all, take it up again.",
    "declined": "They said no. If they changed their mind, take it up again.",
}
OPEN_STATES = ("wanted", "asked", "agreed", "held", "thanked")


class InterviewQuerySet(OwnedQuerySet["Interview"]):
    def alive(self) -> Self:
        """Not in the bin, with somebody who is not."""
        return super().alive().filter(contact__deleted_at=None)

    def open(self) -> Self:
        """Those that something is still to be done about."""
        return self.filter(state__in=OPEN_STATES)

    def over(self) -> Self:
        return self.exclude(state__in=OPEN_STATES)


class Interview(Owned, Versioned):
    """One conversation in which somebody tells about their work, from the wish to the word of thanks.

    `version` guards its words. `uid` and `sequence` are what calendars know it by, once an invitation was sent.
    """

    class State(models.TextChoices):
        WANTED = "wanted", "Not asked yet"
        ASKED = "asked", "Asked"
        AGREED = "agreed", "Agreed"
        HELD = "held", "Held"
        THANKED = "thanked", "Thanked"
        CLOSED = "closed", "Closed"
        NO_ANSWER = "no_answer", "No answer"
        DECLINED = "declined", "They said no"

    contact_id: int
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="interviews")
    state = models.CharField(max_length=9, choices=State, default=State.WANTED)
    why = models.TextField("what you want to learn", max_length=WORDS_LENGTH, blank=True)
    asking = models.TextField("your words to ask", max_length=WORDS_LENGTH, blank=True)
    questions = ArrayField(models.CharField(max_length=QUESTION_LENGTH), default=list, blank=True)
    notes = models.TextField("notes", max_length=20_000, blank=True)
    outcome = models.TextField("what came of it", max_length=WORDS_LENGTH, blank=True)
    asked_on = models.DateField(null=True, blank=True)
    asked_again_on = models.DateField(null=True, blank=True)
    # Ten days after the later of the two: until then one waits in peace.
    answer_due_on = models.GeneratedField(
        expression=Func(
            Greatest("asked_on", "asked_again_on"),
            Value(ASK_AGAIN_AFTER.days),
            template="((%(expressions)s)::date)",
            arg_joiner=" + ",
            output_field=models.DateField(),
        ),
        output_field=models.DateField(null=True),
        db_persist=True,
    )
    starts_at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField("how long", default=USUAL_MINUTES)
    place = models.CharField("where", max_length=LINE_LENGTH, blank=True)  # a room, a number or a link
    held_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveSmallIntegerField(default=0, editable=False)
    # What was made when it was held: the conversation, the thanks that are due, the news that are due later.
    talk = models.ForeignKey(Interaction, models.SET_NULL, null=True, blank=True, related_name="interviews")
    thanks = models.ForeignKey(FollowUp, models.SET_NULL, null=True, blank=True, related_name="+")
    news = models.ForeignKey(FollowUp, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = InterviewQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_state_known",
                condition=Q(
                    state__in=["wanted", "asked", "agreed", "held", "thanked", "closed", "no_answer", "declined"]
                ),
                violation_error_message="This is no state of an interview.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_agreed_has_a_time",
                condition=~Q(state="agreed") | Q(starts_at__isnull=False),
                violation_error_message="An agreed interview has a day and an hour.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_held_has_a_day",
                condition=~Q(state__in=["held", "thanked"]) | Q(held_on__isnull=False),
                violation_error_message="Say on which day you two talked.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_asked_again_after_asking",
                condition=Q(asked_again_on=None) | Q(asked_on__isnull=False),
                violation_error_message="Ask once before you ask again.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_length_in_range",
                condition=Q(minutes__range=(SHORTEST, LONGEST)),
                violation_error_message=f"It lasts between {SHORTEST} minutes and {LONGEST // 60} hours.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_days_in_reach",
                condition=Q(held_on=None) | Q(held_on__range=(FIRST_DAY, LAST_DAY)),
                violation_error_message="Use a date between 1900 and 2200.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["owner", "-created_at", "-id"], name="contacts_interviews", condition=Q(deleted_at=None)
            ),
            models.Index(
                fields=["owner", "-deleted_at"], name="contacts_interviews_bin", condition=Q(deleted_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"interview {self.pk}"

    def get_absolute_url(self) -> str:
        return f"/contacts/interviews/{self.pk}/"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def ends_at(self) -> datetime | None:
        return self.starts_at + timedelta(minutes=self.minutes) if self.starts_at else None

    @property
    def link(self) -> str:
        """Where to, if the place is an address of the web."""
        is_link = self.place.lower().startswith(("https://", "http://")) and " " not in self.place
        return self.place if is_link else ""

    def allows(self, verb: str) -> bool:
        """Tell whether a step goes now; a second polite word goes once."""
        return verb in INTERVIEW_STEPS[self.state] and not (verb == "ask_again" and self.asked_again_on)

    @property
    def before(self) -> str:
        """The state it came from, for whoever pressed the wrong button; nothing where no step is taken back."""
        if self.state == self.State.ASKED:
            return self.State.ASKED if self.asked_again_on else self.State.WANTED
        if self.state != self.State.CLOSED:
            return {"held": "agreed", "thanked": "held", "no_answer": "asked", "declined": "asked"}.get(self.state, "")
        if self.held_on is None:
            return self.State.WANTED
        was_thanked = self.thanks is None or self.thanks.state == FollowUp.State.DONE
        return self.State.THANKED if was_thanked else self.State.HELD

    def go_on(self, *, at: datetime) -> None:
        """Take the steps that its promises say were taken: thanks said, the news told or let go. Not saved."""
        if self.state == self.State.HELD and self.thanks is not None and self.thanks.state == FollowUp.State.DONE:
            self.step("thank")
        if self.state == self.State.THANKED and self.news is not None and not self.news.is_open:
            self.step("tell")
            self.closed_at = at

    def go_back(self, *, to: FollowUp) -> None:
        """Wait again for a promise that is open again, whichever way it had gone past it. Not saved."""
        if self.state not in {self.State.THANKED, self.State.CLOSED} or self.held_on is None:
            return
        is_thanked = to == self.news and (self.thanks is None or self.thanks.state == FollowUp.State.DONE)
        self.state, self.closed_at = self.State.THANKED if is_thanked else self.State.HELD, None

    def step(self, verb: str) -> None:
        """Take a step of INTERVIEW_STEPS, or raise StepRefused with a sentence. Not saved."""
        if verb == "ask_again" and self.state == self.State.ASKED and self.asked_again_on:
            raise StepRefused("You have asked twice. Let it rest; somebody else may have time.")
        if verb not in INTERVIEW_STEPS[self.state]:
            raise StepRefused(_REFUSALS[self.state])
        self.state = INTERVIEW_STEPS[self.state][verb]


class InterviewMail(models.Model):
    """One invitation, or its withdrawal, that the owner sent to the other person's address."""

    class Method(models.TextChoices):
        REQUEST = "REQUEST", "Invitation"
        CANCEL = "CANCEL", "Cancellation"

    owner_id: int
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="interview_mails")
    interview = models.ForeignKey(Interview, models.CASCADE, related_name="mails")
    to = models.EmailField(max_length=MAX_EMAIL_LENGTH)
    method = models.CharField(max_length=7, choices=Method, default=Method.REQUEST)
    words = models.TextField(max_length=1000, blank=True)
    # Which time it names; None where that was not kept yet, and then it is the interview's.
    starts_at = models.DateTimeField(null=True)
    # Of the interview as it was when this was sent: a mail that was overtaken is not sent.
    sequence = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_method_known",
                condition=Q(method__in=["REQUEST", "CANCEL"]),
                violation_error_message="A mail invites or cancels.",
            )
        ]
        indexes = [
            models.Index(fields=["owner", "sent_at"], name="contacts_interview_mails"),
            models.Index(fields=["to", "sent_at"], name="contacts_interview_mails_to"),
        ]

    def __str__(self) -> str:
        return f"interview mail {self.pk}"
