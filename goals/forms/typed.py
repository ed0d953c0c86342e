"""A goal form as it was typed and not yet saved: what is kept of it, and how it comes back. Nothing is judged here."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import QueryDict

from core.text import clean_text
from goals.starters import Starter

# Every field at its longest fits, sixty milestones included.
MOST_CHARACTERS = 30_000
# What a new form holds before anybody wrote into it.
_FROM_THE_START = frozenset({"importance", "measure", "start_value", "computed", "starts_on", "version", "rows"})
_WORDS = {"title", "why", "target_value", "unit", "evidence", "pace", "due_on", "hours_a_week", "achievable", "reason"}
_KEPT = _FROM_THE_START | _WORDS
_LINE = re.compile(r"(?:m\d{1,19}|new\d{1,3})-(?:title|due_on|task|remove)")
Typed = dict[str, Any]


class TooMuch(Exception):
    """More was typed than is kept."""


def typed(posted: QueryDict) -> Typed:
    """Return the fields of a posted goal form as texts (`share` a list of them), without buttons and tokens.

    Raises TooMuch beyond 30,000 characters.
    """
    found: Typed = {name: clean_text(str(posted[name])) for name in posted if name in _KEPT or _LINE.fullmatch(name)}
    if share := posted.getlist("share"):
        found["share"] = [clean_text(each) for each in share]
    if sum(len(name) + len("".join(text)) for name, text in found.items()) > MOST_CHARACTERS:
        raise TooMuch
    return found


def says_something(fields: Typed) -> bool:
    """Tell whether anybody wrote into a form for a new goal."""
    return any(text for name, text in fields.items() if name not in _FROM_THE_START)


def of_goal(fields: Typed) -> Typed:
    """Return those that are fields of the goal and not of a milestone line."""
    return {name: text for name, text in fields.items() if name in _KEPT or name == "share"}


def from_starter(starter: Starter, today: date) -> Typed:
    """Return a starting point as if somebody had typed it into the form for a new goal."""
    fields = {name: _text(value) for name, value in starter.fields(today).items()}
    steps = starter.steps(today)
    for number, step in enumerate(steps):
        fields |= {f"new{number}-title": step.title, f"new{number}-due_on": _text(step.due_on)}
    return fields | {"rows": str(len(steps))}


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return "" if value is None else str(value.isoformat()) if isinstance(value, date) else str(value)
