"""What people type, made safe to store: no characters that break headers, lists or the reading direction."""

import re
import unicodedata

from django.core.exceptions import ValidationError

# C0 and C1 controls but tab and newline, the bidirectional controls (UAX 9), zero-width and other invisible marks.
# The zero-width joiner and non-joiner stay: Persian, Hindi and family emoji need them.
_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def clean_text(value: str) -> str:
    """Return the text in NFC with `\\n` line ends and without harmful controls."""
    value = value.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return unicodedata.normalize("NFC", _HARMFUL.sub("", value))


def clean_line(value: str) -> str:
    """Return the text as one line: safe in a mail header, a calendar line and a list."""
    if value.isascii() and value.isprintable():  # as nearly every header is
        return " ".join(value.split())
    return " ".join(clean_text(value).split())


def validate_visible(value: str) -> None:
    """Raise ValidationError for a text in which nothing can be seen, such as a name of joiners only."""
    if value and not any(unicodedata.category(character)[0] in "LNPS" for character in value):
        raise ValidationError("Please use at least one letter or number.", code="invisible")
