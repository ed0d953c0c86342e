"""A mail server that says no, says nothing, hangs up, or cannot be trusted."""

from datetime import timedelta

import pytest
from django.utils import timezone

from devstack.faults import ANYBODY, Drop, Reply, Stall, free_port
from mail.models import Message, OutboxState, address_hash
from mail.services import is_paused
from tests.faults.conftest import ROUNDS

AT_THE_DOOR = ["CONNECT", "EHLO", "MAIL"]
ABOUT_ONE_MAIL = ["RCPT", "DATA", "END"]
CODES = [421, 451] if ROUNDS <= 5 else [421, 450, 451, 452]


def make_due():
    """Let the time pass until the next try."""
    Message.objects.filter(state="queued").update(not_before=timezone.now() - timedelta(seconds=1))
    OutboxState.objects.update(broken_until=timezone.now())


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("stage", [*AT_THE_DOOR, *ABOUT_ONE_MAIL])
def test_not_now_for_a_day(outbox, forks, stage, code):
    """F25: at least eight tries over at least a day, at random distances, then dead; others are not harmed."""
    (late,) = outbox.queue(1)
    outbox.sink.always(ANYBODY if stage in AT_THE_DOOR else late.to, Reply(stage, code))
    tries, waited, waits = 0, timedelta(), []
    while True:
        begun = timezone.now()
        assert forks.run() == 0
        tries += 1
        late.refresh_from_db()
        if late.state != "queued":
            break
        waits.append(late.not_before - begun)
        waited += waits[-1]
        make_due()

    assert (late.state, late.tries) == ("dead", tries)
    assert str(code) in late.reason
    assert tries >= 8
    assert waited > timedelta(hours=24)
    assert waits == sorted(waits)
    assert not outbox.sink.accepted
    outbox.sink.forget()
    outbox.queue(1)
    forks.run()
    assert len(outbox.sink.accepted) == 1


@pytest.mark.parametrize("stage", ABOUT_ONE_MAIL)
def test_not_now_for_one_of_many(outbox, forks, stage):
    """F25: in the middle of a batch only the one waits."""
    rows = outbox.queue(5)
    outbox.sink.script(rows[2].to, Reply(stage, 451), Reply(stage, 421))
    forks.run()
    assert outbox.states() == {"sent": 4, "queued": 1}
    for _ in range(2):
        make_due()
        forks.run()

    assert outbox.states() == {"sent": 5}
    outbox.check()


@pytest.mark.parametrize(("stage", "code"), [("RCPT", 550), ("RCPT", 552), ("DATA", 554), ("END", 554)])
def test_never(outbox, forks, stage, code):
    """F26: no second try, the address pauses after its second refusal, the others go on."""
    for number in range(2):
        rows = outbox.queue(5)
        Message.objects.filter(pk=rows[2].pk).update(to="gone@example.org")
        outbox.sink.script("gone@example.org", Reply(stage, code))
        forks.run()
        rows[2].refresh_from_db()
        assert rows[2].state == "failed"
        assert str(code) in rows[2].reason
        assert is_paused("gone@example.org") is (number == 1)

    (third,) = outbox.queue(1)
    Message.objects.filter(pk=third.pk).update(to="gone@example.org")
    forks.run()

    assert outbox.states() == {"sent": 8, "failed": 2, "skipped": 1}
    assert len([who for _, _, who, _ in outbox.sink.refused if who == "gone@example.org"]) == 2
    outbox.check()


def check_nothing_burnt(outbox, count):
    assert outbox.states() == {"queued": count}
    assert set(Message.objects.values_list("tries", "deaths")) == {(0, 0)}
    assert not outbox.sink.accepted
    state = OutboxState.objects.get()
    assert state.broken_until > timezone.now()
    return state.broken_reason


