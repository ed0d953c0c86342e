"""Two of date, target and weekly pace give the third. Pure arithmetic on decimals and days: no query, no clock.

A pace is an amount a week, seven days from a first day on; with a minus it goes down. Everything is rounded to the safe
side, so that who keeps to what was worked out arrives: a pace up, a day later, a target nearer.
"""

import re
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_DOWN, Decimal

from core.forms import LAST_DAY
from core.timekeeping import say_day_within
from goals.numbers import say_number

WEEK = 7
CENT = Decimal("0.01")
# Goals keep twelve digits and two decimals.
LARGEST = Decimal("999999999999.99")
# Shorter stretches are told in days, longer ones in years.
DAYS_TO_WEEKS, WEEKS_TO_YEARS = 14, 104


class Unworkable(Exception):
    """These two do not go together. `field` is the one of the form to change, `words` say why and what to do."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field, self.words = field, words


def pace_needed(*, start: Decimal, target: Decimal, first: date, due: date) -> Decimal:
    """Return the amount a week, in hundredths and without a sign, that leads from start to target by the date."""
    days = _days(first, due)
    return (abs(target - start) * WEEK / days).quantize(CENT, rounding=ROUND_CEILING)


def day_reached(*, start: Decimal, target: Decimal, pace: Decimal, first: date, now: Decimal | None = None) -> date:
    """Return the day on which somebody who keeps the pace has reached the target, from `now` on where that is known.

    A pace without a minus counts towards the target, also where that lies below the start.
    """
    if start == target:
        raise Unworkable("target_value", "Start and target are the same number. Where do you stand now?")
    if now is not None:
        if (target - now) * (target - start) <= 0:
            words = f"You stand at {say_number(now)}: there, or beyond it. Choose a target further on."
            raise Unworkable("target_value", words)
        start = now
    if pace == 0:
        raise Unworkable("pace", "With nothing a week it would never be reached. How much can you do?")
    if pace < 0 < target - start:
        way = f"from {say_number(start)} to {say_number(target)}"
        raise Unworkable("pace", f"A pace with a minus goes down, and {way} goes up.")
    # Divided last: hundredths are exact then, so that a whole number of days is not taken for one more.
    days = (abs(target - start) * WEEK / abs(pace)).to_integral_value(rounding=ROUND_CEILING)
    if days > (LAST_DAY - first).days:
        words = f"At that pace you would arrive after the year {LAST_DAY.year}. Take a faster pace or a nearer target."
        raise Unworkable("pace", words)
    return first + timedelta(days=int(days))


def value_reached(*, start: Decimal, pace: Decimal, first: date, due: date) -> Decimal:
    """Return where somebody who keeps the pace stands on the date, with no more decimals than were typed."""
    moved = pace * _days(first, due) / WEEK
    places = min(1, max(_places(start), _places(pace)))
    way = moved.quantize(Decimal(1).scaleb(-places), rounding=ROUND_DOWN) or moved.quantize(CENT, rounding=ROUND_DOWN)
    if way == 0:
        raise Unworkable("pace", "By that date this pace comes to nothing. Take a faster pace or a later date.")
    if abs(start + way) > LARGEST:
        words = "By that date this comes to more than twelve digits. Take a slower pace or a nearer date."
        raise Unworkable("pace", words)
    return start + way


def say_pace(amount: Decimal, days: int, unit: str) -> str:
    """Return an amount over some days as people say it: "3 talks a week", "one case study about every 7 weeks"."""
    if amount >= days:
        return f"{_counted(amount / days, unit)} a day"
    if amount * WEEK >= days:
        return f"{_counted(amount * WEEK / days, unit)} a week"
    if amount != amount.to_integral_value():  # a weight or a mark: the half of one has its sense
        return f"{_counted(amount * WEEK / days, unit)} a week"
    between = int(days / amount)
    thing = singular(unit)
    if between < DAYS_TO_WEEKS:
        said = f"one {thing} every {between} days"
    elif between <= WEEKS_TO_YEARS * WEEK:
        said = f"one {thing} about every {between // WEEK} weeks"
    else:
        said = f"one {thing} about every {between // 365} years"
    return said.replace("  ", " ")


def say_stretch(days: int) -> str:
    """Return how long some days are: "9 days", "20 weeks", "3 years"."""
    if days < DAYS_TO_WEEKS:
        return f"{days} day{'' if days == 1 else 's'}"
    weeks = round(days / WEEK)
    return f"{weeks} weeks" if weeks <= WEEKS_TO_YEARS else f"about {round(days / 365.25)} years"


def say_result(
    *,
    computed: str,
    start: Decimal | None,
    now: Decimal | None,
    target: Decimal | None,
    pace: Decimal | None,
    due: date | None,
    unit: str,
    first: date,
    today: date,
) -> str:
    """Return what follows from what is given, as a sentence; empty where too little is given to say anything.

    `computed` names the one of "pace", "due_on" and "target_value" that is left out; `now` is where a running
    goal stands, None where only its start is known. Raises Unworkable.
    """
    here = start if now is None else now
    if computed == "due_on":
        if start is None or target is None or pace is None:
            return ""
        day = day_reached(start=start, target=target, pace=pace, first=first, now=now)
        return f"At that pace you arrive {_on(day, today)}, {say_stretch((day - today).days)} from now."
    if due is None or due <= today or due > LAST_DAY:
        return ""
    if computed == "target_value":
        if here is None or pace is None:
            return ""
        value = value_reached(start=here, pace=pace, first=first, due=due)
        return f"That leads to {say_number(value)} {unit}".rstrip() + f" by {say_day_within(due, today)}."
    ahead = f"That is {say_stretch((due - today).days)} from now"
    if start is None or here is None or target is None or due <= first or (target - here) * (target - start) <= 0:
        return f"{ahead}."
    return f"{ahead}, or {say_pace(abs(target - here), (due - first).days, unit)}."


def singular(unit: str) -> str:
    """Return one of what is counted, for regular English plurals: "case studies" is "case study"; others stay."""
    word = unit.rpartition(" ")[2].lower()
    if not re.fullmatch(r"[a-z-]{3,}s", word) or word.endswith(("ss", "us", "is", "series")) or word == "news":
        return unit
    if word.endswith("ies") and len(word) > 4:
        return f"{unit[:-3]}y"
    return unit[:-2] if word.endswith(("ches", "shes", "sses", "xes", "zzes")) else unit[:-1]


def _days(first: date, due: date) -> int:
    days = (due - first).days
    if days <= 0:
        raise Unworkable("due_on", "The date must come after the first day.")
    return days


def _places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _counted(rate: Decimal, unit: str) -> str:
    """Return a rate rounded up to what one can tell apart, with its unit."""
    step = Decimal("0.1") if rate >= 1 else CENT
    number = rate.quantize(step, rounding=ROUND_CEILING)
    return f"{say_number(number)} {singular(unit) if number == 1 else unit}".rstrip()


def _on(day: date, today: date) -> str:
    said = say_day_within(day, today)
    return said if said in {"today", "tomorrow"} else f"on {said}"
