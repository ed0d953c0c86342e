from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.apps import AppConfig

if TYPE_CHECKING:
    from accounts.models import User


class RemindersConfig(AppConfig):
    name = "reminders"

    def ready(self) -> None:
        """Reckon anew when somebody moves; put the schedules into the copy of a person's data."""
        from accounts.zones import on_zone_changed
        from home.export import section
        from reminders.models import Schedule
        from reminders.services import move_schedules

        on_zone_changed(move_schedules)

        @section("schedules")
        def schedules(user: "User") -> Iterator[dict[str, Any]]:
            for row in Schedule.objects.of(user).order_by("pk"):
                fields = ("kind", "weekday", "fortnight", "month_day", "local_time", "next_due_at")
                yield {name: getattr(row, name) for name in fields}
