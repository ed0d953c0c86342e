"""What went well, however small: recorded in seconds, and there again in a week that is hard."""

from datetime import date, datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL

from core.forms import FIRST_DAY, LAST_DAY
from core.versioned import Versioned
from goals.models import Goal, Milestone
from sharing.models import Comment, Mentorship, Shareable, ShareableQuerySet

TEXT_LENGTH, NOTE_LENGTH = 300, 4000
# What the owner's wall brings along with each win; it does not say who may see one.
READER_NAMES = """ARRAY(
    SELECT a.name FROM wins_win_shared_with s
    JOIN sharing_mentorship r ON r.id = s.mentorship_id AND r.status = 'active'
    JOIN accounts_user a ON a.id = r.mentor_id WHERE s.win_id = wins_win.id ORDER BY s.id)"""


class WinQuerySet(ShareableQuerySet["Win"]):
    def starred(self) -> Self:
        return self.filter(starred_at__isnull=False)

    def shown_to_someone(self) -> Self:
        """Shared with at least one person who can read it now."""
        through = self.model.shared_with.through._default_manager
        return self.filter(Exists(through.filter(win=OuterRef("pk"), mentorship__status="active")))

    def moved_between(self, first: date, last: date) -> Self:
        """What went well on these local days, both included."""
        return self.filter(happened_on__range=(first, last))

    def with_reader_names(self) -> Self:
        """Bring along `reader_names`, for the owner's own pages only."""
        names = ArrayField(models.TextField())
        return self.annotate(reader_names=RawSQL(READER_NAMES, (), output_field=names))  # noqa: S611 - constant


class Win(Shareable, Versioned):
    """Something that went well on one day, in the words of the person it went well for."""

    text = models.CharField("what went well?", max_length=TEXT_LENGTH)
    note = models.TextField("more about it", max_length=NOTE_LENGTH, blank=True)
    happened_on = models.DateField("day")
    goal = models.ForeignKey(Goal, models.SET_NULL, null=True, blank=True, related_name="wins")
    milestone = models.ForeignKey(Milestone, models.SET_NULL, null=True, blank=True, related_name="wins")
    starred_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    shared_with = models.ManyToManyField(Mentorship, related_name="wins", blank=True)

    objects = WinQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_has_words",
                condition=~Q(text=""),
                violation_error_message="Say in a few words what went well.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_day_in_reach",
                condition=Q(happened_on__range=(FIRST_DAY, LAST_DAY)),
                violation_error_message="Use a date between 1900 and 2200.",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-happened_on", "-id"], name="wins_win_wall", condition=Q(deleted_at=None)),
            models.Index(fields=["owner", "-deleted_at"], name="wins_win_bin", condition=Q(deleted_at__isnull=False)),
        ]
        ordering = ["-happened_on", "-pk"]

    def __str__(self) -> str:
        return f"win {self.pk}"

    def get_absolute_url(self) -> str:
        return f"/wins/{self.pk}/"

    @property
    def is_starred(self) -> bool:
        return self.starred_at is not None

    def star(self, *, at: datetime) -> None:
        """Make it large on the wall; the first time counts."""
        if self.starred_at is None:
            self.starred_at = at
            self.save(update_fields=["starred_at"])

    def unstar(self) -> None:
        self.starred_at = None
        self.save(update_fields=["starred_at"])


class WinComment(Comment):
    """Words of the owner or a reader about one win, in the thread of one relation."""

    item = models.ForeignKey(Win, models.CASCADE, related_name="comments")

    class Meta(Comment.Meta):
        indexes = [models.Index(fields=["item", "created_at", "id"], name="wins_comment_thread")]

    def get_absolute_url(self) -> str:
        return f"/wins/{self.item_id}/#comment-{self.pk}"
