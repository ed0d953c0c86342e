"""What mail providers post: taken when signed, stored once, and never an error of ours."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client

from mail import bounces
from mail.models import DeliveryEvent, Suppression, address_hash
from tests.mail import provider_events as post
from tests.mail.provider_events import BUILD, EVENTS, MAILGUN_KEY, SETTINGS

pytestmark = [
    pytest.mark.django_db,
    # anymail keeps its reader for SendGrid but no longer promises anything; ours is tested here.
    pytest.mark.filterwarnings("ignore:django-anymail has dropped official support"),
]
REFERENCE, ADDRESS = "<0123456789abcdef@waymark.test>", "ann@example.org"


@pytest.fixture(autouse=True)
def _secrets(settings):
    settings.ANYMAIL = dict(SETTINGS)


@pytest.mark.parametrize(("provider", "event", "what"), EVENTS)
def test_every_event_of_every_provider(client, provider, event, what):
    Suppression.objects.create(address_hash=address_hash(ADDRESS), bounces=1)  # so that an arrival is of interest
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=90)

    response = post.post(client, provider, BUILD[provider](event, REFERENCE, ADDRESS, at=at))

    assert response.status_code == 200
    assert response.content == b""
    stored = list(DeliveryEvent.objects.values("source", "reference", "to_hash", "what", "happened_at", "state"))
    expected = {
        "source": provider,
        "reference": REFERENCE,
        "to_hash": address_hash(ADDRESS),
        "what": what,
        "happened_at": at,
        "state": "new",
    }
    assert stored == ([expected] if what else [])


def test_the_code_of_the_mail_server_is_kept(client):
    post.post(client, "postmark", post.postmark("HardBounce", REFERENCE, ADDRESS))

    assert DeliveryEvent.objects.get().status == "5.1.1"


def test_arrival_without_trouble_is_not_stored(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        response = post.post(client, "postmark", post.postmark("Delivery", REFERENCE, ADDRESS))

    assert response.status_code == 200
    assert not DeliveryEvent.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_query_count_of_a_batch(client, count, django_assert_num_queries):
    events = [post.sendgrid("bounce", f"<{number}@waymark.test>", ADDRESS)[0] for number in range(count)]

    with django_assert_num_queries(3):  # a savepoint here, a transaction in earnest
        post.post(client, "sendgrid", events)

    assert DeliveryEvent.objects.count() == count


# --- who may say so ---


@pytest.mark.parametrize("provider", sorted(BUILD))
def test_unknown_without_a_secret(client, settings, provider):
    settings.ANYMAIL = {}

    assert post.post(client, provider, {}).status_code == 404
    assert client.head(f"/mail/events/{provider}/").status_code == 404


def test_unknown_provider(client):
    assert post.post(client, "pigeon", {}).status_code == 404


@pytest.mark.parametrize("provider", sorted(BUILD))
def test_other_methods(client, provider):
    assert client.head(f"/mail/events/{provider}/").status_code == 200
    for method in (client.get, client.put, client.delete, client.patch):
        assert method(f"/mail/events/{provider}/").status_code == 405


@pytest.mark.parametrize("provider", ["postmark", "sendgrid", "brevo"])
@pytest.mark.parametrize(
    "headers",
    [{}, post.basic_auth("events:wrong"), {"authorization": "Basic ====="}, {"authorization": "Bearer x"},
     {"authorization": "Basic /////w=="}],
)  # fmt: skip
def test_wrong_password(client, provider, headers, caplog):
    caplog.set_level("INFO")

    response = post.post(client, provider, BUILD[provider]("hard_bounce", REFERENCE, ADDRESS), headers=headers)

    assert response.status_code == 400
    assert not DeliveryEvent.objects.exists()
    assert f"inbound.rejected events of {provider}" in caplog.text
    assert "wrong" not in caplog.text


@pytest.mark.parametrize(
    "signature", [{"key": "another"}, {"signed_at": -301}, {"signed_at": 330}, {"signed_at": -(10**9)}]
)
def test_wrong_or_old_signature_of_mailgun(client, signature):
    if "signed_at" in signature:
        signature = {"signed_at": time.time() + signature["signed_at"]}
    payload = post.mailgun("failed", REFERENCE, ADDRESS, **signature)

    assert post.post(client, "mailgun", payload).status_code == 400
    assert not DeliveryEvent.objects.exists()


def test_mailgun_without_signature(client):
    payload = post.mailgun("failed", REFERENCE, ADDRESS)
    del payload["signature"]

    assert post.post(client, "mailgun", payload).status_code == 400


def test_mailgun_needs_its_own_key(client, settings):
    settings.ANYMAIL = {"WEBHOOK_SECRET": post.PASSWORD}

    assert post.post(client, "mailgun", post.mailgun("failed", REFERENCE, ADDRESS)).status_code == 404


def test_mailgun_without_password(client, settings):
    settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": MAILGUN_KEY}

    assert post.post(client, "mailgun", post.mailgun("failed", REFERENCE, ADDRESS), headers={}).status_code == 200
    assert DeliveryEvent.objects.count() == 1


def test_signature_of_sendgrid(client, settings):
    settings.ANYMAIL = {"SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY": post.sendgrid_public_key()}
    body = '[{"event": "spamreport", "email": "ann@example.org", "timestamp": 1795600000, "smtp-id": "<1@x>"}]'

    for headers, status in [
        (post.sendgrid_signature(body), 200),
        (post.sendgrid_signature(body, at=time.time() - 301), 400),
        (post.sendgrid_signature(body + " "), 400),
        ({}, 400),
        (post.basic_auth(), 400),
    ]:
        assert post.post(client, "sendgrid", body, headers=headers).status_code == status
    assert DeliveryEvent.objects.count() == 1


# --- what it may be ---

BAD = [
    "", "null", "1", '"x"', "[]", "{}", "[[]]", "[null]", "{", "\x00", '{"event": "\x00"}', "\ud83d".encode("utf-8", "replace").decode(),
    "[" * 50_000, '{"event-data": ' * 3000 + "1" + "}" * 3000, '{"signature": null}', '{"event-data": {"event": []}}',
    '{"RecordType": "Bounce"}', '{"RecordType": "Bounce", "Type": {"a": 1}, "MessageID": [], "Email": {}}',
    '{"RecordType": "Bounce", "Type": "HardBounce", "BouncedAt": "0001-01-01T00:00:00+14:00", "MessageID": "x", "Email": "a@b"}',
    '{"RecordType": "Bounce", "Type": "HardBounce", "BouncedAt": "9999-12-31T23:59:59-14:00", "MessageID": "x", "Email": "a@b"}',
    '{"RecordType": "Bounce", "Type": "HardBounce", "BouncedAt": 5, "MessageID": "x", "Email": "a@b"}',
    '{"RecordType": "Inbound"}', '{"FromFull": {}}', '{"event": "hard_bounce", "email": "a@b", "message-id": 5, "ts_epoch": 1e400}',
    '{"event": "hard_bounce", "email": "a@b", "message-id": "x", "ts_epoch": 1e18}', '{"items": []}',
    '{"event": ["hard_bounce"], "email": ["a@b"], "message-id": ["x"], "tags": 5}',
    '[{"event": "bounce", "email": "a@b", "smtp-id": "<x>", "timestamp": "never"}]',
    '[{"event": "bounce", "email": "a\\u0000@b", "smtp-id": "<\\u0000\\ud800>", "timestamp": 1795600000}]',
    '[{"event": "bounce", "email": "' + "a" * 400_000 + '@b", "smtp-id": "' + "x" * 400_000 + '", "timestamp": 1795600000}]',
    '[{"event": "bounce", "email": "a@b", "smtp-id": "x", "timestamp": 99999999999999999999}]',
]  # fmt: skip


@pytest.mark.same_statements
@pytest.mark.parametrize("provider", sorted(BUILD))
@pytest.mark.parametrize("body", BAD, ids=range(len(BAD)))
def test_bad_payload_is_no_error_of_ours(client, provider, body):
    response = post.post(client, provider, body)

    assert response.status_code in {200, 400}
    bounces.settle(now=datetime.now(UTC) + timedelta(hours=1))
    assert not DeliveryEvent.objects.exclude(state="ignored").exists()


def test_signed_but_bad_payload_of_mailgun(client):
    for data in (
        None,
        [],
        {},
        {"event": None},
        {"event": "failed", "timestamp": "x"},
        {"event": "failed", "message": 5},
    ):
        payload = {"signature": post.mailgun_signature(), "event-data": data}
        assert post.post(client, "mailgun", payload).status_code in {200, 400}
    assert not DeliveryEvent.objects.exists()


def test_form_instead_of_json(client):
    for provider in BUILD:
        for body, kind in (("a=%00&timestamp=x", "application/x-www-form-urlencoded"), ("x", "multipart/form-data")):
            response = client.post(f"/mail/events/{provider}/", body, content_type=kind, headers=post.basic_auth())
            assert response.status_code == 400


def test_huge_payload(client):
    response = post.post(client, "postmark", " " * (1024 * 1024 + 1))

    assert response.status_code == 413


def test_no_cookie_is_needed_and_none_is_given():
    client = Client(enforce_csrf_checks=True)

    response = post.post(client, "postmark", post.postmark("HardBounce", REFERENCE, ADDRESS))

    assert response.status_code == 200
    assert not response.cookies


def test_database_down(monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr(DeliveryEvent.objects, "bulk_create", fail)

    response = post.post(Client(raise_request_exception=False), "postmark", post.postmark("HardBounce", "x", ADDRESS))

    assert response.status_code == 503
    assert response["Retry-After"]


def test_broker_down_costs_nothing(client, monkeypatch, django_capture_on_commit_callbacks):
    def fail(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr("mail.tasks.settle_news.apply_async", fail)
    monkeypatch.setattr("mail.services._bell_silent_until", 0.0)

    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        response = post.post(client, "postmark", post.postmark("HardBounce", REFERENCE, ADDRESS))

    assert len(callbacks) == 1
    assert response.status_code == 200


# --- repeats ---


@pytest.mark.parametrize("provider", sorted(BUILD))
def test_repeat_is_no_second_row(client, provider):
    bounce = {"mailgun": "failed", "postmark": "HardBounce", "sendgrid": "bounce", "brevo": "hard_bounce"}[provider]

    for _ in range(3):
        assert post.post(client, provider, BUILD[provider](bounce, REFERENCE, ADDRESS)).status_code == 200

    assert DeliveryEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_repeats_at_the_same_moment():
    statuses = []
    barrier = threading.Barrier(5)

    def send():
        try:
            barrier.wait()
            payload = post.postmark("HardBounce", REFERENCE, ADDRESS)
            statuses.append(post.post(Client(), "postmark", payload).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [200] * 5
    assert DeliveryEvent.objects.count() == 1
