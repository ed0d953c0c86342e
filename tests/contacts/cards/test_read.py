"""Files as other programs write them; each stands in tests/contacts/files/."""

import json
from pathlib import Path

import pytest

from contacts.cards.read import BadRow, Card, kind_of, read_cards

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
