"""The mail server of `make run`, which keeps every mail in a Maildir, and the reading of that Maildir for `/dev/mail/`.

Reading is forgiving: whatever arrived is shown as well as can be, for a mail that cannot be read is what one looks for.
"""

import asyncio
import contextlib
import logging
import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import make_msgid, parseaddr
from mailbox import Maildir
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from aiosmtpd.smtp import SMTP, Envelope, Session

from devstack.places import ROOT

FOLDER = ROOT / "var" / "mail"
LOOPBACK = "127.0.0.1"
# More would only make the list slow; the oldest go first.
KEPT_MAILS = 500


HandIn = Callable[[bytes, str, str], bool]


class KeepInMaildir(MessageHandler):
    """Writes each accepted mail to the Maildir, with its envelope in `X-MailFrom` and `X-RcptTo`.

    A mail to a reply address is handed in (mail, sender, recipient) where somebody takes it, and not kept.
    """

    def __init__(self, folder: Path, hand_in: HandIn | None = None) -> None:
        super().__init__()
        self.maildir = Maildir(folder, create=True)
        self.hand_in = hand_in

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Answer as a mail server would, so that an answer that was not taken shows where it was written."""
        recipient = envelope.rcpt_tos[0] or ""
        if self.hand_in is None or not recipient.startswith("reply+"):
            return str(await super().handle_DATA(server, session, envelope))
        mail = bytes(envelope.original_content or b"")
        is_taken = await asyncio.to_thread(self.hand_in, mail, envelope.mail_from or "", recipient)
        return "250 OK" if is_taken else "451 Waymark did not take it"

    def handle_message(self, message: Message) -> None:
        del message["X-Peer"]
        self.maildir.add(message)
        for key in sorted(self.maildir.iterkeys(), key=_arrival)[:-KEPT_MAILS]:
            with contextlib.suppress(KeyError):
                self.maildir.remove(key)


class MailSink:
    """An SMTP server on a free local port, in a thread of this process."""

    def __init__(self, folder: Path, *, hand_in: HandIn | None = None) -> None:
        with socket.socket() as probe:
            probe.bind((LOOPBACK, 0))
            self.port: int = probe.getsockname()[1]
        folder.parent.mkdir(parents=True, exist_ok=True)
        self._controller = Controller(KeepInMaildir(folder, hand_in), hostname=LOOPBACK, port=self.port)

    @property
    def url(self) -> str:
        return f"smtp://{LOOPBACK}:{self.port}"

    def start(self) -> None:
        """Listen; returns when it answers."""
        logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd's, which tells every command
        self._controller.start()

    def stop(self) -> None:
        """Stop listening; what was taken is on disk."""
        with contextlib.suppress(AssertionError):  # its way to say that it never started
            self._controller.stop()


@dataclass(frozen=True)
class Letter:
    """One mail of the Maildir, as its page shows it."""

    key: str
    arrived_at: datetime
    message: EmailMessage

    @property
    def subject(self) -> str:
        return self._header("Subject") or "(no subject)"

    @property
    def sender(self) -> str:
        return self._header("From")

    @property
    def recipients(self) -> str:
        """Who the envelope named, which may be more or others than the header says."""
        return self._header("X-RcptTo") or self._header("To")

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The headers as sent, without those this server added."""
        added = {"x-mailfrom", "x-rcptto"}
        return [(name, self._header(name)) for name in self.message if name.lower() not in added]

    @property
    def reply_to(self) -> str:
        """The address an answer goes to; empty where nobody reads answers."""
        address = parseaddr(self._header("Reply-To"))[1]
        return address if address.startswith("reply+") else ""

    @property
    def text(self) -> str:
        return self._body("plain")

    def answered_by(self, words: str) -> EmailMessage:
        """Return the mail that a mail program makes of an answer: the words on top, this mail quoted below."""
        answer = EmailMessage()
        answer["From"], answer["To"] = parseaddr(self.recipients)[1], self.reply_to
        answer["Subject"] = f"Re: {' '.join(self.subject.split())}"
        answer["Message-ID"] = make_msgid(domain="example.org")
        answer["In-Reply-To"] = self._header("Message-ID")
        quoted = "\n".join(f"> {line}" for line in self.text.strip().split("\n"))
        answer.set_content(f"{words}\n\nOn {self.arrived_at:%a, %d %b %Y at %H:%M}, {self.sender} wrote:\n\n{quoted}\n")
        return answer

    @property
    def html(self) -> str:
        return self._body("html")

    @property
    def attachments(self) -> list[tuple[str, str]]:
        """Name and content type of each attached file."""
        return [(part.get_filename() or "unnamed", part.get_content_type()) for part in self.message.iter_attachments()]

    def _header(self, name: str) -> str:
        try:
            return str(self.message.get(name, ""))
        except (ValueError, LookupError, AttributeError, IndexError):  # the parser trips over some broken headers
            return "(not readable)"

    def _body(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        if part is None:
            return ""
        try:
            return str(part.get_content())
        except (ValueError, LookupError):  # a charset nobody knows
            payload = part.get_payload(decode=True)
            return payload.decode("latin-1") if isinstance(payload, bytes) else ""


def find_letter(key: str) -> Letter | None:
    """The mail of this key; None if there is none (it may just have made room for newer ones)."""
    if not FOLDER.is_dir():
        return None
    try:
        return _open(Maildir(FOLDER), key)
    except (KeyError, OSError, ValueError):
        return None


def newest_letters(*, recipient: str = "", limit: int = 100) -> Iterator[Letter]:
    """Mails, newest first; only those whose recipients contain this text, if any is given."""
    if not FOLDER.is_dir():
        return
    maildir = Maildir(FOLDER)
    found = 0
    for key in sorted(maildir.iterkeys(), key=_arrival, reverse=True):
        with contextlib.suppress(KeyError, OSError):
            letter = _open(maildir, key)
            if recipient.lower() in letter.recipients.lower():
                yield letter
                found += 1
        if found == limit:
            return


def _arrival(key: str) -> list[int]:
    """Second, microsecond, process and count of a Maildir's key; as text, its 99999th microsecond follows the 100000th."""
    return [int(number) for number in re.findall(r"\d+", key)[:4]]


def _open(maildir: Maildir, key: str) -> Letter:
    message = message_from_bytes(maildir.get_bytes(key), policy=policy.default)
    arrived_at = datetime.fromtimestamp(int(key.partition(".")[0]), UTC)
    return Letter(key, arrived_at, message)
