from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models

from accounts.models import User
from goals.models.goal import Goal


class FormDraftQuerySet(models.QuerySet["FormDraft"]):
    def owned_by(self, user: User) -> Self:
        return self.filter(owner=user)

    def of_form(self, user: User, goal: Goal | None) -> Self:
        """What this person typed into the form of a goal; None is the form for a new one."""
        return self.owned_by(user).filter(goal=goal)

    def kept_before(self, moment: datetime) -> Self:
        return self.filter(kept_at__lt=moment)


class FormDraft(models.Model):
    """What somebody typed into the goal form and has not saved yet. One row per person and form, as it was posted."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="goal_form_drafts")
    goal = models.ForeignKey(Goal, models.CASCADE, null=True, blank=True, related_name="form_drafts")
    fields: Any = models.JSONField(default=dict)
    kept_at = models.DateTimeField()

    objects = FormDraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once_per_form",
                fields=["owner", "goal"],
                nulls_distinct=False,
                violation_error_message="This form is kept already.",
            ),
        ]
        indexes = [models.Index(fields=["kept_at"], name="goals_formdraft_kept")]

    def __str__(self) -> str:
        return f"form draft {self.pk}"
