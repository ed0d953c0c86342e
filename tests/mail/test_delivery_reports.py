from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from mail import bounces, inbound, outbox, services
from mail.delivery_reports import read_report
from mail.models import DeliveryEvent, Inbound, Preference
from tests.mail.queued import queue
from tests.mail.reports import (
    COMPLAINT,
    COMPLAINT_WITHOUT_ADDRESS,
    EXIM,
    FORWARDED,
    HEADERS_ONLY,
    INTERNATIONAL,
    NOTHING_RETURNED,
    POSTFIX,
    QMAIL,
    report,
)

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


def said(mail):
    return [(news.reference, news.recipient, news.what.value, news.status) for news in read_report(mail, now=NOW)]


@pytest.mark.parametrize("shape", [POSTFIX, HEADERS_ONLY, NOTHING_RETURNED, INTERNATIONAL, EXIM, QMAIL])
def test_bounce_in_every_shape(shape):
    assert said(report(shape)) == [("<1@waymark.test>", "ann@example.org", "bounced", "5.1.1")]


@pytest.mark.parametrize("shape", [EXIM, QMAIL])
def test_bounce_in_words_without_a_code_or_for_a_full_mailbox(shape):
    assert said(report(shape, status=""))[0][2:] == ("bounced", "")
    assert said(report(shape, status="5.2.2"))[0][2:] == ("put_off", "5.2.2")


@pytest.mark.parametrize(
    ("shape", "taken_out"),
    [
        (EXIM, "------ This is a copy"),
        (QMAIL, "--- Below this"),
        (EXIM, "Message-ID: <1@"),
        (QMAIL, "<ann@example.org>:"),
    ],
)
def test_bounce_in_words_that_lacks_something_says_nothing(shape, taken_out):
    mail = message_from_bytes(report(shape).as_bytes().replace(taken_out.encode(), b"x"))

    assert said(mail) == []


def test_words_of_a_person_are_no_bounce():
    mail = message_from_bytes(report(QMAIL).as_bytes().replace(b"MAILER-DAEMON@mx.example.net", b"ann@example.org"))

    assert said(mail) == []


def test_parsed_by_the_newer_policy():
    mail = message_from_bytes(report(POSTFIX).as_bytes(), policy=policy.default)

    assert [news.what for news in read_report(mail, now=NOW)] == ["bounced"]


@pytest.mark.parametrize(
    ("action", "status", "what"),
    [
        ("failed", "5.2.2", ["put_off"]),
        ("failed", "5.0.0", ["bounced"]),
        ("failed", "4.4.7", ["put_off"]),
        ("failed", "rubbish", ["bounced"]),
        ("delayed", "4.2.0", ["put_off"]),
        ("delivered", "2.0.0", ["delivered"]),
        ("Failed ", "5.1.1", ["bounced"]),
        ("relayed", "2.0.0", []),
        ("expanded", "2.0.0", []),
        ("", "", []),
    ],
)
def test_what_is_reported(action, status, what):
    assert [news.what for news in read_report(report(POSTFIX, action=action, status=status), now=NOW)] == what


def test_forwarded_mail_names_both():
    recipients = [news.recipient for news in read_report(report(FORWARDED), now=NOW)]

    assert recipients == ["ann@example.org", "other@elsewhere.example"]


@pytest.mark.parametrize("shape", [COMPLAINT, COMPLAINT_WITHOUT_ADDRESS])
@pytest.mark.parametrize(
    ("kind", "what"), [("abuse", ["complained"]), ("opt-out", ["unsubscribed"]), ("not-spam", []), ("", [])]
)
def test_spam_report(shape, kind, what):
    news = read_report(report(shape, action=kind), now=NOW)

    assert [each.what for each in news] == what
    assert all((each.reference, each.recipient) == ("<1@waymark.test>", "ann@example.org") for each in news)


def test_report_without_a_name_says_nothing():
    assert said(report(POSTFIX, reference="")) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        b"Subject: x\n\nNo report",
        b"Content-Type: multipart/mixed; boundary=B\n\n--B\n\nx\n--B--\n",
        b"Content-Type: message/delivery-status\n\nAction: failed\n",
        b"",
    ],
)
def test_other_mail_is_not_taken(text):
    assert not bounces.note_delivery_report(text, now=NOW)


