"""Letting a goal rest, and ending it."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.forms import DayField, LineField, TextField
from goals.models import Goal, Rest

OUTCOMES = [
    (Goal.Status.ACHIEVED, "Reached"),
    (Goal.Status.PARTLY, "Partly reached"),
    (Goal.Status.DROPPED, "Let it go"),
]


class PauseForm(forms.Form):
    """Since when a goal rests, and why; nobody has to say either."""

    reason = LineField(label="Why now?", max_length=2000, required=False)
    since = DayField(label="Since", help_text="Today, unless it began to rest before.", required=False)

    def __init__(self, *args: Any, goal: Goal, today: date, rests: Iterable[Rest], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goal, self.today, self.rests = goal, today, list(rests)
        self.fields["since"].widget.attrs |= {"min": goal.starts_on.isoformat(), "max": today.isoformat()}

    def clean_since(self) -> date:
        since: date = self.cleaned_data["since"] or self.today
        if since > self.today:
            raise ValidationError("That day is still ahead. It can rest from today on.", code="ahead")
        if since < self.goal.starts_on and since != self.today:
            raise ValidationError(_before_start(self.goal), code="before_start")
        rest = max(self.rests, key=lambda rest: rest.ends_on, default=None)
        if rest and since < rest.ends_on:
            raise ValidationError(_rested_already(rest), code="overlap")
        return since


class RestForm(forms.Form):
    """Days on which a goal rested; the rest is over, or began before the one going on."""

    first = DayField(label="First day", error_messages={"required": "When did it begin to rest?"})
    last = DayField(
        label="Last day",
        help_text="The last day on which it rested.",
        error_messages={"required": "Until when did it rest?"},
    )
    reason = LineField(label="Why?", max_length=2000, required=False)

    def __init__(self, *args: Any, goal: Goal, today: date, rests: Iterable[Rest], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goal, self.today, self.rests = goal, today, list(rests)
        for name in ("first", "last"):
            self.fields[name].widget.attrs |= {"min": goal.starts_on.isoformat(), "max": today.isoformat()}

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and first < self.goal.starts_on:
            self.add_error("first", ValidationError(_before_start(self.goal), code="before_start"))
        if last and last > self.today:
            self.add_error("last", ValidationError("That day is still ahead.", code="ahead"))
        elif last == self.today and self.goal.paused_on is None:
            words = "If it still rests today, let it rest instead of writing down a rest that is over."
            self.add_error("last", ValidationError(words, code="still_resting"))
        if first and last and last < first:
            self.add_error("last", ValidationError("The last day comes after the first.", code="backwards"))
        if first and last and not self.errors:
            self._check_overlap(first, last + timedelta(days=1))
        return cleaned

    def _check_overlap(self, first: date, ends_on: date) -> None:
        for rest in self.rests:
            if rest.overlaps(first, ends_on):
                self.add_error("first", ValidationError(_rested_already(rest), code="overlap"))
                return
        if self.goal.paused_on is not None and ends_on > self.goal.paused_on:
            words = f"It rests since {_day(self.goal.paused_on)}. Choose days before that."
            self.add_error("last", ValidationError(words, code="overlap"))


class CloseForm(forms.Form):
    """How a goal ended, and what stays: three questions of which only a reason for letting go must be answered.

    `ended` is the state of a goal that has ended already: then only the words are asked for.
    """

    outcome = forms.ChoiceField(
        label="How did it end?",
        choices=OUTCOMES,
        widget=forms.RadioSelect(attrs={"data-look": "cards"}),
        error_messages={"required": "Choose how it ended."},
    )
    note = TextField(
        label="What came of it?",
        help_text="One or two sentences for the day you look back. If you let it go, say why.",
        max_length=2000,
        required=False,
        rows=3,
    )
    helped = TextField(
        label="What helped?",
        help_text="People, habits, luck.",
        max_length=2000,
        required=False,
        rows=2,
    )
    differently = TextField(
        label="What would you do differently?",
        max_length=2000,
        required=False,
        rows=2,
    )

    def __init__(self, *args: Any, ended: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ended = ended
        if ended:
            del self.fields["outcome"]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("outcome", self.ended) == Goal.Status.DROPPED and "note" in cleaned and not cleaned["note"]:
            self.add_error("note", "Say in a few words why you let it go.")
        return cleaned


def _before_start(goal: Goal) -> str:
    return f"This goal began on {_day(goal.starts_on)}. Choose a day from then on."


def _rested_already(rest: Rest) -> str:
    return f"It rested from {_day(rest.starts_on)} to {_day(rest.last_day)} already. Choose other days."


def _day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"
