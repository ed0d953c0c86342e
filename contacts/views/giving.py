"""Giving: what one gave, whom one brought together, and how that stands beside what one received."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from contacts.balance import balance_of
from contacts.forms.giving import GivingForm, IntroductionEditForm, IntroductionForm
from contacts.models import INTRODUCTION_STEPS, Interaction, Introduction, StepRefused
from contacts.services import giving as services
from contacts.services.housekeeping import BIN_DAYS
from core.htmx import toast
from core.paging import page
from core.versioned import StaleEdit

OPEN_SHOWN, GONE_SHOWN = 50, 100


@require_safe
def giving_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The balance of a year, what is under way, and what was given lately."""
    return _list_page(request)


def _list_page(request: AuthenticatedHttpRequest, *, problem: str = "") -> HttpResponse:
    today = request.user.today(timezone.now())
    gave = Interaction.objects.owned_by(request.user).held().filter(Q(kind__in=["gave", "introduced"]) | ~Q(gave=""))
    rows = gave.prefetch_related("people")
    shown = page(rows, keys=("-happened_on", "-pk"), after=request.GET.get("after"))
    open_ones = Introduction.objects.owned_by(request.user).open().select_related("first", "second")
    context = {
        "balance": balance_of(request.user, today),
        "gifts": shown.rows,
        "older": f"?after={shown.next_token}" if shown.next_token else "",
        "introductions": [_row(row) for row in open_ones[:OPEN_SHOWN]],
        "form": GivingForm(owner=request.user, today=today, initial={"day": today}),
        "today": today,
        "problem": problem,
    }
    return render(request, "contacts/giving_list.html", context, status=409 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def giving_new(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Note something one gave (`?to=` names the contact)."""
    now = timezone.now()
    today = request.user.today(now)
    initial = {"to": request.GET.get("to", "")[:200], "day": today}
    form = GivingForm(_posted(request), owner=request.user, today=today, initial=initial)
    if request.method != "POST" or not form.is_valid():
        return render(request, "contacts/giving_new.html", {"form": form}, status=422 if form.errors else 200)
    data = form.cleaned_data
    talk = services.give(by=request.user, to=data["to"], words=form.said, day=data["day"], now=now)
    undo = f"/contacts/conversations/{talk.pk}/delete/"
    return toast(request, redirect("contacts:giving_list"), "Noted", undo_url=undo)


@require_http_methods(["GET", "HEAD", "POST"])
def introduction_new(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Note that two people should meet."""
    form = IntroductionForm(_posted(request), owner=request.user, initial={"first": request.GET.get("first", "")[:200]})
    if request.method != "POST" or not form.is_valid():
        return render(request, "contacts/introduction_new.html", {"form": form}, status=422 if form.errors else 200)
    row = services.begin_introduction(by=request.user, now=timezone.now(), **form.cleaned_data)
    undo = f"/contacts/introductions/{row.pk}/delete/"
    return toast(request, redirect("contacts:giving_list"), "Noted. Now ask the first of them.", undo_url=undo)


@require_http_methods(["GET", "HEAD", "POST"])
def introduction_edit(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Change who should meet, and why, while they have not met."""
    row, status = _own(request, pk), 422
    if not row.is_open and request.method != "POST":
        return redirect("contacts:giving_list")
    form = IntroductionEditForm(_posted(request), introduction=row, owner=request.user)
    if request.method == "POST" and form.is_valid():
        people = {name: form.cleaned_data[name] for name in ("first", "second", "why")}
        try:
            expected = form.cleaned_data["version"] or 0
            services.change_introduction(introduction=row, expected=expected, **people)
        except StepRefused as refused:
            form.add_error(None, str(refused))
            status = 409
        except StaleEdit as stale:
            current: Any = stale.current
            form.show_other(current)
            status = 409
        else:
            return toast(request, redirect("contacts:giving_list"), "Introduction saved")
    is_refused = bool(form.errors or form.other)
    context = {"form": form, "introduction": row}
    return render(request, "contacts/introduction_edit.html", context, status=status if is_refused else 200)


@require_POST
def introduction_step(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Take a step: `step` is a verb of INTRODUCTION_STEPS."""
    row, verb = _own(request, pk), request.POST.get("step", "")
    came_from = row.state
    try:
        row = services.take_step(introduction=row, verb=verb, now=timezone.now())
    except StepRefused as refused:
        return _list_page(request, problem=str(refused))
    undo = f"/contacts/introductions/{pk}/back/?from={row.state}&to={came_from}"
    return toast(request, redirect("contacts:giving_list"), row.said, undo_url=undo)


@require_POST
def introduction_back(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Take back the step that led from the state `to` to the state `from`, both in the address."""
    row, seen, to = _own(request, pk), request.GET.get("from", ""), request.GET.get("to", "")
    try:
        services.take_back(introduction=row, seen=seen, to=to, now=timezone.now())
    except StepRefused as refused:
        return _list_page(request, problem=str(refused))
    return toast(request, redirect("contacts:giving_list"), "Taken back")


@require_POST
def introduction_delete(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Put an introduction into the bin."""
    if not Introduction.objects.in_bin_of(request.user).filter(pk=pk).exists():
        _own(request, pk).put_in_bin(at=timezone.now())
    undo = f"/contacts/introductions/{pk}/restore/"
    return toast(request, redirect("contacts:giving_list"), "Introduction deleted", undo_url=undo)


@require_POST
def introduction_restore(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Bring an introduction back from the bin."""
    in_bin = Introduction.objects.in_bin_of(request.user).filter(first__deleted_at=None, second__deleted_at=None)
    row = in_bin.filter(pk=pk).first()
    if row is None:
        _own(request, pk)
    else:
        row.take_from_bin()
    return toast(request, redirect("contacts:giving_list"), "Introduction is back")


@require_safe
def introduction_bin(request: AuthenticatedHttpRequest) -> HttpResponse:
    """What was deleted in the last 30 days."""
    rows = Introduction.objects.in_bin_of(request.user).select_related("first", "second").order_by("-deleted_at", "-pk")
    return render(request, "contacts/introduction_bin.html", {"introductions": rows[:GONE_SHOWN], "days": BIN_DAYS})


def _own(request: AuthenticatedHttpRequest, pk: int) -> Introduction:
    own = Introduction.objects.owned_by(request.user).select_related("first", "second")
    found: Introduction = get_object_or_404(own, pk=pk)
    return found


def _row(row: Introduction) -> dict[str, Any]:
    """Return an introduction with what can be pressed next."""
    asked = row.first if row.state in {"wanted", "asked_first"} else row.second
    words = {
        "ask": f"I have asked {asked.given_name}",
        "agree": f"{asked.given_name} said yes",
        "make": "I have introduced them",
        "drop": "Let it go",
    }
    css = {"drop": "btn-quiet"}
    steps = [(verb, words[verb], css.get(verb, "btn-secondary")) for verb in INTRODUCTION_STEPS[row.state]]
    return {"row": row, "steps": steps}


def _posted(request: AuthenticatedHttpRequest) -> Any:
    return request.POST if request.method == "POST" else None
