"""Files made to hurt: whatever stands in them, they are read in time, in little memory, or refused in words."""

import contextlib
import io
import random
import time
import tracemalloc
from pathlib import Path

import pytest

from contacts.cards import files
from contacts.cards.read import BadRow, Card, TooMuch, csv_headings, kind_of, read_cards

FILES = sorted((Path(__file__).parent.parent / "files").iterdir())
SECONDS = 5  # threats.md
CARD = b"BEGIN:VCARD\nVERSION:3.0\nFN:%b\n%bEND:VCARD\n"


def read(data, kind="vcard"):
    return list(read_cards(io.BytesIO(data), kind=kind, region="DE"))


def wrecked(data, dice):
    """A file with some of its bytes changed, doubled, cut out or moved."""
    data = bytearray(data)
    for _ in range(dice.randint(1, 8)):
        at = dice.randrange(len(data) + 1)
        until = min(len(data), at + dice.randint(0, 40))
        what = dice.choice(
            [b"", b"\0", b"\xff", b'"', b"\n", b"\r", b"=\n", b":", b";", b",", b"\\", b"\xed\xa0\x80", b" "]
        )
        data[at:until] = dice.choice([what, what * 50, bytes(data[at:until]) * 2, dice.randbytes(5)])
    return bytes(data)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_wrecked_files_are_read_or_named(path):
    dice = random.Random(path.name)

    for _ in range(20):
        data = wrecked(path.read_bytes(), dice)
        kind_of(data[:4096], path.name)
        for row in [*read(data, "vcard"), *read(data, "csv")]:
            assert isinstance(row, (Card, BadRow))
            said = str(row.to_json()) if isinstance(row, Card) else row.reason
            said.encode()  # no lone surrogates
            assert "\0" not in said


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(CARD % (b"A", b"X-A" + b"=a" * 250_000 + b'"\n'), id="equals signs without end"),
        pytest.param(CARD % (b"A", b"X-A" + b";A=b" * 200_000 + b':v"\n'), id="parameters"),
        pytest.param(CARD % (b"A", b'X-A;B="' + b'":"' * 250_000 + b":v\n"), id="quotation marks"),
        pytest.param(CARD % (b"A", b"NOTE:" + b"\\" * 900_000 + b"\n"), id="backslashes"),
        pytest.param(CARD % (b"A", b"N:" + b";" * 900_000 + b"\n"), id="components"),
        pytest.param(CARD % (b"A", b"CATEGORIES:" + b"a," * 450_000 + b"\n"), id="tags"),
        pytest.param(CARD % (b"A", b"TEL:" + b"+4930" * 180_000 + b"\n"), id="a number without end"),
        pytest.param(CARD % (b"A", b"TEL:1\n" * 20_000), id="numbers"),
        pytest.param(CARD % (b"A", b"NOTE:a\n" + b" b\n" * 450_000), id="folds"),
        pytest.param(CARD % (b"A", b"NOTE:=\n" + b" =\n" * 350_000), id="folds that look like soft breaks"),
        pytest.param(CARD % (b"A", b"NOTE;ENCODING=QUOTED-PRINTABLE:=\n" + b"=\n" * 450_000), id="soft breaks"),
        pytest.param(CARD % (b"A", b"PHOTO;ENCODING=b:" + b"QUFB" * 1_000_000 + b"\n"), id="a photo"),
        pytest.param(CARD % (b"A", b"PHOTO;ENCODING=b:" + b"\n QUFB" * 600_000 + b"\n"), id="a folded photo"),
        pytest.param(b"BEGIN:VCARD\n" * 15_000, id="beginnings"),
        pytest.param(b"END:VCARD\n" * 400_000, id="ends"),
        pytest.param(b"stray\n" * 800_000, id="strays"),
        pytest.param(b"\n" * 4_900_000, id="empty lines"),
        pytest.param(b"\r" * 4_900_000, id="empty lines of old"),
        pytest.param(b"a" * 4_900_000, id="one line"),
        pytest.param((CARD % (b"A" * 150, b"")) * 19_000, id="cards"),
        pytest.param(b"Name,Note\n" + b'x","\n' * 19_000, id="marks that do not pair"),
        pytest.param(b'Name,Note\n"' + b"x,y\n" * 1_000_000, id="a mark that is never closed"),
        pytest.param(b"Name,Note\n" + b"a," * 2_000_000, id="cells"),
        pytest.param(b"Name,Note\n" + b'"",' * 1_500_000, id="empty cells"),
        pytest.param(b",".join(b"c%d" % n for n in range(500_000)), id="columns"),
        pytest.param(b",".join(b"c" for n in range(900)) + b"\n" + (b"," * 900 + b"\n") * 5_000, id="empty rows"),
    ],
)
def test_bombs_are_read_or_refused_in_time(data):
    kind = "csv" if data[:4] in (b"Name", b"c0,c", b"c,c,") else "vcard"
    started = time.process_time()

    with contextlib.suppress(TooMuch):
        read(data, kind)

    assert time.process_time() - started < SECONDS


