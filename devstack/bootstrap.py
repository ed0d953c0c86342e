"""Set up what a `make` command needs, then become that command.

Only the standard library, and only syntax that old Pythons read: it must be able to say that this Python is too old.
Packages are installed from the hashed lock files in `requirements/`, by uv where that can be had and by pip otherwise.
"""

from __future__ import annotations  # Python 3.8 has to get as far as the line that refuses it

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

OLDEST_PYTHON = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
VENV = Path(os.environ.get("VENV") or ROOT / ".venv").absolute()
PYTHON = VENV / "bin" / "python"

# What each lock file holds, smallest first: a later one contains the earlier.
LOCKS = ("base", "run", "dev")

# command: the lock it needs, and the arguments of the venv's Python
COMMANDS = {
    "run": ("run", ["-m", "devstack.run"]),
    "manage": ("run", ["-m", "devstack.manage"]),
    # Three, also on two cores: a test waits for Postgres, a browser or the clock half of its time.
    # In chunks of ten: left to itself pytest-xdist gave one process the last hundreds, which are those in a browser.
    "test": ("dev", ["-m", "pytest", "-n", os.environ.get("TEST_PROCESSES", "3"), "--maxschedchunk=10"]),
    "lint": ("dev", ["-m", "devstack.lint"]),
    "check": ("dev", ["-m", "devstack.lint", "--then-test"]),
    "faults": ("dev", ["-m", "pytest", "-m", "faults"]),
    "bench": ("dev", ["-m", "bench"]),
    "lock": ("dev", ["-m", "devstack.lock"]),
}
FAULT_ROUNDS = "100"


def say(text: str) -> None:
    """Tell the person at the terminal, at once even where output goes to a file."""
    print(text, flush=True)


def stop(text: str) -> None:
    """End with a line that says what to do."""
    sys.exit("waymark: " + text)


def wanted_stamp(lock: str) -> str:
    """What the stamp of an up-to-date install of this lock says: the lock's hash and the venv's Python."""
    digest = hashlib.sha256((REQUIREMENTS / (lock + ".txt")).read_bytes())
    digest.update((VENV / "pyvenv.cfg").read_bytes())
    return digest.hexdigest()


def stamp_file(lock: str) -> Path:
    """Where the venv remembers which version of this lock it holds."""
    return VENV / (".waymark-" + lock)


def is_installed(lock: str) -> bool:
    """Whether the venv holds exactly what this lock names."""
    try:
        return PYTHON.exists() and stamp_file(lock).read_text() == wanted_stamp(lock)
    except OSError:
        return False


def succeeds(argv: list[str]) -> bool:
    """Whether this program is there and ends well; what it says is not shown."""
    try:
        return subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def make_venv() -> None:
    """Make the virtual environment, or make it anew where it is broken (an upgraded or removed Python)."""
    if succeeds([str(PYTHON), "-m", "pip", "--version"]):
        return
    say(f"waymark: making the virtual environment in {VENV} ...")
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if made.returncode:
        stop(
            "this Python cannot make virtual environments. On Debian and Ubuntu: apt install python3-venv;"
            " then run the same command again."
        )


def find_uv() -> list[str] | None:
    """The uv to install with: the venv's, or one installed there now from its own hashed lock; None if it will not."""
    inside = [str(PYTHON), "-m", "uv"]
    if succeeds([*inside, "--version"]):
        return inside
    say("waymark: getting uv, which installs faster ...")
    installed = subprocess.run([*pip_install(), "-q", "-r", str(REQUIREMENTS / "uv.txt")])
    return inside if installed.returncode == 0 else None


def pip_install() -> list[str]:
    """The start of a pip command line; `--no-deps` because a lock is complete."""
    return [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-deps", "--require-hashes"]


def install(lock: str) -> None:
    """Bring the venv to what the lock names; ends the program with a clear line where that fails."""
    started = time.monotonic()
    make_venv()
    for name in LOCKS:
        stamp_file(name).unlink(missing_ok=True)
    requirements = REQUIREMENTS / (lock + ".txt")
    count = sum(line[:1].isalnum() for line in requirements.read_text().splitlines())
    say(f"waymark: installing {count} packages into {VENV} (once; later starts skip this) ...")
    done = False
    if uv := find_uv():
        command = [*uv, "pip", "install", "--no-deps", "--require-hashes", "--python", str(PYTHON)]
        # Second try: a network whose certificates only this machine's own store knows.
        for more in ([], ["--system-certs"]):
            if more:
                say("waymark: trying once more, with the certificates of this machine ...")
            argv = [*command, *more, "-r", str(requirements)]
            done = subprocess.run(argv, stdout=sys.stdout, stderr=sys.stdout).returncode == 0
            if done:
                break
        if not done:
            say("waymark: uv did not manage; trying pip ...")
    if not done and subprocess.run([*pip_install(), "-r", str(requirements)]).returncode:
        stop("the packages could not be installed; the lines above say why. Is there a network connection?")
    for name in LOCKS[: LOCKS.index(lock) + 1]:
        stamp_file(name).write_text(wanted_stamp(name))
    sys.path.insert(0, str(ROOT))
    from devstack.places import give_back

    give_back(ROOT, VENV)
    say(f"waymark: installed in {time.monotonic() - started:.0f} s.")


def ensure(lock: str) -> None:
    """Install if need be; of two commands started at once the second waits."""
    if is_installed(lock):
        return
    VENV.parent.mkdir(parents=True, exist_ok=True)
    with open(str(VENV) + ".lock", "w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if not is_installed(lock):
            # A venv that holds the larger lock keeps it: going back would only be undone by the next `make test`.
            install("dev" if stamp_file("dev").exists() else lock)


def clean() -> None:
    """Remove the venv, the development data and every trace of this checkout's runs."""
    sys.path.insert(0, str(ROOT))
    from devstack.places import remove_traces

    var = ROOT / "var"
    if (var / "run.lock").exists():
        with open(str(var / "run.lock"), "r+") as guard:
            try:
                fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                stop("`make run` is running here; stop it first.")
    inside = [var, ROOT / "staticfiles", ROOT / ".venv", ROOT / ".venv.lock"]
    inside += [ROOT / name for name in (".pytest_cache", ".mypy_cache", ".ruff_cache", ".import_linter_cache")]
    gone = [path for path in inside if path.exists()]
    for path in gone:
        shutil.rmtree(str(path), ignore_errors=True) if path.is_dir() else path.unlink()
    for path in [*gone, *remove_traces(ROOT)]:
        say(f"removed {path}")


def become(command: str, arguments: list[str]) -> None:
    """Replace this process by the command, so that signals and the exit code are its own."""
    lock, argv = COMMANDS[command]
    ensure(lock)
    if command == "faults":
        os.environ.setdefault("FAULT_ROUNDS", FAULT_ROUNDS)
    os.chdir(str(ROOT))
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    os.execv(str(PYTHON), [str(PYTHON), *argv, *arguments])  # noqa: S606 - no shell is wanted


def main(argv: list[str]) -> None:
    """Run the named command."""
    if sys.version_info < OLDEST_PYTHON:
        version = ".".join(str(part) for part in sys.version_info[:3])
        stop(f"Python 3.11 or newer is needed; {sys.executable} is {version}. Name another with PYTHON=...")
    command = argv[0] if argv else ""
    if command == "clean":
        clean()
    elif command == "setup":
        ensure(argv[1] if argv[1:] else "dev")
    elif command in COMMANDS:
        become(command, argv[1:])
    else:
        stop("say one of: {}".format(", ".join([*COMMANDS, "clean", "setup"])))


if __name__ == "__main__":
    main(sys.argv[1:])
