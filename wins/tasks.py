from celery import shared_task
from django.utils import timezone

from wins import services


@shared_task
def housekeeping() -> None:
    """Erase what lay in the bin for 30 days. Safe to run twice."""
    services.erase_deleted(now=timezone.now())
