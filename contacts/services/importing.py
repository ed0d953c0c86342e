"""What the owner of an import does with it: upload, name columns, choose, apply, take back, let go."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from contacts.cards.read import Headings
from contacts.imports import files
from contacts.imports.work import TASK
from contacts.models import Import, ImportRow
from contacts.models.importing import UNDO_DAYS, WAIT_DAYS
from core.text import clean_line
from mail.services import ring

State = Import.State
OPEN_AT_MOST = 5
NAMING = ("name", "given", "family", "organisation", "email")


@dataclass(frozen=True)
class Choice:
    """What the owner of a row chose for it: what is to be done, and which fields are taken from the file.

    `seen` is the version of the contact that they saw it compared with; 0 leaves it as it was.
    """

    decision: str
    theirs: Sequence[str] = ()
    seen: int = 0


@transaction.atomic
def upload(*, by: User, file: UploadedFile, kind: str, region: str, headings: Headings | None, at: datetime) -> Import:
    """Store a file; it is read next where it is clear what its columns mean, else its owner says so first."""
    is_clear = headings is None or is_clear_table(headings)
    source = Import.objects.create(
        owner=by, file_name=clean_line(file.name or "")[:200] or "contacts", kind=kind, region=region,
        heading=_line_of(headings) if headings else "", mapping=headings.mapping if headings else {},
        size=file.size or 0, state=State.READING if is_clear else State.MAPPING, created_at=at,
    )  # fmt: skip
    files.store(source, file)
    if is_clear:
        ring(TASK)
    return source


def is_clear_table(headings: Headings) -> bool:
    """Whether it is known what the columns of a table mean: a program's own, or every one of them by its name."""
    return bool(headings.program) or (not headings.unknown and names_people(headings.mapping.values()))


def names_people(fields: Iterable[str]) -> bool:
    """Whether one of these fields can say who somebody is."""
    return any(field.partition(".")[0] in NAMING for field in fields)


def _line_of(headings: Headings) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=headings.separator).writerow(headings.names)
    return line.getvalue()


@transaction.atomic
def read_again(*, source: Import, mapping: dict[str, Any]) -> bool:
    """Read the file with these meanings of its columns; False if it is past that."""
    own = Import.objects.filter(pk=source.pk, state__in=[State.MAPPING, State.READY, State.FAILED], kind="csv")
    ring(TASK)
    return bool(own.update(mapping=mapping, state=State.READING, problem="", done=0, total=0, lease=None, lease_until=None,
                           attempts=0))  # fmt: skip


@transaction.atomic
def choose(*, source: Import, choices: dict[int, Choice]) -> list[ImportRow] | None:
    """Store what was chosen for rows, by id.

    None, and nothing is stored, if one of them is no row of this import, or cannot be decided so, or it is past that.
    """
    if not Import.objects.select_for_update().filter(pk=source.pk, state=State.READY).exists():
        return None
    rows = list(source.rows.filter(pk__in=choices).select_for_update().order_by("number"))
    if len(rows) != len(choices) or any(choices[row.pk].decision not in row.choices() for row in rows):
        return None
    for row in rows:
        chosen = choices[row.pk]
        decision, theirs = chosen.decision, list(chosen.theirs)
        if chosen.seen not in (0, row.contact_version):
            row.contact_version, row.brings_nothing = chosen.seen, False  # that was found of the version before
        if theirs and not row.theirs and decision == row.decision == ImportRow.Decision.SKIP:
            decision = ImportRow.Decision.UPDATE  # a value was taken, so the row is meant to count
        row.decision, row.theirs = decision, theirs
    ImportRow.objects.bulk_update(rows, ["decision", "theirs", "contact_version", "brings_nothing"])
    return rows


@transaction.atomic
def choose_all(*, source: Import, finding: str, decision: str) -> int | None:
    """Decide alike for all rows of one kind; None if the import is past that."""
    if not Import.objects.select_for_update().filter(pk=source.pk, state=State.READY).exists():
        return None
    rows = source.rows.filter(finding=finding).exclude(finding=ImportRow.Finding.BAD)
    if decision == ImportRow.Decision.UPDATE:
        rows = rows.filter(Q(contact__isnull=False) | Q(twin__isnull=False))
    return rows.update(decision=decision)


@transaction.atomic
def start(*, source: Import, at: datetime) -> bool:
    """Let a worker apply what was chosen; False if that began already."""
    total = source.rows.to_apply().count()
    ready = Import.objects.filter(pk=source.pk, state=State.READY)
    ring(TASK)
    return bool(ready.update(state=State.APPLYING, applied_at=at, done=0, total=total))


def can_undo(source: Import, *, at: datetime) -> bool:
    """Whether it can be taken back: the last one that was applied, for 30 days."""
    return source.pk in _undoable(source, at=at).values_list("pk", flat=True)


@transaction.atomic
def start_undo(*, source: Import, at: datetime) -> bool:
    """Let a worker take the import back; False if it cannot be, or that began already."""
    User.objects.select_for_update(no_key=True).get(pk=source.owner_id)
    total = source.rows.filter(applied_version__isnull=False).count()
    ring(TASK)
    return bool(_undoable(source, at=at).update(state=State.UNDOING, undone_at=at, done=0, total=total, problem="",
                                                attempts=0, lease=None, lease_until=None))  # fmt: skip


def _undoable(source: Import, *, at: datetime) -> Any:
    later = Import.objects.filter(owner=source.owner_id, state__in=[State.APPLYING, State.DONE])
    last = later.order_by("-applied_at", "-pk").values("pk")[:1]
    stuck = Q(state=State.APPLYING) & ~Q(problem="")
    return Import.objects.filter(
        Q(state=State.DONE) | stuck, pk=source.pk, applied_at__gt=at - timedelta(days=UNDO_DAYS)
    ).filter(pk__in=last)


@transaction.atomic
def try_again(*, source: Import) -> bool:
    """Let a worker go on with an import that is stuck."""
    stuck = Import.objects.filter(pk=source.pk, state__in=Import.WORKED_ON).exclude(problem="")
    ring(TASK)
    return bool(stuck.update(problem="", attempts=0, lease=None, lease_until=None))


def discard(*, source: Import) -> bool:
    """Let a file go that was not imported, with all that was read of it; False if it is past that."""
    return bool(Import.objects.filter(pk=source.pk).unfinished().delete()[0])


def erase_old(*, now: datetime) -> int:
    """Let go of files that nobody imported for 7 days, and of what an import needs to be undone after 30 days.

    Return how many imports that were.
    """
    waited = Import.objects.unfinished().uploaded_before(now - timedelta(days=WAIT_DAYS))
    count = waited.delete()[1].get(Import._meta.label, 0)
    past = Import.objects.applied_before(now - timedelta(days=UNDO_DAYS)).exclude(state__in=Import.WORKED_ON)
    return count + ImportRow.objects.filter(source__in=past).delete()[0]
