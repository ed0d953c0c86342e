"""Whose turn it is: the rule that spreads people over weeks, and how late is late. Pure: days in, days and words out.

In a week (Monday to Sunday of the owner's zone) at most so many people are asked for as their owner can keep in touch
with, the longest due first. Whoever was dealt with this week took a place of it; the rest waits for the first week with
room (docs/decisions/0109-a-week-of-people.md).
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple, Self

from contacts.models import CIRCLE_DAYS
from contacts.models.pace import PER_WEEK_AT_MOST
from core.timekeeping import week_bounds, week_key

WEEK = timedelta(days=7)
# The second limit comes after another half of the rhythm, but not within these days: three days late is no silence.
GRACE_DAYS = 3
# No list goes on so far; what an address says beyond it would end after the last day there is.
FURTHEST = date(9000, 1, 1)
UNIT_DAYS = {"days": 1, "weeks": 7, "months": 30}


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def sunday_of(day: date) -> date:
    return monday_of(day) + timedelta(days=6)


def rhythm_days(circle: str, every: int | None, unit: str) -> int:
    """Return about how many days a rhythm has: enough to say how late is very late; the day itself is `due_on`."""
    return CIRCLE_DAYS.get(circle) or (every or 0) * UNIT_DAYS.get(unit, 1)


class Standing(NamedTuple):
    """How late somebody is: `status` is a kind of the {% status %} tag, or empty before the day has passed."""

    status: str
    words: str


def standing(due_on: date, rhythm: int, today: date) -> Standing:
    """Tell the two limits apart: the day has passed; another half of the rhythm (in days) has passed since."""
    days = (today - due_on).days
    if days <= 0:
        return Standing("", "")
    late = f"{days} day{'s' * (days > 1)}"
    if days <= max(rhythm // 2, GRACE_DAYS):
        return Standing("slow", f"{late} late")
    return Standing("late", f"Gone quiet, {late} late")


def standing_of_day(due_on: date, today: date) -> Standing:
    """Tell how late a promise is: it has a day and no rhythm, so one limit."""
    days = (today - due_on).days
    return Standing("late", f"{days} day{'s' * (days > 1)} late") if days > 0 else Standing("", "")


class Place(NamedTuple):
    """Where somebody stands in the weeks: the day of their turn; asked for this week; moved there to keep the pace."""

    day: date
    is_asked: bool
    is_held_back: bool


@dataclass
class Spread:
    """Gives everybody their week, told in the order of their due days: `week` is the one being filled, `room` what is
    left of it.
    """

    per_week: int
    this_week: date
    week: date
    room: int

    @classmethod
    def of(cls, *, per_week: int, dealt: int, today: date) -> Self:
        """Begin with this week, in which `dealt` people took their place already."""
        monday = monday_of(today)
        return cls(per_week, monday, monday, per_week - dealt)

    def place(self, due_on: date) -> Place:
        """Return the place of the next one, who is due on that day or was."""
        own = max(monday_of(due_on), self.this_week)
        if own > self.week:
            self.week, self.room = own, self.per_week
        if self.room <= 0:
            self.week, self.room = self.week + WEEK, self.per_week
        self.room -= 1
        is_held_back = own < self.week
        return Place(self.week if is_held_back else due_on, self.week == self.this_week, is_held_back)

    @property
    def token(self) -> str:
        """Where to go on, for the address of the next page: the week and what is left of it."""
        return f"{week_key(self.week)}.{self.room}"

    def go_on(self, token: str) -> None:
        """Take up where a page before ended; anything that is no such place leaves this as it is."""
        key, _, room = token.partition(".")
        if not (room.isascii() and room.isdigit() and len(room) <= 2 and len(key) == 8):
            return
        try:
            week, _ = week_bounds(key)
        except ValueError:
            return
        if self.this_week <= week <= FURTHEST and int(room) <= min(self.per_week, PER_WEEK_AT_MOST):
            self.week, self.room = week, int(room)


def months_after(day: date, months: int) -> date:
    """Return the same day some months later; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


# What "Later" offers, from today: for promises and for people alike.
LATER = {"days": "3 days", "week": "A week", "month": "A month"}


def later_day(choice: str, today: date) -> date:
    """Return the day that a choice of LATER means; raise KeyError for any other word."""
    return {"days": today + timedelta(days=3), "week": today + WEEK, "month": months_after(today, 1)}[choice]
