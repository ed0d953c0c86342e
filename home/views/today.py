"""What is said about today and this week in one line, from the page of the week."""

from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import AuthenticatedHttpRequest
from core.forms import LineField
from core.htmx import is_fragment, toast
from core.timekeeping import week_key
from journal import services
from journal.models import INTENTION_LENGTH, Entry, Intention
from journal.scales import MOOD_ICONS


class FocusForm(forms.Form):
    """What matters most in a week; empty takes it away."""

    text = LineField(
        label="What matters most this week?",
        help_text="It appears in your weekly mail, unless your mails hide private text.",
        max_length=INTENTION_LENGTH,
        required=False,
    )


def mood_buttons(chosen: int | None) -> list[dict[str, Any]]:
    """Return the five moods as buttons, the chosen one marked."""
    return [
        {"value": mood.value, "label": mood.label, "icon": icon, "is_chosen": mood.value == chosen}
        for mood, icon in zip(Entry.Mood, MOOD_ICONS, strict=True)
    ]


@require_POST
def week_mood(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Note how today goes; a second tap replaces the first."""
    now = timezone.now()
    moods = {str(mood.value): mood for mood in Entry.Mood}
    mood = moods.get(request.POST.get("mood", ""))
    if mood is None:
        raise BadRequest("That is none of the five moods.")
    services.keep_mood(owner=request.user, mood=mood, day=request.user.today(now), at=now)
    if is_fragment(request):
        return render(request, "home/_week_mood.html", {"moods": mood_buttons(mood), "is_saved": True})
    return toast(request, redirect("home:this_week"), f"Mood noted: {mood.label.lower()}")


@require_http_methods(["GET", "POST"])
def week_focus(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Say in a line what matters most this week, or say it anew."""
    now = timezone.now()
    key = week_key(request.user.today(now))
    meant = Intention.objects.owned_by(request.user).for_period(key).first()
    form = FocusForm(request.POST if request.method == "POST" else None, initial={"text": meant.text if meant else ""})
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        services.set_focus(owner=request.user, key=key, text=text, at=now)
        return toast(request, redirect("home:this_week"), "Focus saved" if text else "Focus taken away")
    template = "_week_focus" if is_fragment(request) and request.method == "GET" else "week_focus"
    return render(request, f"home/{template}.html", {"form": form}, status=422 if form.errors else 200)
