"""Turns what a kind says into a finished mail: templates, footer, headers."""

import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from typing import Any

from django.conf import settings

from mail import registry
from mail.links import unsubscribe_url
from mail.mime import Letter
from mail.models import Message
from mail.registry import Content
from mail.stencils import fill_in, one_line
from mail.templates import known_to_all, piece
from mail.tokens import reply_address

_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")


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
    subject, text, html = (fill_in if content.words else _drawn)(content.template, words, context)
    return Letter(
        from_name=settings.INSTANCE_NAME,
        from_address=sender_address(),
        to=message.address,
        subject=subject,
        text=_BLANK_LINES.sub("\n\n", text).strip() + "\n",
        html=html,
        headers=_headers(message, stop_url, reply_to, now),
        calendar=content.calendar,
    )


def _drawn(folder: str, words: Mapping[str, str], context: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return subject, text and HTML of a mail like few others."""
    known = {**context, **words}
    subject, text = one_line(piece(f"{folder}/subject.txt", **known)), piece(f"{folder}/body.txt", **known)
    return subject, text, piece(f"{folder}/body.html", **known, subject=subject)


def sender_address() -> str:
    """Return the address from which all mail of this server comes, without a name."""
    return _bare_address(settings.DEFAULT_FROM_EMAIL)


@lru_cache(maxsize=8)
def _bare_address(sender: str) -> str:
    return parseaddr(sender)[1]


@lru_cache(maxsize=8)
def _date(now: datetime) -> str:
    """Return the moment at which a batch of mails is written as RFC 5322 has it."""
    return format_datetime(now)


def _headers(message: Message, stop_url: str, reply_to: str, now: datetime) -> dict[str, str]:
    headers = {
        "Date": _date(now),
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
