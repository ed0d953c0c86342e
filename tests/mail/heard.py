"""What is sent, what is heard of it, and what then becomes of the next mail: for the tests of bounces."""

from datetime import UTC, datetime

from mail import bounces, outbox
from mail.models import DeliveryEvent
from mail.news import News
from tests.factories.accounts import UserFactory
from tests.mail.queued import queue

What = DeliveryEvent.What


def now():
    return datetime.now(UTC)


def sent(user=None, kind="test_note", dedupe="1", **to):
    """Return a mail that was sent."""
    message = queue(kind, dedupe, **(to or {"user": user or UserFactory()}))
    outbox.deliver()
    message.refresh_from_db()
    assert message.state == "sent"
    return message


def hear(message, what, *, at=None, to=None, reference=None, source="postmark"):
    """Hear something about a mail, and deal with it."""
    news = News(source, reference or message.message_id, to or message.to, What(what), at or now(), "")
    bounces.take([news], now=now())
    bounces.settle(now=now())


def outcome(user, kind="test_note", dedupe="next"):
    """Return what becomes of the next mail."""
    message = queue(kind, dedupe, user=user)
    outbox.deliver()
    message.refresh_from_db()
    return f"{message.state} {message.reason}".strip()


BOUNCING = "skipped the address keeps refusing mail"
