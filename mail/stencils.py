"""What is repeated in mails, such as the rows of a list, or a mail that thousands get at once: drawn by its template
once, then only filled in.

The template language takes ten times as long for each row as putting words into a pattern, and thousands of mails leave
in an hour. What comes out is the same (tests/mail/test_stencils.py).
"""

import re
from collections.abc import Hashable, Iterable, Mapping
from functools import cached_property, lru_cache
from html import escape
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
    def pattern(self) -> tuple[list[str], list[int]]:
        """The pieces of the template, every second of them to be filled, and which fields these are."""
        marks: dict[str, Any] = {}
        for place, field in enumerate(self.fields):
            outer, _, inner = field.rpartition(".")
            (marks.setdefault(outer, {}) if outer else marks)[inner] = SafeString(_MARK.format(place))
        drawn = piece(self.name, **self.shared, **marks)
        pieces = _MARKED.split(drawn)
        return pieces, [int(place) for place in pieces[1::2]]

    def fill(self, rows: Iterable[tuple[str, ...]]) -> SafeString:
        """Return the piece once for each of these rows, which give the fields in their order."""
        pattern, places = self.pattern
        drawn = []
        for row in rows:
            words = [_escaped(field) for field in row] if self.is_html else row
            pieces = pattern.copy()
            pieces[1::2] = [words[place] for place in places]
            drawn += pieces
        return SafeString("".join(drawn))


def fill_in(name: str, words: Mapping[str, str], shared: Mapping[str, Hashable]) -> SafeString:
    """Return what the template says with these words; it is drawn once for all that lack the same ones.

    `shared` is all else it asks about, in which few mails differ.
    """
    there = tuple([field for field, value in words.items() if value])
    key = name, there, tuple(shared.items())
    stencil = _fresh(*key) if settings.DEBUG else _kept(*key)  # in development templates change
    return stencil.fill([tuple([words[field] for field in there])])


def _fresh(name: str, fields: tuple[str, ...], shared: tuple[tuple[str, Hashable], ...]) -> Stencil:
    return Stencil(name, *fields, **dict(shared))


_kept = lru_cache(maxsize=512)(_fresh)


def _escaped(words: str) -> str:
    return words if type(words) is SafeString or not _SPECIAL.search(words) else escape(words)
