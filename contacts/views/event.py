"""Events: what is ahead, getting ready, and whom one met there."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from contacts.ahead import card_of
from contacts.forms.event import EventForm, PeopleForm, PrepareForm, first_day_after
from contacts.models import Association, Contact, Event, FollowUp, StepRefused
from contacts.services.event import Met, add_once, meet_people, recognise, settle_event
from contacts.services.housekeeping import BIN_DAYS
from core.htmx import toast
from core.paging import page

AHEAD_SHOWN, ASSOCIATIONS_SHOWN = 50, 100


@require_safe
def event_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """What is ahead, what was, and the associations one belongs to."""
    today = request.user.today(timezone.now())
    own = Event.objects.owned_by(request.user)
    earlier = page(own.over(), keys=("-happens_on", "-pk"), after=request.GET.get("after"))
    context = {
        "ahead": [card_of(event, today) for event in own.planned().order_by("happens_on", "pk")[:AHEAD_SHOWN]],
        "earlier": earlier.rows,
        "older": f"?after={earlier.next_token}" if earlier.next_token else "",
        "associations": Association.objects.owned_by(request.user).order_by("name", "pk")[:ASSOCIATIONS_SHOWN],
        "today": today,
    }
    return render(request, "contacts/event_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def event_new(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Plan an event, or note one that was (`?association=` names whose it is)."""
    now = timezone.now()
    begun = {"association": _number(request, "association")}
    form = EventForm(_posted(request), owner=request.user, today=request.user.today(now), initial=begun)
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "back": "/contacts/events/"}
        return render(request, "contacts/event_edit.html", context, status=422 if form.errors else 200)
    event = add_once(form.save(commit=False), fields=form.Meta.fields, by=request.user, at=now)
    return toast(request, redirect(event), "Event saved", undo_url=f"{event.get_absolute_url()}delete/")


