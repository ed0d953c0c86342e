"""What people type about invitations."""

import re
from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.models import User
from core.forms import TextField
from goals.models import Goal
from mentors.models import MAX_MESSAGE_LENGTH, MAX_NOTE_LENGTH, Invitation
from sharing.models import Mentorship

# More than anybody would tick; the newest of them.
MAX_GOALS_OFFERED = 50
_LINK = re.compile(r"https?:|www\.|://", re.IGNORECASE)


class GoalChoiceField(forms.ModelMultipleChoiceField):
    """Own goals by their titles; `str(goal)` says none."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.title)

    def offer(self, goals: QuerySet[Goal]) -> bool:
        """Offer these goals, read once for the page, and take no other; False if there are none."""
        self.queryset = goals
        self.choices = [(goal.pk, goal.title) for goal in goals]
        return bool(self.choices)


class InvitationForm(forms.ModelForm):
    """Whom to ask, as what, in which words, and which goals they may read once they say yes."""

    kind = forms.ChoiceField(
        label="What would you like them to be?",
        choices=[
            (Mentorship.Kind.MENTOR.value, "My mentor: reads what I show and guides me"),
            (Mentorship.Kind.COLLEAGUE.value, "A trusted colleague: reads what I show and comments"),
        ],
        widget=forms.RadioSelect(attrs={"data-look": "cards"}),
        initial=Mentorship.Kind.MENTOR,
    )
    message = TextField(
        label="What would you like help with?",
        help_text="They read this first, in the mail. One or two things; a moment you got stuck is a good start.",
        max_length=MAX_MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5, "class": "words"}),
    )
    goals = GoalChoiceField(
        label="Which goals is this about?",
        help_text="They can read the ones you tick, whole, once they say yes. Until then they learn only how many.",
        queryset=Goal.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"data-look": "cards"}),
    )

    class Meta:
        model = Invitation
        fields = ["email", "kind", "message", "goals"]
        labels = {"email": "Their email address"}
        help_texts = {
            "email": "They need no account here. The mail explains everything and can be declined with a click."
        }
        error_messages = {"email": {"invalid": "This is not an email address. It looks like name@example.org."}}

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs |= {"autocomplete": "off", "inputmode": "email"}
        if not self.fields["goals"].offer(offered_goals(owner)):  # type: ignore[attr-defined]
            del self.fields["goals"]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean_message(self) -> str:
        message = str(self.cleaned_data["message"])
        if _LINK.search(message):
            raise forms.ValidationError(
                "Leave links out: mail programs take them for junk, and the mail may not arrive. Share them later."
            )
        return message

    def _post_clean(self) -> None:
        """Leave the rules about earlier invitations to the service, which holds the lock they need."""


def offered_goals(owner: User) -> QuerySet[Goal]:
    """Return the goals a person can name in an invitation: on the way or resting, the last changed first."""
    goals = Goal.objects.owned_by(owner).for_readers().filter(status__in=["active", "paused"])
    newest = goals.order_by("-updated_at", "-pk").values("pk")[:MAX_GOALS_OFFERED]
    return Goal.objects.filter(pk__in=newest).order_by("-updated_at", "-pk")


class DeclineForm(forms.Form):
    """A no, and a kind word if one has it."""

    note = TextField(
        label="A word for them",
        help_text="They get it by mail. A no without a word is fine too.",
        max_length=MAX_NOTE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "words"}),
    )
