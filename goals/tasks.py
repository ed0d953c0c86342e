from celery import shared_task
from django.utils import timezone

from goals import services


@shared_task
def housekeeping() -> None:
    """Erase what has been in somebody's bin, or out of a log, for 30 days; safe to run twice."""
    now = timezone.now()
    services.erase_old_bins(now=now)
    services.erase_old_words(now=now)
