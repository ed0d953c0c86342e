from django.db import models

from core.encrypted import EncryptedTextField
from goals.models import Goal


class EntryGoal(models.Model):
    """That an entry is about a goal of its owner: named in its words by `#`, or chosen beside them.

    `words` are those that name it, one name a line, kept because a goal may be called something else later; empty where
    it was only chosen. They outlive the goal, so that one a reader could not see is not spelled out once it is erased.
    """

    entry = models.ForeignKey("journal.Entry", models.CASCADE, related_name="goal_links")
    goal = models.ForeignKey(Goal, models.SET_NULL, null=True, related_name="entry_links")
    words = EncryptedTextField(blank=True, default="")
    is_chosen = models.BooleanField(default=False)

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
