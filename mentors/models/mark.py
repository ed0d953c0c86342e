"""What somebody noted for themselves about a mentor."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import User
from mentors.models.profile import Profile


class MarkQuerySet(models.QuerySet["Mark"]):
    def owned_by(self, user: User) -> Self:
        return self.filter(owner=user)

    def watches(self) -> Self:
        """Wishes to hear when a place becomes free."""
        return self.filter(kind="watched")


class Mark(models.Model):
    """One person's own note on a mentor's profile: keep it, hide it, tell me when there is a place. Known to no one else."""

    class Kind(models.TextChoices):
        KEPT = "kept", "Kept for later"
        HIDDEN = "hidden", "Not shown again"
        WATCHED = "watched", "Tell me when free"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mentor_marks")
    profile = models.ForeignKey(Profile, models.CASCADE, related_name="marks")
    kind = models.CharField(max_length=7, choices=Kind)
    created_at = models.DateTimeField()

    objects = MarkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once",
                fields=["owner", "kind", "profile"],
                violation_error_message="You have noted this already.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_kind_known",
                condition=Q(kind__in=["kept", "hidden", "watched"]),
                violation_error_message="There is no such note.",
            ),
        ]
        indexes = [
            models.Index(fields=["profile"], condition=Q(kind="watched"), name="mentors_mark_watched"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.profile_id}"
