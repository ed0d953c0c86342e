"""What mail providers post, in the shapes their documentation records."""

import base64
import hashlib
import hmac
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError

from mail import inbound, registry
from mail.hooks import MAX_BODY
from mail.models import Inbound
from tests.mail.coming_in import DOMAIN, reply_address, reply_mail
from tests.mail.queued import queue

pytestmark = pytest.mark.django_db
SIGNING_KEY = "key-for-tests"
AUTH = {"HTTP_AUTHORIZATION": "Basic " + base64.b64encode(b"waymark:open sesame").decode()}


@pytest.fixture
def taken(settings, says, monkeypatch):
    settings.REPLY_DOMAIN = DOMAIN
    settings.ANYMAIL = {"WEBHOOK_SECRET": "waymark:open sesame", "MAILGUN_WEBHOOK_SIGNING_KEY": SIGNING_KEY}
    taken = []
    take = lambda message, answer, *, at: taken.append((answer.text, answer.folded))  # noqa: E731
    monkeypatch.setattr(registry, "_replies", {"test_note": (take, "a note")})
    return taken


@pytest.fixture
def message(taken):
    return queue()


def postmark(message, **changes):
    """https://postmarkapp.com/developer/webhooks/inbound-webhook"""
    address = reply_address(message)
    return {
        "FromName": "Ann Example",
        "MessageStream": "inbound",
        "From": message.user.email,
        "FromFull": {"Email": message.user.email, "Name": "Ann Example", "MailboxHash": ""},
        "To": f'"Waymark" <{address}>',
        "ToFull": [{"Email": address, "Name": "Waymark", "MailboxHash": address.split("@")[0].partition("+")[2]}],
        "Cc": "",
        "CcFull": [],
        "Bcc": "",
        "BccFull": [],
        "OriginalRecipient": address,
        "Subject": "Re: Week 47",
        "MessageID": "22c74902-a0c1-4511-804f-341342852c90",
        "ReplyTo": "",
        "MailboxHash": "",
        "Date": "Sun, 22 Nov 2026 19:12:44 +0000",
        "TextBody": "It went well — thank you.\r\n\r\nOn Sun, Nov 22, 2026 at 6:00 PM Waymark wrote:\r\n> How was it?\r\n",
        "HtmlBody": "<p>It went well — thank you.</p>",
        "StrippedTextReply": "It went well — thank you.",
        "Tag": "",
        "Headers": [
            {"Name": "Return-Path", "Value": f"<{message.user.email}>"},
            {"Name": "Message-ID", "Value": "<CAGdf@mail.example.org>"},
            {"Name": "X-Spam-Status", "Value": "No"},
        ],
        "Attachments": [],
    } | changes