@pytest.mark.parametrize("kind", ["vcard", "csv"])
def test_file_past_five_megabytes_is_refused(kind):
    rows = read_cards(io.BytesIO(b"a" * 5_000_001), kind=kind)

    with pytest.raises(TooMuch, match="larger than 5 MB"):
        next(rows)


@pytest.mark.parametrize(("kind", "row", "head"), [("vcard", CARD % (b"A", b""), b""), ("csv", b"Ada\n", b"Name\n")])
def test_row_past_twenty_thousand_is_refused(kind, row, head):
    rows = read_cards(io.BytesIO(head + row * 20_001), kind=kind)

    for _ in range(20_000):
        assert next(rows).name
    with pytest.raises(TooMuch, match="more than 20,000 rows"):
        next(rows)


@pytest.mark.parametrize("kind", ["vcard", "csv"])
def test_person_with_more_ways_than_one_has_room_for_is_named(kind):
    def person(count):
        if kind == "vcard":
            return CARD % (b"Ada", b"".join(b"EMAIL:a%d@example.org\n" % n for n in range(count)))
        row = b",".join([b"Ada", *(b"a%d@example.org" % n for n in range(count))])
        return b",".join([b"Name", *(b"E-mail %d - Value" % (n + 1) for n in range(count))]) + b"\n" + row + b"\n"

    (good,), (bad,) = read(person(60), kind), read(person(61), kind)

    assert len(good.ways) == 60
    assert "has more than 60 addresses and numbers." in bad.reason


def test_cards_inside_cards_are_refused_and_the_next_is_read():
    nested = b"BEGIN:VCARD\nFN:Outer\nAGENT:\n" + b"BEGIN:VCARD\n" * 20 + b"END:VCARD\n" * 21
    bad, good = read(nested + CARD % (b"Good", b""))

    assert "inside this card" in bad.reason
    assert good.name == "Good"
    with pytest.raises(TooMuch, match="too deep"):
        read(b"BEGIN:VCARD\nFN:Outer\nAGENT:\n" + b"BEGIN:VCARD\n" * 21)


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(b"X-A:" + b"a" * 600_000 + b"\nX-B:" + b"b" * 600_000 + b"\nX-C:c\n", id="more than one fits"),
        pytest.param(b"NOTE:" + b"n" * 4_000_000 + b"\nX-C:c\n", id="one line without end"),
        pytest.param(b"".join(b"X-%d:a\n" % number for number in range(2_500)), id="more lines than a card has"),
        pytest.param(b"NOTE:" + b"n" * 200_000 + b"\n", id="more than a note may have"),
        pytest.param(b"no line\nNOTE:" + b"n" * 90_000 + b"\n", id="as much as fits, and a mistake"),
    ],
)
def test_card_that_is_too_long_is_handed_out_whole_and_the_next_is_read(lines):
    bad, good = read(CARD % (b"Long", lines) + CARD % (b"Good", b""))

    assert bad.raw.encode() + b"\n" == CARD % (b"Long", lines)
    assert good.name == "Good"


def test_card_that_is_too_long_is_unfolded_and_says_why():
    folded = b"NOTE:" + b"n" * 2_000_000 + b"\n  and more\nNOTE;ENCODING=QUOTED-PRINTABLE:a=\nb\n"

    [bad] = read(CARD % (b"Long", folded))

    assert bad.reason == "The card is too long: at most 2,000 lines and 1 MB fit."
    assert bad.raw.endswith("n and more\nNOTE;ENCODING=QUOTED-PRINTABLE:ab\nEND:VCARD")


def test_row_that_is_too_long_is_named_and_handed_out_whole():
    row = b"Ada," + b"n" * 4_000_000
    bad, cell, good = read(b"Name,Notes\n" + row + b"\nBen," + b"n" * 140_000 + b"\nCid,\n", "csv")

    assert bad.raw.encode() == row
    assert bad.reason == cell.reason == "The row is too long: a cell may have 131,072 characters, and the row 600,000."
    assert good.name == "Cid"


