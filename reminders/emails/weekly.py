"""The weekly mail. What it says is gathered when it is sent, a constant number of queries a batch."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.template.defaultfilters import linebreaksbr

from core.timekeeping import week_bounds, week_key
from home.week import Thing
from journal import year_ago
from mail.models import Message
from mail.registry import EVENT, kind
from reminders.emails.asking import LINES, Contents, day_rows, each_person_once
from reminders.emails.prompt import PromptMail, gather
from reminders.models import Schedule
from reminders.services import week_of


@kind("weekly_prompt", words="Weekly reflection", preference="weekly", batch=True)
def weekly_prompt(messages: list[Message], *, now: datetime) -> Contents:
    """Ask about a week, unless it was written or skipped since, or a break began."""
    return each_person_once(messages, lambda turn: _gather(turn, now=now, is_asked_for=False))


@kind("weekly_sample", words="Weekly reflection, as you asked", preference="weekly", batch=True, priority=EVENT)
def weekly_sample(messages: list[Message], *, now: datetime) -> Contents:
    """Show the weekly mail to somebody who pressed "Send me one now"."""
    return each_person_once(messages, lambda turn: _gather(turn, now=now, is_asked_for=True))


def _gather(messages: dict[int, Message], *, now: datetime, is_asked_for: bool) -> Contents:
    weeks = {pk: week_of(message.ids["week"]) for pk, message in messages.items()}
    return gather(messages, weeks, WeeklyMail, now=now, is_asked_for=is_asked_for, more=_before)


def _before(weeks: dict[int, str]) -> dict[int, dict[str, str]]:
    return {
        pk: {"before.words": found.words, "before.path": found.path} for pk, found in year_ago.of_weeks(weeks).items()
    }


class WeeklyMail(PromptMail):
    """What one weekly mail says, day by day. It names who wrote."""

    unit, kind, most_wins = "week", Schedule.Kind.WEEKLY, LINES
    nothing = "Nothing noted on these days. The questions are enough."

    def words(self) -> dict[str, str]:
        of = {"of": f"Week {int(self.week.key[-2:])}"}
        return super().words() | of | day_rows(self._days()).under("days") | self._said()

    def name(self) -> str:
        return "your week" if self.week.key == week_key(self.week.today) else "last week"

    def intended(self) -> str:
        return f"Last {week_bounds(self.week.key)[0] - timedelta(days=1):%A} you wanted to"

    def _days(self) -> Iterator[tuple[str, str]]:
        told = [thing for thing in self.week.moved if self._is_told(thing)]  # by their days
        for day, group in groupby(told, attrgetter("on")):
            things = list(group)
            if self.is_hidden:
                yield f"{day:%a}", self.count(things)
            else:
                lines = list(dict.fromkeys(thing.sentence.removesuffix(".") for thing in things))
                more = len(lines) - LINES
                said = ". ".join(lines[:LINES])
                yield f"{day:%a}", f"{said}. And {more} more" if more > 0 else said

    def _is_told(self, thing: Thing) -> bool:
        """Tell whether something stands under its day: not what has a place of its own below."""
        return thing.hint != "win" and not (thing.hint == "comment" and self._is_quoted(thing))

    def _is_quoted(self, thing: Thing) -> bool:
        return self._quoted() is not None and thing.url == self.week.words.url  # type: ignore[union-attr]

    def _quoted(self) -> Any:
        """Return the last words of a reader if they are of this week (or of the evening after the mail before)."""
        words = self.week.words
        return words if words and words.on >= week_bounds(self.week.key)[0] - timedelta(days=1) else None

    def _said(self) -> dict[str, str]:
        words = self._quoted()
        if words is None:
            return {}
        heading, is_told = f"{words.author} wrote to you", not (self.is_hidden or words.is_private)
        return {
            "words.heading": heading,
            "words.heading_in_capitals": heading.upper(),
            "words.text": words.text if is_told else "",
            "words.lines": linebreaksbr(words.text) if is_told else "",
            "words.where": "" if self.is_hidden else words.where,
            "words.path": words.url,
        }
