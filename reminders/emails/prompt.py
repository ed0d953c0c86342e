"""The mail that asks, whether about a week or a month: whom it goes to and what both say alike."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from home.week import Thing, Week, weeks_of
from journal.questions.choosing import choose
from mail.models import Message
from mail.registry import Content
from reminders.emails.asking import (
    ASKED_FOR,
    COUNTS,
    FOLDER,
    SAID,
    Contents,
    ahead_rows,
    asked,
    asking,
    goal_rows,
    hours_of,
    question_rows,
    why,
    win_rows,
)


class PromptMail(ABC):
    """What one mail that asks says. With "no private text in mails" it counts, and leaves the rest out.

    `week` is the week, or the month, that it is about.
    """

    unit: str  # "week" or "month"
    kind: str  # the Schedule.Kind it comes by
    most_wins: int

    def __init__(self, week: Week, questions: Sequence[str]) -> None:
        self.week, self.questions = week, questions
        self.is_hidden = week.owner.mails_hide_text

    def context(self) -> dict[str, Any]:
        """Return what the templates show."""
        week = self.week
        name = f", {week.owner.given_name}" if week.owner.name else ""
        return {
            "section": f"Your {self.unit}",
            "heading": f"How was {self.name()}{name}?",
            "question": f"how was {self.name()}{name}?",
            "asking": asking(f"{self.unit}={week.key}", settings.BASE_URL),
            "intention": "" if self.is_hidden else week.intention,
            "intended": self._intended(),
            "said": SAID.get(week.came_true, ""),
            "words": None,
            "wins": win_rows(self._wins()),
            "goals": None if self.is_hidden else goal_rows(week.goals),
            "goals_hidden": len(week.goals) if self.is_hidden else 0,
            "questions": question_rows(self.questions),
            "question_count": COUNTS[len(self.questions)],
            "before": None,
            "ahead": ahead_rows(week.due, week.today, is_hidden=self.is_hidden),
            "is_hidden": self.is_hidden,
        }

    @abstractmethod
    def name(self) -> str:
        """Return what the mail calls it: "your week", "last week", "your October"."""

    @abstractmethod
    def intended(self) -> str:
        """Return the words before what was meant to be done in it."""

    def count(self, things: Sequence[Thing]) -> str:
        """Return what stands for some things where they are not named."""
        return f"{len(things)} thing{'s' * (len(things) > 1)} in Waymark"

    def _intended(self) -> str:
        """Say that something was meant; with hidden text, that and no more. Empty if nothing was."""
        if not self.week.intention:
            return ""
        return f"You set yourself a focus for this {self.unit}" if self.is_hidden else self.intended()

    def _wins(self) -> Iterator[str]:
        wins = [thing for thing in self.week.moved if thing.hint == "win"]
        if wins and self.is_hidden:
            yield f"{len(wins)} win{'s' * (len(wins) > 1)}"
        elif wins:
            yield from (thing.title for thing in wins[: self.most_wins])
            if len(wins) > self.most_wins:
                yield f"And {len(wins) - self.most_wins} more"


def gather(
    messages: dict[int, Message],
    keys: dict[int, str],
    mail: type[PromptMail],
    *,
    now: datetime,
    is_asked_for: bool,
    more: Callable[[dict[int, str]], dict[int, dict[str, Any]]] = lambda _: {},
) -> Contents:
    """Return what the mails to these people say, about the week or month `keys[user id]` of each.

    `more` is given the keys of those who are asked, and returns what else their templates show.
    """
    people, questions = asked(messages, keys, now=now, is_asked_for=is_asked_for)
    keys = {pk: key for pk, key in keys.items() if pk in people}
    hours, besides = hours_of(people, mail.kind), more(keys)
    return {
        messages[pk].pk: Content(
            FOLDER,
            mail(week, questions.get(pk) or choose(week.key)).context() | besides.get(pk, {}),
            ASKED_FOR if is_asked_for else why(*hours[pk]) if pk in hours else f"You get this once a {mail.unit}.",
        )
        for pk, week in weeks_of(people, keys, now=now).items()
    }
