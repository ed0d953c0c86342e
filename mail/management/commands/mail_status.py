from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count, Min
from django.utils import timezone

from mail.models import Inbound, Message
from mail.outbox import outbox_state


class Command(BaseCommand):
    """Print how many mails are in which state, and whether mail flows."""

    help = "Say how many mails are in which state, and whether mail flows."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        state = outbox_state()
        if state.paused_at:
            self.stdout.write(f"Paused since {state.paused_at:%Y-%m-%d %H:%M} UTC: {state.pause_reason}")
        elif state.broken_until and state.broken_until > now:
            self.stdout.write(f"Waiting until {state.broken_until:%H:%M:%S} UTC: {state.broken_reason}")
        else:
            self.stdout.write("Mail flows.")
        self.stdout.write(f"Last sweep: {f'{state.swept_at:%Y-%m-%d %H:%M:%S} UTC' if state.swept_at else 'never'}")
        rows = Message.objects.order_by("state").values("state").annotate(count=Count("pk"), oldest=Min("queued_at"))
        for row in rows:
            self.stdout.write(f"{row['state']:>8} {row['count']:>8}   oldest {row['oldest']:%Y-%m-%d %H:%M} UTC")
        came = Inbound.objects.order_by("state").values("state").annotate(count=Count("pk"), oldest=Min("received_at"))
        for row in came:
            self.stdout.write(
                f"{row['state']:>11} {row['count']:>5}   came in, oldest {row['oldest']:%Y-%m-%d %H:%M} UTC"
            )
