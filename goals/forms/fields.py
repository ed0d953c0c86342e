"""Kinds of input that the forms of goals share."""

import re
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator

from core.timekeeping import say_day
from sharing.models import Mentorship

NUMBER_HELP = "Use a number, like 2 or 2.5."
HOURS_HELP = "Use hours like 1 or 2.5."
# More hours than a month has since the last time is a typing error.
MAX_HOURS = 700
MOST_HOURS_A_WEEK = 100
ONE_DAY, SHORTLY_BEFORE = timedelta(days=1), timedelta(days=31)
HOURS_A_WEEK_HELP = f"Use hours a week between half an hour and {MOST_HOURS_A_WEEK}."


class AmountField(forms.DecimalField):
    """A number as people write it: "2,5" and "12 000" are numbers too."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "form-control"})
    default_error_messages = {
        "invalid": NUMBER_HELP,
        "max_digits": "This number is too large. Use at most twelve digits.",
        "max_whole_digits": "This number is too large. Use at most twelve digits.",
        "max_decimal_places": "Two decimals are enough.",
    }

    def __init__(self, *, max_digits: int = 14, decimal_places: int = 2, **kwargs: Any) -> None:
        super().__init__(max_digits=max_digits, decimal_places=decimal_places, **kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = re.sub(r"(?<=\d)[\s,](?=\d{3}(\D|$))", "", value.strip()).replace(",", ".")
            if len(value) > 40:
                raise ValidationError(self.error_messages["max_digits"], code="max_digits")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """Show stored numbers without empty decimals; what was typed comes back as it was."""
        return format(value.normalize(), "f") if isinstance(value, Decimal) else value


class HoursField(AmountField):
    """Hours as people say them: "1.5", "1,5" and "1:30" are the same."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators.append(MinValueValidator(0, HOURS_HELP))
        self.validators.append(MaxValueValidator(MAX_HOURS, HOURS_HELP))
        self.error_messages["invalid"] = HOURS_HELP

    def to_python(self, value: Any) -> Any:
        clock = re.fullmatch(r"\s*([0-9]{1,3}):([0-5][0-9])\s*", value) if isinstance(value, str) else None
        if clock:
            return (Decimal(clock[1]) + Decimal(clock[2]) / 60).quantize(Decimal("0.01"))
        return super().to_python(value)


class WeeklyHoursField(AmountField):
    """Hours a week, to the half hour or so."""

    default_error_messages = {
        "invalid": f"{NUMBER_HELP} A rough guess is fine.",
        **dict.fromkeys(("max_digits", "max_whole_digits"), HOURS_A_WEEK_HELP),
        "max_decimal_places": "One decimal is enough, like 2.5. A rough guess is fine.",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=4, decimal_places=1, **kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and not 0 < value <= MOST_HOURS_A_WEEK:
            raise ValidationError(HOURS_A_WEEK_HELP, code="range")


class ReadersField(forms.ModelMultipleChoiceField):
    """The people a thing can be shown to: the owner's active relations, by name."""

    widget = forms.CheckboxSelectMultiple(attrs={"data-look": "cards plain"})

    def label_from_instance(self, obj: Mentorship) -> str:
        return f"{obj.mentor_name}, {'your mentor' if obj.is_mentor else 'colleague'}"


def has_passed(day: date, today: date) -> str:
    """Say that a day is gone, and which one was probably meant."""
    if day == today:
        return "That is today. Choose a day that is still ahead."
    words = f"{say_day(day, today)} has passed." if day.year != today.year else f"{day.day} {day:%B} has passed."
    meant = _in_a_later_year(day, today + ONE_DAY)
    return f"{words} Did you mean {_in_full(meant)}?" if meant else f"{words} Choose a day that is still ahead."


def before_its_goal(day: date | None, *, starts_on: date, due_on: date | None) -> str:
    """Ask about a milestone's day that lies long before its goal begins, and which was meant; empty for all others.

    What was done shortly before may be a part of it.
    """
    if day is None or starts_on - day <= SHORTLY_BEFORE:
        return ""
    words = f"{_in_full(day)} is long before this goal begins, on {_in_full(starts_on)}."
    meant = _in_a_later_year(day, starts_on)
    if meant and (due_on is None or meant <= due_on):
        return f"{words} Did you mean {_in_full(meant)}?"
    return f"{words} Choose a later day, or let the goal begin earlier."


def _in_a_later_year(day: date, first: date) -> date | None:
    """Return that day of the year in which it comes up next, from `first` on; None for most of 29 February."""
    for year in (first.year, first.year + 1):
        with suppress(ValueError):
            if (meant := day.replace(year=year)) >= first:
                return meant
    return None


def _in_full(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"
