from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from core.compiled import CompiledQuery
from core.htmx import toast
from core.paging import Pages
from core.timekeeping import say_day_within
from goals.models import Goal
from home import services
from home.context import Frame
from home.forms import SnoozeForm
from home.models import Snooze
from journal.models import Entry
from mentors import contact, counts, desk
from mentors.needs import estimate, thread_row
from mentors.services import mark_seen
from mentors.threads import NOTHING_YET, State, conversation
from sharing.models import Mentorship
from wins.models import Win


@require_safe
def mentee_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The mentor's desk: what needs me, and one panel for each person who shows me something."""
    return _show_desk(request)


def _show_desk(request: AuthenticatedHttpRequest, *, form: SnoozeForm | None = None, status: int = 200) -> HttpResponse:
    now = timezone.now()
    today, frame = request.user.today(now), Frame(request.user, now)
    snoozes = _snoozes(request, frame)
    laid = _lay(request, frame, snoozes)
    until = {snooze.key: snooze.until_on for snooze in snoozes}
    context = {
        "desk": laid,
        "estimate": estimate(laid.needs),
        "asleep": [(row, until[row.key]) for row in laid.asleep],
        "snooze_form": form,
        # A row of another page, beyond those drawn here: what is wrong is said on top.
        "is_elsewhere": form is not None and all(row.key != form.data.get("item") for row in laid.needs),
        "tomorrow": today + timedelta(days=1),
        "today": today,
        "frame": frame,
    }
    return render(request, "home/mentee_list.html", context, status=status)


def _lay(request: AuthenticatedHttpRequest, frame: Frame, snoozes: list[Snooze]) -> desk.Desk:
    """Lay the desk; what the frame around the page knows to be nothing is not asked for."""
    now, counted = frame.now, frame.counts
    return desk.lay_desk(
        request.user,
        now=now,
        after=request.GET.get("after", ""),
        asking=counts.asking(request.user, now=now) if counted["invitations"] or snoozes else (),
        requests=counts.requests(request.user) if counted["requests"] or snoozes else (),
        asleep={snooze.key: snooze.at for snooze in snoozes},
    )


def _snoozes(request: AuthenticatedHttpRequest, frame: Frame) -> list[Snooze]:
    if not frame.counts["asleep"]:
        return []
    return _ASLEEP.objects(owner=request.user.pk, day=request.user.today(timezone.now()))


