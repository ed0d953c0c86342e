"""What the demo people set aside (devstack.demo)."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from home.models import Snooze
from journal.models import Entry


def fill(cast: Any, today: date) -> None:
    """Let Amara have set the newest reflection of Sofia aside until the day after tomorrow."""
    entry = Entry.objects.shared_through(cast.mentorships["sofia", "amara"]).order_by("-entry_on", "-pk").first()
    if entry is not None:
        until = {"until_on": today + timedelta(days=2), "at": datetime.combine(today, time(0), UTC)}
        Snooze.objects.get_or_create(owner=cast.amara, kind="entry", number=entry.pk, defaults=until)
