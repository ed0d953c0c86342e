"""How fast, so far and from here on. Pure arithmetic; what is likely to happen is a forecast, and not said here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from core.timekeeping import say_day
from goals.models import Goal
from goals.trail import Step, say_number


@dataclass(frozen=True)
class Figure:
    """A number people read at a glance: "9", "days", "between them to be on time"."""

    number: str
    small: str
    caption: str


# The pace so far and the one that is needed, each None where there is nothing true to say.
Paces = tuple[Figure | None, Figure | None]


def figures(
    goal: Goal, *, today: date, steps: Sequence[Step], latest: Decimal | None, paces: Paces | None = None
) -> list[Figure]:
    """Return the figures under a goal's trail; fewer where there is nothing true to say.

    `paces` are those of a forecast, where there is one: the figures and the words below them must not differ.
    """
    if goal.counts:
        return _counting(goal, today=today, latest=latest, paces=paces)
    if not steps:
        return []
    done = sum(step.is_done for step in steps)
    found = [Figure(str(done), f"of {len(steps)}", "milestones reached")]
    ahead = [step for step in steps if not step.is_done]
    if goal.is_active and ahead:
        dated = min((step for step in ahead if step.due_on), key=lambda step: step.due_on or today, default=None)
        if dated and dated.due_on:
            found.append(Figure(say_day(dated.due_on, today), "", f"next: {dated.title}"))
    return found


def needed(goal: Goal, *, today: date, latest: Decimal | None) -> str:
    """Return the pace that reaches the target by the date, as a sentence's start: "One every 9 days", "3 a week".

    Empty where the goal does not count, is not on the way, is reached or past its date.
    """
    rate = _needed_rate(goal, today=today, latest=latest)
    return "" if rate is None else f"{rate.number} {rate.small}" if rate.small != "days" else f"One every {_days(rate)}"


def _days(rate: Figure) -> str:
    return "day" if rate.number == "1" else f"{rate.number} days"


def _counting(goal: Goal, *, today: date, latest: Decimal | None, paces: Paces | None) -> list[Figure]:
    now = goal.value_now(latest)
    if now is None or goal.target_value is None or goal.start_value is None:
        return []
    if goal.start_value == 0:
        found = [Figure(say_number(now), f"of {say_number(goal.target_value)}", f"{goal.unit} done".strip())]
    else:
        way = f"from {say_number(goal.start_value)} to {say_number(goal.target_value)}"
        found = [Figure(say_number(now), goal.unit, way)]
    so_far, ahead = paces or _plain_paces(goal, now, today=today)
    if so_far and not goal.is_closed and not goal.is_resting:
        found.append(_worded(so_far, f"between {goal.unit or 'steps'} so far", f"{goal.unit} so far".strip()))
    if ahead:
        found.append(_worded(ahead, "between them to be on time", "to be on time"))
    return found


def _plain_paces(goal: Goal, now: Decimal, *, today: date) -> Paces:
    """Return the paces of somebody who walks evenly."""
    walked = abs(now - (goal.start_value or 0)) if _is_forward(goal, now) else Decimal(0)
    active_days = (today - goal.starts_on).days - goal.rested_days
    return _rate(walked, active_days, is_past=True), _needed_rate(goal, today=today, latest=now)


def _worded(rate: Figure, between: str, other: str) -> Figure:
    return Figure(rate.number, rate.small, between if rate.small == "days" else other)


def _needed_rate(goal: Goal, *, today: date, latest: Decimal | None) -> Figure | None:
    now = goal.value_now(latest)
    if not goal.is_active or goal.due_on is None or now is None or goal.target_value is None:
        return None
    left = goal.target_value - now if not goal.is_falling else now - goal.target_value
    return _rate(left, (goal.due_on - max(today, goal.starts_on)).days)


def _rate(amount: Decimal, days: int, *, is_past: bool = False) -> Figure | None:
    """Return an amount over some days as the most natural of "n a day", "n a week" and "one every n days".

    A pace that is needed is rounded to the safe side, a past one to the nearest.
    """
    if amount <= 0 or days <= 0:
        return None
    way = ROUND_HALF_UP if is_past else ROUND_CEILING
    if amount >= days:
        return Figure(_tenths(amount / days, way), "a day", "")
    if amount * 7 >= days:
        return Figure(_tenths(amount * 7 / days, way), "a week", "")
    between = Decimal(days) / amount
    return Figure(f"{round(between) if is_past else int(between):,}", "days", "")


def _tenths(value: Decimal, way: str) -> str:
    return say_number(value.quantize(Decimal("0.1"), rounding=way))


def _is_forward(goal: Goal, now: Decimal) -> bool:
    if goal.start_value is None:
        return False
    return now < goal.start_value if goal.is_falling else now > goal.start_value
