import pytest
from django import forms

from core.forms import DayField, LineField, TextField
from core.text import clean_line, clean_text


def test_clean_text_takes_controls_and_keeps_languages():
    assert clean_text("a\x00b\u202ec\r\nd\re\u200bf") == "abc\nd\nef"
    assert clean_text("می‌خواهم 👨‍👩‍👧") == "می‌خواهم 👨‍👩‍👧"
    assert clean_text("e\u0301") == "é"
    assert clean_text("\ud800x") == "x"


def test_clean_line_is_one_line():
    assert clean_line("Subject\r\nBcc: x@example.org\t y") == "Subject Bcc: x@example.org y"


class ExampleForm(forms.Form):
    name = LineField(max_length=20)
    text = TextField(max_length=10, required=False)
    day = DayField(required=False)


@pytest.mark.parametrize(
    ("data", "field", "message"),
    [
        ({"name": "\u200b\u200d"}, "name", "Please use at least one letter or number."),
        ({"name": "x" * 21}, "name", "at most 20"),
        ({"name": "x", "text": "y" * 11}, "text", "at most 10"),
        ({"name": "x", "day": "0001-01-01"}, "day", "between 1900 and 2200"),
        ({"name": "x", "day": "9999-12-31"}, "day", "between 1900 and 2200"),
        ({"name": "x", "day": "31/31/31"}, "day", "Use a date"),
    ],
)
def test_fields_say_what_is_wrong(data, field, message):
    form = ExampleForm(data)

    assert not form.is_valid()
    assert message in str(form.errors[field])
