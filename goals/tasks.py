from celery import shared_task
from django.utils import timezone

from goals import services


@shared_task
def housekeeping() -> None:
    """Erase what was in a bin, off a goal or out of a log for 30 days, and forms left alone for 60; safe to run twice."""
    now = timezone.now()
    services.erase_old_bins(now=now)
    services.erase_old_milestones(now=now)
    services.erase_old_words(now=now)
    services.erase_old_forms(now=now)