@require_safe
def event_detail(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """One event: when and where, what one wants, whom one met."""
    return _detail(request, _own(request, pk))


def _detail(request: AuthenticatedHttpRequest, event: Event, *, problem: str = "") -> HttpResponse:
    today = request.user.today(timezone.now())
    talks = event.talks.alive().prefetch_related("people").order_by("pk")
    follow_ups = FollowUp.objects.owned_by(request.user).still_open().filter(interaction__in=event.talks.alive())
    context: dict[str, Any] = {
        "event": event,
        "card": card_of(event, today),
        # Once each: two who were merged have two conversations here.
        "met": dict.fromkeys(person for talk in talks for person in talk.people.all() if person.deleted_at is None),
        "follow_ups": list(follow_ups.select_related("contact").order_by("due_on", "pk")),
        "expected": _expected(request, event),
        "problem": problem,
        "today": today,
    }
    context["followed"] = {follow_up.contact_id for follow_up in context["follow_ups"]}
    return render(request, "contacts/event_detail.html", context, status=409 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def event_edit(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Change what stands about an event."""
    event = _own(request, pk)
    today = request.user.today(timezone.now())
    form = EventForm(_posted(request), instance=event, owner=request.user, today=today)
    if request.method == "POST" and form.is_valid() and form.save_over():
        return toast(request, redirect(event), "Event saved")
    context = {"form": form, "event": event, "back": event.get_absolute_url()}
    return render(request, "contacts/event_edit.html", context, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
def event_prepare(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Get ready: who will be there, with what one knows of them, and what one wants."""
    event = _own(request, pk)
    form = PrepareForm(_posted(request), instance=event)
    if request.method == "POST" and form.is_valid() and form.save_over():
        return toast(request, redirect("contacts:event_prepare", pk=pk), "Saved")
    today = request.user.today(timezone.now())
    context = {"form": form, "event": event, "card": card_of(event, today), "expected": _expected(request, event)}
    return render(request, "contacts/event_prepare.html", context | {"today": today}, status=_status(form))


@require_POST
def event_attend(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Note that one was there, and go on to whom one met."""
    event, problem = _settled(request, pk, "attend")
    return _detail(request, event, problem=problem) if problem else redirect("contacts:event_people", pk=pk)


@require_POST
def event_miss(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Note that one was not there; nobody is blamed."""
    event, problem = _settled(request, pk, "miss")
    if problem:
        return _detail(request, event, problem=problem)
    return toast(request, redirect(event), "Noted. There will be another.")


def _settled(request: AuthenticatedHttpRequest, pk: int, verb: str) -> tuple[Event, str]:
    event = _own(request, pk)
    try:
        return settle_event(event=event, verb=verb, today=request.user.today(timezone.now())), ""
    except StepRefused as refused:
        return _own(request, pk), str(refused)


@require_http_methods(["GET", "HEAD", "POST"])
def event_people(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Add several people at once; whoever looks like a contact one has is offered before anything is saved."""
    now, event = timezone.now(), _own(request, pk)
    if request.method != "POST" and not event.was_attended:
        return redirect(event)
    status = 422
    form = PeopleForm(_posted(request), initial={"due_on": first_day_after(event, request.user.today(now))})
    lines: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        found = recognise(request.user, [line.name for line in form.cleaned_data["people"]])
        met, lines = _chosen(request, form, found)
        if not any(line["candidates"] and not line["chosen"] for line in lines):
            words = {name: form.cleaned_data[name] for name in ("notes", "next_step", "due_on")}
            try:
                added = meet_people(event=event, by=request.user, met=met, now=now, **words)
                return toast(request, redirect(event), _said_of(len(added)))
            except StepRefused as refused:  # another tab said so meanwhile; what was typed stays on the page
                form.add_error(None, str(refused))
                status = 409
    context = {"form": form, "event": event, "lines": lines, "has_choices": any(line["candidates"] for line in lines)}
    return render(request, "contacts/event_people.html", context, status=status if form.errors else 200)


def _chosen(
    request: AuthenticatedHttpRequest, form: PeopleForm, found: dict[str, list[Contact]]
) -> tuple[list[Met], list[dict[str, Any]]]:
    """Return whom the lines mean as far as it was chosen, and the lines with what is still to be chosen."""
    met, lines = [], []
    for number, line in enumerate(form.cleaned_data["people"]):
        candidates = found.get(line.name, [])
        # The choice names its line, so that it is asked again once the lines were changed.
        key = f"who-{number}-{line.name}"
        value = request.POST.get(key, "")
        contact = next((person for person in candidates if str(person.pk) == value), None)
        is_chosen = value == "new" or contact is not None
        met.append(Met(line.name, line.organisation, contact))
        lines.append({"line": line, "key": key, "candidates": candidates, "chosen": value if is_chosen else ""})
    return met, lines


def _said_of(number: int) -> str:
    if not number:
        return "They were noted already"
    return "1 person added" if number == 1 else f"{number} people added"


@require_POST
def event_delete(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Put an event into the bin. Whom one met there, and what was said, stays."""
    if not Event.objects.in_bin_of(request.user).filter(pk=pk).exists():
        _own(request, pk).put_in_bin(at=timezone.now())
    response = redirect("contacts:event_list")
    return toast(request, response, "Event deleted", undo_url=f"/contacts/events/{pk}/restore/")


@require_POST
def event_restore(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Bring an event back from the bin."""
    event = Event.objects.in_bin_of(request.user).filter(pk=pk).first()
    if event is None:  # brought back already, by a first press or in another tab
        return redirect(_own(request, pk))
    event.take_from_bin()
    return toast(request, redirect(event), "Event is back")


@require_safe
def event_bin(request: AuthenticatedHttpRequest) -> HttpResponse:
    """What was deleted in the last 30 days: events, and associations."""
    shown = page(Event.objects.in_bin_of(request.user), keys=("-deleted_at", "-pk"), after=request.GET.get("after"))
    gone = Association.objects.in_bin_of(request.user).order_by("-deleted_at", "-pk")[:ASSOCIATIONS_SHOWN]
    older = f"?after={shown.next_token}" if shown.next_token else ""
    context = {"events": shown.rows, "associations": gone, "older": older, "days": BIN_DAYS}
    return render(request, "contacts/event_bin.html", context)


def _expected(request: AuthenticatedHttpRequest, event: Event) -> list[dict[str, Any]]:
    """Return who will be there, each with the contacts of that name; one query."""
    found = recognise(request.user, event.names)
    return [{"name": name, "people": found.get(name, [])} for name in event.names]


def _own(request: AuthenticatedHttpRequest, pk: int) -> Event:
    own = Event.objects.owned_by(request.user).select_related("association")
    found: Event = get_object_or_404(own, pk=pk)
    return found


def _posted(request: AuthenticatedHttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _status(form: PrepareForm | EventForm) -> int:
    return 409 if form.other else 422 if form.errors else 200


def _number(request: AuthenticatedHttpRequest, name: str) -> int | None:
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None
