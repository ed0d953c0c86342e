"""The bytes of an uploaded file as lines: characters, line ends and the limits that hold before anything is parsed."""

import codecs
from collections.abc import Iterator
from io import SEEK_END
from typing import BinaryIO

from contacts.cards.card import TooMuch

FILE_BYTES = 5_000_000  # threats.md
ROWS = 20_000
_CHUNK = 65_536
# Python knows it as one; no file is written in it, and reading it takes the square of its length.
_NO_CHARSETS = {"punycode"}
_MARKS = [
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
]


def marked_encoding(head: bytes) -> tuple[str, int]:
    """Return the encoding a file says or shows it has and the length of its mark; ("", 0) if it does neither.

    Without a mark, UTF-16 shows in every second byte being zero: both formats begin with plain letters.
    """
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    start = head[:40]
    if len(start) >= 4 and not any(start[1::2]) and all(start[::2]):
        return "utf-16-le", 0
    if len(start) >= 4 and not any(start[::2]) and all(start[1::2]):
        return "utf-16-be", 0
    return "", 0


def utf8_chunks(file: BinaryIO) -> Iterator[bytes]:
    """Yield the file from its beginning; UTF-16 and UTF-32 become UTF-8, all else stays. Raises TooMuch past 5 MB."""
    if file.seek(0, SEEK_END) > FILE_BYTES:
        raise TooMuch("The file is larger than 5 MB. Export without photos, or in several parts.")
    file.seek(0)
    head = file.read(_CHUNK)
    encoding, mark = marked_encoding(head)
    wide = codecs.getincrementaldecoder(encoding)(errors="replace") if encoding not in ("", "utf-8") else None
    chunk = head[mark:]
    while chunk:
        yield wide.decode(chunk).encode() if wide else chunk
        chunk = file.read(_CHUNK)


def byte_lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield each line with its number from 1, whatever its line end; one may be as long as the file."""
    number, rest, after_cr = 1, b"", False
    for chunk in utf8_chunks(file):
        if after_cr and chunk.startswith(b"\n"):
            chunk = chunk[1:]
        after_cr = chunk.endswith(b"\r")
        *whole, last = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        for line in whole:
            yield number, rest + line
            number, rest = number + 1, b""
        rest += last
    if rest:
        yield number, rest


def decode(value: bytes, charset: str = "") -> str:
    """Return the text: as the file names its characters, else UTF-8, else Windows-1252, which fits whatever is left."""
    for encoding in (charset, "utf-8"):
        try:
            if not encoding or codecs.lookup(encoding).name in _NO_CHARSETS:
                continue
            return value.decode(encoding)
        except (LookupError, ValueError):  # UnicodeDecodeError is a ValueError; so is a codec that is none of text
            continue
    return value.decode("cp1252", errors="replace")
