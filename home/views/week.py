"""This week, and the plain pages that lead to everything else."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import CharField, DateField, QuerySet, Value
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import Break, User
from core.compiled import CompiledQuery
from core.htmx import is_fragment, toast
from core.timekeeping import say_day, week_bounds, week_key
from goals import services as goals
from goals.models import Goal, Milestone
from home.mentoring import promise_of
from home.views.rows import DueRow
from home.views.today import mood_buttons
from home.week import Thing, Week, milestone_due, week_for
from journal import periods
from journal.follow import focus_key
from journal.models import Entry, Period, Proposal
from mentors import services as mentoring
from mentors.models import Action

NEXT_UP = 7
LINES_A_DAY = 2
WINS_SHOWN = 3
# What an entry proposes waits here so long; on the page of the entry it stays.
PROPOSED_LATELY, PROPOSALS_SHOWN = timedelta(days=14), 3
AIM_WEEKS = 8
NUMBERS = ("no", "one", "two", "three", "four", "five", "six")


@dataclass(frozen=True)
class DayMark:
    """One day of the week strip: how its waymark is drawn, and what stands under it."""

    name: str
    number: int
    css: str  # "past", "today" or ""
    mark: str  # "full", "none", "here" or "open"
    lines: list[Thing]
    more: int
    is_blank: bool


@login_not_required  # signed out, this is the page that says what Waymark is and who runs it
@require_safe
def this_week(request: HttpRequest) -> HttpResponse:
    """Show a person their week; tell a visitor what this is."""
    if not request.user.is_authenticated:
        return render(request, "home/landing.html")
    user = request.user
    today = user.today(timezone.now())
    week = week_for(user, viewer=user, week=week_key(today), today=today)
    if week.is_blank and _is_new(user):
        return render(request, "home/this_week_new.html", {"today": today})
    return render(request, "home/this_week.html", _week_context(user, week))


def _proposed(owner: int, since: datetime) -> QuerySet[Proposal]:
    rows = Proposal.objects.owned_by(User(pk=owner)).open().filter(created_at__gt=since)
    return rows.select_related("entry__period").order_by("pk")[:PROPOSALS_SHOWN]


_PROPOSALS = CompiledQuery(_proposed, owner=int, since=datetime)


def _is_new(user: User) -> bool:
    """Tell whether a person has not begun anything yet."""
    return not (Goal.objects.owned_by(user).exists() or Entry.objects.owned_by(user).exists())


def _week_context(user: User, week: Week) -> dict[str, Any]:
    today = week.today
    asked = periods.asked_about(today)
    since = timezone.now() - PROPOSED_LATELY
    states, breaks, mood = _lately(user, today)
    kept, counted = periods.weekly_aim(
        written=[key for key, state in states.items() if state == "written"],
        skipped=[key for key, state in states.items() if state == "skipped"],
        breaks=breaks,
        joined_on=user.today(user.date_joined),
        today=today,
    )
    is_written, is_skipped = (states.get(week.key) == state for state in ("written", "skipped"))
    is_asked_open = (
        asked != week.key
        and periods.state_of(asked, states.get(asked), breaks=breaks, today=today) == "open"
        and asked >= week_key(user.today(user.date_joined))
    )
    return {
        "today": today,
        "week": week,
        "week_words": periods.say_week(week.key, today),
        "heading": _heading(today),
        "days": [_day_mark(week, day, asks=not (is_written or is_skipped)) for day in week.days],
        "so_far": _so_far(week),
        "next_up": [DueRow.of(thing, today) for thing in week.due[:NEXT_UP]],
        "next_count": len(week.due),
        "more_people": sum(thing.url.startswith("/contacts/") for thing in week.due[NEXT_UP:]),
        "more_else": sum(not thing.url.startswith("/contacts/") for thing in week.due[NEXT_UP:]),
        "said_when": _said_when(week),
        "proposals": [(row, focus_key(row.entry, today)) for row in _PROPOSALS.objects(owner=user.pk, since=since)],
        "wins": [(win, say_day(win.on, today)) for win in week.wins[:WINS_SHOWN]],
        "moods": mood_buttons(mood),
        "is_written": is_written,
        "is_skipped": is_skipped,
        "asked": asked if is_asked_open else "",
        "kept": kept,
        "counted": counted,
    }


def _lately(user: User, today: date) -> tuple[dict[str, str], list[Break], int | None]:
    """Return what is stored about the last weeks, by key, the breaks in them, and how today goes: one query."""
    this = week_key(today)
    first = periods.weeks_up_to(this, AIM_WEEKS + 1)[0]
    states, breaks, mood = {}, [], None
    asked = {"first": first, "last": this, "since": week_bounds(first)[0], "today": today}
    for what, word, from_on, until_on in _LATELY.rows(owner=user.pk, **asked):
        if what == "break":
            breaks.append(Break(from_on=from_on, until_on=until_on))
        elif what == "mood":
            mood = int(word)
        else:
            states[what] = word
    return states, breaks, mood


def _ask_lately(owner: int, first: str, last: str, since: date, today: date) -> QuerySet:
    person, text, no_day = User(pk=owner), CharField(), Cast(Value(None), DateField())
    weeks = Period.objects.owned_by(person).weeks().between(first, last).order_by()
    breaks = Break.objects.filter(user=person).touching(since, today).order_by()
    moods = Entry.objects.owned_by(person).finished().with_mood_between(today, today).reverse()[:1]
    return weeks.values_list("key", "state", no_day, no_day).union(
        breaks.values_list(Value("break", text), Value("", text), "from_on", "until_on"),
        moods.values_list(Value("mood", text), Cast("mood", text), no_day, no_day),
        all=True,
    )


_LATELY = CompiledQuery(_ask_lately, owner=int, first=str, last=str, since=date, today=date)


def _heading(today: date) -> str:
    left = 6 - today.weekday()
    if not left:
        return "Sunday, the last day"
    return f"{today:%A}, {NUMBERS[left]} day{'s' * (left > 1)} to go"


def _day_mark(week: Week, day: date, *, asks: bool) -> DayMark:
    lines = week.moved_on(day)
    if day >= week.today:
        lines = [*lines, *week.due_on(day)]
    is_prompt = day.weekday() == 6 and day >= week.today and asks
    if is_prompt:
        url = f"/journal/write/?week={week.key}"
        lines = [
            *lines[: LINES_A_DAY - 1],
            Thing(week.owner.pk, day, "Reflection", "", "", url, label="Reflection", icon="journal-text"),
        ]
    css, mark = ("", "open")
    if day < week.today:
        css, mark = "past", "full" if lines else "none"
    elif day == week.today:
        css, mark = "today", "here"
    shown = lines[:LINES_A_DAY]
    name = "Today" if day == week.today else f"{day:%a}"
    return DayMark(name, day.day, css, mark, shown, len(lines) - len(shown), is_blank=not lines and day < week.today)


def _said_when(week: Week) -> str:
    """Return when the last words were written, as it stands within a sentence."""
    if week.words is None:
        return ""
    when = say_day(week.words.on, week.today)
    return when.lower() if when in {"Today", "Yesterday"} else when


def _so_far(week: Week) -> str:
    """Say the week so far in one line, for screens too narrow for the strip's words."""
    words = {
        "progress": "step logged",
        "milestone": "milestone reached",
        "comment": "comment",
        "entry": "entry written",
        "win": "small win",
        "check-in": "check-in held",
        "talk": "conversation",
        "follow-up": "follow-up done",
    }
    plurals = {
        "progress": "steps logged",
        "milestone": "milestones reached",
        "comment": "comments",
        "entry": "entries written",
        "win": "small wins",
        "check-in": "check-ins held",
        "talk": "conversations",
        "follow-up": "follow-ups done",
    }
    found = []
    for hint, singular in words.items():
        count = sum(thing.hint == hint for thing in week.moved)
        if count:
            found.append(f"{count} {singular if count == 1 else plurals[hint]}")
    return f"So far: {', '.join(found)}." if found else "Nothing noted so far."


