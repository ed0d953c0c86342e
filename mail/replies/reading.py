"""Takes a raw mail apart: within limits, with headers as they are and texts as they were meant."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from email.utils import getaddresses

from core.text import clean_text
from mail.registry import Answer
from mail.replies import armour, automatic
from mail.replies.charsets import decode
from mail.replies.flowed import unflow
from mail.replies.html import to_text
from mail.replies.split import split

MAX_BYTES = 5 * 1024 * 1024
MAX_HEAD = 256 * 1024
MAX_HEADER = 4000  # of one header; addresses beyond that are nobody's
MAX_DEPTH = 20
MAX_PARTS = 100
MAX_TEXT = 400_000  # characters of all text parts together, as HTML

_NESTING = re.compile(rb"boundary\s*=|message/(?:rfc822|global)", re.IGNORECASE)
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
# Where a mail server or program says whom a mail was for; the envelope, if known, is asked before these.
_RECIPIENT_HEADERS = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Forwarded-To", "To", "Cc")
# Signatures, and the key Thunderbird sends along with them.
_NOT_ATTACHED = {
    "application/pgp-signature",
    "application/pgp-keys",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
}
_SEALED = {"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"}


class UnreadableError(Exception):
    """A mail is too large, too deep, too slow to take apart, or closed to us."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A mail taken apart. `sender` is empty unless exactly one address stands in From.

    `is_automatic` tells that a machine wrote it. `answer` is None where nothing new was written.
    """

    message_id: str
    sender: str
    recipients: tuple[str, ...]
    is_automatic: bool
    answer: Answer | None
    attachments: int


def read(raw: bytes, *, own_addresses: frozenset[str] = frozenset(), envelope_sender: str | None = None) -> Reply:
    """Take a mail apart; raises UnreadableError. Mail from one of `own_addresses` counts as a machine's."""
    mail = parse(raw)
    parts = _parts(mail)
    sender = sender_of(mail)
    is_automatic = automatic.is_automatic(mail, parts, sender, envelope_sender) or sender in own_addresses
    return Reply(
        message_id=header(mail, "Message-ID").strip(),
        sender=sender,
        recipients=tuple(recipients_of(mail)),
        is_automatic=is_automatic,
        answer=None if is_automatic else split(_words(mail)),
        attachments=sum(1 for part in parts if _is_attached(part)),
    )


def head(raw: bytes) -> Message:
    """Return the headers of a mail alone, without looking at what follows; never raises for what stands in it."""
    end = _END_OF_HEAD.search(raw, 0, MAX_HEAD)
    return message_from_bytes(raw[: end.start() if end else MAX_HEAD], policy=policy.compat32)


def header(mail: Message, name: str) -> str:
    """Return the first header of that name, however broken, cut at a length no honest one has."""
    return " ".join(str(mail.get(name, ""))[:MAX_HEADER].split())


def parse(raw: bytes) -> Message:
    """Return the mail as Python parses it, which its size and depth must allow first; raises UnreadableError."""
    if len(raw) > MAX_BYTES:
        raise UnreadableError("too large")
    end = _END_OF_HEAD.search(raw)
    if (end.start() if end else len(raw)) > MAX_HEAD:
        raise UnreadableError("headers too large")
    # The parser goes down once for each of these, so this bounds it before it begins.
    if sum(1 for _ in _NESTING.finditer(raw)) > 2 * MAX_PARTS:
        raise UnreadableError("too many parts")
    try:
        return message_from_bytes(raw, policy=policy.compat32)
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError) as error:
        raise UnreadableError(f"{type(error).__name__} while parsing") from None


def _parts(mail: Message) -> list[Message]:
    """Return the mail and all parts in it; raises UnreadableError for too many, or too deep."""
    found, stack = [], [(mail, 1)]
    while stack:
        part, depth = stack.pop()
        found.append(part)
        if depth > MAX_DEPTH or len(found) > MAX_PARTS:
            raise UnreadableError("too deep" if depth > MAX_DEPTH else "too many parts")
        if part.is_multipart():
            stack += [(child, depth + 1) for child in reversed(_children(part))]
    return found


def _children(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def sender_of(mail: Message) -> str:
    """Return the address in From, in lower case; empty unless there is exactly one."""
    lines = mail.get_all("From", [])
    found = [address for _, address in getaddresses([str(line)[:MAX_HEADER] for line in lines]) if "@" in address]
    return found[0].strip().lower() if len(found) == 1 and len(lines) == 1 else ""


def recipients_of(mail: Message) -> Iterator[str]:
    """Yield the addresses a mail says it was for."""
    for name in _RECIPIENT_HEADERS:
        lines = [str(line)[:MAX_HEADER] for line in mail.get_all(name, [])[:10]]
        yield from (address for _, address in getaddresses(lines) if address)


def _is_attached(part: Message) -> bool:
    """Tell whether a part is a file that somebody sent along, and not text, a picture in it or a signature."""
    kind = part.get_content_type()
    if part.get_content_maintype() == "multipart" or kind in _NOT_ATTACHED or kind in _SEALED:
        return False
    disposition = str(part.get("Content-Disposition", "")).strip().lower()
    if disposition.startswith("attachment"):
        return True
    if part.get_content_maintype() in {"text", "message"}:
        return kind not in {"text/plain", "text/html", "text/enriched", "text/calendar"} and "filename" in disposition
    return not part.get("Content-ID")


def _words(mail: Message) -> str:
    text = clean_text(_words_of(mail, _Budget()))
    if armour.is_sealed(text):
        raise UnreadableError("encrypted")
    return armour.without_signature(text)


class _Budget:
    """How much text may still be looked at."""

    def __init__(self) -> None:
        self.left = MAX_TEXT

    def spend(self, characters: int) -> None:
        self.left -= characters
        if self.left < 0:
            raise UnreadableError("too much text")


def _words_of(part: Message, budget: _Budget) -> str:
    """Return what a part says; of several ways to say the same, the plain one."""
    kind = part.get_content_type()
    if kind in _SEALED:
        raise UnreadableError("encrypted")
    if part.is_multipart() and part.get_content_maintype() == "multipart":
        children = _children(part)
        if kind == "multipart/alternative":
            children = sorted(children, key=lambda child: child.get_content_type() != "text/plain")
            return next((words for child in children if (words := _words_of(child, budget)).strip()), "")
        if kind in {"multipart/signed", "multipart/related"}:
            children = children[:1]
        return "\n\n".join(words for child in children if (words := _words_of(child, budget)).strip())
    if kind not in {"text/plain", "text/html"} or _is_attached(part):
        return ""
    text = _decoded(part)
    budget.spend(len(text))
    if kind == "text/html":
        return to_text(text)
    if str(part.get_param("format", "")).lower() == "flowed":
        return unflow(text, delsp=str(part.get_param("delsp", "")).lower() == "yes")
    return text


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    return decode(data, str(part.get_content_charset() or "utf-8")).replace("\0", "")
