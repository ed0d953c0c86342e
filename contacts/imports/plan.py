"""What a card would do to a contact that is there: fill what is empty, add what is new, and ask about what differs.

Pure functions. Nothing that a person wrote is replaced unless they say so for that field, and what a file does not
mention stays.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from contacts.cards.card import Card, CardWay
from contacts.cards.compare import name_key
from contacts.cards.extra import OF_A_GROUP, Row, Said, groups, together, with_room
from contacts.models import Contact, Way
from contacts.models.contact import TAGS_TOGETHER, WAYS_TOGETHER

# The fields that are compared, in the order they are shown, and their names on screen.
LABELS = {
    "name": "Name",
    "organisation": "Organisation",
    "role": "Role",
    "birthday": "Birthday",
    "how_met": "How you met",
    "why": "Why they matter",
    "hoped_for": "What I would like to ask",
    "offer": "What I can give",
    "notes": "Notes",
}


@dataclass
class Plan:
    """What an update would change."""

    fill: dict[str, Any] = field(default_factory=dict)
    differs: dict[str, tuple[str, str]] = field(default_factory=dict)  # mine, theirs
    ways: list[CardWay] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    extra: list[Any] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether an update would change nothing by itself.

        The parts of a name alone are no reason: every card has them, also one written here of somebody without.
        """
        return not (self.fill.keys() - {"name_parts"} or self.ways or self.tags or self.topics or self.extra)


def values_of(card: Card) -> dict[str, str]:
    """Return the fields of a card under the names they have on a contact."""
    return {name: card.note if name == "notes" else getattr(card, name) for name in LABELS}


def plan_update(contact: Contact, ways: Iterable[Way], card: Card) -> Plan:
    """Compare a contact, with its ways, with a card."""
    plan = Plan()
    for name, theirs in values_of(card).items():
        mine = getattr(contact, name)
        if not theirs or _is_alike(name, mine, theirs):
            continue
        if mine:
            plan.differs[name] = (mine, theirs)
        else:
            plan.fill[name] = theirs
    if card.name_parts and not contact.name_parts and "name" not in plan.differs:
        plan.fill["name_parts"] = list(card.name_parts)
    if card.circle and card.circle != "none" and contact.circle == "none":
        plan.fill |= rhythm_of(card)
    mine_too = list(ways)
    plan.ways = new_ways(card, mine_too)[: max(0, WAYS_TOGETHER - len(mine_too))]
    plan.tags = _more(card.tags, contact.tags)
    plan.topics = _more(card.topics, contact.topics)
    plan.extra = _lines(card.extra, contact.extra, {("way", way.kind, way.value, way.label) for way in plan.ways})
    return plan


def plan_merge(first: Card, card: Card, *, at: datetime) -> Plan:
    """Compare an earlier card of the same person, which may become a contact at that time, with a card."""
    contact = new_contact(first, owner_id=0, uid="", at=at)
    return plan_update(contact, [new_way(way, contact, 0) for way in first.ways], card)


def new_ways(card: Card, known: Iterable[Way]) -> list[CardWay]:
    """Return the ways of a card that are not known: neither written so, nor the same address or number."""
    seen = {key for way in known for key in _keys(way)}
    return [way for way in card.ways if seen.isdisjoint(_keys(way))]


def rhythm_of(card: Card) -> dict[str, Any]:
    """Return the circle of a card as a contact has it."""
    return {"circle": card.circle or "none", "own_every": card.own_every, "own_unit": card.own_unit}


def new_contact(card: Card, *, owner_id: int, uid: str, at: datetime) -> Contact:
    """Return the contact that a card makes, not stored."""
    return Contact(
        owner_id=owner_id,
        uid=uid,
        created_at=at,
        archived_at=at if card.is_archived else None,
        name_parts=list(card.name_parts),
        tags=_more(card.tags, []),
        topics=_more(card.topics, []),
        extra=list(card.extra),
        **rhythm_of(card),
        **values_of(card),
    )


def new_way(way: CardWay, contact: Contact, position: int) -> Way:
    """Return a way of a card as a row of a contact, not stored."""
    return Way(
        contact=contact,
        owner_id=contact.owner_id,
        kind=way.kind,
        label=way.label,
        value=way.value,
        compared=way.compared,
        position=position,
    )


def words_of(name: str) -> frozenset[str]:
    """Return the words of a name as they are compared."""
    return frozenset(name_key(name).split())


def _is_alike(name: str, mine: str, theirs: str) -> bool:
    return mine == theirs or (name == "name" and words_of(mine) == words_of(theirs))


def _keys(way: CardWay | Way) -> set[tuple[str, str]]:
    """Return what a way can be known by. What it is compared by may differ for the same one: it goes by a country."""
    return {(way.kind, key) for key in (way.compared, way.value.lower()) if key}


def _more(theirs: Iterable[str], mine: list[str]) -> list[str]:
    """Return the tags or topics that are not there yet, as far as there is room."""
    new = {tag.lower(): tag for tag in reversed(list(theirs))}
    for tag in mine:
        new.pop(tag.lower(), None)
    return list(reversed(new.values()))[: max(0, TAGS_TOGETHER - len(mine))]


def _lines(theirs: Iterable[Row], mine: list[Row], ways: set[Said]) -> list[Row]:
    """Return the lines of a card whose property the contact has none of, or that stand behind a new way, as far as there
    is room: what it has stays as it is.
    """
    known = {line["name"] for line in mine} - OF_A_GROUP
    found: list[Row] = []
    for group in groups(theirs):
        new = [line for line in group if line["name"] not in known or tuple(line.get("as", ())) in ways]
        if any(line["name"] not in OF_A_GROUP for line in new):
            found += new
    return with_room(together(mine, found)[len(mine) :], beside=mine)[0]