BAD = [
    b"Content-Type: multipart/report\n\nno boundary",
    b"Content-Type: multipart/report; boundary=B\n\n--B",
    b"Content-Type: multipart/report; boundary=B\nIn-Reply-To: <1@x>\n\n--B\nContent-Type: message/delivery-status\n\n\x00\xff\n--B--",
    b"Content-Type: multipart/report; boundary=B\nIn-Reply-To: <1@x>\n\n--B\nContent-Type: message/delivery-status\n\nA: b\n\n"
    b"Action: failed\nFinal-Recipient: rfc822; \xff\xfe@b\nStatus: \xff\n--B--",
    b"Content-Type: multipart/report; boundary=B\nIn-Reply-To: <1@x>\n\n--B\nContent-Type: message/feedback-report\n"
    b"Content-Transfer-Encoding: base64\n\n=====\n--B--",
    b"Content-Type: multipart/report; boundary=B\n\n" + b"--B\nContent-Type: message/rfc822\n\nX: y\n\n" * 2000 + b"--B--",
    b"Content-Type: multipart/report; boundary=B\nReferences: " + b"<1@x> " * 20_000 + b"\n\n--B\n\n--B--",
    b"Content-Type: multipart/report; boundary=B\nIn-Reply-To: <1@x>\n\n--B\nContent-Type: message/delivery-status\n\n"
    + b"Action: failed\nFinal-Recipient: rfc822; a@b\n\n" * 5000 + b"--B--",
    b"Content-Type: multipart/report; boundary==?x?q?=00?=\nIn-Reply-To: =?utf-8?b?//8=?=\n\n--B\n\nx",
    b"Content-Type: multipart/report; boundary=B\nIn-Reply-To: <1\x00@x>\n\n--B\nContent-Type: message/delivery-status\n\nA: b\n\n"
    b"Action: failed\nFinal-Recipient: rfc822; a@b\n--B--",
    b"X-Failed-Recipients: " + b"a@b," * 5000 + b"\n\n------ This is a copy of it\nMessage-ID: <1@x>\n",
    b"X-Failed-Recipients: a@b\n\n" + b"--- Below this line is a copy of it\n" * 5000 + b"Message-ID: <1@x>\n",
    b"Content-Type: message/rfc822\n\n" * 200 + b"Content-Type: multipart/report; boundary=B\n\n--B--",
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("text", BAD, ids=range(len(BAD)))
def test_bad_report_is_no_error(says, text):
    message = queue()
    text = text.replace(b"<1@x>", message.message_id.encode())

    bounces.note_delivery_report(text, now=NOW)

    assert DeliveryEvent.objects.count() <= 20


@pytest.mark.django_db
def test_parser_that_fails_is_noted(monkeypatch, caplog):
    caplog.set_level("INFO")

    def fail(*args, **kwargs):
        raise LookupError("unknown encoding")

    monkeypatch.setattr(bounces, "read_report", fail)

    assert not bounces.note_delivery_report(report(POSTFIX).as_bytes(), now=NOW)
    assert "inbound.rejected report: not readable" in caplog.text


def sent():
    message = queue()
    outbox.deliver()
    message.refresh_from_db()
    return message


def hear(mail):
    now = datetime.now(UTC)
    assert bounces.note_delivery_report(mail.as_bytes(), now=now)
    bounces.settle(now=now)


@pytest.mark.django_db
def test_bounce_stops_list_mail(says):
    message = sent()

    hear(report(POSTFIX, reference=message.message_id, to=message.to))

    assert services.is_paused(message.to)


@pytest.mark.django_db
def test_bounce_behind_a_forwarding_address(says):
    message = sent()

    hear(report(FORWARDED, reference=message.message_id, to=message.to))

    assert services.is_paused(message.to)
    assert not services.is_paused("other@elsewhere.example")


@pytest.mark.django_db
def test_spam_report_stops_the_kind(says):
    message = sent()

    hear(report(COMPLAINT_WITHOUT_ADDRESS, reference=message.message_id, to=message.to, action="abuse"))

    assert Preference.objects.get().is_on is False


@pytest.mark.django_db
def test_report_about_another_address(says):
    message = sent()

    hear(report(POSTFIX, reference=message.message_id, to="victim@example.org"))

    assert not services.is_paused("victim@example.org")
    assert not services.is_paused(message.to)


@pytest.mark.django_db
def test_report_about_no_mail_of_ours_leaves_nothing():
    """Anybody can send reports; a flood of made-up ones must not fill the table."""
    assert not bounces.note_delivery_report(report(POSTFIX).as_bytes(), now=NOW)
    assert not DeliveryEvent.objects.exists()


@pytest.mark.django_db
def test_report_that_comes_in_as_mail(says, settings):
    settings.REPLY_DOMAIN = "reply.waymark.test"
    message = sent()
    raw = report(POSTFIX, reference=message.message_id, to=message.to).as_bytes()

    row = inbound.receive(raw, via="command", sender="", recipient="waymark@waymark.test", at=datetime.now(UTC))
    bounces.settle(now=datetime.now(UTC))

    assert row is None
    assert services.is_paused(message.to)
    assert not Inbound.objects.exists()


@pytest.mark.django_db
def test_report_about_mails_of_others_is_not_for_us(says):
    with pytest.raises(inbound.NotForUsError):
        inbound.receive(report(POSTFIX).as_bytes(), via="command", sender="", recipient="x@waymark.test", at=NOW)
