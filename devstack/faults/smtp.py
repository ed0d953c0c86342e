"""A scriptable SMTP server."""

import base64
import contextlib
import dataclasses
import socket
import socketserver
import ssl
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import IPv4Address
from pathlib import Path

from devstack.faults.processes import LOOPBACK, wait_until

ANYBODY = "*"
# A stall ends when the sink stops; this only bounds a test that forgot to look.
STALL_SECONDS = 600.0


@dataclasses.dataclass(frozen=True)
class Step:
    """What the sink does once, at one stage of a conversation.

    Stages in order: CONNECT (before the greeting), EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, BODY (half of the message
    is through), END (after the final dot, before the answer). Up to MAIL nobody is named yet, so those steps are
    scripted for ANYBODY.
    """

    stage: str


@dataclasses.dataclass(frozen=True)
class Reply(Step):
    """Answer with this code instead of going on: 4xx come back later, 5xx do not, 421 also ends the conversation."""

    code: int
    text: str = "scripted"


@dataclasses.dataclass(frozen=True)
class Drop(Step):
    """Close the connection. At END the message counts as accepted: the sender never hears it (RFC 1047)."""


@dataclasses.dataclass(frozen=True)
class Stall(Step):
    """Say nothing more, and keep the connection open, for so many seconds; then close it."""

    seconds: float = STALL_SECONDS


@dataclasses.dataclass(frozen=True)
class Accepted:
    """One message the sink took responsibility for, for one recipient; `at` is time.time()."""

    recipient: str
    message_id: str
    at: float
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)


class _HangUpError(Exception):
    """Ends a conversation without another word."""


class SmtpSink:
    """An SMTP server on a free local port that accepts everything, save where a script says otherwise.

    `accepted` lists what it took, in order; `refused` the (time, stage, recipient, code) of scripted answers;
    `connections` counts conversations. With `offer_tls()` it speaks STARTTLS under a certificate of its own
    (`certificate` is the file to trust), with `ask_password()` it wants AUTH.
    """

    def __init__(self) -> None:
        self.accepted: list[Accepted] = []
        self.refused: list[tuple[float, str, str, int]] = []
        self.connections = 0
        self.credentials: tuple[str, str] | None = None
        self.certificate: Path | None = None
        self._scripts: dict[str, list[Step]] = defaultdict(list)
        self._always: dict[str, list[Step]] = defaultdict(list)
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._tls: ssl.SSLContext | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="waymark-sink-")
        sink = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                conversation = _Conversation(sink, self.connection)
                with contextlib.suppress(_HangUpError, OSError), contextlib.closing(conversation):
                    conversation.hold()

        self._server = socketserver.ThreadingTCPServer((LOOPBACK, 0), Handler)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """An EMAIL_URL: plain, or STARTTLS once it is offered, with the password once it is asked for."""
        scheme = "smtp+tls" if self._tls else "smtp"
        login = f"{self.credentials[0]}:{self.credentials[1]}@" if self.credentials else ""
        return f"{scheme}://{login}{LOOPBACK}:{self.port}"

    def script(self, recipient: str, *steps: Step) -> None:
        """Play these steps, each once and in order, for this recipient (or ANYBODY); afterwards accept."""
        with self._lock:
            self._scripts[recipient.lower()] += steps

    def always(self, recipient: str, *steps: Step) -> None:
        """Do this each time; `forget` ends it."""
        with self._lock:
            self._always[recipient.lower()] += steps

    def forget(self) -> None:
        """Drop all scripts: from now on everything is accepted."""
        with self._lock:
            self._scripts.clear()
            self._always.clear()

    def ask_password(self, user: str, password: str) -> None:
        """Want AUTH with just this; anything else is answered 535."""
        self.credentials = (user, password)

    def offer_tls(self) -> None:
        """Offer STARTTLS under a fresh certificate for 127.0.0.1 and localhost that nobody trusts by itself."""
        self.certificate, key = make_certificate(Path(self._folder.name))
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(self.certificate, key)

    def strip_tls(self) -> None:
        """Stop offering STARTTLS, as an attacker in between would; `url` still asks for it."""
        self._stripped = True

    # Whether it listens to several commands at once (RFC 2920), as nearly every mail server does.
    offers_pipelining = True
    # Whether it wants the mail though it refused each recipient, which RFC 2920, 3.1 allows.
    is_lax = False
    _stripped = False

    @property
    def offers_tls(self) -> bool:
        return self._tls is not None and not self._stripped

    def message_ids(self) -> list[str]:
        """The Message-ID of everything accepted, in order, repeats included."""
        return [item.message_id for item in self.accepted]

    def wait_for(self, count: int, *, patience: float = 30) -> list[Accepted]:
        """Return once so many messages are accepted; raises TimeoutError after so many seconds."""
        if not wait_until(lambda: len(self.accepted) >= count, patience=patience):
            raise TimeoutError(f"{len(self.accepted)} of {count} messages after {patience} s")
        return list(self.accepted)

    def stop(self) -> None:
        """End the server and every stall."""
        self._ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._folder.cleanup()

    # Called by conversations

    def next_step(self, stage: str, recipients: Sequence[str]) -> Step | None:
        """Take the next scripted step if it is for this stage and one of these recipients."""
        with self._lock:
            for who in (*(recipient.lower() for recipient in recipients), ANYBODY):
                script = self._scripts.get(who)
                if script and script[0].stage == stage:
                    return script.pop(0)
                for step in self._always.get(who, ()):
                    if step.stage == stage:
                        return step
        return None

    def pause(self, seconds: float) -> None:
        """Wait, unless the sink ends first."""
        self._ended.wait(seconds)

    def wrap(self, connection: socket.socket) -> socket.socket:
        """The server's side of a TLS handshake."""
        if self._tls is None:
            raise _HangUpError
        return self._tls.wrap_socket(connection, server_side=True)


