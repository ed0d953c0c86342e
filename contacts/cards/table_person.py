"""One row of a table becomes one person."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from contacts.cards.card import Card, CardWay
from contacts.cards.compare import way_key
from contacts.cards.extra import checked_extra
from contacts.cards.fit import (
    Unfit,
    fit_birthday,
    fit_label,
    fit_line,
    fit_tags,
    fit_text,
    fit_way,
    fit_ways,
    is_visible,
)
from contacts.cards.formulas import unguard
from contacts.cards.headings import WAYS
from contacts.cards.person import circle_of, name_of_parts
from core.text import clean_line

_SEVERAL = " ::: "  # how Google writes several values into one cell
_PARTED = re.compile(r"(?:^| ):::(?: |$)")  # the first or the last of them may be empty
# Groups of everybody that Google adds by itself.
_NO_TAGS = {"* mycontacts", "* my contacts", "mycontacts"}
# Headings of notes that need not be said again before the note.
_NOTES = {"notes", "note", "comment", "notiz", "notizen"}
# What Outlook writes into columns that nobody filled in.
_SAYS_NOTHING = {"normal", "unspecified", "false", "smtp", "falsch", "keine angabe", "0/0/00", "0.0.00"}
_DAY = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")
_LABELS = {"cell": "mobile", "other": ""}


@dataclass
class _Way:
    """A way while its cells are collected: an address may stand in seven of them."""

    kind: str
    label: str
    cells: dict[str, str] = field(default_factory=dict)

    def texts(self, program: str) -> list[str]:
        whole = self.cells.get("", "")
        if program != "Google":
            return [whole if whole or self.kind != "address" else _address(self.cells)]
        texts = [text.strip().replace("\n", ", ") for text in _PARTED.split(whole)]
        if self.kind != "address":
            return texts
        parts = {name: _PARTED.split(cell) for name, cell in self.cells.items() if name not in ("", "label")}
        each = {name: cells for name, cells in parts.items() if len(cells) == len(texts)}
        return [
            _with_parts(text, {name: cells[place] for name, cells in each.items()}) for place, text in enumerate(texts)
        ]


def _address(cells: Mapping[str, str]) -> str:
    """Return an address from its parts, in one line."""
    town = " ".join(filter(None, map(cells.get, ("code", "city"))))
    before, after = (map(cells.get, names) for names in (("street", "extended", "box"), ("region", "country")))
    return ", ".join(filter(None, [*before, town, *after]))


def _with_parts(text: str, parts: Mapping[str, str]) -> str:
    """Return an address as Google formatted it, and the parts that did not get into it, such as the country."""
    if not text:
        return _address(parts)
    rest = (parts.get(name, "").strip() for name in ("extended", "box", "code", "city", "region", "country"))
    return ", ".join([text, *(part for part in rest if part and part.casefold() not in text.casefold())])


def person_of(
    cells: Sequence[str], columns: Sequence[tuple[str, str]], *, line: int, program: str, region: str
) -> Card:
    """Return the person of a row; `columns` are heading and field, in the order of the cells. Raises Unfit."""
    found: dict[str, str] = {}
    notes: list[str] = []
    left_out: list[str] = []
    ways: dict[tuple[str, str], _Way] = {}
    for (heading, target), cell in zip(columns, cells, strict=False):
        value = unguard(cell.strip() if program != "Waymark" else cell)
        kind, _, rest = target.partition(".")
        if not value.strip():
            continue
        if not kind:
            left_out += [heading] if value.strip().casefold() not in _SAYS_NOTHING else []
            continue
        if kind in WAYS:
            group, _, part = rest.partition(".")
            way = ways.setdefault((kind, group or heading), _Way(kind, "" if group[:1].isdigit() else _word(group)))
            way.cells[part] = value
        elif kind == "note":
            notes.append(value if heading.casefold() in _NOTES else f"{heading}: {value}")
        else:
            found.setdefault(kind, value)
    card_ways = _ways(ways.values(), program=program, region=region)
    parts = tuple(fit_line(found.get(name, ""), "name") for name in ("family", "given", "further", "before", "after"))
    tags = found.get("tags", "").split(_SEVERAL if program == "Google" else "\n")
    return Card(
        line=line,
        name=_name(found, parts, card_ways),
        uid=fit_line(found.get("uid", ""), "uid"),
        name_parts=parts if any(parts) else (),
        organisation=fit_line(", ".join(filter(None, map(found.get, ("organisation", "department")))), "organisation"),
        role=fit_line(found.get("role", ""), "role"),
        ways=card_ways,
        birthday=_birthday(found.get("birthday", "")),
        note=fit_text("\n\n".join(notes), "notes"),
        tags=fit_tags(tag for tag in tags if program == "Waymark" or tag.strip().casefold() not in _NO_TAGS)[0],
        how_met=fit_line(found.get("how_met", ""), "how_met"),
        why=fit_text(found.get("why", ""), "why"),
        hoped_for=fit_text(found.get("hoped_for", ""), "hoped_for"),
        offer=fit_text(found.get("offer", ""), "offer"),
        topics=fit_tags(found.get("topics", "").split("\n"))[0],
        is_archived=found.get("is_archived", "").strip().lower() == "yes",
        extra=_extra(found.get("extra", "")),
        is_ours=program == "Waymark",
        dropped=tuple(left_out),
        **circle_of([clean_line(found.get(name, "")).lower() for name in ("circle", "own_every", "own_unit")]),
    )


def _word(group: str) -> str:
    """Return the label a group of columns is named by: "work 2" is a second number for work."""
    return _LABELS.get(group, group.removesuffix(" 2"))


def _ways(ways: Any, *, program: str, region: str) -> tuple[CardWay, ...]:
    found: list[CardWay] = []
    for way in ways:
        told = way.cells.get("label")
        texts = way.texts(program)
        if told is None or program == "Waymark":
            labels = [told or way.label] * len(texts)
        else:  # Google writes one label for each of the values in a cell, or one for all
            said = [_label(word) for word in _PARTED.split(told)]
            labels = said if len(said) == len(texts) else said[:1] * len(texts)
        for text, label in zip(texts, labels, strict=True):
            kind, value = fit_way(way.kind, text)
            if value:
                card_way = CardWay(kind, value, fit_label(label), way_key(kind, value, region))
                if card_way not in found:
                    found.append(card_way)
    fit_ways(len(found), "The row")
    return tuple(found)


def _label(text: str) -> str:
    """Return a label as Google writes it ("* Home", "Work") in our words."""
    plain = text.strip().removeprefix("* ").strip()
    small = plain.lower()
    return _LABELS.get(small, small if small in ("home", "work", "mobile", "work fax", "home fax", "pager") else plain)


def _name(found: dict[str, str], parts: tuple[str, ...], ways: tuple[CardWay, ...]) -> str:
    emails = [way.value for way in ways if way.kind == "email"]
    for choice in (found.get("name", ""), name_of_parts(parts), found.get("organisation", ""), *emails):
        name = fit_line(choice, "name")
        if is_visible(name):
            return name
    raise Unfit("There is no name, organisation or address of mail in this row.")


def _birthday(value: str) -> str:
    """Return the day: ISO, or day first, but month first between strokes, as Outlook writes it in English."""
    value = value.strip()
    if not (found := _DAY.fullmatch(value)):
        return fit_birthday(value.replace(" ", ""))
    month_first = found[2] == "/" and int(found[1]) <= 12
    month, day = (found[1], found[3]) if month_first else (found[3], found[1])
    return fit_birthday(f"{found[4]}-{month:>02}-{day:>02}")


def _extra(value: str) -> tuple[dict[str, Any], ...]:
    """Return the lines that our own table carries beside its columns; none if somebody changed them beyond reading."""
    try:
        return tuple(checked_extra(json.loads(value))) if value else ()
    except (ValueError, RecursionError):
        return ()
