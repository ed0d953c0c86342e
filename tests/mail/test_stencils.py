import pytest
from django.utils.safestring import SafeString

from mail.stencils import Stencil, fill_in
from mail.templates import piece

FOLDER = "reminders/emails/prompt"
AHEAD = f"{FOLDER}/_ahead"
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


@pytest.mark.parametrize("name", ["mail/emails/_h1.html", "reminders/emails/prompt/_win.txt"])
def test_stencil_with_one_word_or_none(name):
    assert Stencil(name, "words").fill([("One & two",)]) == piece(name, words="One & two")
    assert Stencil(name, words="Fixed").fill([()]) == piece(name, words="Fixed")


@pytest.mark.parametrize("before", ["", "A <year> & a day ago"])
@pytest.mark.parametrize("intended", ["", "{0} you 'wanted' to"])
def test_filled_mail_is_what_django_writes(before, intended):
    shared = {"nothing": "Nothing <b>", "question_count": "One question"}
    words = {"intended": intended, "intended_in_capitals": intended.upper(), "intention": "", "heading": "How & why?"}
    words |= {"of": "Week 47", "question": "how & why?"}
    known = {**shared, **words, "before": {"words": before, "path": "/x/"} if before else None}
    subject = "Week 47: how & why?"
    expected = (
        subject,
        piece(f"{FOLDER}/body.txt", **known),
        piece(f"{FOLDER}/body.html", **known, subject=subject),
    )

    for _ in range(2):
        filled = fill_in(FOLDER, words | {"before.words": before, "before.path": "/x/" if before else ""}, shared)
        assert filled == expected


def test_filled_mail_is_drawn_anew_where_the_rest_differs():
    drawn = [fill_in(FOLDER, {"heading": "One"}, {"nothing": said})[1] for said in ("None", "Nobody", "None")]

    assert drawn == [piece(f"{FOLDER}/body.txt", heading="One", nothing=said) for said in ("None", "Nobody", "None")]
    assert drawn[0] != drawn[1]


def test_filled_mail_is_read_anew_in_development(settings):
    settings.DEBUG = True

    assert fill_in(FOLDER, {"heading": "One"}, {})[1] == piece(f"{FOLDER}/body.txt", heading="One")
