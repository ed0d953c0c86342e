import re
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts import deletion
from accounts.models import Erasure

_LINE = re.compile(r"^([0-9a-f]{64}) ([0-9a-f]{32}) \S+$")


class Command(BaseCommand):
    """Erase again, after a restore, the accounts that had been erased. Run it before people can sign in."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("ledger", nargs="?", help="a file that list_erasures wrote; - reads standard input")

    def handle(self, *args: Any, ledger: str | None, **options: Any) -> None:
        """Erase by the ledger in the database and, where given, the one in the file."""
        digests = dict(Erasure.objects.values_list("digest", "salt"))
        if ledger:
            text = sys.stdin.read() if ledger == "-" else Path(ledger).read_text(encoding="ascii")
            for number, line in enumerate(text.splitlines(), 1):
                if not (found := _LINE.match(line)):
                    raise CommandError(f"Line {number} is not from list_erasures.")
                digests[found[1]] = found[2]
        users = deletion.erase_again(digests, at=timezone.now())
        self.stdout.write(f"{len(digests)} erasures in the ledger, {len(users)} accounts erased again.")
