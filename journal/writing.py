"""What every form has in which an entry is written: tags, goals it is about, and what saving by itself needs."""

import secrets
from typing import Any

from django import forms

from core.forms import Continued
from core.text import clean_line
from journal.offered import Offered
from journal.tags import MOST_TAGS, TAG_LENGTH, split


class TagsField(forms.CharField):
    """Tags in one line, parted by commas."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"class": "form-control", "list": "tags-used", "autocomplete": "off", "autocapitalize": "none"}
        super().__init__(required=False, max_length=1000, widget=forms.TextInput(attrs=attrs), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        tags = split(clean_line(super().clean(value)))
        if len(tags) > MOST_TAGS:
            raise forms.ValidationError(f"That is {len(tags)} tags. {MOST_TAGS} are the most.", code="many")
        if any(len(tag) > TAG_LENGTH for tag in tags):
            raise forms.ValidationError(f"A tag has at most {TAG_LENGTH} characters. Part them by commas.", code="long")
        return tags


class AboutField(forms.MultipleChoiceField):
    """Goals by key. One that is gone meanwhile, or somebody else's, is left out: words are saved all the same."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> set[int]:
        offered = {str(key) for key, _ in self.choices}  # type: ignore[union-attr, misc]
        return {int(key) for key in value or [] if key in offered}


class WritingForm(Continued, forms.Form):
    """The part they share. `offer` gives it what it offers."""

    tags = TagsField(label="Tags")
    about = AboutField(label="Goals this is about", required=False)
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)
    page = forms.RegexField(r"^[A-Za-z0-9_-]{16,32}$", required=False, widget=forms.HiddenInput)
    # Filled in by the script that saves by itself, growing; empty without it.
    number = forms.IntegerField(min_value=0, max_value=2**53, required=False, widget=forms.HiddenInput)

    tags_used: list[str] = []

    def offer(self, offered: Offered) -> None:
        """Offer these goals and tags, and let a page that is opened have a name of its own."""
        self.fields["about"].choices = offered.goals  # type: ignore[attr-defined]
        self.tags_used = offered.tags
        if not self.is_bound:
            self.initial.setdefault("version", 0)
            self.initial["page"] = secrets.token_urlsafe(12)
            self.initial["about"] = offered.chosen

    @property
    def goals_offered(self) -> list[tuple[str, str, bool]]:
        """Key and title of each goal, and whether it is ticked: Django's own boxes take ten times as long to draw."""
        chosen = {str(key) for key in self["about"].value() or []}
        choices: Any = self.fields["about"].choices  # type: ignore[attr-defined]
        return [(str(key), title, str(key) in chosen) for key, title in choices]

    @property
    def has_marks(self) -> bool:
        """Whether the page that was sent had these fields, so that empty ones were meant."""
        return "tags" in self.data
