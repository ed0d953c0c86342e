"""How often the demo people are asked (devstack.demo)."""

from typing import Any

from django.utils import timezone

from reminders.models import Schedule
from reminders.services import set_rhythm


def fill(cast: Any, today: Any) -> None:
    """Ask Amara every week, and on the last day of each month."""
    if not Schedule.objects.of(cast.amara).monthly().exists():
        set_rhythm(user=cast.amara, weeks=1, month_day=Schedule.MonthDay.LAST, now=timezone.now())
