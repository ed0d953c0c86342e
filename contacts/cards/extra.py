"""Lines of address cards that are not ours: kept with the contact, and written again when it goes out."""

from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

from contacts.cards.lines import Property
from contacts.cards.ways import LABEL
from core.text import clean_text

EXTRA_LENGTH, EXTRA_LINES = 64_000, 300
# What one of these says belongs to the other lines of its group: item1.TEL and item1.X-ABLabel.
OF_A_GROUP = {LABEL, "X-ABADR"}

Row = dict[str, Any]
# What a field of ours says: ("ORG", "St Anne's") or ("way", "phone", "+49 30 901820", "work").
Said = tuple[str, ...]


def kept(line: Property, said_as: list[str], beside: Iterable[Property] = ()) -> Row:
    """Return a line as it waits behind a field of ours, for as long as the field says the same.

    An address in seven parts, a number with its preference: our field shows them simpler, and they go out as they came.
    """
    also = [other.to_json() for other in beside]
    return line.to_json() | {"as": said_as} | ({"also": also} if also else {})


def lines_of(row: Row) -> list[Property]:
    """Return a line, and those of its group that wait with it."""
    return [Property.from_json(row), *map(Property.from_json, row.get("also", ()))]


def is_too_long(extra: Iterable[Row]) -> bool:
    rows = list(extra)
    return len(rows) > EXTRA_LINES or _length(rows) > EXTRA_LENGTH


def checked_extra(rows: Any) -> Iterator[Row]:
    """Yield the rows again after they were out of our hands. Raises ValueError if they are not what was written."""
    if not isinstance(rows, list) or is_too_long(rows):
        raise ValueError("not a list of lines")
    for row in rows:
        try:
            lines = lines_of(row)
            said_as = [clean_text(str(word)) for word in row.get("as", ())]
        except (AttributeError, KeyError, TypeError, ValueError) as trouble:
            raise ValueError("not a line") from trouble
        yield kept(lines[0], said_as, lines[1:]) if said_as else lines[0].to_json()


def together(mine: list[Row], theirs: Iterable[Row]) -> list[Row]:
    """Return the lines of both, each group once.

    Programs count their groups anew in each card: item1 of one is not item1 of the other, and gets another name.
    """
    known = [_without_group(rows) for rows in groups(mine)]
    others = list(theirs)
    used = {row.get("group", "") for row in (*mine, *others)}
    taken = {row.get("group", "") for row in mine}
    found = list(mine)
    for rows in groups(others):
        if _without_group(rows) in known:
            continue
        if (group := rows[0].get("group")) and group in taken:
            group = next(name for name in (f"item{number}" for number in count(1)) if name not in used)
            used.add(group)
            rows = [_in_group(row, group) for row in rows]
        found += rows
    return found


def with_room(rows: Iterable[Row], *, beside: Iterable[Row] = ()) -> tuple[list[Row], list[Row]]:
    """Return the lines that fit beside others, and those that do not; a group fits or not as a whole."""
    others = list(beside)
    number, length = len(others), _length(others)
    fitting: list[Row] = []
    rest: list[Row] = []
    for group in groups(rows):
        if number + len(group) > EXTRA_LINES or length + _length(group) > EXTRA_LENGTH:
            rest += group
            continue
        number, length = number + len(group), length + _length(group)
        fitting += group
    return fitting, rest


def groups(rows: Iterable[Row]) -> list[list[Row]]:
    """Return the lines by what binds them together: those of a group, and each without one alone."""
    found: dict[Any, list[Row]] = {}
    for number, row in enumerate(rows):
        found.setdefault(row.get("group") or number, []).append(row)
    return list(found.values())


def _length(rows: Iterable[Row]) -> int:
    return sum(len(str(row)) for row in rows)


def _in_group(row: Row, group: str) -> Row:
    also = [other | {"group": group} for other in row.get("also", ())]
    return row | {"group": group} | ({"also": also} if also else {})


def _without_group(rows: Iterable[Row]) -> list[Row]:
    return [{name: value for name, value in _in_group(row, "").items() if name != "group"} for row in rows]
