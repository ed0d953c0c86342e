"""From an entry to what follows from it. For its owner alone; readers of the entry are told of none of it."""

from typing import Any

from django.core.exceptions import BadRequest, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import AuthenticatedHttpRequest
from core.htmx import is_fragment, toast
from core.redirects import next_or
from goals import views as goals
from goals.models import Goal
from journal import follow
from journal.following import follow_context, forms_of
from journal.models import Entry, Outcome, Proposal
from journal.views.context import require_owner

SAID = {"win": "Win saved", "task": "Task added", "focus": "Focus saved"}
GONE = "That was answered already."
# How a goal can be adjusted from an entry: the page of goals that does it.
ADJUST = {
    Outcome.How.MOVE: goals.goal_move,
    Outcome.How.SHRINK: goals.goal_shrink,
    Outcome.How.REST: goals.goal_pause,
    Outcome.How.LOG: goals.progress_new,
}


@require_http_methods(["GET", "HEAD", "POST"])
def entry_follow(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Ask what follows from an entry; a POST says what to make (`kind`: win, task or focus), perhaps of a proposal."""
    entry = _own(request, pk)
    now = timezone.now()
    today = request.user.today(now)
    filled = forms_of(entry, request.POST if request.method == "POST" else None, today=today)
    if request.method != "POST":
        return _show(request, entry, filled)
    kind = request.POST.get("kind", "")
    if kind not in filled:
        raise BadRequest("That is none of what can follow from an entry.")
    proposal = _proposal(request, entry)
    if not filled[kind].is_valid():
        return _show(request, entry, filled, proposal=proposal, status=422)
    try:
        _make(kind, entry, filled[kind].cleaned_data, proposal, now=now)
        said = SAID[kind]
    except Entry.DoesNotExist as gone:
        raise Http404 from gone
    except follow.AlreadyAnswered:
        said = GONE
    except ValidationError as error:
        filled[kind].add_error(None, error)
        return _show(request, entry, filled, proposal=proposal, status=422)
    if is_fragment(request):
        return toast(request, _show(request, entry, forms_of(entry, today=today)), said)
    return toast(request, redirect(next_or(request, f"/journal/{pk}/follow/")), said)


def _own(request: AuthenticatedHttpRequest, pk: int) -> Entry:
    entry = get_object_or_404(Entry.objects.visible_to(request.user).select_related("owner", "period"), pk=pk)
    require_owner(entry, request.user)
    return entry


def _proposal(request: AuthenticatedHttpRequest, entry: Entry) -> Proposal | None:
    number = request.POST.get("proposal", "")
    if not number:
        return None
    key = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
    return get_object_or_404(Proposal.objects.filter(entry=entry), pk=key)


def _make(kind: str, entry: Entry, data: dict[str, Any], proposal: Proposal | None, *, now: Any) -> None:
    given: dict[str, Any] = {"entry": entry, "text": data["text"], "at": now, "proposal": proposal}
    if kind == "win":
        follow.keep_win(day=min(entry.entry_on, entry.owner.today(now)), **given)
    elif kind == "task":
        follow.make_task(goal=data["goal"], due_on=data["due_on"], **given)
    else:
        follow.mean_to(key=data["week"], **given)


def _show(
    request: AuthenticatedHttpRequest,
    entry: Entry,
    filled: dict[str, Any],
    *,
    proposal: Proposal | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw what follows; a form with a mistake stands open, and `proposal` is what it was sent for."""
    context = follow_context(entry, filled, today=request.user.today(timezone.now()))
    context |= {"sent": next((kind for kind, form in filled.items() if form.is_bound), ""), "sent_for": proposal}
    template = "journal/_entry_follow.html" if is_fragment(request) else "journal/entry_follow.html"
    return render(request, template, context, status=status)


@require_http_methods(["GET", "POST"])
def goal_adjust(request: AuthenticatedHttpRequest, pk: int, goal: int, how: str) -> HttpResponse:
    """Adjust a goal from inside an entry, on the goal's own page for it, and note there what it came from."""
    entry = _own(request, pk)
    if how not in ADJUST:
        raise Http404
    with transaction.atomic():
        before = Goal.objects.owned_by(request.user).filter(pk=goal).values_list("updated_at", flat=True).first()
        response = ADJUST[Outcome.How(how)](request, goal)
        after = Goal.objects.owned_by(request.user).filter(pk=goal).first()
        if after is not None and after.updated_at != before:
            follow.note_adjusted(entry=entry, goal=after, how=how, at=timezone.now())
    return response


@require_POST
def proposal_leave(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Make nothing of a line; it stays in the entry."""
    proposal = get_object_or_404(Proposal.objects.owned_by(request.user).select_related("entry__owner"), pk=pk)
    follow.leave_proposal(proposal=proposal, at=timezone.now())
    if is_fragment(request):
        entry = _own(request, proposal.entry_id)
        return _show(request, entry, forms_of(entry, today=request.user.today(timezone.now())))
    return toast(request, redirect(next_or(request, f"/journal/{proposal.entry_id}/follow/")), "Left in the entry")
