from celery import shared_task
from django.utils import timezone

from accounts import housekeeping as work


@shared_task
def housekeeping() -> None:
    """Erase accounts whose time has come, and what expired. Safe to run twice."""
    work.run(now=timezone.now())
