from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import AuthenticatedHttpRequest
from core.timekeeping import say_day
from core.versioned import StaleEdit
from goals import services
from goals.forms import RestForm
from goals.models import Goal, Rest
from goals.views.access import own_or_403
from goals.views.answers import back, posted


@require_http_methods(["GET", "POST"])
def goal_rests(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Write down days on which a goal rested, and see those there are."""
    now = timezone.now()
    goal: Goal = own_or_403(Goal.objects, request.user, pk)
    if goal.is_draft or goal.is_closed:
        raise StaleEdit(goal)
    today, rests = request.user.today(now), list(goal.rests.all())
    form = RestForm(posted(request), goal=goal, today=today, rests=rests)
    if request.method == "POST" and form.is_valid():
        rest = services.add_rest(goal=goal, by=request.user, at=now, **form.cleaned_data)
        undo = reverse("goals:rest_remove", args=[rest.pk]) if rest else None
        return back(request, goal, "Those days do not count", undo_url=undo)
    lines = [
        {
            "said": f"{say_day(rest.starts_on, today)} to {say_day(rest.last_day, today)}"
            if rest.days > 1
            else say_day(rest.starts_on, today),
            "days": rest.days,
            "remove_url": reverse("goals:rest_remove", args=[rest.pk]),
        }
        for rest in rests
    ]
    context = {"goal": goal, "form": form, "rests": lines, "since": goal.paused_on, "today": today}
    return render(request, "goals/goal_rests.html", context, status=422 if form.errors else 200)


@require_POST
def rest_remove(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Take days of rest away again."""
    rest: Rest = own_or_403(Rest.objects.with_goal(), request.user, pk)
    services.remove_rest(rest=rest, by=request.user, at=timezone.now())
    return back(request, rest.goal, "Those days count again")
