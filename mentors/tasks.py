from celery import shared_task
from django.utils import timezone

from mentors import services


@shared_task
def housekeeping() -> None:
    """Write down which invitations ran out, and forget those closed long ago. Safe to run twice."""
    services.housekeeping(now=timezone.now())


@shared_task
def mind_rhythms() -> None:
    """Write to the two of every pair that lost touch, once at each level. Safe to run twice."""
    after: int | None = 0
    while after is not None:
        after = services.mind_rhythms(now=timezone.now(), after=after)
