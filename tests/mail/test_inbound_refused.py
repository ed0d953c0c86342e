"""Mails that come in and are not used: no person wrote them, or it is too late, too much, or not theirs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from mail.models import Message
from mail.registry import ReplyRefusedError
from tests.mail.coming_in import SECRET, arrive, become, notices, reply_address, reply_mail, said_in
from tests.mail.queued import only_message, queue

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "headers",
    ["Auto-Submitted: auto-replied\n", "Precedence: bulk\n", "X-Autoreply: yes\n", "Return-Path: <>\n"],
)
def test_automatic_mail_is_never_answered(taken, headers):
    row = arrive(reply_mail(only_message(), headers=headers))

    assert (row.state, row.reason) == ("refused", "automatic")
    assert not taken
    assert not notices()


def test_bounce_is_never_answered(taken):
    row = arrive(reply_mail(only_message()), sender="")

    assert row.reason == "automatic"
    assert not notices()


def test_own_mail_is_never_answered(taken, settings):
    settings.DEFAULT_FROM_EMAIL = "Waymark <waymark@waymark.test>"

    assert arrive(reply_mail(only_message(), sender="Waymark@waymark.test")).reason == "automatic"
    own = reply_address(only_message())
    assert arrive(reply_mail(only_message(), sender=own, message_id="<2@x>")).reason == "automatic"
    assert not notices()


def test_old_reply_address_is_refused_with_a_word(taken):
    message = only_message()
    raw = reply_mail(message, SECRET)
    Message.objects.update(not_before=timezone.now() - timedelta(days=61))

    row = arrive(raw)

    assert (row.state, row.reason, row.raw) == ("refused", "expired", "")
    assert not taken
    assert "60 days" in said_in(notices()[0])
    assert SECRET not in said_in(notices()[0])


def test_empty_answer_is_refused_with_a_word(taken):
    row = arrive(reply_mail(only_message(), "Sent from my iPhone\n\n> quoted"))

    assert row.reason == "empty"
    assert "nothing new" in said_in(notices()[0])


def test_unreadable_answer_is_refused_with_a_word_to_its_owner_only(taken):
    message = only_message()
    bomb = "Content-Type: multipart/encrypted; boundary=b\n"

    arrive(reply_mail(message, headers=bomb, sender="stranger@example.org", message_id="<1@x>"))
    assert not notices()
    row = arrive(reply_mail(message, headers=bomb, message_id="<2@x>"))

    assert row.reason == "unreadable"
    assert "could not read" in said_in(notices()[0])


@pytest.mark.parametrize("error", [ReplyRefusedError, __import__("django").core.exceptions.PermissionDenied])
def test_answer_where_one_may_no_longer_write_is_refused_without_a_title(taken, monkeypatch, error):
    def refuse(message, answer, *, at):
        raise error

    become(monkeypatch, refuse)

    row = arrive(reply_mail(only_message(), SECRET))

    assert (row.state, row.reason, row.raw) == ("refused", "closed", "")
    assert "conversation is closed" in said_in(notices()[0])
    assert SECRET not in said_in(notices()[0])


def test_refusals_of_one_mail_are_told_once(taken, monkeypatch):
    become(monkeypatch, lambda message, answer, *, at: (_ for _ in ()).throw(ReplyRefusedError))
    message = only_message()

    for number in range(4):
        arrive(reply_mail(message, message_id=f"<{number}@x>"))

    assert notices().count() == 1


def test_refusals_are_told_five_times_a_day_at_most(taken, monkeypatch):
    become(monkeypatch, lambda message, answer, *, at: (_ for _ in ()).throw(ReplyRefusedError))
    user = only_message().user

    for number in range(8):
        arrive(reply_mail(queue(dedupe=f"n{number}", user=user), message_id=f"<{number}@x>"))

    assert notices().count() == 5


def test_attachments_are_left_out_with_a_word(taken):
    message = only_message()
    mixed = 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n'
    words = (
        "--b\nContent-Type: text/plain\n\nSee the file.\n"
        '--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename="secret-plan.pdf"\n\nPDF\n--b--'
    )
    raw = reply_mail(message, words, headers=mixed).replace(b"Content-Type: text/plain; charset=utf-8\n\n--b", b"\n--b")

    row = arrive(raw)

    assert [text for _, text in taken] == ["See the file."]
    assert (row.state, row.attachments) == ("used", 1)
    assert "1 file that came with them is not" in said_in(notices()[0])
    assert "secret-plan" not in said_in(notices()[0])


@pytest.mark.parametrize("change", [{"is_active": False}, {"deletion_asked_at": timezone.now()}])
def test_answer_of_somebody_who_left_is_not_used(taken, change):
    raw = reply_mail(only_message())
    User.objects.update(**change)

    assert arrive(raw).reason == "unknown"
    assert not taken


def test_answer_of_a_deleted_account_is_not_used(taken):
    raw = reply_mail(only_message())
    User.objects.all().delete()

    assert arrive(raw).reason == "unknown"
