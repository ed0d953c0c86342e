from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import User


class WeeklyAimQuerySet(models.QuerySet["WeeklyAim"]):
    def owned_by(self, user: User) -> Self:
        return self.filter(owner=user)

    def choose(self, owner: User, days: int) -> None:
        """Keep on how many days of a week the person wants to write, in the place of what they chose before."""
        self.update_or_create(owner=owner, defaults={"days": days})


class WeeklyAim(models.Model):
    """On how many days of a week somebody wants to write. No row until they choose; past weeks are held to it too."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="weekly_aim")
    days = models.PositiveSmallIntegerField()

    objects = WeeklyAimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_from_1_to_7",
                condition=Q(days__range=(1, 7)),
                violation_error_message="Choose from one to seven days a week.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.owner}: {self.days} days a week"
