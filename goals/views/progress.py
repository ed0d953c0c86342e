from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import AuthenticatedHttpRequest
from core.htmx import is_fragment
from goals import services
from goals.forms import ProgressForm
from goals.models import Goal, Milestone, ProgressUpdate
from goals.views.access import own_or_403
from goals.views.answers import back, moved, posted, small_form


@require_http_methods(["GET", "POST"])
def progress_new(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Log how far a goal has come."""
    now = timezone.now()
    goal: Goal = own_or_403(Goal.objects, request.user, pk)
    form = ProgressForm(posted(request), goal=goal, today=request.user.today(now), auto_id="id_progress_%s")
    if request.method == "POST" and form.is_valid():
        passed = services.log_progress(goal=goal, update=form.save(commit=False), by=request.user, at=now)
        return moved(request, goal, _said(passed))
    if request.method == "POST" and is_fragment(request):
        return moved(request, goal, "", progress_form=form)
    return small_form(request, goal, form=form, title="Log progress", lede=goal.title, yes="Save progress")


@require_http_methods(["GET", "POST"])
def progress_edit(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Put right what was logged."""
    now = timezone.now()
    update: ProgressUpdate = own_or_403(ProgressUpdate.objects.with_goal(), request.user, pk)
    goal = update.goal
    form = ProgressForm(posted(request), instance=update, goal=goal, today=request.user.today(now))
    if request.method == "POST" and form.is_valid():
        services.change_progress(update=form.save(commit=False), by=request.user, at=now)
        return back(request, goal, "Progress saved")
    return small_form(
        request,
        goal,
        form=form,
        title="Edit what you logged",
        lede=goal.title,
        yes="Save progress",
        remove_url=reverse("goals:progress_delete", args=[update.pk]),
        remove="Take it out of the log",
    )


@require_http_methods(["GET", "POST"])
def progress_delete(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Take an entry out of the log, after asking."""
    update: ProgressUpdate = own_or_403(ProgressUpdate.objects.with_goal(), request.user, pk)
    goal = update.goal
    if request.method == "POST":
        services.delete_progress(update=update, by=request.user, at=timezone.now())
        return back(request, goal, "Taken out of the log")
    context = {
        "title": "Take this out of the log?",
        "lede": "The trail goes back to what was logged before it. This cannot be undone.",
        "points": [update.note] if update.note else [],
        "yes": "Take it out",
        "no": "Keep it",
        "danger": True,
        "back": goal.get_absolute_url(),
    }
    return render(request, "components/confirm.html", context)


def _said(passed: list[Milestone]) -> str:
    return f"Progress saved. Reached: {passed[-1].title}" if passed else "Progress saved"
