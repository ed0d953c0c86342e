"""Mail that comes in: stored raw, encrypted and unread, and looked at afterwards by a worker.

What arrives is answered to its sender's server once it is stored, so a death on our side loses nothing and a second
delivery finds the first. A worker then looks at one mail at a time. What the mail causes and the note that it was looked
at are one transaction, so it has its effect once, however often a worker dies over it; an attempt is counted before it
begins, and after three the mail is given up and the rest flows on.
"""

import hashlib
import json
import logging
import time
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from core.failpoints import failpoint
from core.tokens import hash_token
from mail import bounces, registry, tokens
from mail.delivery_reports import is_report
from mail.letters import sender_address
from mail.models import Inbound, Message
from mail.registry import ReplyRefusedError
from mail.replies import UnreadableError, read
from mail.replies.reading import head, header, recipients_of, sender_of
from mail.services import queue, ring
from mail.time_limit import time_limit

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
# How long a worker has for one mail before another may try; also the pause after an error of ours.
ATTEMPT_SECONDS = 60
PARSE_SECONDS = 5
RUN_SECONDS = 45
KEEP_SET_ASIDE = timedelta(days=7)
KEEP_ROW = timedelta(days=90)
# No conversation has more answers to one mail; a mail program that runs wild, or a token that got out, may.
MAX_STORED_A_DAY = 20
KEEP_TOKEN_DAY = timedelta(days=2)
# Somebody whose mail program runs wild is told this often a day that it does.
MAX_NOTICES_A_DAY = 5

State, Reason = Inbound.State, Inbound.Reason


class NotForUsError(Exception):
    """A mail names no reply address of this server."""


@transaction.atomic
def receive(raw: bytes, *, via: str, sender: str | None, recipient: str, at: datetime) -> Inbound | None:
    """Store a mail that came in and ring the bell; None if it is there already, was a report about a mail of ours, or
    was dropped because so many came to its reply address today.

    `sender` and `recipient` are those of the envelope; None and "" where nobody told them. Raises NotForUsError, and
    stores nothing, for a mail to no reply address of ours: what people send to other addresses is not ours to keep.
    """
    top = head(raw)
    reply_hash = tokens.find_hash([recipient, *recipients_of(top)])
    # Other mail servers report to the sender's address, which is no reply address.
    is_noted = bounces.note_delivery_report(raw, now=at) if is_report(top) else False
    if not reply_hash:
        if is_noted:
            return None
        raise NotForUsError
    message_id = header(top, "Message-ID")
    identity = f"{message_id}\0{reply_hash}".encode() if message_id else raw
    key, token_day = hashlib.sha256(identity).hexdigest(), hash_token(f"{at:%Y-%m-%d} {reply_hash}")
    is_there = Inbound.objects.filter(key=key).exists()
    if not is_there and Inbound.objects.of_token_day(token_day).count() >= MAX_STORED_A_DAY:
        _drop(
            token_day, reply_hash, via=via, at=at, is_automatic=header(top, "Auto-Submitted").lower() not in {"", "no"}
        )
        return None
    row, is_new = Inbound.objects.get_or_create(
        key=key,
        defaults={
            "via": via,
            "raw": raw.decode("latin-1"),
            "raw_size": len(raw),
            "envelope": json.dumps({"sender": sender, "reply_hash": reply_hash}),
            "received_at": at,
            "not_before": at,
            "token_day": token_day,
        },
    )
    failpoint("inbound.after_insert")
    if not is_new:
        logger.info("inbound.duplicate %s", row.pk)
        return None
    ring("take_answers")
    return row


def _drop(token_day: str, reply_hash: str, *, via: str, at: datetime, is_automatic: bool) -> None:
    """Count a mail that is not kept, in one row for all of this reply address and day, and tell its owner the first time."""
    row, is_first = Inbound.objects.get_or_create(
        key=hash_token(f"{Reason.TOO_MANY} {token_day}"),
        defaults={
            "via": via,
            "state": State.REFUSED,
            "reason": Reason.TOO_MANY,
            "received_at": at,
            "not_before": at,
            "finished_at": at,
            "dropped": 1,
        },
    )
    logger.info("inbound.rejected %s %s", Reason.TOO_MANY, row.pk)
    if not is_first:
        Inbound.objects.filter(pk=row.pk).update(dropped=F("dropped") + 1)
    elif not is_automatic and (message := _answered(reply_hash)):
        _tell(row, message, key=f"{message.pk}:{Reason.TOO_MANY}:{at:%Y-%m-%d}", now=at)


def take_waiting() -> int:
    """Look at the mails that came in, those tried least first; return how many were dealt with."""
    deadline = time.monotonic() + RUN_SECONDS
    _give_up()
    done = 0
    while time.monotonic() < deadline and (claimed := _claim()):
        failpoint("inbound.after_claim")
        pk, attempt = claimed
        try:
            done += _take(pk, attempt)
            failpoint("inbound.after_commit")
        except Exception as error:
            # Never its words, nor a traceback with them: they may hold what the person wrote.
            logger.error("Inbound mail %s failed at attempt %s: %s.", pk, attempt, type(error).__name__)
    return done


