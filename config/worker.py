"""What a Celery worker does beside its tasks."""

from time import monotonic
from typing import Any

from celery import bootsteps
from celery.signals import task_received
from celery.utils.log import get_logger
from celery.worker import state
from django.conf import settings

logger = get_logger(__name__)


class SilenceWatch(bootsteps.StartStopStep):
    """Ends a worker that has nothing to do and has heard nothing for WORKER_SILENCE_SECONDS, for a new one to be started.

    The clock rings every minute, so such a worker has lost its broker without knowing, or there is no clock; then
    starting anew does no harm.
    """

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, consumer: Any, **options: Any) -> None:
        super().__init__(consumer, **options)
        self.heard_at = monotonic()
        task_received.connect(self.hear, weak=False, dispatch_uid="config.worker.silence")
        self.timer = None

    def start(self, consumer: Any) -> None:
        self.heard_at = monotonic()
        self.timer = consumer.timer.call_repeatedly(settings.WORKER_SILENCE_SECONDS / 6, self.look)

    def stop(self, consumer: Any) -> None:
        if self.timer:
            self.timer.cancel()

    def hear(self, **_: Any) -> None:
        self.heard_at = monotonic()

    def look(self) -> None:
        """Tell the worker to stop if it has been silent for too long."""
        if state.reserved_requests:  # busy, with all hands maybe
            self.heard_at = monotonic()
        elif monotonic() - self.heard_at > settings.WORKER_SILENCE_SECONDS:
            logger.error(
                "Heard nothing for %s s: this worker ends, to be started anew.", settings.WORKER_SILENCE_SECONDS
            )
            state.should_stop = 1
