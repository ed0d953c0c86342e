"""What people type about an agreement."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from core.forms import DayField, TextField
from core.text import clean_line, clean_text
from goals.models import Goal
from mentors.forms.invitation import GoalChoiceField
from mentors.models import MAX_ANSWER_DAYS, MAX_MINUTES, MAX_WORDS, MIN_MINUTES, Agreement, half_way
from mentors.terms import Channel, Rhythm

LONGEST_TERM = timedelta(days=3 * 366)
CONFIDENTIALITY = "What we tell each other stays between us. Whoever wants to pass something on asks first, each time."
STOPPING = "Either of us can stop at any time, without a reason. A short word to the other is enough."
_WORDS = {"rows": 3, "class": "words"}
# What a draft keeps of the form: its texts, and what stands in one line.
WORDS = ("purpose", "confidentiality", "mentor_gets", "stopping", "reason")
FACTS = ("rhythm", "channel", "minutes", "answers_within", "ends_on", "review_on")
# A draft is kept as typed, also where it is too long to be sent; beyond this it is not.
MOST_KEPT, MOST_OF_A_LINE, MOST_GOALS_KEPT = 20_000, 40, 100


class AgreementForm(forms.ModelForm):
    """One version of an agreement, for its author's eyes: `goals` offers what the relation shows now."""

    purpose = TextField(
        label="What is it for?",
        help_text="What should be different at the end? One or two sentences.",
        max_length=MAX_WORDS,
        widget=forms.Textarea(attrs=_WORDS),
    )
    goals = GoalChoiceField(
        label="Which goals is it about?",
        help_text="Only goals that are shown between you two now.",
        queryset=Goal.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"data-look": "cards"}),
        error_messages={
            "invalid_choice": "One of these goals is no longer shown between you two. Look at the list again.",
            "invalid_pk_value": "One of these goals is no longer shown between you two. Look at the list again.",
        },
    )
    rhythm = forms.TypedChoiceField(
        label="How often",
        choices=Rhythm.choices,
        coerce=int,
        widget=forms.RadioSelect(attrs={"data-look": "seg"}),
    )
    channel = forms.ChoiceField(
        label="How", choices=Channel.choices, widget=forms.RadioSelect(attrs={"data-look": "seg"})
    )
    minutes = forms.IntegerField(
        label="How long is a talk?",
        help_text="In minutes.",
        min_value=MIN_MINUTES,
        max_value=MAX_MINUTES,
        error_messages={
            "invalid": "Use a whole number of minutes, like 45.",
            "min_value": f"Give yourselves {MIN_MINUTES} minutes at least.",
            "max_value": "Nobody talks well for longer than 4 hours.",
        },
        widget=forms.NumberInput(attrs={"step": 5}),
    )
    answers_within = forms.IntegerField(
        label="Within how many days does an answer come?",
        help_text="When one of you writes to the other between two talks.",
        min_value=1,
        max_value=MAX_ANSWER_DAYS,
        error_messages={
            "invalid": "Use a whole number of days, like 3.",
            "min_value": "One day is the shortest anybody can promise.",
            "max_value": f"After {MAX_ANSWER_DAYS} days nobody waits any more. Choose fewer.",
        },
    )
    confidentiality = TextField(
        label="What stays between you?", max_length=MAX_WORDS, widget=forms.Textarea(attrs=_WORDS)
    )
    mentor_gets = TextField(
        label="What does the mentor get?",
        help_text="A note on what was tried, a fresh look at their draft, a thank-you that says for what.",
        max_length=MAX_WORDS,
        required=False,
        widget=forms.Textarea(attrs=_WORDS | {"rows": 2}),
    )
    ends_on = DayField(
        label="Until when?",
        help_text="Nothing ends by itself then: you are both asked two weeks before. Left empty, it stays open.",
        required=False,
    )
    review_on = DayField(
        label="When do you look whether it is a good fit?",
        help_text="You are both asked on that day. Left empty: half way to the end, or in three months.",
        required=False,
    )
    stopping = TextField(label="How to stop", max_length=MAX_WORDS, widget=forms.Textarea(attrs=_WORDS | {"rows": 2}))
    reason = TextField(
        label="Why this change?",
        help_text="A line for the other, next to what changes.",
        max_length=MAX_WORDS,
        required=False,
        widget=forms.Textarea(attrs=_WORDS | {"rows": 2}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Agreement
        fields = [
            "purpose",
            "goals",
            "rhythm",
            "channel",
            "minutes",
            "answers_within",
            "ends_on",
            "review_on",
            "confidentiality",
            "mentor_gets",
            "stopping",
            "reason",
        ]

    def __init__(
        self, *args: Any, goals: QuerySet[Goal], today: date, mentor_name: str, is_change: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        tomorrow = {"min": str(today + timedelta(days=1))}
        self.fields["ends_on"].widget.attrs |= tomorrow
        self.fields["review_on"].widget.attrs |= tomorrow
        self.fields["mentor_gets"].label = (
            "What do you get?" if mentor_name == "you" else f"What does {mentor_name} get?"
        )
        if not is_change:
            del self.fields["reason"]
        if not self.fields["goals"].offer(goals) and "goals" not in self.data:  # type: ignore[attr-defined]
            del self.fields["goals"]

    def clean_ends_on(self) -> date | None:
        return self._ahead("ends_on", "The end must lie ahead.")

    def clean_review_on(self) -> date | None:
        return self._ahead("review_on", "Choose a day after today, or leave it empty.")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        ends_on, review_on = cleaned.get("ends_on"), cleaned.get("review_on")
        if "ends_on" in cleaned and "review_on" in cleaned:
            if review_on is None:
                cleaned["review_on"] = half_way(self.today, ends_on)
            elif ends_on and review_on > ends_on:
                self.add_error("review_on", "Look at it before it ends, or leave this empty.")
        return cleaned

    def _ahead(self, name: str, message: str) -> date | None:
        day: date | None = self.cleaned_data[name]
        if day is not None and day <= self.today:
            raise forms.ValidationError(message)
        if day is not None and day > self.today + LONGEST_TERM:
            raise forms.ValidationError("That is more than three years away. Agree on less; you can extend it.")
        return day

    def _post_clean(self) -> None:
        """Give the words to the instance; what belongs to its relation is the service's, which holds the lock."""
        for name, value in self.cleaned_data.items():
            if name not in {"goals", "seen"}:
                setattr(self.instance, name, value)


class TooMuchTyped(Exception):
    """More was typed than is kept."""


def typed_fields(posted: QueryDict) -> dict[str, Any]:
    """Return what was typed into an AgreementForm as a draft keeps it, judging nothing. Raises TooMuchTyped."""
    fields: dict[str, Any] = {name: clean_text(posted.get(name, "")) for name in WORDS if name in posted}
    fields |= {name: clean_line(posted.get(name, ""))[:MOST_OF_A_LINE] for name in FACTS if name in posted}
    if sum(map(len, fields.values())) > MOST_KEPT:
        raise TooMuchTyped
    keys = [key for key in posted.getlist("goals") if key.isascii() and key.isdigit() and len(key) < 19]
    return fields | {"goals": keys[:MOST_GOALS_KEPT]}


class AgreementDeclineForm(forms.Form):
    """Leave things as they are, with a word if one has it."""

    note = TextField(
        label="A word for them",
        help_text="What would suit you better? They get it with your answer.",
        max_length=MAX_WORDS,
        required=False,
        widget=forms.Textarea(attrs=_WORDS | {"rows": 2}),
    )


class ExtendForm(forms.Form):
    """A later end."""

    ends_on = DayField(label="Until")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["ends_on"].widget.attrs |= {"min": str(today + timedelta(days=1))}

    def clean_ends_on(self) -> date:
        day: date = self.cleaned_data["ends_on"]
        if day <= self.today:
            raise forms.ValidationError("Choose a day after today.")
        if day > self.today + LONGEST_TERM:
            raise forms.ValidationError("That is more than three years away. Agree on less; you can extend it again.")
        return day
