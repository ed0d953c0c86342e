"""Cards as somebody else reads them."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import vobject

from contacts.cards import table_write, write
from contacts.cards.card import Card, CardWay
from contacts.cards.compare import email_key, name_key, phone_key
from contacts.cards.extra import checked_extra
from contacts.cards.formulas import guard, unguard
from contacts.cards.read import read_cards
from tests.contacts.cards.test_round_trip import as_vcards, people

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
FILES = Path(__file__).parent.parent / "files"
HANNAH = Card(
    line=0,
    name="Hannah Vogel",
    uid="urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1",
    name_parts=("Vogel", "Hannah", "", "Dr.", ""),
    organisation="Clinic; North, Ltd.",
    role="Lead",
    ways=(
        CardWay("email", "h@example.org", "work", "h@example.org"),
        CardWay("phone", "+49 30 901820", "Front desk", "+4930901820"),
        CardWay("address", "1 High Street, Leeds"),
        CardWay("other", "Signal: hannah.22"),
    ),
    birthday="--04-12",
    note="One\nTwo",
    tags=("clinic", "north"),
    why="She knows the wards.",
    circle="own",
    own_every=6,
    own_unit="weeks",
    is_archived=True,
)


def test_vcard_as_rfc_6350_has_it():
    assert write.vcard(HANNAH, at=AT).decode().split("\r\n") == [
        "BEGIN:VCARD",
        "VERSION:4.0",
        "PRODID:-//Waymark//Contacts//EN",
        "REV:20261120T090000Z",
        "FN:Hannah Vogel",
        "UID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1",
        "N:Vogel;Hannah;;Dr.;",
        "ORG:Clinic\\; North\\, Ltd.",
        "TITLE:Lead",
        "BDAY:--0412",
        "EMAIL;TYPE=work:h@example.org",
        "item1.TEL:+49 30 901820",
        "item1.X-ABLabel:Front desk",
        "ADR:;;1 High Street\\, Leeds;;;;",
        "X-WAYMARK-WAY:Signal: hannah.22",
        "CATEGORIES:clinic,north",
        "NOTE:One\\nTwo",
        "X-WAYMARK-WHY:She knows the wards.",
        "X-WAYMARK-CIRCLE:own;6;weeks",
        "X-WAYMARK-ARCHIVED:yes",
        "END:VCARD",
        "",
    ]


def test_lines_are_folded_at_75_octets_and_end_in_crlf():
    data = as_vcards(people(seed=5, count=200))

    lines = data.split(b"\r\n")
    assert max(map(len, lines)) == 75
    assert b"\r" not in data.replace(b"\r\n", b"")
    assert b"\n" not in data.replace(b"\r\n", b"")
    for line in lines:
        line.decode()  # no letter is cut in two


def test_another_reader_finds_the_same():
    cards = people(seed=7, count=200)

    found = list(vobject.readComponents(as_vcards(cards).decode()))

    assert len(found) == len(cards)
    for card, other in zip(cards, found, strict=True):
        assert other.fn.value == card.name
        assert [row.value for row in other.contents.get("email", [])] == [
            way.value for way in card.ways if way.kind == "email"
        ]
        assert other.contents["note"][0].value == card.note if card.note else "note" not in other.contents


def test_lines_of_other_programs_go_out_as_they_came():
    with (FILES / "apple.vcf").open("rb") as file:
        hannah = next(iter(read_cards(file, kind="vcard", region="DE")))

    lines = write.vcard(hannah, at=AT).decode().replace("\r\n ", "").split("\r\n")

    assert "ORG:Charité;Neurologie" in lines
    assert "item2.ADR;PREF=1;TYPE=home:;;Auguststraße 12\\nHinterhaus;Berlin;;10117;Germany" in lines
    assert "item2.X-ABADR:de" in lines
    assert "item4.X-ABDATE;PREF=1:2014-06-21" in lines
    assert "item4.X-ABLabel:_$!<Anniversary>!$_" in lines
    assert lines.count("UID:5A9C1E0B-6C1D-4C53-9B2E-0C5D3F5A1E11") == 1


def test_line_behind_a_field_goes_when_the_field_was_changed():
    with (FILES / "apple.vcf").open("rb") as file:
        hannah = next(iter(read_cards(file, kind="vcard", region="DE")))
    moved = replace(hannah, organisation="Elsewhere", ways=hannah.ways[:1])

    text = write.vcard(moved, at=AT).decode()
    assert "ORG:Elsewhere\r\n" in text
    assert "Neurologie" not in text
    assert "Auguststra" not in text


@pytest.mark.parametrize(
    "row",
    [
        {"name": "X-A", "value": "x\r\nTEL:666"},
        {"name": "X-A", "value": "x\rTEL:666"},
        {"name": "X-A", "value": "x", "params": [["B", "x\r\nTEL:666"]]},
        {"name": "X-A", "value": "x\u2028TEL:666"},
    ],
)
def test_no_line_is_put_into_a_card_by_what_was_kept(row):
    card = replace(HANNAH, extra=(row,))

    lines = write.vcard(card, at=AT).decode().split("\r\n")

    assert not any(line.startswith("TEL:666") for line in lines)


@pytest.mark.parametrize(
    "rows",
    [
        {"name": "X-A"},
        [{"name": "X-A"}],
        [{"name": "X-A\r\nB", "value": ""}],
        [{"name": "END", "value": "VCARD"}],
        [{"name": "X-A", "value": "", "group": "a.b"}],
        [{"name": "X-A", "value": "", "params": [["B:C", "x"]]}],
        [{"name": "X-A", "value": "", "params": [[]]}],
        [{"name": "X-A", "value": 1}],
        [{"name": "X-A", "value": "x" * 70_000}],
        ["X-A:1"],
        None,
    ],
)
def test_kept_lines_are_checked_after_they_were_out_of_our_hands(rows):
    with pytest.raises(ValueError, match="not a"):
        list(checked_extra(rows))


@pytest.mark.parametrize("cell", ["=1+1", "+49", "-1", "@x", "\tx", "\rx", "\nx", "'x", "''", "'", "＝1", "x=1", ""])
def test_guard_comes_off_again(cell):
    assert guard(cell)[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n", "＝"}
    assert unguard(guard(cell)) == cell


def test_table_has_no_cell_that_runs():
    cards = people(seed=3, count=300)
    most = {"email": 5, "phone": 5, "web": 5, "address": 5, "other": 5}

    rows = csv.reader(io.StringIO("".join(table_write.row(card, most).decode() for card in cards), newline=""))

    assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for row in rows for cell in row)


@pytest.mark.parametrize(
    ("value", "key"),
    [
        (" Ada@Example.ORG ", "ada@example.org"),
        ("mailto:ada@example.org", "ada@example.org"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
        ("ada", ""),
        ("a@b@c", ""),
        ("a b@c.de", ""),
        ("a@" + "ü" * 70, ""),
        ("a" * 320 + "@b.de", ""),
    ],
)
def test_email_key(value, key):
    assert email_key(value) == key


@pytest.mark.parametrize(
    ("value", "region", "key"),
    [
        ("030 901820", "DE", "+4930901820"),
        ("030/90 18-20", "DE", "+4930901820"),
        ("+49 (0)30 901820", "", "+4930901820"),
        ("0049 30 901820", "GB", "+4930901820"),
        ("tel:+49-30-901820", "", "+4930901820"),
        ("(415) 555-2671", "US", "+14155552671"),
        ("+1 415 555 2671 ext. 12", "", "+14155552671;ext=12"),
        ("030 901820", "", ""),
        ("030 901820", "XX", ""),
        ("5", "DE", ""),
        ("call the desk", "DE", ""),
        ("1" * 500, "DE", ""),
    ],
)
def test_phone_key(value, region, key):
    assert phone_key(value, region) == key


@pytest.mark.parametrize(
    "value", ["Hannah Vogel", "Vogel, Hannah", "Dr. HANNAH VOGEL", "Hánnah  Vogel", "Frau Hannah Vogel, PhD"]
)
def test_name_key_of_one_name_written_in_many_ways(value):
    assert name_key(value) == "hannah vogel"


@pytest.mark.parametrize(("value", "key"), [("Dr.", "dr"), ("木村 美奈", "木村 美奈"), ("Größe", "grosse"), ("!", "")])
def test_name_key_of_what_is_left(value, key):
    assert name_key(value) == key
