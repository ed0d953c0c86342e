"""The mails of the outbox itself, and about answers that could not be used."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from accounts.models import User
from mail import (
    account_mail,  # noqa: F401 - registers the kind of account mail
    bounces,
)
from mail.models import Inbound, Message
from mail.registry import Content, find_reply, kind
from mail.services import queue

TESTS_A_DAY = 3
TEST_LIFE = timedelta(days=1)


@kind("test", words="A test, as you asked", preference=None)
def test(message: Message, *, now: datetime) -> Content:
    """Show that mail arrives."""
    return Content(
        "mail/emails/test",
        {"asked_at": f"{now:%-d %B %Y, %H:%M} UTC"},
        f"You get this because you asked {settings.INSTANCE_NAME} for a test mail.",
    )


def send_test(*, user: User | None = None, to: str | None = None) -> Message | None:
    """Queue a mail that only shows that mail arrives."""
    return queue("test", user=user, to=to, ids={}, dedupe=f"test:{uuid.uuid4()}")


@transaction.atomic
def ask_for_test(*, user: User, now: datetime, again: bool = False) -> Message | None:
    """Queue a test mail for somebody who wants to see whether mail arrives; None after a few on this local day.

    `again` first lets mails through to an address at which they came back; another one that comes back stops them anew.
    """
    User.objects.select_for_update().get(pk=user.pk)  # two clicks take turns, so each counts
    start = f"test:{user.pk}:{user.today(now).isoformat()}:"
    asked = Message.objects.filter(user=user, kind="test", dedupe__startswith=start).count()
    if asked >= TESTS_A_DAY:
        return None
    if again:
        bounces.try_again(user.email, now=now)
    return queue("test", user=user, ids={}, dedupe=f"{start}{asked + 1}", expires_at=now + TEST_LIFE)


@kind("reply_notice", words="About your answer by email", preference=None)
def reply_notice(message: Message, *, now: datetime) -> Content | None:
    """Tell somebody that their answer by mail was not used, or that its attachments were left out; no word of it."""
    inbound = Inbound.objects.filter(pk=message.ids["inbound"]).first()
    answered = Message.objects.filter(pk=message.ids["message"], user=message.user_id).first()
    if inbound is None or answered is None:
        return None
    _, about = find_reply(answered.kind)
    return Content(
        "mail/emails/reply_notice",
        {
            "about": about,
            "reason": inbound.reason,
            "attachments": inbound.attachments,
            "address": message.user.email if message.user else "",
            "is_used": inbound.state == Inbound.State.USED,
        },
        "You get this once, because an email came as your answer.",
    )
