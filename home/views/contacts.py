"""What "Next up" ticks about the people one knows: somebody one was in touch with, a promise, a conversation."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.http import AuthenticatedHttpRequest
from contacts.models import Contact, FollowUp, Interaction
from contacts.services import conversations, follow_ups
from core.htmx import is_fragment, toast
from home import turns
from home.look import Thing
from home.views.rows import DueRow


@require_POST
def contact_tick(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Note that one was in touch with somebody today (`done`), or take that back."""
    contact, now = get_object_or_404(Contact.objects.editable_by(request.user), pk=pk), timezone.now()
    day, is_done = request.user.today(now), request.POST.get("done") == "1"
    due_on = contact.due_on or day
    if is_done:
        conversations.log(talk=Interaction(happened_on=day), people=[contact], by=request.user, at=now)
    else:
        conversations.forget_today(contact=contact, day=day, at=now)
        contact.refresh_from_db()
        due_on = contact.due_on or day
    thing = turns.turn(contact.pk, contact.owner_id, due_on, contact.name, today=day)
    return _answer(request, thing, day, is_done=is_done, words="In touch today" if is_done else "Not yet in touch")


@require_POST
def follow_up_tick(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Note that a promise is done (`done`), or that it is not."""
    mine = FollowUp.objects.editable_by(request.user).filter(contact__deleted_at=None)
    promise, now = get_object_or_404(mine.select_related("contact"), pk=pk), timezone.now()
    is_done = request.POST.get("done") == "1"
    if is_done:
        follow_ups.close(follow_up=promise, state=FollowUp.State.DONE, at=now)
    else:
        follow_ups.reopen(follow_up=promise)
    thing = turns.promise(
        promise.pk, promise.owner_id, promise.due_on, promise.text, promise.contact.name, promise.direction
    )
    return _answer(request, thing, request.user.today(now), is_done=is_done, words="Done" if is_done else "Open again")


@require_POST
def conversation_tick(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Note that something planned took place (`done`), or that it did not yet."""
    talk = get_object_or_404(Interaction.objects.editable_by(request.user), pk=pk)
    day, is_done = request.user.today(timezone.now()), request.POST.get("done") == "1"
    state = Interaction.State.HELD if is_done else Interaction.State.PLANNED
    conversations.set_state(talk=talk, state=state, today=day)
    names = list(talk.people.filter(deleted_at=None).order_by("sort_name").values_list("name", flat=True))
    thing = turns.plan(talk.pk, talk.owner_id, talk.happened_on, talk.kind, names, today=day)
    return _answer(request, thing, day, is_done=is_done, words="It took place" if is_done else "Still to come")


def _answer(request: AuthenticatedHttpRequest, thing: Thing, day: date, *, is_done: bool, words: str) -> HttpResponse:
    if is_fragment(request):
        return render(request, "home/_week_row.html", {"row": DueRow.of(thing, day, is_done=is_done)})
    return toast(request, redirect("home:this_week"), words, undo_url=request.path if is_done else None)
