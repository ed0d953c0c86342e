"""What a person logged, as one line of text that a goal's history keeps and that can be brought back from it.

`5 on 2026-03-10, sure 7, 1.5 h: Phone desk` - every part but the day may be missing. The note stands last, so that
nothing in it is taken for one of the others.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Self

from goals.models import ProgressUpdate
from goals.trail import say_number

NO_CHANGE = "No change this week."
_LINE = re.compile(
    r"(?:(?P<value>-?[0-9]+(?:\.[0-9]+)?) )?on (?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:, sure (?P<confidence>[0-9]{1,2}))?(?:, (?P<hours>[0-9]+(?:\.[0-9]+)?) h)?(?:: (?P<note>.*))?",
    re.DOTALL,
)


@dataclass(frozen=True)
class Logged:
    """One entry of a log."""

    day: date
    value: Decimal | None = None
    confidence: int | None = None
    hours: Decimal | None = None
    note: str = ""

    @classmethod
    def of(cls, update: ProgressUpdate) -> Self:
        return cls(update.happened_on, update.value, update.confidence, update.hours, update.note)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Return what `text` says, or None for anything that `line` did not write."""
        found = _LINE.fullmatch(text)
        if found is None:
            return None
        try:
            return cls(
                day=date.fromisoformat(found["day"]),
                value=Decimal(found["value"]) if found["value"] else None,
                confidence=int(found["confidence"]) if found["confidence"] else None,
                hours=Decimal(found["hours"]) if found["hours"] else None,
                note=found["note"] or "",
            )
        except (ValueError, InvalidOperation):
            return None

    @property
    def line(self) -> str:
        head = f"{_plain(self.value)} on {self.day.isoformat()}" if self.value is not None else f"on {self.day}"
        if self.confidence is not None:
            head += f", sure {self.confidence}"
        if self.hours is not None:
            head += f", {_plain(self.hours)} h"
        return f"{head}: {self.note}" if self.note else head

    def update(self) -> ProgressUpdate:
        """Return a row that says this; the caller gives it its goal and stores it."""
        return ProgressUpdate(
            happened_on=self.day, value=self.value, confidence=self.confidence, hours=self.hours, note=self.note
        )


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")


def say_change(old: str, new: str, *, today: date) -> str:
    """Return what happened to an entry of the log as a sentence, from the lines the history keeps.

    Its words are not told again: what somebody took out or worded anew is for them to say.
    """
    before, after = Logged.read(old), Logged.read(new)
    if before and after:
        return f"Log of {_day(before.day, today)}: {', '.join(_differences(before, after, today))}"
    if before:
        return f"Taken out of the log: {_entry(before, today)}"
    return f"Put back in the log: {_entry(after, today)}" if after else "Something logged changed"


def _differences(before: Logged, after: Logged, today: date) -> list[str]:
    found = []
    if before.value != after.value:
        was, now = (say_number(each.value) if each.value is not None else "no number" for each in (before, after))
        found.append(f"{was} became {now}")
    if before.day != after.day:
        found.append(f"moved to {_day(after.day, today)}")
    if before.confidence != after.confidence:
        was, now = ("not said" if each.confidence is None else str(each.confidence) for each in (before, after))
        found.append(f"how sure: {was} became {now}")
    if before.hours != after.hours:
        was, now = (say_number(each.hours) if each.hours is not None else "none" for each in (before, after))
        found.append(f"hours: {was} became {now}")
    if before.note != after.note:
        found.append("other words" if before.note and after.note else "words added" if after.note else "words removed")
    return found


def _entry(logged: Logged, today: date) -> str:
    day = _day(logged.day, today)
    return f"a note of {day}" if logged.value is None else f"{say_number(logged.value)} on {day}"


def _day(day: date, today: date) -> str:
    """Say a day plainly: in a history "Tomorrow" would mean another day each time it is read."""
    return f"{day.day} {day:%B}" + ("" if day.year == today.year else f" {day.year}")
