"""What the rest of the project asks of the outbox: queue a mail, switch a kind of mail, stop all mail to an address."""

import logging
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from psycopg.types.json import Jsonb

from accounts.models import User
from core.encrypted import encrypt
from core.failpoints import failpoint
from mail import registry, tokens
from mail.models import DEDUPE_LENGTH, Message, Preference, Suppression, address_hash

logger = logging.getLogger(__name__)

# After a bell that did not ring, this process leaves the broker alone: the sweep of the next minute finds the mail.
BELL_PAUSE_SECONDS = 15.0
_bell_silent_until = 0.0


@dataclass(frozen=True, slots=True)
class Draft:
    """One mail to be queued: to a person with an account (`user`), or to an address (`to`)."""

    dedupe: str
    user: User | None = None
    to: str | None = None
    ids: dict[str, int] = field(default_factory=dict)
    not_before: datetime | None = None
    expires_at: datetime | None = None
    context: str = ""


def queue(
    kind: str,
    *,
    user: User | None = None,
    to: str | None = None,
    ids: dict[str, int],
    dedupe: str,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
) -> Message | None:
    """Write one mail into the outbox, in the transaction of its cause, and ring the bell when that commits.

    Returns None, and writes nothing, if a row with this dedupe key exists. Raises ValueError for an unknown kind or
    without exactly one of `user` and `to`. What the mail says is decided when it is sent (mail.registry).
    """
    draft = Draft(dedupe=dedupe, user=user, to=to, ids=ids, not_before=not_before, expires_at=expires_at)
    rows = queue_many(kind, [draft])
    return rows[0] if rows else None


def queue_many(kind: str, drafts: Iterable[Draft]) -> list[Message]:
    """Write many mails of one kind with one statement; return the new rows, without those whose key exists.

    Rings the bell once. Raises like `queue`.
    """
    known = registry.find(kind)
    rows = {draft.dedupe: _row(known, draft) for draft in drafts}
    written = []
    for dedupe, pk, queued_at, not_before in _insert(list(rows.values())):
        row = rows[dedupe]
        row.pk, row.queued_at, row.not_before = pk, queued_at, not_before
        row._state.adding = False
        written.append(row)
    failpoint("queue.after_insert")
    if any(row.not_before <= row.queued_at for row in written):
        ring()
    return written


def _row(known: registry.Kind, draft: Draft) -> Message:
    if (draft.user is None) == (not draft.to):
        raise ValueError(f"{known.name}: a mail goes either to a user or to an address")
    if len(draft.dedupe) > DEDUPE_LENGTH:
        raise ValueError(f"{known.name}: the dedupe key is too long")
    message_id = new_message_id()
    row = Message(
        user=draft.user,
        to=draft.user.email if draft.user else draft.to or "",
        kind=known.name,
        preference=known.preference or "",
        priority=known.priority,
        ids=draft.ids,
        dedupe=draft.dedupe,
        message_id=message_id,
        reply_hash=tokens.new_reply_hash(known.name, message_id) if draft.user else "",
        context=draft.context,
        expires_at=draft.expires_at,
    )
    if draft.not_before is not None:
        row.not_before = draft.not_before
    return row


# bulk_create(ignore_conflicts=True) does not say which rows are new, and a savepoint for each mail costs two
# statements more. The times are the database's, as those that decide what is due.
_INSERT = """
INSERT INTO mail_message (user_id, "to", kind, preference, priority, ids, dedupe, message_id, context,
                          reply_hash, not_before, expires_at, queued_at, state, reason, tries, deaths)
VALUES {rows} ON CONFLICT (dedupe) DO NOTHING RETURNING dedupe, id, queued_at, not_before
"""
_VALUES = (
    "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, COALESCE(%s, statement_timestamp()), %s, statement_timestamp(),"
    " 'queued', '', 0, 0)"
)
_INSERT_ROWS = 500


def _insert(rows: list[Message]) -> list[tuple[str, int, datetime, datetime]]:
    """Store new rows and return (dedupe, pk, queued_at, not_before) of those that were not there."""
    written: list[tuple[str, int, datetime, datetime]] = []
    for start in range(0, len(rows), _INSERT_ROWS):
        part = rows[start : start + _INSERT_ROWS]
        values: list[Any] = []
        for row in part:
            context = encrypt(row.context)
            values += [row.user_id, row.to, row.kind, row.preference, row.priority, Jsonb(row.ids), row.dedupe]
            values += [row.message_id, context, row.reply_hash, row.not_before, row.expires_at]
        with connection.cursor() as cursor:
            cursor.execute(_INSERT.format(rows=", ".join([_VALUES] * len(part))), values)
            written += cursor.fetchall()
    return written


def new_message_id() -> str:
    """Return a Message-ID of this server (RFC 5322, 3.6.4), with 128 random bits."""
    return f"<{secrets.token_hex(16)}@{urlsplit(settings.BASE_URL).hostname}>"


def ring(task: str = "deliver") -> None:
    """Ask a worker, once this transaction commits, to run a task now and not at the next sweep.

    One of this app by its name, one of another app with its path, such as "contacts.tasks.work_on_imports".
    Never raises and never waits long: a lost bell costs a minute, not a mail and not a page.
    """
    knock = _KNOCKS.setdefault(task, partial(_knock, task))
    if any(knock == entry[1] for entry in connection.run_on_commit):
        return
    transaction.on_commit(knock, robust=True)


def _knock(task: str) -> None:
    global _bell_silent_until
    if time.monotonic() < _bell_silent_until:
        return
    failpoint("queue.before_bell")
    try:
        found: Any = import_string(task if "." in task else f"mail.tasks.{task}")
        found.apply_async(retry=False, ignore_result=True)
    except Exception as error:
        _bell_silent_until = time.monotonic() + BELL_PAUSE_SECONDS
        logger.warning("The bell of the outbox did not ring (%s); the sweep will send.", type(error).__name__)
    failpoint("queue.after_bell")


# One object for each, by which a transaction knows that it rings already.
_KNOCKS = {task: partial(_knock, task) for task in ("deliver", "settle_news", "take_answers")}


def set_preference(*, user: User, kind: str, on: bool) -> None:
    """Turn one kind of mail on or off for a person; raise ValueError for an unknown kind."""
    if kind not in registry.PREFERENCES:
        raise ValueError(f"there is no mail preference {kind!r}")
    Preference.objects.update_or_create(user=user, kind=kind, defaults={"is_on": on, "changed_at": timezone.now()})


def set_stopped(*, to_hash: str, stopped: bool) -> None:
    """Stop, or allow again, all mail of this server to a stranger's address, known by its `address_hash`."""
    Suppression.objects.update_or_create(
        address_hash=to_hash, defaults={"stopped_at": timezone.now() if stopped else None}
    )


def wants(*, user: User, kind: str) -> bool:
    """Tell whether a person wants mails of this kind."""
    return not Preference.objects.filter(user=user, kind=kind, is_on=False).exists()


def is_stopped_hash(to_hash: str) -> bool:
    """Tell whether the owner of the address with this `address_hash` wants no mail of this server."""
    return Suppression.objects.filter(address_hash=to_hash, stopped_at__isnull=False).exists()


def is_stopped(address: str) -> bool:
    """Tell whether the owner of an address wants no mail of this server."""
    return is_stopped_hash(address_hash(address))


def is_paused(address: str) -> bool:
    """Tell whether only account mail is tried at an address; pages say so to its owner."""
    return Suppression.objects.paused().filter(address_hash=address_hash(address)).exists()
