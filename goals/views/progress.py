from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import AuthenticatedHttpRequest
from core.htmx import is_fragment
from core.timekeeping import say_day
from goals import services
from goals.forms import ProgressDeleteForm, ProgressEditForm, ProgressForm
from goals.models import Goal, Milestone, ProgressUpdate, Revision
from goals.views.access import own_or_403
from goals.views.answers import back, moved, posted, small_form
from goals.views.detail import Sight, seen_line


@require_http_methods(["GET", "POST"])
def progress_new(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Log how far a goal has come, or that nothing changed."""
    now = timezone.now()
    goal: Goal = own_or_403(Goal.objects, request.user, pk)
    is_unchanged = "no_change" in request.POST
    today = request.user.today(now)
    form = ProgressForm(posted(request), goal=goal, today=today, is_unchanged=is_unchanged, auto_id="id_progress_%s")
    if request.method == "POST" and form.is_valid():
        update = form.save(commit=False)
        passed = services.log_progress(goal=goal, update=update, by=request.user, at=now, is_unchanged=is_unchanged)
        return moved(request, goal, "No change, noted" if is_unchanged else _said(passed))
    if request.method == "POST" and is_fragment(request):
        return moved(request, goal, "", progress_form=form)
    return small_form(request, goal, form=form, title="Log progress", lede=goal.title, yes="Save progress")


@require_http_methods(["GET", "POST"])
def progress_edit(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Put right what was logged."""
    now = timezone.now()
    update: ProgressUpdate = own_or_403(ProgressUpdate.objects.with_goal(), request.user, pk)
    goal = update.goal
    form = ProgressEditForm(posted(request), instance=update, goal=goal, today=request.user.today(now))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        services.change_progress(update=form.save(commit=False), by=request.user, at=now, reason=reason)
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
    """Take an entry out of the log, after asking; the history brings it back for 30 days."""
    update: ProgressUpdate = own_or_403(ProgressUpdate.objects.with_goal(), request.user, pk)
    goal = update.goal
    form = ProgressDeleteForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        kept = services.delete_progress(update=update, by=request.user, at=timezone.now(), reason=reason)
        undo = reverse("goals:progress_restore", args=[kept.pk]) if kept else None
        return back(request, goal, "Taken out of the log", undo_url=undo)
    context = {
        "title": "Take this out of the log?",
        "lede": "The trail goes back to what was logged before it.",
        "points": [
            *([update.note] if update.note else []),
            f"The history keeps a line about it. For {services.BIN_DAYS} days you can put it back from there.",
        ],
        "form": form,
        "yes": "Take it out",
        "no": "Keep it",
        "danger": True,
        "back": goal.get_absolute_url(),
    }
    return render(request, "components/confirm.html", context, status=422 if form.errors else 200)


@require_POST
def progress_restore(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Put back into the log what a line of the history says was taken out."""
    revision: Revision = own_or_403(Revision.objects.with_goal(), request.user, pk)
    if services.restore_progress(revision=revision, by=request.user, at=timezone.now()):
        return back(request, revision.goal, "Back in the log")
    return back(request, revision.goal, "That can no longer be put back")


@require_POST
def progress_seen(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Mark something logged as seen, or (`seen` empty) not; its owner reads who saw it."""
    rows = ProgressUpdate.objects.visible_to(request.user).with_goal()
    update: ProgressUpdate = get_object_or_404(rows, pk=pk)
    is_seen = request.POST.get("seen") == "1"
    services.see_progress(update=update, is_seen=is_seen, by=request.user, at=timezone.now())
    if not is_fragment(request):
        said = f"{update.goal.owner.given_name} can see that you saw it" if is_seen else "No longer marked as seen"
        return back(request, update.goal, said)
    fresh = ProgressUpdate.objects.with_seen().get(pk=pk)
    each = {"pk": str(pk), "day": say_day(update.happened_on, update.goal.owner.today(timezone.now()))}
    return render(request, "goals/_goal_seen.html", {"each": each | seen_line(fresh, Sight(update.goal, request.user))})


def _said(passed: list[Milestone]) -> str:
    return f"Progress saved. Reached: {passed[-1].title}" if passed else "Progress saved"
