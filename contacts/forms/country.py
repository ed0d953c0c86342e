"""The country of numbers that are written without its code."""

from typing import Any

from django import forms

from contacts.imports.regions import regions
from contacts.models import HomeCountry

GUESSED = "Your time zone says so. "
WHY = "Only to tell when two numbers are the same. Numbers stay as they are written."


class CountryForm(forms.Form):
    """One choice among all countries, or none."""

    code = forms.ChoiceField(
        label="They are from",
        required=False,
        widget=forms.Select(attrs={"data-look": "plain"}),
        error_messages={"invalid_choice": "Choose one of these countries, or that you do not know."},
    )

    def __init__(self, data: Any = None, *, country: HomeCountry) -> None:
        super().__init__(data, initial={"code": country.code})
        self.fields["code"].choices = [("", "I do not know"), *regions()]  # type: ignore[attr-defined]
        self.fields["code"].help_text = f"{GUESSED if country.code and country.is_guess else ''}{WHY}"
