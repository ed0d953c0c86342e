from datetime import timedelta

import pytest
from django.utils import timezone

from mail import registry, tokens
from mail.letters import compose
from mail.models import Message
from mail.registry import Content
from tests.mail.queued import only_message, queue

pytestmark = pytest.mark.django_db
DOMAIN = "in.waymark.test"


@pytest.fixture(autouse=True)
def answerable(settings, says, monkeypatch):
    settings.REPLY_DOMAIN = DOMAIN
    monkeypatch.setattr(registry, "_replies", {"test_note": (lambda message, answer, *, at: None, "a note")})


def reply_to(message):
    letter = compose(message, Content("mail/emails/test", {"asked_at": "noon"}, "Why."), now=timezone.now())
    return letter.headers.get("Reply-To", "")


def test_reply_address_of_a_mail_leads_back_to_its_row():
    queue()
    message = only_message()

    address = reply_to(message)

    assert address.endswith(f"@{DOMAIN}")
    assert tokens.is_reply_address(address)
    assert tokens.find_hash(["someone@example.org", address.upper()]) == message.reply_hash
    assert address.partition("@")[0].removeprefix("reply+") not in str(Message.objects.values_list())


def test_reply_address_is_the_same_at_a_second_try():
    queue()

    assert reply_to(only_message()) == reply_to(only_message()) != ""


def test_reply_address_missing_where_nobody_takes_mail(settings):
    settings.REPLY_DOMAIN = ""
    queue()

    assert only_message().reply_hash == ""
    assert reply_to(only_message()) == ""
    assert not tokens.is_reply_address(f"reply+{'a' * 26}@")


def test_reply_address_missing_for_kinds_nobody_answers():
    queue("test_letter")

    assert reply_to(only_message()) == ""


def test_reply_address_missing_for_strangers():
    queue(to="stranger@example.org")

    assert reply_to(only_message()) == ""


def test_reply_address_gone_once_the_server_stopped_taking_mail(settings):
    queue()
    settings.REPLY_DOMAIN = ""

    assert reply_to(only_message()) == ""


def test_reply_address_survives_a_change_of_key(settings):
    queue()
    before = reply_to(only_message())
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 60, [settings.SECRET_KEY]

    assert reply_to(only_message()) == before


def test_reply_address_left_out_when_its_key_was_dropped(settings):
    queue()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 60, []

    assert reply_to(only_message()) == ""


@pytest.mark.parametrize(
    "address",
    [
        "reply@in.waymark.test",
        "reply+short@in.waymark.test",
        f"reply+{'a' * 26}@elsewhere.test",
        f"reply+{'a' * 27}@in.waymark.test",
        f"reply+{'0' * 26}@in.waymark.test",
        f"xreply+{'a' * 26}@in.waymark.test",
        f"reply+{'a' * 25}\n@in.waymark.test",
        "",
    ],
)
def test_other_addresses_are_no_reply_addresses(address):
    assert not tokens.is_reply_address(address)
    assert tokens.find_hash([address]) == ""


def test_expires_sixty_days_after_it_left():
    queue()
    message = only_message()
    message.finished_at = message.queued_at

    assert not tokens.is_expired(message, now=message.queued_at + timedelta(days=60))
    assert tokens.is_expired(message, now=message.queued_at + timedelta(days=60, seconds=1))


def test_two_mails_have_two_reply_addresses():
    queue(dedupe="1")
    queue(dedupe="2")

    assert len({message.reply_hash for message in Message.objects.all()}) == 2
