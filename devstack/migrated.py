"""A Postgres in which every migration has run, kept beside the others: each test run starts from a copy of it.

Running them takes twenty seconds of processor time, in each process of a run; a copy of the outcome takes a third of one.
"""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from devstack.environment import tool_environment
from devstack.postgres import Postgres

DATABASE = "migrated"


def stamp(project: Path) -> str:
    """Twelve hex digits that change with our migrations, and with the versions of what else has some."""
    files = [*project.glob("*/migrations/*.py"), *project.glob("requirements/*.txt")]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path.relative_to(project)} {path.stat().st_size}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def migrated_cluster(project: Path) -> Path:
    """Return the data folder of a stopped cluster with the database `migrated`, made anew where a migration changed.

    A run that is killed while it makes one leaves a throwaway cluster like any other. Raises CalledProcessError where
    a migration fails.
    """
    maker = Postgres(project, f"test-{os.getpid()}-migrated", durable=False, database=DATABASE)
    kept = maker.home / f"pg{maker.major}-migrated-{stamp(project)}"
    if kept.exists():
        return kept
    print("waymark: running every migration once, for this and later test runs ...", file=sys.stderr, flush=True)
    for outdated in maker.home.glob(f"pg{maker.major}-migrated-*"):
        shutil.rmtree(outdated, ignore_errors=True)
    try:
        settings = tool_environment() | {"DATABASE_URL": maker.start().url, "DATABASE_STATEMENT_TIMEOUT_MS": "60000"}
        command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
        subprocess.run(command, cwd=project, env=os.environ | settings, check=True)
        maker.stop()
        with contextlib.suppress(OSError):  # another run was first: its cluster is as good
            maker.data.rename(kept)
    finally:
        maker.destroy()
    return kept
