from datetime import date

from django.db import models

from accounts.models import User
from core.encrypted import EncryptedTextField
from goals.models import Goal


class EntryGoalQuerySet(models.QuerySet["EntryGoal"]):
    def named_by(self, user: User, *, since: date) -> models.QuerySet["EntryGoal", tuple[int, int, str]]:
        """The goals of one's own that one's own entries since a day are about, as (entry, goal, title)."""
        rows = self.filter(entry__owner=user, entry__deleted_at=None, entry__entry_on__gte=since)
        return rows.filter(goal__owner=user, goal__deleted_at=None).values_list("entry_id", "goal_id", "goal__title")


class EntryGoal(models.Model):
    """That an entry is about a goal of its owner: named in its words by `#`, or chosen beside them.

    `words` are those that name it, one name a line, kept because a goal may be called something else later; empty where
    it was only chosen. They outlive the goal, so that one a reader could not see is not spelled out once it is erased.
    """

    entry = models.ForeignKey("journal.Entry", models.CASCADE, related_name="goal_links")
    goal = models.ForeignKey(Goal, models.SET_NULL, null=True, related_name="entry_links")
    words = EncryptedTextField(blank=True, default="")
    is_chosen = models.BooleanField(default=False)

    objects = EntryGoalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once",
                fields=["entry", "goal"],
                violation_error_message="This entry names that goal already.",
            )
        ]

    def __str__(self) -> str:
        return f"entry {self.entry_id} about goal {self.goal_id}"

    @property
    def names(self) -> list[str]:
        return self.words.split("\n") if self.words else []
