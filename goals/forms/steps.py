from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.forms import DayField, LineField, TextField
from goals.forms.fields import AmountField, HoursField
from goals.logged import NO_CHANGE
from goals.models import Goal, ProgressUpdate

SURE_CHOICES = [
    ("", "Not said"),
    ("0", "0, not at all"),
    *((str(number), str(number)) for number in range(1, 10)),
    ("10", "10, certain"),
]


class ProgressForm(forms.ModelForm):
    """What happened: where the number stands, how sure one is, hours given, on which day, and a few words.

    `is_unchanged` is the button "No change": the number stays what it was, and words are not needed.
    """

    value = AmountField(label="How far now", required=False)
    note = TextField(label="What happened?", max_length=4000, required=False, rows=2)
    confidence = forms.TypedChoiceField(
        label="How sure are you of the date?",
        help_text="From 0, not at all, to 10, certain.",
        choices=SURE_CHOICES,
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": "Choose a number from 0 to 10."},
    )
    hours = HoursField(label="Hours given", help_text="Since you logged the last time.", required=False)
    happened_on = DayField(label="Day", required=False)

    class Meta:
        model = ProgressUpdate
        fields = ("value", "note", "confidence", "hours", "happened_on")

    def __init__(self, *args: Any, goal: Goal, today: date, is_unchanged: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goal, self.today = goal, today
        self.is_unchanged = is_unchanged
        if goal.counts:
            self.fields["value"].label = (
                f"{goal.unit[:1].upper()}{goal.unit[1:]} so far" if goal.unit else "How far now"
            )
        else:
            del self.fields["value"]
            self.fields["note"].required = not is_unchanged
            self.fields["note"].error_messages["required"] = "Write a few words. That nothing happened counts too."

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if self.is_unchanged:
            # Whatever stands in the field for the number is not meant; the service knows where the goal stands.
            self.errors.pop("value", None)
            cleaned["value"] = None
            cleaned["note"] = cleaned.get("note") or NO_CHANGE
        elif self.goal.counts and cleaned.get("value", 0) is None and not cleaned.get("note", "-"):
            self.add_error("value", "Log a number or a few words.")
        return cleaned

    def clean_happened_on(self) -> date:
        """Today unless told; a day that is still ahead has not happened."""
        day = self.cleaned_data["happened_on"] or self.today
        if day > self.today:
            raise ValidationError("That day is still ahead.", code="ahead")
        return day


class ProgressEditForm(ProgressForm):
    """What was logged, put right; the history keeps how it was."""

    reason = LineField(label="What changed?", max_length=2000, required=False)


class ProgressDeleteForm(forms.Form):
    """Why something leaves the log; nobody has to say."""

    reason = LineField(label="Why?", max_length=2000, required=False)
