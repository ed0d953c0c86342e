"""What became of mails after they left: refusals, bounces, spam reports. The one place that decides what follows.

A mail that came back for good stops list mail to its address until that is mended; mails that keep being put off let the
address rest for a week; a spam report stops just that kind of mail. Account mail is never stopped
(docs/decisions/0094-bounces.md).

News comes by webhook (mail.providers) and by mail (mail.delivery_reports). `take` stores it, so that it can be answered
at once, and `settle` deals with it in a worker.
"""

import hashlib
import logging
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Q

from accounts.models import User
from core.text import clean_line
from mail import registry, services
from mail.delivery_reports import is_report, read_report
from mail.mime import ascii_address
from mail.models import PROVIDER_ID_LENGTH, DeliveryEvent, Message, Preference, Suppression, address_hash
from mail.news import News

logger = logging.getLogger(__name__)

What, State = DeliveryEvent.What, DeliveryEvent.State
REFUSALS_UNTIL_PAUSE = 2
# News can be quicker than our own note that the mail left. After this long, nobody here has sent it.
PATIENCE = timedelta(minutes=15)
LOOK_AGAIN = timedelta(minutes=1)
SETTLE_AT_ONCE = 1000
# Providers repeat for some days what they could not deliver; what is older is a mistake or a forgery.
OLDEST = timedelta(days=30)


def take(news: Iterable[News], *, now: datetime) -> int:
    """Store what is new, ring for somebody to deal with it, and return how many rows that were meant to be.

    Repeats are left out by the database. That a mail arrived is worth a row only where there was trouble before.
    """
    rows = [_row(each, now) for each in news]
    if arrived := {row.to_hash for row in rows if row.what == What.DELIVERED}:
        troubled = Suppression.objects.filter(Q(paused_at__isnull=False) | Q(points__gt=0) | Q(bounces__gt=0))
        known = set(troubled.filter(address_hash__in=arrived).values_list("address_hash", flat=True))
        rows = [row for row in rows if row.what != What.DELIVERED or row.to_hash in known]
    if rows:
        with transaction.atomic():
            DeliveryEvent.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
            services.ring("settle_news")
    return len(rows)


def note_delivery_report(raw: bytes, *, now: datetime) -> bool:
    """Take what a mail says about one of ours if it is a bounce or a spam report; tell whether it was about ours.

    Anybody can send one, so nothing is stored of a report that names no mail of this server.
    """
    try:
        mail = message_from_bytes(raw)
        news = read_report(mail, now=now) if is_report(mail) else []
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        # The parser meets mails that break every rule.
        logger.info("inbound.rejected report: not readable (%s)", type(error).__name__)
        return False
    if not news or not Message.objects.filter(message_id=news[0].reference).exists():
        return False
    take(news, now=now)
    return True


def _row(news: News, now: datetime) -> DeliveryEvent:
    to_hash = address_hash(clean_line(news.recipient))
    reference = clean_line(news.reference)[:PROVIDER_ID_LENGTH]
    at = news.at if news.at.tzinfo else news.at.replace(tzinfo=UTC)
    return DeliveryEvent(
        source=news.source,
        key=hashlib.sha256(f"{reference}\n{to_hash}\n{news.what}".encode()).hexdigest(),
        reference=reference,
        to_hash=to_hash,
        what=news.what,
        status=news.status,
        happened_at=min(max(at, now - OLDEST), now),
        received_at=now,
        look_at=now,
    )


def settle(*, now: datetime) -> int:
    """Deal with the news that waits and return how many pieces that were; each stands in a transaction of its own."""
    done = 0
    while done < SETTLE_AT_ONCE and _settle_next(now):
        done += 1
    return done


@transaction.atomic
def _settle_next(now: datetime) -> bool:
    event = DeliveryEvent.objects.select_for_update(skip_locked=True).open(now).order_by("look_at", "pk").first()
    if event is None:
        return False
    try:
        with transaction.atomic():
            _judge(event, now)
            event.save(update_fields=["state", "reason", "message", "look_at"])
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("News %s about a mail could not be dealt with.", event.pk)
        fields = {"state": State.IGNORED, "reason": "our own code failed", "message": None}
        DeliveryEvent.objects.filter(pk=event.pk).update(**fields)
    return True


