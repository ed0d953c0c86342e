"""Who may send which row, and what became of it: every statement that moves a row from state to state.

A row is claimed for a minute under a lease (a random id). The lease is stored and committed before anything is sent,
it runs by the database's clock, and only its holder may send. Nothing here opens a transaction: each statement stands
alone and is safe to repeat.
"""

import logging
import random
import time
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from core.compiled import PreparedStatement
from mail.models import PROVIDER_ID_LENGTH, Message
from mail.transport import read_seconds

logger = logging.getLogger(__name__)

MAX_DEATHS = 3
CRASH_SECONDS = 60  # until a mail over which our own code failed is tried again
# Seconds until the next try after each "not now"; together at least 25 hours at the lowest jitter, then it is given up.
RETRY_SECONDS = (60, 300, 900, 1800, 3600, 2 * 3600, 4 * 3600, 8 * 3600, 12 * 3600)
JITTER = (0.9, 1.2)
# A lease that still has this share of its time is not renewed: fast senders would ask fifteen times a second.
KEEP_SHARE = 0.9
# A holder that lost the database mid-way gets this long after its return to say what it has sent.
REPORT_SECONDS = 15
REPORT_PATIENCE_SECONDS = 120

# Unlike CLOCK_MONOTONIC this one also runs while the machine sleeps.
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def _now() -> float:
    return time.clock_gettime(_CLOCK)


class LeaseLostError(Exception):
    """The row is no longer ours to send."""


_CLAIM = """
WITH due AS MATERIALIZED (
    SELECT id FROM mail_message
    WHERE state = 'queued' AND not_before <= statement_timestamp() AND {which}
      AND NOT EXISTS (SELECT FROM mail_outboxstate
                      WHERE paused_at IS NOT NULL OR broken_until > statement_timestamp())
    ORDER BY priority, not_before, id LIMIT %s FOR UPDATE SKIP LOCKED
)
UPDATE mail_message SET state = 'sending', lease = %s, lease_until = statement_timestamp() + make_interval(secs => %s)
FROM due WHERE mail_message.id = due.id
"""
_RENEW = """
UPDATE mail_message SET lease_until = statement_timestamp() + make_interval(secs => %s) WHERE lease = %s AND state = 'sending' RETURNING id
"""
_SENT = PreparedStatement("""
UPDATE mail_message SET state = 'sent', "to" = %s, finished_at = statement_timestamp(), reason = '', context = '',
    provider_id = %s, lease = NULL, lease_until = NULL
WHERE id = %s AND state IN ('queued', 'sending')
""")
_LATER = """
UPDATE mail_message SET tries = tries + 1, reason = %s, lease = NULL, lease_until = NULL,
    state = CASE WHEN tries + 1 > %s THEN 'dead' ELSE 'queued' END,
    finished_at = CASE WHEN tries + 1 > %s THEN statement_timestamp() END,
    context = CASE WHEN tries + 1 > %s THEN '' ELSE context END,
    not_before = statement_timestamp() + make_interval(secs => %s)
WHERE id = %s AND lease = %s RETURNING state
"""
_DIED = """
UPDATE mail_message SET deaths = deaths + 1, reason = %s, lease = NULL, lease_until = NULL,
    state = CASE WHEN deaths + 1 >= %s THEN 'dead' ELSE 'queued' END,
    finished_at = CASE WHEN deaths + 1 >= %s THEN statement_timestamp() END,
    context = CASE WHEN deaths + 1 >= %s THEN '' ELSE context END,
    not_before = GREATEST(not_before, statement_timestamp() + make_interval(secs => %s))
WHERE {which} RETURNING id, kind, state
"""


