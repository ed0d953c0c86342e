from celery import shared_task
from django.utils import timezone

from contacts.imports import work
from contacts.services.housekeeping import erase_deleted
from contacts.services.importing import erase_old


@shared_task
def housekeeping() -> None:
    """Erase what lay in the bin for 30 days, and what files of contacts left behind. Safe to run twice."""
    erase_deleted(now=timezone.now())
    erase_old(now=timezone.now())


@shared_task
def work_on_imports() -> None:
    """Answer the bell, and once a minute: read, apply and take back files of contacts. Safe to run twice."""
    work.work()
