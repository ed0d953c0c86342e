"""`python -m devstack.browser`: which Chromium-like browser can tests drive here? Prints JSON: exe and sandbox, or why.

It runs as a process of its own because it starts Playwright's driver, which may itself be unable to start: the driver
is a Node that needs libatomic, which small Debian systems lack.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

# A headless shell is the same browser without windows, tabs and extensions around the page (decision 0122).
NAMES = (
    "chromium-headless-shell",
    "chrome-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "microsoft-edge-stable",
    "chrome",
)
MAC_APPS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
# Nothing here is for speed: each keeps the browser from asking somebody else's server something.
ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
DOWNLOAD_SECONDS = 300


class Finder:
    """Tries browsers by really starting them: a package's stub or a missing library shows only then."""

    def __init__(self, playwright: Any) -> None:
        self.chromium = playwright.chromium
        self.tried: list[str] = []

    def find(self) -> dict[str, Any]:
        """The first that works of: BROWSER_EXE, the names on the PATH, macOS apps, Playwright's own (downloaded once)."""
        named = os.environ.get("BROWSER_EXE")
        installed = [found for name in NAMES if (found := shutil.which(name))]
        installed += [path for path in MAC_APPS if Path(path).exists()]
        for exe in [named] if named else installed:
            if (sandbox := self.sandbox_of(exe)) is not None:
                return {"exe": exe, "sandbox": sandbox}
        own = Path(self.chromium.executable_path)
        if not own.exists() and not named and not os.environ.get("NO_BROWSER_DOWNLOAD"):
            self.download()
        if own.exists() and (sandbox := self.sandbox_of(str(own))) is not None:
            return {"exe": str(own), "sandbox": sandbox}
        return {"exe": None, "why": "; ".join(self.tried) or "there is no Chromium, Chrome or Edge on the PATH"}

    def sandbox_of(self, exe: str) -> bool | None:
        """Open a page in it; returns whether it ran with its sandbox, None if it did not run at all."""
        why = ""
        for sandbox in (False,) if os.geteuid() == 0 else (True, False):  # root, and most containers, have none
            try:
                browser = self.chromium.launch(
                    executable_path=exe, args=ARGUMENTS, chromium_sandbox=sandbox, timeout=30_000
                )
                browser.new_page().set_content("<p>ok")
                browser.close()
            except Exception as error:
                why = f"{exe}: {first_line(str(error))}"
            else:
                return sandbox
        self.tried.append(why)
        return None

    def download(self) -> None:
        """Let Playwright fetch its own Chromium."""
        print("no browser found; 'playwright install chromium' (once, about 150 MB) ...", file=sys.stderr, flush=True)
        command = [sys.executable, "-m", "playwright", "install", "chromium"]
        try:
            done = subprocess.run(command, timeout=DOWNLOAD_SECONDS, capture_output=True, text=True)
        except subprocess.TimeoutExpired:
            self.tried.append(f"playwright install: not done within {DOWNLOAD_SECONDS} s")
            return
        if done.returncode:
            self.tried.append(f"playwright install: {first_line(done.stderr or done.stdout)}")


def first_line(text: str) -> str:
    """The first line of an error, short enough to stand in a sentence."""
    return (text.strip().splitlines() or ["no reason given"])[0][:200]


def probe() -> dict[str, Any]:
    """Run this module and read its answer; a driver that cannot start is an answer too."""
    done = subprocess.run([sys.executable, "-m", "devstack.browser"], capture_output=True, text=True)
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        lines = [line for line in done.stderr.splitlines() if "error while loading" in line or "Error" in line]
        return {"exe": None, "why": f"Playwright's driver does not start: {(lines or ['no reason given'])[0][-200:]}"}
    return answer


def main() -> None:
    """Print the answer."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        print(json.dumps(Finder(playwright).find()))


if __name__ == "__main__":
    main()
