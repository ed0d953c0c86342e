"""What people type about giving."""

from datetime import date
from typing import Any

from django import forms

from accounts.models import User
from contacts.models import Contact, Introduction
from contacts.models.contact import NAME_LENGTH, WORDS_LENGTH
from contacts.services.event import recognise
from core.forms import Continued, DayField, LineField, TextField

WHATS = {"article": "Shared something to read", "help": "Offered help", "other": "Something else"}


class NameField(LineField):
    """One of a person's contacts, by the name; "Elif Demir, Northmoor" tells two of one name apart."""

    owner: User
    known: Contact | None = None  # who stands there already, whoever else is called so

    def clean(self, value: Any) -> Any:
        """Return the contact, or say what to do."""
        words = super().clean(value)
        if not words:
            return None
        if self.known is not None and words == self.known.name:
            return self.known
        found = recognise(self.owner, [words]).get(words, [])
        if not found:
            name, _, place = (part.strip() for part in words.rpartition(","))
            named = recognise(self.owner, [name]).get(name, []) if name else []
            found = [person for person in named if person.organisation.lower() == place.lower()]
        exact = [person for person in found if person.sort_name == words.lower()]
        found = exact if len(exact) == 1 else found
        if not found:
            raise forms.ValidationError("Nobody among your contacts is called so. Add them first.", code="unknown")
        if len({(person.sort_name, person.organisation.lower()) for person in found}) < len(found):
            raise forms.ValidationError(
                f"{found[0].name} is among your contacts more than once, at the same place. "
                "Make one of them, or write at one where they work.",
                code="same",
            )
        if len(found) > 1:
            names = "; ".join(f"{person.name}, {person.organisation}" for person in found)
            raise forms.ValidationError(f"Who of these? Write one of them: {names}", code="several")
        return found[0]


class _OfOwner(forms.Form):
    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, NameField):
                field.owner = owner


class GivingForm(_OfOwner):
    """Something one gave: to whom, what, when."""

    to = NameField(
        label="To whom", max_length=NAME_LENGTH * 3, error_messages={"required": "Write the name of a contact."}
    )
    what = forms.ChoiceField(
        label="What",
        choices=list(WHATS.items()),
        initial="article",
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose one of these.", "required": "Choose one of these."},
    )
    words = LineField(
        label="In a few words",
        max_length=1000,
        error_messages={"required": "Say in a few words what it was."},
    )
    day = DayField(label="Day", required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"] or self.today
        if day > self.today:
            raise forms.ValidationError("That day has not come yet. Choose today or one before.", code="future")
        return day

    @property
    def said(self) -> str:
        """What a valid form says, as it stands in the conversation."""
        what, words = self.cleaned_data["what"], self.cleaned_data["words"]
        return words if what == "other" else f"{WHATS[what]}: {words}"


class IntroductionForm(_OfOwner):
    """Which two people should meet, and why."""

    first = NameField(
        label="Whom you ask first",
        max_length=NAME_LENGTH * 3,
        error_messages={"required": "Write the name of a contact."},
    )
    second = NameField(
        label="Whom you ask then",
        max_length=NAME_LENGTH * 3,
        error_messages={"required": "Write the name of a contact."},
    )
    why = TextField(label="Why the two should meet", max_length=WORDS_LENGTH, required=False, rows=2)

    def clean(self) -> dict[str, Any]:
        """Refuse one person twice."""
        data = super().clean() or {}
        first, second = data.get("first"), data.get("second")
        if isinstance(first, Contact) and first == second:
            self.add_error("second", "Choose two different people.")
        return data


class IntroductionEditForm(Continued, IntroductionForm):
    """Other people, or another reason, for an introduction that is not made yet."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, introduction: Introduction, owner: User) -> None:
        initial = {"first": introduction.first.name, "second": introduction.second.name, "why": introduction.why}
        super().__init__(data, owner=owner, initial=initial | {"version": introduction.version})
        self.introduction = introduction
        self.other: list[tuple[str, str]] = []  # as of a VersionedForm
        for name in ("first", "second"):
            field: Any = self.fields[name]
            field.known = getattr(introduction, name)
        if introduction.state != Introduction.State.WANTED:
            self.fields["second"].help_text = "Put somebody else here, and they have to be asked."
            self.fields["first"].help_text = "Put somebody else here, and it begins anew: nobody was asked yet."
        if not introduction.may_change_first:
            self.fields["first"].disabled = True
            self.fields["first"].help_text = f"{introduction.second.given_name} was asked about them, so they stay."

    def show_other(self, stored: Introduction) -> None:
        """Show what was saved meanwhile, and let what was typed be saved over it."""
        data = self.cleaned_data
        said = {"first": stored.first.name, "second": stored.second.name, "why": stored.why or "Empty"}
        self.other = [
            (str(self.fields[name].label), words) for name, words in said.items() if getattr(stored, name) != data[name]
        ]
        self.continue_from(stored.version)
