"""When people are written to. What they are told stands in `emails.py`, whether they want it in `mail.Preference`."""

from datetime import date, datetime, time
from typing import Self

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from core.timekeeping import day_of_month, month_key, next_local, next_local_of_month
from journal import periods
from journal.models import Entry, Period
from mail.models import Preference
from reminders.rhythm import fortnight_of, slot_day

SUNDAY, EVENING = 6, time(18)
# The last three days of a month, and the first three of the next, counted as core.timekeeping.day_of_month does.
MONTH_DAYS = [-3, -2, -1, 1, 2, 3]

SETTLED = 8  # as many periods as matter for an hour to come, and some


def evening() -> time:
    """EVENING as a default; the value itself fails Django's check (fields.W161) within ten seconds of that hour."""
    return EVENING


class ScheduleQuerySet(models.QuerySet["Schedule"]):
    def due(self, now: datetime) -> Self:
        """Whose hour has come, the longest wait first."""
        return self.filter(next_due_at__lte=now).order_by("next_due_at", "pk")

    def upcoming(self, now: datetime) -> Self:
        """Whose hour is still to come, the soonest first."""
        return self.filter(next_due_at__gt=now).order_by("next_due_at", "pk")

    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def weekly(self) -> Self:
        return self.filter(kind="weekly")

    def monthly(self) -> Self:
        return self.filter(kind="monthly")

    def with_settled(self) -> Self:
        """Add `settled`: the last weeks and months of the person that were written or left out, by their keys."""
        done = Period.objects.filter(owner=OuterRef("user")).done_with().order_by("-pk")
        return self.annotate(settled=ArraySubquery(done.values("key")[:SETTLED]))

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
    """When one person gets one regular mail, on their own clock. One row per person and kind; no row, no mail.

    A weekly one names a weekday, and for every other week which of them (`fortnight`); a monthly one names one of the
    last three days of a month, or of the first three of the next. It only says when: `next_due_at` is worked out from
    the present moment each time and never by adding days, which would be wrong for everybody once the clocks change.
    """

    class Kind(models.TextChoices):
        WEEKLY = "weekly", "The weekly reflection"
        MONTHLY = "monthly", "The monthly reflection"

    class Weekday(models.IntegerChoices):
        MONDAY = 0, "Monday"
        TUESDAY = 1, "Tuesday"
        WEDNESDAY = 2, "Wednesday"
        THURSDAY = 3, "Thursday"
        FRIDAY = 4, "Friday"
        SATURDAY = 5, "Saturday"
        SUNDAY = 6, "Sunday"

    class MonthDay(models.IntegerChoices):
        THIRD_LAST = -3, "third-last day of the month"
        SECOND_LAST = -2, "second-last day of the month"
        LAST = -1, "last day of the month"
        FIRST = 1, "first day of the next month"
        SECOND = 2, "second day of the next month"
        THIRD = 3, "third day of the next month"

    # Its index would repeat the one of the constraint below.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="schedules", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.WEEKLY)
    weekday = models.PositiveSmallIntegerField(choices=Weekday, default=SUNDAY, null=True, blank=True)
    fortnight = models.PositiveSmallIntegerField(null=True, blank=True)  # see rhythm.fortnight_of
    month_day = models.SmallIntegerField(choices=MonthDay, null=True, blank=True)
    local_time = models.TimeField(default=evening)
    next_due_at = models.DateTimeField()
    # The week or month that the next hour asks about, when it is the last one from before a change.
    asks = models.CharField(max_length=8, blank=True, default="")
    # The last time the hour came, or the row was made or changed: words written since then count as an answer.
    turned_at = models.DateTimeField()
    # Weeks (or months) in a row that brought a turn and no word in the journal (reminders.rhythm).
    unanswered = models.PositiveSmallIntegerField(default=0)
    settled: list[str]  # with_settled()

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once",
                fields=["user", "kind"],
                violation_error_message="There is a schedule for this already.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_day_fits_kind",
                condition=Q(kind="weekly", weekday__isnull=False, weekday__range=(0, 6), month_day=None)
                | Q(kind="monthly", weekday=None, fortnight=None, month_day__isnull=False, month_day__in=MONTH_DAYS),
                violation_error_message="Choose a day of the week, or one of those around the end of a month.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_fortnight_is_0_or_1",
                condition=Q(fortnight=None) | Q(fortnight__in=[0, 1]),
                violation_error_message="Every other week is one of two.",
            ),
        ]
        indexes = [models.Index(fields=["next_due_at"], name="reminders_schedule_due")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.user_id}"

    @property
    def is_monthly(self) -> bool:
        return self.kind == self.Kind.MONTHLY

    def asked_about(self, day: date) -> str:
        """Return the key of the week or month that a mail on this local day asks about."""
        return periods.month_asked_about(day) if self.is_monthly else periods.asked_about(day)

    def comes_on(self, day: date) -> bool:
        """Tell whether the hour comes on this local day."""
        if self.month_day is not None:
            return day == day_of_month(month_key(day), self.month_day)
        return day.weekday() == self.weekday and self.fortnight in {None, fortnight_of(periods.asked_about(day))}

    def day_at(self, moment: datetime) -> date | None:
        """Return the local day whose hour is that instant, None if it is nobody's."""
        return slot_day(self.user.time_zone, self.comes_on, self.local_time, moment)

    def key_at(self, moment: datetime) -> str:
        """Return what the hour at that instant asks about; nothing if it is nobody's."""
        if self.asks and moment == self.next_due_at:
            return self.asks
        day = self.day_at(moment)
        return self.asked_about(day) if day else ""

    def next_after(self, moment: datetime) -> datetime:
        """Return when the hour comes next, on the clock of where the person lives now."""
        zone = self.user.time_zone
        if self.month_day is not None:
            return next_local_of_month(zone, self.month_day, self.local_time, moment)
        weekday = SUNDAY if self.weekday is None else self.weekday
        at = next_local(zone, weekday, self.local_time, moment)
        return at if self.fortnight is None or self.day_at(at) else next_local(zone, weekday, self.local_time, at)
