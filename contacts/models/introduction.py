"""Two people one knows who should know each other; both are asked before either is named to the other."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from contacts.models.contact import WORDS_LENGTH, Contact
from contacts.models.interaction import Interaction
from contacts.models.owned import Owned, OwnedQuerySet
from contacts.models.steps import StepRefused
from core.versioned import Versioned

# What may be done with an introduction: state -> verb -> the state it is in then.
INTRODUCTION_STEPS: dict[str, dict[str, str]] = {
    "wanted": {"ask": "asked_first", "drop": "declined"},
    "asked_first": {"agree": "first_agreed", "drop": "declined"},
    "first_agreed": {"ask": "asked_second", "drop": "declined"},
    "asked_second": {"agree": "both_agreed", "drop": "declined"},
    "both_agreed": {"make": "made", "drop": "declined"},
    "made": {},
    "declined": {},
}
_REFUSALS = {
    "wanted": "Ask the first of them before anything else.",
    "asked_first": "The first of them has not answered yet.",
    "first_agreed": "Ask the second of them first.",
    "asked_second": "The second of them has not answered yet.",
    "both_agreed": "Both said yes. Introduce them, or let it go.",
    "made": "They know each other now.",
    "declined": "This one was let go. You can begin another.",
}


class IntroductionQuerySet(OwnedQuerySet["Introduction"]):
    def alive(self) -> Self:
        """Not in the bin, between people who are not."""
        return super().alive().filter(first__deleted_at=None, second__deleted_at=None)

    def open(self) -> Self:
        return self.exclude(state__in=["made", "declined"])

    def between(self, one: Contact, other: Contact) -> Self:
        """Those of these two, whoever was asked first."""
        return self.filter(first__in=[one.pk, other.pk], second__in=[one.pk, other.pk])


class Introduction(Owned, Versioned):
    """An introduction one wants to make. Nothing is sent from here: one asks both, and writes to both.

    `version` guards who the two are, and why.
    """

    class State(models.TextChoices):
        WANTED = "wanted", "Nobody asked yet"
        ASKED_FIRST = "asked_first", "The first was asked"
        FIRST_AGREED = "first_agreed", "The first said yes"
        ASKED_SECOND = "asked_second", "The second was asked"
        BOTH_AGREED = "both_agreed", "Both said yes"
        MADE = "made", "Made"
        DECLINED = "declined", "Let go"

    first = models.ForeignKey(Contact, models.CASCADE, related_name="introductions_as_first")
    second = models.ForeignKey(Contact, models.CASCADE, related_name="introductions_as_second")
    why = models.TextField("why the two should meet", max_length=WORDS_LENGTH, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.WANTED)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The conversation that was noted when it was made.
    talk = models.ForeignKey(Interaction, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = IntroductionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_of_two_people",
                condition=~Q(first=F("second")),
                violation_error_message="Choose two different people.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_state_known",
                condition=Q(
                    state__in=[
                        "wanted", "asked_first", "first_agreed", "asked_second", "both_agreed", "made", "declined",
                    ]
                ),
                violation_error_message="This is no state of an introduction.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_closed_has_a_time",
                condition=Q(closed_at__isnull=False, state__in=["made", "declined"])
                | (Q(closed_at=None) & ~Q(state__in=["made", "declined"])),
                violation_error_message="What is over has the time of its end.",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["owner", "-created_at", "-id"], name="contacts_introductions", condition=Q(deleted_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"introduction {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state not in {self.State.MADE, self.State.DECLINED}

    def get_absolute_url(self) -> str:
        return f"/contacts/introductions/{self.pk}/edit/"

    @property
    def said(self) -> str:
        """Where it stands, by name: "Hannah said yes"."""
        asked = self.first if self.state in {"asked_first", "first_agreed"} else self.second
        if self.state in {"asked_first", "asked_second"}:
            return f"{asked.given_name} was asked"
        return f"{asked.given_name} said yes" if self.state == "first_agreed" else self.get_state_display()

    @property
    def may_change_first(self) -> bool:
        """Whether the first may become somebody else: not once the second was asked about them."""
        return self.state in {self.State.WANTED, self.State.ASKED_FIRST, self.State.FIRST_AGREED}

    def change(self, *, first: Contact, second: Contact, why: str) -> None:
        """Let it be about other people, or for another reason. Whoever comes in has not been asked. Not saved."""
        if not self.is_open:
            raise StepRefused(_REFUSALS[self.state])
        if second != self.second and not self.may_change_first:
            self.state = self.State.FIRST_AGREED
        if first != self.first:
            self.state = self.State.WANTED
        self.first, self.second, self.why = first, second, why

    def step_back(self, *, to: str) -> None:
        """Take back the step that led here from the state `to`, or raise StepRefused. Not saved."""
        if self.state not in INTRODUCTION_STEPS.get(to, {}).values():
            raise StepRefused("This has gone on meanwhile. Here is how it stands now.")
        self.state, self.closed_at = to, None

    def step(self, verb: str, *, at: datetime) -> None:
        """Take a step of INTRODUCTION_STEPS, or raise StepRefused with a sentence. Not saved."""
        if verb not in INTRODUCTION_STEPS[self.state]:
            raise StepRefused(_REFUSALS[self.state])
        self.state = INTRODUCTION_STEPS[self.state][verb]
        self.closed_at = None if self.is_open else at
