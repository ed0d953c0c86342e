"""Forms of wins: input rules only."""

from datetime import date
from typing import Any

from django import forms

from accounts.models import User
from core.forms import Continued, DayField, LineField, TextField
from goals.models import Goal, Milestone
from wins.models import NOTE_LENGTH, TEXT_LENGTH, Win

_GONE = {"invalid_choice": "That goal is no longer there. Choose another, or none."}


class GoalField(forms.ModelChoiceField):
    """One of the goals it is given, by its title."""

    def label_from_instance(self, goal: Goal) -> str:
        return goal.title


class WinForm(Continued, forms.ModelForm):
    """What went well. One line is enough: without a day it was today."""

    text = LineField(
        label="What went well?",
        max_length=TEXT_LENGTH,
        widget=forms.TextInput(attrs={"data-look": "lg"}),
        error_messages={
            "required": "Say in a few words what went well.",
            "max_length": f"That is long for one line. Keep it under {TEXT_LENGTH} characters, the rest fits below.",
        },
    )
    happened_on = DayField(label="Day", required=False)
    note = TextField(label="More about it", max_length=NOTE_LENGTH, required=False, rows=4)
    goal = GoalField(
        Goal.objects.none(), label="Goal it belongs to", required=False, empty_label="No goal", error_messages=_GONE
    )
    milestone = forms.ModelChoiceField(
        Milestone.objects.none(), required=False, widget=forms.HiddenInput, error_messages=_GONE
    )
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)

    class Meta:
        model = Win
        fields = ["text", "happened_on", "note", "goal", "milestone"]

    def __init__(self, *args: Any, owner: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        goals = Goal.objects.owned_by(owner).for_readers()
        self.fields["goal"].queryset = goals.order_by("-updated_at", "-pk")  # type: ignore[attr-defined]
        steps = Milestone.objects.owned_by(owner).select_related("goal")
        self.fields["milestone"].queryset = steps  # type: ignore[attr-defined]

    def clean_happened_on(self) -> date:
        day: date = self.cleaned_data["happened_on"] or self.today
        if day > self.today:
            raise forms.ValidationError("That day has not come yet. Choose today or one before.", code="future")
        return day

    def clean(self) -> dict[str, Any]:
        """Let a milestone bring its goal, and leave with it when another goal is chosen."""
        cleaned = super().clean() or self.cleaned_data
        milestone, goal = cleaned.get("milestone"), cleaned.get("goal")
        if milestone is not None and goal is None and "goal" not in self.data:
            cleaned["goal"] = milestone.goal
        elif milestone is not None and milestone.goal != goal:
            cleaned["milestone"] = None
        return cleaned
