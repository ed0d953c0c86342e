"""One row of a file: what could be read of a person, or why nothing could."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self


@dataclass(frozen=True)
class CardWay:
    """One way to reach a person: a kind of `contacts.models.Way`, and what it is compared by ("" if by nothing)."""

    kind: str
    value: str
    label: str = ""
    compared: str = ""


@dataclass(frozen=True)
class Card:
    """One person of a file. Every text is clean and short enough for the column it goes to."""

    line: int  # where it begins in the file, from 1
    name: str
    uid: str = ""
    name_parts: tuple[str, ...] = ()  # family, given, further, before and after the name; none of them, or all five
    organisation: str = ""
    role: str = ""
    ways: tuple[CardWay, ...] = ()
    birthday: str = ""  # YYYY-MM-DD, or --MM-DD
    note: str = ""
    tags: tuple[str, ...] = ()
    # What only files of Waymark carry.
    how_met: str = ""
    why: str = ""
    hoped_for: str = ""
    offer: str = ""
    topics: tuple[str, ...] = ()
    circle: str = ""  # "" where the file says nothing about it
    own_every: int | None = None
    own_unit: str = ""
    is_archived: bool = False
    # vCard lines that are not ours, as JSON: see `contacts.cards.lines.Property.to_json`.
    extra: tuple[dict[str, Any], ...] = ()
    # Written by Waymark, whose UID stands for one person, also where two share an address or a number.
    is_ours: bool = field(default=False, compare=False)
    # Names of what was read and is not kept, such as PHOTO or the heading of a column: to be said to the person.
    dropped: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the card as a JSON object; what is empty is left out."""
        return {name: value for name, value in asdict(self).items() if value or name in ("line", "name")}

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """Return the card that `to_json` wrote; what later versions of this class may add or drop is no error."""
        known = {each.name for each in fields(cls)}
        values = {name: _tuples(value) for name, value in row.items() if name in known}
        values["ways"] = tuple(CardWay(**way) for way in row.get("ways", ()))
        return cls(**values)


@dataclass(frozen=True)
class BadRow:
    """A row nothing was read from: where it begins, why, and what stood there, to be mended."""

    line: int
    reason: str
    raw: str


class TooMuch(Exception):
    """A limit for the whole file was passed; the text says which, in words for the person."""


def _tuples(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
