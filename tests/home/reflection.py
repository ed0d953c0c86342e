"""The reflection's page at one moment."""

from datetime import UTC, datetime

from home.week import Memory
from journal.questions import asking

URL = "/journal/write/"
SUNDAY = datetime(2026, 11, 15, 18, 30, tzinfo=UTC)  # week 46, in London
WEEK = "2026-W46"


def asked_of(owner, key=WEEK):
    """Return what a person is asked on this day about a week that has no row yet."""
    hints = Memory(owner, key, today=SUNDAY.date()).hints
    return asking.choose_for({owner.pk: key}, {owner.pk: hints})[owner.pk]


def sent_from(page, **words):
    """Return what the form of a page sends, with these words typed into it."""
    form = page.context["form"]
    data = {name: form[name].value() for name in ["version", "page", "asked"]}
    return {**data, **words}
