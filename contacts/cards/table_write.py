"""People as a table that a spreadsheet opens safely, and that comes back as it went out."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping

from contacts.cards.card import Card
from contacts.cards.formulas import guard
from contacts.cards.headings import WAYS

_MARK = "\ufeff"  # Excel takes a table for UTF-8 only with it
_WAY_HEADINGS = {
    "email": "Email", "phone": "Phone", "web": "Web page", "address": "Address", "other": "Other way",
}  # fmt: skip
_PERSON = ["Name", "Family name", "Given name", "Further names", "Title before", "Title after", "Organisation", "Role"]
_KNOWN = ["Birthday", "Tags", "Notes", "How you met", "Why they matter", "What I would like to ask", "What I can give"]
_HERE = ["Topics", "Circle", "Every", "Unit", "Archived", "UID", "Further vCard lines"]


def heading(most: Mapping[str, int]) -> bytes:
    """Return the first row; `most` says how many ways of each kind somebody has at most."""
    ways = [
        text
        for kind in WAYS
        for number in range(1, most.get(kind, 0) + 1)
        for text in (f"{_WAY_HEADINGS[kind]} {number}", f"{_WAY_HEADINGS[kind]} {number} label")
    ]
    return _MARK.encode() + _row([*_PERSON, *ways, *_KNOWN, *_HERE])


def row(card: Card, most: Mapping[str, int]) -> bytes:
    """Return the row of a person below `heading(most)`. Ways come back sorted by kind; nothing else changes."""
    return _row([*_person(card), *_ways(card, most), *_known(card), *_here(card)])


def most_ways(card: Card) -> Counter[str]:
    return Counter(way.kind for way in card.ways)


def _person(card: Card) -> Iterator[str]:
    family, given, further, before, after = card.name_parts or ("",) * 5
    yield from (card.name, family, given, further, before, after, card.organisation, card.role)


def _ways(card: Card, most: Mapping[str, int]) -> Iterator[str]:
    for kind in WAYS:
        ways = [way for way in card.ways if way.kind == kind][: most.get(kind, 0)]
        for way in ways:
            yield from (way.value, way.label)
        yield from [""] * 2 * (most.get(kind, 0) - len(ways))


def _known(card: Card) -> Iterator[str]:
    yield from (card.birthday, "\n".join(card.tags), card.note)
    yield from (card.how_met, card.why, card.hoped_for, card.offer)


def _here(card: Card) -> Iterator[str]:
    yield from ("\n".join(card.topics), card.circle, str(card.own_every or ""), card.own_unit)
    yield from ("yes" if card.is_archived else "", card.uid)
    yield json.dumps(card.extra, ensure_ascii=False) if card.extra else ""


def _row(cells: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerow(map(guard, cells))
    return text.getvalue().encode()
