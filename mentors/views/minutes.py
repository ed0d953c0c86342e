"""What people write on the page of a check-in."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from core.htmx import is_fragment, toast
from core.versioned import StaleEdit
from mentors import services
from mentors.forms import AfterForm, PointForm
from mentors.models import Action, AgendaPoint, CheckIn, Note, StepRefused
from mentors.services.checkin import NOT_NOW
from mentors.views.meeting import new_after_form, note_form, recorded, said, show_check_in, side, visible_check_in


@require_POST
def point_new(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Put something on the list for next time."""
    relation = recorded(request, pk)
    form = PointForm(request.POST)
    if form.is_valid():
        try:
            text = form.cleaned_data["text"]
            services.add_point(mentorship=relation, by=request.user, text=text, now=timezone.now())
        except ValidationError as error:
            form.add_error("text", error)
        else:
            return toast(request, redirect(_back(request, f"/mentorships/{pk}/check-ins/")), "On the list")
    if not relation.is_active:
        raise PermissionDenied(NOT_NOW)
    context = side(request.user, relation) | {"form": form, "next": request.POST.get("next", "")}
    return render(request, "mentors/point_new.html", context, status=422)


@require_POST
def point_tick(request: AuthenticatedHttpRequest, pk: int, check_in_pk: int, point: int) -> HttpResponse:
    """Note that something was talked about, or (`done` empty) put it back on the list."""
    check_in = visible_check_in(request, pk, check_in_pk)
    row = get_object_or_404(AgendaPoint.objects.visible_to(request.user).filter(mentorship=pk), pk=point)
    if not check_in.mentorship.is_active:
        raise PermissionDenied(NOT_NOW)
    is_done = request.POST.get("done") == "1"
    services.tick_point(point=row, check_in=check_in, is_done=is_done, now=timezone.now())
    return redirect(f"{check_in.get_absolute_url()}#points")


@require_POST
def point_remove(request: AuthenticatedHttpRequest, pk: int, point: int) -> HttpResponse:
    """Take one's own point off the list."""
    relation = recorded(request, pk)
    row = get_object_or_404(AgendaPoint.objects.visible_to(request.user).filter(mentorship=relation), pk=point)
    if not relation.is_active or row.author_id != request.user.pk:
        raise PermissionDenied("Whoever put it on the list takes it off.")
    row.delete()
    return toast(request, redirect(_back(request, f"/mentorships/{pk}/check-ins/")), "Off the list")


@require_POST
def action_tick(request: AuthenticatedHttpRequest, pk: int, action: int) -> HttpResponse:
    """Note that what was agreed is done, or (`done` empty) that it is not."""
    relation = recorded(request, pk)
    rows = Action.objects.visible_to(request.user).filter(check_in__mentorship=relation)
    row = get_object_or_404(rows.select_related("check_in"), pk=action)
    if not relation.is_active:
        raise PermissionDenied(NOT_NOW)
    services.tick_action(action=row, is_done=request.POST.get("done") == "1", now=timezone.now())
    return redirect(_back(request, row.check_in.get_absolute_url()))


@require_POST
def checkin_note(request: AuthenticatedHttpRequest, pk: int, check_in_pk: int) -> HttpResponse:
    """Keep one's own note: for both (`kind` is "shared"), or for oneself. Typing saves it by htmx, the button without."""
    check_in = visible_check_in(request, pk, check_in_pk)
    is_shared = request.POST.get("kind") == "shared"
    form, stale = note_form(None, is_shared=is_shared, data=request.POST), None
    note: Note | None = None
    if form.is_valid():
        try:
            note = services.save_note(
                check_in=check_in,
                by=request.user,
                is_shared=is_shared,
                text=form.cleaned_data["text"],
                expected=form.cleaned_data["version"],
                now=timezone.now(),
            )
        except StaleEdit as error:
            stale = error.current
    elif not check_in.mentorship.is_active:
        raise PermissionDenied(NOT_NOW)
    status = 200 if note else 409 if stale else 422
    if is_fragment(request):
        context = {"form": form, "note": note, "stale": stale, "kind": "shared" if is_shared else "private"}
        return render(request, "mentors/_checkin_note_saved.html", context, status=status)
    if note:
        return toast(request, redirect(f"{check_in.get_absolute_url()}#notes"), "Notes kept")
    if isinstance(stale, Note):
        # What is stored stands beside what was typed; saving again then replaces it knowingly.
        form = note_form(None, is_shared=is_shared, data=request.POST.copy())
        form.data[f"{form.prefix}-version"] = str(stale.version)  # type: ignore[index]
    return show_check_in(
        request,
        check_in,
        status=status,
        note_forms={is_shared: form},
        stale_note=stale if isinstance(stale, Note) else None,
    )


@require_POST
def checkin_after(request: AuthenticatedHttpRequest, pk: int, check_in_pk: int) -> HttpResponse:
    """Write down what a check-in brought; that is also how it is marked as held."""
    now = timezone.now()
    check_in = visible_check_in(request, pk, check_in_pk)
    if not check_in.mentorship.is_active:
        raise PermissionDenied(NOT_NOW)
    form = new_after_form(check_in, request.user, request.POST, now=now, has_next=False)
    if not form.is_valid():
        return show_check_in(request, check_in, status=422, after_form=form)
    try:
        services.hold_check_in(
            check_in=check_in,
            by=request.user,
            expected=form.cleaned_data["version"],
            takeaways=form.cleaned_data["takeaways"],
            advice=form.cleaned_data["advice"],
            promises=form.promises(),
            next_at=form.next_at,
            now=now,
        )
    except StepRefused as refused:
        fresh = visible_check_in(request, pk, check_in_pk)
        return show_check_in(request, fresh, status=409, problem=str(refused), unsaved=form.written)
    except StaleEdit:
        fresh = visible_check_in(request, pk, check_in_pk)
        following = fresh.following()
        data = request.POST.copy()
        data["after-version"] = str(fresh.version)
        problem = _planned_otherwise(following, form, request.user, now)
        form = new_after_form(fresh, request.user, data, now=now, has_next=following is not None)
        return show_check_in(request, fresh, status=409, problem=problem, after_form=form, stale=fresh)
    planned = _planned_otherwise(check_in.following(), form, request.user, now) if form.next_at else ""
    return toast(request, redirect(check_in), planned or "Kept for both of you")


def _planned_otherwise(following: CheckIn | None, form: AfterForm, me: User, now: datetime) -> str:
    """Say so where the next one stands already, for another time than this form says."""
    if following is None or form.next_at in {None, following.starts_at}:
        return ""
    return f"The next check-in was planned already: {said(following, me, now)}."


def _back(request: AuthenticatedHttpRequest, otherwise: str) -> str:
    wanted = request.POST.get("next", "")
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else otherwise
