"""Pieces of a mail that are repeated, such as the rows of a list: drawn by their template once, then only filled in.

The template language takes ten times as long for each row as putting words into a pattern, and thousands of mails leave
in an hour. What comes out is the same (tests/mail/test_stencils.py).
"""

import re
from collections.abc import Iterable
from functools import cached_property
from html import escape
from typing import Any

from django.utils.safestring import SafeString

from mail.letters import piece

_MARK = "\uf8ff{}\uf8ff"
_MARKED = re.compile("\uf8ff([0-9]+)\uf8ff")


class Stencil:
    """A template in which these fields are words that stand as they are: not asked about in an {% if %}, not filtered.

    In a .html one they are escaped, unless they are markup already. `shared` is the same for all, such as links that
    begin with the address of the server: one stencil for each.
    """

    def __init__(self, name: str, *fields: str, **shared: Any) -> None:
        self.name, self.fields, self.shared = name, fields, shared
        self.is_html = name.endswith(".html")

    @cached_property
    def pattern(self) -> str:
        """The template with numbered places, as str.format wants it."""
        marks = {field: SafeString(_MARK.format(place)) for place, field in enumerate(self.fields)}
        drawn = piece(self.name, **self.shared, **marks)
        return _MARKED.sub(r"{\1}", drawn.replace("{", "{{").replace("}", "}}"))

    def fill(self, rows: Iterable[tuple[str, ...]]) -> SafeString:
        """Return the piece once for each of these rows, which give the fields in their order."""
        if not self.is_html:
            return SafeString("".join([self.pattern.format(*row) for row in rows]))
        return SafeString("".join([self.pattern.format(*map(_escaped, row)) for row in rows]))


def _escaped(words: str) -> str:
    return words if type(words) is SafeString else escape(words)
