"""What a mentor types to introduce somebody."""

import re
from typing import Any

from django import forms
from django.db.models import Q

from accounts.models import MAX_EMAIL_LENGTH, User
from core.forms import LineField, TextField
from mentors.models import MAX_INTRODUCTION_LENGTH, MAX_WHO_LENGTH
from sharing.models import Mentorship

_LINK = re.compile(r"https?:|www\.|://", re.IGNORECASE)
NO_LINKS = "Leave links out: mail programs take them for junk, and the mail may not arrive."


class IntroductionForm(forms.Form):
    """Whom the mentee should meet, and why. Either somebody the mentor works with here, or an address."""

    person = forms.ModelChoiceField(
        label="Somebody you work with here", queryset=User.objects.none(), required=False, empty_label="Nobody of these"
    )
    email = forms.EmailField(
        label="Or their email address",
        max_length=MAX_EMAIL_LENGTH,
        required=False,
        error_messages={"invalid": "This is not an email address. It looks like name@example.org."},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    who = LineField(
        label="Who they are",
        max_length=MAX_WHO_LENGTH,
        error_messages={"required": "Say who they are."},
    )
    words = TextField(
        label="Why you two should meet",
        help_text="Both read it before they answer, so say nothing here that is not for both.",
        max_length=MAX_INTRODUCTION_LENGTH,
        error_messages={"required": "Say why the two should meet."},
        widget=forms.Textarea(attrs={"rows": 5, "class": "words"}),
    )

    def __init__(self, *args: Any, mentorship: Mentorship, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mentee = mentorship.mentee.given_name
        self.fields[
            "email"
        ].help_text = f"They need no account here. {mentee} does not see the address before both have said yes."
        self.fields[
            "who"
        ].help_text = f"{mentee} reads this first: a name and a few words, as in “Kim Li, who runs a lab”."
        own = Mentorship.objects.active().filter(Q(mentor=mentorship.mentor) | Q(mentee=mentorship.mentor))
        people = User.objects.filter(
            Q(mentorships_as_mentee__in=own) | Q(mentorships_as_mentor__in=own), is_active=True, deletion_asked_at=None
        ).exclude(pk__in=[mentorship.mentor_id, mentorship.mentee_id])
        offered = people.distinct().order_by("name", "pk")
        self.fields["person"].queryset = offered  # type: ignore[attr-defined]
        if not offered.exists():
            del self.fields["person"]
            self.fields["email"].label = "Their email address"

    def clean_who(self) -> str:
        return self._without_links("who")

    def clean_words(self) -> str:
        return self._without_links("words")

    def _without_links(self, name: str) -> str:
        text = str(self.cleaned_data[name])
        if _LINK.search(text):
            raise forms.ValidationError(NO_LINKS)
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        person, email = cleaned.get("person"), cleaned.get("email")
        if person and email:
            self.add_error("email", "Choose a person or type an address, not both.")
        elif person:
            cleaned["email"] = person.email
        elif not email and "email" not in self.errors and "person" not in self.errors:
            self.add_error("email", "Whom should they meet?")
        return cleaned
