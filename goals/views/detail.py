from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from core.timekeeping import local_day, say_day, say_day_within
from goals import history, reading
from goals.ahead import Ahead
from goals.check import smart_context
from goals.forms import CommentForm, ProgressForm, SuggestionForm
from goals.models import Goal, Milestone, Revision
from goals.numbers import say_hours
from goals.pace import figures
from goals.reading import HISTORY_SHOWN, LOG_SHOWN
from goals.rows import say_nudge
from goals.services import may_suggest
from goals.talk import talk, who_reads
from goals.trail import Standing, Step, say_number, standing
from sharing.models import Mentorship
from sharing.services import threads_open_to

# Interviews, talks, books: up to here one logs them one by one.
MAX_SMALL_COUNT = 60


@dataclass(frozen=True)
class Sight:
    """A goal, and the person it is shown to. `is_preview`: its owner looks at it as a reader does."""

    goal: Goal
    viewer: User
    is_preview: bool = False
    # The relation through which the owner looks, for links that stay in the preview.
    seen_as: int | None = None

    @property
    def keep(self) -> str:
        """What a link adds to its query so that the next page is seen by the same eyes."""
        return f"&as={self.seen_as}" if self.seen_as else ""

    @property
    def is_owner(self) -> bool:
        return self.goal.owner_id == self.viewer.pk

    @cached_property
    def milestones(self) -> list[Milestone]:
        """Return the goal's milestones in their order."""
        return reading.milestones(self.goal, self.viewer)

    def history(self, changes: list[Revision], *, now: datetime) -> list[history.Line]:
        """Return changes as this person may read them."""
        reads_all = self.is_owner or self.goal.threads_open
        zone, today = self.viewer.time_zone, self.viewer.today(now)
        reader = None if reads_all else self.viewer.pk
        may_restore = self.is_owner and not self.is_preview
        return history.lines(changes, zone=zone, today=today, reader=reader, may_restore=may_restore)


def sight_of(request: AuthenticatedHttpRequest, pk: int, *, with_series: bool = False) -> Sight:
    """Return the goal as the visitor sees it, or, with `?as=<relation>`, as that reader would; else 404.

    `with_series` brings along what a forecast is made from.
    """
    if "as" not in request.GET:
        return Sight(_goal_or_404(pk, request.user, with_series=with_series), request.user)
    wanted = request.GET["as"]
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 19):
        raise Http404
    own = get_object_or_404(Goal.objects.owned_by(request.user), pk=pk)
    mentorship = get_object_or_404(Mentorship.objects.active().of_mentee(request.user).with_people(), pk=int(wanted))
    reader = mentorship.mentor
    assert reader is not None  # noqa: S101 - a constraint: an active relation has both people
    goal = _goal_or_404(own.pk, reader, with_series=with_series)
    return Sight(goal, reader, is_preview=True, seen_as=mentorship.pk)


def _goal_or_404(pk: int, viewer: User, *, with_series: bool) -> Goal:
    goal = reading.visible_goal(pk, viewer, with_series=with_series)
    if goal is None:
        raise Http404
    return goal


