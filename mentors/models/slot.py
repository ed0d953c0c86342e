"""When in the week somebody has time to talk."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import User

MAX_SLOTS = 14


class SlotQuerySet(models.QuerySet["Slot"]):
    def owned_by(self, user: User) -> Self:
        return self.filter(owner=user).order_by("weekday", "starts_at", "pk")


class Slot(models.Model):
    """Some hours of each week in which a person has time to talk, by the clock of the zone they live in."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, "Monday"
        TUESDAY = 1, "Tuesday"
        WEDNESDAY = 2, "Wednesday"
        THURSDAY = 3, "Thursday"
        FRIDAY = 4, "Friday"
        SATURDAY = 5, "Saturday"
        SUNDAY = 6, "Sunday"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="slots")
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    starts_at = models.TimeField("from")
    ends_at = models.TimeField("to")

    objects = SlotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_ends_later",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message="The end comes after the start.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_weekday_known",
                condition=Q(weekday__lte=6),
                violation_error_message="A week has seven days.",
            ),
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once",
                fields=["owner", "weekday", "starts_at"],
                violation_error_message="These hours are in the list already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts_at:%H:%M} to {self.ends_at:%H:%M}"
