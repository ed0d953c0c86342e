"""Times from Postgres, read in a third of the time: a page or a mail has dozens of them."""

from datetime import UTC, datetime
from typing import Any

from django.db.backends.signals import connection_created
from psycopg.abc import Buffer
from psycopg.types.datetime import TimestamptzLoader


class QuickLoader(TimestamptzLoader):
    """Reads a time in UTC, as Django has Postgres write them all; any other as psycopg does.

    psycopg takes each apart with a regular expression, once Django has put a loader of its own in the place of the
    compiled one.
    """

    timezone = UTC  # Django asks each loader for it, and puts its own in the place of one that has another

    def load(self, data: Buffer) -> datetime:
        text = str(data, "ascii")
        if text.endswith("+00"):
            try:
                return datetime.fromisoformat(text)
            except ValueError:
                pass  # after the year 9999: psycopg says so
        return super().load(data).astimezone(UTC)


def use_quick_loader(connection: Any, **_: object) -> None:
    """Register it on a connection that was just opened."""
    connection.connection.adapters.register_loader("timestamptz", QuickLoader)


def install() -> None:
    """Have every connection to come read times like that."""
    connection_created.connect(use_quick_loader, dispatch_uid="core.timestamps")