def housekeeping() -> None:
    """Erase what was set aside for a week, forget mails that came long ago, and which mail the newer ones answered."""
    now = timezone.now()
    Inbound.objects.finished_before(now - KEEP_TOKEN_DAY).exclude(token_day="").update(token_day="")
    Inbound.objects.kept_since_before(now - KEEP_SET_ASIDE).update(raw="", envelope="", raw_size=0)
    Inbound.objects.finished_before(now - KEEP_ROW).delete()


def try_again() -> int:
    """Let mails that were given up be tried anew, as far as their text is still there; return how many."""
    given_up = Inbound.objects.filter(state=State.DEAD, raw_size__gt=0)
    count = given_up.update(state=State.WAITING, finished_at=None, attempts=0, not_before=timezone.now())
    ring("take_answers")
    return count


_CLAIM = """
UPDATE mail_inbound SET attempts = attempts + 1, not_before = statement_timestamp() + make_interval(secs => %s)
WHERE id = (
    SELECT id FROM mail_inbound
    WHERE state = 'waiting' AND not_before <= statement_timestamp() AND attempts < %s
    ORDER BY attempts, not_before, id LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING id, attempts
"""
_GIVE_UP = """
UPDATE mail_inbound SET state = 'dead', finished_at = statement_timestamp()
WHERE id IN (
    SELECT id FROM mail_inbound
    WHERE state = 'waiting' AND not_before <= statement_timestamp() AND attempts >= %s FOR UPDATE SKIP LOCKED
)
RETURNING id
"""


def _claim() -> tuple[int, int] | None:
    """Count an attempt at the next mail and return its pk and which attempt this is; None if none waits."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [ATTEMPT_SECONDS, MAX_ATTEMPTS])
        row: tuple[int, int] | None = cursor.fetchone()
    return row


def _give_up() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_UP, [MAX_ATTEMPTS])
        for (pk,) in cursor.fetchall():
            logger.error("Inbound mail %s is given up: %s attempts died or failed over it.", pk, MAX_ATTEMPTS)


@transaction.atomic
def _take(pk: int, attempt: int) -> bool:
    """Deal with one mail; False if another worker took it meanwhile."""
    row = Inbound.objects.select_for_update().filter(pk=pk, state=State.WAITING, attempts=attempt).first()
    if row is None:
        return False
    now = timezone.now()
    envelope = json.loads(row.envelope)
    message = _answered(envelope["reply_hash"])
    if message is None:
        _refuse(row, Reason.UNKNOWN, at=now)
        return True
    failpoint("inbound.before_use")
    _judge(row, message, envelope["sender"], now)
    failpoint("inbound.before_commit")
    return True


def _answered(reply_hash: str) -> Message | None:
    """Return the mail that has this reply address, if its recipient still has an account that mail goes to."""
    found = Message.objects.select_related("user").filter(reply_hash=reply_hash).first()
    return found if found and User.objects.mailable().filter(pk=found.user_id).exists() else None


def _judge(row: Inbound, message: Message, envelope_sender: str | None, now: datetime) -> None:
    """Use the answer if it may be used; else note why not, and tell its author."""
    raw = row.raw.encode("latin-1")
    sender = sender_of(head(raw))
    is_owner = EmailAddress.objects.filter(user=message.user_id, email__iexact=sender, verified=True).exists()
    own = frozenset({sender_address().lower()}) | ({sender} if tokens.is_reply_address(sender) else set())
    try:
        with time_limit(PARSE_SECONDS):
            reply = read(raw, own_addresses=own, envelope_sender=envelope_sender)
    except (UnreadableError, TimeoutError):
        # Whoever wrote it: a stranger's is not set aside, for nobody could read it either.
        return _refuse(row, Reason.UNREADABLE, at=now, tell=message if is_owner else None)
    if reply.is_automatic:
        return _refuse(row, Reason.AUTOMATIC, at=now)
    if not is_owner:
        return _refuse(row, Reason.SENDER, at=now, tell=message)
    if tokens.is_expired(message, now=now):
        return _refuse(row, Reason.EXPIRED, at=now, tell=message)
    if reply.answer is None:
        return _refuse(row, Reason.EMPTY, at=now, tell=message, attachments=reply.attachments)
    use, _ = registry.find_reply(message.kind)
    try:
        with transaction.atomic():
            use(message, reply.answer, at=now)
    except (ReplyRefusedError, PermissionDenied):
        return _refuse(row, Reason.CLOSED, at=now, tell=message)
    row.end(State.USED, at=now, attachments=reply.attachments)
    if reply.attachments:
        _tell(row, message, key=f"{message.pk}:attachments:{row.pk}", now=now)
    return None


def _refuse(row: Inbound, reason: str, *, at: datetime, tell: Message | None = None, attachments: int = 0) -> None:
    state = State.QUARANTINED if reason == Reason.SENDER else State.REFUSED
    row.end(state, at=at, reason=reason, attachments=attachments)
    logger.info("inbound.rejected %s %s", reason, row.pk)
    if tell is not None:
        _tell(row, tell, key=f"{tell.pk}:{reason}", now=at)


def _tell(row: Inbound, message: Message, *, key: str, now: datetime) -> None:
    """Tell the person whom the answered mail went to, at their own address, and not too often."""
    recent = Message.objects.filter(kind="reply_notice", user=message.user_id, queued_at__gt=now - timedelta(days=1))
    if recent.count() < MAX_NOTICES_A_DAY:
        ids = {"inbound": row.pk, "message": message.pk}
        queue("reply_notice", user=message.user, ids=ids, dedupe=f"reply_notice:{key}")
