"""Which contacts go into a file, and in which form."""

from typing import Any

from django import forms

from accounts.models import User
from contacts.models import Contact, ContactQuerySet

_CHOOSE = {"invalid_choice": "Choose one of these.", "required": "Choose one of these."}


class ExportForm(forms.Form):
    """All of one's contacts, those of a tag or those of a circle; nobody else's can be named."""

    whom = forms.ChoiceField(label="Whom", initial="everyone", error_messages=_CHOOSE)
    archived = forms.BooleanField(label="Archived contacts too", required=False)
    kind = forms.ChoiceField(
        label="Kind of file",
        choices=[
            ("vcard", "Address cards (vCard 4), for phones and address books"),
            ("csv", "A table (CSV), for spreadsheets"),
        ],
        initial="vcard",
        widget=forms.RadioSelect(attrs={"data-look": "plain"}),
        error_messages=_CHOOSE,
    )

    def __init__(self, data: Any = None, *, owner: User) -> None:
        super().__init__(data)
        self.owner = owner
        circles = [(f"circle:{value}", label) for value, label in Contact.Circle.choices]
        tags = [(f"tag:{tag}", tag) for tag, _ in Contact.objects.owned_by(owner).tally("tags")]
        choices: list[Any] = [("everyone", "Everyone"), ("Circle", circles)]
        self.fields["whom"].choices = [*choices, ("Tag", tags)] if tags else choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Say so where nobody is chosen, rather than hand over a file of nobody."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.chosen().exists():
            self.add_error("whom", "You have no contacts here. Choose others, or the archived ones too.")
        return cleaned

    def chosen(self) -> ContactQuerySet:
        """Return the contacts that were asked for, by name."""
        contacts = Contact.objects.owned_by(self.owner)
        if not self.cleaned_data["archived"]:
            contacts = contacts.current()
        kind, _, value = self.cleaned_data["whom"].partition(":")
        if kind == "tag":
            contacts = contacts.fitting(words=[], facets=[f"#{value}"], owner=self.owner.pk)
        elif kind == "circle":
            contacts = contacts.filter(circle=value)
        return contacts.order_by("sort_name", "pk")
