"""What follows from an entry: lines that ask to become something, and what did."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import User
from core.encrypted import EncryptedTextField
from goals.models import Goal, Milestone
from journal.models.entry import Entry
from journal.models.intention import Intention
from wins.models import Win


class OfEntryQuerySet(models.QuerySet):
    """Rows that belong to an entry are its owner's alone, whoever reads the entry; none while it lies in the bin."""

    def owned_by(self, user: User) -> Self:
        return self.filter(entry__owner_id=user.pk, entry__deleted_at=None)


class ProposalQuerySet(OfEntryQuerySet):
    def open(self) -> Self:
        return self.filter(answered_at=None)


class Proposal(models.Model):
    """A line of an entry such as "win: spoke up", until its writer makes that of it or leaves it."""

    class Kind(models.TextChoices):
        WIN = "win", "Win"
        NEXT = "next", "Focus"
        TASK = "task", "Task"

    class Answer(models.TextChoices):
        TAKEN = "taken", "Taken up"
        LEFT = "left", "Left"

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="proposals")
    kind = models.CharField(max_length=4, choices=Kind)
    text = EncryptedTextField()
    created_at = models.DateTimeField()
    answer = models.CharField(max_length=5, choices=Answer, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_known_kind",
                condition=Q(kind__in=["win", "next", "task"]),
                violation_error_message="A line becomes a win, the focus of a week or a task.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_answer_has_a_time",
                condition=Q(answer="", answered_at=None) | Q(answer__in=["taken", "left"], answered_at__isnull=False),
                violation_error_message="An answer needs its time.",
            ),
        ]
        indexes = [models.Index(fields=["entry"], name="journal_proposal_open", condition=Q(answered_at=None))]
        ordering = ["pk"]

    def __str__(self) -> str:
        # Never the text: this stands in logs and staff pages.
        return f"{self.get_kind_display()} proposed by entry {self.entry_id}"

    def settle(self, answer: str, *, at: datetime) -> None:
        self.answer, self.answered_at = answer, at
        self.save(update_fields=["answer", "answered_at"])


class OutcomeQuerySet(OfEntryQuerySet):
    def with_things(self) -> Self:
        return self.select_related("win", "milestone__goal", "goal", "intention")

    def standing(self) -> Self:
        """Those whose win, task or goal was not taken away."""
        return self.filter(win__deleted_at=None, milestone__removed_at=None, goal__deleted_at=None).filter(
            Q(milestone=None) | Q(milestone__goal__deleted_at=None)
        )

    def to_ask(self, *, made_after: datetime, answered_after: datetime) -> Self:
        """Tasks and changes of goals made since, whose answer is open or was given just now."""
        is_open = Q(answer="") | Q(answered_at__gt=answered_after)
        return self.standing().filter(is_open, kind__in=["task", "goal"], created_at__gt=made_after)


class Outcome(models.Model):
    """What somebody did about an entry: a win kept, a task made, a goal adjusted (`how`), the focus of a week set.

    The next reflection asks whether it was done, or helped.
    """

    class Kind(models.TextChoices):
        WIN = "win", "Win"
        TASK = "task", "Task"
        GOAL = "goal", "Goal"
        FOCUS = "focus", "Focus"

    class How(models.TextChoices):
        MOVE = "move", "Date moved"
        SHRINK = "shrink", "Made smaller"
        REST = "rest", "Resting"
        LOG = "log", "Progress logged"

    class Answer(models.TextChoices):
        YES = "yes", "Yes"
        PARTLY = "partly", "Partly"
        NO = "no", "Not yet"

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="outcomes")
    kind = models.CharField(max_length=5, choices=Kind)
    win = models.ForeignKey(Win, models.CASCADE, null=True, blank=True, related_name="outcomes")
    milestone = models.ForeignKey(Milestone, models.CASCADE, null=True, blank=True, related_name="outcomes")
    goal = models.ForeignKey(Goal, models.CASCADE, null=True, blank=True, related_name="outcomes")
    how = models.CharField(max_length=6, choices=How, blank=True, default="")
    intention = models.ForeignKey(Intention, models.CASCADE, null=True, blank=True, related_name="outcomes")
    created_at = models.DateTimeField()
    answer = models.CharField(max_length=6, choices=Answer, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_has_its_thing",
                condition=Q(kind="win", win__isnull=False, milestone=None, goal=None, intention=None, how="")
                | Q(kind="task", milestone__isnull=False, win=None, goal=None, intention=None, how="")
                | Q(kind="focus", intention__isnull=False, win=None, milestone=None, goal=None, how="")
                | Q(kind="goal", goal__isnull=False, win=None, milestone=None, intention=None)
                & Q(how__in=["move", "shrink", "rest", "log"]),
                violation_error_message="Something that followed is a win, a task, a focus, or what was done to a goal.",
            ),
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once",
                fields=["entry", "win", "milestone", "goal", "how", "intention"],
                nulls_distinct=False,
                violation_error_message="This followed from the entry already.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_answer_has_a_time",
                condition=Q(answer="", answered_at=None)
                | Q(answer__in=["yes", "partly", "no"], answered_at__isnull=False),
                violation_error_message="An answer needs its time.",
            ),
        ]
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} from entry {self.entry_id}"
