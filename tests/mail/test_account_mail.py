import re
from datetime import timedelta
from pathlib import Path

import allauth
import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context as allauth_context
from django.core import mail as django_mail
from django.test import RequestFactory
from django.utils import timezone

from mail import outbox, services
from mail.account_mail import NOTICE_LIFE, WORDS
from mail.models import Message, address_hash
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
# Mails of allauth that this configuration cannot cause.
NEVER_SENT = {"account/email/base", "account/email/base_notification"}


@pytest.fixture
def send(rf: RequestFactory):
    """Hands a mail to the adapter the way allauth does, for a request that lies about its host."""
    request = rf.get("/", headers={"host": "evil.example"})

    def hand_over(prefix, email="ann@example.org", **context):
        with allauth_context.request_context(request):
            get_adapter(request).send_mail(prefix, email, {"request": request, **context})

    return hand_over


CONTEXT = {
    "code": "A1B-2C3",
    "password_reset_url": "http://evil.example/account/password/reset/key/1-x/?a=b",
    "signup_url": "http://evil.example/account/signup/",
    "ip": "192.0.2.7",
    "user_agent": "Firefox\r\nBcc: x@example.org",
    "from_email": "old@example.org",
    "to_email": "new@example.org",
    "deleted_email": "gone@example.org",
    "provider": "OpenID",
}


def test_every_mail_of_allauth_has_words():
    folder = Path(allauth.__file__).parent / "templates"
    prefixes = {
        str(path.relative_to(folder)).removesuffix("_message.txt")
        for app in ("account", "mfa", "socialaccount", "usersessions")
        for path in (folder / app).glob("email/*_message.txt")
    }

    assert prefixes - NEVER_SENT == set(WORDS)


@pytest.mark.parametrize("prefix", sorted(WORDS))
def test_every_account_mail(send, prefix):
    send(prefix, timestamp=timezone.now(), user=UserFactory(), **CONTEXT)
    assert outbox.deliver() == 1

    sent = django_mail.outbox[0]
    text, html = sent.body, sent.alternatives[0].content
    words = WORDS[prefix]
    assert sent.to == ["ann@example.org"]
    assert sent.subject == words.subject
    assert "[" not in sent.subject
    for part in (text, html):
        assert words.subject in part
        assert "evil.example" not in part
        assert "{" not in part.partition("</style>")[2]
        assert ("A1B-2C3" in part) is (words.shape == "code")
        if words.shape == "link":
            assert "http://waymark.test/account/" in part
        if words.shape == "notice":
            assert "192.0.2.7" in part
            assert "Firefox Bcc: x@example.org" in part
    headers = sent.message()
    assert headers["List-Unsubscribe"] is None
    assert headers["List-Unsubscribe-Post"] is None
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Bcc"] is None
    assert "unsubscribe" not in text + html


def test_context_is_encrypted_and_emptied(send):
    send("account/email/login_code", code="A1B-2C3")
    row = Message.objects.get()
    assert "A1B-2C3" in row.context
    assert row.ids == {}

    outbox.deliver()

    assert Message.objects.get().context == ""


def test_code_is_not_sent_too_late(send):
    send("account/email/login_code", code="A1B-2C3")
    row = Message.objects.get()
    assert timedelta(0) < row.expires_at - row.queued_at <= timedelta(minutes=15)
    Message.objects.update(expires_at=timezone.now())

    assert outbox.deliver() == 0

    row.refresh_from_db()
    assert (row.state, row.reason, row.context) == ("skipped", "expired", "")


def test_code_says_how_long_it_works(send, settings):
    settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
    send("account/email/login_code", code="A1B-2C3")
    outbox.deliver()

    assert "It works once, for 10 minutes." in django_mail.outbox[0].body


def test_notice_is_kept_for_days(send):
    send("account/email/password_changed", ip="192.0.2.7")

    row = Message.objects.get()
    assert abs(row.expires_at - row.queued_at - NOTICE_LIFE) < timedelta(seconds=5)


def test_known_and_unknown_address_cost_the_same(send, django_assert_num_queries):
    for prefix in ("account/email/login_code", "account/email/unknown_account"):
        with django_assert_num_queries(1):
            send(prefix, **CONTEXT)


def test_account_mail_goes_before_everything(send, says):
    services.queue("test_letter", to="letter@example.org", ids={}, dedupe="1")
    send("account/email/login_code", code="A1B-2C3")

    outbox.deliver()

    assert [m.to for m in django_mail.outbox] == [["ann@example.org"], ["letter@example.org"]]


def test_stopped_address_still_gets_codes(send):
    services.set_stopped(to_hash=address_hash("ann@example.org"), stopped=True)
    send("account/email/email_confirmation_signup", code="A1B-2C3")
    send("account/email/unknown_account", **CONTEXT)

    assert outbox.deliver() == 1

    assert django_mail.outbox[0].subject == WORDS["account/email/email_confirmation_signup"].subject


def test_address_that_bounces_still_gets_codes(send):
    from mail.models import Suppression

    Suppression.objects.create(
        address_hash=address_hash("ann@example.org"), bounces=2, paused_at=timezone.now(), cause="refused"
    )
    send("account/email/login_code", code="A1B-2C3")

    assert outbox.deliver() == 1
    assert not services.is_paused("ann@example.org")


def test_sign_in_by_code_end_to_end(client):
    UserFactory(email="ann@example.org")

    client.post("/account/login/code/", {"email": "ann@example.org"})
    outbox.deliver()

    code = re.search(r"^    (\S+)$", django_mail.outbox[0].body, re.MULTILINE).group(1)
    response = client.post("/account/login/code/confirm/", {"code": code})
    assert response.status_code == 302
    assert "_auth_user_id" in client.session
