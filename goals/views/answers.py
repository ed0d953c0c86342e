"""Answers that several views of goals give."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from accounts.http import AuthenticatedHttpRequest
from core.htmx import is_fragment, toast
from core.redirects import next_or
from goals.forms import ProgressForm
from goals.models import Goal
from goals.views.detail import Sight, standing_context


def posted(request: HttpRequest) -> Any:
    """Return what a form is to be filled with: what was posted, or None on a GET."""
    return request.POST if request.method == "POST" else None


def small_form(request: HttpRequest, goal: Goal, **context: Any) -> HttpResponse:
    """Ask one thing: as a page of its own, or in the place of the button that htmx says was pressed."""
    form = context.get("form")
    status = 422 if form is not None and form.is_bound and form.errors else 200
    context |= {"goal": goal, "back": next_or(request, goal.get_absolute_url()), "next": request.GET.get("next", "")}
    if is_fragment(request) and request.method == "GET":
        return render(request, "goals/_goal_quick.html", context)
    return render(request, "goals/goal_small_form.html", context, status=status)


def back(request: HttpRequest, goal: Goal, text: str, *, undo_url: str | None = None) -> HttpResponse:
    """Go where the visitor came from, or to the goal, and say what happened."""
    response = HttpResponseRedirect(next_or(request, goal.get_absolute_url()))
    return toast(request, response, text, undo_url=undo_url)


def moved(
    request: AuthenticatedHttpRequest,
    goal: Goal,
    text: str,
    *,
    undo_url: str | None = None,
    progress_form: ProgressForm | None = None,
) -> HttpResponse:
    """Answer a step on the goal page: its parts drawn anew for htmx, the page again otherwise."""
    if not is_fragment(request):
        return back(request, goal, text, undo_url=undo_url)
    fresh = Goal.objects.with_progress().with_owner().get(pk=goal.pk)
    context = standing_context(Sight(fresh, request.user), now=timezone.now(), progress_form=progress_form)
    response = render(request, "goals/_goal_moved.html", context | {"is_oob": True})
    return toast(request, response, text, undo_url=undo_url) if text else response
