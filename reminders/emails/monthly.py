"""The monthly mail: the month by its weeks, and its questions. Gathered when it is sent, like the weekly one."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from core.timekeeping import month_bounds, month_key
from home.month import say_progress, spans_of
from home.week import Thing, Week, weeks_of
from journal import periods
from journal.questions import choose
from mail.models import Message
from mail.registry import EVENT, SCHEDULED, Content, kind
from reminders.emails.asking import (
    ASKED_FOR,
    COUNTS,
    FOLDER,
    LINES,
    SAID,
    Contents,
    ahead_rows,
    asked,
    asking,
    day_rows,
    each_person_once,
    goal_rows,
    hours_of,
    question_rows,
    why,
    win_rows,
)
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
    people, questions = asked(messages, months, now=now, is_asked_for=is_asked_for)
    months = {pk: month for pk, month in months.items() if pk in people}
    hours = hours_of(people, Schedule.Kind.MONTHLY)
    return {
        messages[pk].pk: Content(
            FOLDER,
            MonthlyMail(month, questions.get(pk) or choose(month.key)).context(),
            ASKED_FOR if is_asked_for else why(*hours[pk]) if pk in hours else "You get this once a month.",
        )
        for pk, month in weeks_of(people, months, now=now).items()
    }


class MonthlyMail:
    """What one monthly mail says. With "no private text in mails" it counts, and leaves the rest out."""

    def __init__(self, month: Week, questions: Sequence[str]) -> None:
        self.month, self.questions = month, questions
        self.is_hidden = month.owner.mails_hide_text

    def context(self) -> dict[str, Any]:
        """Return what the templates show."""
        month = self.month
        first = month_bounds(month.key)[0]
        name = f", {month.owner.given_name}" if month.owner.name else ""
        asked = "your month" if month.key == month_key(month.today) else f"your {first:%B}"
        return {
            "section": "Your month",
            "of": periods.say_month(month.key, month.today),
            "heading": f"How was {asked}{name}?",
            "question": f"how was {asked}{name}?",
            "asking": asking(f"month={month.key}", settings.BASE_URL),
            "intention": "" if self.is_hidden else month.intention,
            "intended": self._intended(),
            "said": SAID.get(month.came_true, ""),
            "days": day_rows(self._weeks()),
            "nothing": "Nothing noted in these weeks. The questions are enough.",
            "words": None,
            "wins": win_rows(self._wins()),
            "goals": None if self.is_hidden else goal_rows(month.goals),
            "goals_hidden": len(month.goals) if self.is_hidden else 0,
            "questions": question_rows(self.questions),
            "question_count": COUNTS[len(self.questions)],
            "before": None,
            "ahead": ahead_rows(month.due, month.today, is_hidden=self.is_hidden),
            "is_hidden": self.is_hidden,
        }

    def _intended(self) -> str:
        if not self.month.intention:
            return ""
        return "You set yourself a focus for this month" if self.is_hidden else "For this month you wanted to"

    def _wins(self) -> Iterator[str]:
        wins = [thing for thing in self.month.moved if thing.hint == "win"]
        if wins and self.is_hidden:
            yield f"{len(wins)} win{'s' * (len(wins) > 1)}"
        elif wins:
            yield from (thing.title for thing in wins[: 2 * LINES])
            if len(wins) > 2 * LINES:
                yield f"And {len(wins) - 2 * LINES} more"

    def _weeks(self) -> Iterator[tuple[str, str]]:
        """Say of each week what was reached, and on which goals something was logged."""
        for span in spans_of(self.month.key):
            things = [
                thing for thing in self.month.moved if span.first <= thing.on <= span.last and thing.hint != "win"
            ]
            if things and self.is_hidden:
                yield span.name, f"{len(things)} thing{'s' * (len(things) > 1)} in Waymark"
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
