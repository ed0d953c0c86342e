"""Every answer a mail server can give, from a real one."""

import smtplib
import time

import pytest

from devstack.faults import ANYBODY, Drop, Reply, Stall, free_port
from mail.mime import Letter
from mail.transport import (
    BackendTransport,
    BrokenError,
    LaterError,
    RefusedError,
    SmtpTransport,
    _path,
    configured_transport,
)

LEO = "leo@example.org"


def letter(number=1, to=LEO):
    headers = {"Message-ID": f"<{number}@x>"}
    return Letter("Waymark", "waymark@example.org", to, "Hello", ".\nText", "<p>x</p>", headers)


def nothing():
    pass


@pytest.fixture(params=["ahead", "one by one"])
def smtp_sink(smtp_sink, request):
    """A server that listens to several commands at once (RFC 2920), and one that does not."""
    smtp_sink.offers_pipelining = request.param == "ahead"
    return smtp_sink


@pytest.fixture
def use(settings):
    """Points the settings at a sink."""

    def point(sink, **values):
        user, password = sink.credentials or ("", "")
        values = {
            "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": sink.port, "EMAIL_TIMEOUT": 2, "EMAIL_HOST_USER": user,
            "EMAIL_HOST_PASSWORD": password, "EMAIL_USE_TLS": sink.offers_tls, **values,
        }  # fmt: skip
        for name, value in values.items():
            setattr(settings, name, value)

    return point


@pytest.fixture
def transport():
    transport = SmtpTransport()
    yield transport
    transport.close()


def test_keeps_one_connection(smtp_sink, use, transport):
    use(smtp_sink)

    for number in range(5):
        transport.send(letter(number), before_body=nothing)
    transport.close()

    assert smtp_sink.message_ids() == [f"<{n}@x>" for n in range(5)]
    assert smtp_sink.connections == 1
    assert smtp_sink.accepted[0].message.get_body(("plain",)).get_content() == ".\r\nText\r\n"


@pytest.mark.parametrize(
    "address",
    [
        LEO,
        "o'neil+tag@xn--exmple-cua.org",
        '"a b"@example.org',
        "x@example.org> SIZE=1",
        "Leo <leo@example.org>",
        "",
        "é@x.org",
    ],
)
def test_path_is_what_smtplib_would_say(address):
    assert _path(address) == smtplib.quoteaddr(address)


@pytest.mark.parametrize("address", ["x@example.org>\r\nRCPT TO:<y@example.org", "x@example.org\n", "\r@example.org"])
def test_path_with_a_line_break(address):
    with pytest.raises(ValueError, match="must not end"):
        _path(address)


@pytest.mark.parametrize("stage", ["RCPT", "DATA", "END"])
@pytest.mark.parametrize(
    ("code", "error"), [(421, LaterError), (450, LaterError), (550, RefusedError), (554, RefusedError)]
)
def test_answers_about_one_mail(smtp_sink, use, transport, stage, code, error):
    use(smtp_sink)
    smtp_sink.script(LEO, Reply(stage, code))

    with pytest.raises(error, match=str(code)):
        transport.send(letter(1), before_body=nothing)
    transport.send(letter(2), before_body=nothing)

    assert smtp_sink.message_ids() == ["<2@x>"]
    assert smtp_sink.connections == (2 if code == 421 else 1)


def test_answers_that_come_one_by_one_cost_no_time(smtp_sink, use, transport):
    """The sink sends each answer by itself; without our receipts each mail would take 40 ms, these two seconds."""
    use(smtp_sink)
    begun = time.monotonic()

    for number in range(50):
        transport.send(letter(number), before_body=nothing)

    assert time.monotonic() - begun < 1.5


def test_server_that_waits_for_a_refused_mail_gets_none(smtp_sink, use, transport):
    use(smtp_sink)
    smtp_sink.is_lax = True
    smtp_sink.script(LEO, Reply("RCPT", 550))

    with pytest.raises(RefusedError, match="550 at RCPT"):
        transport.send(letter(1), before_body=nothing)
    transport.send(letter(2), before_body=nothing)

    assert smtp_sink.message_ids() == ["<2@x>"]


@pytest.mark.parametrize("stage", ["CONNECT", "EHLO", "MAIL"])
@pytest.mark.parametrize("code", [421, 450, 452])
def test_not_now_before_any_recipient(smtp_sink, use, transport, stage, code):
    use(smtp_sink)
    smtp_sink.script(ANYBODY, Reply(stage, code))

    with pytest.raises(LaterError):
        transport.send(letter(1), before_body=nothing)
    transport.send(letter(2), before_body=nothing)

    assert smtp_sink.message_ids() == ["<2@x>"]


@pytest.mark.parametrize("stage", ["CONNECT", "EHLO", "MAIL"])
def test_never_before_any_recipient_is_about_the_server(smtp_sink, use, transport, stage):
    use(smtp_sink)
    smtp_sink.script(ANYBODY, Reply(stage, 550))

    with pytest.raises(BrokenError):
        transport.send(letter(1), before_body=nothing)


