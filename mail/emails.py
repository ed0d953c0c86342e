"""The mails of the outbox itself."""

import uuid
from datetime import datetime

from django.conf import settings

from accounts.models import User
from mail import account_mail  # noqa: F401 - registers the kind of account mail
from mail.models import Message
from mail.registry import Content, kind
from mail.services import queue


@kind("test", preference=None)
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
