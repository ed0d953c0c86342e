"""Amounts as people say them. Pure."""

from decimal import ROUND_CEILING, Decimal
from functools import lru_cache


@lru_cache(maxsize=1024)  # a mail says fifteen, most of them small and whole
def say_number(value: Decimal) -> str:
    """Return a number without empty decimals, thousands apart: 12, 2.5, 12,000."""
    text = f"{value:,.2f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def say_hours(hours: Decimal) -> str:
    """Return a length of time given in hours: "2 h", "1 h 10", "40 min"."""
    whole, minutes = divmod(round(hours * 60), 60)
    if not whole:
        return f"{minutes} min"
    return f"{whole:,} h {minutes:02d}" if minutes else f"{whole:,} h"


def say_pace(a_week: Decimal) -> str:
    """Return an amount per week as the more natural of "2.4 a week" and "one every 9 days", rounded to the safe side."""
    if a_week >= 1:
        return f"{say_number(a_week.quantize(Decimal('0.1'), rounding=ROUND_CEILING))} a week"
    days = int(7 / a_week)
    return f"one every {days:,} days" if days > 7 else "one a week"
