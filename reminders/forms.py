"""What people set: when they are written to, where they live, how it looks."""

from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.forms import ZoneField
from accounts.models import User
from core.forms import DayField, LineField
from mail.registry import switches
from reminders.models import Schedule

LONGEST_BREAK = timedelta(days=366)
HALF_HOURS = [time(minutes // 60, minutes % 60) for minutes in range(0, 24 * 60, 30)]


def read_time(text: str) -> time:
    """Return an hour of the day from "18:00"; raise ValueError for anything else."""
    hours, _, minutes = text.partition(":")
    if not (hours.isascii() and hours.isdigit() and minutes.isascii() and minutes.isdigit() and len(text) <= 5):
        raise ValueError(text[:20])
    return time(int(hours), int(minutes))


class WeeklyForm(forms.Form):
    """The day and the hour of the weekly mail, on the person's own clock."""

    weekday = forms.TypedChoiceField(
        label="Day",
        choices=Schedule.Weekday.choices,
        coerce=int,
        error_messages={"invalid_choice": "Choose a day of the week.", "required": "Choose a day of the week."},
    )
    local_time = forms.CharField(label="Time", max_length=5, error_messages={"required": "Choose an hour, like 18:00."})

    def clean_local_time(self) -> time:
        try:
            return read_time(self.cleaned_data["local_time"])
        except ValueError as error:
            raise ValidationError("Use an hour like 18:00.", code="hour") from error


class SwitchForm(forms.Form):
    """One switch: which mails, on or off."""

    kind = forms.ChoiceField(choices=lambda: list(switches().items()))
    on = forms.BooleanField(required=False)


class HideTextForm(forms.ModelForm):
    """Whether mails leave out what people wrote."""

    class Meta:
        model = User
        fields = ["mails_hide_text"]


class ZoneChoiceForm(forms.Form):
    """Where a person lives, as far as the clock is concerned."""

    time_zone = ZoneField(label="Time zone")


class ThemeForm(forms.ModelForm):
    """Light, dark, or as the device says."""

    class Meta:
        model = User
        fields = ["theme"]


class NameForm(forms.ModelForm):
    """How others see a person."""

    name = LineField(label="Name", max_length=80)

    class Meta:
        model = User
        fields = ["name"]


class BreakForm(forms.Form):
    """From when, and until when or until further notice, a person wants to hear nothing."""

    from_on = DayField(label="From")
    until_on = DayField(label="Until and including", required=False, help_text="Leave it empty if you do not know yet.")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("from_on"), data.get("until_on")
        if first and not self.today - timedelta(days=31) <= first <= self.today + LONGEST_BREAK:
            self.add_error("from_on", "A break can begin in the last month or the coming year.")
        elif first and last and last < max(first, self.today):
            self.add_error("until_on", "A break ends after it begins, and not in the past.")
        elif first and last and last - first > LONGEST_BREAK:
            self.add_error("until_on", "A break lasts a year at most. Leave the day empty if you do not know yet.")
        return data
