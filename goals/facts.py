"""What the SMART check looks at: a goal form as far as it is filled in. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from goals.phrases import Wording

# What no form would store is not counted with.
LARGEST = Decimal(10) ** 14


class Step(NamedTuple):
    """A milestone as far as the check is concerned."""

    title: str
    due_on: date | None = None
    is_done: bool = False


@dataclass(frozen=True)
class Facts:
    """What a goal form knows: as far as it is filled in, and as it is typed.

    `value_now` is where a running goal stands (its start if None), `hours_logged` the hours a week really spent of late,
    `best_pace` the most per week of the same unit that was ever kept up. None where nothing is known.
    """

    today: date
    title: str = ""
    why: str = ""
    achievable: str = ""
    measure: str = "number"
    unit: str = ""
    start_value: Decimal | None = None
    target_value: Decimal | None = None
    value_now: Decimal | None = None
    evidence: str = ""
    starts_on: date | None = None
    due_on: date | None = None
    milestones: Sequence[Step] = ()
    hours_a_week: Decimal | None = None
    hours_logged: Decimal | None = None
    best_pace: Decimal | None = None

    @cached_property
    def words(self) -> Wording:
        return Wording.of(self.title)

    @property
    def first_day(self) -> date:
        """From when on there is time for it."""
        return max(self.today, self.starts_on or self.today)

    @property
    def weeks_left(self) -> Decimal | None:
        """Weeks from now, or from a later first day, to the date; None without a date ahead."""
        days = (self.due_on - self.first_day).days if self.due_on else 0
        return Decimal(days) / 7 if days > 0 else None

    @property
    def has_numbers(self) -> bool:
        """Tell whether both ends are there and differ."""
        start, target = sane(self.start_value), sane(self.target_value)
        return self.measure == "number" and start is not None and target is not None and start != target

    @property
    def left(self) -> Decimal:
        """How much of the number is still to go, rising or falling; 0 if nothing or unknown."""
        if not self.has_numbers or self.start_value is None or self.target_value is None:
            return Decimal(0)
        now = sane(self.value_now)
        now = self.start_value if now is None else now
        is_falling = self.target_value < self.start_value
        return max(Decimal(0), now - self.target_value if is_falling else self.target_value - now)


def sane(value: Decimal | None) -> Decimal | None:
    """Return a number that can be counted with; what no form would store counts as missing."""
    return value if value is not None and value.is_finite() and abs(value) < LARGEST else None


def above_zero(value: Decimal | None) -> Decimal | None:
    value = sane(value)
    return value if value is not None and value > 0 else None
