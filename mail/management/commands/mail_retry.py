from typing import Any

from django.core.management.base import BaseCommand

from mail import inbound


class Command(BaseCommand):
    """Look again at mails that came in and were given up, once what was wrong is mended."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Put them back; a worker takes them within a minute."""
        self.stdout.write(f"{inbound.try_again()} mails that came in are tried again.")
