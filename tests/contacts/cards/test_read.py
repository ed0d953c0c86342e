"""Files as other programs write them; each stands in tests/contacts/files/."""

import io
import json
from pathlib import Path

import pytest

from contacts.cards.headings import is_field
from contacts.cards.read import BadRow, Card, csv_headings, kind_of, read_cards

FILES = Path(__file__).parent.parent / "files"


def read(name, **options):
    with (FILES / name).open("rb") as file:
        kind = kind_of(file.read(4096), name)
        return list(read_cards(file, kind=kind, region="DE", **options))


@pytest.mark.parametrize(
    ("name", "people", "bad"),
    [
        ("android-2.1.vcf", ["Ольга Иванова"], []),
        ("apple.vcf", ["Dr. Hannah Vogel", "Praxis Dr. Weber"], []),
        ("columns.csv", ["Full Row", "Short Row", "Long But Empty", "After Quote", 'Bad "Middle" Quote', "Last Row"], [4, 6, 9, 10]),
        ("folded.vcf", ["Ünal Çelik"], []),
        ("google-2019.csv", ["Amara Diallo", '=HYPERLINK("http://evil.example")'], []),
        ("google-2024.csv", ["Prof. Jonas Peter Lindqvist PhD"], []),
        ("google.vcf", ["Ruth Okafor"], []),
        ("icloud.vcf", ["Deniz Öztürk"], []),
        ("linkedin.csv", ["Sofia Marques", "Tomás Novák, MBA"], []),
        ("names-with-marks.vcf", ['Smith, Jones; & "Co" \\ Sons: the firm'], []),
        ("nokia-2.1.vcf", ["Jörkka Virtanen"], []),
        ("one-broken.vcf", ["First Good", "Fourth Good"], [5, 11, 18, 19, 28, 34]),
        ("outlook-2.1.vcf", ["Dr. Jürgen Größler"], []),
        ("outlook-english.csv", ["Ms. Grace Huang", "O'Brien"], []),
        ("outlook-german.csv", ["Herr Jürgen Größler"], []),
        ("same-uid.vcf", ["Lea Brandt", "Lea Brandt-Koch"], []),
        ("semicolons.csv", ["Müller; Partner", "@SUM(A1)"], []),
        ("thunderbird-4.vcf", ["木村 美奈"], []),
        ("utf-16.csv", ["Zoë Łukasiewicz"], []),
        ("utf-16.vcf", ["Zoë Łukasiewicz"], []),
        ("without-fn.vcf", ["Mrs. Bola T. Adeyemi", "Blue Kiosk", "only.mail@example.org", "Zizi"], [19]),
    ],
)  # fmt: skip
def test_read_file_of_a_program(name, people, bad):
    rows = read(name)

    assert [row.name for row in rows if isinstance(row, Card)] == people
    assert [row.line for row in rows if isinstance(row, BadRow)] == bad
    assert all(Card.from_json(json.loads(json.dumps(row.to_json()))) == row for row in rows if isinstance(row, Card))


def one(name, number=0):
    return [row for row in read(name) if isinstance(row, Card)][number]


def ways(card):
    return [(way.kind, way.value, way.label, way.compared) for way in card.ways]


def test_apple_labels_and_birthday_without_a_year():
    card = one("apple.vcf")

    assert card.birthday == "--04-12"
    assert card.name_parts == ("Vogel", "Hannah", "", "Dr.", "")
    assert (card.organisation, card.role) == ("Charité, Neurologie", "Oberärztin")
    assert card.note == "Met at the congress, 2019.\nLikes trail running; no calls before 9."
    assert card.dropped == ("PHOTO",)
    assert ways(card) == [
        ("email", "hannah.vogel@example.org", "work", "hannah.vogel@example.org"),
        ("email", "hanni@example.net", "home", "hanni@example.net"),
        ("phone", "+49 151 23456789", "mobile", "+4915123456789"),
        ("phone", "030 901820", "Sekretariat", "+4930901820"),
        ("address", "Auguststraße 12, Hinterhaus, 10117 Berlin, Germany", "home", ""),
        ("web", "https://example.org/hannah", "homepage", ""),
        ("web", "http://www.linkedin.com/in/hannahvogel", "linkedin", ""),
        ("other", "xmpp:hannah@example.org", "Jabber", ""),
    ]


