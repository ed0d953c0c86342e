"""Forms of conversations and promises: input rules only."""

from datetime import date
from typing import Any

from django import forms

from accounts.models import User
from contacts.due import WEEK, months_after
from contacts.models import Contact, FollowUp, Interaction, Pace
from contacts.models.contact import WORDS_LENGTH
from core.forms import Continued, DayField, LineField, TextField

Kind, State = Interaction.Kind, Interaction.State
# The four most common stand in the open, the others one click away.
FIRST_KINDS = (Kind.TALKED, Kind.WROTE, Kind.GAVE, Kind.ASKED)
STEP_LENGTH, PEOPLE_AT_MOST = 300, 100
_CHOOSE = {"invalid_choice": "Choose one of these."}


class _Versioned(Continued, forms.ModelForm):
    """A form that says which version of the row it was opened on."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)


class ConversationForm(_Versioned):
    """When, with whom and what was said. A day to come makes it a plan."""

    kind = forms.ChoiceField(
        label="Kind", choices=Kind.choices, initial=Kind.TALKED, widget=forms.RadioSelect, error_messages=_CHOOSE
    )
    happened_on = DayField(label="Day", error_messages={"required": "Say on which day."})
    is_planned = forms.BooleanField(label="This is still to come, later today", required=False)
    notes = TextField(label="What did you talk about?", required=False, rows=2)
    gave = TextField(label="What I gave", max_length=WORDS_LENGTH, required=False, rows=2)
    received = TextField(label="What I received", max_length=WORDS_LENGTH, required=False, rows=2)
    next_step = LineField(label="Next step", max_length=STEP_LENGTH, required=False)
    people = forms.ModelMultipleChoiceField(
        Contact.objects.none(),
        label="With whom",
        required=False,
        error_messages={
            "invalid_choice": "Somebody you chose is no longer among your contacts. Choose again.",
            "invalid_pk_value": "Choose people from your contacts.",
        },
    )

    class Meta:
        model = Interaction
        fields = ["kind", "happened_on", "notes", "gave", "received", "next_step"]

    def __init__(self, *args: Any, owner: User, today: date, contact: Contact | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner, self.today, self.contact = owner, today, contact
        self.fields["people"].queryset = Contact.objects.owned_by(owner)  # type: ignore[attr-defined]

    @property
    def is_of_today(self) -> bool:
        """Whether the day in the field is today, the one day that does not say by itself if this is still to come."""
        return str(self["happened_on"].value()) == self.today.isoformat()

    def clean_people(self) -> list[Contact]:
        """Return everybody it was with; whose page it is written on comes first."""
        chosen = list(self.cleaned_data["people"])
        if len(chosen) > PEOPLE_AT_MOST:
            raise forms.ValidationError(f"{PEOPLE_AT_MOST} people are enough for one conversation.")
        if self.contact is not None:
            chosen = [self.contact, *(each for each in chosen if each != self.contact)]
        if not chosen:
            raise forms.ValidationError("A conversation is with somebody. Choose at least one person.")
        return chosen

    def clean(self) -> dict[str, Any]:
        """Let the day say whether this took place: what is to come is planned, what has passed is not."""
        cleaned = super().clean() or self.cleaned_data
        day = cleaned.get("happened_on")
        if day is not None:
            self.instance.state = self._state(day, is_planned=bool(cleaned.get("is_planned")))
        return cleaned

    def _state(self, day: date, *, is_planned: bool) -> str:
        """Return what a day makes of it; a plan whose day has passed waits to be asked whether it took place."""
        was = str(self.instance.state) if self.instance.pk else ""
        if day > self.today or (day == self.today and is_planned):
            return State.PLANNED
        if was == State.CANCELLED or (was == State.PLANNED and day < self.today):
            return was
        return State.HELD


class LogForm(ConversationForm):
    """A new conversation, and by when to get back to each other."""

    WHEN = {"week": "In a week", "month": "In a month", "quarter": "In 3 months", "day": "Pick a date"}

    when = forms.ChoiceField(
        label="Follow up",
        choices=[("", "No"), *WHEN.items()],
        required=False,
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    follow_on = DayField(label="Follow up on", required=False)
    direction = forms.ChoiceField(
        label="Who",
        choices=FollowUp.Direction.choices,
        initial=FollowUp.Direction.I_OWE,
        required=False,
        widget=forms.RadioSelect(attrs={"data-look": "seg"}),
        error_messages=_CHOOSE,
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the day where one is to be picked."""
        cleaned = super().clean()
        if cleaned.get("when") == "day" and "follow_on" not in self.errors and not cleaned.get("follow_on"):
            self.add_error("follow_on", "Pick the day, or choose one of the others.")
        return cleaned

    def promise(self) -> FollowUp | None:
        """Return what is to follow, without its owner yet; None where nothing was chosen."""
        data = self.cleaned_data
        months = {"month": 1, "quarter": 3}.get(data["when"])
        if not data["when"]:
            return None
        if months:
            day = months_after(self.today, months)
        else:
            day = data["follow_on"] if data["when"] == "day" else self.today + WEEK
        first = data["people"][0]
        text = data["next_step"] or f"Get back to {first.given_name}"
        return FollowUp(text=text[:STEP_LENGTH], due_on=day, direction=data["direction"] or FollowUp.Direction.I_OWE)


class FollowUpForm(_Versioned):
    """What is to be done, by when and by whom; once it is closed, what came of it."""

    text = LineField(
        label="What",
        max_length=STEP_LENGTH,
        error_messages={"required": "Say in a few words what is to be done."},
    )
    due_on = DayField(label="By", error_messages={"required": "Say by which day."})
    direction = forms.ChoiceField(
        label="Who",
        choices=FollowUp.Direction.choices,
        initial=FollowUp.Direction.I_OWE,
        widget=forms.RadioSelect(attrs={"data-look": "seg"}),
        error_messages=_CHOOSE,
    )
    outcome = TextField(label="What came of it", max_length=2000, required=False, rows=3)

    class Meta:
        model = FollowUp
        fields = ["text", "due_on", "direction", "outcome"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.is_open:
            del self.fields["outcome"]


class PaceForm(forms.ModelForm):
    """How many people a week."""

    per_week = forms.IntegerField(label="People a week", min_value=1, max_value=50, error_messages={
        "required": "Choose from 1 to 50 people a week.", "invalid": "Use a whole number, like 5.",
        "min_value": "Choose from 1 to 50 people a week.", "max_value": "Choose from 1 to 50 people a week.",
    })  # fmt: skip

    class Meta:
        model = Pace
        fields = ["per_week"]


class TurnForm(forms.Form):
    """How the rhythm with somebody was, to bring it back."""

    circle = forms.ChoiceField(choices=Contact.Circle.choices)
    skipped_on = DayField(required=False)
    snoozed_until = DayField(required=False)
