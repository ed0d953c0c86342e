from celery import shared_task
from django.utils import timezone

from reminders import services


@shared_task
def send_due() -> None:
    """Queue the mails of everybody whose hour has come, and give new people their schedule; beat rings every minute."""
    services.give_rows(now=timezone.now())
    while services.send_due(now=timezone.now()) == services.BATCH:
        pass


@shared_task
def housekeeping() -> None:
    """Give a schedule to whoever slipped past the look at the newest accounts; beat rings every night."""
    while services.give_rows(now=timezone.now(), since=0) == services.BATCH:
        pass
