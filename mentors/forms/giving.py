"""What people type when they give something back."""

from django import forms

from core.forms import TextField
from mentors.models import MAX_OFFER_LENGTH, MAX_THANKS_LENGTH


class OfferForm(forms.Form):
    """What a mentee offers one reader in return."""

    offer = TextField(
        label="What you offer",
        help_text="A language, a tool you know, an hour of testing. Empty takes it away.",
        max_length=MAX_OFFER_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "words"}),
    )


class ThanksForm(forms.Form):
    """One thing that helped."""

    thanks = TextField(
        label="Thank-you note",
        max_length=MAX_THANKS_LENGTH,
        error_messages={"required": "Name one thing that helped."},
        widget=forms.Textarea(attrs={"rows": 4, "class": "words"}),
    )
