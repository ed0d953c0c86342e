"""`make lock`: write requirements/*.txt anew from pyproject.toml; `--upgrade` takes newer versions where it can.

Each file names every package with its hashes, for every platform and Python from 3.11 on, and no registry: what
machine made it cannot be told from it, and any mirror can serve it.
"""

import shutil
import subprocess
import sys

from devstack.places import ROOT

# Largest first: the smaller locks are then held to the versions it chose, so that they agree.
GROUPS = {"dev": ["--group", "dev"], "run": ["--group", "run"], "base": []}
UV_VERSION = "uv~=0.13.8"
COMMON = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--quiet"]
HEADER = "# Written by `make lock` from pyproject.toml. Do not edit.\n"


def uv_command() -> list[str]:
    """The venv's uv, or one on the PATH."""
    inside = [sys.executable, "-m", "uv"]
    if subprocess.run([*inside, "--version"], capture_output=True).returncode == 0:
        return inside
    if found := shutil.which("uv"):
        return [found]
    sys.exit("waymark: making the lock needs uv: pip install uv")


def main(arguments: list[str]) -> None:
    """Write dev.txt, run.txt, base.txt and uv.txt; other arguments go to `uv pip compile`."""
    compile_command = [*uv_command(), "pip", "compile", *COMMON]
    folder = ROOT / "requirements"
    folder.mkdir(exist_ok=True)
    for name, group in GROUPS.items():
        held = [] if name == "dev" else ["--constraints", "requirements/dev.txt", "--no-annotate"]
        target = ["--output-file", f"requirements/{name}.txt"]
        subprocess.run([*compile_command, "pyproject.toml", *group, *held, *target, *arguments], cwd=ROOT, check=True)
    subprocess.run(
        [*compile_command, "-", "--no-annotate", "--output-file", "requirements/uv.txt", *arguments],
        cwd=ROOT,
        input=f"{UV_VERSION}\n".encode(),
        check=True,
    )
    for name in (*GROUPS, "uv"):
        path = folder / f"{name}.txt"
        path.write_text(HEADER + path.read_text())
        count = sum(line[:1].isalnum() for line in path.read_text().splitlines())
        print(f"requirements/{name}.txt: {count} packages")


if __name__ == "__main__":
    main(sys.argv[1:])
