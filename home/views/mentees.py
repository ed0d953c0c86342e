from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from core.compiled import CompiledQuery
from core.paging import Pages
from goals.models import Goal
from journal.models import Entry
from mentors import counts, desk
from mentors.services import mark_seen
from sharing.models import Mentorship


@require_safe
def mentee_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The mentor's desk: what waits, and one panel for each person who shows me something."""
    now = timezone.now()
    context = {
        "desk": desk.lay_desk(request.user, now=now, after=request.GET.get("after", "")),
        "asking": counts.asking(request.user, now=now),
        "today": request.user.today(now),
    }
    return render(request, "home/mentee_list.html", context)


@require_safe
def mentee_detail(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Everything one person shows me."""
    today = request.user.today(timezone.now())
    mentorship = _relation(request, pk)
    goals = _GOALS.page(request.GET.get("goals"), mentorship=mentorship.pk)
    entries = _ENTRIES.page(request.GET.get("entries"), mentorship=mentorship.pk)
    states = desk.conversation(
        request.user, goals=[goal.pk for goal in goals.rows], entries=[entry.pk for entry in entries.rows]
    )

    def state(name: str, item: Goal | Entry) -> desk.State:
        return states.get((name, item.pk), desk.NOTHING_YET)

    things: list[tuple[Goal | Entry, desk.State]] = [(goal, state("goal", goal)) for goal in goals.rows]
    things += [(entry, state("entry", entry)) for entry in entries.rows]
    context = {
        "mentorship": mentorship,
        "mentee": mentorship.mentee,
        "waiting": [
            desk.waiting_row(item, mentorship, known, request.user)
            for item, known in things
            if known.waits(item.owner_id)
        ],
        "goals": [desk.goal_line(goal, state("goal", goal), request.user, today=today) for goal in goals.rows],
        "goals_token": goals.next_token,
        "entries": entries.rows,
        "entries_token": entries.next_token,
        "today": today,
    }
    return render(request, "home/mentee_detail.html", context)


@require_POST
def mentee_seen(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Tick one shared thing as seen: it waits no longer, until its owner writes there again."""
    mentorship = _relation(request, pk)
    name, _, number = request.POST.get("item", "").partition("-")
    model: Any = Entry if name == "entry" else Goal
    key = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
    item = get_object_or_404(model.objects.shared_through(mentorship), pk=key)
    mark_seen(mentorship=mentorship, item=item, at=timezone.now())
    messages.success(request, "Seen. It comes back when there is something new.")
    return redirect("home:mentee_list")


def _relation(request: AuthenticatedHttpRequest, pk: int) -> Mentorship:
    """Return the relation in which I am the reader; what has ended is a page of its own (/mentorships/)."""
    mentorship: Mentorship | None = _RELATION.one(mentorship=pk, reader=request.user.pk)
    if mentorship is None:
        raise Http404
    return mentorship


def _active(mentorship: int) -> Mentorship:
    return Mentorship(pk=mentorship, status=Mentorship.Status.ACTIVE)


# What one active relation is asked for on its page.
_RELATION = CompiledQuery(
    lambda mentorship, reader: (
        Mentorship.objects.active().of_mentor(User(pk=reader)).filter(pk=mentorship).select_related("mentee")
    ),
    mentorship=int,
    reader=int,
)
_GOALS = Pages(
    lambda mentorship: Goal.objects.shared_through(_active(mentorship)).with_progress(),
    keys=("-updated_at", "-pk"),
    mentorship=int,
)
_ENTRIES = Pages(
    lambda mentorship: Entry.objects.shared_through(_active(mentorship)).select_related("period"),
    keys=("-entry_on", "-pk"),
    mentorship=int,
)
