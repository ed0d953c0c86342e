import hashlib
import json
import re

from contacts.conversations import ICONS as TALK_ICONS
from contacts.views.people import WAY_ICONS
from devstack.vendoring import sources

REMAKE = "Run `python devstack/vendoring/vendor.py` (needs Node) and commit what it changes."


def test_bundle_is_made_from_the_sheets_of_today():
    assert sources.fingerprint() in sources.BUNDLE.read_text()[:200], REMAKE


def test_bundle_has_every_class_in_use_that_a_sheet_or_bootstrap_could_have_given():
    bundle = sources.BUNDLE.read_text()
    bundled = set(re.findall(r"\.(-?[a-zA-Z_][\w-]*)", bundle))
    could_have = set(sources.BOOTSTRAP_CLASSES.read_text().split())
    for sheet in sources.ROOT.glob("static/css/*.css"):
        could_have |= set(re.findall(r"\.(-?[a-zA-Z_][\w-]*)", sheet.read_text()))

    missing = (sources.classes_in_use() & could_have) - bundled

    assert not missing, REMAKE


def test_sprite_has_every_icon_in_use():
    drawn = set(re.findall(r'<symbol id="([^"]+)"', sources.SPRITE.read_text()))

    assert sources.icons_in_use() - drawn == set(), REMAKE


def test_sprite_has_the_icons_whose_names_come_in_a_variable():
    drawn = set(re.findall(r'<symbol id="([^"]+)"', sources.SPRITE.read_text()))

    assert {*WAY_ICONS.values(), *TALK_ICONS.values()} - drawn == set(), "name them in icons.txt and remake it"


def test_vendored_files_are_what_the_record_says():
    for part in json.loads((sources.ROOT / "static/vendor/VENDORED.json").read_text()):
        assert part["licence"]
        for name, digest in part["files"].items():
            assert hashlib.sha256((sources.ROOT / name).read_bytes()).hexdigest() == digest, f"{name}: {REMAKE}"


def test_nothing_vendored_points_to_a_source_map_or_another_host():
    for path in sources.ROOT.glob("static/**/*"):
        if path.suffix in {".js", ".css"}:
            text = path.read_text()
            assert "sourceMappingURL" not in text, path.name
            assert not re.search(r"url\(['\"]?https?:", text), path.name
            assert "@import" not in text, path.name


def test_bundle_keeps_every_class_and_attribute_of_our_own_sheets():
    own, bundle = "\n".join(sources.sheets()), sources.BUNDLE.read_text()

    for names in (r"\.(-?[a-zA-Z_][\w-]*)", r"\[([a-z-]+)"):
        assert set(re.findall(names, own)) - set(re.findall(names, bundle)) == set(), REMAKE
