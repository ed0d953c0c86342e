"""Tables (CSV) read one row at a time: whatever separates their cells, whatever stands above their heading."""

import csv
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from contacts.cards.card import BadRow, Card, TooMuch
from contacts.cards.files import byte_lines, decode
from contacts.cards.fit import Unfit
from contacts.cards.headings import known_words, recognise
from contacts.cards.table_person import person_of
from core.text import clean_line

COLUMNS = 1_000
RECORD_LENGTH = 600_000  # one row; the longest that goes out from here fits, all of it quotation marks
# Characters read once more after quotation marks that do not pair: a file of nothing else would be read without end.
AGAIN_LENGTH = 40_000_000
_NO_PAIRS = "The quotation marks in this row do not pair."
_TOO_LONG = "The row is too long: a cell may have 131,072 characters, and the row 600,000."  # csv.field_size_limit()
_SEPARATORS = (",", ";", "\t")
_LINES_ABOVE = 12  # what may stand above the heading, as LinkedIn writes it
_SAMPLES = 5


@dataclass(frozen=True)
class Headings:
    """The heading of a table: its columns in their order, the first rows below, and what was recognised."""

    line: int
    separator: str
    program: str  # "" if no program writes such headings
    names: tuple[str, ...]  # each once: a second "Email" is "Email (2)"
    samples: tuple[tuple[str, ...], ...]
    mapping: dict[str, str]  # heading to field, of those that were recognised

    @property
    def unknown(self) -> list[str]:
        """What is to be said by hand."""
        return [name for name in self.names if name not in self.mapping]


@dataclass(frozen=True)
class _Record:
    line: int
    raw: str
    cells: list[str] | None  # None if it cannot be read, which `trouble` says
    trouble: str = ""


def csv_headings(file: BinaryIO) -> Headings:
    """Return what is known of the columns. A file without any row gives no names."""
    line, separator, cells = _find_heading(file)
    names = _each_once(cells)
    program, mapping = recognise(names)
    samples: list[tuple[str, ...]] = []
    for record in _records(_text_lines(file), separator):
        if record.line > line and record.cells and any(record.cells):
            samples.append(tuple(clean_line(cell)[:200] for cell in record.cells[: len(names)]))
        if len(samples) == _SAMPLES:
            break
    return Headings(line, separator, program, names, tuple(samples), mapping)


def read_table(file: BinaryIO, *, mapping: Mapping[str, str] | None, region: str) -> Iterator[Card | BadRow]:
    """Yield each row below the heading as a person, or why it cannot be read. Raises TooMuch."""
    headings = csv_headings(file)
    fields = headings.mapping if mapping is None else mapping
    columns = [(name, fields.get(name, "")) for name in headings.names]
    for record in _records(_text_lines(file), headings.separator):
        if record.line <= headings.line:
            continue
        if record.cells is None:
            yield BadRow(record.line, record.trouble, record.raw)
        elif any(cell.strip() for cell in record.cells):
            yield _read(record, columns, program=headings.program, region=region)


def _read(record: _Record, columns: list[tuple[str, str]], *, program: str, region: str) -> Card | BadRow:
    cells = record.cells or []
    if any(cell.strip() for cell in cells[len(columns) :]):
        reason = f"The row has {len(cells)} cells, and the heading has {len(columns)}."
        return BadRow(record.line, reason, record.raw)
    try:
        return person_of(cells, columns, line=record.line, program=program, region=region)
    except Unfit as trouble:
        return BadRow(record.line, str(trouble), record.raw)


def _text_lines(file: BinaryIO) -> Iterator[tuple[int, str]]:
    for number, line in byte_lines(file):
        yield number, decode(line)


def _find_heading(file: BinaryIO) -> tuple[int, str, list[str]]:
    """Return line, separator and cells of the row that is most of all a heading; else of the first with anything in it."""
    best: tuple[tuple[int, int], int, str, list[str]] = ((-1, 0), 0, ",", [])
    for separator in _SEPARATORS:
        seen = 0
        for record in _records(_text_lines(file), separator):
            seen += 1
            cells = record.cells or []
            if seen > _LINES_ABOVE:
                break
            if record.raw.lower().startswith("sep=") or not any(cells):
                continue
            # Of equals the earlier row, cut into more cells.
            if (score := (known_words(cells), len(cells) if best[1] in (0, record.line) else 0)) > best[0]:
                best = score, record.line, separator, cells
    if len(best[3]) > COLUMNS:
        raise TooMuch(f"The table has more than {COLUMNS:,} columns.")
    return best[1], best[2], best[3]


def _each_once(cells: Sequence[str]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    times: Counter[str] = Counter()
    for number, cell in enumerate(cells, 1):
        name = once = clean_line(cell)[:200] or f"Column {number}"
        while once in names:
            times[name] += 1
            once = f"{name} ({times[name] + 1})"
        names[once] = None
    return tuple(names)


def _records(lines: Iterator[tuple[int, str]], separator: str) -> Iterator[_Record]:
    """Yield the rows. One whose quotation marks do not pair is its first line only: the next line begins anew."""
    waiting: deque[tuple[int, str]] = deque()
    again = 0
    while True:
        taken: list[tuple[int, str]] = []
        reader = csv.reader(_feed(lines, waiting, taken), delimiter=separator, strict=True)
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            waiting.extendleft(reversed(taken[1:]))
            again += sum(len(text) + 1 for _, text in taken[1:])
            if again > AGAIN_LENGTH:
                raise TooMuch("The quotation marks in this table do not pair, in too many rows.") from None
            is_long = len(taken) == 1 and "field larger" in str(error)
            yield _Record(*taken[0], None, _TOO_LONG if is_long else _NO_PAIRS)
        else:
            yield _Record(taken[0][0], "\n".join(text for _, text in taken), cells)


def _feed(
    lines: Iterator[tuple[int, str]], waiting: deque[tuple[int, str]], taken: list[tuple[int, str]]
) -> Iterator[str]:
    """Yield lines for one row and note them; no more than one row may have, so that a lost mark stays a small loss."""
    length = 0
    while length < RECORD_LENGTH:
        line = waiting.popleft() if waiting else next(lines, None)
        if line is None:
            return
        taken.append(line)
        if len(line[1]) > RECORD_LENGTH:
            raise csv.Error("field larger than what is read")
        length += len(line[1]) + 1
        yield line[1].replace("\0", "") + "\n"
