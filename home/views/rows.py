"""One row of "Next up", as the page and the answer to a tick draw it."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from core.timekeeping import say_day
from home.look import Thing


@dataclass(frozen=True)
class DueRow:
    """One thing of "Next up": late, or to come; `is_done` after a tick."""

    thing: Thing
    late: str
    end: str
    is_done: bool = False

    @property
    def tick_id(self) -> str:
        """What the button is called, so that the focus finds it again after a swap: "tick-milestones-7"."""
        return f"tick{self.thing.tick_url.removeprefix('/week').removesuffix('tick/').replace('/', '-')}".rstrip("-")

    @classmethod
    def of(cls, thing: Thing, today: date, *, is_done: bool = False) -> Self:
        """Say when the thing is due, as seen from `today`."""
        days = thing.days_late(today)
        late = f"{days} day{'s' * (days > 1)} late" if days > 0 else ""
        return cls(thing, late, say_day(thing.on, today), is_done)
