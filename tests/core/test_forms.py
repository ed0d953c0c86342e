import pytest
from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from core.forms import DayField, LineField


class LeftOutForm(forms.Form):
    title = LineField()
    day = DayField()
    kind = forms.ChoiceField(choices=[("a", "A")])
    kinds = forms.MultipleChoiceField(choices=[("a", "A")])
    own = LineField(error_messages={"required": "Name one thing."})


def test_field_left_out_is_told_in_plain_words():
    assert LeftOutForm({}).errors == {
        "title": ["This is still empty."],
        "day": ["This is still empty."],
        "kind": ["Choose one of these."],
        "kinds": ["Choose one of these."],
        "own": ["Name one thing."],
    }


def test_choice_that_is_not_there_is_told_in_plain_words_without_repeating_it():
    form = LeftOutForm({"title": "x", "day": "2026-01-01", "kind": "<forged>", "kinds": ["gone"], "own": "x"})

    said = ["That choice is not there any more. Choose again."]
    assert form.errors == {"kind": said, "kinds": said}


@pytest.mark.parametrize("value", ["one", "999999", "9" * 30])
@pytest.mark.parametrize("kind", [forms.ModelChoiceField, forms.ModelMultipleChoiceField])
def test_row_that_is_not_there_is_told_the_same(db, kind, value):
    field = kind(User.objects.all())

    with pytest.raises(ValidationError, match="That choice is not there any more. Choose again."):
        field.clean([value] if kind is forms.ModelMultipleChoiceField else value)


class LimitedForm(forms.Form):
    title = LineField(max_length=5)
    number = forms.IntegerField(min_value=2, max_value=4)


def test_field_beyond_its_limits_is_told_in_plain_words():
    assert LimitedForm({"title": "sixsix", "number": "1"}).errors == {
        "title": ["Use at most 5 characters. You have 6."],
        "number": ["Use 2 or more."],
    }
    assert LimitedForm({"title": "five5", "number": "5"}).errors == {"number": ["Use 4 or less."]}
