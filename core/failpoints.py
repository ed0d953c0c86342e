"""Named places at which a fault test may kill, stop or break this process. Production refuses to start with one set."""

import os
import signal
import time
from pathlib import Path

from django.conf import settings


class FailpointError(Exception):
    """Raised at a failpoint whose action is "raise"."""


def failpoint(name: str) -> None:
    """Do what WAYMARK_FAILPOINT says for this name: `name:kill`, `name:exit`, `name:raise` or `name:sleep=SECONDS`.

    Several are separated by commas. `@PATH` names a file that holds them; it is removed when one of them fires, so
    that a process which is started anew, as the children of a Celery worker are, lives. Without the setting it does
    nothing.
    """
    if not settings.FAILPOINT:
        return
    file = Path(settings.FAILPOINT[1:]) if settings.FAILPOINT.startswith("@") else None
    if file is None:
        spec = settings.FAILPOINT
    elif file.exists():
        spec = file.read_text()
    else:
        return
    for item in spec.split(","):
        place, _, action = item.partition(":")
        if place != name:
            continue
        if file is not None:
            file.unlink(missing_ok=True)
        if action == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif action == "exit":
            os._exit(1)
        elif action == "raise":
            raise FailpointError(name)
        elif action.startswith("sleep="):
            time.sleep(float(action.removeprefix("sleep=")))
