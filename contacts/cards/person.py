"""The lines of one vCard become one person; what is not ours is kept beside it for the way out."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from contacts.cards.card import Card, CardWay
from contacts.cards.extra import OF_A_GROUP, Row, is_too_long, kept
from contacts.cards.fit import (
    Unfit,
    fit_birthday,
    fit_line,
    fit_tags,
    fit_text,
    fit_ways,
    is_visible,
)
from contacts.cards.lines import Property, escape
from contacts.cards.ways import is_way, read_way, write_way
from contacts.models import Contact

NAME_PARTS = 5
OWN = "X-WAYMARK-"
PRODUCT = "-//Waymark//Contacts//EN"
# A parameter of ours: the line goes on waiting beside a field, also where the field is empty.
FURTHER = f"{OWN}FURTHER"
OWN_TEXTS = {"WHY": "why", "HOPED-FOR": "hoped_for", "OFFER": "offer", "HOW-MET": "how_met"}
# The fields that a second line of such a name would fill where they are empty; there may always be one tag more.
FIELDS_OF = {
    "N": "name_parts",
    "ORG": "organisation",
    "TITLE": "role",
    "ROLE": "role",
    "BDAY": "birthday",
    "CATEGORIES": "",
}
# Written anew each time, or about the file and not the person.
_ABOUT_THE_FILE = {"VERSION", "PRODID", "REV", "BEGIN", "END", "PROFILE"}
# Groups of everybody that Google adds by itself.
_NO_TAGS = {"mycontacts", "my contacts"}


def card_of(rows: list[Property], *, line: int, region: str, dropped: Iterable[str] = ()) -> Card:
    """Return the person these lines tell of. Raises Unfit, with the reason in words."""
    reading = _Reading(rows, region)
    for row in rows:
        reading.take(row)
    return reading.card(line, [*dropped, *reading.dropped])


class _Reading:
    """What was found of one person so far."""

    def __init__(self, rows: list[Property], region: str) -> None:
        self.region = region
        self.is_ours = any(row.name == "PRODID" and row.value == PRODUCT for row in rows)
        self.found: dict[str, Any] = {}
        self.ways: list[CardWay] = []
        self.notes: list[str] = []
        self.tags: list[str] = []
        self.nickname = ""
        self.kept: dict[str, Row] = {}  # lines behind our fields, in the order of the lines of a card
        self.kept_ways: list[Row] = []
        self.extra: list[Row] = []
        self.dropped: list[str] = []
        # What a label belongs to is told by the group before both names: item1.TEL and item1.X-ABLabel.
        self.grouped = {row.group for row in rows if row.group and is_way(row)}
        self.beside: dict[str, list[Property]] = defaultdict(list)
        for row in rows:
            if self._is_beside(row):
                self.beside[row.group].append(row)

    def take(self, row: Property) -> None:
        if row.name == "BEGIN":
            raise Unfit(f"There is something else inside this card ({row.line[:40]}), which is not read.")
        if row.name in _ABOUT_THE_FILE or self._is_beside(row):
            return
        if row.is_base64:
            self.dropped.append(row.name)
        elif row.name in ("KIND", "X-ADDRESSBOOKSERVER-KIND") and row.line.lower() == "group":
            raise Unfit("This is a group of people and not a person.")
        elif row.param(FURTHER) and row.name in FIELDS_OF:
            self.extra.append(row.without(FURTHER).to_json())
        elif is_way(row):
            self._way(row)
        elif not (row.name.startswith(OWN) and self._own(row)):
            reader = _READERS.get(row.name)
            if not (reader and reader(self, row)):
                self.extra.append(row.to_json())

    def _is_beside(self, row: Property) -> bool:
        return row.name in OF_A_GROUP and row.group in self.grouped

    def _way(self, row: Property) -> None:
        beside = self.beside.pop(row.group, []) if row.group else []
        if (way := read_way(row, beside, region=self.region)) is None:
            return
        if way in self.ways:
            return
        self.ways.append(way)
        fit_ways(len(self.ways), "The card")
        first, *labels = write_way(way, group=row.group if beside else "")
        if not first.says_all_of(row) or labels != beside:
            self.kept_ways.append(kept(row, ["way", way.kind, way.value, way.label], beside))

    def _field(self, row: Property, name: str, value: Any, rebuilt: Property, said: str) -> bool:
        """Put a value into its field, once, and keep the line if it says more than the field can."""
        if not value or self.found.get(name):
            return not value
        self.found[name] = value
        if not rebuilt.says_all_of(row):
            self.kept[rebuilt.name] = kept(row, [rebuilt.name, said])
        return True

    def _name(self, row: Property) -> bool:
        value = fit_line(row.text, "name")
        return self._field(row, "name", value if is_visible(value) else "", Property("FN", escape(value)), value)

    def _name_parts(self, row: Property) -> bool:
        parts = [fit_line(part, "name") for part in row.parts]
        parts = [*parts, *[""] * NAME_PARTS][:NAME_PARTS]
        if not any(parts):
            return True
        rebuilt = name_line(parts)
        return self._field(row, "name_parts", tuple(parts), rebuilt, rebuilt.value)

    def _organisation(self, row: Property) -> bool:
        value = fit_line(", ".join(part for part in row.parts if part), "organisation")
        return self._field(row, "organisation", value, Property("ORG", escape(value)), value)

    def _role(self, row: Property) -> bool:
        value = fit_line(row.text, "role")
        return self._field(row, "role", value, Property("TITLE", escape(value)), value)

    def _birthday(self, row: Property) -> bool:
        value = fit_birthday(row.line)
        if row.param("X-APPLE-OMIT-YEAR") and value[:1].isdigit():
            value = f"-{value[4:]}"
        if not value or self.found.get("birthday"):
            return False
        self.found["birthday"] = value  # in whatever form it stood: 4.0 has one only
        return True

    def _note(self, row: Property) -> bool:
        self.notes.append(row.text.strip())
        return True

    def _tags(self, row: Property) -> bool:
        self.tags += [tag for tag in row.items if self.is_ours or tag.casefold() not in _NO_TAGS]
        return True

    def _uid(self, row: Property) -> bool:
        self.found["uid"] = self.found.get("uid") or fit_line(row.line, "uid")  # a card has one
        return True

    def _nickname(self, row: Property) -> bool:
        self.nickname = self.nickname or row.items[0]
        return False

    def _own(self, row: Property) -> bool:
        """Take a line of our own; one we do not know is kept like any other."""
        kind = row.name.removeprefix(OWN)
        if kind in OWN_TEXTS:
            self.found[OWN_TEXTS[kind]] = fit_text(row.text, OWN_TEXTS[kind])
        elif kind == "TOPICS":
            self.found["topics"] = fit_tags(row.items)[0]
        elif kind == "ARCHIVED":
            self.found["is_archived"] = row.line == "yes"
        elif kind == "CIRCLE":
            self.found |= circle_of(row.parts)
        else:
            return False
        return True

    def card(self, line: int, dropped: list[str]) -> Card:
        name = self.found.pop("name", "") or self._name_from_the_rest()
        if not name:
            raise Unfit("There is no name, organisation or address of mail in this card.")
        tags, others = fit_tags(self.tags)
        if others:
            self.extra.append(list_line("CATEGORIES", others).to_json())
        fields = [self.kept[line] for line in ("FN", "N", "ORG", "TITLE") if line in self.kept]
        extra = (*fields, *self.kept_ways, *self.extra)
        if is_too_long(extra):
            raise Unfit("The card has too many lines that Waymark does not know.")
        return Card(
            line=line,
            name=name,
            ways=tuple(self.ways),
            note=fit_text("\n\n".join(filter(None, self.notes)), "notes"),
            tags=tags,
            extra=extra,
            is_ours=self.is_ours,
            dropped=tuple(dict.fromkeys(dropped)),
            **self.found,
        )

    def _name_from_the_rest(self) -> str:
        """Return what to call somebody whose card has no FN: the parts of the name, else firm, address or nickname."""
        emails = [way.value for way in self.ways if way.kind == "email"]
        choices = [
            name_of_parts(self.found.get("name_parts", ())),
            self.nickname,
            self.found.get("organisation", ""),
            *emails,
        ]
        return fit_line(next((choice for choice in choices if is_visible(choice)), ""), "name")


_READERS = {
    "FN": _Reading._name,
    "N": _Reading._name_parts,
    "ORG": _Reading._organisation,
    "TITLE": _Reading._role,
    "ROLE": _Reading._role,
    "BDAY": _Reading._birthday,
    "NOTE": _Reading._note,
    "CATEGORIES": _Reading._tags,
    "UID": _Reading._uid,
    "NICKNAME": _Reading._nickname,
}


def name_of_parts(parts: tuple[str, ...]) -> str:
    """Return a name as it is said: before it, given, further, family, after it."""
    if not parts:
        return ""
    family, given, further, before, after = parts
    return " ".join(part for part in (before, given, further, family, after) if part)


def circle_of(parts: list[str]) -> dict[str, Any]:
    """Return circle, number and unit; nothing where they make no rhythm."""
    circle, every, unit = [*parts, "", "", ""][:3]
    if circle == "own" and every.isdecimal() and 1 <= int(every[:4]) <= 999 and unit in Contact.Unit.values:
        return {"circle": circle, "own_every": int(every), "own_unit": unit}
    return {"circle": circle} if circle in Contact.Circle.values and circle != "own" else {}


def list_line(name: str, values: Iterable[str]) -> Property:
    return Property(name, ",".join(map(escape, values)))


def name_line(parts: Iterable[str]) -> Property:
    return Property("N", ";".join(map(escape, parts)))


def birthday_line(value: str) -> Property:
    return Property("BDAY", value.replace("-", "") if value[0] != "-" else "--" + value[2:].replace("-", ""))
