"""How long two people have not been in touch, against the rhythm they agreed on. Pure functions.

Contact is a held check-in, or a comment or reply of either side in their thread. A pair turns amber when the time since
then is one and a half times the rhythm, and red at twice the rhythm. These thresholds are Waymark's own, and so is what
starts the count anew without being contact (docs/decisions/0088-rhythm.md).
"""

from datetime import date, timedelta
from enum import IntEnum
from typing import NamedTuple

from mentors.terms import Rhythm

# Where two people agreed on nothing.
DEFAULT = Rhythm.MONTHLY
# A relation that has just begun finds its rhythm first.
FRESH = timedelta(days=30)
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


class Level(IntEnum):
    """How quiet it is between two people."""

    STEADY = 0
    AMBER = 1
    RED = 2


class Facts(NamedTuple):
    """What is known of one pair, as days of the person who is told."""

    started_on: date
    contact_on: date | None = None
    every: int | None = None  # days; None where nothing is agreed
    agreed_on: date | None = None
    paused_until: date | None = None
    # The last day of a break of either of them that has begun; `date.max` for one without an end.
    away_until: date | None = None


class Standing(NamedTuple):
    """How quiet a pair is: since when it has this level, and the sentence that says so ("" for a steady one)."""

    level: Level
    since: date | None = None
    says: str = ""


STEADY = Standing(Level.STEADY)


def threshold(every: int, level: Level) -> int:
    """Return after how many days a pair with this rhythm has this level, in whole days: 11 for amber of 7."""
    return {Level.STEADY: 0, Level.AMBER: (3 * every + 1) // 2, Level.RED: 2 * every}[level]


def standing(facts: Facts, today: date) -> Standing:
    """Tell how quiet a pair is on a day.

    A pause, a break of either, and an agreement on another rhythm start the count anew when they are over or agreed;
    during a pause or a break, and in the first 30 days, nobody is quiet.
    """
    rests = [day for day in (facts.paused_until, facts.away_until) if day is not None]
    if any(day >= today for day in rests) or today < facts.started_on + FRESH:
        return STEADY
    counted_from = max(day for day in (facts.started_on, facts.contact_on, facts.agreed_on, *rests) if day is not None)
    every = facts.every or DEFAULT
    for level in (Level.RED, Level.AMBER):
        since = counted_from + timedelta(days=threshold(every, level))
        if since <= today:
            return Standing(level, since, _say(facts, today))
    return STEADY


def _say(facts: Facts, today: date) -> str:
    days = (today - (facts.contact_on or facts.started_on)).days
    number, unit = _span(days)
    if facts.every is None:
        said = f"{_number(number)} {unit}"
        if facts.contact_on is None:
            return f"You two have not written to each other yet, and it has been {said}."
        return f"You two were last in touch {said} ago."
    every, each_unit = {7: (1, "week"), 14: (2, "weeks"), 30: (1, "month"), 91: (3, "months")}[facts.every]
    rhythm = each_unit if every == 1 else f"{NUMBERS[every]} {each_unit}"
    # "You meet every two weeks. It has been three."
    rest = "" if unit == each_unit else f" {unit}"
    return f"You meet every {rhythm}. It has been {_number(number)}{rest}."


def _span(days: int) -> tuple[int, str]:
    """Return a span as people say it: days up to two weeks, weeks up to three months, then months."""
    if days < 14:
        return days, "days"
    if days < 91:
        return days // 7, "weeks"
    # Of a year of 52 weeks: thirteen weeks, the rhythm of a quarter, are three months.
    return days * 12 // 364, "months"


def _number(number: int) -> str:
    return NUMBERS[number] if number < len(NUMBERS) else str(number)
