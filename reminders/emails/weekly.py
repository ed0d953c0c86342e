"""The weekly mail. What it says is gathered when it is sent, a constant number of queries a batch."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from core.timekeeping import week_bounds, week_key
from home.week import Thing, Week, weeks_of
from journal import year_ago
from journal.questions import choose
from journal.year_ago import YearAgo
from mail.models import Message
from mail.registry import EVENT, Content, kind
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
    people, questions = asked(messages, weeks, now=now, is_asked_for=is_asked_for)
    weeks = {pk: week for pk, week in weeks.items() if pk in people}
    hours = hours_of(people, Schedule.Kind.WEEKLY)
    gathered, before = weeks_of(people, weeks, now=now), year_ago.of_weeks(weeks)
    return {
        messages[pk].pk: Content(
            FOLDER,
            WeeklyMail(week, questions.get(pk) or choose(week.key), before.get(pk)).context(),
            ASKED_FOR if is_asked_for else why(*hours[pk]) if pk in hours else "You get this once a week.",
        )
        for pk, week in gathered.items()
    }


class WeeklyMail:
    """What one weekly mail says. With "no private text in mails" it counts, names who wrote, and leaves the rest out."""

    def __init__(self, week: Week, questions: Sequence[str], before: YearAgo | None) -> None:
        self.week, self.questions, self.before = week, questions, before
        self.is_hidden = week.owner.mails_hide_text

    def context(self) -> dict[str, Any]:
        """Return what the templates show."""
        week = self.week
        asked = "your week" if week.key == week_key(week.today) else "last week"
        name = f", {week.owner.given_name}" if week.owner.name else ""
        return {
            "section": "Your week",
            "of": f"Week {int(week.key[-2:])}",
            "heading": f"How was {asked}{name}?",
            "question": f"how was {asked}{name}?",
            "asking": asking(f"week={week.key}", settings.BASE_URL),
            "intention": "" if self.is_hidden else week.intention,
            "intended": self._intended(),
            "said": SAID.get(week.came_true, ""),
            "days": day_rows(self._days()),
            "nothing": "Nothing noted on these days. The questions are enough.",
            "words": self._words(),
            "wins": win_rows(self._wins()),
            "goals": None if self.is_hidden else goal_rows(week.goals),
            "goals_hidden": len(week.goals) if self.is_hidden else 0,
            "questions": question_rows(self.questions),
            "question_count": COUNTS[len(self.questions)],
            "before": self.before,
            "ahead": ahead_rows(week.due, week.today, is_hidden=self.is_hidden),
            "is_hidden": self.is_hidden,
        }

    def _intended(self) -> str:
        """Say that something was meant; with hidden text, that and no more. Empty if nothing was."""
        if not self.week.intention:
            return ""
        if self.is_hidden:
            return "You set yourself a focus for this week"
        return f"Last {week_bounds(self.week.key)[0] - timedelta(days=1):%A} you wanted to"

    def _wins(self) -> Iterator[str]:
        wins = [thing for thing in self.week.moved if thing.hint == "win"]
        if wins and self.is_hidden:
            yield f"{len(wins)} win{'s' * (len(wins) > 1)}"
        elif wins:
            yield from (thing.title for thing in wins[:LINES])
            if len(wins) > LINES:
                yield f"And {len(wins) - LINES} more"

    def _days(self) -> Iterator[tuple[str, str]]:
        for day in self.week.days:
            things = [thing for thing in self.week.moved_on(day) if self._is_told(thing)]
            if things and self.is_hidden:
                yield f"{day:%a}", f"{len(things)} thing{'s' * (len(things) > 1)} in Waymark"
            elif things:
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

    def _words(self) -> dict[str, str] | None:
        words = self._quoted()
        if words is None:
            return None
        is_told = not (self.is_hidden or words.is_private)
        return {
            "heading": f"{words.author} wrote to you",
            "text": words.text if is_told else "",
            "where": "" if self.is_hidden else words.where,
            "path": words.url,
        }
