"""What people tell the operator."""

from typing import Any

from django import forms

from accounts.models import User
from core.forms import TextField
from mentors.models import Report
from mentors.models.report import MAX_REPORT_LENGTH

BLOCKING = "What you two share ends at once, and {name} cannot reach you here any more. {name} is not told of a block."


class ReportForm(forms.Form):
    """What kind of trouble, and what happened."""

    kind = forms.ChoiceField(
        label="What is it about?",
        choices=Report.Kind.choices,
        widget=forms.RadioSelect(attrs={"data-look": "cards"}),
        error_messages={"required": "Choose what comes nearest.", "invalid_choice": "Choose what comes nearest."},
    )
    words = TextField(
        label="What happened?",
        help_text="The people who run this server read these words, and not what was written between you two.",
        max_length=MAX_REPORT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5, "class": "words"}),
        error_messages={"required": "Say in a sentence what happened."},
    )
    blocks = forms.BooleanField(label="Block them too", required=False)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["blocks"].label = f"Block {person.given_name} too"
        self.fields["blocks"].help_text = BLOCKING.format(name=person.given_name)
