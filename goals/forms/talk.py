from typing import Any

from django import forms

from core.forms import TextField
from goals.forms.suggestion import SuggestionForm
from goals.models import Milestone, Suggestion
from sharing.models import Mentorship


class CommentForm(forms.Form):
    """Words for one thread or, from the owner, for all; about the goal or one of its milestones.

    An owner's form always says where the words go, as the page showed it: readers may have changed since, and words
    for one of them must never reach another. `shown` lists who "all" was when the page was drawn.
    """

    text = TextField(
        max_length=10_000,
        rows=3,
        error_messages={"required": "Write a few words first.", "max_length": "That is too long for a comment."},
    )
    to = forms.ChoiceField(
        label="To",
        error_messages={
            "required": "Choose who this goes to.",
            "invalid_choice": "Who can see this goal has changed. Choose again who this goes to.",
        },
    )
    shown = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
    milestone = forms.ChoiceField(
        required=False,
        label="About",
        error_messages={"invalid_choice": "That milestone is no longer there."},
        widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
    )

    def __init__(
        self,
        *args: Any,
        threads: list[Mentorship],
        milestones: list[Milestone],
        is_owner: bool = False,
        suggest: SuggestionForm | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.threads, self.suggest = threads, suggest
        if is_owner:
            choices = [(str(each.pk), each.mentor_name) for each in threads]
            if len(threads) > 1:
                choices.append(("all", "Everyone who can see it"))
            self.fields["to"].choices = choices  # type: ignore[attr-defined]
            self.initial.setdefault("to", choices[0][0] if choices else "")
        else:
            del self.fields["to"], self.fields["shown"]
        self.milestones = milestones
        if milestones:
            choices = [(str(each.pk), each.title) for each in milestones]
            self.fields["milestone"].choices = [("", "The goal"), *choices]  # type: ignore[attr-defined]
        else:
            del self.fields["milestone"]

    def is_valid(self) -> bool:
        """Judge the words and what they suggest, so that everything that is wrong is said at once."""
        return all([super().is_valid(), self.suggest is None or self.suggest.is_valid()])

    def suggestion(self) -> Suggestion | None:
        """Return what the words propose; only after `is_valid`."""
        return self.suggest.suggestion() if self.suggest else None

    def chosen_milestone(self) -> Milestone | None:
        """Return what the words are about, if not the goal; only after `is_valid`."""
        pk = self.cleaned_data.get("milestone")
        return next((each for each in self.milestones if str(each.pk) == pk), None)

    def chosen_threads(self) -> list[Mentorship]:
        """Return the threads to write in; only after `is_valid`."""
        if "to" not in self.fields:
            return self.threads
        to = self.cleaned_data["to"]
        wanted = self.cleaned_data["shown"].split(",") if to == "all" else [to]
        return [each for each in self.threads if str(each.pk) in wanted]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("to") == "all":
            shown = set(cleaned.get("shown", "").split(","))
            if not shown <= {str(each.pk) for each in self.threads}:
                self.add_error("to", self.fields["to"].error_messages["invalid_choice"])
        if self.suggest is None and self.data.get("suggest"):
            self.add_error(
                "text", "Nothing can be suggested here now. Your words are still here; send them without it."
            )
        return cleaned

    @property
    def shown_now(self) -> str:
        """Who can be written to as the page is drawn, for `shown`."""
        return ",".join(str(each.pk) for each in self.threads)

    @property
    def is_addressed(self) -> bool:
        """Tell whether there is but one to write to, and nothing to choose again."""
        return len(self.threads) == 1 and not self["to"].errors


class CommentEditForm(forms.Form):
    """New words for a comment."""

    text = TextField(
        label="Your comment",
        max_length=10_000,
        rows=3,
        error_messages={"required": "Write a few words, or remove the comment."},
    )
