import re
import secrets
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
from core.templatetags.waymark import NUMBER_WORDS
from core.versioned import StaleEdit
from goals import services
from goals.check import as_typed, look_at, own_goal, panel
from goals.forms import GoalForm, MilestoneRows, MoveForm, ShrinkForm
from goals.forms.typed import from_starter, of_goal
from goals.models import FormDraft, Goal
from goals.numbers import say_number
from goals.reading import people_to_show
from goals.starters import find
from goals.views.access import own_or_403
from goals.views.answers import back, posted, small_form
from goals.views.drafts import close_page, draft_context, kept_form


@require_http_methods(["GET", "POST"])
def goal_new(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Write a new goal: as a draft with nothing but a title, or ready to start.

    What was typed before and not saved is back; else `?from=` may name a starting point that fills the form.
    """
    now = timezone.now()
    today = request.user.today(now)
    data, kept, starter = posted(request), kept_form(request, None), find(request.GET.get("from", ""))
    filled = kept.fields if kept else from_starter(starter, today) if starter and data is None else None
    form = GoalForm(
        data,
        owner=request.user,
        today=today,
        as_draft="draft" in request.POST,
        initial={
            "title": request.GET.get("title", "")[:200],
            "measure": Goal.Measure.NUMBER,
            "start_value": 0,
            "version": 0,
        },
        typed=of_goal(filled) if filled else None,
    )
    rows = MilestoneRows(filled or data)
    if request.method == "POST" and _is_valid(form, rows) and not _only_asks(request):
        goal = form.save(commit=False)
        goal.status = form.wanted_status
        readers = list(form.cleaned_data["share"])
        with transaction.atomic():
            goal = services.add_goal(
                goal=goal, by=request.user, at=now, milestones=rows.changes().added, readers=readers
            )
            services.forget_form(goal=None, by=request.user)
        close_page(request)
        return toast(request, redirect(goal), "Draft kept" if goal.is_draft else "Goal saved")
    return _form_page(request, "goals/goal_new.html", form, rows, kept=kept, starter=starter)


@require_http_methods(["GET", "POST"])
def goal_edit(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Change a goal; a draft is kept or started. Who was overtaken by another tab sees both versions."""
    now = timezone.now()
    goal: Goal = own_goal(pk, request.user) or own_or_403(Goal.objects, request.user, pk)
    before = copy(goal)
    kept = kept_form(request, goal)
    form = GoalForm(
        posted(request),
        instance=goal,
        owner=request.user,
        today=request.user.today(now),
        as_draft=goal.is_draft and "draft" in request.POST,
        latest=getattr(goal, "latest_value", None),
        initial={"version": goal.version} | _proposed(request),
        typed=of_goal(kept.fields) if kept else None,
    )
    rows = MilestoneRows(kept.fields if kept else posted(request), goal=goal)
    if request.method == "POST" and _is_valid(form, rows) and not _only_asks(request):
        changed = form.save(commit=False)
        try:
            _save(form, rows, changed=changed, before=before, request=request)
        except StaleEdit as stale:
            if _is_stored(form, stale.current, request):  # this form, sent twice
                return toast(request, redirect(goal), "Goal saved")
            return _both_versions(request, form, goal=before, current=stale.current)
        except ValidationError as error:  # milestones added in another tab meanwhile took the room
            rows.error = " ".join(error.messages)
        else:
            close_page(request)
            words = "Goal started" if before.is_draft and not form.as_draft else "Goal saved"
            return toast(request, redirect(goal), words)
    return _form_page(request, "goals/goal_edit.html", form, rows, goal=before, kept=kept)


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


def _proposed(request: AuthenticatedHttpRequest) -> dict[str, str]:
    """Return the hours that a link from the goal's page proposes."""
    hours = _given(request, "hours_a_week")
    return {"hours_a_week": hours} if hours else {}


def _given(request: AuthenticatedHttpRequest, name: str) -> str | None:
    """Return what a link proposes for a field; nothing is stored before it is sent."""
    return request.GET.get(name, "")[:20] or None


def _is_valid(form: GoalForm, rows: MilestoneRows) -> bool:
    """Validate both, so that everything that is wrong is said at once."""
    is_valid = form.is_valid()
    days = {name: form.cleaned_data.get(name) for name in ("starts_on", "due_on")}
    return rows.is_valid(**days) and is_valid


@transaction.atomic
def _save(
    form: GoalForm, rows: MilestoneRows, *, changed: Goal, before: Goal, request: AuthenticatedHttpRequest
) -> None:
    now = timezone.now()
    services.forget_form(goal=before, by=request.user)
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


def _only_asks(request: AuthenticatedHttpRequest) -> bool:
    """Tell whether the form was sent for more room or for the check, and not to be saved."""
    return "more_rows" in request.POST or "check" in request.POST


def _form_page(
    request: AuthenticatedHttpRequest,
    template: str,
    form: GoalForm,
    rows: MilestoneRows,
    *,
    goal: Goal | None = None,
    kept: FormDraft | None = None,
    **context: Any,
) -> HttpResponse:
    if _only_asks(request):  # nothing is wrong yet
        form.errors.clear()
        rows.clear_errors()
    has_errors = form.is_bound and (bool(form.errors or rows.error) or any(row.errors for row in rows.forms))
    status = context.pop("status", 422 if has_errors else 200)
    mistakes = _mistakes(form, rows) if has_errors else []
    smart, plan_line = look_at(as_typed(form, rows), owner=request.user, today=form.today, goal=goal)
    context |= {
        "form": form,
        "rows": rows,
        "goal": goal,
        "readers": people_to_show(request.user) if "share" in form.fields else [],
        "mistakes": mistakes,
        "to_fix": _to_fix(len(mistakes)),
        "chips": _chips(form.today),
        "smart": panel(smart),
        "plan_line": plan_line,
        "page": secrets.token_hex(8),
        **draft_context(request, goal, kept),
    }
    return render(request, template, context, status=status)


def _chips(today: date) -> list[dict[str, str]]:
    """Return the dates that one press fills in."""
    return [
        {"label": label, "day": (today + timedelta(days=days)).isoformat()}
        for label, days in (("In 1 month", 30), ("3 months", 91), ("6 months", 182))
    ]


def _to_fix(number: int) -> str:
    word = NUMBER_WORDS[number] if number < len(NUMBER_WORDS) else str(number)
    return f"{word} thing{'' if number == 1 else 's'} to fix before we can save this"


def _mistakes(form: GoalForm, rows: MilestoneRows) -> list[dict[str, str]]:
    """Return what is wrong, field by field in the order of the page, for the summary on top."""
    found = [{"id": "", "text": str(text)} for text in form.non_field_errors()]
    for name in form.fields:
        if name in form.errors:
            first = "_0" if name in {"measure", "importance", "computed", "share"} else ""
            found.append({"id": f"{form[name].auto_id}{first}", "text": str(form.errors[name][0])})
    found += [{"id": "milestones", "text": rows.error}] if rows.error else []
    for row in rows.forms:
        found += [{"id": f"id_{row.prefix}-{part}", "text": texts[0]} for part, texts in row.errors.items()]
    return found


def _is_stored(form: GoalForm, current: Any, request: AuthenticatedHttpRequest) -> bool:
    """Tell whether a goal and its milestones are already all that was sent."""
    if not form.is_started and current.status != form.wanted_status:
        return False
    rows = MilestoneRows(request.POST, goal=current)
    rows.is_valid()
    if any(getattr(current, name) != form.cleaned_data[name] for name in services.KEPT_FIELDS if name in form.fields):
        return False
    stored = [row for row in rows.forms if row.milestone]
    if any(row.is_bound and row.has_changed for row in stored):
        return False
    known, posted = {f"{row.prefix}-title" for row in stored}, request.POST
    lines = (name for name in posted if re.fullmatch(r"m[0-9]+-title", name) and name not in known)
    if not all(posted.get(f"{name.removesuffix('-title')}-remove") for name in lines):
        return False
    came = [row.told(row.milestone) for row in stored if not row.is_bound]
    return came == [row.told(row.wanted) for row in rows.forms if not row.milestone and row.wanted]


def _both_versions(request: AuthenticatedHttpRequest, form: GoalForm, *, goal: Goal, current: Any) -> HttpResponse:
    """Show what is stored now beside what was typed; saving again then replaces it knowingly."""
    differences: list[dict[str, Any]] = []
    for name in (name for name in services.KEPT_FIELDS if name in form.fields):
        stored, typed = getattr(current, name), form.cleaned_data.get(name)
        if stored != typed:
            said = current.get_importance_display() if name == "importance" else _plain(stored)
            differences.append({"label": form[name].label, "stored": said, "id": form[name].auto_id})
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
        if row.milestone and (not row.is_bound or row.has_changed):
            day = f", {_plain(row.milestone.due_on)}" if row.milestone.due_on else ""
            found.append(
                {"label": "Milestone", "stored": f"{row.milestone.title}{day}", "id": f"id_{row.prefix}-title"}
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
