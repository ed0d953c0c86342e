"""What breaks on purpose: a scriptable SMTP server, a TCP proxy that can be cut, processes that can be killed.

The fixtures over them are in `devstack.pytest_plugin`; everything here acts only on what the test itself started.

    def test_a_soft_bounce_is_tried_again(smtp_sink, celery_worker_process):
        smtp_sink.script("leo@example.org", Reply("RCPT", 451), Reply("END", 452))
        worker = celery_worker_process(env={"EMAIL_URL": smtp_sink.url, "WAYMARK_FAILPOINT": "..."})
        ...
        worker.kill()                       # SIGKILL to the whole process group
        assert [m.message_id for m in smtp_sink.accepted] == [...]

A fault test is marked `@pytest.mark.faults`; with the argument `fault_round` it is repeated, 5 times in `make test` and
100 times in `make faults`.
"""

import base64
import contextlib
import dataclasses
import os
import selectors
import signal
import socket
import socketserver
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from devstack.places import ROOT

ANYBODY = "*"
LOOPBACK = "127.0.0.1"
# A stall ends when the sink stops; this only bounds a test that forgot to look.
STALL_SECONDS = 600.0


# SMTP


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
        self.recipients = []
        if self.sink.credentials and not self.is_known:
            self.say(530, "authenticate first")
        elif self.may_go_on("MAIL"):
            self.say(250, "ok")

    def on_rcpt(self, rest: str) -> None:
        recipient = rest.partition("<")[2].partition(">")[0]
        if self.may_go_on("RCPT", recipient):
            self.recipients.append(recipient)
            self.say(250, "ok")

    def on_data(self, rest: str) -> None:
        if not self.recipients:
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
        self.recipients = []
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


# TCP


class TcpProxy:
    """A local port that hands everything on to a server, until told to stall, cut or refuse.

    `target` is (host, port), or the path of a unix socket. `port` is where clients connect, at 127.0.0.1.
    """

    def __init__(self, target: tuple[str, int] | str | Path) -> None:
        self.target = target
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._flows = threading.Event()
        self._flows.set()
        self._is_open = True
        self._ended = False
        self._lock = threading.Lock()
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def stall(self) -> None:
        """Pass nothing on, and keep the connections: what a hung server or a lost route looks like."""
        self._flows.clear()

    def cut(self) -> None:
        """Reset every connection there is; new ones work."""
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for side in pair:
                _reset(side)

    def refuse(self) -> None:
        """Cut, and reset every new connection too: what a dead server looks like."""
        self._is_open = False
        self.cut()

    def mend(self) -> None:
        """Work again."""
        self._is_open = True
        self._flows.set()

    def stop(self) -> None:
        """End the proxy and its connections."""
        self._ended = True
        self._flows.set()
        _close(self._listener)
        self.refuse()

    def _accept(self) -> None:
        while not self._ended:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                if not self._is_open:
                    raise ConnectionRefusedError
                server = self._connect()
            except OSError:
                _reset(client)
                continue
            with self._lock:
                self._pairs.append((client, server))
            threading.Thread(target=self._pass_on, args=(client, server), daemon=True).start()

    def _connect(self) -> socket.socket:
        if isinstance(self.target, tuple):
            return socket.create_connection(self.target, timeout=5)
        server = socket.socket(socket.AF_UNIX)
        server.connect(str(self.target))
        return server

    def _pass_on(self, client: socket.socket, server: socket.socket) -> None:
        other = {client: server, server: client}
        server.settimeout(None)
        with selectors.DefaultSelector() as selector, contextlib.suppress(OSError, ValueError, KeyError):
            for side in other:
                selector.register(side, selectors.EVENT_READ)
            while not self._ended and client.fileno() >= 0:
                for key, _ in selector.select(0.5):
                    data = key.fileobj.recv(65536)  # type: ignore[union-attr]
                    self._flows.wait()
                    if not data:
                        return _close(client, server)
                    other[key.fileobj].sendall(data)  # type: ignore[index]
        return _close(client, server)


def _reset(connection: socket.socket) -> None:
    """Close with a TCP reset instead of a goodbye."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def _close(*sockets: socket.socket) -> None:
    for item in sockets:
        with contextlib.suppress(OSError):
            item.shutdown(socket.SHUT_RDWR)
        item.close()


# Processes


class ChildProcess:
    """A process a test started, in a group of its own, with its output in `log`."""

    def __init__(self, argv: Sequence[str], env: Mapping[str, str], log: Path) -> None:
        self.argv = list(argv)
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                self.argv,
                cwd=ROOT,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **env},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def output(self) -> str:
        return self.log.read_text(errors="replace")

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def wait_for_output(self, text: str, *, patience: float = 60) -> None:
        """Return once it has said this; raises RuntimeError with what it said if it ends or stays silent."""
        if not wait_until(lambda: text in self.output or not self.is_running, patience=patience):
            raise RuntimeError(f"{self.argv} did not say {text!r} in {patience} s:\n{self.output[-3000:]}")
        if text not in self.output:
            raise RuntimeError(f"{self.argv} ended with {self._process.returncode}:\n{self.output[-3000:]}")

    def signal_group(self, number: int) -> None:
        """Send a signal to it and all its children."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def kill(self) -> None:
        """SIGKILL to the whole group: no handler runs, no transaction is ended politely."""
        self.signal_group(signal.SIGKILL)
        self._process.wait()

    def freeze(self) -> None:
        """SIGSTOP to the whole group: it holds its connections and answers nothing."""
        self.signal_group(signal.SIGSTOP)

    def thaw(self) -> None:
        self.signal_group(signal.SIGCONT)

    def wait(self, *, patience: float = 30) -> int:
        """Wait for its own end; returns the exit code."""
        return self._process.wait(patience)

    def stop(self, *, patience: float = 15) -> None:
        """SIGTERM, and SIGKILL to what is left of the group."""
        if self.is_running:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(patience)
        self.kill()


def python(*arguments: str) -> list[str]:
    """A command line of the Python the tests run on."""
    return [sys.executable, *arguments]


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(condition: Callable[[], Any], *, patience: float = 30, pause: float = 0.05) -> bool:
    """Ask until it is true (True) or so many seconds have passed (False)."""
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


@contextlib.contextmanager
def celery_publishing_to(redis_url: str) -> Iterator[None]:
    """Let this process ring the bell at a real broker, which tests otherwise do not have."""
    from kombu import pools

    from config.celery import app
    from config.environment import celery_broker_from_url

    before = app.conf.broker_url

    def point_at(url: str) -> None:
        app.conf.broker_url = app.conf.broker_write_url = app.conf.broker_read_url = url
        pools.reset()  # kombu keeps closed pools by address and would hand them out again
        app._pool = None
        app.amqp._producer_pool = None

    point_at(celery_broker_from_url(redis_url))
    try:
        yield
    finally:
        point_at(before)
