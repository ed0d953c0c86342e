from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from mail import health


class Command(BaseCommand):
    """Print whether mail flows, what waits, and what became of the mails of the last days."""

    help = "Say whether mail flows, what waits, and what became of the mails of the last days."

    def handle(self, *args: Any, **options: Any) -> None:
        found = health.look(now=timezone.now())
        state = found.state
        if state.paused_at:
            self._say(f"Paused since {state.paused_at:%Y-%m-%d %H:%M} UTC: {state.pause_reason}")
        elif found.is_broken and state.broken_until:
            self._say(f"Waiting until {state.broken_until:%H:%M:%S} UTC: {state.broken_reason}")
        else:
            self._say("Mail flows.")
        self._say(f"Last sweep: {f'{state.swept_at:%Y-%m-%d %H:%M:%S} UTC' if state.swept_at else 'never'}")
        oldest = f"   due since {found.oldest_due:%Y-%m-%d %H:%M} UTC" if found.oldest_due else ""
        self._say(f"  queued {self._some(found.waiting)}{oldest}")
        self._say(f" sending {self._some(found.sending)}")
        self._say(f"In the last {health.DAYS} days:")
        for end in health.ENDS:
            self._say(f"{end.value:>8} {found.total(end):>8}")
        for reason, count in found.reasons:
            self._say(f"         {count:>8}   {reason}")
        for what, count in sorted(found.heard.items()):
            self._say(f"{what:>13} {count:>3}   heard later")
        self._say(f"Came back: {found.bounce_rate or '-'}; reported as spam: {found.complaint_rate or '-'}")
        self._say(f"Addresses: {found.paused} paused, {found.stopped} stopped by their owners")
        for label, count in found.came:
            self._say(f"{label:>13} {count:>3}   came in")

    def _say(self, text: str) -> None:
        self.stdout.write(text)

    @staticmethod
    def _some(count: int) -> str:
        return f"{count:>8}" + ("+" if count >= health.SOME else "")
