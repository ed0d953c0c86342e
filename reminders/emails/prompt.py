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
    NO_ROWS,
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
    nothing: str  # what is said where nothing was noted

    def __init__(self, week: Week, questions: Sequence[str]) -> None:
        self.week, self.questions = week, questions
        self.is_hidden = week.owner.mails_hide_text

    def context(self) -> dict[str, Any]:
        """Return what many of these mails share."""
        return {
            "section": f"Your {self.unit}",
            "nothing": self.nothing,
            "asking": asking(f"{self.unit}={self.week.key}", settings.BASE_URL),
            "said": SAID.get(self.week.came_true, ""),
            "goals_hidden": len(self.week.goals) if self.is_hidden else 0,
            "question_count": COUNTS[len(self.questions)],
        }

    def words(self) -> dict[str, str]:
        """Return what stands in the templates as it is, or is left out where it is empty."""
        week, intended = self.week, self._intended()
        asked = f"ow was {self.name()}{f', {week.owner.given_name}' if week.owner.name else ''}?"
        return {
            "heading": f"H{asked}",
            "question": f"h{asked}",
            "intention": "" if self.is_hidden else week.intention,
            "intended": intended,
            "intended_in_capitals": intended.upper(),
            **win_rows(self._wins()).under("wins"),
            **(NO_ROWS if self.is_hidden else goal_rows(week.goals)).under("goals"),
            **question_rows(self.questions).under("questions"),
            **ahead_rows(week.due, week.today, is_hidden=self.is_hidden).under("ahead"),
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
    more: Callable[[dict[int, str]], dict[int, dict[str, str]]] = lambda _: {},
) -> Contents:
    """Return what the mails to these people say, about the week or month `keys[user id]` of each.

    `more` is given the keys of those who are asked, and returns more words of their mails.
    """
    people, questions = asked(messages, keys, now=now, is_asked_for=is_asked_for)
    keys = {pk: key for pk, key in keys.items() if pk in people}
    hours, besides = hours_of(people, mail.kind), more(keys)
    found: Contents = {}
    for pk, week in weeks_of(people, keys, now=now).items():
        told = mail(week, questions.get(pk) or choose(week.key))
        usual = why(*hours[pk]) if pk in hours else f"You get this once a {mail.unit}."
        found[messages[pk].pk] = Content(
            FOLDER, told.context(), ASKED_FOR if is_asked_for else usual, words=told.words() | besides.get(pk, {})
        )
    return found
