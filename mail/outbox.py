"""Sends what is due: claim, ask each kind what to say now, hand over, mark. Called by the tasks and by nobody else."""

import logging
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from core.failpoints import failpoint
from mail import bounces, registry
from mail.bounces import forget_refusals, note_refusal
from mail.leases import Lease, LeaseLostError, free_abandoned
from mail.letters import compose
from mail.models import DeliveryEvent, Message, OutboxState
from mail.registry import Content
from mail.services import ring
from mail.time_limit import TimeLimit
from mail.transport import BrokenError, LaterError, RefusedError, Transport, configured_transport

logger = logging.getLogger(__name__)

BATCH = 500
RENEW_EVERY = 20
# One call ends after this long, so that a stopping worker is not kept waiting; the bell calls the next.
RUN_SECONDS = 45
# What a mail says is asked again if it was asked longer ago than this: a share may have been withdrawn since.
STALE_SECONDS = 10
RENDER_SECONDS = 10
# After so many lost connections in a row the server is left alone for a while.
LOST_IN_A_ROW = 3
BREAKER_SECONDS, BREAKER_MAX_SECONDS = 15, 600
KEEP_DAYS = 90


def deliver() -> int:
    """Send what is due now and return how many mails left; answers the bell."""
    sender = Sender(configured_transport())
    try:
        sender.run()
    finally:
        sender.transport.close()
    failpoint("outbox.before_ack")
    return sender.sent


def sweep() -> int:
    """Do what must happen once a minute, then send what is due; return how many mails left."""
    state = _note_sweep()
    free_abandoned()
    _drop_expired()
    bounces.settle(now=timezone.now())
    sender = Sender(configured_transport())
    try:
        sender.run()
        sender.run(suspects=True)
    finally:
        sender.transport.close()
    if sender.sent and state.failures:
        OutboxState.objects.update(failures=0, broken_until=None, broken_reason="")
    failpoint("outbox.before_ack")
    return sender.sent


def housekeeping() -> None:
    """Forget mails that ended long ago, with their dedupe keys, and what was said about mails."""
    long_ago = timezone.now() - timedelta(days=KEEP_DAYS)
    DeliveryEvent.objects.filter(received_at__lt=long_ago).delete()
    Message.objects.finished_before(long_ago).delete()


def pause(reason: str) -> None:
    """Send nothing until `resume`; what is queued stays queued."""
    _set_state(paused_at=timezone.now(), pause_reason=reason[:200])
    logger.error("The outbox is paused: %s", reason)


def resume() -> None:
    """Send again, also if the mail server was found broken a moment ago."""
    _set_state(
        paused_at=None, pause_reason="", broken_until=None, broken_reason="", failures=0, cluster=_this_cluster()
    )
    ring()


def outbox_state() -> OutboxState:
    """Return the state of the outbox; a fresh one if no sweep ever ran."""
    return OutboxState.objects.filter(pk=1).first() or OutboxState(pk=1)


class Sender:
    """One run over the outbox with one transport. `sent` counts the mails that were accepted."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        self.sent = 0
        self._lost = 0  # connections, in a row
        self._is_broken = False
        self._deadline = time.monotonic() + RUN_SECONDS

    def run(self, *, suspects: bool = False) -> None:
        """Send batch after batch until nothing is due, time is up, or the mail server cannot be used."""
        limit = 1 if suspects else BATCH
        while not self._is_broken:
            failpoint("outbox.before_claim")
            lease = Lease()
            count = lease.claim(limit=limit, suspects=suspects)
            if not count:
                return
            failpoint("outbox.after_claim")
            self._send(lease)
            if self._is_late():
                ring()
                return
            if count < limit:  # whatever came since then rang the bell itself
                return

    def _is_late(self) -> bool:
        return time.monotonic() > self._deadline

    def _send(self, lease: Lease) -> None:
        rows = list(Message.objects.filter(lease=lease.key).with_recipient().order_by("priority", "not_before", "pk"))
        lease.ids = {row.pk for row in rows}
        size = len(rows)
        try:
            while rows and not self._is_broken and not self._is_late():
                done = self._send_fresh(lease, rows[:size])
                if done < size:
                    size = max(1, size // 4)  # the server is slow: ask for fewer at a time, later
                rows = rows[done:]
        finally:
            lease.release()

    def _send_fresh(self, lease: Lease, rows: list[Message]) -> int:
        """Ask what these mails say and send them while that is fresh; return how many rows are dealt with."""
        asked = time.monotonic()
        letters = _letters(rows, lease, self.transport, now=timezone.now())
        for done, message in enumerate(rows):
            if self._is_broken or (done and (self._is_late() or time.monotonic() - asked > STALE_SECONDS)):
                return done
            if message.pk in letters:
                self._send_one(lease, message, letters[message.pk])
                if (done + 1) % RENEW_EVERY == 0:
                    lease.keep()
        return len(rows)

    def _send_one(self, lease: Lease, message: Message, letter: Any) -> None:
        try:
            lease.check(message)
            provider_id = self.transport.send(letter, before_body=lambda: lease.check(message))
        except LeaseLostError:
            return
        except LaterError as error:
            lease.put_off(message, str(error))
            self._lost = self._lost + 1 if error.is_about_server else 0
            if self._lost >= LOST_IN_A_ROW:
                self._break(str(error))
            return
        except RefusedError as error:
            lease.finish([message], Message.State.FAILED, str(error))
            note_refusal(message.address)
            self._lost = 0
            return
        except BrokenError as error:
            self._break(str(error))
            return
        failpoint("outbox.after_accept")
        lease.mark_sent(message, provider_id)
        failpoint("outbox.after_mark")
        self.sent += 1
        self._lost = 0
        if message.has_bounced:
            forget_refusals(message.address)

    def _break(self, reason: str) -> None:
        """Let nobody try this mail server for a while, each time longer."""
        self._is_broken = True
        first = BREAKER_SECONDS
        with connection.cursor() as cursor:
            cursor.execute(_BREAK, [first, reason[:300], reason[:300], first, BREAKER_MAX_SECONDS])
        logger.error("The outbox waits, because of the mail server: %s", reason)


_BREAK = """
INSERT INTO mail_outboxstate (id, failures, broken_until, broken_reason, pause_reason, cluster)
VALUES (1, 1, statement_timestamp() + make_interval(secs => %s), %s, '', '')
ON CONFLICT (id) DO UPDATE SET failures = mail_outboxstate.failures + 1, broken_reason = %s,
    broken_until = statement_timestamp()
        + make_interval(secs => LEAST(%s * power(2, LEAST(mail_outboxstate.failures, 10)), %s))
