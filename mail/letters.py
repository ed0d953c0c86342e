"""Turns what a kind says into a finished mail: templates, footer, headers."""

import re
from datetime import datetime
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template import Context
from django.utils.safestring import SafeString

from mail import registry
from mail.links import unsubscribe_url
from mail.mime import Letter
from mail.models import Message
from mail.registry import Content
from mail.templates import mail_template
from mail.tokens import reply_address

_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+\n")


def compose(message: Message, content: Content, *, now: datetime) -> Letter:
    """Render `content` for the recipient of `message` and give it the headers of its kind."""
    is_account_mail = message.priority == registry.ACCOUNT
    stop_url = "" if is_account_mail else unsubscribe_url(message)
    reply_to = reply_address(message)
    context = Context(
        {
            **_shared(),
            "recipient": message.user,
            "why": content.why,
            "unsubscribe_url": stop_url,
            "can_reply": bool(reply_to),
            **content.context,
        }
    )
    subject = _render(f"{content.template}/subject.txt", context, autoescape=False)
    text = _render(f"{content.template}/body.txt", context, autoescape=False)
    context["subject"] = subject = " ".join(subject.split())
    return Letter(
        from_name=settings.INSTANCE_NAME,
        from_address=sender_address(),
        to=message.address,
        subject=subject,
        text=_BLANK_LINES.sub("\n\n", text).strip() + "\n",
        html=_render(f"{content.template}/body.html", context, autoescape=True),
        headers=_headers(message, stop_url, reply_to, now),
        calendar=content.calendar,
    )


def sender_address() -> str:
    """Return the address from which all mail of this server comes, without a name."""
    return _bare_address(settings.DEFAULT_FROM_EMAIL)


@lru_cache(maxsize=8)
def _bare_address(sender: str) -> str:
    return parseaddr(sender)[1]


def piece(name: str, **context: Any) -> SafeString:
    """Render a piece that is the same in many mails, for its kind to keep: a .html one or a .txt one."""
    return mail_template(name).render(Context(_shared() | context, autoescape=name.endswith(".html")))


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


def _shared() -> dict[str, Any]:
    """Return what every mail knows of this server; links never come from a request."""
    return {
        "base_url": settings.BASE_URL,
        "preferences_url": f"{settings.BASE_URL}/settings/mails/",
        "instance": {
            "name": settings.INSTANCE_NAME,
            "operator": settings.OPERATOR_NAME,
            "operator_email": settings.OPERATOR_EMAIL,
            "base_url": settings.BASE_URL,
        },
    }


def _render(name: str, context: Context, *, autoescape: bool) -> str:
    context.autoescape = autoescape
    return mail_template(name).render(context)