@require_POST
def mentee_snooze(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Set one row of "Needs you" aside: until tomorrow, next week, or a day."""
    now = timezone.now()
    today, key = request.user.today(now), request.POST.get("item", "")
    form = SnoozeForm(request.POST, today=today)
    if not desk.waits(request.user, key, now=now):
        raise Http404
    if not form.is_valid():
        return _show_desk(request, form=form, status=422)
    until = form.cleaned_data["until"]
    services.snooze(owner=request.user, key=key, until=until, today=today, at=now)
    said = f"Set aside until {say_day_within(until, today)}. It comes back sooner if there is news."
    return toast(request, redirect("home:mentee_list"), said, undo_url=f"/mentees/snooze/{key}/wake/")


@require_POST
def mentee_wake(request: AuthenticatedHttpRequest, key: str) -> HttpResponse:
    """Bring a row back that was set aside; again and again changes nothing."""
    services.wake(owner=request.user, key=key)
    return toast(request, redirect("home:mentee_list"), "Back on your desk")


@require_safe
def mentee_detail(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Everything one person shows me."""
    now = timezone.now()
    today = request.user.today(now)
    mentorship = _relation(request, pk)
    goals = _GOALS.page(request.GET.get("goals"), mentorship=mentorship.pk)
    entries = _ENTRIES.page(request.GET.get("entries"), mentorship=mentorship.pk, reader=request.user.pk)
    wins = _WINS.page(request.GET.get("wins"), mentorship=mentorship.pk)
    keys = [[row.pk for row in rows] for rows in (goals.rows, entries.rows, wins.rows)]
    states = conversation(request.user, goals=keys[0], entries=keys[1], wins=keys[2])

    def state(item: Goal | Entry | Win) -> State:
        return states.get((str(item._meta.model_name), item.pk), NOTHING_YET)

    things: list[Goal | Entry | Win] = [*goals.rows, *entries.rows, *wins.rows]
    context = {
        "mentorship": mentorship,
        "mentee": mentorship.mentee,
        "quiet": contact.standing_of(mentorship, request.user, now=now),
        "write_path": _newest_path(goals.rows, [*entries.rows, *wins.rows]),
        "needs": [
            thread_row(mentorship, item, known, known.waits_since(mentorship, _moved_at(item)), request.user, today)
            for item, known in ((item, state(item)) for item in things)
            if known.waits(item.owner_id)
        ],
        "goals": [desk.goal_line(goal, state(goal), request.user, today=today) for goal in goals.rows],
        "goals_token": goals.next_token,
        "entries": entries.rows,
        "entries_token": entries.next_token,
        "wins": wins.rows,
        "wins_token": wins.next_token,
        "tomorrow": today + timedelta(days=1),
        "today": today,
    }
    return render(request, "home/mentee_detail.html", context)


@require_POST
def mentee_seen(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Tick one shared thing as seen: it waits no longer, until its owner writes there again."""
    mentorship = _relation(request, pk)
    name, _, number = request.POST.get("item", "").partition("-")
    model: Any = {"entry": Entry, "win": Win}.get(name, Goal)
    key = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
    item = get_object_or_404(model.objects.shared_through(mentorship), pk=key)
    mark_seen(mentorship=mentorship, item=item, at=timezone.now())
    messages.success(request, "Seen. It comes back when there is something new.")
    return redirect("home:mentee_list")


def _newest_path(goals: list[Goal], written: list[Entry | Win]) -> str:
    """Return the conversation about the newest thing on the page; "" where there is nothing to write about."""
    newest = max(goals, key=lambda goal: (not goal.is_closed, goal.updated_at), default=None) or next(
        iter(written), None
    )
    return f"{newest.get_absolute_url()}#conversation" if newest else ""


def _moved_at(item: Goal | Entry | Win) -> datetime:
    if isinstance(item, Win):
        return item.created_at
    return item.finished_at or item.updated_at if isinstance(item, Entry) else item.updated_at


def _relation(request: AuthenticatedHttpRequest, pk: int) -> Mentorship:
    """Return the relation in which I am the reader; what has ended is a page of its own (/mentorships/)."""
    now = timezone.now()
    today = request.user.today(now)
    mentorship: Mentorship | None = _RELATION.one(mentorship=pk, reader=request.user.pk, day=today, now=now)
    if mentorship is None:
        raise Http404
    return mentorship


def _active(mentorship: int) -> Mentorship:
    return Mentorship(pk=mentorship, status=Mentorship.Status.ACTIVE)


_ASLEEP = CompiledQuery(lambda owner, day: Snooze.objects.asleep(User(pk=owner), day), owner=int, day=date)
# What one active relation is asked for on its page.
_RELATION = CompiledQuery(
    lambda mentorship, reader, day, now: desk.relations_of(reader, day, now).filter(pk=mentorship),
    mentorship=int,
    reader=int,
    day=date,
    now=datetime,
)
_GOALS = Pages(
    lambda mentorship: Goal.objects.shared_through(_active(mentorship)).with_progress(),
    keys=("-updated_at", "-pk"),
    mentorship=int,
)
_ENTRIES = Pages(
    lambda mentorship, reader: (
        Entry.objects.shared_through(_active(mentorship)).as_read_by(User(pk=reader)).select_related("period")
    ),
    keys=("-entry_on", "-pk"),
    mentorship=int,
    reader=int,
)
_WINS = Pages(
    lambda mentorship: Win.objects.shared_through(_active(mentorship)), keys=("-happened_on", "-pk"), mentorship=int
)
