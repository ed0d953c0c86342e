"""A person as a vCard 4.0 (RFC 6350), and back again as they were."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import count

from contacts.cards.card import Card
from contacts.cards.extra import Said, lines_of
from contacts.cards.lines import Property, escape
from contacts.cards.person import FIELDS_OF, FURTHER, OWN, OWN_TEXTS, PRODUCT, birthday_line, list_line, name_line
from contacts.cards.ways import write_way
from core.ical import ical_file, ical_utc


def said_by(card: Card) -> set[Said]:
    """Return what the fields say behind which a line may wait, as it waits there."""
    fields = {
        ("FN", card.name),
        ("N", name_line(card.name_parts).value),
        ("ORG", card.organisation),
        ("TITLE", card.role),
    }
    return fields | {("way", way.kind, way.value, way.label) for way in card.ways}


def vcard(card: Card, *, at: datetime) -> bytes:
    """Return the card as a file, or as a part of one; `at` is when it is written (REV)."""
    return ical_file(map(str, [*_head(at), *_lines(card), Property("END", "VCARD")]))


def _head(at: datetime) -> Iterator[Property]:
    yield Property("BEGIN", "VCARD")
    yield Property("VERSION", "4.0")
    yield Property("PRODID", PRODUCT)
    yield Property("REV", ical_utc(at))


def _lines(card: Card) -> Iterator[Property]:
    kept, unknown = _sort_extra(card)
    yield _or_kept(kept, Property("FN", escape(card.name)), card.name)
    if card.uid:
        yield Property("UID", escape(card.uid))
    if card.name_parts:
        name = name_line(card.name_parts)
        yield _or_kept(kept, name, name.value)
    if card.organisation:
        yield _or_kept(kept, Property("ORG", escape(card.organisation)), card.organisation)
    if card.role:
        yield _or_kept(kept, Property("TITLE", escape(card.role)), card.role)
    if card.birthday:
        yield birthday_line(card.birthday)
    yield from _ways(card, kept, {row.group for rows in (unknown, *kept.values()) for row in rows})
    if card.tags:
        yield list_line("CATEGORIES", card.tags)
    if card.note:
        yield Property("NOTE", escape(card.note))
    yield from _own(card)
    yield from (_beside_its_field(row, card) for row in unknown)


def _own(card: Card) -> Iterator[Property]:
    """Yield what no other program has a place for; all of them keep lines that begin with X-."""
    for kind, field in OWN_TEXTS.items():
        if value := getattr(card, field):
            yield Property(OWN + kind, escape(value))
    if card.topics:
        yield list_line(f"{OWN}TOPICS", card.topics)
    if card.circle == "own":
        yield Property(f"{OWN}CIRCLE", f"own;{card.own_every};{card.own_unit}")
    elif card.circle:
        yield Property(f"{OWN}CIRCLE", card.circle)
    if card.is_archived:
        yield Property(f"{OWN}ARCHIVED", "yes")


def _ways(card: Card, kept: dict[Said, list[Property]], groups: set[str]) -> Iterator[Property]:
    number = 0
    for way in card.ways:
        if lines := kept.pop(("way", way.kind, way.value, way.label), None):
            yield from lines
            continue
        lines = write_way(way)
        if len(lines) > 1:  # the way, and what it is for
            number = next(number for number in count(number + 1) if f"item{number}" not in groups)
            lines = write_way(way, group=f"item{number}")
        yield from lines


def _or_kept(kept: dict[Said, list[Property]], line: Property, said: str) -> Property:
    """Return the line this was read from, as long as the field still says the same; else a new one."""
    return kept.get((line.name, said), [line])[0]


def _beside_its_field(row: Property, card: Card) -> Property:
    """Return a line that is not ours, marked where reading would take it for what a field says that is empty here."""
    if row.name not in FIELDS_OF or (FIELDS_OF[row.name] and getattr(card, FIELDS_OF[row.name])):
        return row
    return replace(row, params=(*row.params, (FURTHER, ("yes",))))


def _sort_extra(card: Card) -> tuple[dict[Said, list[Property]], list[Property]]:
    """Return the lines behind fields that still say what they did, by that, and the lines that are not ours."""
    said = said_by(card)
    kept: dict[Said, list[Property]] = {}
    unknown: list[Property] = []
    for row in card.extra:
        if "as" not in row:
            unknown += lines_of(row)
        elif (words := tuple(row["as"])) in said:
            kept.setdefault(words, lines_of(row))
    return kept, unknown
