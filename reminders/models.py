"""When people are written to. What they are told stands in `emails.py`, whether they want it in `mail.Preference`."""

from datetime import datetime, time
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from core.timekeeping import next_local
from journal.models import Entry
from mail.models import Preference

SUNDAY, EVENING = 6, time(18)


class ScheduleQuerySet(models.QuerySet["Schedule"]):
    def due(self, now: datetime) -> Self:
        """Whose hour has come, the longest wait first."""
        return self.filter(next_due_at__lte=now).order_by("next_due_at", "pk")

    def upcoming(self, now: datetime) -> Self:
        """Whose hour is still to come, the soonest first."""
        return self.filter(next_due_at__gt=now).order_by("next_due_at", "pk")

    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def with_person(self) -> Self:
        """Add the person and what is true of them now: `is_mailable`, `is_off`, and `has_written` since the last turn."""
        off = Preference.objects.filter(user=OuterRef("user"), kind="weekly", is_on=False)
        written = Entry.objects.alive().filter(owner=OuterRef("user"), updated_at__gte=OuterRef("turned_at"))
        return self.select_related("user").annotate(
            is_mailable=Exists(User.objects.mailable().filter(pk=OuterRef("user"))),
            is_off=Exists(off),
            has_written=Exists(written),
        )


class Schedule(models.Model):
    """When one person gets one regular mail: a weekday and an hour on their own clock. One row per person and kind.

    It only says when. `next_due_at` is worked out from the present moment each time and never by adding seven days,
    which would be wrong for everybody once the clocks change.
    """

    class Kind(models.TextChoices):
        WEEKLY = "weekly", "The weekly reflection"

    class Weekday(models.IntegerChoices):
        MONDAY = 0, "Monday"
        TUESDAY = 1, "Tuesday"
        WEDNESDAY = 2, "Wednesday"
        THURSDAY = 3, "Thursday"
        FRIDAY = 4, "Friday"
        SATURDAY = 5, "Saturday"
        SUNDAY = 6, "Sunday"

    # Its index would repeat the one of the constraint below.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="schedules", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.WEEKLY)
    weekday = models.PositiveSmallIntegerField(choices=Weekday, default=SUNDAY)
    local_time = models.TimeField(default=EVENING)
    next_due_at = models.DateTimeField()
    # The last time the hour came, or the row was made or changed: words written since then count as an answer.
    turned_at = models.DateTimeField()
    # Weeks in a row that brought a turn and no word in the journal (reminders.rhythm).
    unanswered = models.PositiveSmallIntegerField(default=0)

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once",
                fields=["user", "kind"],
                violation_error_message="There is a schedule for this already.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_weekday_exists",
                condition=Q(weekday__range=(0, 6)),
                violation_error_message="Choose a day of the week.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_kind_known",
                condition=Q(kind="weekly"),
                violation_error_message="There is no such schedule.",
            ),
        ]
        indexes = [models.Index(fields=["next_due_at"], name="reminders_schedule_due")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.user_id}"

    def next_after(self, moment: datetime) -> datetime:
        """Return when the hour comes next, on the clock of where the person lives now."""
        return next_local(self.user.time_zone, self.weekday, self.local_time, moment)

    def restart(self, *, at: datetime) -> None:
        """Work out the next time anew, after a change of day, hour or zone, which is a sign of life too."""
        self.next_due_at, self.turned_at, self.unanswered = self.next_after(at), at, 0
        self.save()
