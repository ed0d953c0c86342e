"""The instruments of the fault tests are themselves right."""

import smtplib
import socket
import ssl
import time
import urllib.request
from email.message import EmailMessage

import pytest
import redis

from config.celery import app
from devstack.faults import ANYBODY, Drop, Reply, Stall, wait_until


def a_mail(recipient: str = "leo@example.org", number: int = 1) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "waymark@example.org", recipient, "Grüße"
    mail["Message-ID"] = f"<{number}@example.org>"
    mail.set_content("One line\n.a dot\n")
    return mail


def client(sink, timeout: float = 5) -> smtplib.SMTP:
    return smtplib.SMTP("127.0.0.1", sink.port, timeout=timeout)


def ask_once(port: int) -> bytes:
    """Send PING over a new connection; raises ConnectionError where nobody answers."""
    with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
        connection.sendall(b"PING\r\n")
        if answer := connection.recv(64):
            return answer
    raise ConnectionError


def healthz_status(url: str, timeout: float) -> int:
    with urllib.request.urlopen(f"{url}/healthz", timeout=timeout) as response:
        return response.status


def test_smtp_sink_accepts_and_logs(smtp_sink):
    with client(smtp_sink) as connection:
        connection.send_message(a_mail())
        connection.send_message(a_mail("sofia@example.org", 2))

    assert smtp_sink.message_ids() == ["<1@example.org>", "<2@example.org>"]
    assert smtp_sink.accepted[0].recipient == "leo@example.org"
    assert smtp_sink.accepted[0].message.get_content() == "One line\r\n.a dot\r\n"
    assert smtp_sink.connections == 1


@pytest.mark.parametrize("stage", ["RCPT", "DATA", "END"])
@pytest.mark.parametrize("code", [451, 550])
def test_smtp_sink_refuses_once_at_a_stage(smtp_sink, stage, code):
    smtp_sink.script("leo@example.org", Reply(stage, code))

    with client(smtp_sink) as connection:
        with pytest.raises(smtplib.SMTPException) as caught:
            connection.send_message(a_mail())
        connection.send_message(a_mail("sofia@example.org", 2))
        connection.send_message(a_mail(number=3))

    assert str(code) in str(caught.value)
    assert smtp_sink.message_ids() == ["<2@example.org>", "<3@example.org>"]


def test_smtp_sink_refuses_the_sender(smtp_sink):
    smtp_sink.always(ANYBODY, Reply("MAIL", 452))

    with client(smtp_sink) as connection, pytest.raises(smtplib.SMTPSenderRefused):
        connection.send_message(a_mail())

    smtp_sink.forget()
    with client(smtp_sink) as connection:
        connection.send_message(a_mail())
    assert len(smtp_sink.accepted) == 1


def test_smtp_sink_turns_away_at_the_door(smtp_sink):
    smtp_sink.script(ANYBODY, Reply("CONNECT", 421))

    with pytest.raises(smtplib.SMTPConnectError):
        client(smtp_sink)


@pytest.mark.parametrize(("stage", "accepted"), [("DATA", 0), ("BODY", 0), ("END", 1)])
def test_smtp_sink_drops_the_connection(smtp_sink, stage, accepted):
    smtp_sink.script("leo@example.org", Drop(stage))
    connection = client(smtp_sink)

    with pytest.raises((smtplib.SMTPServerDisconnected, OSError)):
        connection.send_message(a_mail())

    connection.close()
    assert len(smtp_sink.accepted) == accepted


def test_smtp_sink_stalls(smtp_sink):
    smtp_sink.script("leo@example.org", Stall("END"))
    connection = client(smtp_sink, timeout=0.3)

    with pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected)):
        connection.send_message(a_mail())

    connection.close()


def test_smtp_sink_wants_its_password(smtp_sink):
    smtp_sink.ask_password("waymark", "right")

    with client(smtp_sink) as connection, pytest.raises(smtplib.SMTPAuthenticationError):
        connection.login("waymark", "wrong")
    with client(smtp_sink) as connection:
        connection.login("waymark", "right")
        connection.send_message(a_mail())

    assert len(smtp_sink.accepted) == 1


def test_smtp_sink_offers_tls_nobody_trusts_until_told(smtp_sink):
    smtp_sink.offer_tls()

    with client(smtp_sink) as connection, pytest.raises(ssl.SSLCertVerificationError):
        connection.starttls(context=ssl.create_default_context())
    with client(smtp_sink) as connection:
        connection.starttls(context=ssl.create_default_context(cafile=smtp_sink.certificate))
        connection.send_message(a_mail())
    smtp_sink.strip_tls()
    with client(smtp_sink) as connection, pytest.raises(smtplib.SMTPNotSupportedError):
        connection.starttls()

    assert len(smtp_sink.accepted) == 1


def test_tcp_proxy_passes_stalls_cuts_and_refuses(valkey, tcp_proxy):
    proxy = tcp_proxy(valkey.socket)
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=0.3) as connection:
        connection.sendall(b"PING\r\n")
        assert connection.recv(64) == b"+PONG\r\n"

        proxy.stall()
        connection.sendall(b"PING\r\n")
        with pytest.raises(TimeoutError):
            connection.recv(64)
        proxy.mend()
        assert connection.recv(64) == b"+PONG\r\n"

        proxy.cut()
        with pytest.raises(ConnectionResetError):
            connection.recv(64)

    proxy.refuse()
    with pytest.raises(ConnectionError):
        ask_once(proxy.port)
    proxy.mend()
    assert ask_once(proxy.port) == b"+PONG\r\n"


@pytest.mark.worker
def test_celery_worker_process_works_is_killed_and_goes_on(celery_worker_process, valkey):
    worker = celery_worker_process()
    app.send_task("celery.accumulate", [1])
    worker.wait_for_output("succeeded", patience=20)

    worker.kill()
    assert not worker.is_running
    app.send_task("celery.accumulate", [2])
    with redis.Redis.from_url(valkey.url) as connection:
        assert connection.llen("celery") == 1

    another = celery_worker_process()
    another.wait_for_output("succeeded", patience=20)


def test_web_process_answers_and_can_be_frozen(web_process):
    process, url = web_process()

    process.freeze()
    started = time.monotonic()
    with pytest.raises(OSError):
        healthz_status(url, timeout=0.5)
    process.thaw()

    assert time.monotonic() - started < 5
    assert wait_until(lambda: healthz_status(url, timeout=2) == 200)


def test_own_postgres_and_valkey_survive_a_kill(own_postgres, own_valkey):
    import psycopg

    with psycopg.connect(own_postgres.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    with redis.Redis.from_url(own_valkey.url) as connection:
        connection.set("kept", 7)
        time.sleep(1.1)  # it writes its file to the disk once a second

    for server in (own_postgres, own_valkey):
        server.process.kill()
        server.process.wait()
        server.start()

    with psycopg.connect(own_postgres.url) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)
    with redis.Redis.from_url(own_valkey.url) as connection:
        assert connection.get("kept") == b"7"
