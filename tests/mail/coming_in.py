"""Mails that come in, for tests: written as their sender's program would."""

from django.utils import timezone

from mail import inbound, registry, tokens
from mail.emails import reply_notice
from mail.letters import compose
from mail.models import Message

DOMAIN = "in.waymark.test"
SECRET = "I told nobody but this journal"


def reply_address(message):
    return tokens.reply_address(Message.objects.get(pk=message.pk))


def reply_mail(message, words="Thank you, I will.", *, sender=None, headers="", message_id="<1@example.org>"):
    """Return the raw reply to a mail of ours, from its recipient unless said otherwise."""
    sender = sender or message.user.email
    return (
        f"From: Somebody <{sender}>\nTo: Waymark <{reply_address(message)}>\nSubject: Re: A mail\n"
        f"Message-ID: {message_id}\n{headers}Content-Type: text/plain; charset=utf-8\n\n{words}\n"
    ).encode()


def arrive(raw, *, sender=None, recipient=""):
    """Let a mail come in and be looked at; return its row, None for a duplicate."""
    row = inbound.receive(raw, via="command", sender=sender, recipient=recipient, at=timezone.now())
    inbound.take_waiting()
    if row is not None:
        row.refresh_from_db()
    return row


def notices():
    return Message.objects.filter(kind="reply_notice")


def become(monkeypatch, function):
    monkeypatch.setattr(registry, "_replies", {"test_note": (function, "a note")})


def said_in(notice):
    letter = compose(notice, reply_notice(notice, now=timezone.now()), now=timezone.now())
    return " ".join(f"{letter.subject} {letter.text} {letter.html}".split())
