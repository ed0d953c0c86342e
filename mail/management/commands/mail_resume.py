from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from mail import outbox


class Command(BaseCommand):
    """Let mail flow again after mail_pause, a restore, or a broken mail server."""

    help = "Let mail flow again; what waits is sent within a minute."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            outbox.resume()
        self.stdout.write("Mail flows again.")