def test_too_big_at_mail_is_about_the_mail(smtp_sink, use, transport):
    use(smtp_sink)
    smtp_sink.script(ANYBODY, Reply("MAIL", 552))

    with pytest.raises(RefusedError):
        transport.send(letter(1), before_body=nothing)


@pytest.mark.parametrize("ending", [Reply("MAIL", 421), Drop("MAIL")])
def test_server_that_ends_a_kept_conversation_is_asked_again(smtp_sink, use, transport, ending):
    use(smtp_sink)
    transport.send(letter(1), before_body=nothing)

    smtp_sink.script(ANYBODY, ending)
    transport.send(letter(2), before_body=nothing)

    assert smtp_sink.connections == 2
    assert smtp_sink.message_ids() == ["<1@x>", "<2@x>"]


@pytest.mark.parametrize("stage", ["RCPT", "DATA", "BODY", "END"])
@pytest.mark.parametrize("step", [Drop, Stall])
def test_lost_connection(smtp_sink, use, transport, stage, step):
    use(smtp_sink)
    smtp_sink.script(LEO, step(stage))

    with pytest.raises(LaterError) as caught:
        transport.send(letter(1), before_body=nothing)
    transport.send(letter(2), before_body=nothing)

    assert caught.value.is_about_server
    assert smtp_sink.message_ids()[-1] == "<2@x>"
    assert smtp_sink.connections == 2


@pytest.mark.parametrize("step", [Drop("CONNECT"), Stall("CONNECT"), Drop("EHLO"), Stall("EHLO")])
def test_server_that_does_not_answer(smtp_sink, use, transport, step):
    use(smtp_sink)
    smtp_sink.script(ANYBODY, step)

    with pytest.raises(BrokenError):
        transport.send(letter(1), before_body=nothing)


def test_nobody_listens(smtp_sink, use, transport):
    use(smtp_sink, EMAIL_PORT=free_port())

    with pytest.raises(BrokenError, match="cannot reach"):
        transport.send(letter(), before_body=nothing)


def test_name_that_does_not_exist(smtp_sink, use, transport):
    use(smtp_sink, EMAIL_HOST="no-such-host.invalid")

    with pytest.raises(BrokenError, match="gaierror"):
        transport.send(letter(), before_body=nothing)


def test_wrong_password(smtp_sink, use, transport):
    smtp_sink.ask_password("waymark", "right")
    use(smtp_sink, EMAIL_HOST_PASSWORD="wrong")

    with pytest.raises(BrokenError, match="535"):
        transport.send(letter(), before_body=nothing)


def test_right_password(smtp_sink, use, transport):
    smtp_sink.ask_password("waymark", "right")
    use(smtp_sink)

    transport.send(letter(), before_body=nothing)

    assert len(smtp_sink.accepted) == 1


def test_certificate_nobody_vouches_for(smtp_sink, use, transport):
    smtp_sink.offer_tls()
    use(smtp_sink)

    with pytest.raises(BrokenError, match="CERTIFICATE_VERIFY_FAILED"):
        transport.send(letter(), before_body=nothing)

    assert not smtp_sink.accepted


def test_trusted_certificate(smtp_sink, use, transport, monkeypatch):
    smtp_sink.offer_tls()
    use(smtp_sink)
    monkeypatch.setenv("SSL_CERT_FILE", str(smtp_sink.certificate))

    transport.send(letter(), before_body=nothing)

    assert len(smtp_sink.accepted) == 1


def test_stripped_tls_is_not_sent_in_clear(smtp_sink, use, transport):
    smtp_sink.offer_tls()
    use(smtp_sink)
    smtp_sink.strip_tls()

    with pytest.raises(BrokenError):
        transport.send(letter(), before_body=nothing)

    assert not smtp_sink.accepted


def test_mail_can_be_taken_back_at_the_last_moment(smtp_sink, use, transport):
    use(smtp_sink)

    def refuse():
        raise KeyError

    with pytest.raises(KeyError):
        transport.send(letter(1), before_body=refuse)
    transport.send(letter(2), before_body=nothing)

    assert smtp_sink.message_ids() == ["<2@x>"]


def test_backend_setting_decides(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert isinstance(configured_transport(), SmtpTransport)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert isinstance(configured_transport(), BackendTransport)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, BrokenError),
        (403, BrokenError),
        (429, LaterError),
        (503, LaterError),
        (None, LaterError),
        (422, RefusedError),
    ],
)
def test_answers_of_a_mail_provider(monkeypatch, status, error):
    from anymail.exceptions import AnymailRequestsAPIError

    def send_messages(self, messages):
        answer = AnymailRequestsAPIError("no")
        answer.status_code = status
        raise answer

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", send_messages)

    with pytest.raises(error):
        BackendTransport().send(letter(), before_body=nothing)
