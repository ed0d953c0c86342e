import pytest
from django.utils.safestring import SafeString

from mail.stencils import Stencil, fill_in
from mail.templates import piece

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


@pytest.mark.parametrize("suffix", ["html", "txt"])
@pytest.mark.parametrize("before", ["", "A <year> & a day ago"])
@pytest.mark.parametrize("intended", ["", "{0} you 'wanted' to"])
def test_filled_template_is_what_django_writes(suffix, before, intended):
    name = f"reminders/emails/prompt/body.{suffix}"
    shared = {"nothing": "Nothing <b>", "question_count": "One question"}
    words = {"intended": intended, "intended_in_capitals": intended.upper(), "intention": "", "heading": "How & why?"}
    expected = piece(name, **shared, **words, before={"words": before, "path": "/x/"} if before else None)

    for _ in range(2):
        filled = fill_in(name, words | {"before.words": before, "before.path": "/x/" if before else ""}, shared)
        assert filled == expected


def test_filled_template_is_drawn_anew_where_the_rest_differs():
    drawn = [fill_in("mail/emails/_h1.html", {"words": "One"}, {"below": below}) for below in ("8", "24", "8")]

    assert drawn == [piece("mail/emails/_h1.html", words="One", below=below) for below in ("8", "24", "8")]
    assert drawn[0] != drawn[1]


def test_filled_template_is_read_anew_in_development(settings):
    settings.DEBUG = True

    assert fill_in("mail/emails/_h1.html", {"words": "One"}, {}) == piece("mail/emails/_h1.html", words="One")
