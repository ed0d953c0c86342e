from celery import shared_task
from django.utils import timezone

from goals import services


@shared_task
def housekeeping() -> None:
    """Erase what has been in somebody's bin for 30 days; safe to run twice."""
    services.erase_old_bins(now=timezone.now())
