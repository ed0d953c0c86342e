"""Whose turn it is, and what one answers to it: in touch, later, not this time, no longer."""

from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from contacts.due import LATER, later_day
from contacts.forms.conversation import PaceForm, TurnForm
from contacts.models import Contact, Interaction
from contacts.services import conversations, turns
from contacts.turns import due_list as list_due
from core.htmx import is_fragment, toast
from core.redirects import next_or
from core.timekeeping import say_day_within

HERE = "/contacts/due/"


@require_safe
def due_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show who is asked for this week, who later and why, who not yet, and what is planned."""
    today = request.user.today(timezone.now())
    found = list_due(request.user, today=today, after=request.GET.get("after", ""), turn=request.GET.get("turn", ""))
    return _page(request, found, PaceForm(initial={"per_week": found.per_week}))


def _page(request: AuthenticatedHttpRequest, found: object, form: PaceForm) -> HttpResponse:
    context = {"due": found, "form": form, "later_choices": LATER.items(), "is_first": not request.GET.get("after")}
    return render(request, "contacts/due_list.html", context, status=422 if form.errors else 200)


@require_POST
def due_pace(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Choose how many people a week the list asks for."""
    form = PaceForm(request.POST)
    if not form.is_valid():
        return _page(request, list_due(request.user, today=request.user.today(timezone.now())), form)
    number = form.cleaned_data["per_week"]
    turns.set_pace(owner=request.user, per_week=number)
    return toast(request, redirect(HERE), f"{number} people a week" if number > 1 else "One person a week")


@require_POST
def contact_in_touch(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Note in one click that one was in touch today; twice within a minute is once."""
    contact, now = _mine(request, pk), timezone.now()
    talk = Interaction(happened_on=request.user.today(now))
    talk = conversations.log(talk=talk, people=[contact], by=request.user, at=now)
    undo = f"/contacts/conversations/{talk.pk}/delete/"
    return _answer(request, contact, f"In touch with {contact.given_name} today", undo)


@require_POST
def contact_snooze(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Be asked again in 3 days, in a week or in a month."""
    contact, today = _mine(request, pk), request.user.today(timezone.now())
    undo = _undo_url(contact)
    if request.POST.get("later") not in LATER:
        raise BadRequest("Choose 3 days, a week or a month.")
    until = later_day(request.POST["later"], today)
    turns.snooze(contact=contact, until=until, today=today)
    return _answer(request, contact, f"{contact.given_name} comes back {say_day_within(until, today)}", undo)


@require_POST
def contact_skip(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Leave out this round, and no other."""
    contact = _mine(request, pk)
    undo = _undo_url(contact)
    turns.skip(contact=contact, today=request.user.today(timezone.now()))
    return _answer(request, contact, f"Not this time. {contact.given_name} comes back with the next round", undo)


@require_POST
def contact_stop(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Be reminded of somebody no longer; they stay among the contacts."""
    contact = _mine(request, pk)
    undo = _undo_url(contact)
    turns.stop(contact=contact, today=request.user.today(timezone.now()))
    return _answer(request, contact, f"No more reminders about {contact.given_name}", undo)


@require_POST
def contact_turn_back(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Take one of these answers back; the address says how it was before."""
    contact, form = _mine(request, pk), TurnForm(request.GET)
    if not form.is_valid() or (form.cleaned_data["circle"] == Contact.Circle.OWN and not contact.own_every):
        raise BadRequest("That cannot be taken back.")
    turns.take_back(contact=contact, **form.cleaned_data)
    return toast(request, redirect(next_or(request, HERE)), f"{contact.given_name} is back where they were")


def _mine(request: AuthenticatedHttpRequest, pk: int) -> Contact:
    return get_object_or_404(Contact.objects.editable_by(request.user), pk=pk)


def _undo_url(contact: Contact) -> str:
    was = {
        "circle": contact.circle,
        "skipped_on": contact.skipped_on or "",
        "snoozed_until": contact.snoozed_until or "",
    }
    return f"/contacts/{contact.pk}/turn-back/?{urlencode(was)}"


def _answer(request: AuthenticatedHttpRequest, contact: Contact, said: str, undo: str) -> HttpResponse:
    """Say what happened, with the way back: in the place of the row, or on the page one came from."""
    back = next_or(request, HERE)
    undo = f"{undo}{'&' if '?' in undo else '?'}{urlencode({'next': back})}"
    if is_fragment(request):
        return render(request, "contacts/_due_done.html", {"contact": contact, "said": said, "undo": undo})
    return toast(request, redirect(back), said, undo_url=undo)