@require_POST
def week_tick(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Mark a milestone of the list as reached (`done`), or as ahead again."""
    milestone = get_object_or_404(Milestone.objects.editable_by(request.user).select_related("goal"), pk=pk)
    is_done = request.POST.get("done") == "1"
    goals.tick_milestone(milestone=milestone, is_done=is_done, by=request.user, at=timezone.now())
    if is_fragment(request):
        row = DueRow.of(milestone_due(milestone), request.user.today(timezone.now()), is_done=is_done)
        return render(request, "home/_week_row.html", {"row": row})
    words = "Milestone reached" if is_done else "Milestone is ahead again"
    return toast(request, redirect("home:this_week"), words, undo_url=request.path if is_done else None)


@require_POST
def promise_tick(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Note that what I promised in a check-in is done (`done`), or that it is not."""
    now, is_done = timezone.now(), request.POST.get("done") == "1"
    mine = Action.objects.editable_by(request.user).filter(owner=request.user)
    action = get_object_or_404(
        mine.select_related("check_in__mentorship__mentor", "check_in__mentorship__mentee"), pk=pk
    )
    mentoring.tick_action(action=action, is_done=is_done, now=now)
    if is_fragment(request):
        today = request.user.today(now)
        row = DueRow.of(promise_of(action, today=today), today, is_done=is_done)
        return render(request, "home/_week_row.html", {"row": row})
    words = "Kept" if is_done else "Still to do"
    return toast(request, redirect("home:this_week"), words, undo_url=request.path if is_done else None)


@require_safe
def add(request: AuthenticatedHttpRequest) -> HttpResponse:
    """List what can be written down, from anywhere."""
    own = list(Goal.objects.owned_by(request.user).on_the_way().order_by("ranked_on", "pk")[:4])
    return render(request, "home/add.html", {"goals": own})


@require_safe
def more(request: AuthenticatedHttpRequest) -> HttpResponse:
    """List every place that the bar of a phone has no room for."""
    return render(request, "home/more.html")
