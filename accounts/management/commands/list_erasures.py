from typing import Any

from django.core.management.base import BaseCommand

from accounts.models import Erasure


class Command(BaseCommand):
    """Print the ledger of erased accounts: hash, salt and time of each, one to a line.

    Keep the output outside the database (with each backup, and before a restore): a restored database does not know
    who was erased after the backup was made.
    """

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        for erasure in Erasure.objects.iterator():
            self.stdout.write(str(erasure))
