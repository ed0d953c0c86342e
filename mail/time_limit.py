"""A bound on how long a piece of work may take."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Self


class TimeLimit:
    """A bound on how long each of many pieces of work may take; only the main thread of a process can be interrupted.

    It is entered once for all of them: Python takes longer to set and reset what a signal calls than a mail takes to be drawn.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._can_interrupt = threading.current_thread() is threading.main_thread()

    def __enter__(self) -> Self:
        if self._can_interrupt:
            self._before = signal.signal(signal.SIGALRM, self._interrupt)
        return self

    def __exit__(self, *_: object) -> None:
        if self._can_interrupt:
            signal.signal(signal.SIGALRM, self._before)

    @contextmanager
    def piece(self) -> Iterator[None]:
        """Raise TimeoutError in the block once it takes too long."""
        if not self._can_interrupt:
            yield
            return
        signal.setitimer(signal.ITIMER_REAL, self.seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"longer than {self.seconds} s")


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in the block after so many seconds."""
    with TimeLimit(seconds) as limit, limit.piece():
        yield
