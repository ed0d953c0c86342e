"""Where a checkout keeps its running things, so that two checkouts never meet.

Everything a development run writes lives in `var/` of the checkout, except two things: unix sockets (a path may have
about 100 bytes, so they stand in short folders under `/tmp`) and, for root in a closed home folder, the Postgres data.
"""

import hashlib
import os
import pwd
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class PlaceError(RuntimeError):
    """A folder that should be ours belongs to somebody else."""


@dataclass(frozen=True)
class Account:
    """An account of this machine a server process runs as."""

    uid: int
    gid: int


def checkout_tag(project: Path) -> str:
    """Ten hex digits that name a checkout in folders outside of it."""
    return hashlib.sha256(str(project.resolve()).encode()).hexdigest()[:10]


def socket_dir(project: Path, name: str) -> Path:
    """The short folder the sockets of one named server stand in; `own_folder` makes it."""
    return Path(f"/tmp/.waymark-{checkout_tag(project)}-{name}")


def fallback_dir(project: Path) -> Path:
    """Where things go that another account must reach when it cannot pass the checkout's parent folders."""
    base = Path(tempfile.gettempdir() if sys.platform == "darwin" else "/var/tmp")
    return base / f"waymark-{checkout_tag(project)}"


def own_folder(path: Path, mode: int, account: Account | None = None) -> Path:
    """Make a folder with exactly this mode for this account (None: ourselves).

    Raises PlaceError when another user made it first: `/tmp` is open to everybody.
    """
    path.mkdir(mode=mode, exist_ok=True)
    owner = account.uid if account else os.geteuid()
    if path.is_symlink() or path.lstat().st_uid not in {owner, os.geteuid()}:
        raise PlaceError(f"{path} belongs to another user; remove it or ask them to.")
    if account and path.lstat().st_uid != owner:
        os.chown(path, account.uid, account.gid)
    path.chmod(mode)  # mkdir obeys the umask
    return path


def server_account(project: Path) -> Account | None:
    """The account a server runs as that refuses root; None means: as ourselves.

    Tried in this order: who called sudo, who owns the checkout, `nobody`, `postgres`. No account is ever made.
    """
    if os.geteuid() != 0:
        return None
    for uid in (int(os.environ.get("SUDO_UID") or 0), project.stat().st_uid):
        if uid:
            try:
                return Account(uid, pwd.getpwuid(uid).pw_gid)
            except KeyError:
                continue
    for name in ("nobody", "postgres"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise PlaceError("This is root, and there is no other account to run Postgres as. Run it as an ordinary user.")


def is_abandoned(name: str) -> bool:
    """Whether a throwaway server of this name (`test-<pid>` or `test-<pid>-<word>`) outlived its test run."""
    # Strictly read: a looser pattern once deleted the folder a neighbouring run was just making.
    match = re.fullmatch(r"test-([0-9]+)(-[a-z]+)?", name)
    if match is None:
        return False
    try:
        os.kill(int(match[1]), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def give_back(project: Path, *folders: Path) -> None:
    """After a run as root in somebody's checkout: what was made there becomes theirs, so their next run can write it."""
    owner = project.stat()
    if os.geteuid() != 0 or owner.st_uid == 0:
        return
    for folder in folders:
        for path in (folder, *folder.rglob("*")):
            try:
                if path.lstat().st_uid == 0:
                    os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
            except FileNotFoundError:
                continue


def remove_traces(project: Path) -> list[Path]:
    """Delete what runs of this checkout left outside of it; returns the folders that are gone."""
    tag = checkout_tag(project)
    traces = [*Path("/tmp").glob(f".waymark-{tag}-*"), fallback_dir(project)]
    gone = [path for path in traces if path.exists()]
    for path in gone:
        shutil.rmtree(path, ignore_errors=True)
    return gone
