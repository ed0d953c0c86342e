"""Entries as a list shows them: plain strings, so that a page of 25 stays cheap."""

import re
from dataclasses import dataclass
from itertools import groupby

from core.markdown import plain
from journal.models import Entry
from journal.scales import ENERGY_ICONS, MOOD_ICONS

EXCERPT_LENGTH, TITLE_LENGTH = 240, 70
_MARKS = re.compile(r"[*_`\[\]#>~\\&<|]")


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry of a list."""

    href: str
    day: str
    weekday: str
    title: str
    excerpt: str
    mood: str
    mood_icon: str
    energy: str
    energy_icon: str
    shared: str
    is_draft: bool


def months_of(entries: list[Entry]) -> list[tuple[str, list[EntryRow]]]:
    """Return the rows under the names of their months, in the order of `entries`, which carry list columns."""
    by_month = groupby(entries, key=lambda entry: f"{entry.entry_on:%B %Y}")
    return [(month, [_row(entry) for entry in rows]) for month, rows in by_month]


def _row(entry: Entry) -> EntryRow:
    mood, energy = entry.mood, entry.energy
    title, words = _title_and_excerpt(entry)
    return EntryRow(
        href=entry.get_absolute_url() if entry.finished_at or entry.period is None else entry.period.get_absolute_url(),
        day=str(entry.entry_on.day),
        weekday=f"{entry.entry_on:%a}",
        title=title,
        excerpt=words,
        mood=Entry.Mood(mood).label.lower() if mood else "",
        mood_icon=MOOD_ICONS[mood - 1] if mood else "",
        energy=Entry.Energy(energy).label.lower() if energy else "",
        energy_icon=ENERGY_ICONS[energy - 1] if energy else "",
        shared=_shared(entry),
        is_draft=entry.finished_at is None,
    )


def _title_and_excerpt(entry: Entry) -> tuple[str, str]:
    """Return the heading of a row and what stands below it: a note without a title is called by its first words."""
    words = excerpt(entry)
    if entry.title or entry.period is not None or not words:
        return entry.heading, words
    if len(words) <= TITLE_LENGTH:
        return words, ""
    return cut(words, TITLE_LENGTH), words


def excerpt(entry: Entry) -> str:
    """Return the beginning of what an entry says, without the marks of Markdown."""
    text = entry.excerpt[: EXCERPT_LENGTH * 2]
    if _MARKS.search(text):
        return plain(text, EXCERPT_LENGTH)
    return cut(" ".join(text.split()), EXCERPT_LENGTH)


def cut(words: str, limit: int) -> str:
    """Return at most `limit` characters, cut between words."""
    return words if len(words) <= limit else words[: limit - 1].rsplit(" ", 1)[0] + "…"


def _shared(entry: Entry) -> str:
    names: list[str] = [name.split(" ")[0] for name in entry.reader_names]  # type: ignore[attr-defined]
    if not names or entry.finished_at is None:
        return ""
    said = entry.comment_count  # type: ignore[attr-defined]
    comments = f", {said} comment{'s' * (said != 1)}" if said else ""
    return f"Shared with {', '.join(names)}{comments}"
