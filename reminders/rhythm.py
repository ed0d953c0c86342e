"""When a mail that asks is due, and whether silence speaks against it. Pure rules, no query and no clock."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from core.timekeeping import at_local, local_day, week_bounds

# After so many weeks without a word the mails come every second week, then every fourth, and then they say goodbye.
FORTNIGHTLY_AFTER, MONTHLY_AFTER, FAREWELL_AFTER = 4, 8, 16
# The monthly mail says goodbye after as long a silence.
FAREWELL_AFTER_MONTHS = 4


class Turn(Enum):
    """What a person's hour brings them."""

    PROMPT = "prompt"
    WAIT = "wait"
    FAREWELL = "farewell"
    QUIET = "quiet"


def slot_day(zone: ZoneInfo, comes_on: Callable[[date], bool], hour: time, at: datetime) -> date | None:
    """Return the local day whose hour is the instant `at`; None if it is nobody's: zone, day, hour or rhythm changed.

    The day before counts too: an hour that the clocks skip at the end of a day becomes the start of the next one
    (America/Nuuk, 23:00 on a Saturday of March), and the mail still belongs to the day it was meant for.
    """
    latest = local_day(zone, at)
    for day in (latest, latest - timedelta(days=1)):
        if comes_on(day) and at_local(zone, day, hour) == at:
            return day
    return None


def fortnight_of(key: str) -> int:
    """Return to which half of all weeks a week belongs, 0 or 1: they alternate, over the turn of a year too."""
    return week_bounds(key)[0].toordinal() // 7 % 2


def turn_after(unanswered: int) -> Turn:
    """Return what comes after so many weeks in a row in which nothing was written."""
    if unanswered < FORTNIGHTLY_AFTER:
        return Turn.PROMPT
    if unanswered < FAREWELL_AFTER:
        pace = 2 if unanswered < MONTHLY_AFTER else 4
        return Turn.WAIT if unanswered % pace else Turn.PROMPT
    return Turn.FAREWELL if unanswered == FAREWELL_AFTER else Turn.QUIET


def turn_after_months(unanswered: int) -> Turn:
    """Return what comes after so many months in a row in which nothing was written."""
    if unanswered < FAREWELL_AFTER_MONTHS:
        return Turn.PROMPT
    return Turn.FAREWELL if unanswered == FAREWELL_AFTER_MONTHS else Turn.QUIET
