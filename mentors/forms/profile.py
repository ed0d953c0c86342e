"""What a mentor says of themselves, and when people have time."""

from datetime import date, time, timedelta
from typing import Any

from django import forms

from accounts.models import User
from core.forms import DayField, LineField, ListField, TextField
from mentors.models import Profile, Slot
from mentors.models.profile import (
    MAX_CAPACITY,
    MAX_DAYS_TO_ANSWER,
    MAX_HOURS_A_MONTH,
    MAX_TOPIC_LENGTH,
    MAX_TOPICS,
    MAX_WORDS_LENGTH,
)
from mentors.models.slot import MAX_SLOTS
from mentors.vocabulary import INDUSTRIES, LANGUAGES

LONGEST_PAUSE = timedelta(days=366)
MAX_LANGUAGES = 12
_CODES = {name.lower(): code for code, name in LANGUAGES.items()}
_HALF_HOURS = [(f"{hour:02d}:{minute:02d}", f"{hour:02d}:{minute:02d}") for hour in range(24) for minute in (0, 30)]


class LanguagesField(ListField):
    """Languages by their English names; gives ISO 639-1 codes."""

    def clean(self, value: Any) -> list[str]:
        """Look each name up."""
        names: list[str] = super().clean(value)
        if unknown := next((name for name in names if name.lower() not in _CODES), None):
            raise forms.ValidationError(f"We do not know the language “{unknown}”. Use its English name, like German.")
        return [_CODES[name.lower()] for name in names]

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            return ", ".join(LANGUAGES.get(str(code), str(code)) for code in value)
        return value


class ProfileForm(forms.ModelForm):
    """An offer to be a mentor. What others need to choose is required only once they can find it."""

    is_listed = forms.BooleanField(
        label="Others can find me",
        help_text="Everybody who is signed in here can then read this page. You decide about each person who asks.",
        required=False,
        widget=forms.CheckboxInput(attrs={"data-look": "switch", "role": "switch"}),
    )
    headline = LineField(
        label="Who you are, in a line",
        help_text="For example: Research lead at a hospital group, 14 years in.",
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"data-look": "plain"}),
    )
    helps_with = TextField(
        label="What you can help with",
        help_text="Two sentences in your own words say more than a list.",
        max_length=MAX_WORDS_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "words", "data-look": "plain"}),
    )
    asks_for = TextField(
        label="What you ask of mentees",
        help_text="One thing a line. They read it before they write to you.",
        max_length=MAX_WORDS_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "words"}),
    )
    topics = ListField(
        label="Topics",
        help_text="With commas between them: Interviewing, Changing careers. Goals that mention them lead to you.",
        most=MAX_TOPICS,
        each=MAX_TOPIC_LENGTH,
        required=False,
    )
    industry = forms.ChoiceField(label="Industry", required=False)
    company = LineField(label="Place of work", max_length=80, required=False)
    languages = LanguagesField(
        label="Languages",
        help_text="In which you can talk: English, German.",
        most=MAX_LANGUAGES,
        each=40,
        required=False,
    )
    capacity = forms.IntegerField(
        label="Mentees at a time",
        min_value=0,
        max_value=MAX_CAPACITY,
        error_messages={
            "required": "Say how many people you can look after.",
            "max_value": f"Nobody looks after more than {MAX_CAPACITY} people well.",
        },
    )
    hours_a_month = forms.IntegerField(
        label="Hours a month, for each", min_value=1, max_value=MAX_HOURS_A_MONTH, required=False
    )
    answers_within = forms.IntegerField(
        label="You usually answer within days", min_value=1, max_value=MAX_DAYS_TO_ANSWER, required=False
    )
    paused_until = DayField(
        label="Nobody new until",
        help_text="The last day on which you take nobody new. It ends by itself.",
        required=False,
    )

    class Meta:
        model = Profile
        fields = [
            "is_listed",
            "headline",
            "helps_with",
            "asks_for",
            "topics",
            "industry",
            "company",
            "languages",
            "capacity",
            "hours_a_month",
            "answers_within",
            "paused_until",
        ]

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        industries = [*INDUSTRIES, *([self.instance.industry] if self.instance.industry not in INDUSTRIES else [])]
        self.fields["industry"].choices = [("", "Not said"), *((name, name) for name in industries if name)]  # type: ignore[attr-defined]
        for name in ("capacity", "hours_a_month", "answers_within"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"

    def clean_paused_until(self) -> date | None:
        until: date | None = self.cleaned_data["paused_until"]
        if until and until > self.today + LONGEST_PAUSE:
            raise forms.ValidationError("Choose a day within a year. To stop for longer, let nobody find you.")
        return until

    def clean(self) -> dict[str, Any]:
        """Ask for what others need to choose, once they can find it."""
        cleaned = super().clean() or {}
        if cleaned.get("is_listed"):
            if not cleaned.get("headline") and "headline" not in self.errors:
                self.add_error("headline", "Say in a line who you are, so that others can choose.")
            if not cleaned.get("helps_with") and "helps_with" not in self.errors:
                self.add_error("helps_with", "Say what you can help with, so that others can choose.")
            if not self.instance.owner.name:
                self.add_error("is_listed", "Give your name in the settings first: others see it here.")
        return cleaned


def _time(value: Any) -> time:
    return time.fromisoformat(str(value))


class SlotForm(forms.ModelForm):
    """Some hours of each week, by one's own clock, in half hours."""

    weekday = forms.TypedChoiceField(label="Day", choices=Slot.Weekday.choices, coerce=int)
    starts_at = forms.TypedChoiceField(label="From", choices=_HALF_HOURS, coerce=_time, initial="17:00")
    ends_at = forms.TypedChoiceField(label="To", choices=_HALF_HOURS, coerce=_time, initial="19:00")

    class Meta:
        model = Slot
        fields = ["weekday", "starts_at", "ends_at"]

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.owner = owner

    def clean(self) -> dict[str, Any]:
        """Refuse what ends before it starts, what overlaps and what nobody could keep in mind."""
        cleaned = super().clean() or {}
        day, start, end = (cleaned.get(name) for name in ("weekday", "starts_at", "ends_at"))
        if day is None or start is None or end is None:
            return cleaned
        if end <= start:
            self.add_error("ends_at", "The end comes after the start.")
            return cleaned
        own = Slot.objects.owned_by(self.instance.owner)
        if own.filter(weekday=day, starts_at__lt=end, ends_at__gt=start).exists():
            raise forms.ValidationError("These hours overlap with some that you have said already.")
        if own.count() >= MAX_SLOTS:
            raise forms.ValidationError(f"{MAX_SLOTS} are enough. Take one away first.")
        return cleaned
