from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from core.forms import FIRST_DAY, LAST_DAY
from sharing.models import Comment

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from goals.models.steps import Milestone


class GoalComment(Comment):
    """What the owner of a goal and one reader write to each other about it, or about one of its milestones."""

    item = models.ForeignKey("goals.Goal", models.CASCADE, related_name="comments")
    milestone = models.ForeignKey("goals.Milestone", models.SET_NULL, null=True, blank=True, related_name="comments")
    # When the other person of the thread said thanks for it.
    thanked_at = models.DateTimeField(null=True, blank=True)

    class Meta(Comment.Meta):
        indexes = [models.Index(fields=["item", "-created_at", "-id"], name="goals_comment_newest")]

    def get_absolute_url(self) -> str:
        return f"/goals/{self.item_id}/#comment-{self.pk}"

    @property
    def place(self) -> "Milestone | None":
        """The milestone it is about; None for words about the goal, or about a milestone that was taken away."""
        return self.milestone if self.milestone and self.milestone.removed_at is None else None

    def thank(self, *, at: datetime | None) -> None:
        """Say thanks for these words, or, with None, take the thanks back."""
        self.thanked_at = at
        self.save(update_fields=["thanked_at"])


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def open(self) -> Self:
        return self.filter(state="open", comment__removed_at=None)

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Whoever sees the comment sees what it suggests."""
        return self.filter(comment__in=GoalComment.objects.visible_to(user).values("pk"))

    def editable_by(self, user: "User | AnonymousUser") -> Self:
        """Suggestions about one's own goals, answered or not; a comment that was removed suggests nothing."""
        return self.filter(comment__removed_at=None, comment__item__owner_id=user.pk, comment__item__deleted_at=None)

    def answerable_by(self, user: "User | AnonymousUser") -> Self:
        """Open suggestions about one's own goals."""
        return self.open().editable_by(user)

    def with_comment(self) -> Self:
        return self.select_related("comment__item__owner", "comment__author", "comment__mentorship")


class Suggestion(models.Model):
    """What a mentor proposes in a comment, for the owner to take up with a click: one wording, date, target or milestone.

    The words of the comment say why. `words` is a title (of the goal or the milestone), `day` a date, `number` a target.
    """

    class Kind(models.TextChoices):
        TITLE = "title", "Another wording"
        DUE_ON = "due_on", "Another date"
        TARGET = "target", "Another target"
        MILESTONE = "milestone", "A milestone"

    class State(models.TextChoices):
        OPEN = "open", "Open"
        ACCEPTED = "accepted", "Taken up"
        DECLINED = "declined", "Left as it is"

    comment = models.OneToOneField(GoalComment, models.CASCADE, related_name="suggestion")
    kind = models.CharField(max_length=9, choices=Kind)
    words = models.CharField(max_length=200, blank=True)
    day = models.DateField(null=True, blank=True)
    number = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_fits_kind",
                condition=(Q(kind="title", day=None, number=None) & ~Q(words=""))
                | Q(kind="due_on", words="", day__isnull=False, number=None)
                | Q(kind="target", words="", day=None, number__isnull=False)
                | (Q(kind="milestone", number=None) & ~Q(words="")),
                violation_error_message="Say what you suggest: words, a date or a number.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_answered_has_a_time",
                condition=Q(state="open", answered_at=None)
                | Q(state__in=["accepted", "declined"], answered_at__isnull=False),
                violation_error_message="An answered suggestion needs the time of the answer.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_day_in_reach",
                condition=Q(day=None) | Q(day__range=(FIRST_DAY, LAST_DAY)),
                violation_error_message="Use a date between 1900 and 2200.",
            ),
        ]

    def __str__(self) -> str:
        return f"suggestion {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    def answer(self, state: str, *, at: datetime) -> None:
        """Settle as accepted or declined."""
        self.state, self.answered_at = state, at
        self.save(update_fields=["state", "answered_at"])
