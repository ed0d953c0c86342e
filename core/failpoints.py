"""Named places at which a fault test may kill, stop or break this process. Production refuses to start with one set."""

import os
import signal
import time

from django.conf import settings


class FailpointError(Exception):
    """Raised at a failpoint whose action is "raise"."""


def failpoint(name: str) -> None:
    """Do what WAYMARK_FAILPOINT says for this name: `name:kill`, `name:exit`, `name:raise` or `name:sleep=SECONDS`.

    Several are separated by commas. Without the setting it does nothing.
    """
    if not settings.FAILPOINT:
        return
    for item in settings.FAILPOINT.split(","):
        place, _, action = item.partition(":")
        if place != name:
            continue
        if action == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif action == "exit":
            os._exit(1)
        elif action == "raise":
            raise FailpointError(name)
        elif action.startswith("sleep="):
            time.sleep(float(action.removeprefix("sleep=")))
