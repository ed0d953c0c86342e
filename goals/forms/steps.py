from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.forms import DayField, LineField, TextField
from goals.forms.fields import AmountField
from goals.models import Goal, ProgressUpdate


class ProgressForm(forms.ModelForm):
    """What happened: where the number stands, on which day, and a few words."""

    value = AmountField(label="How far now")
    note = TextField(label="What happened?", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    happened_on = DayField(label="Day", required=False)

    class Meta:
        model = ProgressUpdate
        fields = ("value", "note", "happened_on")

    def __init__(self, *args: Any, goal: Goal, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goal, self.today = goal, today
        if goal.counts:
            self.fields["value"].label = (
                f"{goal.unit[:1].upper()}{goal.unit[1:]} so far" if goal.unit else "How far now"
            )
        else:
            del self.fields["value"]
            self.fields["note"].required = True
            self.fields["note"].error_messages["required"] = "Write a few words. That nothing happened counts too."

    def clean_happened_on(self) -> date:
        """Today unless told; a day that is still ahead has not happened."""
        day = self.cleaned_data["happened_on"] or self.today
        if day > self.today:
            raise ValidationError("That day is still ahead.", code="ahead")
        return day


class PauseForm(forms.Form):
    """Why a goal rests; nobody has to say."""

    reason = LineField(label="Why now?", max_length=2000, required=False)


class CloseForm(forms.Form):
    """How a goal ended."""

    outcome = forms.ChoiceField(
        label="How did it end?",
        choices=[
            (Goal.Status.ACHIEVED, "Reached"),
            (Goal.Status.PARTLY, "Partly reached"),
            (Goal.Status.DROPPED, "Let it go"),
        ],
        widget=forms.RadioSelect(attrs={"data-look": "cards"}),
        error_messages={"required": "Choose how it ended."},
    )
    note = TextField(
        label="What stays with you?",
        help_text="One or two sentences for the day you look back. If you let it go, say why.",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("outcome") == Goal.Status.DROPPED and "note" in cleaned and not cleaned["note"]:
            self.add_error("note", "Say in a few words why you let it go.")
        return cleaned
