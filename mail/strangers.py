"""Mail to addresses that somebody typed in: nobody's mailbox is bombed from here (OWASP ASVS 5.0, 2.4.1).

Each app that writes to such addresses says what it asked for already (`written_to`); all share one count.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

MAILS_PER_SENDER_AND_DAY = 10
MAILS_PER_SENDER_AND_ADDRESS = 4
SAME_ADDRESS_WITHIN = timedelta(days=30)
MAILS_PER_ADDRESS_AND_DAY = 2
MAILS_PER_DOMAIN_AND_DAY = 100
A_DAY = timedelta(days=1)
BETWEEN_TWO_MAILS = timedelta(minutes=3)

# Given an address and the moment now: when mails to it were asked for, and how many to its domain within a day.
Source = Callable[[str, datetime], tuple[list[datetime], int]]
_sources: dict[str, Source] = {}


def written_to(function: Source) -> Source:
    """Register what an app asked to be written to strangers; its address is in small letters."""
    _sources[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def turn_for(email: str, now: datetime) -> datetime:
    """Return when a mail asked for now may go to an address: any day's span holds at most its share, in order.

    A domain that got its share of a day, from whomever, gets this one a day later. None of it is told to the sender,
    because that would tell them whom others asked.
    """
    asked: list[datetime] = []
    domain = 0
    for source in _sources.values():
        times, number = source(email, now)
        asked += times
        domain += number
    turns: list[datetime] = []
    for asked_at in [*sorted(asked), now]:
        free_from = turns[-MAILS_PER_ADDRESS_AND_DAY] + A_DAY if len(turns) >= MAILS_PER_ADDRESS_AND_DAY else asked_at
        turns.append(max(asked_at, free_from))
    return max(turns[-1], now + A_DAY) if domain > MAILS_PER_DOMAIN_AND_DAY else turns[-1]
