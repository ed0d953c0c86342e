"""The monthly mail: the month by its weeks, and its questions. Gathered when it is sent, like the weekly one."""

from collections.abc import Iterator
from datetime import datetime

from core.timekeeping import month_bounds, month_key
from home.month import say_progress, spans_of
from home.week import Thing
from journal import periods
from mail.models import Message
from mail.registry import EVENT, SCHEDULED, kind
from reminders.emails.asking import LINES, Contents, day_rows, each_person_once
from reminders.emails.prompt import PromptMail, gather
from reminders.models import Schedule
from reminders.services import month_of


@kind("monthly_prompt", words="Monthly reflection", preference="weekly", batch=True, priority=SCHEDULED)
def monthly_prompt(messages: list[Message], *, now: datetime) -> Contents:
    """Ask about a month, unless it was written or skipped since, or a break began."""
    return each_person_once(messages, lambda turn: _gather(turn, now=now, is_asked_for=False))


@kind("monthly_sample", words="Monthly reflection, as you asked", preference="weekly", batch=True, priority=EVENT)
def monthly_sample(messages: list[Message], *, now: datetime) -> Contents:
    """Show the monthly mail to somebody who pressed "Send me a monthly one now"."""
    return each_person_once(messages, lambda turn: _gather(turn, now=now, is_asked_for=True))


def _gather(messages: dict[int, Message], *, now: datetime, is_asked_for: bool) -> Contents:
    months = {pk: month_of(message.ids["month"]) for pk, message in messages.items()}
    return gather(messages, months, MonthlyMail, now=now, is_asked_for=is_asked_for)


class MonthlyMail(PromptMail):
    """What one monthly mail says, week by week."""

    unit, kind, most_wins = "month", Schedule.Kind.MONTHLY, 2 * LINES
    nothing = "Nothing noted in these weeks. The questions are enough."

    def words(self) -> dict[str, str]:
        of = {"of": periods.say_month(self.week.key, self.week.today)}
        return super().words() | of | day_rows(self._weeks()).under("days")

    def name(self) -> str:
        is_present = self.week.key == month_key(self.week.today)
        return "your month" if is_present else f"your {month_bounds(self.week.key)[0]:%B}"

    def intended(self) -> str:
        return "For this month you wanted to"

    def _weeks(self) -> Iterator[tuple[str, str]]:
        """Say of each week what was reached, and on which goals something was logged."""
        for span in spans_of(self.week.key):
            things = [thing for thing in self.week.moved if span.first <= thing.on <= span.last and thing.hint != "win"]
            if things and self.is_hidden:
                yield span.name, self.count(things)
            elif things:
                yield span.name, _say_week(things)


def _say_week(things: list[Thing]) -> str:
    reached = [thing.sentence.removesuffix(".") for thing in things if thing.hint == "milestone"]
    rest = [thing.sentence for thing in things if thing.hint not in {"milestone", "progress", "entry"}]
    rest += [thing.sentence for thing in things if thing.hint == "entry"]  # what was written says least of a month
    lines = list(dict.fromkeys([*reached, *say_progress(things), *rest]))
    more = len(lines) - LINES
    said = ". ".join(lines[:LINES])
    return f"{said}. And {more} more" if more > 0 else said
