"""Beat dies, loses its file, or everything is away for hours."""

from datetime import timedelta

from django.utils import timezone

from devstack.faults import python, wait_until
from mail.models import Message, OutboxState


def test_beat_killed_and_its_file_spoiled(outbox, worker, spawn, tmp_path):
    """F12: what is due lives in Postgres, so a schedule file cut short or full of garbage costs nothing."""
    worker()
    schedule = tmp_path / "schedule"
    command = python("-c", BEAT, "-A", "config", "beat", "-l", "info", "-s", str(schedule))
    env = {**outbox.env, "SWEEP_SECONDS": "1"}
    for spoil in (None, b"", b"garbage" * 100):
        if spoil is not None:
            for path in tmp_path.glob("schedule*"):
                path.write_bytes(spoil)
        begun = timezone.now()
        beat = spawn(command, env=env)
        outbox.queue(3)
        assert wait_until(lambda: outbox.states() == {"sent": Message.objects.count()}, patience=60), beat.output
        assert wait_until(lambda begun=begun: OutboxState.objects.filter(swept_at__gt=begun).exists(), patience=30), (
            beat.output
        )
        beat.kill()

    assert outbox.states() == {"sent": 9}
    outbox.check()


# Beat has no option for further modules; the tests' rhythm is set by one.
BEAT = """
import sys, django
django.setup()
import tests.faults.kinds
from celery.__main__ import main
sys.argv[0] = "celery"
main()
"""


def test_everything_down_for_hours(outbox, forks):
    """F13: what is still of use is sent once, what is not is dropped and not sent late."""
    now = timezone.now()
    outbox.queue(10)
    outbox.queue(10, expires_at=now - timedelta(hours=1), not_before=now - timedelta(hours=3))
    Message.objects.update(queued_at=now - timedelta(hours=3), not_before=now - timedelta(hours=3))

    forks.run()
    forks.run()

    assert outbox.states() == {"sent": 10, "skipped": 10}
    assert set(Message.objects.filter(state="skipped").values_list("reason", flat=True)) == {"expired"}
    outbox.check()