def mailgun(message, **changes):
    """https://documentation.mailgun.com/docs/mailgun/user-manual/receive-forward-store/ with fully parsed messages"""
    timestamp, token = "1795374764", "c47468e81de0818af77f3e14a728602a29"
    signature = hmac.new(SIGNING_KEY.encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest()
    address = reply_address(message)
    text = "It went well — thank you.\r\n\r\nOn Sun, Nov 22, 2026 at 6:00 PM Waymark wrote:\r\n> How was it?\r\n"
    return {
        "recipient": address,
        "sender": message.user.email,
        "subject": "Re: Week 47",
        "from": f"Ann Example <{message.user.email}>",
        "Message-Id": "<CAGdf@mail.example.org>",
        "body-plain": text,
        "body-html": "<p>It went well — thank you.</p>",
        "stripped-text": "It went well — thank you.",
        "message-headers": json.dumps(
            [
                ["Received", "from mail.example.org by mxa.mailgun.org"],
                ["From", f"Ann Example <{message.user.email}>"],
                ["To", f"Waymark <{address}>"],
                ["Subject", "Re: Week 47"],
                ["Message-Id", "<CAGdf@mail.example.org>"],
            ]
        ),
        "timestamp": timestamp,
        "token": token,
        "signature": signature,
    } | changes


def sparkpost(message, **changes):
    """https://developers.sparkpost.com/api/relay-webhooks/"""
    relayed = {
        "content": {
            "email_rfc822": reply_mail(message, "It went well — thank you.").decode(),
            "email_rfc822_is_base64": False,
            "from": message.user.email,
            "subject": "Re: Week 47",
            "text": "It went well — thank you.",
            "to": [reply_address(message)],
        },
        "customer_id": "1337",
        "friendly_from": message.user.email,
        "msg_from": message.user.email,
        "protocol": "smtp",
        "rcpt_to": reply_address(message),
        "webhook_id": "4839201967643219",
    }
    return [{"msys": {"relay_message": relayed | changes}}]


def post_json(client, provider, body, **extra):
    body = body if isinstance(body, bytes | str) else json.dumps(body)
    return client.post(f"/mail/inbound/{provider}/", body, content_type="application/json", **AUTH | extra)


def test_postmark_reply_is_used(client, message, taken):
    response = post_json(client, "postmark", postmark(message))
    inbound.take_waiting()

    assert response.status_code == 200
    assert [text for text, _ in taken] == ["It went well — thank you."]
    assert "> How was it?" in taken[0][1]


def test_postmark_raw_reply_is_used(client, message, taken):
    raw = reply_mail(message, "It went well.").decode()

    post_json(client, "postmark", postmark(message, RawEmail=raw, TextBody=""))
    inbound.take_waiting()

    assert taken[0][0] == "It went well."


def test_mailgun_reply_is_used(client, message, taken):
    response = client.post("/mail/inbound/mailgun/", mailgun(message), **AUTH)
    inbound.take_waiting()

    assert response.status_code == 200
    assert [text for text, _ in taken] == ["It went well — thank you."]


def test_mailgun_raw_reply_is_used(client, message, taken):
    data = mailgun(message) | {"body-mime": reply_mail(message, "Raw, and used.").decode()}

    client.post("/mail/inbound/mailgun/", data, **AUTH)
    inbound.take_waiting()

    assert taken[0][0] == "Raw, and used."


def test_mailgun_reply_with_a_large_photo_is_used_without_it(client, message, taken):
    photo = SimpleUploadedFile("wall.jpg", b"\xff\xd8" + b"0" * 6_000_000, content_type="image/jpeg")
    data = mailgun(message) | {"attachment-count": "1", "attachment-1": photo}

    response = client.post("/mail/inbound/mailgun/", data, **AUTH)
    inbound.take_waiting()

    assert response.status_code == 200
    assert [text for text, _ in taken] == ["It went well — thank you."]
    assert Inbound.objects.get().attachments == 1


def test_sparkpost_reply_is_used(client, message, taken):
    response = post_json(client, "sparkpost", sparkpost(message))
    inbound.take_waiting()

    assert response.status_code == 200
    assert [text for text, _ in taken] == ["It went well — thank you."]


def test_json_larger_than_a_form_is_taken(client, message, taken):
    attachment = {
        "Name": "photo.jpg",
        "Content": base64.b64encode(b"x" * 2_500_000).decode(),
        "ContentType": "image/jpeg",
        "ContentLength": 2_500_000,
    }

    response = post_json(client, "postmark", postmark(message, Attachments=[attachment]))
    inbound.take_waiting()

    assert response.status_code == 200
    assert taken


def test_retries_of_a_provider_are_one_answer(client, message, taken):
    for _ in range(5):
        assert post_json(client, "postmark", postmark(message)).status_code == 200
    inbound.take_waiting()

    assert len(taken) == 1


def test_nothing_is_looked_at_in_the_request(client, message, taken):
    post_json(client, "postmark", postmark(message))

    assert not taken
    assert Inbound.objects.get().state == "waiting"


@pytest.mark.parametrize(
    "auth",
    ["", "Basic", "Basic !!!", "Basic /w==", "Basic \xff", "Basic " + base64.b64encode(b"waymark:wrong").decode()],
)
@pytest.mark.parametrize("provider", ["postmark", "mailgun", "sparkpost"])
def test_without_our_secret_nothing_is_taken(client, message, provider, auth, caplog):
    response = post_json(client, provider, postmark(message), HTTP_AUTHORIZATION=auth)

    assert response.status_code == 403
    assert not Inbound.objects.exists()
    assert "inbound.rejected secret" in caplog.text
    assert message.user.email not in caplog.text


def test_mailgun_without_its_signature_is_refused(client, message):
    response = client.post("/mail/inbound/mailgun/", mailgun(message, signature="0" * 64), **AUTH)

    assert response.status_code == 403
    assert not Inbound.objects.exists()


@pytest.mark.parametrize("change", [{"REPLY_DOMAIN": ""}, {"ANYMAIL": {}}])
def test_where_it_is_not_set_up_there_is_nothing(client, message, settings, change):
    body = postmark(message)
    for name, value in change.items():
        setattr(settings, name, value)

    assert post_json(client, "postmark", body).status_code == 404


def test_unknown_provider_is_404(client, message):
    assert post_json(client, "pigeon", postmark(message)).status_code == 404


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "patch"])
def test_only_post(client, message, method):
    assert getattr(client, method)("/mail/inbound/postmark/", **AUTH).status_code == 405


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        "1",
        '{"RecordType": "Bounce"}',
        "{}",
        '{"Headers": 5}',
        "[" * 100_000,
        '{"TextBody": "\\ud800", "FromFull": {"Email": "a@b.c"}, "Headers": []}',
        b"\xff\xfe\x00",
    ],
)
def test_bad_posts_are_no_error_of_ours(client, message, body):
    assert post_json(client, "postmark", body).status_code in {200, 400}
    assert post_json(client, "sparkpost", body).status_code in {200, 400}
    assert not Inbound.objects.exists()


