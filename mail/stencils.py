"""What is repeated in mails, such as the rows of a list, or a mail that thousands get at once: drawn by its template
once, then only filled in.

The template language takes ten times as long for each row as putting words into a pattern, and thousands of mails leave
in an hour. What comes out is the same (tests/mail/test_stencils.py).
"""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from html import escape
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString

from mail.templates import piece

_MARK = "\uf8ff{}\uf8ff"
_SPECIAL = re.compile("[&<>\"']")
_MARKED = re.compile("\uf8ff([0-9]+)\uf8ff")


class Stencil:
    """A template in which these fields are words that stand as they are: not filtered, and never empty where an {% if %}
    asks for them. One may be in another, as in "days.html".

    In a .html one they are escaped, unless they are markup already. `shared` is the same for all, such as links that
    begin with the address of the server: one stencil for each.
    """

    def __init__(self, name: str, /, *fields: str, **shared: Any) -> None:
        self.name, self.fields, self.shared = name, fields, shared
        self.is_html = name.endswith(".html")

    @cached_property
    def pattern(self) -> tuple[list[str], Callable[[Sequence[str]], Sequence[str]]]:
        """The pieces of the template, every second of them to be filled, and what picks their words from a row."""
        marks: dict[str, Any] = {}
        for place, field in enumerate(self.fields):
            outer, _, inner = field.rpartition(".")
            (marks.setdefault(outer, {}) if outer else marks)[inner] = SafeString(_MARK.format(place))
        drawn = piece(self.name, **self.shared, **marks)
        pieces = _MARKED.split(drawn)
        return pieces, _picker([int(place) for place in pieces[1::2]])

    def fill(self, rows: Iterable[tuple[str, ...]]) -> SafeString:
        """Return the piece once for each of these rows, which give the fields in their order."""
        pattern, pick = self.pattern
        drawn = []
        for row in rows:
            pieces = pattern.copy()
            pieces[1::2] = pick(_escaped(row) if self.is_html else row)
            drawn += pieces
        return SafeString("".join(drawn))


def fill_in(folder: str, words: Mapping[str, str], shared: Mapping[str, Hashable]) -> tuple[str, str, str]:
    """Return subject, text and HTML of the mail whose templates are in the folder, with these words.

    They are drawn once for all mails that lack the same words. `shared` is all else they ask about, in which few mails
    differ.
    """
    there = tuple([field for field, value in words.items() if value])
    key = folder, there, tuple(shared.items())
    subject, text, html = _fresh(*key) if settings.DEBUG else _kept(*key)  # in development templates change
    row = tuple([words[field] for field in there])
    said = one_line(subject.fill([row]))
    return said, text.fill([row]), html.fill([(*row, said)])


def one_line(subject: str) -> str:
    """Return a subject as a template leaves it, without the breaks and gaps between its parts."""
    return " ".join(subject.split())


def _fresh(
    folder: str, fields: tuple[str, ...], shared: tuple[tuple[str, Hashable], ...]
) -> tuple[Stencil, Stencil, Stencil]:
    known = dict(shared)
    return (
        Stencil(f"{folder}/subject.txt", *fields, **known),
        Stencil(f"{folder}/body.txt", *fields, **known),
        Stencil(f"{folder}/body.html", *fields, "subject", **known),
    )


_kept = lru_cache(maxsize=512)(_fresh)


def _picker(places: list[int]) -> Callable[[Sequence[str]], Sequence[str]]:
    """Return what takes the words at these places from a row; that of Python's own gives no list of one or none."""
    return itemgetter(*places) if len(places) > 1 else lambda row: [row[place] for place in places]


def _escaped(row: Sequence[str]) -> list[str]:
    return [words if type(words) is SafeString or not _SPECIAL.search(words) else escape(words) for words in row]
