from celery import shared_task
from django.utils import timezone

from mentors import services


@shared_task
def housekeeping() -> None:
    """Write down which invitations ran out, and forget those closed long ago. Safe to run twice."""
    services.housekeeping(now=timezone.now())
