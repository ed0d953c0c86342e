"""How a finished mail leaves this server: over SMTP, or through whatever Django e-mail backend is configured."""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from typing import Any, Protocol
from urllib.parse import urlsplit

from anymail.exceptions import (
    AnymailError,
    AnymailRecipientsRefused,
    AnymailRequestsAPIError,
    AnymailUnsupportedFeature,
)
from django.conf import settings
from django.core.mail import get_connection

from core.failpoints import failpoint
from mail.mime import Letter, Sealed

DJANGO_SMTP = "django.core.mail.backends.smtp.EmailBackend"
CONNECT_SECONDS = 10
RECIPIENT_TAKEN = {250, 251, 252}
# Dot-atoms of RFC 5321, 4.1.2 on both sides.
_COMMON_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")


def read_seconds() -> int:
    """Return how long an answer of the mail server is waited for."""
    return settings.EMAIL_TIMEOUT or 30


class TransportError(Exception):
    """A mail that did not leave; the text is for the operator and names no person."""


class LaterError(TransportError):
    """The server said "not now" to this mail (4xx), or the connection was lost over it: try again later.

    `is_about_server`: the conversation never began or broke off, so the next mail may fare the same.
    """

    def __init__(self, reason: str, *, is_about_server: bool = False) -> None:
        super().__init__(reason)
        self.is_about_server = is_about_server


class RefusedError(TransportError):
    """The server does not take this mail, now or ever (5xx)."""


class BrokenError(TransportError):
    """The server cannot be used at all: no mail is to blame, none is spent on it."""


class Transport(Protocol):
    def prepare(self, letter: Letter) -> Any:
        """Return what `send` hands over. In one go with the other mails of a batch that takes half the time.

        Raises whatever hinders it; such a mail must not be sent.
        """

    def send(self, letter: Any, *, before_body: Callable[[], None]) -> str:
        """Hand one mail over and return once it is accepted, else raise a TransportError.

        Returns what the mail provider calls it; empty where only its Message-ID is known. `before_body` is called at
        the last moment at which the mail can still be taken back.
        """

    def close(self) -> None:
        """Let go of the connection, if there is one."""


def configured_transport() -> Transport:
    """Return the transport that EMAIL_BACKEND asks for."""
    return SmtpTransport() if settings.EMAIL_BACKEND == DJANGO_SMTP else BackendTransport()


