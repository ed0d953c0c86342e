"""What fits into the columns of a contact: read from the models, so that no limit is written twice."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from django.db import models

from contacts.birthdays import NO_YEAR
from contacts.cards.compare import plain_way
from contacts.models import Contact, Way
from contacts.models.contact import BIRTHDAY, TAG_LENGTH, TAGS_TOGETHER, WAYS_TOGETHER
from core.text import clean_line, clean_text

_BASIC = re.compile(r"(\d{4}|-)-?(\d\d)-?(\d\d)(?:T.*)?", re.DOTALL)
_COMMAS = re.compile("[,;]")
_APPLE_LABEL = re.compile(r"_\$!<(.*)>!\$_")
_COUNTED = {"name": "name", "organisation": "organisation", "role": "role", "notes": "note"}


class Unfit(ValueError):
    """A card that cannot become a contact; the text says why, in words for the person."""


def fit_line(value: str, column: str) -> str:
    """Return the text as one line, if the column holds it. Raises Unfit."""
    return _fit(clean_line(value), column)


def fit_text(value: str, column: str) -> str:
    return _fit(clean_text(value).strip(), column)


def fit_way(kind: str, value: str) -> tuple[str, str]:
    """Return kind and value of a way as they are stored. Raises Unfit."""
    kind, value = plain_way(kind, clean_line(value))
    at_most = _room(Way, "value")
    if len(value) > at_most:
        raise Unfit(f"An address or number has {len(value):,} characters; at most {at_most:,} fit.")
    return kind, value


def fit_ways(number: int, where: str) -> None:
    """Raise Unfit if a contact has no room for so many ways as stand in "The card" or "The row"."""
    if number > WAYS_TOGETHER:
        raise Unfit(f"{where} has more than {WAYS_TOGETHER} addresses and numbers.")


def fit_label(value: str) -> str:
    """Return what a way is for; Apple marks the words of its own, as in _$!<HomePage>!$_."""
    value = clean_line(value)
    while apple := _APPLE_LABEL.fullmatch(value):
        value = clean_line(apple[1].lower())
    return value[:TAG_LENGTH].strip()


def fit_tags(values: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the tags that fit, each once, and those that do not; commas part them, as in the form of a contact."""
    fitting: dict[str, str] = {}
    rest: list[str] = []
    for tag in map(clean_line, _COMMAS.split(",".join(values))):
        if tag.lower() in fitting or not any(letter.isalnum() for letter in tag):
            continue
        if len(tag) > TAG_LENGTH or len(fitting) >= TAGS_TOGETHER:
            rest.append(tag)
        else:
            fitting[tag.lower()] = tag
    return tuple(fitting.values()), tuple(rest)


def is_visible(value: str) -> bool:
    """Tell whether anything of a name can be seen."""
    return any(unicodedata.category(character)[0] in "LNPS" for character in value)


def fit_birthday(value: str) -> str:
    """Return a day of vCard (1980-04-12, 19800412, --0412, with a time behind it) as the column has it, or ""."""
    found = _BASIC.fullmatch(value.strip())
    if not found:
        return ""
    year = "-" if found[1] == NO_YEAR else found[1]
    day = f"{year}-{found[2]}-{found[3]}"
    try:
        date(2000 if year == "-" else int(year), int(found[2]), int(found[3]))
    except ValueError:
        return ""
    return day if BIRTHDAY.fullmatch(day) else ""


def _fit(value: str, column: str) -> str:
    at_most = _room(Contact, column)
    if len(value) > at_most:
        raise Unfit(f"The {_COUNTED.get(column, column)} has {len(value):,} characters; at most {at_most:,} fit.")
    return value


def _room(model: type[models.Model], column: str) -> int:
    """Return how many characters a column holds."""
    return int(getattr(model._meta.get_field(column), "max_length", 0))
