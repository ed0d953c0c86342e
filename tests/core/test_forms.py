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
