"""Lines of address cards that are not ours: kept with the contact, and written again when it goes out."""

from collections.abc import Iterable, Iterator
from typing import Any

from contacts.cards.lines import Property
from core.text import clean_text

EXTRA_LENGTH, EXTRA_LINES = 64_000, 300

Row = dict[str, Any]


def kept(line: Property, said_as: list[str], beside: Iterable[Property] = ()) -> Row:
    """Return a line as it waits behind a field of ours, for as long as the field says the same.

    An address in seven parts, a number with its preference: our field shows them simpler, and they go out as they came.
    """
    also = [other.to_json() for other in beside]
    return line.to_json() | {"as": said_as} | ({"also": also} if also else {})


def is_too_long(extra: Iterable[Row]) -> bool:
    rows = [str(row) for row in extra]
    return len(rows) > EXTRA_LINES or sum(map(len, rows)) > EXTRA_LENGTH


def checked_extra(rows: Any) -> Iterator[Row]:
    """Yield the rows again after they were out of our hands. Raises ValueError if they are not what was written."""
    if not isinstance(rows, list) or is_too_long(rows):
        raise ValueError("not a list of lines")
    for row in rows:
        try:
            lines = [Property.from_json(row), *map(Property.from_json, row.get("also", ()))]
            said_as = [clean_text(str(word)) for word in row.get("as", ())]
        except (AttributeError, KeyError, TypeError, ValueError) as trouble:
            raise ValueError("not a line") from trouble
        yield kept(lines[0], said_as, lines[1:]) if said_as else lines[0].to_json()
