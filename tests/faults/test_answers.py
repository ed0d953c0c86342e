"""F32: answers by mail, while we die over them and providers deliver them again and at once."""

import signal

import pytest
from django.db.models import F
from django.utils import timezone

from core.failpoints import FailpointError
from mail import inbound
from mail.models import Inbound, Message
from mail.services import queue
from tests.factories.accounts import UserFactory
from tests.faults import kinds  # noqa: F401 - registers the mails and what becomes of their answers
from tests.faults.conftest import ROUNDS
from tests.mail.coming_in import DOMAIN, reply_mail
from tests.races import at_once


@pytest.fixture
def answer(outbox, settings):
    """Makes answers, each to a mail of its own that left: to one mail only some are taken an hour."""
    settings.REPLY_DOMAIN = DOMAIN

    def make(number):
        asked = queue("fault_fine", user=UserFactory(), ids={}, dedupe=f"asked:{number}")
        return reply_mail(asked, message_id=f"<{number}@example.org>")

    return make


@pytest.fixture
def raw(answer):
    """An answer to a mail that left."""
    return answer(1)


def receive(raw):
    return inbound.receive(raw, via="command", sender=None, recipient="", at=timezone.now())


def answers():
    return Message.objects.filter(dedupe__startswith="answer:").count()


def end_attempts():
    Inbound.objects.filter(state="waiting").update(not_before=timezone.now())


@pytest.mark.parametrize("place", ["after_claim", "before_use", "before_commit", "after_commit"])
def test_kill_while_an_answer_is_looked_at(answer, forks, place):
    for number in range(ROUNDS):
        receive(answer(number))
        assert forks.run(f"inbound.{place}:kill", task="take_answers") == -signal.SIGKILL
        end_attempts()
        assert forks.run(task="take_answers") == 0

    assert set(Inbound.objects.values_list("state", flat=True)) == {"used"}
    assert answers() == ROUNDS


def test_death_before_an_answer_is_stored_leaves_it_to_the_next_delivery(raw, settings):
    settings.FAILPOINT = "inbound.after_insert:raise"
    with pytest.raises(FailpointError):
        receive(raw)
    assert not Inbound.objects.exists()

    settings.FAILPOINT = ""
    receive(raw)
    inbound.take_waiting()

    assert answers() == 1


def test_five_deliveries_at_once_are_one_answer(raw):
    stored = at_once(*[lambda: receive(raw)] * 5)

    at_once(*[inbound.take_waiting] * 3)

    assert sum(isinstance(row, Inbound) for row in stored) == 1
    assert sum(row is None for row in stored) == 4
    assert answers() == 1


def test_many_workers_take_each_answer_once(raw):
    for number in range(12):
        receive(raw.replace(b"<1@", f"<{number}@".encode()))

    at_once(*[inbound.take_waiting] * 4)

    assert answers() == 12
    assert not Inbound.objects.waiting().exists()


def test_answer_that_kills_workers_is_given_up_and_the_rest_is_taken(raw, forks):
    receive(raw)
    for _ in range(inbound.MAX_ATTEMPTS):
        assert forks.run("inbound.before_use:kill", task="take_answers") == -signal.SIGKILL
        end_attempts()
    receive(raw.replace(b"<1@", b"<2@"))

    assert forks.run(task="take_answers") == 0

    assert sorted(Inbound.objects.values_list("state", "attempts")) == [("dead", 3), ("used", 1)]
    assert answers() == 1


def test_slow_worker_whose_turn_is_over_changes_nothing(raw):
    row = receive(raw)
    claimed = inbound._claim()
    Inbound.objects.filter(pk=row.pk).update(attempts=F("attempts") + 1)

    assert inbound._take(*claimed) is False
    assert answers() == 0
