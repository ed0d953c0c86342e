"""A birthday with its year or without, as people write it and as it is stored ("1980-04-12", "--04-12")."""

import re
from datetime import date

from contacts.models.contact import BIRTHDAY

# Apple writes the year 1604 for a birthday whose year nobody told.
NO_YEAR = "1604"
MONTHS = tuple(f"{date(2000, month, 1):%B}" for month in range(1, 13))
_DAY_FIRST = re.compile(r"(\d{1,2})\.?\s+([a-z]{3,9})\.?,?(?:\s+(\d{4}))?")
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2}),?(?:\s+(\d{4}))?")


def read(text: str) -> str:
    """Return what was typed as it is stored; raise ValueError for what is no day of a year."""
    text = text.strip()
    if not text:
        return ""
    if BIRTHDAY.fullmatch(text):
        year, month, day = (text[:-6].rstrip("-"), text[-5:-3], text[-2:])
    elif found := _DAY_FIRST.fullmatch(text.lower()):
        day, month, year = found[1], str(_month(found[2])), found[3] or ""
    elif found := _MONTH_FIRST.fullmatch(text.lower()):
        month, day, year = str(_month(found[1])), found[2], found[3] or ""
    else:
        raise ValueError(f"no birthday: {text!r}")
    # In a leap year, so that 29 February is a day of a year that is not told.
    told = date(int(year or 2000), int(month), int(day))
    return told.isoformat() if year not in {"", NO_YEAR} else f"--{told:%m-%d}"


def say(birthday: str) -> str:
    """Return a stored birthday in words: 12 April, 12 April 1980."""
    if not BIRTHDAY.fullmatch(birthday):
        return birthday
    year, words = birthday[:-6].rstrip("-"), f"{int(birthday[-2:])} {MONTHS[int(birthday[-5:-3]) - 1]}"
    return f"{words} {year}" if year else words


def _month(name: str) -> int:
    numbers = [number for number, month in enumerate(MONTHS, 1) if month.lower().startswith(name)]
    if len(numbers) != 1:
        raise ValueError(f"no month: {name!r}")
    return numbers[0]
