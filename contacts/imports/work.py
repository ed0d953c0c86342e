"""What a worker does with imports: reads, applies, takes back; called by the task and by nobody else."""

import logging
import time

from contacts.imports import applying, leases, reading, undoing
from contacts.models import Import
from mail.services import ring

logger = logging.getLogger(__name__)

TASK = "contacts.tasks.work_on_imports"
# One call ends after this long, so that a stopping worker is not kept waiting; the bell calls the next.
RUN_SECONDS = 45


def work() -> int:
    """Do what waits, those first that wait longest; return how many imports came to an end of their step."""
    until = time.monotonic() + RUN_SECONDS
    leases.give_up()
    done = 0
    while time.monotonic() < until and (source := leases.claim()):
        try:
            done += _step(source, until)
        except leases.LeaseLostError:
            logger.info("Import %s went on without this worker.", source.pk)
        except Exception as error:
            # Never its words, nor a traceback with them: they may hold other people's data.
            leases.pause(source)
            logger.error("Import %s failed while %s: %s.", source.pk, source.state, type(error).__name__)
    return done


def _step(source: Import, until: float) -> bool:
    if source.state == Import.State.READING:
        reading.read(source)
        return True
    step = applying.apply if source.state == Import.State.APPLYING else undoing.undo
    is_done = step(source, until=until)
    if not is_done:
        ring(TASK)
    return is_done
