"""How many days of a week somebody wants to write, and how it went. Nothing here is a streak, and nothing breaks. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median_low

from accounts.models import Break
from core.timekeeping import week_bounds, week_key
from journal import periods

WEEKS = periods.AIM_WEEKS


@dataclass(frozen=True)
class AimWeek:
    """One week: on how many days somebody wrote, and whether that was as many as they aim for."""

    key: str
    days: int
    is_kept: bool
    is_left_out: bool  # most of it was a break
    is_present: bool

    @property
    def name(self) -> str:
        return f"Week {int(self.key[-2:])}"


@dataclass(frozen=True)
class Standing:
    """The aim beside the present week and the last ones; `is_chosen` False where the aim is what they do anyway."""

    aim: int
    is_chosen: bool
    weeks: list[AimWeek]  # oldest first, the present one last

    @property
    def this_week(self) -> int:
        return self.weeks[-1].days

    @property
    def counted(self) -> list[AimWeek]:
        """The last eight weeks that count, the present one among them once it is kept."""
        counted = [week for week in self.weeks if not week.is_left_out and (not week.is_present or week.is_kept)]
        return counted[-WEEKS:]

    @property
    def kept(self) -> int:
        return sum(week.is_kept for week in self.counted)


def standing(
    wrote: set[date], *, chosen: int | None, breaks: Iterable[Break], joined_on: date, today: date
) -> Standing:
    """Return how the weeks went, held against the aim that is chosen now or else against what is usual.

    `wrote` are the days with a note or a reflection. Weeks before the person came are not there, unless they wrote.
    """
    spans, present = list(breaks), week_key(today)
    written = {key: _days_of(key, wrote) for key in periods.weeks_up_to(present, WEEKS + 1)}
    keys = [key for key, days in written.items() if days or key >= week_key(joined_on)]
    aim = chosen or usual([written[key] for key in keys if key != present])
    return Standing(
        aim,
        chosen is not None,
        [
            AimWeek(
                key,
                written[key],
                is_kept=written[key] >= aim,
                is_left_out=written[key] < aim and periods.is_away(key, spans),
                is_present=key == present,
            )
            for key in keys
        ],
    )


def usual(days: Iterable[int]) -> int:
    """Return on how many days somebody writes in a week with anything in it, the lower of two middles; 1 at least."""
    return median_low(sorted(count for count in days if count) or [1])


def _days_of(key: str, wrote: set[date]) -> int:
    monday, _ = week_bounds(key)
    return sum(monday + timedelta(days=offset) in wrote for offset in range(7))
