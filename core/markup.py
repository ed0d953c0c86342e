"""Markup made in Python, for what a list draws many times."""

from html import escape
from typing import Any

from django.utils.safestring import SafeString


def fill(pattern: str, *values: Any) -> SafeString:
    """Put values into the places of a pattern, escaped unless they are markup already.

    Django's format_html without its care for lazy translations, which takes most of its time.
    """
    return SafeString(pattern.format(*[value if type(value) is SafeString else _markup(value) for value in values]))


def _markup(value: Any) -> str:
    if type(value) is str:
        return escape(value) if value else ""
    if type(value) is int:
        return str(value)
    return str(value.__html__()) if hasattr(value, "__html__") else escape(str(value))


def fill_each(pattern: str, rows: Any) -> SafeString:
    """Fill a pattern for each of these tuples, one after the other."""
    return SafeString("".join([fill(pattern, *row) for row in rows]))
