"""The form of a contact: input rules only."""

from typing import Any, cast

from django import forms

from contacts import birthdays
from contacts.cards.compare import plain_way
from contacts.cards.fit import fit_label
from contacts.models import Contact, Way
from contacts.models.contact import (
    LINE_LENGTH,
    NAME_LENGTH,
    NOTES_LENGTH,
    TAG_LENGTH,
    TAGS_AT_MOST,
    WAYS_AT_MOST,
    WAYS_TOGETHER,
    WORDS_LENGTH,
)
from contacts.reach import compared
from core.forms import Continued, LineField, ListField, TextField

VALUE_LENGTH = 1000
_CHOOSE = {"invalid_choice": "Choose one of these."}


class BirthdayField(LineField):
    """A day, with its year or without, in words or as 1980-04-12."""

    def clean(self, value: Any) -> Any:
        """Read what was typed."""
        try:
            return birthdays.read(str(super().clean(value)))
        except ValueError as error:
            raise forms.ValidationError("Use a day, like 12 April or 12 April 1980.", code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        return birthdays.say(value) if isinstance(value, str) else value


class ContactForm(Continued, forms.ModelForm):
    """Who somebody is. Only the name is needed; the rest can come when it is known."""

    name = LineField(
        label="Name",
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"data-look": "lg"}),
        error_messages={"required": "Give this person a name, or what you call them."},
    )
    organisation = LineField(label="Organisation", max_length=LINE_LENGTH, required=False)
    role = LineField(label="Role", max_length=LINE_LENGTH, required=False)
    how_met = LineField(
        label="How you met",
        help_text="Goes on from “Met”: through Priya, October 2025.",
        max_length=LINE_LENGTH,
        required=False,
    )
    why = TextField(
        label="Why they matter",
        help_text="A sentence that you will be glad to read before you write to them.",
        max_length=WORDS_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "words"}),
    )
    offer = TextField(
        label="What I can give", help_text="One thing a line.", max_length=WORDS_LENGTH, required=False, rows=2
    )
    hoped_for = TextField(
        label="What I would like to ask", help_text="One thing a line.", max_length=WORDS_LENGTH, required=False, rows=2
    )
    topics = ListField(
        label="Topics they care about",
        help_text="With commas between them: shift planning, clinic software.",
        most=TAGS_AT_MOST,
        each=TAG_LENGTH,
        required=False,
    )
    circle = forms.ChoiceField(
        label="How often to be in touch",
        choices=Contact.Circle.choices,
        initial=Contact.Circle.NONE,
        widget=forms.RadioSelect(attrs={"data-look": "plain"}),
        error_messages=_CHOOSE,
    )
    own_every = forms.IntegerField(
        label="Every",
        min_value=1,
        max_value=999,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "data-look": "plain"}),
        error_messages={"invalid": "Use a whole number, like 6.", "min_value": "Use a number from 1 to 999.",
                        "max_value": "Use a number from 1 to 999."},
    )  # fmt: skip
    own_unit = forms.ChoiceField(
        label="Days, weeks or months",
        choices=Contact.Unit.choices,
        initial=Contact.Unit.WEEKS,
        required=False,
        widget=forms.Select(attrs={"data-look": "plain"}),
        error_messages=_CHOOSE,
    )
    tags = ListField(
        label="Tags",
        help_text="With commas between them. You can show the people of one tag together.",
        most=TAGS_AT_MOST,
        each=TAG_LENGTH,
        required=False,
    )
    birthday = BirthdayField(label="Birthday", help_text="With its year or without.", max_length=40, required=False)
    notes = TextField(label="Private notes", max_length=NOTES_LENGTH, required=False, rows=4)
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)

    class Meta:
        model = Contact
        fields = [
            "name", "organisation", "role", "how_met", "why", "offer", "hoped_for", "topics", "circle", "own_every",
            "own_unit", "tags", "birthday", "notes",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        for name in ("notes", "tags", "topics"):  # two people who were made one may have more than one can type
            fields[name].make_room(len(getattr(self.instance, name)))

    def clean(self) -> dict[str, Any]:
        """Keep an own rhythm only where it is asked for, and ask for it there."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("circle") != Contact.Circle.OWN:
            cleaned |= {"own_every": None, "own_unit": ""}
            for name in ("own_every", "own_unit"):
                self.errors.pop(name, None)
        elif "own_every" not in self.errors and not (cleaned.get("own_every") and cleaned.get("own_unit")):
            self.add_error("own_every", "Say how often: every so many days, weeks or months.")
        return cleaned


class WayForm(forms.Form):
    """One line of the ways to reach somebody; without an address or number it is no line."""

    kind = forms.ChoiceField(label="Kind", choices=Way.Kind.choices, initial=Way.Kind.EMAIL, error_messages=_CHOOSE)
    value = LineField(label="Address or number", max_length=VALUE_LENGTH, required=False)
    label = LineField(label="What for", max_length=TAG_LENGTH, required=False)

    def has_changed(self) -> bool:
        """Tell whether the line says anything; a kind alone says nothing."""
        return bool({"value", "label"} & set(self.changed_data))

    def clean(self) -> dict[str, Any]:
        """Ask for the address where only a label stands."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("label") and not cleaned.get("value") and "value" not in self.errors:
            self.add_error("value", "Write the address or number, or take this line out.")
        kind, value = plain_way(cleaned.get("kind", ""), cleaned.get("value", ""))
        cleaned |= {"kind": kind, "value": value, "label": fit_label(cleaned.get("label", ""))}
        if kind == Way.Kind.EMAIL and value and not compared("email", value):
            self.add_error("value", "An email address has an @ in it. Or choose another kind.")
        return cleaned


class _Ways(forms.BaseFormSet):
    """The ways to reach somebody, in their order."""

    def make_room(self, number: int) -> None:
        """Let so many ways stay, which are more than can be typed: several people became one, or they came from a file."""
        self.max_num = max(self.max_num, number)
        self.absolute_max = max(self.absolute_max, number)

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        """Name the box of each line in words."""
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = "Take out"

    @property
    def typed(self) -> list[Way]:
        """What is to be stored, without an owner yet; the same line twice is one."""
        found: list[Way] = []
        known: set[Any] = set()
        for form in self.forms:
            told = getattr(form, "cleaned_data", {})
            way = tuple(told.get(name) for name in ("kind", "label", "value"))
            if told.get("value") and not told.get("DELETE") and way not in known:
                known.add(way)
                found.append(
                    Way(
                        kind=told["kind"],
                        label=told["label"],
                        value=told["value"],
                        compared=compared(told["kind"], told["value"]),
                        position=len(found),
                    )
                )
        return found


_WayRows: Any = forms.formset_factory(
    WayForm,
    formset=_Ways,
    extra=1,
    can_delete=True,
    max_num=WAYS_AT_MOST,
    validate_max=True,
    absolute_max=WAYS_TOGETHER,
)


def ways_of(contact: Contact) -> list[dict[str, str]]:
    """Return the stored ways as the rows of the form begin."""
    return [{"kind": way.kind, "value": way.value, "label": way.label} for way in contact.ways.all()]


def WayRows(  # noqa: N802 - makes a form set, as a class would
    data: Any = None, *, initial: list[dict[str, str]] | None = None, more: int = 0, stored: int = 0
) -> _Ways:
    """Return the rows of a form; `more` empty ones are added to those that were sent. `stored` is how many there are."""
    if data is not None and more:
        data = data.copy()
        total = str(data.get("ways-TOTAL_FORMS", ""))
        number = int(total) if total.isascii() and total.isdigit() and len(total) < 4 else 0
        data["ways-TOTAL_FORMS"] = str(max(min(number + more, WAYS_AT_MOST), min(number, stored)))
    rows = cast(_Ways, _WayRows(data, initial=initial or [], prefix="ways"))
    rows.make_room(stored)
    return rows
