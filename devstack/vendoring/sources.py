"""What goes into the stylesheet, named once for the script that builds it and the test that says when it is stale."""

import hashlib
import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
BUNDLE = ROOT / "static" / "css" / "waymark.min.css"
SPRITE = ROOT / "static" / "icons.svg"
BOOTSTRAP_CLASSES = HERE / "bootstrap-classes.txt"

# The order is the cascade: Bootstrap stands before the first, the narrow screens behind what they narrow.
SHEETS = (
    "fonts.css",
    "tokens.css",
    "frame.css",
    "components.css",
    "narrow.css",
    "goals.css",
    "journal.css",
    "wins.css",
    "contacts.css",
    "imports.css",
    "entrance.css",
    "print.css",
    "touch.css",
)

_CLASS_ATTRIBUTE = re.compile(r"""class=(?:"([^"]*)"|'([^']*)')|["']class["']\s*:\s*["']([^"']*)["']""")
_TEMPLATE_TAG = re.compile(r"{[{%#].*?[}%#]}", re.DOTALL)
_ICON_TAG = re.compile(r"""{%\s*icon\s+["']([a-z0-9-]+)["']""")


def sheets() -> list[str]:
    """Return the text of our own sheets in cascade order."""
    return [(ROOT / "static" / "css" / name).read_text() for name in SHEETS]


def fingerprint() -> str:
    """Return a digest of everything the bundle is made from that does not change with each template."""
    digest = hashlib.sha256()
    versions = json.loads((HERE / "package.json").read_text())
    for part in (
        versions["dependencies"]["bootstrap"],
        json.dumps(versions["devDependencies"], sort_keys=True),
        (HERE / "bundle.mjs").read_text(),
        (HERE / "safelist.txt").read_text(),
        *sheets(),
    ):
        digest.update(part.encode())
        digest.update(b"\0")
    return digest.hexdigest()[:20]


def template_files() -> list[Path]:
    """Return every file that may name a class: templates, our scripts and the Python that writes markup or widgets."""
    apps = [path.parent for path in ROOT.glob("*/apps.py")]
    python = [
        path for app in (*apps, ROOT / "devstack") for path in app.rglob("*.py") if "migrations" not in path.parts
    ]
    return sorted([*ROOT.glob("templates/**/*.html"), *ROOT.glob("static/js/*.js"), *python])


def classes_in_use() -> set[str]:
    """Return the class names written out in templates and widgets; names built at run time are in the safelist."""
    found: set[str] = set()
    for path in template_files():
        # Without the tags first: their quotes would end the attribute early.
        for groups in _CLASS_ATTRIBUTE.findall(_TEMPLATE_TAG.sub(" ", path.read_text())):
            for value in groups:
                found.update(value.split())
    return found


def icons_in_use() -> set[str]:
    """Return the icon names templates write out, and those listed because templates receive them in a variable."""
    listed = (HERE / "icons.txt").read_text().splitlines()
    found = {name for name in listed if name and not name.startswith("#")}
    for path in template_files():
        found.update(_ICON_TAG.findall(path.read_text()))
    return found
