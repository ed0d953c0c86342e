from celery import shared_task
from django.utils import timezone

from journal import services


@shared_task
def housekeeping() -> None:
    """Erase what lay in bins for 30 days and close the weeks nobody wrote. Safe to run twice."""
    services.erase_deleted(now=timezone.now())
    services.close_past_periods(now=timezone.now())
