from celery import shared_task
from django.utils import timezone

from mentors import services


@shared_task
def sweep() -> None:
    """Remind mentors whom somebody waits for, and close requests whose time ran out. Safe to run twice."""
    services.sweep_requests(now=timezone.now())


@shared_task
def housekeeping() -> None:
    """Write down which invitations ran out, and forget what was closed, or typed and left, long ago. Safe to run twice."""
    services.housekeeping(now=timezone.now())
    services.mind_introductions(now=timezone.now())
    services.erase_old_drafts(now=timezone.now())
    services.erase_old_agreement_drafts(now=timezone.now())
    services.tidy_directory(now=timezone.now())


@shared_task
def mind_rhythms() -> None:
    """Write to the two of every pair that lost touch, once at each level. Safe to run twice."""
    after: int | None = 0
    while after is not None:
        after = services.mind_rhythms(now=timezone.now(), after=after)


@shared_task
def mind_agreements() -> None:
    """Ask the two of every agreement whose day has come how it goes, once. Safe to run twice."""
    after: int | None = 0
    while after is not None:
        after = services.mind_agreements(now=timezone.now(), after=after)


@shared_task
def tell_watchers() -> None:
    """Tell those who wait for a mentor's place that there is one. Safe to run twice: a wish goes with its mail."""
    services.tell_watchers(now=timezone.now())