@require_safe
def goal_detail(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Show a goal: why, how far, its milestones, the conversation and what happened so far."""
    sight = sight_of(request, pk, with_series=True)
    return render(request, "goals/goal_detail.html", goal_context(sight, request, now=timezone.now()))


@require_safe
def goal_print(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Show a goal as one calm sheet of paper, with lines for notes."""
    sight, now = sight_of(request, pk, with_series=True), timezone.now()
    goal, today = sight.goal, sight.goal.owner.today(now)
    context = standing_context(sight, now=now)
    context |= _smart(sight, context) | {
        "readers_said": _readers_said(sight, list(goal.readers())),
        "may_change": False,
        "is_print": True,
        "started": _absolute(goal.starts_on, today),
        "due": _absolute(goal.due_on, today) or "None yet",
        "printed_on": f"{today:%A} {today.day} {today:%B} {today.year}",
    }
    return render(request, "goals/goal_print.html", context)


@require_safe
def goal_log(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Show everything that was logged."""
    sight, now = sight_of(request, pk), timezone.now()
    today = sight.goal.owner.today(now)
    found = reading.LOG.page(request.GET.get("after"), goal=sight.goal.pk)
    context = {
        "goal": sight.goal,
        "is_owner": sight.is_owner,
        "updates": [update_line(sight.goal, each, today, sight) for each in found.rows],
        "older": f"?after={found.next_token}{sight.keep}" if found.next_token else "",
    }
    return render(request, "goals/goal_log.html", context)


@require_safe
def goal_history(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Show every change of wording, numbers, dates and state, with its reason."""
    sight, now = sight_of(request, pk), timezone.now()
    goal = sight.goal
    found = reading.HISTORY.page(request.GET.get("after"), goal=goal.pk)
    may_restore = sight.is_owner and not sight.is_preview and "after" not in request.GET
    context = {
        "goal": goal,
        "is_owner": sight.is_owner,
        "removed": [_removed_line(each, goal, now) for each in reading.removed_milestones(goal)] if may_restore else [],
        "lines": sight.history(found.rows, now=now),
        "older": f"?after={found.next_token}{sight.keep}" if found.next_token else "",
    }
    return render(request, "goals/goal_history.html", context)


def goal_context(
    sight: Sight,
    request: AuthenticatedHttpRequest,
    *,
    now: datetime,
    comment_form: CommentForm | None = None,
) -> dict[str, Any]:
    """Return everything the page of a goal shows to this person."""
    context = standing_context(sight, now=now)
    goal, viewer = sight.goal, sight.viewer
    readers = threads_open_to(item=goal, user=viewer)
    changes = reading.latest_changes(goal)
    return context | {
        "readers": readers if sight.is_owner else [],
        "readers_said": _readers_said(sight, list(goal.readers()) if goal.is_draft and sight.is_owner else readers),
        "history": sight.history(changes[:HISTORY_SHOWN], now=now),
        "has_more_history": len(changes) > HISTORY_SHOWN,
        **_smart(sight, context),
        **talk_context(sight, readers, request, now=now, form=comment_form),
    }


def _smart(sight: Sight, context: dict[str, Any]) -> dict[str, Any]:
    """Return the SMART check: advice for the owner, while there is something to change."""
    if not sight.is_owner or sight.is_preview or sight.goal.is_closed:
        return {}
    return smart_context(sight.goal, steps=context["steps"], latest=context["latest"], today=context["today"])


def standing_context(sight: Sight, *, now: datetime, progress_form: ProgressForm | None = None) -> dict[str, Any]:
    """Return what is drawn from a goal's numbers and dates: header, trail, figures, milestones, log, details."""
    goal = sight.goal
    today = goal.owner.today(now)
    updates = reading.latest_updates(goal)
    steps = [Step.of(each) for each in sight.milestones if not each.is_task]
    latest = goal.latest_value  # type: ignore[attr-defined]
    where = standing(goal, today=today, steps=steps, latest=latest, is_logged=bool(updates))
    may_change = sight.is_owner and not sight.is_preview
    ahead = Ahead(goal, reading.series(goal), today) if goal.counts and not goal.is_draft else None
    return {
        "goal": goal,
        "viewer": sight.viewer,
        "is_owner": sight.is_owner,
        "is_preview": sight.is_preview,
        "may_change": may_change,
        "navid": "goals" if sight.is_owner else "mentees",
        "today": today,
        "steps": steps,
        "latest": latest,
        "where": where,
        "when": _when(goal, where, today),
        "nudge": say_nudge(where),
        "figures": figures(goal, today=today, steps=steps, latest=latest, paces=ahead.paces if ahead else None)
        + ([ahead.figure] if ahead and ahead.figure else []),
        "ahead": ahead,
        "milestones": [milestone_line(each, goal, today) for each in sight.milestones],
        "milestones_done": sum(step.is_done for step in steps),
        "milestones_total": len(steps),
        "has_tasks": len(steps) < len(sight.milestones),
        "updates": [update_line(goal, each, today, sight) for each in updates[:LOG_SHOWN]],
        "has_more_log": len(updates) > LOG_SHOWN,
        "hours_said": say_hours(goal.hours_a_week) if goal.hours_a_week else "",
        "closed_on": local_day(goal.owner.time_zone, goal.closed_at) if goal.closed_at else None,
        "progress_form": (progress_form or new_progress_form(goal, today)) if may_change else None,
        "target_said": say_number(goal.target_value) if goal.target_value is not None else "",
    }


def talk_context(
    sight: Sight,
    threads: list[Mentorship],
    request: AuthenticatedHttpRequest,
    *,
    now: datetime,
    form: CommentForm | None = None,
) -> dict[str, Any]:
    """Return the conversation as this person sees it, and where they write."""
    goal = sight.goal
    may_write = bool(threads) and not sight.is_preview
    found = talk(
        goal,
        viewer=sight.viewer,
        now=now,
        after=request.GET.get("earlier"),
        may_act=not sight.is_preview,
        tells_addressee=len(threads) > 1,
    )
    if may_write and form is None:
        form = new_comment_form(sight, threads, now=now)
    names = [each.mentor.given_name for each in threads if each.mentor]
    partner = names[0] if sight.is_owner and len(names) == 1 else goal.owner.given_name
    is_to_several = sight.is_owner and len(names) > 1
    return {
        "goal": goal,
        "viewer": sight.viewer,
        "is_owner": sight.is_owner,
        "talk": found,
        "keep": sight.keep,
        "who_reads": who_reads(goal, threads if sight.is_owner else [], sight.viewer),
        "comment_form": form if may_write or (form is not None and form.is_bound) else None,
        "write_to": "Write a comment" if is_to_several else f"Write to {partner}",
        "mail_note": "They get an email about this." if is_to_several else f"{partner} gets an email about this.",
    }


def new_comment_form(sight: Sight, threads: list[Mentorship], data: Any = None, *, now: datetime) -> CommentForm:
    """Return the form for a comment to these threads; a mentor's may suggest something."""
    goal, suggest = sight.goal, None
    if not sight.is_owner and may_suggest(goal) and any(each.is_mentor for each in threads):
        today, count = goal.owner.today(now), len(sight.milestones)
        suggest = SuggestionForm(data, goal=goal, today=today, count=count, auto_id="id_comment_%s")
    return CommentForm(
        data,
        threads=threads,
        suggest=suggest,
        milestones=sight.milestones,
        is_owner=sight.is_owner,
        auto_id="id_comment_%s",
    )


def new_progress_form(goal: Goal, today: date) -> ProgressForm | None:
    """Return an empty form for progress, with the number one further; None where nothing is logged any more."""
    if goal.is_closed or goal.is_draft:
        return None
    initial: dict[str, Any] = {"happened_on": today}
    now = goal.value_now(goal.latest_value)  # type: ignore[attr-defined]
    if goal.counts and now is not None:
        initial["value"] = now + 1 if _is_small_count(goal, now) else now
    return ProgressForm(goal=goal, today=today, initial=initial, auto_id="id_progress_%s")


def _is_small_count(goal: Goal, now: Decimal) -> bool:
    """Tell whether the next thing logged is most likely one more."""
    target = goal.target_value
    return target is not None and not goal.is_falling and target <= MAX_SMALL_COUNT and now < target and now == int(now)


def milestone_line(milestone: Milestone, goal: Goal, today: date) -> dict[str, Any]:
    """Present a milestone: its words, its day, and whether it is late."""
    is_done = milestone.done_at is not None
    day = local_day(goal.owner.time_zone, milestone.done_at) if milestone.done_at else milestone.due_on
    is_late = not is_done and goal.is_active and milestone.due_on is not None and milestone.due_on < today
    number = say_number(milestone.at_value) if milestone.at_value is not None else ""
    return {
        "pk": str(milestone.pk),
        "title": milestone.title,
        "is_task": milestone.is_task,
        "comments": getattr(milestone, "comment_count", 0) or 0,
        "is_done": is_done,
        "day": f"Was {say_day_within(day, today)}" if day and is_late else say_day(day, today) if day else "",
        "date": _absolute(day, today),
        "sub": f"At {number} {goal.unit}".rstrip() if number and number not in milestone.title else "",
    }


def _removed_line(milestone: Milestone, goal: Goal, now: datetime) -> dict[str, str]:
    """Present what was taken away, for its owner."""
    removed_on = local_day(goal.owner.time_zone, milestone.removed_at or now)
    return {
        "pk": str(milestone.pk),
        "title": milestone.title,
        "kind": milestone.get_kind_display(),
        "days": history.say_days_left(removed_on, goal.owner.today(now)),
    }


def update_line(goal: Goal, update: Any, today: date, sight: Sight | None = None) -> dict[str, Any]:
    """Present what was logged once; with `sight` also who saw it: all to the owner, to a reader their own mark."""
    said = ""
    if update.value is not None:
        said = say_number(update.value)
        if goal.counts and not goal.start_value and goal.target_value is not None:
            said = f"{said} of {say_number(goal.target_value)}"
        elif goal.counts:
            said = f"{said} {goal.unit}".rstrip()
    told_on = local_day(goal.owner.time_zone, update.created_at)
    facts = [
        f"how sure: {update.confidence} of 10" if update.confidence is not None else "",
        say_hours(update.hours) if update.hours else "",
        f"written {say_day_within(told_on, today)}" if told_on > update.happened_on else "",
    ]
    line = {
        "pk": str(update.pk),
        "said": said,
        "day": say_day(update.happened_on, today),
        "note": update.note,
        "facts": capfirst(", ".join(filter(None, facts))),
    }
    return line | (seen_line(update, sight) if sight else {})


def seen_line(update: Any, sight: Sight) -> dict[str, Any]:
    """Present who saw something logged; `update` comes from `with_seen`."""
    names = [name for _, name in update.seen_by]
    said = "" if not names else f"Seen by {names[0]}" if len(names) == 1 else f"Seen by {_listed(names)}"
    return {
        "seen_said": said if sight.is_owner else "",
        "may_see": not sight.is_owner and not sight.is_preview,
        "is_seen": any(reader == sight.viewer.pk for reader, _ in update.seen_by),
    }


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _when(goal: Goal, where: Standing, today: date) -> list[str]:
    """Return the facts beside the status: when it is due, and how far that is."""
    if goal.due_on is None:
        return ["No date yet"]
    if goal.is_closed:
        return []
    day = _absolute(goal.due_on, today)
    if where.kind == "late":
        return [f"The date was {day}"]
    left = (goal.due_on - today).days
    return [f"Due {goal.due_on:%A} {day}", "Today" if not left else f"{left} day{'' if left == 1 else 's'} left"]


def _absolute(day: date | None, today: date) -> str:
    if day is None:
        return ""
    return f"{day.day} {day:%B}" + ("" if day.year == today.year else f" {day.year}")


def _readers_said(sight: Sight, readers: list[Mentorship]) -> str:
    """Say who can see the goal; who else reads is for its owner only."""
    if not sight.is_owner:
        return ""
    names = [reader.mentor.given_name for reader in readers if reader.mentor]
    if not names:
        return "Only you"
    if sight.goal.is_draft:
        return "Only you, until you start it"
    return f"You and {names[0]}" if len(names) == 1 else f"You, {', '.join(names[:-1])} and {names[-1]}"
