"""vCard 2.1, 3.0 and 4.0 read one card at a time, whatever program wrote them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from time import monotonic
from typing import BinaryIO

from contacts.cards.card import BadRow, Card, TooMuch
from contacts.cards.files import byte_lines
from contacts.cards.fit import Unfit
from contacts.cards.lines import HEAD_BYTES, NotALine, Property, as_unicode, is_quoted_printable, parse_line
from contacts.cards.person import card_of

# One card without its pictures and sounds. The longest that goes out from here fits: 100,000 characters of notes, 60 ways,
# 64,000 characters of other lines, all of them of four bytes.
CARD_BYTES = 1_100_000
CARD_LINES = 2_000
DEPTH = 20  # a card inside a card is refused; past this the whole file is
SECONDS = 5  # for one card; every step is linear, so only a fault of ours reaches it
# Pictures, sounds and keys are not kept when they stand in the file itself, and never unpacked.
_BULKY = re.compile(rb"(?:[A-Za-z0-9-]+\.)?(PHOTO|LOGO|SOUND|KEY)[;:]", re.IGNORECASE)
_LINKS = (b"http://", b"https://", b"openpgp4fpr:")
_BASE64 = re.compile(rb"[A-Za-z0-9+/]+={0,2}")
_TOO_LONG = "The card is too long: at most 2,000 lines and 1 MB fit."


@dataclass
class _Raw:
    """A card while its lines are collected: unfolded, not parsed."""

    line: int
    lines: list[tuple[int, bytearray]] = field(default_factory=list)
    size: int = 0
    dropped: list[str] = field(default_factory=list)
    trouble: str = ""
    is_soft: bool = False  # the last line ended in the "=" of quoted-printable and goes on
    is_skipping: bool = False  # inside a picture
    depth: int = 0
    start: int = 0  # of the last property in the last of `lines`

    def add(self, number: int, raw: bytes) -> None:
        """Take a line that begins a property."""
        found = _BULKY.match(raw)
        self.is_skipping = bool(found) and not raw.partition(b":")[2].lower().startswith(_LINKS)
        if found and self.is_skipping:
            self.dropped.append(found[1].decode().upper())
        else:
            self.keep(number, raw)
            self.is_soft = raw.endswith(b"=") and is_quoted_printable(raw)

    def go_on(self, raw: bytes) -> None:
        """Take what continues the last line."""
        if self.lines:
            self._count(raw)
            line = self.lines[-1][1]
            if self.is_soft:
                del line[-1:]
            line.extend(raw)
            self.is_soft = raw.endswith(b"=") and is_quoted_printable(line[self.start : self.start + HEAD_BYTES])

    def keep(self, number: int, raw: bytes) -> None:
        """Take a line, also one that only goes out again to be mended; past what a card may have they are one heap."""
        self._count(raw)
        if self.lines and (self.size > CARD_BYTES or len(self.lines) == CARD_LINES):
            self.trouble = self.trouble or _TOO_LONG
            self.start = len(self.lines[-1][1]) + 1
            self.lines[-1][1].extend(b"\n" + raw)
        else:
            self.start = 0
            self.lines.append((number, bytearray(raw)))

    def _count(self, raw: bytes) -> None:
        self.size += len(raw)
        if self.size > CARD_BYTES:
            self.trouble = self.trouble or _TOO_LONG

    def bad(self, reason: str, *, is_whole: bool = True) -> BadRow:
        """Return the card as a row to mend, with all that stands in it except pictures and the like."""
        return BadRow(self.line, reason, f"BEGIN:VCARD{self._text()}" + ("\nEND:VCARD" if is_whole else ""))

    def outside(self) -> BadRow:
        """Return lines that are in no card."""
        return BadRow(self.line, "This stands outside of any card.", self._text().removeprefix("\n"))

    def _text(self) -> str:
        text = StringIO()
        for _, heap in self.lines:
            for line in BytesIO(heap):
                text.write("\n" + as_unicode(line.removesuffix(b"\n")))
        return text.getvalue()


def read_vcards(file: BinaryIO, *, region: str) -> Iterator[Card | BadRow]:
    """Yield each card, or why it cannot be read, holding one in memory. Raises TooMuch."""
    for raw in _raw_cards(file):
        yield raw if isinstance(raw, BadRow) else _read(raw, region=region)


def _read(raw: _Raw, *, region: str) -> Card | BadRow:
    if raw.trouble:
        return raw.bad(raw.trouble)
    started = monotonic()
    version = _version(raw)
    rows: list[Property] = []
    for number, line in raw.lines:
        try:
            rows.append(parse_line(bytes(line), version=version))
        except NotALine as trouble:
            return raw.bad(f"Line {number} cannot be read: {trouble}.")
        if monotonic() - started > SECONDS:
            return raw.bad("The card takes too long to read.")
    try:
        return card_of(rows, line=raw.line, region=region, dropped=raw.dropped)
    except Unfit as trouble:
        return raw.bad(str(trouble))


def _version(raw: _Raw) -> str:
    """Return the version a card says it has, wherever it says so; 3.0 without a word."""
    said = (bytes(line[8:]) for _, line in raw.lines if line[:8].upper() == b"VERSION:")
    return next(said, b"3.0").strip().decode(errors="replace")


def _raw_cards(file: BinaryIO) -> Iterator[_Raw | BadRow]:
    card: _Raw | None = None
    stray: _Raw | None = None  # lines outside any card, told of together
    for number, line in byte_lines(file):
        mark = line[:20].rstrip().upper()  # with white space before it, it goes on with the line above
        if card is None:
            if mark.lstrip() == b"BEGIN:VCARD":
                if stray:
                    yield stray.outside()
                card, stray = _Raw(number), None
            elif mark:
                stray = stray or _Raw(number)
                stray.keep(number, line)
        elif mark == b"END:VCARD":
            if card.depth:
                card.depth -= 1
                card.keep(number, line)
            else:
                yield card
                card = None
        elif mark == b"BEGIN:VCARD":
            if card.depth or (card.lines and bytes(card.lines[-1][1][:5]).upper() == b"AGENT"):
                card.depth += 1
                card.keep(number, line)
                card.trouble = "There is a card inside this card, which is not read. Export the people one by one."
                if card.depth > DEPTH:
                    raise TooMuch("The cards of this file stand inside one another, too deep to be read.")
            else:
                yield card.bad(f"The card has no END:VCARD; the next begins in line {number}.", is_whole=False)
                card = _Raw(number)
        elif card.depth:
            card.keep(number, line)
        elif card.is_soft:
            card.go_on(line)
        elif line[:1] in (b" ", b"\t"):
            if not card.is_skipping:
                card.go_on(line[1:])
        elif not mark:
            card.is_skipping = False
        elif not (card.is_skipping and _BASE64.fullmatch(line.strip())):
            card.add(number, line)
    if card:
        yield card.bad("The file ends before END:VCARD.", is_whole=False)
    if stray:
        yield stray.outside()
