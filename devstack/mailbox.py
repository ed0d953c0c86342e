"""The mail server of `make run`: takes every mail and keeps it in a Maildir, which `/dev/mail/` shows."""

import contextlib
import socket
from email.message import Message
from mailbox import Maildir
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler

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
        self._controller.start()

    def stop(self) -> None:
        """Stop listening; what was taken is on disk."""
        with contextlib.suppress(AssertionError):  # its way to say that it never started
            self._controller.stop()