def _judge(event: DeliveryEvent, now: datetime) -> None:
    """Decide whether an event counts, and draw the consequence if it does."""
    message = _find(event.reference)
    if message is None or message.finished_at is None:
        if now - event.received_at < PATIENCE:
            event.look_at = now + LOOK_AGAIN
            return
        _ignore(event, "no mail of ours has this name")
    elif message.state != Message.State.SENT:
        _ignore(event, "this mail was not sent")
    elif address_hash(ascii_address(message.to)) != event.to_hash:
        _ignore(event, "this mail went to another address")
    elif message.delivery_events.filter(state=State.COUNTED, what=event.what).exists():
        _ignore(event, "this was said before")
    else:
        event.state, event.message = State.COUNTED, message
        if event.what in {What.COMPLAINED, What.UNSUBSCRIBED}:
            _stop_kind(message, at=event.happened_at)
        else:
            _note_on_address(message.to, event.what, at=event.happened_at, now=now)


def _find(reference: str) -> Message | None:
    """Return the mail that bears this Message-ID, or this name at the provider, locked until the event is stored."""
    messages = Message.objects.select_for_update(of=("self",), no_key=True).select_related("user")
    found = messages.filter(message_id=reference).first()
    return found or messages.exclude(provider_id="").filter(provider_id=reference).order_by("pk").first()


def _ignore(event: DeliveryEvent, reason: str) -> None:
    event.state, event.reason = State.IGNORED, reason
    logger.info("inbound.rejected event %s of %s: %s", event.what, event.source, reason)


def _note_on_address(address: str, what: str, *, at: datetime, now: datetime) -> None:
    rows = Suppression.objects.select_for_update()
    if what == What.DELIVERED:
        row = rows.filter(address_hash=address_hash(address)).first()
        if row is None:
            return
        row.arrive(at=at)
    else:
        row, _ = rows.get_or_create(address_hash=address_hash(address))
        if what == What.BOUNCED:
            row.bounce(at=at)
        else:
            row.put_off(at=at, now=now)
    row.save()


def _stop_kind(message: Message, *, at: datetime) -> None:
    """Stop the kind of mail somebody complained about: that switch of theirs, or all mail to a stranger.

    What they switched on after they complained stays on. A mail that has no switch changes nothing for people with an
    account, nor does one at an address they left.
    """
    user = message.user
    if user is None:
        if message.priority != registry.ACCOUNT or not User.objects.filter(email__iexact=message.to).exists():
            services.set_stopped(to_hash=address_hash(message.to), stopped=True)
    elif message.preference and address_hash(user.email) == address_hash(message.to):
        touched = Preference.objects.filter(user=user, kind=message.preference, changed_at__gt=at)
        if not touched.exists():
            services.set_preference(user=user, kind=message.preference, on=False)


def note_arrival(address: str, *, now: datetime) -> None:
    """Note that a mail arrived for sure: its reader entered the code that was in it."""
    with transaction.atomic():
        _note_on_address(address, What.DELIVERED, at=now, now=now)


def try_again(address: str, *, now: datetime) -> None:
    """Let list mail to an address through again, because its owner says that it works now."""
    with transaction.atomic():
        row = Suppression.objects.select_for_update().filter(address_hash=address_hash(address)).first()
        if row is not None:
            row.try_again(at=now)
            row.save()


# Called between mails, outside of any transaction: each is one statement that is safe to repeat.
_REFUSED = """
INSERT INTO mail_suppression (address_hash, bounces) VALUES (%s, 1) ON CONFLICT (address_hash) DO UPDATE SET
    bounces = LEAST(mail_suppression.bounces + 1, 1000),
    paused_at = CASE WHEN {now_refused} THEN statement_timestamp() ELSE mail_suppression.paused_at END,
    paused_until = CASE WHEN {now_refused} THEN NULL ELSE mail_suppression.paused_until END,
    cause = CASE WHEN {now_refused} THEN 'refused' ELSE mail_suppression.cause END
""".format(
    now_refused=f"mail_suppression.bounces + 1 >= {REFUSALS_UNTIL_PAUSE} AND mail_suppression.cause IN ('', 'resting')"
)
_TAKEN = """
UPDATE mail_suppression SET bounces = 0,
    paused_at = CASE WHEN cause = 'refused' THEN NULL ELSE paused_at END,
    cause = CASE WHEN cause = 'refused' THEN '' ELSE cause END
WHERE address_hash = %s
"""


def note_refusal(address: str) -> None:
    """Count a refusal for good at hand-over; after the second in a row only account mail is tried at this address."""
    with connection.cursor() as cursor:
        cursor.execute(_REFUSED, [address_hash(address)])


def forget_refusals(address: str) -> None:
    """Note that the mail server takes mail for this address again. Whether it arrives, only later news can tell."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN, [address_hash(address)])
