from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from mail import outbox


class Command(BaseCommand):
    """Hold all mail back, for instance after a restore; what is queued stays queued."""

    help = "Hold all mail back until mail_resume; what is queued stays queued."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reason", nargs="?", default="by the operator")

    def handle(self, *args: Any, **options: Any) -> None:
        outbox.pause(options["reason"])
        self.stdout.write("Mail is paused. manage.py mail_resume lets it flow again.")
