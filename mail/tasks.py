from celery import shared_task
from django.utils import timezone

from mail import bounces, inbound, outbox


@shared_task
def deliver() -> None:
    """Answer the bell: send what is due now."""
    outbox.deliver()


@shared_task
def settle_news() -> None:
    """Deal with what providers said about mails that left."""
    bounces.settle(now=timezone.now())


@shared_task
def sweep() -> None:
    """Once a minute: free what dead workers held, note that somebody looked, send what is due."""
    outbox.sweep()


@shared_task
def take_answers() -> None:
    """Answer the bell, and once a minute: look at the mails that came in."""
    inbound.take_waiting()


@shared_task
def housekeeping() -> None:
    """Once a day: drop old rows and what nobody needs any more."""
    outbox.housekeeping()
    inbound.housekeeping()
