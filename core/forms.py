"""Form fields for what people type (core.text says what is cleaned away), and for days."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator

from core.text import clean_line, clean_text, validate_visible
from core.timekeeping import at_local

# Days outside these years are typing errors, and years near 1 and 9999 break zone arithmetic.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
# Of a page that was open for long, or of what no page ever offered.
CHOICE_IS_GONE = "That choice is not there any more. Choose again."


def use_plain_words() -> None:
    """Say what to do of a field left out, too long or outdated, whichever form it stands in; a field's own words go first."""
    forms.Field.default_error_messages["required"] = "This is still empty."
    for kind in (forms.ChoiceField, forms.ModelChoiceField):
        kind.default_error_messages["required"] = "Choose one of these."
    gone = dict.fromkeys(("invalid_choice", "invalid_list", "invalid_pk_value"), CHOICE_IS_GONE)
    several: Any = (forms.MultipleChoiceField, forms.ModelMultipleChoiceField)
    for kind in (forms.ChoiceField, forms.ModelChoiceField, *several):
        kind.default_error_messages |= gone
    MaxLengthValidator.message = "Use at most %(limit_value)d characters. You have %(show_value)d."
    MinValueValidator.message = "Use %(limit_value)s or more."
    MaxValueValidator.message = "Use %(limit_value)s or less."


class Continued:
    """A form that sends the `version` of the row it was opened on, and can go on from one that was saved meanwhile."""

    data: Any

    def continue_from(self, version: int) -> None:
        """Let the page, shown again with what was typed, save over `version`: its writer has now seen that one."""
        self.data = self.data.copy()
        self.data["version"] = str(version)


class LineField(forms.CharField):
    """One line of text: controls and line breaks are cleaned away, something visible must remain."""

    default_validators = [validate_visible]

    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "")


class TextField(forms.CharField):
    """Several lines of text, at most `max_length` characters (20,000 unless told), in a box of `rows` lines where told."""

    widget = forms.Textarea

    def __init__(self, *, max_length: int = 20_000, rows: int | None = None, **kwargs: Any) -> None:
        self.rows = rows
        super().__init__(max_length=max_length, **kwargs)

    def make_room(self, length: int) -> None:
        """Let a text stay that is longer than can be typed: several became one, or it came from a file."""
        if length > (self.max_length or 0):
            self.max_length = length
            others = [each for each in self.validators if not isinstance(each, MaxLengthValidator)]
            self.validators = [*others, MaxLengthValidator(length)]
            self.widget.attrs["maxlength"] = str(length)

    def widget_attrs(self, widget: forms.Widget) -> Any:
        return super().widget_attrs(widget) | ({"rows": self.rows} if self.rows else {})

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "").strip()


class DayField(forms.DateField):
    """A calendar day, as the browser's own date input sends it."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": "Use a date, like 2027-03-15."}

    def __init__(self, *, first: date = FIRST_DAY, last: date = LAST_DAY, **kwargs: Any) -> None:
        self.first, self.last = first, last
        super().__init__(**kwargs)

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is not None and not self.first <= value <= self.last:
            raise forms.ValidationError(f"Use a date between {self.first.year} and {self.last.year}.", code="range")


class ListField(LineField):
    """Several short things in one line, parted by commas; gives a list without doubles in any case."""

    def __init__(self, *, most: int, each: int, **kwargs: Any) -> None:
        super().__init__(max_length=most * (each + 2), **kwargs)
        self.most, self.each = most, each

    def make_room(self, most: int) -> None:
        """Let a list stay that is longer than can be typed: several became one."""
        if most > self.most:
            self.most, self.max_length = most, most * (self.each + 2)
            others = [each for each in self.validators if not isinstance(each, MaxLengthValidator)]
            self.validators = [*others, MaxLengthValidator(self.max_length)]
            self.widget.attrs["maxlength"] = str(self.max_length)

    def clean(self, value: Any) -> Any:
        """Part what was typed at its commas."""
        typed = str(super().clean(value))
        found: dict[str, str] = {}
        for part in typed.replace(";", ",").split(","):
            thing = clean_line(part)
            if any(letter.isalnum() for letter in thing):
                found.setdefault(thing.lower(), thing)
        if len(found) > self.most:
            raise forms.ValidationError(f"{self.most} are enough. You have {len(found)} here.")
        if too_long := next((thing for thing in found.values() if len(thing) > self.each), None):
            raise forms.ValidationError(f"Put commas between them; “{too_long[:30]}…” is too long for one.")
        return list(found.values())

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, (list, tuple)) else value


class HourField(forms.TimeField):
    """A time of day, as the browser's own time input sends it."""

    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    default_error_messages = {"invalid": "Use a time, like 17:30."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%H:%M", "%H:%M:%S"], **kwargs)


def moment_of(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """Return the moment of a person's own day and hour; the first, where the clocks show the hour twice.

    Raises ValidationError for an hour that they skip.
    """
    at = at_local(zone, day, hour)
    if at.astimezone(zone).time() != hour:
        message = f"The clocks skip {hour:%H:%M} on {day.day} {day:%B}, for summer time. Choose another hour."
        raise forms.ValidationError(message, code="gap")
    return at