@pytest.mark.same_statements
@pytest.mark.parametrize("value", [5, None, True, [], {}, [5], {"Email": 5}, "\x00", "a@b\ud800.c"])
@pytest.mark.parametrize(
    "name", ["OriginalRecipient", "FromFull", "ToFull", "Headers", "TextBody", "Attachments", "MessageID"]
)
def test_fields_of_another_type_are_no_error_of_ours(client, message, name, value):
    body = json.dumps(postmark(message) | {name: value})

    assert post_json(client, "postmark", body).status_code in {200, 400}
    inbound.take_waiting()
    assert not Inbound.objects.waiting().exists()


@pytest.mark.parametrize("value", [5, None, [], {}, "\x00"])
@pytest.mark.parametrize("name", ["rcpt_to", "msg_from", "friendly_from", "content"])
def test_fields_of_another_type_from_sparkpost_are_no_error_of_ours(client, message, name, value):
    body = sparkpost(message)
    body[0]["msys"]["relay_message"][name] = value

    assert post_json(client, "sparkpost", json.dumps(body)).status_code in {200, 400}


@pytest.mark.parametrize("data", [{}, {"timestamp": "x"}, {"body-mime": "\x00"}])
def test_bad_forms_are_no_error_of_ours(client, message, data):
    signed = mailgun(message)
    fields = {name: signed[name] for name in ("timestamp", "token", "signature")} | data

    assert client.post("/mail/inbound/mailgun/", fields, **AUTH).status_code in {200, 400, 403}
    assert not Inbound.objects.exists()


def test_too_large_is_413(client, message):
    response = client.generic(
        "POST",
        "/mail/inbound/postmark/",
        b"",
        content_type="application/json",
        CONTENT_LENGTH=str(MAX_BODY + 1),
        **AUTH,
    )

    assert response.status_code == 413


def test_mail_for_somebody_else_is_dropped_with_a_yes(client, message):
    body = postmark(message, OriginalRecipient="hello@in.waymark.test", ToFull=[{"Email": "hello@in.waymark.test"}])

    assert post_json(client, "postmark", body).status_code == 200
    assert not Inbound.objects.exists()


def test_while_the_database_is_away_the_provider_comes_again(client, message, monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError

    body = postmark(message)
    monkeypatch.setattr("mail.views.receive", fail)
    client.raise_request_exception = False

    assert post_json(client, "postmark", body).status_code == 503


def test_line_breaks_in_fields_make_no_header(client, message, taken):
    body = postmark(message, Subject="Re: x\r\nFrom: ben@example.org", FromName="a\r\nAuto-Submitted: yes")

    assert post_json(client, "postmark", body).status_code in {200, 400}
    inbound.take_waiting()
    assert Inbound.objects.filter(reason="sender").count() == 0