@pytest.mark.parametrize("kind", ["vcard", "csv"])
def test_memory_stays_flat(kind):
    card, row = CARD % (b"Ada", b"NOTE:" + b"n" * 150 + b"\n"), b"Ada," + b"n" * 200 + b"\n"
    few, many = (
        io.BytesIO(card * number if kind == "vcard" else b"Name,Notes\n" + row * number) for number in (200, 5_000)
    )

    def peak(file):
        tracemalloc.start()
        for _ in read_cards(file, kind=kind):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(few)  # what is loaded once
    assert peak(many) < peak(few) + 400_000


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Ha\u202ennah", "Hannah"),
        ("Han\0nah", "Hannah"),
        ("Hannah\u200b", "Hannah"),
        ("Hannah\\nBCC: x", "Hannah BCC: x"),
        ("Han\x1bnah", "Hannah"),
        ("e\u0301", "é"),
    ],
)
def test_names_are_cleaned(text, clean):
    (card,) = read(CARD % (text.encode(), b""))
    (row,) = read(f'Name,Email\n"{text}",\n'.encode(), "csv")

    assert card.name == clean
    assert row.name == clean.replace("\n", " ") or "\\n" in text


def test_name_that_nobody_can_see_is_none():
    (bad,) = read(CARD % ("\u200d\u200c".encode(), b""))

    assert "no name" in bad.reason


def test_lone_surrogates_are_gone():
    (card,) = read(CARD % (b"Ada \xed\xa0\x80", b""))

    card.name.encode()


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"", "a.csv", None),
        (b"   \n", "a.vcf", None),
        (b"PK\x03\x04\x14", "contacts.xlsx", None),
        (b"PK\x03\x04\x14", "contacts.csv", None),
        (b"%PDF-1.7", "a.csv", None),
        (b"<html>", "a.csv", None),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "a.vcf", None),
        (b"BEGIN:VCALENDAR\n", "a.ics", None),
        (b"begin:vcard\n", "unnamed", "vcard"),
        (b"\xef\xbb\xbf\nBEGIN:VCARD\n", "a.csv", "vcard"),
        ("BEGIN:VCARD\n".encode("utf-16"), "a", "vcard"),
        ("BEGIN:VCARD\n".encode("utf-16-be"), "a", "vcard"),
        ("Name;Mail\n".encode("utf-16-le"), "a.csv", "csv"),
        (b"Name;Mail\n", "a", "csv"),
        (b"Name\nAda\n", "a.csv", "csv"),
        (b"Just words", "a.doc", None),
    ],
)
def test_kind_is_told_from_what_stands_in_it(data, name, kind):
    assert kind_of(data[:4096], name) == kind


def test_headings_of_an_empty_table_are_none():
    headings = csv_headings(io.BytesIO(b"\n\n"))

    assert (headings.names, headings.samples, headings.mapping) == ((), (), {})


def test_line_ends_and_their_numbers():
    lines = list(files.byte_lines(io.BytesIO(b"a\r\nb\rc\n\r\nd")))

    assert lines == [(1, b"a"), (2, b"b"), (3, b"c"), (4, b""), (5, b"d")]


@pytest.mark.parametrize("cut", range(1, 12))
def test_line_ends_where_a_piece_of_the_file_ends(monkeypatch, cut):
    monkeypatch.setattr(files, "_CHUNK", cut)

    lines = list(files.byte_lines(io.BytesIO("ä\r\nb\r\rc\n\r\nd".encode())))

    assert [line for _, line in lines] == ["ä".encode(), b"b", b"", b"c", b"", b"d"]


def test_headings_that_are_all_the_same_are_told_apart_quickly():
    cells = ["Email"] * 998 + ["Email (3)", ""]

    started = time.perf_counter()
    names = csv_headings(io.BytesIO((",".join(cells) + "\n").encode())).names

    assert time.perf_counter() - started < 1
    assert (names[:3], names[-2:]) == (("Email", "Email (2)", "Email (3)"), ("Email (3) (2)", "Column 1000"))
    assert len(set(names)) == 1000


@pytest.mark.parametrize("charset", ["punycode", "PUNYCODE", " Punycode-"])
def test_a_charset_that_takes_long_is_none(charset):
    assert files.decode(b"anna-7a", charset) == "anna-7a"


@pytest.mark.parametrize("harm", ["\\u0000", "\\ud800"])
def test_further_lines_of_a_table_hold_nothing_that_cannot_be_stored(harm):
    lines = f'[{{"name": "X-A", "value": "b{harm}", "as": ["b{harm}"]}}]'.replace('"', '""')
    table = f'"Name","UID","Why they matter","Further vCard lines"\n"Ann","u1","","{lines}"\n'

    [card] = read_cards(io.BytesIO(table.encode()), kind="csv")

    assert card.extra == ({"name": "X-A", "value": "b", "as": ["b"]},)
