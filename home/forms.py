"""What people type on the pages of home."""

from datetime import date, timedelta
from typing import Any

from django import forms

from core.forms import DayField

LONGEST_SNOOZE = timedelta(days=366)


class SnoozeForm(forms.Form):
    """Until when a row of the desk is set aside; `until` is the day it comes back."""

    when = forms.ChoiceField(choices=[("tomorrow", "Tomorrow"), ("week", "Next week"), ("day", "A day")])
    until = DayField(label="Until", required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        when, until = cleaned.get("when"), cleaned.get("until")
        if when == "tomorrow":
            cleaned["until"] = self.today + timedelta(days=1)
        elif when == "week":
            cleaned["until"] = self.today + timedelta(days=7 - self.today.weekday())
        elif "until" not in self.errors:
            if until is None:
                self.add_error("until", "Choose the day on which it comes back.")
            elif until <= self.today:
                self.add_error("until", "Choose a day after today.")
            elif until > self.today + LONGEST_SNOOZE:
                self.add_error("until", "Choose a day within a year.")
        return cleaned
