"""What people tell the operator."""

from django import forms

from core.forms import TextField
from mentors.models import Report
from mentors.models.report import MAX_REPORT_LENGTH


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