def test_lines_that_are_not_ours_are_kept_with_their_groups():
    unknown = [row for row in one("apple.vcf").extra if "as" not in row]

    assert unknown == [
        {"name": "NICKNAME", "value": "Hanni"},
        {"name": "X-ABDATE", "value": "2014-06-21", "params": [["PREF", "1"]], "group": "item4"},
        {"name": "X-ABLABEL", "value": "_$!<Anniversary>!$_", "group": "item4"},
        {"name": "X-ABRELATEDNAMES", "value": "Jonas", "params": [["PREF", "1"]], "group": "item5"},
        {"name": "X-ABLABEL", "value": "_$!<Spouse>!$_", "group": "item5"},
        {"name": "X-PHONETIC-LAST-NAME", "value": "Fogel"},
        {"name": "X-ABUID", "value": "5A9C1E0B-6C1D-4C53-9B2E-0C5D3F5A1E11:ABPerson"},
    ]


def test_outlook_card_of_old_with_soft_line_breaks():
    card = one("outlook-2.1.vcf")

    assert card.name_parts == ("Größler", "Jürgen", "", "Dr.", "")
    assert card.note == "Erste Zeile\nZweite Zeile mit = 3D Gleich"
    assert card.birthday == "1965-12-24"
    assert ("address", "Hauptstraße 5, Hinterhaus, 50667 Köln, Deutschland", "work", "") in ways(card)
    assert card.dropped == ("X-MS-CARDPICTURE",)


def test_android_card_with_letters_of_two_bytes_cut_in_two():
    card = one("android-2.1.vcf")

    assert card.name_parts == ("Иванова", "Ольга", "", "", "")
    assert ways(card)[1][2] == "Дача"


def test_nokia_photo_without_folds_ends_at_the_empty_line():
    card = one("nokia-2.1.vcf")

    assert card.dropped == ("PHOTO",)
    assert ways(card) == [
        ("phone", "+358401234567", "mobile", "+358401234567"),
        ("phone", "+358 9 123456", "home fax", "+3589123456"),
    ]


def test_folds_in_the_middle_of_a_letter_and_of_a_name():
    card = one("folded.vcf")

    assert card.note == "one two and three"
    assert ways(card) == [("email", "unal@example.com", "", "unal@example.com")]


def test_thunderbird_numbers_as_addresses():
    assert ways(one("thunderbird-4.vcf"))[2:4] == [
        ("phone", "+81-3-1234-5678 ext. 42", "work", "+81312345678;ext=42"),
        ("phone", "090-1234-5678", "mobile", "+499012345678"),
    ]


def test_icloud_group_and_tags():
    card = one("icloud.vcf")

    assert (card.organisation, card.birthday, card.tags) == ("Öztürk & Söhne", "1987-11-03", ("Freunde", "Köln"))


def test_google_card():
    card = one("google.vcf")

    assert card.tags == ("mentors",)
    assert ("email", "ruth@example.net", "Alumni", "ruth@example.net") in ways(card)
    assert ("web", "https://example.com/ruth", "PROFILE", "") in ways(card)
    assert card.dropped == ()  # the photo is an address, which is kept and never asked for


def test_google_table_of_old_with_several_values_in_a_cell():
    card = one("google-2019.csv")

    assert card.tags == ("Mentors", "Berlin")
    assert card.note == 'Asked about "design systems",\ntwice.'
    assert ways(card) == [
        ("email", "amara@example.com", "work", "amara@example.com"),
        ("email", "amara.diallo@example.org", "work", "amara.diallo@example.org"),
        ("email", "amara@example.net", "home", "amara@example.net"),
        ("phone", "+49 160 5550100", "mobile", "+491605550100"),
        ("phone", "+49 30 5550100", "work", "+49305550100"),
        ("address", "Kastanienallee 1, Berlin, 10435, Germany", "home", ""),
        ("web", "https://example.com/amara", "Profile", ""),
    ]


