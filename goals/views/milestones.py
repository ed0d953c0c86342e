from copy import copy

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import AuthenticatedHttpRequest
from core.htmx import is_fragment
from goals import services
from goals.forms import MilestoneForm, MilestoneMoveForm
from goals.models import Goal, Milestone
from goals.views.access import own_or_403
from goals.views.answers import back, moved, posted, small_form


@require_http_methods(["GET", "POST"])
def milestone_new(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Add a milestone behind the others."""
    goal: Goal = own_or_403(Goal.objects, request.user, pk)
    is_short = is_fragment(request) and request.method == "GET"
    form = MilestoneForm(posted(request), goal=goal, is_short=is_short)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_milestone(goal=goal, milestone=form.save(commit=False), by=request.user, at=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return back(request, goal, "Milestone added")
    return small_form(request, goal, form=form, title="Add a milestone", lede=goal.title, yes="Add milestone")


@require_http_methods(["GET", "POST"])
def milestone_edit(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Change the words, the date or the number of a milestone."""
    milestone: Milestone = own_or_403(Milestone.objects.with_goal(), request.user, pk)
    goal, before = milestone.goal, copy(milestone)
    form = MilestoneForm(posted(request), instance=milestone, goal=goal)
    if request.method == "POST" and form.is_valid():
        services.change_milestone(milestone=form.save(commit=False), before=before, by=request.user, at=timezone.now())
        return back(request, goal, "Milestone saved")
    return small_form(
        request,
        goal,
        form=form,
        title="Edit milestone",
        lede=goal.title,
        yes="Save milestone",
        remove_url=reverse("goals:milestone_remove", args=[milestone.pk]),
        remove="Remove this milestone",
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
    is_done = request.POST.get("done") == "1"
    services.tick_milestone(milestone=milestone, is_done=is_done, by=request.user, at=timezone.now())
    return moved(request, milestone.goal, "Milestone reached" if is_done else "Milestone is ahead again")


@require_http_methods(["GET", "POST"])
def milestone_remove(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Take a milestone away, after asking."""
    milestone: Milestone = own_or_403(Milestone.objects.with_goal(), request.user, pk)
    goal = milestone.goal
    if request.method == "POST":
        services.remove_milestone(milestone=milestone, by=request.user, at=timezone.now())
        return back(request, goal, "Milestone removed")
    context = {
        "title": "Remove this milestone?",
        "lede": milestone.title,
        "points": ["What was written about it stays in the conversation.", "The history of the goal keeps its name."],
        "yes": "Remove milestone",
        "no": "Keep it",
        "danger": True,
        "back": goal.get_absolute_url(),
    }
    return render(request, "components/confirm.html", context)
