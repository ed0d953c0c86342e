from time import monotonic

import pytest
from celery.signals import task_received
from celery.worker import state

from config.worker import SilenceWatch


class Consumer:
    """As much of Celery's consumer as a step is made with."""


class Task:
    """As much of a task in hand as Celery's list of them asks for."""


@pytest.fixture
def watch(monkeypatch):
    monkeypatch.setattr(state, "should_stop", None)
    watch = SilenceWatch(Consumer())
    yield watch
    task_received.disconnect(dispatch_uid="config.worker.silence")


@pytest.mark.parametrize(("seconds", "told"), [(170, None), (181, 1)])
def test_idle_worker_is_told_to_stop_after_three_minutes_of_silence(watch, seconds, told):
    watch.heard_at = monotonic() - seconds

    watch.look()

    assert state.should_stop == told


def test_task_breaks_the_silence(watch):
    watch.heard_at = monotonic() - 181
    task_received.send(sender=None)

    watch.look()

    assert state.should_stop is None


def test_worker_with_its_hands_full_is_not_told_to_stop(watch):
    task = Task()
    state.reserved_requests.add(task)
    watch.heard_at = monotonic() - 181

    watch.look()
    state.reserved_requests.discard(task)
    watch.look()

    assert state.should_stop is None
