from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from core.encrypted import decrypt
from mail import health, inbound, registry
from mail.emails import reply_notice
from mail.letters import compose
from mail.models import Inbound, Message
from mail.registry import ReplyRefusedError
from tests.factories.accounts import UserFactory
from tests.mail.coming_in import DOMAIN, arrive, notices, reply_address, reply_mail
from tests.mail.queued import only_message, queue

pytestmark = pytest.mark.django_db
SECRET = "I told nobody but this journal"


@pytest.fixture
def taken(settings, says, monkeypatch):
    """The answers that were used, as (pk of the mail answered, text); a mail that can be answered is in the outbox."""
    settings.REPLY_DOMAIN = DOMAIN
    taken = []
    take = lambda message, answer, *, at: taken.append((message.pk, answer.text))  # noqa: E731
    monkeypatch.setattr(registry, "_replies", {"test_note": (take, "a note")})
    queue()
    return taken


def become(monkeypatch, function):
    monkeypatch.setattr(registry, "_replies", {"test_note": (function, "a note")})


def said_in(notice):
    letter = compose(notice, reply_notice(notice, now=timezone.now()), now=timezone.now())
    return " ".join(f"{letter.subject} {letter.text} {letter.html}".split())


def test_answer_is_used_once_and_its_text_erased(taken):
    message = only_message()

    row = arrive(reply_mail(message, SECRET))

    assert taken == [(message.pk, SECRET)]
    assert (row.state, row.reason, row.raw, row.envelope, row.raw_size) == ("used", "", "", "", 0)
    assert not notices()


def test_answer_that_waits_is_encrypted(taken):
    raw = reply_mail(only_message(), SECRET)
    inbound.receive(raw, via="command", sender="a@example.org", recipient="", at=timezone.now())

    with connection.cursor() as cursor:
        cursor.execute("SELECT raw, envelope, mail_inbound::text FROM mail_inbound")
        stored, envelope, whole = cursor.fetchone()

    assert SECRET not in whole
    assert "example.org" not in whole
    assert SECRET in decrypt(stored)
    assert "a@example.org" in decrypt(envelope)


def test_answer_with_broken_bytes_is_stored_as_it_came(taken):
    raw = reply_mail(only_message()).replace(b"Thank", b"\xff\x00Th\xe4nk")

    row = inbound.receive(raw, via="command", sender=None, recipient="", at=timezone.now())

    assert Inbound.objects.get(pk=row.pk).raw.encode("latin-1") == raw


def test_answer_delivered_five_times_is_used_once(taken):
    raw = reply_mail(only_message())

    rows = [arrive(raw) for _ in range(5)]

    assert [row is None for row in rows] == [False, True, True, True, True]
    assert len(taken) == 1


def test_answer_without_message_id_delivered_twice_is_used_once(taken):
    raw = reply_mail(only_message()).replace(b"Message-ID: <1@example.org>\n", b"")

    arrive(raw)
    arrive(raw)

    assert len(taken) == 1


def test_second_answer_to_the_same_mail_is_used_too(taken):
    message = only_message()

    arrive(reply_mail(message, "One.", message_id="<1@example.org>"))
    arrive(reply_mail(message, "Two.", message_id="<2@example.org>"))

    assert [text for _, text in taken] == ["One.", "Two."]


def test_same_message_id_to_another_reply_address_is_another_mail(taken):
    """Whoever guesses a Message-ID cannot keep somebody else's answer out."""
    first = only_message()
    second = queue(dedupe="2")

    arrive(reply_mail(first, message_id="<same@example.org>"))
    arrive(reply_mail(second, message_id="<same@example.org>"))

    assert [pk for pk, _ in taken] == [first.pk, second.pk]


def test_envelope_says_whom_a_mail_was_for(taken):
    message = only_message()
    address = reply_address(message).encode()
    raw = reply_mail(message).replace(address, b"undisclosed@example.org")

    arrive(raw, recipient=address.decode())

    assert len(taken) == 1


def test_mail_to_other_addresses_is_not_kept(taken):
    raw = reply_mail(only_message()).replace(reply_address(only_message()).encode(), b"hello@in.waymark.test")

    with pytest.raises(inbound.NotForUsError):
        arrive(raw)

    assert not Inbound.objects.exists()


@pytest.mark.parametrize("letter", ["a", "z"])
def test_unknown_token_is_dropped_without_a_word(taken, caplog, letter):
    message = only_message()
    raw = reply_mail(message, SECRET).replace(reply_address(message).encode(), f"reply+{letter * 26}@{DOMAIN}".encode())

    with caplog.at_level("INFO"):
        row = arrive(raw)

    assert (row.state, row.reason, row.raw) == ("refused", "unknown", "")
    assert not taken
    assert not notices()
    assert f"inbound.rejected unknown {row.pk}" in caplog.text
    assert SECRET not in caplog.text
    assert message.user.email not in caplog.text


def test_forged_sender_is_set_aside_for_a_week(taken):
    message = only_message()

    row = arrive(reply_mail(message, SECRET, sender="stranger@example.org"))

    assert (row.state, row.reason) == ("quarantined", "sender")
    assert SECRET in row.raw
    assert not taken
    assert [notice.address for notice in notices()] == [message.user.email]
    assert "stranger" not in said_in(notices()[0])


def test_reply_address_of_somebody_else_is_of_no_use(taken):
    message = only_message()
    other = UserFactory()

    row = arrive(reply_mail(message, sender=other.email))

    assert row.state == "quarantined"
    assert not taken
    assert not notices().filter(user=other)


def test_unproven_second_address_is_no_proof(taken):
    message = only_message()
    message.user.emailaddress_set.create(email="new@example.org", verified=False, primary=False)

    assert arrive(reply_mail(message, sender="new@example.org")).state == "quarantined"


