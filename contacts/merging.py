"""Two contacts side by side, field by field, with what they would be together."""

from dataclasses import dataclass
from typing import Any

from contacts import birthdays
from contacts.models import Contact
from contacts.models.contact import NOTES_LENGTH, TAGS_AT_MOST
from contacts.rows import say_rhythm
from contacts.services.merge import CHOSEN, JOINED, merged_values

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
    """One field of both. `is_choice` where one of two values must stand; the other then goes into the notes. `hint` says
    what is not as one would expect.
    """

    name: str
    label: str
    ours: str
    theirs: str
    together: str
    is_choice: bool
    is_theirs: bool
    hint: str = ""


def field_rows(kept: Contact, gone: Contact, from_gone: frozenset[str]) -> list[FieldRow]:
    """Return the fields in which one of the two says something, or both would together."""
    values = merged_values(kept, gone, from_gone=from_gone)
    together = Contact(**values)
    rows = []
    for name, label in LABELS.items():
        ours, theirs, both = (_said(contact, name) for contact in (kept, gone, together))
        if ours or theirs or both:
            is_choice = name in CHOSEN and bool(ours and theirs) and ours != theirs
            hint = _hint(name, getattr(kept, name), getattr(gone, name), values[name])
            rows.append(FieldRow(name, label, ours, theirs, both, is_choice, is_choice and both == theirs, hint))
    return rows


def _hint(name: str, ours: Any, theirs: Any, together: Any) -> str:
    """Say where two together are longer than what can be typed."""
    if name == "notes" and len(together) > NOTES_LENGTH:
        return (
            f"All {len(together):,} characters are kept. More than {NOTES_LENGTH:,} can only get shorter when you edit."
        )
    if name in JOINED and theirs not in together:
        return "Both together are too long here, so the second goes into the notes."
    if name in {"tags", "topics"} and len(together) > TAGS_AT_MOST:
        return f"All {len(together)} are kept. More than {TAGS_AT_MOST} can only get fewer when you edit."
    return ""


def _said(contact: Contact, name: str) -> str:
    value: Any = getattr(contact, name)
    if name == "circle":
        return "" if value == Contact.Circle.NONE else say_rhythm(contact)
    if name == "birthday":
        return birthdays.say(value)
    return ", ".join(value) if isinstance(value, list) else value
