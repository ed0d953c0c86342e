import contextlib
import re
from typing import Any

from django.core.cache import caches
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import AuthenticatedHttpRequest
from core.htmx import toast
from core.timekeeping import say_day
from goals import services
from goals.check import own_goal
from goals.forms.typed import MOST_CHARACTERS, TooMuch, says_something, typed
from goals.models import FormDraft, Goal
from goals.reading import unsaved_form
from goals.starters import find
from goals.views.access import own_or_403

# A page that was saved stays closed this long, for an autosave that was on its way.
CLOSED_SECONDS = 60


@require_POST
def goal_new_draft(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Keep what is typed into the form for a new goal."""
    return _keep(request, None)


@require_POST
def goal_draft(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Keep what is typed into the form of a goal; the goal stays as it is."""
    return _keep(request, own_goal(pk, request.user) or own_or_403(Goal.objects, request.user, pk))


@require_http_methods(["GET", "POST"])
def draft_drop(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Forget what was typed and not saved, after asking."""
    draft = FormDraft.objects.owned_by(request.user).select_related("goal").filter(pk=pk).first()
    if draft is None:
        raise Http404
    form_url = f"/goals/{draft.goal_id}/edit/" if draft.goal_id else "/goals/new/"
    starter = find(request.GET.get("from", "")) if not draft.goal_id else None
    wanted = f"?from={starter.slug}" if starter else ""
    if request.method == "POST":
        services.forget_form(goal=draft.goal, by=request.user)
        return toast(request, redirect(form_url + wanted), "Starting afresh")
    title = str(draft.fields.get("title", ""))[:200]
    context = {
        "title": "Start afresh?",
        "lede": f"What you typed {_say_kept(draft, request)} and did not save is erased.",
        "points": [
            *([f"It began with “{title}”."] if title else []),
            *(["The goal itself stays as it is saved."] if draft.goal_id else []),
        ],
        "yes": "Start afresh",
        "no": "Keep my words",
        "danger": True,
        "back": form_url,
    }
    return render(request, "components/confirm.html", context)


def kept_form(request: AuthenticatedHttpRequest, goal: Goal | None) -> FormDraft | None:
    """Return what was typed into a form before and not saved, for a page that opens it."""
    if request.method == "POST":
        return None
    return unsaved_form(request.user, goal)


def draft_context(request: AuthenticatedHttpRequest, goal: Goal | None, kept: FormDraft | None) -> dict[str, Any]:
    """Return what a form page says about its draft, and where it keeps one.

    A form that was sent and not saved is kept too, so that nobody needs a script for that.
    """
    kept_said = f"Draft kept, {_say_kept(kept, request, prefix='')}" if kept else ""
    if request.method == "POST":
        with contextlib.suppress(TooMuch):
            kept_said = keep_posted(request, goal)
    return {
        "draft_url": f"/goals/{goal.pk}/draft/" if goal else "/goals/new/draft/",
        "check_url": f"/goals/{goal.pk}/check/" if goal else "/goals/new/check/",
        "kept": kept,
        "kept_said": kept_said,
        "kept_when": _say_kept(kept, request) if kept else "",
        "is_overtaken": bool(kept and goal and kept.fields.get("version") != str(goal.version)),
    }


def close_page(request: AuthenticatedHttpRequest) -> None:
    """Let no autosave of this page come after its save: one that was on its way would bring the words back."""
    if page := _page_of(request):
        caches["fast"].set(f"goal-form:{page}", 1, CLOSED_SECONDS)


def keep_posted(request: AuthenticatedHttpRequest, goal: Goal | None) -> str:
    """Keep what was posted and not saved, and say so; raises TooMuch. An empty form for a new goal is not kept."""
    fields, now = typed(request.POST), timezone.now()
    if goal is None and not says_something(fields):
        services.forget_form(goal=None, by=request.user)
        return ""
    services.keep_form(goal=goal, fields=fields, by=request.user, at=now)
    return f"Draft kept, {timezone.localtime(now):%H:%M}"


def _keep(request: AuthenticatedHttpRequest, goal: Goal | None) -> HttpResponse:
    page = _page_of(request)
    if page and caches["fast"].get(f"goal-form:{page}"):
        return render(request, "goals/_goal_saved.html")
    try:
        return render(request, "goals/_goal_saved.html", {"kept_said": keep_posted(request, goal)})
    except TooMuch:
        return render(request, "goals/_goal_saved.html", {"most": f"{MOST_CHARACTERS:,}"}, status=413)


def _page_of(request: AuthenticatedHttpRequest) -> str:
    """Return the token of the opened page that sends this, or nothing."""
    page = request.POST.get("page", "")
    return page if re.fullmatch(r"[0-9a-f]{16}", page) else ""


def _say_kept(draft: FormDraft, request: AuthenticatedHttpRequest, *, prefix: str = "at ") -> str:
    """Say when a draft was kept: the hour today, the day before that."""
    at, today = timezone.localtime(draft.kept_at), request.user.today(timezone.now())
    if at.date() == today:
        return f"{prefix}{at:%H:%M}"
    said = say_day(at.date(), today)
    return said.lower() if said == "Yesterday" else f"{'on ' if prefix else ''}{said}"
