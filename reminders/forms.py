"""What people set: when they are written to, where they live, how it looks."""

from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.forms import ZoneField
from accounts.models import User
from core.forms import DayField, LineField
from mail.registry import switches
from reminders.models import EVENING, SUNDAY, Schedule

LONGEST_BREAK = timedelta(days=366)
HALF_HOURS = [time(minutes // 60, minutes % 60) for minutes in range(0, 24 * 60, 30)]


def read_time(text: str) -> time:
    """Return an hour of the day from "18:00"; raise ValueError for anything else."""
    hours, _, minutes = text.partition(":")
    if not (hours.isascii() and hours.isdigit() and minutes.isascii() and minutes.isdigit() and len(text) <= 5):
        raise ValueError(text[:20])
    return time(int(hours), int(minutes))


class HourField(forms.CharField):
    """An hour of the day; the usual one where none is sent."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=5, required=False, **kwargs)

    def clean(self, value: Any) -> time:
        text = super().clean(value)
        try:
            return read_time(text) if text else EVENING
        except ValueError as error:
            raise ValidationError("Use an hour like 18:00.", code="hour") from error


class RhythmForm(forms.Form):
    """How often somebody is asked about their weeks and months, on which day and hour of their own clock.

    The day and hour of what was not asked about before are not sent: they begin with the usual ones.
    """

    weeks = forms.TypedChoiceField(
        label="How often",
        choices=[(1, "Every week"), (2, "Every other week"), (0, "No weekly email")],
        coerce=int,
        error_messages={"invalid_choice": "Choose how often.", "required": "Choose how often."},
    )
    weekday = forms.TypedChoiceField(
        label="Day",
        choices=Schedule.Weekday.choices,
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": "Choose a day of the week."},
    )
    local_time = HourField(label="Time")
    month_day = forms.TypedChoiceField(
        label="Monthly",
        choices=[(0, "No monthly email"), *((day, f"On the {words}") for day, words in Schedule.MonthDay.choices)],
        coerce=int,
        error_messages={"invalid_choice": "Choose a day around the end of a month.", "required": "Choose a day."},
    )
    month_time = HourField(label="Time of the monthly email")

    def clean_weekday(self) -> int:
        day: int | None = self.cleaned_data["weekday"]
        return SUNDAY if day is None else day


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
