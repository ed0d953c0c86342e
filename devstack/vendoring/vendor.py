"""Fetch the front-end parts from npm packages and build the stylesheet and the icon sprite from them.

    python devstack/vendoring/vendor.py

Needs Node and npm, which nothing else here does: what it makes is committed. Install scripts of packages are not run,
source-map comments are cut off (they break hashed static files), and static/vendor/VENDORED.json says what came from
where: name, version, licence, file, SHA-256.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from devstack.vendoring import sources

STATIC = sources.ROOT / "static"
FONTS = {
    "@fontsource-variable/figtree": ("figtree-latin-wght-normal", "figtree-latin-ext-wght-normal"),
    "@fontsource-variable/literata": (
        "literata-latin-wght-normal",
        "literata-latin-ext-wght-normal",
        "literata-latin-wght-italic",
    ),
}


def main() -> None:
    """Rebuild everything under static/ that comes from elsewhere."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for name in ("package.json", "bundle.mjs"):
            shutil.copy(sources.HERE / name, work)
        npm = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--silent"]
        subprocess.run(npm, cwd=work, check=True)
        modules = work / "node_modules"
        made = {
            "htmx.org": [copy_script(modules / "htmx.org/dist/htmx.min.js")],
            **{package: [copy_font(modules / package, name) for name in names] for package, names in FONTS.items()},
            "bootstrap": [build_bundle(work)],
            "bootstrap-icons": [build_sprite(modules / "bootstrap-icons/icons")],
        }
        record(modules, made)


def copy_script(path: Path) -> Path:
    """Copy a minified script without its source-map comment."""
    target = STATIC / "vendor" / path.name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(re.sub(r"\n?//[#@] sourceMappingURL=.*\s*$", "\n", path.read_text()))
    return target


def copy_font(package: Path, name: str) -> Path:
    """Copy one woff2 file."""
    target = STATIC / "fonts" / f"{name}.woff2"
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(package / "files" / target.name, target)
    return target


def build_bundle(work: Path) -> Path:
    """Write the one stylesheet every page links, and the list of class names Bootstrap could have given."""
    whole = (work / "node_modules/bootstrap/dist/css/bootstrap.css").read_text()
    names = sorted(set(re.findall(r"\.(-?[a-zA-Z_][\w-]*)(?=[^{}]*\{)", whole)))
    sources.BOOTSTRAP_CLASSES.write_text("\n".join(names) + "\n")
    rules = (sources.HERE / "safelist.txt").read_text().splitlines()
    job = {
        "content": "\n".join(sorted(sources.classes_in_use())),
        "safelist": [rule for rule in rules if rule and not rule.startswith("#")],
        "sheets": sources.sheets(),
    }
    built = subprocess.run(
        ["node", "bundle.mjs"], cwd=work, check=True, input=json.dumps(job), capture_output=True, text=True
    ).stdout
    header = f"/* Built by devstack/vendoring/vendor.py from {sources.fingerprint()}. Bootstrap: MIT licence. */\n"
    sources.BUNDLE.write_text(header + built + "\n")
    return sources.BUNDLE


def build_sprite(icons: Path) -> Path:
    """Write one SVG with a symbol for each icon in use."""
    symbols = []
    for name in sorted(sources.icons_in_use()):
        drawing = (icons / f"{name}.svg").read_text()
        body = re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.DOTALL)
        view = re.search(r'viewBox="([^"]+)"', drawing)
        if body is None or view is None:
            raise ValueError(f"{name}.svg is not the drawing expected")
        inner = re.sub(r"\s*\n\s*", "", body[1])
        symbols.append(f'<symbol id="{name}" viewBox="{view[1]}">{inner}</symbol>')
    sources.SPRITE.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg"><!-- Bootstrap Icons, MIT licence -->\n'
        + "\n".join(symbols)
        + "\n</svg>\n"
    )
    return sources.SPRITE


def record(modules: Path, made: dict[str, list[Path]]) -> None:
    """Write down what came from which package, under which licence."""
    rows = []
    for package, files in sorted(made.items()):
        about = json.loads((modules / package / "package.json").read_text())
        rows.append(
            {
                "name": package,
                "version": about["version"],
                "licence": about["license"],
                "files": {
                    str(path.relative_to(sources.ROOT)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
                },
            }
        )
    target = STATIC / "vendor" / "VENDORED.json"
    target.write_text(json.dumps(rows, indent=2) + "\n")


if __name__ == "__main__":
    main()
