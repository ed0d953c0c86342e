from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.forms import DayField, LineField
from goals.forms.fields import AmountField, has_passed
from goals.models import Goal, Suggestion
from goals.services import check_suggestion

# Which field of the form fills which column of a suggestion.
COLUMNS = {"words": "suggest_words", "day": "suggest_day", "number": "suggest_number", "kind": "suggest"}


class SuggestionForm(forms.Form):
    """What a mentor proposes with a comment: another wording, date or target, or one more milestone; or nothing.

    `count` is the number of milestones there are, `today` the day of the goal's owner.
    """

    suggest = forms.ChoiceField(
        label="What",
        required=False,
        error_messages={"invalid_choice": "Choose what you suggest."},
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    suggest_words = LineField(label="In these words", max_length=200, required=False)
    suggest_number = AmountField(label="Target", required=False)
    suggest_day = DayField(label="Date", required=False)

    def __init__(self, *args: Any, goal: Goal, today: date, count: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goal, self.today, self.count = goal, today, count
        kinds = [kind for kind in Suggestion.Kind.choices if kind[0] != Suggestion.Kind.TARGET or goal.counts]
        self.fields["suggest"].choices = [("", "Nothing"), *kinds]  # type: ignore[attr-defined]
        if not goal.counts:
            del self.fields["suggest_number"]
        for name in self.fields:
            self.fields[name].widget.attrs["data-look"] = "plain"

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        kind, words, day = cleaned.get("suggest"), cleaned.get("suggest_words", ""), cleaned.get("suggest_day")
        number = cleaned.get("suggest_number")
        if not kind:
            if (words or day or number is not None) and "suggest" not in self.errors:
                self.add_error("suggest", "Choose what you suggest, or empty the fields below.")
            return cleaned
        wanted = {"title": "suggest_words", "milestone": "suggest_words", "due_on": "suggest_day"}
        name = wanted.get(kind, "suggest_number")
        for other in set(self.fields) - {"suggest", name} - ({"suggest_day"} if kind == "milestone" else set()):
            self.errors.pop(other, None)
        if name not in self.errors and cleaned.get(name) in (None, ""):
            self.add_error(name, "Say what you suggest.")
        if not self.errors:
            self._check(kind, words, day, number)
        return cleaned

    def _check(self, kind: str, words: str, day: date | None, number: Any) -> None:
        if day and kind in {"due_on", "milestone"} and day <= self.today:
            self.add_error("suggest_day", has_passed(day, self.today))
            return
        try:
            check_suggestion(self._suggestion(kind, words, day, number), self.goal, today=self.today, count=self.count)
        except ValidationError as error:
            for column, texts in error.message_dict.items():
                self.add_error(COLUMNS[column], texts)

    def suggestion(self) -> Suggestion | None:
        """Return what to store beside the comment; only after `is_valid`."""
        cleaned = self.cleaned_data
        if not cleaned.get("suggest"):
            return None
        names = ("suggest", "suggest_words", "suggest_day", "suggest_number")
        return self._suggestion(*(cleaned.get(name) for name in names))

    @staticmethod
    def _suggestion(kind: Any, words: Any, day: Any, number: Any) -> Suggestion:
        """Keep what belongs to the kind; whatever else was typed is not meant."""
        has_words, has_day = kind in {"title", "milestone"}, kind in {"due_on", "milestone"}
        return Suggestion(
            kind=kind,
            words=words if has_words else "",
            day=day if has_day else None,
            number=number if kind == "target" else None,
        )
