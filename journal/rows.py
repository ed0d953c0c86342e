"""Entries as a list shows them: plain strings, so that a page of 25 stays cheap."""

import re
from collections.abc import Iterator
from itertools import groupby

from django.utils.safestring import SafeString

from core.markdown import plain
from core.markup import fill, fill_each
from core.templatetags.waymark import icon
from journal.models import Entry
from journal.scales import ENERGY_ICONS, MOOD_ICONS

EXCERPT_LENGTH, TITLE_LENGTH = 200, 70
_MARKS = re.compile(r"[*_`\[\]#>~\\&<|]")


# Drawn here, since the template language takes ten times as long for each row; `fill` escapes what people wrote.
_ROW = """
<li class="entry"><div class="date"><b>{}</b>{}</div><div class="grow"><h4><a class="cover" id="entry-{}" href="{}">{}</a></h4>{}\
<div class="line wrap sm muted gap-4x mt-2">{}</div></div>{}</li>"""
# Pressed again it says the other thing. Without script it sends the form "stars" of its page, which holds the token.
_STAR = """<button class="btn btn-quiet btn-icon star z" id="star-{}" form="stars" formaction="{}" name="starred" value="{}" \
hx-post="{}" hx-vals='{}' hx-swap="outerHTML" aria-pressed="{}" aria-label="Star"{}>{}</button>"""


def months_of(entries: list[Entry]) -> list[tuple[str, SafeString]]:
    """Return the drawn rows under the names of their months, in the order of `entries`, which carry list columns."""
    by_month = groupby(entries, key=lambda entry: f"{entry.entry_on:%B %Y}")
    return [(month, SafeString("".join([_row(entry) for entry in rows]))) for month, rows in by_month]


def _row(entry: Entry) -> SafeString:
    title, words = _title_and_excerpt(entry)
    return fill(
        _ROW,
        entry.entry_on.day,
        f"{entry.entry_on:%a}",
        entry.pk,
        entry.get_absolute_url() if entry.finished_at else entry.write_path,
        title,
        fill('<p class="words ex">{}</p>', words) if words else "",
        fill_each('<span class="line">{}{}</span>', _facts(entry)),
        star_button(entry, "list"),
    )


def star_button(entry: Entry, place: str) -> SafeString:
    """Return the star of an entry, which its owner presses; `place` is the page it stands on, "list" or "entry"."""
    path, wanted = f"/journal/{entry.pk}/star/?from={place}", "0" if entry.is_starred else "1"
    pressed, drawn = ("true", "star-fill") if entry.is_starred else ("false", "star")
    # In a list its name says which entry it is for.
    named = fill(' aria-labelledby="star-{} entry-{}"', entry.pk, entry.pk) if place == "list" else ""
    return fill(_STAR, entry.pk, path, wanted, path, f'{{"starred": "{wanted}"}}', pressed, named, icon(drawn))


def _facts(entry: Entry) -> Iterator[tuple[SafeString, str]]:
    """Yield an icon and words for each thing to know about an entry besides what it says."""
    if entry.finished_at is None:
        yield icon("pencil"), "Draft"
    if entry.mood and not (entry.is_mood and not entry.has_words):
        yield icon(MOOD_ICONS[entry.mood - 1]), f"Mood {Entry.Mood(entry.mood).label.lower()}"
    if entry.energy:
        yield icon(ENERGY_ICONS[entry.energy - 1]), f"Energy {Entry.Energy(entry.energy).label.lower()}"
    if entry.tags:
        yield icon("tag"), ", ".join(entry.tags)
    shared = _shared(entry)
    yield (icon("people"), shared) if shared else (icon("lock"), "Only you")


def _title_and_excerpt(entry: Entry) -> tuple[str, str]:
    """Return the heading of a row and what stands below it: a note without a title is called by its first words."""
    words = excerpt(entry)
    if entry.is_mood and entry.mood and not words:
        return f"Mood: {Entry.Mood(entry.mood).label.lower()}", ""
    if entry.title or entry.period is not None or not words:
        return entry.heading, words
    if len(words) <= TITLE_LENGTH:
        return words, ""
    title = cut(words, TITLE_LENGTH)
    return title, f"… {words[len(title) - 1 :].strip()}"


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