class _Conversation:
    """One client's connection to the sink, from greeting to QUIT."""

    def __init__(self, sink: SmtpSink, connection: socket.socket) -> None:
        self.sink = sink
        self.connection = connection
        self.lines = connection.makefile("rb")
        self.recipients: list[str] = []
        self.has_begun = False
        self.is_encrypted = False
        self.is_known = False

    def hold(self) -> None:
        """Talk until the client leaves, or a script ends it."""
        self.sink.connections += 1
        if not self.may_go_on("CONNECT"):
            return
        self.say(220, "sink ESMTP")
        while line := self.lines.readline(4096):
            verb, _, rest = line.decode("latin-1").strip().partition(" ")
            answer = getattr(self, f"on_{verb.lower()}", None)
            if answer is None:
                self.say(500, "what?")
            elif answer(rest) is False:
                return

    def close(self) -> None:
        """Close our side, also the one TLS has put over the first."""
        self.lines.close()
        self.connection.close()

    def say(self, code: int, text: str, *more: str) -> None:
        """Send an answer of one or more lines."""
        lines = [text, *more]
        marks = ["-"] * (len(lines) - 1) + [" "]
        reply = "".join(f"{code}{mark}{part}\r\n" for mark, part in zip(marks, lines, strict=True))
        self.connection.sendall(reply.encode())

    def may_go_on(self, stage: str, *recipients: str) -> bool:
        """Play what is scripted here. False: it was answered; the normal answer is not to be sent."""
        step = self.sink.next_step(stage, recipients)
        if step is None:
            return True
        code = step.code if isinstance(step, Reply) else 0
        self.sink.refused.append((time.time(), stage, recipients[0] if recipients else "", code))
        if isinstance(step, Stall):
            self.sink.pause(step.seconds)
        if not isinstance(step, Reply):
            raise _HangUpError
        self.say(step.code, step.text)
        if step.code == 421:
            raise _HangUpError
        return False

    def on_ehlo(self, rest: str) -> None:
        if self.may_go_on("EHLO"):
            offers = ["STARTTLS"] if self.sink.offers_tls and not self.is_encrypted else []
            offers += ["AUTH PLAIN LOGIN"] if self.sink.credentials else []
            offers += ["PIPELINING"] if self.sink.offers_pipelining else []
            self.say(250, "sink", *offers)

    on_helo = on_ehlo

    def on_starttls(self, rest: str) -> None:
        if not self.sink.offers_tls:
            self.say(502, "not offered")
        elif self.may_go_on("STARTTLS"):
            self.say(220, "go ahead")
            self.lines.close()
            self.connection = self.sink.wrap(self.connection)
            self.lines = self.connection.makefile("rb")
            self.is_encrypted = True

    def on_auth(self, rest: str) -> None:
        if not self.may_go_on("AUTH"):
            return
        method, _, initial = rest.partition(" ")
        if method.upper() == "PLAIN":
            _, user, password = base64.b64decode(initial or self._ask("")).decode().split("\0")
        else:
            user = base64.b64decode(initial or self._ask("Username:")).decode()
            password = base64.b64decode(self._ask("Password:")).decode()
        self.is_known = (user, password) == self.sink.credentials
        if self.is_known:
            self.say(235, "welcome")
        else:
            self.sink.refused.append((time.time(), "AUTH", "", 535))
            self.say(535, "wrong user or password")

    def _ask(self, prompt: str) -> bytes:
        self.say(334, base64.b64encode(prompt.encode()).decode())
        return self.lines.readline(4096).strip()

    def on_mail(self, rest: str) -> None:
        self.recipients, self.has_begun = [], False
        if self.sink.credentials and not self.is_known:
            self.say(530, "authenticate first")
        elif self.may_go_on("MAIL"):
            self.has_begun = True
            self.say(250, "ok")

    def on_rcpt(self, rest: str) -> None:
        recipient = rest.partition("<")[2].partition(">")[0]
        if not self.has_begun:
            self.say(503, "MAIL first")
        elif self.may_go_on("RCPT", recipient):
            self.recipients.append(recipient)
            self.say(250, "ok")

    def on_data(self, rest: str) -> None:
        if not self.recipients and not self.sink.is_lax:
            self.say(503, "no recipients")
            return
        if not self.may_go_on("DATA", *self.recipients):
            return
        self.say(354, "go on")
        raw = self._read_body()
        step = self.sink.next_step("END", self.recipients)
        if isinstance(step, Reply):
            self.sink.refused.append((time.time(), "END", self.recipients[0], step.code))
            self.say(step.code, step.text)
            if step.code == 421:
                raise _HangUpError
            return
        message_id = str(message_from_bytes(raw, policy=policy.default)["Message-ID"] or "")
        now = time.time()
        self.sink.accepted += [Accepted(recipient, message_id, now, raw) for recipient in self.recipients]
        if step is not None:
            if isinstance(step, Stall):
                self.sink.pause(step.seconds)
            raise _HangUpError
        self.say(250, "accepted")

    def _read_body(self) -> bytes:
        lines: list[bytes] = []
        while True:
            line = self.lines.readline(1_000_000)
            if not line:
                raise _HangUpError  # the client was killed in the middle: nothing was accepted
            if line == b".\r\n":
                return b"".join(lines)
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            if len(lines) == 1:
                self.may_go_on("BODY", *self.recipients)

    def on_rset(self, rest: str) -> None:
        self.recipients, self.has_begun = [], False
        self.say(250, "ok")

    def on_noop(self, rest: str) -> None:
        self.say(250, "ok")

    def on_quit(self, rest: str) -> bool:
        self.say(221, "bye")
        return False


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Write a self-signed certificate for this machine's loopback and its key; returns the two files."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(IPv4Address(LOOPBACK))])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    builder = builder.add_extension(names, critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    certificate = builder.sign(key, hashes.SHA256())
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate_file, key_file