def test_wrong_password(outbox, forks):
    """F27: the queue waits, no mail is spent, and it goes on by itself."""
    outbox.sink.ask_password("waymark", "right")
    url = outbox.env["EMAIL_URL"]
    outbox.sink.ask_password("waymark", "changed")
    outbox.queue(5)
    for _ in range(ROUNDS):
        forks.run(url=url)
        assert "535" in check_nothing_burnt(outbox, 5)
        make_due()
    outbox.sink.ask_password("waymark", "right")
    make_due()
    forks.run(url=url)

    assert outbox.states() == {"sent": 5}
    outbox.check()


@pytest.mark.parametrize("where", ["smtp://no-such-host.invalid:25", "refused"])
def test_server_that_is_not_there(outbox, forks, where):
    """F27: no such name, or nobody at that port."""
    url = where if where != "refused" else f"smtp://127.0.0.1:{free_port()}"
    outbox.queue(5)
    for _ in range(ROUNDS):
        forks.run(url=url)
        check_nothing_burnt(outbox, 5)
        forks.run()  # also a process with the right address holds still until the time is over
        check_nothing_burnt(outbox, 5)
        make_due()
    forks.run()

    assert outbox.states() == {"sent": 5}
    assert OutboxState.objects.get().failures == 0
    outbox.check()


@pytest.mark.parametrize("step", [Drop, Stall])
@pytest.mark.parametrize("stage", ["RCPT", "DATA", "BODY", "END"])
def test_silence_over_one_mail(outbox, forks, stage, step):
    """F28: the mail goes back, the rest of the batch leaves over a new connection, the mail later."""
    rows = outbox.queue(5)
    outbox.sink.script(rows[2].to, step(stage))

    forks.run()

    assert outbox.states() == {"sent": 4, "queued": 1}
    assert outbox.sink.connections == 2
    make_due()
    forks.run()
    assert outbox.states() == {"sent": 5}
    outbox.check(twice=1 if stage == "END" else 0)


@pytest.mark.parametrize("step", [Drop, Stall])
@pytest.mark.parametrize("stage", ["CONNECT", "EHLO", "MAIL"])
def test_silence_at_the_door(outbox, forks, stage, step):
    """F28: nobody is named yet, so no mail is to blame."""
    outbox.queue(5)
    outbox.sink.script(ANYBODY, step(stage))
    forks.run()
    make_due()
    forks.run()

    assert outbox.states() == {"sent": 5}
    outbox.check()


def test_server_that_hangs_up_all_the_time(outbox, forks):
    """F28: after a few lost conversations in a row the server is left alone; nobody else's mail is spent."""
    outbox.queue(20)
    outbox.sink.always(ANYBODY, Drop("DATA"))
    forks.run()

    assert outbox.sink.connections <= 4
    assert sum(Message.objects.values_list("tries", flat=True)) <= 3
    outbox.sink.forget()
    make_due()
    forks.run()
    assert outbox.states() == {"sent": 20}
    outbox.check()


@pytest.mark.parametrize("fault", ["stripped", "untrusted"])
def test_no_mail_in_clear(outbox, forks, fault):
    """F29: STARTTLS taken out of the conversation, or a certificate nobody vouches for."""
    outbox.sink.offer_tls()
    trust = {"SSL_CERT_FILE": str(outbox.sink.certificate)}
    outbox.queue(3)
    if fault == "stripped":
        outbox.sink.strip_tls()
    for _ in range(ROUNDS):
        forks.run(env=trust if fault == "stripped" else {})
        reason = check_nothing_burnt(outbox, 3)
        assert ("STARTTLS" if fault == "stripped" else "CERTIFICATE_VERIFY_FAILED") in reason
        make_due()

    if fault == "untrusted":
        forks.run(env=trust)
        assert outbox.states() == {"sent": 3}


def test_bounces_are_kept_as_hashes(outbox, forks):
    from mail.models import Suppression

    (row,) = outbox.queue(1)
    outbox.sink.script(row.to, Reply("RCPT", 550))
    forks.run()

    assert Suppression.objects.get().address_hash == address_hash(row.to)