class Lease:
    """A batch of rows that this process alone may send until `remaining()` seconds are over."""

    def __init__(self) -> None:
        self.key = uuid.uuid4()
        self.ids: set[int] = set()
        self.seconds = max(settings.MAIL_LEASE_SECONDS, 2 * read_seconds())
        # The last moment at which a mail may be begun: its answer can take as long as the read timeout.
        self.margin = read_seconds()
        self._ends = 0.0

    def claim(self, *, limit: int, suspects: bool = False) -> int:
        """Take up to `limit` due rows, most urgent first; return how many.

        Suspects are rows whose holder died once: they are claimed apart, one by one, so that the one that kills its
        worker takes no other with it.
        """
        begun = _now()
        statement = _CLAIM.format(which="deaths > 0" if suspects else "deaths = 0")
        with connection.cursor() as cursor:
            cursor.execute(statement, [limit, self.key, self.seconds])
            count = cursor.rowcount
        self._ends = begun + self.seconds
        return count

    def remaining(self) -> float:
        """Return for how many seconds a mail may still be begun."""
        return self._ends - self.margin - _now()

    def renew(self) -> None:
        """Make the lease run anew, and forget rows that are no longer ours."""
        begun = _now()
        with connection.cursor() as cursor:
            cursor.execute(_RENEW, [self.seconds, self.key])
            self.ids = {pk for (pk,) in cursor.fetchall()}
        self._ends = begun + self.seconds

    def keep(self) -> None:
        """Renew the lease unless that was done a moment ago; called every few mails."""
        if self._ends - _now() < self.seconds * KEEP_SHARE:
            self.renew()

    def check(self, message: Message) -> None:
        """Make sure that the row may be handed over now, renewing where time is short; raise LeaseLostError if not."""
        if self.remaining() <= 0:
            self.renew()
        if message.pk not in self.ids:
            raise LeaseLostError(message.pk)

    def mark_sent(self, message: Message, provider_id: str = "") -> None:
        """Note that the mail was accepted, and what the mail provider calls it, if that is not our Message-ID.

        True whoever holds the row by now, so the lease is not asked for.
        """
        other = "" if provider_id == message.message_id else provider_id[:PROVIDER_ID_LENGTH]
        _report(lambda: _SENT.execute(message.address, other, message.pk))
        self.ids.discard(message.pk)

    def put_off(self, message: Message, reason: str) -> None:
        """Try again later, each time later; after the last try the row is dead."""
        step = min(message.tries, len(RETRY_SECONDS) - 1)
        delay = RETRY_SECONDS[step] * random.uniform(*JITTER)  # noqa: S311 - no secret
        limit = len(RETRY_SECONDS)
        values = [reason[:300], limit, limit, limit, delay, message.pk, self.key]
        rows = _report(lambda: _fetch(_LATER, values))
        self.ids.discard(message.pk)
        if rows and rows[0][0] == Message.State.DEAD:
            logger.error("Mail %s (%s) is given up after %s tries.", message.pk, message.kind, limit + 1)

    def note_crash(self, message: Message, reason: str) -> None:
        """Count an error of our own like a death of the worker; try again in a while, or give up."""
        values = [reason[:300], MAX_DEATHS, MAX_DEATHS, MAX_DEATHS, CRASH_SECONDS, message.pk, self.key]
        report_deaths(_fetch(_DIED.format(which="id = %s AND lease = %s"), values))
        self.ids.discard(message.pk)

    def finish(self, messages: Iterable[Message], state: Message.State, reason: str) -> None:
        """Bring rows to an end without sending: skipped, or failed."""
        pks = [message.pk for message in messages]
        _report(
            lambda: _execute(
                "UPDATE mail_message SET state = %s, reason = %s, finished_at = statement_timestamp(), context = '',"
                " lease = NULL, lease_until = NULL WHERE id = ANY(%s) AND lease = %s",
                [state.value, reason[:300], pks, self.key],
            )
        )
        self.ids.difference_update(pks)

    def release(self) -> None:
        """Give back what was not sent, as if it had not been claimed."""
        if self.ids:
            _report(
                lambda: _execute(
                    "UPDATE mail_message SET state = 'queued', lease = NULL, lease_until = NULL WHERE lease = %s",
                    [self.key],
                )
            )
            self.ids.clear()


def free_abandoned() -> int:
    """Take back what dead workers held, counting the death; return how many rows that were.

    After a restart of the database its clients come first: one of them may have a mail to report as sent.
    """
    which = (
        "state = 'sending' AND lease_until < statement_timestamp()"
        " AND pg_postmaster_start_time() < statement_timestamp() - make_interval(secs => %s)"
    )
    values = ["the worker holding it died", MAX_DEATHS, MAX_DEATHS, MAX_DEATHS, 0]
    return report_deaths(_fetch(_DIED.format(which=which), [*values, REPORT_SECONDS]))


def report_deaths(rows: list[tuple[int, str, str]]) -> int:
    """Say aloud which rows died for the last time; return how many died at all."""
    for pk, kind, state in rows:
        if state == Message.State.DEAD:
            logger.error("Mail %s (%s) is dead: %s workers died or failed over it.", pk, kind, MAX_DEATHS)
    return len(rows)


def _execute(statement: str, values: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def _fetch(statement: str, values: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def _report(statement: Callable[[], Any]) -> Any:
    """Run a statement that must not be lost: what was sent is known only here. Retries while the database is away."""
    deadline = _now() + REPORT_PATIENCE_SECONDS
    pause = 0.05
    while True:
        try:
            return statement()
        except (OperationalError, InterfaceError):
            if _now() > deadline or connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(pause)
            pause = min(1.0, pause * 2)
