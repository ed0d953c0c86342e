"""Turns what a kind says into a finished mail: templates, footer, headers."""

import re
from datetime import datetime
from email.utils import format_datetime, parseaddr
from functools import lru_cache

from django.conf import settings

from mail import registry
from mail.links import unsubscribe_url
from mail.mime import Letter
from mail.models import Message
from mail.registry import Content
from mail.stencils import fill_in
from mail.templates import known_to_all, piece
from mail.tokens import reply_address

_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+\n")


def compose(message: Message, content: Content, *, now: datetime) -> Letter:
    """Render `content` for the recipient of `message` and give it the headers of its kind."""
    is_account_mail = message.priority == registry.ACCOUNT
    stop_url = "" if is_account_mail else unsubscribe_url(message)
    reply_to = reply_address(message)
    context = {
        **known_to_all(),
        "recipient": message.user is not None,
        "can_reply": bool(reply_to),
        **content.context,
    }
    words = {"why": content.why, "unsubscribe_url": stop_url, **content.words}

    def draw(name: str) -> str:
        return fill_in(name, words, context) if content.words else piece(name, **context, **words)

    subject, text = draw(f"{content.template}/subject.txt"), draw(f"{content.template}/body.txt")
    words["subject"] = subject = " ".join(subject.split())
    return Letter(
        from_name=settings.INSTANCE_NAME,
        from_address=sender_address(),
        to=message.address,
        subject=subject,
        text=_BLANK_LINES.sub("\n\n", text).strip() + "\n",
        html=draw(f"{content.template}/body.html"),
        headers=_headers(message, stop_url, reply_to, now),
        calendar=content.calendar,
    )


def sender_address() -> str:
    """Return the address from which all mail of this server comes, without a name."""
    return _bare_address(settings.DEFAULT_FROM_EMAIL)


@lru_cache(maxsize=8)
def _bare_address(sender: str) -> str:
    return parseaddr(sender)[1]


def _headers(message: Message, stop_url: str, reply_to: str, now: datetime) -> dict[str, str]:
    headers = {
        "Date": format_datetime(now),
        "Message-ID": message.message_id,
        "Auto-Submitted": "auto-generated",  # RFC 3834: no holiday notes in answer to this
        "X-Auto-Response-Suppress": "All",  # the same for Exchange
    }
    if reply_to:
        headers["Reply-To"] = reply_to
    if stop_url:
        headers["List-Unsubscribe"] = f"<{stop_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    return headers
