import pytest
from django.utils.safestring import SafeString

from mail.letters import piece
from mail.stencils import Stencil

AHEAD = "reminders/emails/prompt/_ahead"
FIELDS = ("when", "words", "path")
ROWS = [
    ("Tuesday", 'A <b>bold</b> & "quoted" {plan} {0}', "/goals/1/"),
    ("2 days late", "Zwölf 📈 \uf8ff7\uf8ff", "/x/"),
]


@pytest.mark.parametrize("name", [f"{AHEAD}.html", f"{AHEAD}.txt"])
def test_stencil_writes_what_the_template_would(name):
    expected = "".join(piece(name, **dict(zip(FIELDS, row, strict=True))) for row in ROWS)

    assert Stencil(name, *FIELDS).fill(ROWS) == expected


def test_stencil_escapes_words_and_leaves_markup():
    filled = Stencil("reminders/emails/prompt/_win.html", "words").fill([("<i>",), (SafeString("<b>x</b>"),)])

    assert "&lt;i&gt;" in filled
    assert "<b>x</b>" in filled


def test_stencil_of_no_rows():
    assert Stencil(f"{AHEAD}.html", *FIELDS).fill([]) == ""
