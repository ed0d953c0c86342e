"""Which worker has an import in hand: a lease by the database's clock, renewed with each chunk it commits.

A worker may die at any line and the bell may ring twice; whoever comes next finds the import when the lease ends. Each
chunk is stored in one transaction with the renewal, so whoever lost the lease stores nothing.
"""

import logging
import uuid
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models.functions import Now

from contacts.models import Import
from contacts.models.importing import MAX_ATTEMPTS

logger = logging.getLogger(__name__)

LEASE_SECONDS = 60
# After an error of our own.
PAUSE_SECONDS = 10
GAVE_UP = "Something on our side failed three times in a row. What was done so far is kept."
UNREADABLE = "Something on our side failed three times over this file. Nothing was imported."

_CLAIM = """
UPDATE contacts_import SET attempts = attempts + 1, lease = %s,
    lease_until = statement_timestamp() + make_interval(secs => %s)
WHERE id = (
    SELECT id FROM contacts_import
    WHERE state IN ('reading', 'applying', 'undoing') AND attempts < %s AND problem = ''
      AND (lease_until IS NULL OR lease_until < statement_timestamp())
    ORDER BY lease_until NULLS FIRST, id LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING id
"""
_GIVE_UP = """
UPDATE contacts_import SET lease = NULL, lease_until = NULL,
    problem = CASE state WHEN 'reading' THEN %s ELSE %s END,
    state = CASE state WHEN 'reading' THEN 'failed' ELSE state END
WHERE state IN ('reading', 'applying', 'undoing') AND attempts >= %s AND problem = ''
  AND lease_until < statement_timestamp()
RETURNING id
"""


class LeaseLostError(Exception):
    """The import is no longer ours: another worker has it, or its owner let it go."""


def claim() -> Import | None:
    """Take the next import that waits for a worker; None if there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [uuid.uuid4(), LEASE_SECONDS, MAX_ATTEMPTS])
        found = cursor.fetchone()
    return Import.objects.get(pk=found[0]) if found else None


def give_up() -> None:
    """Say of imports over which three workers died or failed that they are stuck."""
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_UP, [UNREADABLE, GAVE_UP, MAX_ATTEMPTS])
        for (pk,) in cursor.fetchall():
            logger.error("Import %s is given up: %s workers died or failed over it.", pk, MAX_ATTEMPTS)


def keep(source: Import, **values: Any) -> None:
    """Store how far the work is and hold the lease longer; raise LeaseLostError if it is another's.

    Called first in the transaction of a chunk: it locks the row, so that nobody else takes the import over before the
    chunk is committed.
    """
    until = Now() + timedelta(seconds=LEASE_SECONDS)
    if not Import.objects.filter(pk=source.pk, lease=source.lease).update(lease_until=until, **values):
        raise LeaseLostError(source.pk)
    _remember(source, values)


def release(source: Import, *, state: str = "", **values: Any) -> None:
    """End the work, in another state or to be taken up again at once."""
    values |= {"state": state} if state else {}
    values |= {"lease": None, "lease_until": None, "attempts": 0}
    if not Import.objects.filter(pk=source.pk, lease=source.lease).update(**values):
        raise LeaseLostError(source.pk)
    _remember(source, values)


def pause(source: Import) -> None:
    """After an error of our own: let it be tried again in a moment."""
    Import.objects.filter(pk=source.pk, lease=source.lease).update(lease_until=Now() + timedelta(seconds=PAUSE_SECONDS))


def _remember(source: Import, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(source, name, value)
