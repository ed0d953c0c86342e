"""What the owner sees of a row before it counts: whom it is about and why, and what would change, field by field."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Left
from django.utils.text import Truncator

from contacts import birthdays
from contacts.cards.card import Card
from contacts.imports.plan import LABELS, Plan, plan_merge, plan_update, values_of
from contacts.models import Contact, Import, ImportRow, Way
from contacts.reach import assumed

Finding = ImportRow.Finding
SHOWN_LENGTH = 200
RAW_SHOWN = 600
ADDS_SHOWN = 4
CIRCLES = dict(Contact.Circle.choices)


@dataclass
class Shown:
    """One row of the preview."""

    row: ImportRow
    raw: str = ""  # the beginning of what cannot be read
    meta: str = ""
    reason: str = ""
    assumed: str = ""  # of a number without the code of its country, where that is the reason
    person: Contact | None = None  # of one's own, whom it is about
    is_stale: bool = False  # that person was edited since the file was read
    adds: list[tuple[str, str]] = field(default_factory=list)  # label and value of what would come to it
    more: list[tuple[str, str]] = field(default_factory=list)  # of these, what is folded away
    differs: list[dict[str, Any]] = field(default_factory=list)
    choices: list[tuple[str, str]] = field(default_factory=list)


def with_people(rows: QuerySet[ImportRow]) -> QuerySet[ImportRow]:
    """Return rows with the contacts they are about, as `shown` wants them."""
    ways = Prefetch("contact__ways", queryset=Way.objects.all(), to_attr="known_ways")
    start = Left("raw", RAW_SHOWN + 1)  # a row to mend may be as long as a file
    return rows.defer("raw").annotate(start=start).select_related("contact").prefetch_related(ways)


def shown(source: Import, rows: Sequence[ImportRow]) -> list[Shown]:
    """Return what is shown of rows that came `with_people`; one statement more where rows follow others."""
    twins = {row.twin for row in rows if row.twin and row.contact is None}
    firsts = {row.number: row for row in source.rows.filter(number__in=twins)} if twins else {}
    return [_shown(row, firsts.get(row.twin or 0) if row.contact is None else None) for row in rows]


def _shown(row: ImportRow, first: ImportRow | None) -> Shown:
    if row.finding == Finding.BAD:
        return Shown(row, raw=Truncator(row.start).chars(RAW_SHOWN))  # type: ignore[attr-defined] # with_people has it
    card = Card.from_json(row.card)
    found = Shown(row, meta=_meta(card, row.line), reason=_reason(row, first), person=row.contact)
    found.is_stale = bool(row.contact and row.contact.version != row.contact_version)
    found.assumed = _assumed(row, card)
    plan = _plan(row, card, first)
    found.choices = _choices(row, first, is_same=row.finding == Finding.SAME and not found.is_stale)
    if plan is None:
        found.adds = [(_way_label(way), way.value) for way in card.ways] + _words(card)
    else:
        found.adds = _changes(plan)
        found.differs = [
            {"name": name, "label": LABELS[name], "mine": _said(name, mine), "theirs": _said(name, theirs),
             "is_taken": name in row.theirs}
            for name, (mine, theirs) in plan.differs.items()
        ]  # fmt: skip
    if card.dropped:
        found.adds.append(("Not kept", ", ".join(map(_not_kept, card.dropped))))
    found.adds, found.more = found.adds[:ADDS_SHOWN], found.adds[ADDS_SHOWN:]
    return found


def _not_kept(name: str) -> str:
    """Return the name of what is left out: PHOTO as a word, the heading of a column and a program's own line as they are."""
    return name.capitalize() if name in ("PHOTO", "LOGO", "SOUND", "KEY") else name


def _plan(row: ImportRow, card: Card, first: ImportRow | None) -> Plan | None:
    if row.contact:
        return plan_update(row.contact, row.contact.known_ways, card)  # type: ignore[attr-defined]
    if not first:
        return None
    return plan_merge(Card.from_json(first.card), card, at=row.source.created_at)


def _meta(card: Card, line: int) -> str:
    works_as = ", ".join(part for part in (card.role, card.organisation) if part)
    return f"{works_as} (line {line})" if works_as else f"Line {line}"


def _reason(row: ImportRow, first: ImportRow | None) -> str:
    if not row.why:
        return ""
    why = ImportRow.Why(row.why).label
    why = f"{why[0].upper()}{why[1:]} as"
    if first:
        is_left = first.decision == row.Decision.SKIP and row.decision == row.Decision.UPDATE
        left = ", which is left out, so this is too" if is_left else ""
        return f"{why} {first.name} in line {first.line}{left}"
    return why


def _assumed(row: ImportRow, card: Card) -> str:
    """Say what the number was taken to be by which a row and a person were found to be the same."""
    if row.why != ImportRow.Why.PHONE or row.contact is None:
        return ""
    mine = {way.compared: way.value for way in row.contact.known_ways if way.kind == Way.Kind.PHONE}  # type: ignore[attr-defined]
    shared = [way for way in card.ways if way.kind == Way.Kind.PHONE and way.compared and way.compared in mine]
    said = (assumed(value, way.compared) for way in shared for value in (way.value, mine[way.compared]))
    return next(filter(None, said), "")


def _choices(row: ImportRow, first: ImportRow | None, *, is_same: bool) -> list[tuple[str, str]]:
    words = {"add": "Add", "update": f"Add to line {first.line}" if first else "Update", "skip": "Leave out"}
    if row.contact_id or row.twin:
        words["add"] = "Add as new"
    if row.contact and row.contact.deleted_at:
        words["update"] = "Bring back"
    # There is nothing to update where all of it is there.
    gone = {row.Decision.UPDATE} - {row.decision} if is_same else set()
    return [(str(choice), words[choice]) for choice in row.choices() if choice not in gone]


def _said(name: str, value: str) -> str:
    return birthdays.say(value) if name == "birthday" else value[:SHOWN_LENGTH]


def _way_label(way: Any) -> str:
    return Way.Kind(way.kind).label + (f", {way.label}" if way.label else "")


def _words(card: Card) -> list[tuple[str, str]]:
    """Return what a new contact would have beyond its name, work and ways."""
    values = values_of(card)
    rest = LABELS.keys() - {"name", "organisation", "role"}
    rows = [(label, _said(name, values[name])) for name, label in LABELS.items() if name in rest]
    rows += [("Tags", ", ".join(card.tags)), ("Topics", ", ".join(card.topics))]
    return [(label, value) for label, value in rows if value]


def _changes(plan: Plan) -> list[tuple[str, str]]:
    rows = [(LABELS[name], _said(name, value)) for name, value in plan.fill.items() if name in LABELS]
    if "circle" in plan.fill:
        rows.append(("Circle", CIRCLES[plan.fill["circle"]]))
    rows += [(_way_label(way), way.value) for way in plan.ways]
    rows += [(label, ", ".join(values)) for label, values in (("Tags", plan.tags), ("Topics", plan.topics)) if values]
    if plan.extra:
        rows.append(("Kept for export", ", ".join(dict.fromkeys(line.get("name", "") for line in plan.extra))))
    return rows