class SmtpTransport:
    """One SMTP connection, opened at the first mail, kept for the next ones and opened again when it was lost.

    Django's own backend hides at which step a server said no, and that decides what becomes of a mail.
    """

    def __init__(self) -> None:
        self._smtp: smtplib.SMTP | None = None
        self._is_kept = False  # it has begun a mail before
        self._says_ahead = False

    def prepare(self, letter: Letter) -> Sealed:
        """Write the mail as it goes over the wire."""
        return letter.seal()

    def send(self, letter: Sealed, *, before_body: Callable[[], None]) -> str:
        """Hand one mail over; see Transport."""
        # A server may end a conversation between two mails, by silence or by 421: that is nobody's fault.
        if self._smtp is not None and not self._begin(letter):
            self.close()
        if self._smtp is None:
            self._open()
            failpoint("outbox.after_connect")
            if not self._begin(letter):
                self.close()
                raise LaterError("the connection was lost at MAIL", is_about_server=True)
        self._is_kept = True
        try:
            self._hand_over(letter, before_body)
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            self.close()
            raise LaterError(f"the connection was lost: {_short(error)}", is_about_server=True) from error
        except TransportError:
            self._reset()
            raise
        except BaseException:
            self.close()
            raise
        return ""

    def close(self) -> None:
        """Say QUIT where that is still possible, and let go."""
        smtp, self._smtp, self._is_kept = self._smtp, None, False
        if smtp is None:
            return
        try:
            if smtp.sock is not None:
                smtp.sock.settimeout(1)
                smtp.quit()
        except (smtplib.SMTPException, OSError):
            pass
        finally:
            smtp.close()

    def _open(self) -> None:
        host, port = settings.EMAIL_HOST, settings.EMAIL_PORT
        name = urlsplit(settings.BASE_URL).hostname  # instead of asking the resolver for our own name
        timeout = min(CONNECT_SECONDS, read_seconds())
        try:
            if settings.EMAIL_USE_SSL:
                smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                    host, port, local_hostname=name, timeout=timeout, context=ssl.create_default_context()
                )
            else:
                smtp = smtplib.SMTP(host, port, local_hostname=name, timeout=timeout)
        except smtplib.SMTPResponseException as error:
            raise _at_the_door(error) from error
        except (smtplib.SMTPException, OSError) as error:
            raise BrokenError(f"cannot reach the mail server: {_short(error)}") from error
        try:
            if smtp.sock is not None:
                smtp.sock.settimeout(read_seconds())
                # The last piece of a mail must not wait for the receipt of the piece before (RFC 896, 40 ms a mail).
                smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            _greet(smtp)
            if settings.EMAIL_USE_TLS:
                smtp.starttls(context=ssl.create_default_context())
                _greet(smtp)
            if settings.EMAIL_HOST_USER:
                smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
        except smtplib.SMTPResponseException as error:
            smtp.close()
            raise _at_the_door(error) from error
        except (smtplib.SMTPException, OSError) as error:  # ssl.SSLError is an OSError
            smtp.close()
            raise BrokenError(f"the mail server cannot be used: {_short(error)}") from error
        self._smtp, self._is_kept = smtp, False
        self._says_ahead = smtp.has_extn("pipelining")

    def _begin(self, letter: Sealed) -> bool:
        """Say MAIL, and what follows it to a server that listens ahead (RFC 2920). False: the connection is gone."""
        assert self._smtp is not None  # noqa: S101 - for the type checker
        sender, recipient = _path(letter.sender), _path(letter.recipient)
        try:
            if self._says_ahead:
                self._smtp.send(f"MAIL FROM:{sender}\r\nRCPT TO:{recipient}\r\nDATA\r\n")
                code, text = self._smtp.getreply()
            else:
                code, text = self._smtp.docmd("MAIL", f"FROM:{sender}")
        except (smtplib.SMTPServerDisconnected, OSError):
            return False
        if code == 250:
            return True
        if code == 421 and self._is_kept:
            return False
        self._take_back(2)
        self._reset(code)
        if code < 500:
            raise LaterError(_said("MAIL", code, text))
        if code == 552:  # too big: about this mail. Any other refusal is about the sender, so about every mail.
            raise RefusedError(_said("MAIL", code, text))
        raise BrokenError(_said("MAIL", code, text))

    def _hand_over(self, letter: Sealed, before_body: Callable[[], None]) -> None:
        smtp = self._smtp
        assert smtp is not None  # noqa: S101 - for the type checker
        if self._says_ahead and smtp.sock is not None and hasattr(socket, "TCP_QUICKACK"):
            # A server that sends each answer by itself waits for our receipt before the second (RFC 896, 40 ms a mail).
            smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        answer = smtp.getreply() if self._says_ahead else smtp.docmd("RCPT", f"TO:{_path(letter.recipient)}")
        if answer[0] not in RECIPIENT_TAKEN:
            self._take_back(1)
            raise _refusal("RCPT", answer)
        failpoint("outbox.after_rcpt")
        answer = smtp.getreply() if self._says_ahead else smtp.docmd("DATA")
        if answer[0] != 354:
            raise _refusal("DATA", answer)
        body = letter.wire
        before_body()
        if settings.FAILPOINT:
            half = len(body) // 2
            smtp.send(body[:half])
            failpoint("outbox.mid_data")
            smtp.send(body[half:])
            failpoint("outbox.before_reply")
        else:
            smtp.send(body)
        answer = smtp.getreply()
        if answer[0] != 250:
            raise _refusal("the end of DATA", answer)

    def _take_back(self, answers: int) -> None:
        """Hear the answers to what was said ahead of a refusal. A server that waits for the mail all the same gets none."""
        if not self._says_ahead or self._smtp is None:
            return
        try:
            codes = [self._smtp.getreply()[0] for _ in range(answers)]
        except (smtplib.SMTPException, OSError):
            self.close()
        else:
            if codes[-1] == 354:
                self.close()

    def _reset(self, code: int = 0) -> None:
        """Make the conversation ready for another mail, or end it."""
        try:
            if self._smtp is None or code == 421 or self._smtp.rset()[0] != 250:
                self.close()
        except (smtplib.SMTPException, OSError):
            self.close()