def test_google_table_of_today():
    card = one("google-2024.csv")

    assert (card.organisation, card.role, card.tags, card.birthday) == ("KTH", "Professor", ("Research",), "1971-07-04")
    assert ("address", "Lindstedtsvägen 3, 114 28 Stockholm, Sweden", "work", "") in ways(card)


def table(*rows):
    return list(read_cards(io.BytesIO("\n".join(rows).encode()), kind="csv", region="DE"))


def test_google_addresses_that_are_not_formatted_come_from_their_parts():
    [card] = table(
        "Labels,First Name,Organization Name,Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - Postal Code,Address 1 - Country",
        'Friends,Ada,KTH,Home ::: Work," ::: 1 High St\nLeeds\nGB",Lindvägen 3 ::: 1 High St,Lund ::: Leeds,223 50 ::: LS1,Sweden ::: GB',
    )

    assert [(way.value, way.label) for way in card.ways] == [
        ("Lindvägen 3, 223 50 Lund, Sweden", "home"), ("1 High St, Leeds, GB, LS1", "work"),
    ]  # fmt: skip


def test_department_stands_behind_the_firm_as_in_a_card():
    for heading in ("Labels,First Name,Organization Name,Organization Department", "First Name,E-mail Address,Company,Department",
                    "Vorname,E-Mail-Adresse,Firma,Abteilung"):  # fmt: skip
        first, second = ("", "Ada") if heading.startswith("Labels") else ("Ada", "")
        both, alone = table(heading, f"{first},{second},KTH,Physics", f"{first},{second},,Physics")
        assert (both.organisation, alone.organisation) == ("KTH, Physics", "Physics")


def test_columns_that_hold_something_and_are_left_out_are_named():
    full, empty = table(
        "First Name,E-mail Address,Spouse,Priority,Hobby,Sensitivity", "Ada,ada@example.org,Bo,Normal,Chess,Normal", "Ben,,,Normal,,"
    )  # fmt: skip

    assert (full.dropped, empty.dropped) == (("Spouse", "Hobby"), ())


def test_outlook_tables_in_two_languages():
    english, german = one("outlook-english.csv"), one("outlook-german.csv")

    assert (english.birthday, english.tags) == ("1980-04-12", ("Customers", "Board"))
    assert ("address", "1 Market St, 94105 San Francisco, CA, United States", "work", "") in ways(english)
    assert one("outlook-english.csv", 1).birthday == ""  # "0/0/00" is none
    assert (german.birthday, german.organisation) == ("1965-12-24", "Straßenbau GmbH; Nachf.")
    assert german.note == "Zahlt in €, pünktlich"
    assert ("address", "Hauptstraße 5, 50667 Köln, Deutschland", "work", "") in ways(german)


def test_linkedin_below_its_notes():
    card = one("linkedin.csv", 1)

    assert (card.line, card.role, card.note) == (6, 'Owner "and" cook', "Connected On: 03 Jan 2024")
    assert ways(card)[0] == ("web", "https://www.linkedin.com/in/tomasnovak", "LinkedIn", "")


def test_cells_that_look_like_formulas_stay_words():
    plus, formulas = one("semicolons.csv"), one("semicolons.csv", 1)

    assert ways(plus)[1] == ("phone", "+49 30 901820", "", "+4930901820")
    assert [formulas.name, *(way.value for way in formulas.ways)] == ["@SUM(A1)", "=1+1", "-5"]


