"""The component sheet of a development server: every component in every state, on one page."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

MOODS = [
    ("1", "Rough", "cloud-lightning-rain"),
    ("2", "Low", "cloud-drizzle"),
    ("3", "Okay", "clouds"),
    ("4", "Good", "cloud-sun"),
    ("5", "Great", "sun"),
]


class SampleForm(forms.Form):
    """One field of each look."""

    title = forms.CharField(
        label="What do you want to reach?",
        help_text="One sentence you could tell a friend.",
        widget=forms.TextInput(attrs={"data-look": "lg"}),
    )
    why = forms.CharField(
        label="Why does it matter to you?", required=False, widget=forms.Textarea(attrs={"class": "words", "rows": 3})
    )
    measured_by = forms.ChoiceField(
        label="How will you know you are getting there?",
        choices=[("count", "Count"), ("milestones", "Milestones"), ("done", "Done or not")],
        widget=forms.RadioSelect(attrs={"data-look": "seg"}),
    )
    due_on = forms.DateField(label="By when?", error_messages={"invalid": "Use a date, like 2027-03-15."})
    part_of = forms.ChoiceField(
        label="What is this part of?", required=False, choices=[("", "Nothing larger"), ("1", "Move into research")]
    )
    tags = forms.MultipleChoiceField(
        label="Where does it help?",
        required=False,
        choices=[("work", "At work"), ("home", "At home")],
        widget=forms.CheckboxSelectMultiple,
    )
    seen_by = forms.ChoiceField(
        label="Who can see it?",
        choices=[("me", "Only you"), ("ruth", "You and Ruth Lindqvist")],
        widget=forms.RadioSelect(attrs={"data-look": "cards"}),
    )
    mails = forms.BooleanField(
        label="When a mentor writes",
        required=False,
        help_text="Comments and replies on your goals",
        widget=forms.CheckboxInput(attrs={"data-look": "switch"}),
    )
    stay = forms.BooleanField(label="Stay signed in", required=False)


def _trails() -> list[dict[str, Any]]:
    done, ahead, end = {"at": 25, "state": "done"}, {"at": 58}, {"at": 100}
    rows = [
        ("slow", {"walked": 42, "plan": 48, "marks": [done, ahead, end]}),
        ("ahead", {"walked": 50, "plan": 40, "marks": [{"at": 20, "state": "done"}, {"at": 75}, end]}),
        ("ok", {"walked": 22, "plan": 24, "marks": [{"at": 45}, {"at": 70}, end]}),
        ("late", {"walked": 67, "faded": True, "marks": [{"at": 33, "state": "done"}, {"at": 100, "state": "late"}]}),
        ("rest", {"walked": 30, "faded": True, "here": False, "marks": [done, {"at": 60}, end]}),
        ("done", {"walked": 100, "marks": [done, {"at": 60, "state": "done"}]}),
    ]
    return [{"kind": kind, "points": {"label": kind, **points}} for kind, points in rows]


@login_not_required  # only a development server has it, and it shows nothing of anybody
@require_safe
def component_list(request: HttpRequest) -> HttpResponse:
    """Show every component, filled with words of the drawings."""
    first = {"title": "Run 12 user interviews", "measured_by": "count", "seen_by": "ruth", "mails": True}
    wrong = {"title": "", "due_on": "31 July", "measured_by": "count", "seen_by": "me"}
    return render(
        request,
        "devstack/component_list.html",
        {
            "form": SampleForm(initial=first, prefix="a"),
            "wrong": SampleForm({f"b-{name}": value for name, value in wrong.items()}, prefix="b"),
            "moods": MOODS,
            "trails": _trails(),
            "big": {
                "walked": 42,
                "plan": 48,
                "label": "5 of 12 interviews done",
                "marks": [
                    {"at": 25, "state": "done", "label": "3 interviews"},
                    {"at": 58, "label": "7 interviews"},
                    {"at": 100, "label": "12"},
                ],
            },
            "tones": ["pine", "heather", "lake", "blaze", "clay"],
        },
    )
