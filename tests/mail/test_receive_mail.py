import io
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from mail import registry
from mail.models import Inbound
from mail.replies import MAX_BYTES
from tests.mail.coming_in import DOMAIN, reply_address, reply_mail
from tests.mail.queued import queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def message(settings, says, monkeypatch):
    settings.REPLY_DOMAIN = DOMAIN
    monkeypatch.setattr(registry, "_replies", {"test_note": (lambda *a, **k: None, "a note")})
    return queue()


@pytest.fixture
def receive(monkeypatch):
    def receive(raw, *arguments):
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
        call_command("receive_mail", *arguments)

    return receive


def code_of(function, *arguments):
    with pytest.raises(CommandError) as caught:
        function(*arguments)
    return caught.value.returncode


def test_receive_mail_stores_and_looks_at_nothing(message, receive):
    receive(reply_mail(message), f"--recipient={reply_address(message)}", "--sender=ann@example.org")

    row = Inbound.objects.get()
    assert (row.via, row.state) == ("command", "waiting")
    assert "ann@example.org" in row.envelope


def test_receive_mail_twice_is_no_error(message, receive):
    receive(reply_mail(message))
    receive(reply_mail(message))

    assert Inbound.objects.count() == 1


def test_receive_mail_says_no_such_user(message, receive):
    raw = reply_mail(message).replace(reply_address(message).encode(), b"info@in.waymark.test")

    assert code_of(receive, raw, "--recipient=info@in.waymark.test") == 67


def test_receive_mail_says_bad_data(message, receive):
    assert code_of(receive, b"\n") == 65
    assert code_of(receive, reply_mail(message) + b"x" * MAX_BYTES) == 65


def test_receive_mail_says_come_again_while_the_database_is_away(message, receive, monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError("password=hunter2")

    monkeypatch.setattr("mail.management.commands.receive_mail.receive", fail)

    with pytest.raises(CommandError) as caught:
        receive(reply_mail(message))

    assert caught.value.returncode == 75
    assert "hunter2" not in str(caught.value)


def test_receive_mail_says_come_again_where_it_is_not_set_up(message, receive, settings):
    raw = reply_mail(message)
    settings.REPLY_DOMAIN = ""

    assert code_of(receive, raw) == 75
