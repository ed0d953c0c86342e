"""Rows of goal lists as finished strings: a list draws many of them, and templates are slow at dates and numbers."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from core.markup import fill, fill_each
from core.templatetags.waymark import avatar, status, trail
from core.timekeeping import say_day, say_day_within
from goals.models import Goal
from goals.pace import needed
from goals.trail import Standing, standing_of

MAX_BECAUSE = 110


# Drawn here, since the template language takes ten times as long for each row: `fill` escapes what people wrote.
_ROW = """<li class="goalrow"><div class="line"><div class="grow"><div class="t">\
<a class="cover" href="/goals/{}/">{}</a></div>{}</div><div class="line">{}{}{}</div></div>
{}<div class="trail-ends tn"><span>{}</span><span>{}</span></div>{}</li>
"""

_MATTERS_MOST = fill('<span class="chip only-d">{}</span>', Goal.Importance.HIGH.label)


class GoalRow(NamedTuple):
    """One goal of a list, drawn."""

    html: SafeString
    needs_a_look: bool


@dataclass(frozen=True)
class ClosedRow:
    """One goal that has ended."""

    pk: int
    title: str
    note: str
    is_reached: bool  # wholly or in part
    status: SafeString  # empty for what was wholly reached: the mark in front says so
    closed: str


class GoalGroups(NamedTuple):
    """The rows of one page, drawn: first what needs a look."""

    look: SafeString
    way: SafeString


def goal_row(goal: Goal, *, today: date) -> GoalRow:
    """Present a goal that came with its progress and the names of its readers."""
    now = standing_of(goal, today=today)
    because = first_sentence(goal.why)
    html = fill(
        _ROW,
        goal.pk,
        goal.title,
        fill('<div class="m">{}</div>', because) if because else "",
        _MATTERS_MOST if goal.importance == Goal.Importance.HIGH else "",
        _readers(tuple(getattr(goal, "reader_names", []))),
        _status(now.kind, now.words),
        "" if goal.is_draft else fill('<div class="mt-3">{}</div>', trail(now.trail)),
        "Nobody sees it but you" if goal.is_draft else now.count,
        _due(goal, now, today),
        _nudge(goal, now),
    )
    return GoalRow(html, now.needs_a_look)


def _nudge(goal: Goal, now: Standing) -> SafeString:
    """Return what an overdue goal is asked, with four ways on; nothing for the others."""
    words = say_nudge(now)
    if not words:
        return SafeString("")
    return fill(
        '\n<div class="nudge" id="nudge-{}"><p class="sm">{}</p>{}</div>',
        goal.pk,
        words,
        fill(_ways(is_counting=goal.counts), goal.pk, goal.title),
    )


@lru_cache(maxsize=2)
def _ways(*, is_counting: bool) -> str:
    """Return the four ways on, with places for the number and title of the goal: a list may have many, all alike."""
    context = {"pk": "{0}", "title": "{1}", "is_counting": is_counting, "next": "?next=/goals/"}
    return render_to_string("goals/_goal_ways.html", context)


def closed_row(goal: Goal, *, today: date, zone: object) -> ClosedRow:
    """Present a goal that was reached or let go, with the day of its end in its owner's zone."""
    closed_on = goal.closed_at.astimezone(zone).date() if goal.closed_at else today  # type: ignore[arg-type]
    is_whole = goal.status == Goal.Status.ACHIEVED
    kind = "dropped" if goal.status == Goal.Status.DROPPED else "done"
    return ClosedRow(
        pk=goal.pk,
        title=goal.title,
        note=plain_line(goal.closing_note),
        is_reached=kind == "done",
        status=SafeString("") if is_whole else status(kind, Goal.Status(goal.status).label),
        closed=say_day(closed_on, today),
    )


def grouped(rows: list[GoalRow]) -> GoalGroups:
    """Put what needs a look first; within a group the order stays."""
    look, way = (SafeString("".join([row.html for row in rows if row.needs_a_look is it])) for it in (True, False))
    return GoalGroups(look, way)


def first_sentence(text: str) -> str:
    """Return the first sentence of somebody's words on one line, cut at a word where it is long."""
    line = " ".join(text[: MAX_BECAUSE * 4].split())
    for end in (". ", "! ", "? "):
        line = line.split(end, 1)[0] + end.strip() if end in line else line
    return _cut(line).removesuffix(".")


def plain_line(text: str) -> str:
    """Return somebody's words on one line, cut at a word where they are long."""
    return _cut(" ".join(text[: MAX_BECAUSE * 4].split()))


def _cut(line: str) -> str:
    return line if len(line) <= MAX_BECAUSE else line[:MAX_BECAUSE].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def say_nudge(now: Standing) -> str:
    """Return what an overdue goal is asked: late is a fact, not a fault. Empty for the others."""
    return f"You are {say_share(now.walked)}. What would help?" if now.kind == "late" else ""


def say_share(walked: float) -> str:
    """Say how far a goal has come as people would."""
    steps = (
        (8, "at the start"),
        (29, "a quarter there"),
        (41, "a third there"),
        (58, "half way"),
        (70, "two thirds there"),
        (86, "three quarters there"),
    )
    return next((words for limit, words in steps if walked < limit), "nearly there")


def _due(goal: Goal, now: Standing, today: date) -> str:
    if goal.due_on is None:
        return "No date yet"
    if now.kind == "late":
        return f"Was {say_day_within(goal.due_on, today)}"
    due = say_day(goal.due_on, today)
    # Behind, it says what would bring it there; a forecast would need all that was logged (decision 78).
    pace = needed(goal, today=today, latest=goal.latest_value) if now.kind == "slow" else ""  # type: ignore[attr-defined]
    return f"{due}, at {pace[0].lower()}{pace[1:]}" if pace else due


@lru_cache(maxsize=256)
def _status(kind: str, words: str) -> SafeString:
    return status(kind, words)


@lru_cache(maxsize=1024)
def _readers(names: tuple[str, ...]) -> SafeString:
    """Return the initials of who can see it, with their names for screen readers."""
    if not names:
        return SafeString("")
    drawn = fill_each("{}", ((avatar(name or "?", "s"),) for name in names[:3]))
    return fill(
        '<span class="line sm muted only-d">{}<span class="visually-hidden">Shared with {}</span></span>',
        drawn,
        ", ".join(name or "a former member" for name in names),
    )
