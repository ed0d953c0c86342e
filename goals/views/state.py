from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import AuthenticatedHttpRequest
from core.htmx import toast
from core.versioned import StaleEdit
from goals import services
from goals.forms import CloseForm, PauseForm
from goals.models import Goal
from goals.trail import standing_of
from goals.views.access import own_or_403
from goals.views.answers import back, posted, small_form
from goals.views.detail import update_line

SAID = {"achieved": "Marked as reached", "partly": "Marked as partly reached", "dropped": "Let go"}


@require_http_methods(["GET", "POST"])
def goal_pause(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Let a goal rest, from today or since some days ago; its plan stands still until it is taken up again."""
    now = timezone.now()
    goal: Goal = own_or_403(Goal.objects, request.user, pk)
    today = request.user.today(now)
    form = PauseForm(posted(request), goal=goal, today=today, rests=goal.rests.all(), initial={"since": today})
    if request.method == "POST" and form.is_valid():
        since, reason = form.cleaned_data["since"], form.cleaned_data["reason"]
        services.pause_goal(goal=goal, by=request.user, day=since, at=now, reason=reason, today=today)
        return back(request, goal, "It rests now", undo_url=reverse("goals:goal_resume", args=[goal.pk]))
    return small_form(
        request,
        goal,
        form=form,
        title="Let it rest",
        lede=f"{goal.title}. Nothing is counted and nobody is reminded until you take it up again.",
        yes="Let it rest",
        no="Keep going",
        also_url=reverse("goals:goal_rests", args=[goal.pk]),
        also="It rested before, and that is over",
    )


@require_POST
def goal_resume(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Take up a resting goal."""
    now = timezone.now()
    goal: Goal = own_or_403(Goal.objects, request.user, pk)
    services.resume_goal(goal=goal, by=request.user, day=request.user.today(now), at=now)
    return back(request, goal, "On the way again")


@require_http_methods(["GET", "POST"])
def goal_close(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """End a goal: reached, partly reached, or let go with a reason. For one that has ended, put its words anew."""
    now = timezone.now()
    goal: Goal = own_or_403(Goal.objects.with_progress().with_owner(), request.user, pk)
    if goal.is_draft:
        raise StaleEdit(goal)
    ended = goal.status if goal.is_closed else ""
    initial = {"outcome": request.GET.get("outcome", ""), "note": goal.closing_note}
    initial |= {"helped": goal.closing_helped, "differently": goal.closing_differently}
    form = CloseForm(posted(request), initial=initial, ended=ended)
    if request.method == "POST" and form.is_valid():
        outcome = form.cleaned_data.pop("outcome", ended)
        words = form.cleaned_data
        if ended:
            services.reword_ending(goal=goal, by=request.user, at=now, **words)
            return back(request, goal, "Saved")
        day = request.user.today(now)
        services.close_goal(goal=goal, outcome=outcome, by=request.user, day=day, at=now, **words)
        return back(request, goal, SAID[outcome], undo_url=reverse("goals:goal_reopen", args=[goal.pk]))
    context = {"form": form, "ended": ended} | _way_walked(goal, today=request.user.today(now))
    return render(request, "goals/goal_close.html", context, status=422 if form.errors else 200)


def _way_walked(goal: Goal, *, today: date) -> dict[str, Any]:
    """Return what the closing page recalls: the trail, what was logged first and last, and who will read the answers."""
    first, last = goal.updates.order_by("happened_on", "pk").first(), goal.updates.newest_first().first()
    where = standing_of(goal, today=today)
    names = [reader.mentor.given_name for reader in goal.readers() if reader.mentor]
    return {
        "goal": goal,
        "where": where,
        "first": update_line(goal, first, today) if first else None,
        "last": update_line(goal, last, today) if last and last != first else None,
        "who_reads": _say_readers(names),
        "back": goal.get_absolute_url(),
    }


def _say_readers(names: list[str]) -> str:
    if not names:
        return "Only you can read this."
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{listed} can read this: a goal is shared whole."


@require_POST
def goal_reopen(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Take up a goal that had ended."""
    goal: Goal = own_or_403(Goal.objects, request.user, pk)
    services.reopen_goal(goal=goal, by=request.user, at=timezone.now())
    return back(request, goal, "On the way again")


@require_http_methods(["GET", "POST"])
def goal_delete(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Put a goal in the bin; it can be brought back for 30 days. One that is there already stays as it is."""
    is_gone = request.method == "POST" and Goal.objects.in_bin_of(request.user).filter(pk=pk).exists()
    goal: Goal = Goal(pk=pk) if is_gone else own_or_403(Goal.objects, request.user, pk)
    if request.method == "POST":
        if not is_gone:
            services.delete_goal(goal=goal, by=request.user, at=timezone.now())
        undo = reverse("goals:goal_restore", args=[goal.pk])
        return toast(request, redirect("goals:goal_list"), "Goal deleted", undo_url=undo)
    context = {
        "title": "Delete this goal?",
        "lede": goal.title,
        "points": [
            "Nobody it was shown to can see it any more, at once.",
            f"You can bring it back for {services.BIN_DAYS} days; it is then private again.",
            "After that it is erased, with its milestones, its log and its conversation.",
        ],
        "yes": "Delete goal",
        "no": "Keep it",
        "danger": True,
        "back": goal.get_absolute_url(),
    }
    return render(request, "components/confirm.html", context)


@require_POST
def goal_restore(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Bring a goal back from the bin."""
    goal = Goal.objects.in_bin_of(request.user).filter(pk=pk).first()
    if goal is None:  # brought back already, in another tab
        return redirect(get_object_or_404(Goal.objects.owned_by(request.user), pk=pk))
    services.restore_goal(goal=goal, by=request.user)
    return toast(request, redirect(goal), "Goal is back, private again")
