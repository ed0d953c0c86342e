"""What somebody types into the form of an agreement and has not sent: kept, brought back, forgotten."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import AuthenticatedHttpRequest
from core.htmx import toast
from core.timekeeping import say_day_within
from mentors import services
from mentors.forms.agreement import MOST_KEPT, TooMuchTyped, typed_fields
from mentors.models import AgreementDraft
from mentors.views.access import active_mentorship
from sharing.models import Mentorship


@require_POST
def agreement_draft(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Keep what is typed into the form of an agreement; nothing is sent."""
    kept = keep_posted(request, active_mentorship(request, pk))
    return render(request, "mentors/_agreement_kept.html", kept, status=413 if "most" in kept else 200)


@require_http_methods(["GET", "POST"])
def agreement_draft_drop(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Forget what was typed and not sent, after asking."""
    mentorship = active_mentorship(request, pk)
    draft = AgreementDraft.objects.of_form(request.user, mentorship).first()
    if request.method == "POST":
        services.forget_agreement_draft(mentorship=mentorship, by=request.user)
        return toast(request, redirect("mentors:agreement_edit", pk), "Starting afresh")
    if draft is None:
        raise Http404
    context = {
        "title": "Start afresh?",
        "lede": f"What you typed {say_kept(draft, request)} and did not send is erased.",
        "points": ["What you two agreed on stays as it is."],
        "yes": "Start afresh",
        "no": "Keep my words",
        "danger": True,
        "back": f"{mentorship.get_absolute_url()}agreement/edit/",
    }
    return render(request, "components/confirm.html", context)


def keep_posted(request: AuthenticatedHttpRequest, mentorship: Mentorship) -> dict[str, Any]:
    """Keep what was posted and not sent; return what _agreement_kept.html says of it."""
    try:
        fields = typed_fields(request.POST)
    except TooMuchTyped:
        return {"most": f"{MOST_KEPT:,}"}
    now, seen = timezone.now(), request.POST.get("seen", "")
    is_kept = services.keep_agreement_draft(mentorship=mentorship, fields=fields, seen=seen, by=request.user, now=now)
    return {"kept_said": f"Draft kept, {timezone.localtime(now):%H:%M}"} if is_kept else {"is_sent": True}


def say_kept(draft: AgreementDraft, request: AuthenticatedHttpRequest) -> str:
    """Say when a draft was kept: the hour today, the day before that."""
    at, today = timezone.localtime(draft.kept_at), request.user.today(timezone.now())
    return f"at {at:%H:%M}" if at.date() == today else say_day_within(at.date(), today)