def test_bad_rows_say_why_and_what_stood_there():
    assert [row for row in read("columns.csv") if isinstance(row, BadRow)] == [
        BadRow(4, "The row has 4 cells, and the heading has 3.", "Long Row,long@example.org,+49 30 901821,surplus"),
        BadRow(6, "The quotation marks in this row do not pair.", '"Open Quote,open@example.org,1'),
        BadRow(9, "The quotation marks in this row do not pair.", '"Bad"x,bad@example.org,'),
        BadRow(10, "There is no name, organisation or address of mail in this row.", ",,+49 30 901823"),
    ]
    assert [row.reason for row in read("one-broken.vcf") if isinstance(row, BadRow)] == [
        "Line 8 cannot be read: there is no colon in it.",
        "The card has no END:VCARD; the next begins in line 14.",
        "This stands outside of any card.",
        "There is a card inside this card, which is not read. Export the people one by one.",
        "This is a group of people and not a person.",
        "The file ends before END:VCARD.",
    ]


def test_card_with_a_card_inside_is_handed_out_whole_to_be_mended():
    (bad,) = [row for row in read("one-broken.vcf") if isinstance(row, BadRow) and "inside this card" in row.reason]

    assert bad.raw.splitlines()[2:] == [
        "FN:Fifth With A Friend", "AGENT:", "BEGIN:VCARD", "VERSION:3.0", "FN:Inner", "END:VCARD", "END:VCARD",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "program", "separator", "unknown"),
    [
        ("google-2024.csv", "Google", ",", {"File As", "Photo", "Nickname"}),
        ("outlook-german.csv", "Outlook", ";", {"E-Mail: Typ"}),
        ("outlook-english.csv", "Outlook", ",", {"Nickname"}),
        ("linkedin.csv", "LinkedIn", ",", set()),
        ("semicolons.csv", "", ";", {"Lieblingsfarbe"}),
        ("utf-16.csv", "Outlook", "\t", set()),
    ],
)
def test_headings_are_recognised(name, program, separator, unknown):
    with (FILES / name).open("rb") as file:
        headings = csv_headings(file)

    assert (headings.program, headings.separator) == (program, separator)
    assert unknown <= set(headings.unknown)
    assert headings.samples


def test_columns_mapped_by_hand():
    table = b"Wer,Wo,Mail,Mail,Egal\nAda,Berlin,a@example.org,b@example.org,x\n"
    names = csv_headings(io.BytesIO(table)).names
    mapping = {"Wer": "name", "Wo": "address.home.city", "Mail": "email.work", "Mail (2)": "email.home", "Egal": "note"}

    (card,) = read_cards(io.BytesIO(table), kind="csv", mapping=mapping)

    assert names == ("Wer", "Wo", "Mail", "Mail (2)", "Egal")
    assert [(way.value, way.label) for way in card.ways] == [
        ("Berlin", "home"), ("a@example.org", "work"), ("b@example.org", "home"),
    ]  # fmt: skip
    assert card.note == "Egal: x"


@pytest.mark.parametrize(
    ("target", "is_one"),
    [("name", True), ("", True), ("email.work", True), ("address.home.city", True), ("name.x", False), ("id", False),
     ("email.", False), ("address.home.nothing", False), ("email." + "x" * 41, False)],
)  # fmt: skip
def test_only_fields_can_be_mapped(target, is_one):
    assert is_field(target) == is_one


@pytest.mark.parametrize(
    ("typed", "birthday"),
    [
        ("4/12/1980", "1980-04-12"),
        ("24/12/1980", "1980-12-24"),
        ("24.12.1980", "1980-12-24"),
        ("4.12.1980", "1980-12-04"),
        ("1980-12-24", "1980-12-24"),
        ("--12-24", "--12-24"),
        ("1604-12-24", "--12-24"),
        ("0/0/00", ""),
        ("31.2.1980", ""),
        ("29.2.2024", "2024-02-29"),
        ("soon", ""),
    ],
)
def test_birthdays_of_tables(typed, birthday):
    (card,) = read_cards(io.BytesIO(f"Name,Birthday\nAda,{typed}\n".encode()), kind="csv")

    assert card.birthday == birthday
