"""`make manage ARGS="..."`: a management command on the server that `make run` has running here."""

import os
import sys

from devstack.places import ROOT
from devstack.run import STATE, read_state


def main(arguments: list[str]) -> None:
    """Become `manage.py` with the settings of the running server."""
    environment = read_state().get("environment")
    if not environment or "DATABASE_URL" not in environment:
        sys.exit(f"waymark: nothing runs here ({STATE.relative_to(ROOT)} is not there). Start `make run` first.")
    os.chdir(ROOT)
    os.execve(sys.executable, [sys.executable, "manage.py", *arguments], environment | dict(os.environ))  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
