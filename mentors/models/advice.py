"""What a mentor advised, and what came of it."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from goals.models import GoalComment
from journal.models import EntryComment
from mentors.models.checkin import CheckIn
from sharing.models import Comment, Mentorship
from wins.models import WinComment

if TYPE_CHECKING:
    from accounts.models import User

MAX_ADVICE_LENGTH = 500
# What can be kept: the field that names it, and the comment it is. The names are those of a report.
KEPT: dict[str, tuple[str, type[Comment]]] = {
    "goal-comment": ("comment", GoalComment),
    "entry-comment": ("entry_comment", EntryComment),
    "win-comment": ("win_comment", WinComment),
}
_NO_COMMENT: dict[str, Any] = dict.fromkeys((name for name, _ in KEPT.values()), None)
MAX_ADVICE_NOTE_LENGTH = 5000


class AdviceQuerySet(models.QuerySet["Advice"]):
    def visible_to(self, user: "User") -> Self:
        """Advice of relations a person may read about. What came of it is the mentee's to tell: pages leave it out."""
        return self.filter(mentorship__in=Mentorship.objects.recorded_for(user).values("pk"))

    def owned_by_any(self, users: "list[User]") -> Self:
        """Advice to any of these people, in relations in force: for their weeks."""
        return self.filter(mentorship__mentee__in=list(users), mentorship__status="active")

    def untold(self) -> Self:
        """Something came of it, and the mentor has not heard."""
        return self.exclude(state="open").filter(told_at=None)

    def still_said(self) -> Self:
        """Leave out comments that were removed since."""
        gone = Q()
        for name, _ in KEPT.values():
            gone |= Q(**{f"{name}__removed_at__isnull": False})
        return self.exclude(gone)

    def said_to(self, user: "User") -> Self:
        """Of comments only those that this person may read now."""
        rows = self
        for name, model in KEPT.values():
            seen = model._default_manager.visible_to(user).filter(removed_at=None)
            rows = rows.filter(Q(**{name: None}) | Q(**{f"{name}__in": seen.values("pk")}))
        return rows

    def with_source(self) -> Self:
        return self.select_related("check_in", "comment__item", "entry_comment__item", "win_comment__item")


class Advice(models.Model):
    """One piece of a mentor's advice: noted in a check-in, or a comment of theirs that the mentee keeps as advice.

    Its words are its own, or those of the comment as they stand now.
    """

    class State(models.TextChoices):
        OPEN = "open", "Open"
        TRIED = "tried", "Tried"
        WORKED = "worked", "Worked"
        DID_NOT = "did_not", "Did not work"
        NOT_FOR_ME = "not_me", "Not for me"

    mentorship = models.ForeignKey(Mentorship, models.CASCADE, related_name="advice")
    check_in = models.ForeignKey(CheckIn, models.CASCADE, null=True, blank=True, related_name="advice")
    comment = models.OneToOneField(GoalComment, models.CASCADE, null=True, blank=True, related_name="advice")
    entry_comment = models.OneToOneField(EntryComment, models.CASCADE, null=True, blank=True, related_name="advice")
    win_comment = models.OneToOneField(WinComment, models.CASCADE, null=True, blank=True, related_name="advice")
    text = models.CharField(max_length=MAX_ADVICE_LENGTH, blank=True)
    state = models.CharField(max_length=7, choices=State, default=State.OPEN)
    created_at = models.DateTimeField()
    marked_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)  # when a note that says it went to the mentor

    objects = AdviceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_one_source",
                condition=(Q(check_in__isnull=False, **_NO_COMMENT) & ~Q(text=""))
                | Q(check_in=None, comment__isnull=False, entry_comment=None, win_comment=None, text="")
                | Q(check_in=None, comment=None, entry_comment__isnull=False, win_comment=None, text="")
                | Q(check_in=None, comment=None, entry_comment=None, win_comment__isnull=False, text=""),
                violation_error_message="Advice comes from a check-in, with its words, or from a comment.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_marked_has_a_time",
                condition=Q(state="open", marked_at=None)
                | Q(state__in=["tried", "worked", "did_not", "not_me"], marked_at__isnull=False),
                violation_error_message="What came of advice needs the time it was said.",
            ),
        ]
        indexes = [models.Index(fields=["mentorship", "-created_at", "-id"], name="mentors_advice_order")]
        verbose_name_plural = "advice"

    def __str__(self) -> str:
        return f"advice {self.pk}"

    def get_absolute_url(self) -> str:
        return f"/mentorships/{self.mentorship_id}/advice/#advice-{self.pk}"

    @property
    def said(self) -> Comment | None:
        """The comment that is kept; None for what was noted in a check-in."""
        return self.comment or self.entry_comment or self.win_comment

    @property
    def words(self) -> str:
        if (said := self.said) is None:
            return self.text
        return said.text if said.removed_at is None else ""

    def mark(self, state: str, *, at: datetime) -> None:
        """Say what came of it. A change of mind after the mentor was told is told again."""
        if state == self.state:
            return
        self.state, self.told_at = state, None
        self.marked_at = None if state == self.State.OPEN else at
        self.save(update_fields=["state", "marked_at", "told_at"])


class AdviceNoteQuerySet(models.QuerySet["AdviceNote"]):
    def visible_to(self, user: "User") -> Self:
        """Notes that were sent; the mentee's own that were left out are nobody's business."""
        return self.filter(sent_at__isnull=False, mentorship__in=Mentorship.objects.recorded_for(user).values("pk"))


class AdviceNote(models.Model):
    """A month's note from a mentee to their mentor about what came of the advice: sent, or left out (no `sent_at`)."""

    mentorship = models.ForeignKey(Mentorship, models.CASCADE, related_name="advice_notes")
    month = models.CharField(max_length=7)  # "2026-11", in the mentee's zone
    text = models.TextField(max_length=MAX_ADVICE_NOTE_LENGTH, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = AdviceNoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once_a_month",
                fields=["mentorship", "month"],
                violation_error_message="You have written this month's note already.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_sent_has_words",
                condition=Q(sent_at=None, text="") | (Q(sent_at__isnull=False) & ~Q(text="")),
                violation_error_message="A note needs words.",
            ),
        ]
        ordering = ["-month"]

    def __str__(self) -> str:
        return f"note of {self.month}"
