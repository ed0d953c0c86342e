from django import forms

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


class LimitedForm(forms.Form):
    title = LineField(max_length=5)
    number = forms.IntegerField(min_value=2, max_value=4)


def test_field_beyond_its_limits_is_told_in_plain_words():
    assert LimitedForm({"title": "sixsix", "number": "1"}).errors == {
        "title": ["Use at most 5 characters. You have 6."],
        "number": ["Use 2 or more."],
    }
    assert LimitedForm({"title": "five5", "number": "5"}).errors == {"number": ["Use 4 or less."]}
