from celery import shared_task
from django.utils import timezone

from contacts.services.housekeeping import erase_deleted


@shared_task
def housekeeping() -> None:
    """Erase what lay in the bin for 30 days. Safe to run twice."""
    erase_deleted(now=timezone.now())
