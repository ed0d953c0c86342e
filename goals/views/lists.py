from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from core.compiled import CompiledQuery
from core.htmx import is_fragment
from core.paging import Pages, page
from core.templatetags.waymark import NUMBER_WORDS
from core.timekeeping import local_day
from goals.history import say_days_left
from goals.models import Goal
from goals.models.goal import GoalQuerySet
from goals.rows import closed_row, goal_row, grouped
from goals.services import BIN_DAYS

REACHED_LATELY = 2


@dataclass(frozen=True)
class Tab:
    """One of the lists. `keys` is its order, for which there is an index; `is_lasting` tabs are there when empty."""

    label: str
    rows: Callable[[GoalQuerySet], GoalQuerySet]
    keys: tuple[str, str]
    is_lasting: bool = False
    is_closed: bool = False


TABS = {
    "active": Tab("Active", GoalQuerySet.on_the_way, ("ranked_on", "pk"), is_lasting=True),
    "drafts": Tab("Drafts", GoalQuerySet.drafts, ("-updated_at", "-pk")),
    "reached": Tab("Reached", GoalQuerySet.reached, ("-closed_at", "-pk"), is_lasting=True, is_closed=True),
    "resting": Tab("Resting", GoalQuerySet.resting, ("-updated_at", "-pk")),
    "let_go": Tab("Let go", GoalQuerySet.let_go, ("-closed_at", "-pk"), is_closed=True),
    "shared": Tab("Shared with others", GoalQuerySet.shown_to_someone, ("-updated_at", "-pk")),
}


def _of_tab(tab: Tab, owner: int) -> GoalQuerySet:
    goals = tab.rows(_own(owner))
    return goals if tab.is_closed else goals.with_progress().with_reader_names()


def _own(owner: int) -> GoalQuerySet:
    return Goal.objects.owned_by(User(pk=owner))


_PAGES = {key: Pages(partial(_of_tab, tab), keys=tab.keys, owner=int) for key, tab in TABS.items()}
_TALLIES = CompiledQuery(lambda owner, today: _own(owner).tallies(today), owner=int, today=date)
_LATELY = CompiledQuery(lambda owner: _own(owner).reached().order_by("-closed_at", "-pk")[:REACHED_LATELY], owner=int)


@require_safe
def goal_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show one's own goals by state; what needs a look stands first."""
    state = request.GET.get("state", "")
    state = state if state in TABS else "active"
    tab, owner = TABS[state], request.user.pk
    today = request.user.today(timezone.now())
    ((counts,),) = _TALLIES.rows(owner=owner, today=today)
    found = _PAGES[state].page(request.GET.get("after"), owner=owner)
    zone = request.user.time_zone
    context = {
        "state": state,
        "tabs": [
            {
                "key": key,
                "url": "/goals/" if key == "active" else f"/goals/?state={key}",
                "label": each.label,
                "count": counts[key],
                "is_current": key == state,
            }
            for key, each in TABS.items()
            if each.is_lasting or counts[key] or key == state
        ],
        "heading": _heading(counts) if state == "active" else "",
        "groups": None if tab.is_closed else grouped([goal_row(goal, today=today) for goal in found.rows]),
        "closed": [closed_row(goal, today=today, zone=zone) for goal in found.rows] if tab.is_closed else [],
        "lately": [],
        "older": f"?state={state}&after={found.next_token}" if found.next_token else "",
        "has_goals": any(counts.values()),
    }
    if state == "active" and counts["reached"]:
        context["lately"] = [closed_row(goal, today=today, zone=zone) for goal in _LATELY.objects(owner=owner)]
    template = "_goal_list" if is_fragment(request) and context["has_goals"] else "goal_list"
    return render(request, f"goals/{template}.html", context)


@require_safe
def goal_bin(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show what one deleted and may still bring back."""
    found = page(Goal.objects.in_bin_of(request.user), keys=("-deleted_at", "-pk"), after=request.GET.get("after"))
    zone, today = request.user.time_zone, request.user.today(timezone.now())
    rows = [
        {"pk": goal.pk, "title": goal.title, "days": say_days_left(local_day(zone, goal.deleted_at), today)}
        for goal in found.rows
        if goal.deleted_at
    ]
    older = f"?after={found.next_token}" if found.next_token else ""
    return render(request, "goals/goal_bin.html", {"rows": rows, "older": older, "bin_days": BIN_DAYS})


def _heading(counts: dict[str, int]) -> str:
    active, late = counts["active"], counts["late"]
    if not active:
        return ""
    words = f"{_number(active)} goal{'' if active == 1 else 's'} on the way"
    if not late:
        return f"{words}."
    if active == 1:
        return f"{words}, past its date."
    return f"{words}, {_number(late).lower()} of them past {'its' if late == 1 else 'their'} date."


def _number(count: int) -> str:
    return NUMBER_WORDS[count] if count < len(NUMBER_WORDS) else str(count)
