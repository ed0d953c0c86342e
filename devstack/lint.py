"""`make lint`: every check that reads the code without running it, each named, all of them run, one exit code."""

import os
import subprocess
import sys
import time
from pathlib import Path

from devstack.bootstrap import COMMANDS
from devstack.environment import tool_environment
from devstack.places import ROOT

PYTHON = sys.executable
BIN = Path(PYTHON).parent
TEMPLATES = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("templates/**/*.html"))

# What it is called, and its command line
CHECKS: dict[str, list[str]] = {
    "format (ruff)": [PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."],
    "style (ruff)": [PYTHON, "-m", "ruff", "check", "--quiet", "."],
    "template format (djade)": [f"{BIN}/djade", "--check", "--target-version", "5.2", *TEMPLATES],
    "templates (djlint)": [PYTHON, "-m", "djlint", "templates", "--lint", "--quiet"],
    "types (mypy)": [PYTHON, "-m", "mypy", "."],
    "imports (import-linter)": [f"{BIN}/lint-imports", "--no-cache"],
    "missing migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "deployment settings": [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
}
PRODUCTION_LIKE = {
    "DEVELOPMENT": "false",
    "BASE_URL": "https://waymark.example.org",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "TRUSTED_PROXY_COUNT": "1",
}


def run_check(name: str) -> bool:
    """Run one check; what it has to say is shown only when it fails."""
    environment = dict(os.environ) | tool_environment()
    if name == "deployment settings":
        environment |= PRODUCTION_LIKE
    started = time.monotonic()
    result = subprocess.run(
        CHECKS[name],
        cwd=ROOT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    passed = result.returncode == 0
    print(f"{'ok    ' if passed else 'FAILED'} {name} ({time.monotonic() - started:.1f} s)", flush=True)
    if not passed:
        print(result.stdout, flush=True)
    return passed


def main(arguments: list[str]) -> int:
    """Run the checks, all or those whose name holds one of the arguments; `--then-test` goes on to the tests."""
    wanted = [argument for argument in arguments if not argument.startswith("-")]
    names = [name for name in CHECKS if not wanted or any(word in name for word in wanted)]
    failed = [name for name in names if not run_check(name)]
    code = 1 if failed else 0
    if "--then-test" in arguments:
        code = subprocess.run([PYTHON, *COMMANDS["test"][1]], cwd=ROOT).returncode or code
    print(f"lint: {', '.join(failed)} failed" if failed else "lint: all passed", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
