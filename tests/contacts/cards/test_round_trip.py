"""What goes out comes back the same: thousands of people made up at random, each from its own seed."""

import io
import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contacts.cards import table_write, write
from contacts.cards.card import Card, CardWay
from contacts.cards.compare import way_key
from contacts.cards.headings import WAYS
from contacts.cards.lines import Property, escape
from contacts.cards.read import csv_headings, read_cards
from core.text import clean_line, clean_text

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
FILES = Path(__file__).parent.parent / "files"
# What separates, quotes, escapes or begins something in either format, beside plain and far letters.
PIECES = [
    *"abcXYZ019 ,;:\\\"'=+-@|^.\t%#~_/()[]{}<>&$!?*`", "\n", "\r\n", "\\n", "\\,", "^n", "^'", "::: ", " ::: ", "''",
    "é", "ß", "木", "א", "🧗🏽‍♀️", "＝", "BEGIN:VCARD", "END:VCARD", "\nEND:VCARD\n", "=3D", "=\n", "item1.", "X-ABLabel",
    "Müller", "\u2028", "\ufeff", "sep=;", "own;3;months", "urn:uuid:", "http://", "mailto:", "tel:",
]  # fmt: skip


def text(dice, at_most=40, *, empty=0.3):
    if dice.random() < empty:
        return ""
    return clean_text("".join(dice.choices(PIECES, k=dice.randint(1, 12))))[:at_most].strip()


def line(dice, at_most=40, **options):
    return clean_line(text(dice, at_most, **options))


def tags(dice):
    typed = (line(dice, 30).replace(",", "").replace(";", "") + "t" for _ in range(dice.randint(0, 4)))
    found = {tag.lower(): tag for tag in map(clean_line, typed)}
    return tuple(found.values())


def way(dice):
    kind = dice.choice(WAYS)
    value = line(dice, 60, empty=0) or "x"
    if kind == "web":
        value = f"https://example.org/{value}"
    if kind == "phone":
        value = dice.choice(["+49 30 901820", "=1+1", "030/5 ext. 7", "+44 (0)20"])
    if kind == "email":
        value = dice.choice(["Mixed.Case@Example.org", "'a@b.example", "=x@b.example", "a,b@c.example"])
    label = dice.choice(["", "home", "work", "mobile", "work fax", "Home", "cell", line(dice)])
    return CardWay(kind, value, label, way_key(kind, value, "DE"))


def unknown(dice):
    """A line that no field here is for, with whatever else may stand in it."""
    names = dice.sample(["X-PHONETIC", "LANG", "X-ALTID", "PREF"], k=dice.randint(0, 2))
    params = tuple((name, tuple(line(dice) for _ in range(dice.randint(1, 3)))) for name in names)
    value = dice.choice([escape(text(dice, 60)), "geo:52.5,13.4", "a;b\\;c,d\\,e;;", "https://example.org/?a=b;c:d"])
    group = dice.choice(["", "item1", "item7"])
    return Property(dice.choice(["X-SPOUSE", "ANNIVERSARY", "GEO", "RELATED"]), value, params, group).to_json()


def person(dice, number):
    circle = dice.choice(["", "close", "regular", "wide", "none", "own"])
    parts = tuple(line(dice) for _ in range(5))
    own = (dice.randint(1, 999), dice.choice(["days", "weeks", "months"])) if circle == "own" else (None, "")
    return Card(
        line=0,
        name=line(dice, 200) + f"n{number}",
        uid=dice.choice(["", f"urn:uuid:{number}", f"a:b;c,{number}"]),
        name_parts=parts if any(parts) else (),
        organisation=line(dice),
        role=line(dice),
        ways=tuple(dict.fromkeys(way(dice) for _ in range(dice.randint(0, 5)))),
        birthday=dice.choice(["", "1980-04-12", "--02-29"]),
        note=text(dice, 200),
        tags=tags(dice),
        how_met=line(dice),
        why=text(dice),
        hoped_for=text(dice),
        offer=text(dice),
        topics=tags(dice),
        circle=circle,
        own_every=own[0],
        own_unit=own[1],
        is_archived=dice.random() < 0.2,
        extra=tuple(unknown(dice) for _ in range(dice.randint(0, 3))),
    )


def people(seed, count=500):
    dice = random.Random(seed)
    return [person(dice, number) for number in range(count)]


def back(data, kind):
    return [replace(row, line=0) for row in read_cards(io.BytesIO(data), kind=kind, region="DE")]


def as_vcards(cards):
    return b"".join(write.vcard(card, at=AT) for card in cards)


def as_table(cards):
    most = {kind: max(table_write.most_ways(card)[kind] for card in cards) for kind in WAYS}
    return table_write.heading(most) + b"".join(table_write.row(card, most) for card in cards)


def in_order(card):
    """The table sorts ways by kind."""
    return replace(card, ways=tuple(sorted(card.ways, key=lambda way: WAYS.index(way.kind))))


@pytest.mark.parametrize("seed", range(4))
def test_vcard_comes_back_as_it_went(seed):
    cards = people(seed)

    found = back(as_vcards(cards), "vcard")

    for before, after in zip(cards, found, strict=True):
        assert after == before


@pytest.mark.parametrize("seed", range(4))
def test_table_comes_back_as_it_went(seed):
    cards = people(seed)

    data = as_table(cards)

    assert csv_headings(io.BytesIO(data)).program == "Waymark"
    for before, after in zip(cards, back(data, "csv"), strict=True):
        assert after == in_order(before)


@pytest.mark.parametrize("path", sorted(FILES.glob("*.vcf")), ids=lambda path: path.name)
def test_card_of_another_program_comes_back_as_it_was_read(path):
    with path.open("rb") as file:
        cards = [
            replace(row, line=0, dropped=())
            for row in read_cards(file, kind="vcard", region="DE")
            if isinstance(row, Card)
        ]

    assert back(as_vcards(cards), "vcard") == cards
    if cards:
        assert back(as_table(cards), "csv") == [in_order(card) for card in cards]
