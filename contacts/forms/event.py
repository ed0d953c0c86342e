"""What people type about associations and events."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db import transaction

from accounts.models import User
from contacts.forms.versioned import VersionedForm
from contacts.models import Association, Event
from contacts.models.contact import LINE_LENGTH, NAME_LENGTH, WORDS_LENGTH
from contacts.models.event import FEE_LENGTH, LINK_LENGTH
from contacts.services.conversations import move
from core.forms import DayField, HourField, LineField, TextField

PEOPLE_AT_ONCE = 50
_GONE = {"invalid_choice": "That association is no longer there. Choose another, or none."}


class AssociationField(forms.ModelChoiceField):
    """One of the person's own associations, by its name."""

    def label_from_instance(self, association: Association) -> str:
        return association.name


class AssociationForm(VersionedForm):
    """A body one belongs to."""

    name = LineField(
        label="Name", max_length=NAME_LENGTH, error_messages={"required": "Give the association its name."}
    )
    link = forms.URLField(
        label="Link",
        max_length=LINK_LENGTH,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "Use a web address, like https://example.org/lunches."},
    )
    why = TextField(label="Why you belong to it", max_length=WORDS_LENGTH, required=False, rows=3)
    fee = LineField(label="Fee", help_text="Such as 40 € a year.", max_length=FEE_LENGTH, required=False)
    renews_on = DayField(label="Renews on", help_text="Stands under what is next when it comes near.", required=False)

    class Meta:
        model = Association
        fields = ["name", "link", "why", "fee", "renews_on"]

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"]
        if link and not link.startswith(("https://", "http://")):
            raise forms.ValidationError("Use a web address, like https://example.org/lunches.", code="scheme")
        return link


class EventForm(VersionedForm):
    """When and where, and what for."""

    name = LineField(label="Name", max_length=NAME_LENGTH, error_messages={"required": "Give the event a name."})
    happens_on = DayField(label="Day", error_messages={"required": "Choose a day. A rough one can be changed later."})
    hour = HourField(label="Time", required=False)
    place = LineField(label="Where", max_length=LINE_LENGTH, required=False)
    association = AssociationField(
        Association.objects.none(), label="Association", required=False, empty_label="None", error_messages=_GONE
    )
    aim = TextField(label="What you want from it", max_length=WORDS_LENGTH, required=False, rows=2)
    notes = TextField(label="Notes", required=False, rows=4)

    class Meta:
        model = Event
        fields = ["name", "happens_on", "hour", "place", "association", "aim", "notes"]

    def __init__(self, *args: Any, owner: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        own = Association.objects.owned_by(owner).order_by("name", "pk")
        self.fields["association"].queryset = own  # type: ignore[attr-defined]

    @transaction.atomic
    def save_over(self) -> bool:
        """Save; what was talked about there moves with an event whose day was wrong."""
        event, day = self.instance, self.initial["happens_on"]
        saved = super().save_over()
        if saved and event.happens_on != day:
            move(talks=event.talks.filter(happened_on=day), owner=event.owner, to=event.happens_on)
        return saved

    def clean_happens_on(self) -> date:
        """Let no event one went to be still to come: whom one met there would have been talked with on that day."""
        day: date = self.cleaned_data["happens_on"]
        if self.instance.was_attended and day > self.today:
            raise forms.ValidationError("You were there, so choose today or a day before.", code="future")
        return day

    def clean_association(self) -> Association | None:
        """Keep one that lies in the bin where no other was chosen: it was not on the page, and may come back."""
        chosen: Association | None = self.cleaned_data["association"]
        stored: Association | None = self.instance.association
        return stored if chosen is None and stored is not None and stored.deleted_at else chosen


class PrepareForm(VersionedForm):
    """What one thinks of before an event: who will be there, and what one wants."""

    who = TextField(
        label="Who will be there",
        help_text="One name in a line. People in your contacts are recognised, and what you know of them is shown.",
        max_length=WORDS_LENGTH,
        required=False,
        rows=4,
    )
    aim = TextField(
        label="What you want from it",
        help_text="One thing is enough: somebody to meet, a question to ask.",
        max_length=WORDS_LENGTH,
        required=False,
        rows=3,
    )
    notes = TextField(label="Notes", help_text="How to get there, what to bring.", required=False, rows=4)

    class Meta:
        model = Event
        fields = ["who", "aim", "notes"]


@dataclass(frozen=True, slots=True)
class Line:
    """One person as written after an event: a name, and perhaps where they work."""

    name: str
    organisation: str


class PeopleForm(forms.Form):
    """Whom one met, a line each, and what is to follow with each of them."""

    people = TextField(
        label="Whom did you meet?",
        help_text="One person in a line: the name, then a comma and where they work, if you know it.",
        max_length=PEOPLE_AT_ONCE * 200,
        rows=6,
        error_messages={"required": "Write one person in each line."},
    )
    notes = TextField(label="What you talked about", required=False, max_length=20_000, rows=3)
    next_step = LineField(
        label="What follows, with each of them",
        help_text="Leave it empty if nothing is to follow.",
        max_length=300,
        required=False,
    )
    due_on = DayField(label="By", required=False)

    def clean_people(self) -> list[Line]:
        found: dict[tuple[str, str], Line] = {}
        for number, line in enumerate(self.cleaned_data["people"].splitlines(), start=1):
            name, _, organisation = (part.strip() for part in line.partition(","))
            if not name and not organisation:
                continue
            if not any(letter.isalnum() for letter in name):
                raise forms.ValidationError(f"Line {number} begins with no name.", code="name")
            if len(name) > NAME_LENGTH or len(organisation) > LINE_LENGTH:
                raise forms.ValidationError(f"Line {number} is long. Is this one person?", code="long")
            found.setdefault((name.lower(), organisation.lower()), Line(name, organisation))
        if len(found) > PEOPLE_AT_ONCE:
            message = f"That is more than {PEOPLE_AT_ONCE} people. Add them in two goes."
            raise forms.ValidationError(message, code="many")
        return list(found.values())

    def clean(self) -> dict[str, Any]:
        """Ask for the day of what follows, and for words with a day."""
        data = super().clean() or {}
        words, day = data.get("next_step"), data.get("due_on")
        if words and not day and "due_on" not in self.errors:
            self.add_error("due_on", "Choose a day for what follows.")
        if day and not words and "next_step" not in self.errors:
            data["due_on"] = None
        return data


def first_day_after(event: Event, today: date) -> date:
    """Return the day that is offered for what follows an event: three days later, and never one that has passed."""
    return max(event.happens_on + timedelta(days=3), today + timedelta(days=1))
