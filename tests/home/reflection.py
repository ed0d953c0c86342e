"""The reflection's page at one moment."""

from datetime import UTC, datetime

URL = "/journal/write/"
SUNDAY = datetime(2026, 11, 15, 18, 30, tzinfo=UTC)  # week 46, in London
WEEK = "2026-W46"


def sent_from(page, **words):
    """Return what the form of a page sends, with these words typed into it."""
    form = page.context["form"]
    data = {name: form[name].value() for name in ["version", "page", "asked"]}
    return {**data, **words}
