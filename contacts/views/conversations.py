"""Conversations: logged on the page of a contact, edited, taken back."""

from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from contacts.conversations import FIRST_KINDS, find_people, talk_row, talks_context, with_people
from contacts.forms.conversation import ConversationForm, LogForm
from contacts.models import Contact, FollowUp, Interaction
from contacts.services import conversations as services
from contacts.services.housekeeping import BIN_DAYS
from core.htmx import is_fragment, toast
from core.paging import page
from core.redirects import next_or
from core.versioned import StaleEdit

PROMISES_SHOWN = 25


@require_http_methods(["GET", "HEAD", "POST"])
def conversation_list(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Show what one talked about with somebody, page by page; a POST logs a conversation with them."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user), pk=pk)
    now = timezone.now()
    today = request.user.today(now)
    if request.method == "POST":
        form = LogForm(request.POST, owner=request.user, today=today, contact=contact)
        if "find" in request.POST or not form.is_valid():
            return _log_page(request, contact, form)
        talk = services.log(
            talk=form.save(commit=False), people=form.cleaned_data["people"], by=request.user, at=now,
            promise=form.promise(),
        )  # fmt: skip
        words = "Conversation planned" if talk.is_planned else "Conversation saved"
        return toast(request, redirect(contact), words, undo_url=_delete_url(talk, contact))
    context = talks_context(contact, today=today, after=request.GET.get("after")) | {"contact": contact}
    template = "_conversations" if is_fragment(request) else "conversation_list"
    return render(request, f"contacts/{template}.html", context)


def _log_page(request: AuthenticatedHttpRequest, contact: Contact, form: LogForm) -> HttpResponse:
    """Show the form on a page of its own, with what is wrong, or with the people that were looked for."""
    only_finds = "find" in request.POST
    found = _found(request, but=contact.pk)
    if only_finds:
        form.errors.clear()
    context = {"contact": contact, "form": form, "first_kinds": FIRST_KINDS, "found": found, "is_open": True}
    return render(request, "contacts/conversation_new.html", context, status=200 if only_finds else 422)


def _found(request: AuthenticatedHttpRequest, *, but: int = 0) -> list[tuple[Contact, bool]]:
    asked = request.POST if request.method == "POST" else request.GET
    chosen = [int(key) for key in asked.getlist("people")[:100] if key.isascii() and key.isdigit() and len(key) < 19]
    return find_people(request.user, words=asked.get("who", ""), chosen=chosen, but=but)


@require_safe
def person_options(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Find people by their names, to say who else was there: `?who=`, and `?people=` who was chosen already."""
    but = request.GET.get("but", "")
    found = _found(request, but=int(but) if but.isascii() and but.isdigit() and len(but) < 19 else 0)
    return render(request, "contacts/_person_options.html", {"found": found, "who": request.GET.get("who", "")})


@require_http_methods(["GET", "HEAD", "POST"])
def conversation_edit(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Change what is written of a conversation, its day, and who took part."""
    talk = _mine(request, pk)
    today = request.user.today(timezone.now())
    posted = request.POST if request.method == "POST" else None
    initial = {
        "version": talk.version,
        "is_planned": talk.is_planned,
        "people": [each.pk for each in talk.people.all()],
    }
    was = talk_row(talk, today=today)
    form = ConversationForm(posted, instance=talk, initial=initial, owner=request.user, today=today)
    if request.method != "POST" or "find" in request.POST or not form.is_valid():
        return _edit_page(request, form, was)
    try:
        services.change(
            talk=form.save(commit=False), people=form.cleaned_data["people"],
            expected=form.cleaned_data["version"] or 0, today=today,
        )  # fmt: skip
    except StaleEdit as stale:
        other: Any = stale.current
        form.continue_from(other.version)
        return _edit_page(request, form, was, other=other)
    return toast(request, redirect(_back(request, talk)), "Conversation saved")


def _edit_page(
    request: AuthenticatedHttpRequest, form: ConversationForm, row: Any, *, other: Interaction | None = None
) -> HttpResponse:
    only_finds = request.method == "POST" and "find" in request.POST
    if only_finds:
        form.errors.clear()
    people = [(each, True) for each in row.talk.people.all()]
    found = _found(request) if request.method == "POST" else people
    back = people[0][0].get_absolute_url() if people else "/contacts/"
    context = {"form": form, "row": row, "talk": row.talk, "found": found, "first_kinds": FIRST_KINDS, "other": other}
    status = 409 if other else 422 if form.errors else 200
    return render(request, "contacts/conversation_edit.html", context | {"back": back}, status=status)


@require_POST
def conversation_held(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Answer whether something planned took place (`held=1`), did not (`held=0`), or is still to come (`held=`)."""
    talk = _mine(request, pk)
    states = {"1": Interaction.State.HELD, "0": Interaction.State.CANCELLED, "": Interaction.State.PLANNED}
    state = states.get(request.POST.get("held", request.GET.get("held", "x")))
    if state is None:
        raise BadRequest("Say whether it took place.")
    services.set_state(talk=talk, state=state, today=request.user.today(timezone.now()))
    words = {"held": "It took place", "cancelled": "It did not take place", "planned": "Back among your plans"}[state]
    undo = f"{request.path}?held=&next={_back(request, talk)}" if state != Interaction.State.PLANNED else None
    return toast(request, redirect(next_or(request, _back(request, talk))), words, undo_url=undo)


@require_POST
def conversation_delete(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Put a conversation into the bin: it no longer counts. One that is there already stays as it is."""
    gone = Interaction.objects.in_bin_of(request.user).filter(pk=pk).first()
    talk = gone or _mine(request, pk)
    if gone is None:
        services.delete(talk=talk, at=timezone.now())
    back = next_or(request, _back(request, talk))
    return toast(request, redirect(back), "Conversation deleted", undo_url=f"/contacts/conversations/{pk}/restore/")


@require_POST
def conversation_restore(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Bring a conversation back from the bin."""
    talk = Interaction.objects.in_bin_of(request.user).filter(pk=pk).first()
    if talk is None:  # brought back already, by a first press or in another tab
        return redirect(_back(request, _mine(request, pk)))
    services.restore(talk=talk)
    return toast(request, redirect(_back(request, talk)), "Conversation is back")


@require_safe
def conversation_bin(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show the conversations that were deleted in the last 30 days, and the promises that were deleted by themselves."""
    today = request.user.today(timezone.now())
    gone = Interaction.objects.in_bin_of(request.user).prefetch_related(with_people())
    found = page(gone, keys=("-deleted_at", "-pk"), after=request.GET.get("after"))
    promises = FollowUp.objects.in_bin_of(request.user).filter(contact__deleted_at=None)
    # Those that went with a conversation come back with it.
    alone = promises.exclude(interaction__deleted_at=F("deleted_at")).select_related("contact")
    context = {
        "talks": [talk_row(talk, today=today) for talk in found.rows],
        "promises": alone.order_by("-deleted_at", "-pk")[:PROMISES_SHOWN] if not request.GET.get("after") else [],
        "older": f"?after={found.next_token}" if found.next_token else "",
        "days": BIN_DAYS,
    }
    return render(request, "contacts/conversation_bin.html", context)


def _mine(request: HttpRequest, pk: int) -> Interaction:
    rows = Interaction.objects.editable_by(request.user).prefetch_related(with_people())
    return get_object_or_404(rows, pk=pk)


def _back(request: HttpRequest, talk: Interaction) -> str:
    """Return the page of one of its people, where they are still there."""
    first = next(iter(talk.people.filter(deleted_at=None).order_by("sort_name", "pk")[:1]), None)
    return first.get_absolute_url() if first else "/contacts/"


def _delete_url(talk: Interaction, contact: Contact) -> str:
    return f"/contacts/conversations/{talk.pk}/delete/?next={contact.get_absolute_url()}"
