"""A worker reads a stored file: every person of it becomes a row that says what would happen."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from django.db import transaction

from contacts.cards.card import TooMuch
from contacts.cards.read import read_cards
from contacts.imports import files, leases
from contacts.imports.matching import Matcher
from contacts.models import Import, ImportRow
from core.failpoints import failpoint
from mail.time_limit import time_limit

CHUNK = 500
READ_SECONDS = 240
NOTHING = "There are no contacts in this file."
TOO_SLOW = "This file takes too long to read. Export fewer people at a time."

Thing = TypeVar("Thing")


def read(source: Import) -> None:
    """Make the rows of an import anew, and leave it to its owner. A worker that died before left nothing behind."""
    with transaction.atomic():
        leases.keep(source, done=0, total=source.size)
        source.rows.all().delete()
    try:
        with time_limit(READ_SECONDS):
            count = _read_rows(source)
    except TooMuch as error:
        return _fail(source, str(error))
    except TimeoutError:
        return _fail(source, TOO_SLOW)
    if not count:
        return _fail(source, NOTHING)
    leases.release(source, state=Import.State.READY, done=0, total=count)
    return None


def _read_rows(source: Import) -> int:
    file, matcher = files.opened(source), Matcher(source)
    cards = read_cards(file, kind=source.kind, mapping=source.mapping, region=source.region)
    for chunk in chunks(cards, CHUNK):
        rows = matcher.rows_of(chunk)
        failpoint("imports.before_rows")
        with transaction.atomic():
            leases.keep(source, done=min(file.tell(), source.size))
            ImportRow.objects.bulk_create(rows)
    return matcher.number


def _fail(source: Import, problem: str) -> None:
    with transaction.atomic():
        leases.release(source, state=Import.State.FAILED, problem=problem[:300])
        source.rows.all().delete()


def chunks(things: Iterable[Thing], size: int) -> Iterator[list[Thing]]:
    """Yield lists of up to `size` things, taking no more than that ahead."""
    stream = iter(things)
    while chunk := list(islice(stream, size)):
        yield chunk
