"""Workers that die: at every moment of a mail, at random moments, over a poisoned row; and everything doubled."""

import os
import random
import signal
import time

import pytest

from config.celery import app
from devstack.faults import wait_until
from mail.models import Message
from tests.faults.conftest import ROUNDS

# F5: before the server took the mail. F7: after the row was marked.
BEFORE_ACCEPTANCE = ["before_claim", "after_claim", "after_connect", "after_rcpt", "mid_data"]
# F6: the server has, or may have, taken the mail, and nobody here knows it (RFC 1047).
UNHEARD = ["before_reply", "after_accept"]
AFTER_MARK = ["after_mark", "before_ack"]
PLACES = [*BEFORE_ACCEPTANCE, *UNHEARD, *AFTER_MARK]


@pytest.mark.parametrize("place", PLACES)
def test_kill_at_a_moment(outbox, forks, place):
    """F5, F6, F7: one mail per round, its sender killed with SIGKILL at this place, another one after it."""
    for _ in range(ROUNDS):
        outbox.queue(1)
        assert forks.run(f"outbox.{place}:kill") == -signal.SIGKILL
        outbox.end_leases()
        assert forks.run() == 0

    assert outbox.states() == {"sent": ROUNDS}
    outbox.check(twice=ROUNDS if place in UNHEARD else 0)
    if place == "after_accept":  # the sink had said 250: each of these came twice, under the same Message-ID
        assert len(outbox.sink.accepted) == 2 * ROUNDS


def test_kill_at_each_moment_in_celery(outbox, worker):
    """F5, F6, F7 with the children of a real Celery worker, which starts them anew and hands the task out again."""
    worker()
    for place in PLACES:
        outbox.arm(f"outbox.{place}")
        outbox.queue(1)
        assert outbox.has_fired(), place
        outbox.wait_until_done()

    assert outbox.states() == {"sent": len(PLACES)}
    outbox.check(twice=len(UNHEARD))


def test_lease_of_the_dead_ends_by_itself(outbox, forks):
    """F5: without help of the test: the lease of two seconds ends, the sweep after it sends."""
    outbox.queue(1)
    forks.run("outbox.after_claim:kill")
    begun = time.monotonic()
    forks.run()
    assert outbox.states() == {"sending": 1}

    assert wait_until(lambda: forks.run() == 0 and outbox.states()["sent"] == 1, patience=20, pause=0.2)

    assert time.monotonic() - begun >= 1.5
    outbox.check()


def test_kill_in_mid_batch(outbox, forks):
    """F8: SIGKILL at a random moment of a batch of forty."""
    for _ in range(ROUNDS):
        outbox.queue(40)
        enough = len(outbox.sink.accepted) + random.randrange(1, 35)
        pid = forks.begin()
        assert wait_until(lambda enough=enough: len(outbox.sink.accepted) >= enough, pause=0.0005)
        os.kill(pid, signal.SIGKILL)
        forks.end()
        outbox.end_leases()
        assert forks.run() == 0

    assert outbox.states() == {"sent": 40 * ROUNDS}
    outbox.check(twice=ROUNDS)  # the mail that was in the air


def test_kill_the_whole_celery_worker_in_mid_batch(outbox, worker):
    """F8: parent and children at once, then a new worker."""
    first = worker()
    outbox.queue(100)
    assert wait_until(lambda: len(outbox.sink.accepted) > 10, pause=0.001)

    first.kill()
    assert outbox.states()["sending"]
    worker()
    outbox.wait_until_done()

    assert outbox.states() == {"sent": 100}
    outbox.check(twice=1)


def test_poisoned_rows(outbox, worker):
    """F9: at most three attempts, then dead and said aloud; the hundred mails behind them all leave in two minutes."""
    poison = ["fault_exit", "fault_memory", "fault_loop", "fault_raise"]
    process = worker()
    bad = [outbox.queue(1, kind=kind)[0] for kind in poison]
    outbox.queue(100)
    begun = time.monotonic()

    assert wait_until(lambda: (outbox.sweep(), outbox.states()["sent"] == 100)[1], patience=120, pause=1)
    assert time.monotonic() - begun < 120

    def finished():
        # After an error of our own a row waits a minute.
        Message.objects.filter(state="queued").update(not_before=bad[0].not_before)
        outbox.sweep()
        return not Message.objects.waiting().exists()

    assert wait_until(finished, patience=90, pause=1)
    assert outbox.states() == {"sent": 100, "dead": len(bad)}
    assert set(Message.objects.filter(state="dead").values_list("kind", "deaths")) == {(kind, 3) for kind in poison}
    for message in bad:
        assert wait_until(lambda message=message: f"Mail {message.pk} ({message.kind}) is dead" in process.output)
    outbox.check()


def test_same_task_many_times(outbox, worker):
    """F10: the same bell and the same sweep, ten times at once, on four processes."""
    worker("-c", "4")
    outbox.queue(100)
    for _ in range(10):
        app.send_task("mail.tasks.deliver")
        app.send_task("mail.tasks.sweep")

    assert wait_until(lambda: outbox.states() == {"sent": 100}, patience=60)
    time.sleep(1)
    outbox.check()


def test_two_workers_two_beats(outbox, worker, tmp_path):
    """F11: everything doubled, also what must exist once."""
    fast = {"SWEEP_SECONDS": "0.5", "MAIL_LEASE_SECONDS": "30"}
    worker("-B", "-s", str(tmp_path / "beat-1"), "-n", "one@%h", env=fast)
    worker("-B", "-s", str(tmp_path / "beat-2"), "-n", "two@%h", env=fast)
    for _ in range(5):
        outbox.queue(20)
        time.sleep(0.3)

    assert wait_until(lambda: outbox.states() == {"sent": 100}, patience=60)
    outbox.check()
