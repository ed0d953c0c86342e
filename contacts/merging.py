"""Two contacts side by side, field by field, with what they would be together."""

from dataclasses import dataclass
from typing import Any

from contacts import birthdays
from contacts.models import Contact
from contacts.rows import say_rhythm
from contacts.services.merge import CHOSEN, merged_values

LABELS = {
    "name": "Name",
    "role": "Role",
    "organisation": "Organisation",
    "how_met": "How you met",
    "birthday": "Birthday",
    "circle": "How often to be in touch",
    "why": "Why they matter",
    "offer": "What I can give",
    "hoped_for": "What I would like to ask",
    "topics": "Topics they care about",
    "tags": "Tags",
    "notes": "Private notes",
}


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field of both. `is_choice` where one of two values must stand; the other then goes into the notes."""

    name: str
    label: str
    ours: str
    theirs: str
    together: str
    is_choice: bool
    is_theirs: bool


def field_rows(kept: Contact, gone: Contact, from_gone: frozenset[str]) -> list[FieldRow]:
    """Return the fields in which at least one of the two says something."""
    values = merged_values(kept, gone, from_gone=from_gone)
    together = Contact(**values)
    rows = []
    for name, label in LABELS.items():
        ours, theirs, both = (_said(contact, name) for contact in (kept, gone, together))
        if ours or theirs:
            is_choice = name in CHOSEN and bool(ours and theirs) and ours != theirs
            rows.append(FieldRow(name, label, ours, theirs, both, is_choice, is_choice and both == theirs))
    return rows


def _said(contact: Contact, name: str) -> str:
    value: Any = getattr(contact, name)
    if name == "circle":
        return "" if value == Contact.Circle.NONE else say_rhythm(contact)
    if name == "birthday":
        return birthdays.say(value)
    return ", ".join(value) if isinstance(value, list) else value
