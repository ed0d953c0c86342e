import re
from copy import copy
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import AuthenticatedHttpRequest
from core.htmx import toast
from core.versioned import StaleEdit
from goals import services
from goals.forms import GoalForm, MilestoneRows, MoveForm, ShrinkForm
from goals.models import Goal
from goals.trail import say_number
from goals.views.access import own_or_403
from goals.views.answers import back, posted, small_form


@require_http_methods(["GET", "POST"])
def goal_new(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Write a new goal: as a draft with nothing but a title, or ready to start."""
    now = timezone.now()
    data = posted(request)
    form = GoalForm(
        data,
        owner=request.user,
        today=request.user.today(now),
        as_draft="draft" in request.POST,
        initial={"title": request.GET.get("title", "")[:200], "measure": Goal.Measure.NUMBER, "start_value": 0},
    )
    rows = MilestoneRows(data)
    if request.method == "POST" and _is_valid(form, rows) and "more_rows" not in request.POST:
        goal = form.save(commit=False)
        goal.status = form.wanted_status
        readers = list(form.cleaned_data["share"])
        milestones = rows.changes().added
        goal = services.add_goal(goal=goal, by=request.user, at=now, milestones=milestones, readers=readers)
        return toast(request, redirect(goal), "Draft kept" if goal.is_draft else "Goal saved")
    return _form_page(request, "goals/goal_new.html", form, rows)


@require_http_methods(["GET", "POST"])
def goal_edit(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Change a goal; a draft is kept or started. Who was overtaken by another tab sees both versions."""
    now = timezone.now()
    goal: Goal = own_or_403(Goal.objects, request.user, pk)
    before = copy(goal)
    form = GoalForm(
        posted(request),
        instance=goal,
        owner=request.user,
        today=request.user.today(now),
        as_draft=goal.is_draft and "draft" in request.POST,
        initial={"version": goal.version},
    )
    rows = MilestoneRows(posted(request), goal=goal)
    if request.method == "POST" and _is_valid(form, rows) and "more_rows" not in request.POST:
        changed = form.save(commit=False)
        try:
            _save(form, rows, changed=changed, before=before, request=request)
        except StaleEdit as stale:
            return _both_versions(request, form, goal=before, current=stale.current)
        except ValidationError as error:  # milestones added in another tab meanwhile took the room
            rows.error = " ".join(error.messages)
        else:
            words = "Goal started" if before.is_draft and not form.as_draft else "Goal saved"
            return toast(request, redirect(goal), words)
    return _form_page(request, "goals/goal_edit.html", form, rows, goal=before)


@require_http_methods(["GET", "POST"])
def goal_move(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Give a goal another date."""
    now = timezone.now()
    goal: Goal = own_or_403(Goal.objects, request.user, pk)
    before = copy(goal)
    form = MoveForm(
        posted(request), instance=goal, today=request.user.today(now), initial={"due_on": _given(request, "due_on")}
    )
    if request.method == "POST" and form.is_valid():
        _save_one(form, before=before, request=request)
        return back(request, goal, "Date moved")
    return small_form(
        request, before, form=form, title="Move the date", lede=before.title, yes="Move the date", no="Leave it"
    )


@require_http_methods(["GET", "POST"])
def goal_shrink(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Make a goal smaller: a nearer target, or, where nothing is counted, fewer milestones."""
    goal: Goal = own_or_403(Goal.objects, request.user, pk)
    if not goal.counts:
        return redirect("goals:goal_edit", pk=goal.pk)
    before = copy(goal)
    form = ShrinkForm(posted(request), instance=goal, initial={"target_value": _given(request, "target_value")})
    if request.method == "POST" and form.is_valid():
        _save_one(form, before=before, request=request)
        return back(request, goal, "Target changed")
    lede = f"{before.title}. The target is {_target(before)} now."
    return small_form(
        request, before, form=form, title="Make it smaller", lede=lede, yes="Make it smaller", no="Leave it"
    )


def _given(request: AuthenticatedHttpRequest, name: str) -> str | None:
    """Return what a link proposes for a field; nothing is stored before it is sent."""
    return request.GET.get(name, "")[:20] or None


def _is_valid(form: GoalForm, rows: MilestoneRows) -> bool:
    """Validate both, so that everything that is wrong is said at once."""
    return all([form.is_valid(), rows.is_valid()])


@transaction.atomic
def _save(
    form: GoalForm, rows: MilestoneRows, *, changed: Goal, before: Goal, request: AuthenticatedHttpRequest
) -> None:
    now = timezone.now()
    changed.status = before.status  # the form judged the goal as what it is to become; starting is a step of its own
    services.change_goal(
        goal=changed,
        before=before,
        expected=form.cleaned_data["version"] or before.version,
        reason=form.cleaned_data.get("reason", ""),
        milestones=rows.changes(),
        by=request.user,
        at=now,
    )
    if before.is_draft and not form.as_draft:
        services.start_goal(goal=changed, by=request.user, at=now)


def _save_one(form: Any, *, before: Goal, request: AuthenticatedHttpRequest) -> None:
    services.change_goal(
        goal=form.save(commit=False),
        before=before,
        expected=before.version,
        reason=form.cleaned_data["reason"],
        by=request.user,
        at=timezone.now(),
    )


def _form_page(
    request: AuthenticatedHttpRequest,
    template: str,
    form: GoalForm,
    rows: MilestoneRows,
    *,
    goal: Goal | None = None,
    **context: Any,
) -> HttpResponse:
    if "more_rows" in request.POST:  # only more room was asked for: nothing is wrong yet
        form.errors.clear()
        rows.clear_errors()
    has_errors = form.is_bound and (bool(form.errors or rows.error) or any(row.errors for row in rows.forms))
    status = context.pop("status", 422 if has_errors else 200)
    context |= {
        "form": form,
        "rows": rows,
        "goal": goal,
        "row_errors": _row_errors(rows) if has_errors else [],
        "chips": _chips(form.today),
    }
    return render(request, template, context, status=status)


def _chips(today: date) -> list[dict[str, str]]:
    """Return the dates that one press fills in."""
    return [
        {"label": label, "day": (today + timedelta(days=days)).isoformat()}
        for label, days in (("In 1 month", 30), ("3 months", 91), ("6 months", 182))
    ]


def _row_errors(rows: MilestoneRows) -> list[dict[str, str]]:
    """Return what is wrong with the milestone lines, for the summary on top."""
    whole = [{"id": "milestones", "text": rows.error}] if rows.error else []
    return whole + [
        {"id": row[name].id_for_label, "text": str(text)}
        for row in rows.forms
        for name, texts in row.errors.items()
        for text in texts
    ]


def _both_versions(request: AuthenticatedHttpRequest, form: GoalForm, *, goal: Goal, current: Any) -> HttpResponse:
    """Show what is stored now beside what was typed; saving again then replaces it knowingly."""
    differences: list[dict[str, Any]] = []
    for name in (name for name in services.KEPT_FIELDS if name in form.fields):
        stored, typed = getattr(current, name), form.cleaned_data.get(name)
        if stored != typed:
            differences.append({"label": form[name].label, "stored": _plain(stored), "id": form[name].id_for_label})
    rows = MilestoneRows(request.POST, goal=current)
    rows.is_valid()
    differences += _milestone_differences(rows, request)
    form.data = form.data.copy()  # type: ignore[attr-defined]
    form.data["version"] = str(current.version)  # type: ignore[index]
    return _form_page(
        request, "goals/goal_edit.html", form, rows, goal=goal, differences=differences, is_stale=True, status=409
    )


def _milestone_differences(rows: MilestoneRows, request: AuthenticatedHttpRequest) -> list[dict[str, str]]:
    """Return the stored milestones that the form would change or does not know, and those it has that are gone."""
    found = []
    for row in rows.forms:
        if row.milestone and (not row.is_bound or row.has_changed()):
            day = f", {_plain(row.milestone.due_on)}" if row.milestone.due_on else ""
            found.append(
                {"label": "Milestone", "stored": f"{row.milestone.title}{day}", "id": row["title"].id_for_label}
            )
    known = {f"{row.prefix}-title" for row in rows.forms}
    for name, typed in request.POST.items():
        if re.fullmatch(r"m[0-9]+-title", name) and name not in known:
            found.append({"label": "Milestone", "stored": f"“{typed}” was removed", "id": "milestones"})
    return found


def _plain(value: Any) -> str:
    if value is None or value == "":
        return "Empty"
    if hasattr(value, "isoformat"):
        return f"{value.day} {value:%B} {value.year}"
    return say_number(value) if not isinstance(value, str) else value


def _target(goal: Goal) -> str:
    return f"{say_number(goal.target_value)} {goal.unit}".rstrip() if goal.target_value is not None else ""
