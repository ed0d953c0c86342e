from copy import copy

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import AuthenticatedHttpRequest
from core.htmx import is_fragment, toast
from goals import services
from goals.forms import MilestoneForm, MilestoneMoveForm
from goals.models import Goal, Milestone
from goals.views.access import own_or_403
from goals.views.answers import back, moved, posted, small_form
from goals.views.detail import Sight, standing_context


@require_http_methods(["GET", "POST"])
def milestone_new(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Add a milestone or a task behind the others."""
    goal: Goal = own_or_403(Goal.objects, request.user, pk)
    is_short = is_fragment(request) and request.method == "GET"
    form = MilestoneForm(posted(request), goal=goal, is_short=is_short)
    if request.method == "POST" and form.is_valid():
        try:
            step = form.save(commit=False)
            services.add_milestone(goal=goal, milestone=step, by=request.user, at=timezone.now(), is_alone=True)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return back(request, goal, f"{step.get_kind_display()} added")
    return small_form(request, goal, form=form, title="Add a milestone or a task", lede=goal.title, yes="Add")


@require_http_methods(["GET", "POST"])
def milestone_edit(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Change the words, the date or the number of a milestone."""
    milestone: Milestone = own_or_403(Milestone.objects.with_goal(), request.user, pk)
    goal, before = milestone.goal, copy(milestone)
    form = MilestoneForm(posted(request), instance=milestone, goal=goal)
    if request.method == "POST" and form.is_valid():
        services.change_milestone(milestone=form.save(commit=False), before=before, by=request.user, at=timezone.now())
        return back(request, goal, f"{milestone.get_kind_display()} saved")
    return small_form(
        request,
        goal,
        form=form,
        title=f"Edit {before.kind}",
        lede=goal.title,
        yes=f"Save {before.kind}",
        remove_url=reverse("goals:milestone_remove", args=[milestone.pk]),
        remove=f"Remove this {before.kind}",
    )


@require_http_methods(["GET", "POST"])
def milestone_move(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Give a milestone another day."""
    milestone: Milestone = own_or_403(Milestone.objects.with_goal(), request.user, pk)
    before = copy(milestone)
    form = MilestoneMoveForm(posted(request), instance=milestone)
    if request.method == "POST" and form.is_valid():
        services.change_milestone(milestone=form.save(commit=False), before=before, by=request.user, at=timezone.now())
        return back(request, milestone.goal, "Date moved")
    return small_form(
        request,
        milestone.goal,
        form=form,
        title="Move the date",
        lede=before.title,
        yes="Move the date",
        no="Leave it",
    )


@require_POST
def milestone_tick(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Mark a milestone as reached, or (`done` empty) as ahead again."""
    milestone: Milestone = own_or_403(Milestone.objects.with_goal(), request.user, pk)
    is_done = (request.POST.get("done") or request.GET.get("done")) == "1"
    services.tick_milestone(milestone=milestone, is_done=is_done, by=request.user, at=timezone.now())
    words = {
        "task": ("Task done", "Task is open again"),
        "milestone": ("Milestone reached", "Milestone is ahead again"),
    }
    undo = reverse("goals:milestone_tick", args=[milestone.pk]) + ("" if is_done else "?done=1")
    return moved(request, milestone.goal, words[milestone.kind][0 if is_done else 1], undo_url=undo)


@require_POST
def milestone_order(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Move a milestone one place up or down (`step`), or in front of another (`before`: its key, or "end")."""
    milestone: Milestone = own_or_403(Milestone.objects.with_goal(), request.user, pk)
    before, step = request.POST.get("before", ""), request.POST.get("step", "")
    wanted = 0 if before == "end" else int(before) if _is_key(before) else None
    try:
        place, count = services.move_milestone(
            milestone=milestone,
            by=request.user,
            at=timezone.now(),
            step={"-1": -1, "1": 1}.get(step, 0),
            before=wanted,
        )
        said = f"Moved to {place} of {count}"
    except ValidationError as error:
        said = " ".join(error.messages)
    goal = milestone.goal
    if not is_fragment(request):
        return toast(request, redirect(f"{goal.get_absolute_url()}?order=1#milestone-{pk}"), said)
    fresh = Goal.objects.with_progress().with_owner().get(pk=goal.pk)
    context = standing_context(Sight(fresh, request.user), now=timezone.now())
    context |= {"is_oob": True, "is_ordering": True, "order_said": said}
    return render(request, "goals/_goal_milestones.html", context)


@require_http_methods(["GET", "POST"])
def milestone_remove(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Take a milestone away, after asking."""
    milestone: Milestone = own_or_403(Milestone.objects.with_goal(), request.user, pk)
    goal = milestone.goal
    if request.method == "POST":
        services.remove_milestone(milestone=milestone, by=request.user, at=timezone.now())
        undo = reverse("goals:milestone_restore", args=[pk])
        return back(request, goal, f"{milestone.get_kind_display()} removed", undo_url=undo)
    context = {
        "title": f"Remove this {milestone.kind}?",
        "lede": milestone.title,
        "points": [
            "What was written about it stays in the conversation.",
            f"Nobody sees it from then on. For {services.BIN_DAYS} days you can bring it back from the goal's history.",
        ],
        "yes": f"Remove {milestone.kind}",
        "no": "Keep it",
        "danger": True,
        "back": goal.get_absolute_url(),
    }
    return render(request, "components/confirm.html", context)


@require_POST
def milestone_restore(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Bring back a milestone or task that was taken away."""
    milestone: Milestone = get_object_or_404(Milestone.with_removed.editable_by(request.user).with_goal(), pk=pk)
    try:
        is_back = services.restore_milestone(milestone=milestone, by=request.user, at=timezone.now())
    except ValidationError as error:
        return back(request, milestone.goal, f"Not brought back. {' '.join(error.messages)}")
    said = f"{milestone.get_kind_display()} is back" if is_back else "That can no longer be brought back"
    return back(request, milestone.goal, said)


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
