"""How many people a week somebody can keep in touch with."""

from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import User

PER_WEEK, PER_WEEK_AT_MOST = 5, 50


class PaceQuerySet(models.QuerySet["Pace"]):
    def owned_by(self, user: User) -> Self:
        return self.filter(owner_id=user.pk)

    def owned_by_any(self, users: Iterable[User]) -> Self:
        return self.filter(owner__in=list(users))

    def visible_to(self, user: User) -> Self:
        return self.owned_by(user)


class Pace(models.Model):
    """A person's own pace; without a row it is five a week."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="contacts_pace")
    per_week = models.PositiveSmallIntegerField("people a week", default=PER_WEEK)

    objects = PaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_in_reach",
                condition=Q(per_week__range=(1, PER_WEEK_AT_MOST)),
                violation_error_message=f"Choose from 1 to {PER_WEEK_AT_MOST} people a week.",
            )
        ]

    def __str__(self) -> str:
        return f"pace {self.pk}"
