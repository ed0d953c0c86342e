from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from reminders import services
from reminders.models import Schedule
from reminders.rhythm import Turn
from reminders.services import Claim

TURNS = {
    Turn.PROMPT: "is asked about {week}",
    Turn.WAIT: "waits, after {silence} quiet weeks",
    Turn.FAREWELL: "gets the last mail for now",
    Turn.QUIET: "is left in peace",
}


class Command(BaseCommand):
    """Does what beat does every minute; with --dry-run it only says what it would do."""

    help = "Queue the mails of everybody whose hour has come, or say who that is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say who would get what, and write nothing")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        now = timezone.now()
        if not dry_run:
            services.give_rows(now=now)
            done = 0
            while claimed := services.send_due(now=now):
                done += claimed
            self.stdout.write(f"{done} due.")
            return
        claims = services.decide(list(Schedule.objects.due(now).with_person()[: services.BATCH]), now=now)
        for claim in claims:
            self.stdout.write(_line(claim))
        self.stdout.write(f"{len(claims)} due{', and perhaps more' if len(claims) == services.BATCH else ''}.")
        upcoming = Schedule.objects.upcoming(now).select_related("user").first()
        if upcoming is not None:
            wall = upcoming.next_due_at.astimezone(upcoming.user.time_zone)
            self.stdout.write(f"Next: {upcoming.user.email}, {wall:%A %d %B %Y, %H:%M} ({upcoming.user.time_zone})")


def _line(claim: Claim) -> str:
    wall = claim.schedule.next_due_at.astimezone(claim.user.time_zone)
    what = TURNS[claim.turn].format(week=claim.key, silence=claim.silence)
    if claim.reason is not None:
        what = f"gets nothing: {claim.reason.value}"
    return f"{claim.user.email}, {wall:%A %H:%M}: {what}"
