"""The mail server of `make run`, which keeps every mail in a Maildir, and the reading of that Maildir for `/dev/mail/`.

Reading is forgiving: whatever arrived is shown as well as can be, for a mail that cannot be read is what one looks for.
"""

import contextlib
import logging
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from mailbox import Maildir
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler

from devstack.places import ROOT

FOLDER = ROOT / "var" / "mail"
LOOPBACK = "127.0.0.1"
# More would only make the list slow; the oldest go first.
KEPT_MAILS = 500


class KeepInMaildir(MessageHandler):
    """Writes each accepted mail to the Maildir, with its envelope in `X-MailFrom` and `X-RcptTo`."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.maildir = Maildir(folder, create=True)

    def handle_message(self, message: Message) -> None:
        del message["X-Peer"]
        self.maildir.add(message)
        for key in sorted(self.maildir.iterkeys())[:-KEPT_MAILS]:
            with contextlib.suppress(KeyError):
                self.maildir.remove(key)


class MailSink:
    """An SMTP server on a free local port, in a thread of this process."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind((LOOPBACK, 0))
            self.port: int = probe.getsockname()[1]
        folder.parent.mkdir(parents=True, exist_ok=True)
        self._controller = Controller(KeepInMaildir(folder), hostname=LOOPBACK, port=self.port)

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
    def text(self) -> str:
        return self._body("plain")

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
    for key in sorted(maildir.iterkeys(), reverse=True):
        with contextlib.suppress(KeyError, OSError):
            letter = _open(maildir, key)
            if recipient.lower() in letter.recipients.lower():
                yield letter
                found += 1
        if found == limit:
            return


def _open(maildir: Maildir, key: str) -> Letter:
    message = message_from_bytes(maildir.get_bytes(key), policy=policy.default)
    arrived_at = datetime.fromtimestamp(int(key.partition(".")[0]), UTC)
    return Letter(key, arrived_at, message)
