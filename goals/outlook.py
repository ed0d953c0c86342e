"""What a forecast means, in words: where it leads, and the three levers (date, target, pace) with what each would do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import ceil, floor
from typing import Literal

from accounts.models import Break
from core.timekeeping import say_day_within
from goals.forecast import LEAST_DAYS, LEAST_UPDATES, MOST_DAYS, Course, Forecast, State, Value
from goals.models import Goal, Rest
from goals.trail import say_number

# Nobody has more waking hours than this in a week.
MOST_HOURS = 112
_WORDS = ("no", "one", "two", "three")


@dataclass(frozen=True)
class Lever:
    """One of the three things that can give way, and its consequence as data and as a sentence.

    "date" has `day` (None: no later date helps), "target" has `value`, "pace" has `pace` per week and, where weekly
    hours are known, `hours` per week.
    """

    kind: Literal["date", "target", "pace"]
    sentence: str
    day: date | None = None
    value: float | None = None
    pace: float | None = None
    hours: float | None = None


def course_of(
    goal: Goal,
    *,
    today: date,
    updates: Iterable[tuple[date, Decimal | None]],
    rests: Iterable[Rest] = (),
    breaks: Iterable[Break] = (),
) -> Course:
    """Return what a forecast of a counting goal is made from; raise ValueError for any other goal.

    `updates` are days and values as they were logged, those without a value among them. Breaks are the owner's.
    """
    if not goal.counts or goal.start_value is None or goal.target_value is None:
        raise ValueError(f"{goal!r} does not count towards a number.")
    pauses: list[tuple[date, date | None]] = [(rest.starts_on, rest.ends_on) for rest in rests]
    pauses += [(span.from_on, span.until_on and span.until_on + timedelta(days=1)) for span in breaks]
    if goal.paused_on:
        pauses.append((goal.paused_on, None))
    return Course(
        start=goal.start_value,
        target=goal.target_value,
        starts_on=goal.starts_on,
        today=today,
        updates=[(day, value) for day, value in updates if value is not None],
        due_on=goal.due_on,
        rests=pauses,
    )


def sentence(course: Course, found: Forecast, *, unit: str = "") -> str:
    """Return where a course leads, in one to three sentences."""
    said = _led(course, found, unit)
    if found.set_aside and found.state != State.TOO_EARLY:
        day, value = found.set_aside
        number = say_number(Decimal(str(round(value, 2))))
        said += f" {number} on {_day(day, course)} is out of line with the rest: the next update will tell."
    return said


def levers(course: Course, found: Forecast, *, unit: str = "", weekly_hours: Value | None = None) -> list[Lever]:
    """Return what can give way: the date, the target, the pace. Fewer where one has nothing true to say.

    `weekly_hours` are those planned or logged for the pace so far; they are scaled by how much faster it has to be.
    """
    if found.state == State.REACHED:
        return []
    all_three = [
        _date_lever(course, found),
        _target_lever(course, found, unit),
        _pace_lever(course, found, unit, weekly_hours),
    ]
    return [lever for lever in all_three if lever]


def _led(course: Course, found: Forecast, unit: str) -> str:
    if found.state == State.REACHED and found.likely:
        return f"Reached {_on(found.likely, course)}."
    if found.state == State.TOO_EARLY:
        return _too_early(found)
    pace = found.pace or 0.0
    if found.likely is None or found.earliest is None:
        if pace <= 0:
            return "At this pace it does not get there."
        return f"At this pace, {_say_pace(pace, course, unit)}, it would take more than {MOST_DAYS // 365} years."
    led = f"At your pace, {_say_pace(pace, course, unit)}, you are there {_around(found.likely, course)}."
    if found.latest is None:
        return f"{led} Hardly before {_day(found.earliest, course)}; how late, the ups and downs so far do not tell."
    if found.latest == found.earliest:
        return led
    odds = f"{found.coverage // 10} of 10"
    return f"{led} In {odds} cases it is between {_day(found.earliest, course)} and {_day(found.latest, course)}."


def _too_early(found: Forecast) -> str:
    missing = []
    if found.updates_missing:
        missing.append(f"{_WORDS[found.updates_missing]} more update{'' if found.updates_missing == 1 else 's'}")
    if found.days_missing:
        missing.append(f"{found.days_missing} more day{'' if found.days_missing == 1 else 's'}")
    needs = f"A forecast needs {_WORDS[LEAST_UPDATES]} updates on different days, over {LEAST_DAYS} days"
    return f"Too early to say. {needs}" + (f": {' and '.join(missing)} to go." if missing else ".")


def _date_lever(course: Course, found: Forecast) -> Lever | None:
    if found.state == State.TOO_EARLY:
        return None
    if found.likely is None:
        return Lever("date", "A later date alone does not help: at this pace it does not get there.")
    late, kept = found.days_late or 0, "Keep the target and the pace, and"
    if late > 0:
        said = f"{kept} the date moves to {_day(found.likely, course)}"
    else:
        said = f"{kept} you are there {_around(found.likely, course)}"
    if late < 0:
        said += f", {-late} day{'' if late == -1 else 's'} early"
    return Lever("date", f"{said}.", day=found.likely)


def _target_lever(course: Course, found: Forecast, unit: str) -> Lever | None:
    if found.fits is None or course.due_on is None:
        return None
    is_falling = course.target < course.start
    # No more than the pace carries, and no step back from where one stands.
    size = 10**course.places
    fits = (ceil if is_falling else floor)(round(found.fits * size, 6)) / size
    value = min(fits, found.level) if is_falling else max(fits, found.level)
    number = f"{say_number(Decimal(str(round(value, 2))))} {unit}".rstrip()
    return Lever("target", f"Keep the date and the pace, and {number} is what fits {_by(course)}.", value=value)


def _pace_lever(course: Course, found: Forecast, unit: str, weekly_hours: Value | None) -> Lever | None:
    if found.needed is None:
        return None
    said = f"Keep the date and the target, and it takes {_say_pace(found.needed, course, unit, is_needed=True)}"
    hours = None
    if found.pace and found.pace > 0:
        said += f" instead of {_say_pace(found.pace, course, '')}"
        if weekly_hours:
            hours = float(weekly_hours) * found.needed / found.pace
            said += f": about {_say_hours(hours)} a week instead of {_say_hours(float(weekly_hours))}"
            said = said if hours <= MOST_HOURS else f"{said}, more than a week holds"
    return Lever("pace", f"{said}.", pace=found.needed, hours=hours)


def _say_pace(weekly: float, course: Course, unit: str, *, is_needed: bool = False) -> str:
    """Return a pace as people say it: "3 talks a week", "one every 9 days", "0.4 kg a week"."""
    number, per = rate_of(weekly, course, is_needed=is_needed)
    if per == "days":
        return f"one every {number} days" if number != "1" else "one every day"
    return f"{number} {unit}".rstrip() + f" {per}"


def rate_of(weekly: float, course: Course, *, is_needed: bool = False) -> tuple[str, str]:
    """Return a pace as a number and what it is by: ("3", "a week"), or ("9", "days") for one every 9 days.

    One that is needed is rounded to the safe side.
    """
    if not course.places and weekly < 1:
        days = 7 / weekly
        return f"{max(1, floor(days) if is_needed else round(days)):,}", "days"
    amount, per = (weekly / 7, "a day") if weekly >= 14 else (weekly, "a week")
    if weekly < 0.05:
        amount, per = weekly / 7 * 365 / 12, "a month"
    step = Decimal(1) if amount >= 20 else Decimal("0.1") if amount >= 1 else Decimal("0.01")
    steps = round(amount / float(step), 6)
    return say_number((ceil(steps) if is_needed else max(1, round(steps))) * step), per


def _say_hours(hours: float) -> str:
    """Return hours as DESIGN writes durations ("4 h 15"), up to the next quarter."""
    quarters = ceil(round(hours * 4, 6))
    whole, minutes = divmod(quarters * 15, 60)
    if not whole:
        return f"{minutes} min"
    return f"{whole:,} h {minutes}" if minutes else f"{whole:,} h"


def _day(day: date, course: Course) -> str:
    return say_day_within(day, course.today)


def _around(day: date, course: Course) -> str:
    return "any day now" if (day - course.today).days <= 1 else f"around {_day(day, course)}"


def _on(day: date, course: Course) -> str:
    said = _day(day, course)
    return said if abs((day - course.today).days) <= 1 else f"on {said}"


def _by(course: Course) -> str:
    return f"by {_day(course.due_on, course)}" if course.due_on else ""