class BackendTransport:
    """Django's e-mail backends, django-anymail's among them: they open what they need and close it at the end."""

    def __init__(self) -> None:
        self._connection = get_connection()

    def prepare(self, letter: Letter) -> Letter:
        """Leave it to the backend."""
        return letter

    def send(self, letter: Letter, *, before_body: Callable[[], None]) -> str:
        """Hand one mail over; see Transport."""
        before_body()
        try:
            return self._hand_over(letter)
        except AnymailRecipientsRefused as error:
            raise RefusedError(_short(error)) from error
        except AnymailRequestsAPIError as error:
            status = error.status_code or 0
            if status in {401, 403}:
                raise BrokenError(f"the mail provider said {status}") from error
            if status == 429 or status >= 500 or not status:
                raise LaterError(f"the mail provider said {status or 'nothing'}") from error
            raise RefusedError(f"the mail provider said {status}") from error
        except smtplib.SMTPResponseException as error:
            kind = LaterError if error.smtp_code < 500 else RefusedError
            raise kind(_said("the backend", error.smtp_code, error.smtp_error)) from error
        except (AnymailError, smtplib.SMTPException, OSError) as error:
            raise BrokenError(_short(error)) from error

    def _hand_over(self, letter: Letter) -> str:
        mail = letter.as_django()
        try:
            self._connection.send_messages([mail])
        except AnymailUnsupportedFeature:
            if letter.calendar is None:
                raise
            mail = letter.as_django(attaches_event=True)
            self._connection.send_messages([mail])
        provider_id = getattr(getattr(mail, "anymail_status", None), "message_id", None)
        return provider_id if isinstance(provider_id, str) else ""

    def close(self) -> None:
        """Let go of the backend's connection."""
        self._connection.close()


def _path(address: str) -> str:
    """Return an address as MAIL and RCPT name it; smtplib parses each, which takes long, to find what is rare."""
    if _COMMON_ADDRESS.fullmatch(address):
        return f"<{address}>"
    if "\r" in address or "\n" in address:
        raise ValueError("an address must not end a command")
    return smtplib.quoteaddr(address)


def _greet(smtp: smtplib.SMTP) -> None:
    """Say EHLO; smtplib's own way tries HELO after a "not now" and so hides it."""
    code, text = smtp.ehlo()
    if code != 250:
        raise smtplib.SMTPHeloError(code, text)


def _refusal(step: str, answer: tuple[int, bytes]) -> TransportError:
    code, text = answer
    kind = LaterError if 400 <= code < 500 else RefusedError
    return kind(_said(step, code, text))


def _at_the_door(error: smtplib.SMTPResponseException) -> TransportError:
    """Return what an answer to the greeting, EHLO, STARTTLS or AUTH means; only a 4xx is worth a try."""
    said = _said("the door", error.smtp_code, error.smtp_error)
    return LaterError(said, is_about_server=True) if 400 <= error.smtp_code < 500 else BrokenError(said)


def _said(step: str, code: int, text: bytes | str) -> str:
    words = text.decode("ascii", "replace") if isinstance(text, bytes) else text
    return f"{code} at {step}: {' '.join(words.split())[:150]}"


def _short(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:150]}"