"""


def _letters(rows: list[Message], lease: Lease, transport: Transport, *, now: datetime) -> dict[int, Any]:
    """Return, by pk, what the transport sends for each row that may be sent now; bring the others to their end."""
    wanted: dict[str, list[Message]] = defaultdict(list)
    skipped: dict[Message.Skip, list[Message]] = defaultdict(list)
    for message in rows:
        if reason := _obstacle(message, now):
            skipped[reason].append(message)
        else:
            wanted[message.kind].append(message)
    letters: dict[int, Any] = {}
    for name, messages in wanted.items():
        for message, letter in _of_one_kind(name, messages, lease, transport, now):
            if letter is None:
                skipped[Message.Skip.OUT_OF_SIGHT].append(message)
            else:
                letters[message.pk] = letter
    for reason, messages in skipped.items():
        lease.finish(messages, Message.State.SKIPPED, reason)
    return letters


def _obstacle(message: Message, now: datetime) -> Message.Skip | None:
    """Return why this mail must not be sent now, whatever it says; None if nothing stands against it."""
    skip = Message.Skip
    if message.expires_at is not None and message.expires_at <= now:
        return skip.EXPIRED
    if message.priority == registry.ACCOUNT:
        return None
    if message.is_paused:
        return skip.BOUNCING
    if message.user is None:
        return skip.STOPPED if message.is_stopped else None
    if not message.is_mailable:
        return skip.UNCONFIRMED
    return skip.SWITCHED_OFF if message.is_switched_off else None


def _of_one_kind(
    name: str, messages: list[Message], lease: Lease, transport: Transport, now: datetime
) -> Iterator[tuple[Message, Any]]:
    """Yield what the transport sends for each message, None where nothing may be said any more.

    A message over which the code fails is noted and left out.
    """
    together = _together(name, messages, now)
    with TimeLimit(RENDER_SECONDS) as limit:
        for message in messages:
            if lease.remaining() <= 0:
                lease.renew()
            try:
                with _in_time(limit):
                    contents = registry.find(name).contents([message], now=now) if together is None else together
                    content = contents.get(message.pk)
                    letter = transport.prepare(compose(message, content, now=now)) if content is not None else None
            except Exception as error:
                logger.exception("Mail %s (%s) could not be written.", message.pk, name)
                lease.note_crash(message, f"{type(error).__name__} while writing it")
            else:
                yield message, letter


def _together(name: str, messages: list[Message], now: datetime) -> dict[int, Content | None] | None:
    """Return what these messages say if their kind answers for many at once; None if each has to be asked alone."""
    try:
        kind = registry.find(name)
        if not kind.is_batch or len(messages) == 1:
            return None
        with TimeLimit(RENDER_SECONDS) as limit, _in_time(limit):
            return kind.contents(messages, now=now)
    except Exception:
        logger.exception("Mails of kind %s could not be written together; each is tried alone.", name)
        return None


@contextmanager
def _in_time(limit: TimeLimit) -> Iterator[None]:
    try:
        with limit.piece():
            yield
    except TimeoutError:
        connection.close()  # it may have been interrupted in the middle of a query
        raise


def _note_sweep() -> OutboxState:
    """Note that somebody looked, and pause if this database was restored from a backup since the last look.

    A restored outbox may hold mails that were sent after the backup was made, and mails of people who were deleted
    since. Its rows are in another cluster then, which the cluster's own number tells.
    """
    cluster = _this_cluster()
    _set_state(swept_at=timezone.now())
    state = outbox_state()
    if not state.cluster:
        _set_state(cluster=cluster)
    elif state.cluster != cluster and state.paused_at is None:
        pause("this database was restored; look at docs/deploy.md, then run: manage.py mail_resume")
    return state


def _this_cluster() -> str:
    """Return the number Postgres gave its data directory when it was made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT system_identifier::text FROM pg_control_system()")
        return str(cursor.fetchone()[0])


def _drop_expired() -> None:
    """End what nobody needs any more, so that no code or link outlives its use in the outbox."""
    now = timezone.now()
    end = {"state": Message.State.SKIPPED, "reason": Message.Skip.EXPIRED, "finished_at": now, "context": ""}
    Message.objects.expired(now).update(**end)


def _set_state(**values: object) -> None:
    OutboxState.objects.update_or_create(pk=1, defaults=values)
