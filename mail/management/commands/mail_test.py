from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from mail.emails import send_test


class Command(BaseCommand):
    """Queue a mail that only shows that mail arrives."""

    help = "Queue a test mail to an address."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address")

    def handle(self, *args: Any, **options: Any) -> None:
        message = send_test(to=options["address"])
        self.stdout.write(f"Queued as {message.message_id if message else 'nothing'}; see manage.py mail_status.")
