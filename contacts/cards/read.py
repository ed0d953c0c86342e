"""Any file of contacts: which kind it is, and its rows one after the other."""

from collections.abc import Iterator, Mapping
from typing import BinaryIO, Literal

from contacts.cards.card import BadRow, Card, TooMuch
from contacts.cards.files import ROWS, decode, marked_encoding
from contacts.cards.table import Headings, csv_headings, read_table
from contacts.cards.vcard import read_vcards

__all__ = ["BadRow", "Card", "Headings", "Kind", "TooMuch", "csv_headings", "kind_of", "read_cards"]

Kind = Literal["vcard", "csv"]
_TABLES = (".csv", ".tsv", ".tab", ".txt")


def kind_of(head: bytes, filename: str) -> Kind | None:
    """Tell the kind of a file from its first bytes, and from its name where they leave it open; None if it is neither."""
    encoding, mark = marked_encoding(head)
    text = head[mark:].decode(encoding, errors="ignore") if encoding else decode(head)
    start = text.lstrip()[:4096]
    if start[:11].upper() == "BEGIN:VCARD":
        return "vcard"
    if not start or "\0" in start or start.startswith(("PK\x03\x04", "%PDF", "<", "{")):
        return None
    if filename.lower().endswith(_TABLES):
        return "csv"
    if "BEGIN:VCARD" in start.upper():
        return "vcard"
    first = start.splitlines()[0]
    return "csv" if any(first.count(mark) for mark in ",;\t") and not filename.lower().endswith(".vcf") else None


def read_cards(
    file: BinaryIO, *, kind: str, mapping: Mapping[str, str] | None = None, region: str = ""
) -> Iterator[Card | BadRow]:
    """Yield the rows of a file that can be read again from its beginning, one in memory at a time.

    `mapping` says which column of a table holds what, by heading (`csv_headings`); None takes what is recognised.
    `region` is the country of numbers without a country code. Raises TooMuch, at the row where a limit is passed.
    """
    rows = read_vcards(file, region=region) if kind == "vcard" else read_table(file, mapping=mapping, region=region)
    for number, row in enumerate(rows):
        if number >= ROWS:
            raise TooMuch(f"The file has more than {ROWS:,} rows. Import it in several parts.")
        yield row
