"""What people type about a relation."""

from datetime import date, timedelta
from typing import Any

from django import forms

from core.forms import DayField, TextField
from mentors.models import MAX_NOTE_LENGTH, MAX_PRIVATE_NOTE_LENGTH

LONGEST_PAUSE = timedelta(days=366)


class PauseForm(forms.Form):
    """Until when two people expect nothing of each other."""

    until = DayField(label="Until")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["until"].widget.attrs |= {"min": str(today + timedelta(days=1))}

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if until <= self.today:
            raise forms.ValidationError("Choose a day after today.")
        if until > self.today + LONGEST_PAUSE:
            raise forms.ValidationError("A pause can last a year. For longer, end it and start anew when you are back.")
        return until


class EndForm(forms.Form):
    """Kind words when a relation ends."""

    words = TextField(
        label="Kind words",
        help_text="They are sent along and stay on the page that says you worked together. No reason is needed.",
        max_length=MAX_NOTE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "words"}),
    )


class PrivateNoteForm(forms.Form):
    """What a reader notes for themselves; `version` is what they wrote on."""

    text = TextField(
        label="Your private notes",
        max_length=MAX_PRIVATE_NOTE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "class": "words", "data-look": "bare"}),
    )
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