def test_sender_in_capitals_is_the_same(taken):
    message = only_message()

    arrive(reply_mail(message, sender=message.user.email.upper()))

    assert len(taken) == 1


def test_set_aside_mail_is_erased_after_a_week(taken):
    row = arrive(reply_mail(only_message(), sender="stranger@example.org"))

    inbound.housekeeping()
    assert Inbound.objects.get().raw
    Inbound.objects.update(finished_at=timezone.now() - timedelta(days=7, seconds=1))
    inbound.housekeeping()

    row.refresh_from_db()
    assert (row.raw, row.envelope, row.raw_size, row.state) == ("", "", 0, "quarantined")


def test_rows_are_forgotten_after_ninety_days(taken):
    arrive(reply_mail(only_message()))
    Inbound.objects.update(finished_at=timezone.now() - timedelta(days=91))

    inbound.housekeeping()

    assert not Inbound.objects.exists()


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


def test_poison_is_given_up_after_three_attempts_and_blocks_nobody(taken, monkeypatch):
    poison = only_message()
    others = [queue(dedupe=f"n{number}") for number in range(5)]

    def take(message, answer, *, at):
        if message.pk == poison.pk:
            raise RuntimeError(SECRET)
        taken.append(message.pk)

    become(monkeypatch, take)
    monkeypatch.setattr(inbound, "ATTEMPT_SECONDS", 0)
    for number, message in enumerate([poison, *others]):
        raw = reply_mail(message, message_id=f"<{number}@x>")
        inbound.receive(raw, via="command", sender=None, recipient="", at=timezone.now())

    inbound.take_waiting()
    inbound.take_waiting()

    assert sorted(taken) == sorted(message.pk for message in others)
    row = Inbound.objects.get(state="dead")
    assert row.attempts == 3
    assert row.raw


def test_failures_leave_no_words_in_the_log(taken, monkeypatch, caplog):
    def fail(message, answer, *, at):
        raise RuntimeError(answer.text)

    become(monkeypatch, fail)

    arrive(reply_mail(only_message(), SECRET))

    assert "failed at attempt 1: RuntimeError" in caplog.text
    assert SECRET not in caplog.text


def test_attempt_that_fails_leaves_nothing_behind_and_waits(taken, monkeypatch):
    def half(message, answer, *, at):
        queue(dedupe="half", user=message.user)
        raise RuntimeError

    become(monkeypatch, half)

    row = arrive(reply_mail(only_message()))

    assert (row.state, row.attempts) == ("waiting", 1)
    assert row.not_before > timezone.now()
    assert not Message.objects.filter(dedupe="half").exists()


def test_given_up_mail_can_be_tried_again(taken, monkeypatch):
    raw = reply_mail(only_message())
    row = inbound.receive(raw, via="command", sender=None, recipient="", at=timezone.now())
    Inbound.objects.update(attempts=3)
    inbound.take_waiting()
    row.refresh_from_db()
    assert row.state == "dead"

    assert inbound.try_again() == 1
    inbound.take_waiting()

    assert len(taken) == 1


def test_bell_rings_once_a_mail_is_stored(taken, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        inbound.receive(reply_mail(only_message()), via="command", sender=None, recipient="", at=timezone.now())

    assert callbacks


def test_more_mails_to_one_reply_address_than_a_day_may_bring_are_counted_and_dropped(taken, monkeypatch):
    monkeypatch.setattr(inbound, "MAX_STORED_A_DAY", 3)
    message, other = only_message(), queue(dedupe="2")

    rows = [arrive(reply_mail(message, f"{SECRET} {n}", message_id=f"<{n}@x>")) for n in range(6)]
    again = arrive(reply_mail(message, SECRET, message_id="<1@x>"))
    beside = arrive(reply_mail(other, "Yes.", message_id="<1@y>"))

    assert [row is None for row in rows] == [False, False, False, True, True, True]
    assert len(taken) == 4
    assert (again, beside.state) == (None, "used")
    counted = Inbound.objects.get(reason="too_many")
    assert (counted.state, counted.dropped, counted.raw) == ("refused", 3, "")
    assert Inbound.objects.count() == 5
    (notice,) = notices()
    assert "More than 20 emails came today" in said_in(notice)
    assert SECRET not in said_in(notice)
    assert dict(health.look(now=timezone.now()).came) == {"Used": 4, "Too many": 3}


def test_reply_address_takes_mails_again_on_the_next_day(taken, monkeypatch):
    monkeypatch.setattr(inbound, "MAX_STORED_A_DAY", 1)
    message, now = only_message(), timezone.now()
    times = [now, now, now + timedelta(days=1)]

    rows = [
        inbound.receive(reply_mail(message, message_id=f"<{n}@x>"), via="command", sender=None, recipient="", at=at)
        for n, at in enumerate(times)
    ]

    assert [row is None for row in rows] == [False, True, False]


def test_machine_that_sends_too_many_is_not_told_about(taken, monkeypatch):
    monkeypatch.setattr(inbound, "MAX_STORED_A_DAY", 1)

    for n in range(3):
        arrive(reply_mail(only_message(), headers="Auto-Submitted: auto-replied\n", message_id=f"<{n}@x>"))

    assert Inbound.objects.get(reason="too_many").dropped == 2
    assert not notices()


def test_housekeeping_forgets_which_mail_was_answered(taken):
    row = arrive(reply_mail(only_message()))
    assert row.token_day

    Inbound.objects.update(finished_at=timezone.now() - timedelta(days=3))
    inbound.housekeeping()

    assert Inbound.objects.get().token_day == ""
