"""Which contact, and which goals: never anybody else's."""

from typing import Any

from django import forms
from django.db.models import Q

from accounts.models import User
from contacts.models import Contact
from goals.models import Goal


class ContactForm(forms.Form):
    """One of one's own contacts."""

    contact = forms.ModelChoiceField(Contact.objects.none())

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = Contact.objects.owned_by(owner)  # type: ignore[attr-defined]


class _Goals(forms.ModelMultipleChoiceField):
    def label_from_instance(self, goal: Goal) -> str:
        return goal.title


class GoalsForm(forms.Form):
    """The goals somebody helps with: those that are not closed, and closed ones that name them already."""

    goals = _Goals(
        Goal.objects.none(),
        label="Goals they help with",
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"data-look": "plain"}),
        error_messages={"invalid_choice": "One of these goals is no longer there.", "invalid_pk_value": "Choose one of these goals."},
    )  # fmt: skip

    def __init__(self, *args: Any, owner: User, contact: Contact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = Goal.objects.owned_by(owner).filter(contacts=contact).values("pk")
        rows = Goal.objects.owned_by(owner).filter(Q(status__in=["draft", "active", "paused"]) | Q(pk__in=named))
        self.shown = rows.order_by("ranked_on", "pk")
        self.fields["goals"].queryset = self.shown  # type: ignore[attr-defined]
        self.initial["goals"] = list(named.values_list("pk", flat=True))
