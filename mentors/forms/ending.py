"""What people type when they have parted."""

from typing import Any

from django import forms

from accounts.models import User
from core.forms import TextField
from mentors.models import MAX_HANDOVER, MAX_LOOK_BACK, MAX_NOTE_LENGTH, Handover, LookBack


class ThankForm(forms.Form):
    """Last words to somebody one has parted from."""

    words = TextField(
        label="Your words",
        help_text="They get them by mail, and they stay on this page. One thing you took with you is plenty.",
        max_length=MAX_NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "class": "words"}),
    )


class LookBackForm(forms.ModelForm):
    """What came of the time together."""

    words = TextField(
        label="What came of it?",
        help_text="What is different now? What would you do again?",
        max_length=MAX_LOOK_BACK,
        widget=forms.Textarea(attrs={"rows": 6, "class": "words"}),
    )
    shows_at_once = forms.BooleanField(label="Show it before the other has written", required=False)

    class Meta:
        model = LookBack
        fields = ["words", "shows_at_once"]

    def __init__(self, *args: Any, reader: User | None, **kwargs: Any) -> None:
        """`reader` is the other, as long as they have not written: only then there is something to choose."""
        super().__init__(*args, **kwargs)
        if reader is None:
            del self.fields["shows_at_once"]
        else:
            self.fields["shows_at_once"].label = f"{reader.given_name} may read it without writing too"

    def _post_clean(self) -> None:
        """Leave the row to the service, which holds the lock."""

    @property
    def chosen(self) -> dict[str, Any]:
        """What a valid form says; what it did not ask stays as it was."""
        return {"shows_at_once": self.instance.shows_at_once} | self.cleaned_data


class HandoverForm(forms.ModelForm):
    """Three parts of what the next mentor should know; one of them is enough."""

    worked_on = TextField(
        label="What did you work on?",
        max_length=MAX_HANDOVER,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "words", "data-look": "plain"}),
    )
    helped = TextField(
        label="What helped you, and what did not?",
        max_length=MAX_HANDOVER,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "words", "data-look": "plain"}),
    )
    still_open = TextField(
        label="What is still open?",
        max_length=MAX_HANDOVER,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "words", "data-look": "plain"}),
    )
    version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    class Meta:
        model = Handover
        fields = ["worked_on", "helped", "still_open"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.get(name) for name in self.Meta.fields):
            raise forms.ValidationError("Write at least one of the three.")
        return cleaned

    def _post_clean(self) -> None:
        """Leave the row to the service, which holds the lock."""
