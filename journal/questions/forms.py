"""The form of a question of one's own."""

from typing import Any

from django import forms

from core.forms import Continued, LineField
from journal.models import OWN_LENGTH, OwnQuestion
from journal.questions.choosing import LAST_QUESTION, LAST_QUESTION_OF_MONTH
from journal.questions.library import QUESTIONS, TAGS

_KNOWN = {words.casefold() for words in (*(one.text for one in QUESTIONS), LAST_QUESTION, LAST_QUESTION_OF_MONTH)}


class OwnQuestionForm(Continued, forms.ModelForm):
    """A question, when it fits, and whether weeks or months ask it."""

    text = LineField(
        label="Your question",
        max_length=OWN_LENGTH,
        widget=forms.Textarea(attrs={"class": "paper", "rows": 2}),
        error_messages={"required": "Write the question first. A short one is enough."},
    )
    kind = forms.ChoiceField(
        label="Where is it asked?", choices=OwnQuestion.Kind, initial="week", widget=forms.RadioSelect
    )
    fits = forms.MultipleChoiceField(
        label="When does it fit?",
        choices=list(TAGS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Nothing ticked means any week.",
        error_messages={"invalid_choice": "Choose from the list when the question fits."},
    )
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)

    class Meta:
        model = OwnQuestion
        fields = ["text", "kind", "fits"]

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if text.casefold() in _KNOWN:
            raise forms.ValidationError(
                "Waymark asks this one already. You can ask for it in the library.", code="known"
            )
        others = OwnQuestion.objects.owned_by(self.instance.owner).exclude(pk=self.instance.pk)
        if any(text.casefold() == other.text.casefold() for other in others):
            raise forms.ValidationError("You have this question already.", code="repeated")
        return text

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        if self.cleaned_data.get("kind") == OwnQuestion.Kind.MONTH and self.cleaned_data.get("fits"):
            self.add_error(
                "fits", "A question of a month fits every month. Take the ticks away, or ask it in weekly reflections."
            )
        return data
