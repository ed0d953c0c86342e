from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.http import AuthenticatedHttpRequest
from goals.check import look_at, own_goal, panel
from goals.models import Goal
from goals.smart import Check
from goals.views.access import own_or_403

# Where a hint about a field stands, if not under the field itself.
PLACES = {
    "start_value": "id_counting",
    "target_value": "id_counting",
    "unit": "id_counting",
    "milestones": "milestones",
}


@require_POST
def goal_new_check(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Say what about a goal that is being written could be clearer."""
    return _check(request, None)


@require_POST
def goal_check(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Say what about a goal that is being changed could be clearer."""
    return _check(request, own_goal(pk, request.user) or own_or_403(Goal.objects, request.user, pk))


def _check(request: AuthenticatedHttpRequest, goal: Goal | None) -> HttpResponse:
    today = request.user.today(timezone.now())
    smart, plan_line = look_at(request.POST, owner=request.user, today=today, goal=goal)
    context = {"smart": panel(smart), "plan_line": plan_line}
    return render(request, "goals/_goal_check.html", context | _hint(smart, request.POST.get("at", "")))


def _hint(smart: Check, at: str) -> dict[str, Any]:
    """Return the one hint that stands under the field somebody just wrote into, where there is anything to say."""
    field = "milestones" if at.startswith(("m", "new")) and "-" in at else at
    place = PLACES.get(field, f"id_{field}")
    near = [name for name, other in PLACES.items() if other == place] if field in PLACES else [field]
    found = next((hint for name in near if (hint := smart.hint_for(name))), None)
    return {"hint": found, "hint_place": place} if found else {}
