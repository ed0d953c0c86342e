"""Promises: what I owe somebody, or they owe me, by a day; done, later, let go."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from contacts.conversations import promise_row
from contacts.due import LATER, WEEK, later_day
from contacts.forms.conversation import FollowUpForm
from contacts.models import Contact, FollowUp
from contacts.services import follow_ups as services
from core.forms import LAST_DAY
from core.htmx import is_fragment, toast
from core.paging import page
from core.redirects import next_or
from core.text import clean_text
from core.timekeeping import say_day_within
from core.versioned import StaleEdit


@require_safe
def follow_up_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show everything that was promised and is open, the oldest day first."""
    today = request.user.today(timezone.now())
    rows = FollowUp.objects.owned_by(request.user).still_open().select_related("contact")
    found = page(rows, keys=("due_on", "pk"), after=request.GET.get("after"))
    context = {
        "promises": [promise_row(each, today=today) for each in found.rows],
        "older": f"/contacts/follow-ups/?after={found.next_token}" if found.next_token else "",
        "later_choices": LATER.items(),
    }
    return render(request, "contacts/follow_up_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def follow_up_new(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Write down what is to be done for somebody, or by them, without a conversation."""
    contact, now = get_object_or_404(Contact.objects.editable_by(request.user), pk=pk), timezone.now()
    posted = request.POST if request.method == "POST" else None
    form = FollowUpForm(posted, initial={"due_on": request.user.today(now) + WEEK})
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, form, contact)
    follow_up = services.promise(follow_up=form.save(commit=False), contact=contact, by=request.user, at=now)
    return toast(request, redirect(contact), "Follow-up saved", undo_url=f"/contacts/follow-ups/{follow_up.pk}/delete/")


@require_http_methods(["GET", "HEAD", "POST"])
def follow_up_edit(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Change what was promised or by when; of a closed one, say what came of it."""
    follow_up = _mine(request, pk)
    posted = request.POST if request.method == "POST" else None
    form = FollowUpForm(posted, instance=follow_up, initial={"version": follow_up.version})
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, form, follow_up.contact)
    fields = ["text", "due_on", "direction", *(["outcome"] if "outcome" in form.fields else [])]
    try:
        form.save(commit=False).save_version(expected=form.cleaned_data["version"] or 0, update_fields=fields)
    except StaleEdit as stale:
        other: Any = stale.current
        form.continue_from(other.version)
        return _form_page(request, form, follow_up.contact, other=other)
    return toast(request, redirect(follow_up.contact), "Follow-up saved")


def _form_page(
    request: AuthenticatedHttpRequest, form: FollowUpForm, contact: Contact, *, other: FollowUp | None = None
) -> HttpResponse:
    follow_up = form.instance if form.instance.pk else None
    context = {"form": form, "contact": contact, "follow_up": follow_up, "other": other}
    status = 409 if other else 422 if form.errors else 200
    return render(request, "contacts/follow_up_edit.html", context, status=status)


@require_POST
def follow_up_done(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Close a promise; what came of it may be said with it, or a moment later."""
    follow_up, now = _mine(request, pk), timezone.now()
    outcome = clean_text(request.POST.get("outcome", "")).strip()
    if len(outcome) > 2000:
        raise BadRequest("Keep what came of it under 2,000 characters.")
    services.close(follow_up=follow_up, state=FollowUp.State.DONE, at=now, outcome=outcome)
    return _answer(request, follow_up, "Done", f"/contacts/follow-ups/{pk}/reopen/")


@require_POST
def follow_up_outcome(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Say in a line what came of a promise that is closed."""
    follow_up = _mine(request, pk)
    outcome = clean_text(request.POST.get("outcome", "")).strip()
    if len(outcome) > 2000 or follow_up.is_open:
        raise BadRequest("Say in up to 2,000 characters what came of something that is done.")
    follow_up.tell(outcome=outcome)
    if is_fragment(request):
        return render(request, "contacts/_follow_up_done.html", _done_context(request, follow_up, "Noted", ""))
    return toast(request, redirect(next_or(request, follow_up.contact.get_absolute_url())), "Noted")


@require_POST
def follow_up_drop(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Let go of a promise: closed, and not done."""
    follow_up = _mine(request, pk)
    services.close(follow_up=follow_up, state=FollowUp.State.DROPPED, at=timezone.now())
    return _answer(request, follow_up, "Let go", f"/contacts/follow-ups/{pk}/reopen/")


@require_POST
def follow_up_reopen(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Take back that a promise was closed."""
    follow_up = _mine(request, pk)
    services.reopen(follow_up=follow_up)
    return _row_or_back(request, follow_up, "Open again")


@require_POST
def follow_up_later(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Move a promise 3 days, a week or a month from today."""
    follow_up, today = _mine(request, pk), request.user.today(timezone.now())
    if request.POST.get("later") not in LATER:
        raise BadRequest("Choose 3 days, a week or a month.")
    day = min(later_day(request.POST["later"], today), LAST_DAY)
    follow_up.move(to=day)
    return _row_or_back(request, follow_up, f"Comes back {say_day_within(day, today)}")


@require_POST
def follow_up_delete(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Put a promise into the bin; one that is there already stays as it is."""
    follow_up = FollowUp.objects.in_bin_of(request.user).filter(pk=pk).first()
    if follow_up is None:
        follow_up = _mine(request, pk)
        follow_up.put_in_bin(at=timezone.now())
    undo = f"/contacts/follow-ups/{pk}/restore/"
    return toast(request, redirect(follow_up.contact), "Follow-up deleted", undo_url=undo)


@require_POST
def follow_up_restore(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Bring a promise back from the bin."""
    follow_up = FollowUp.objects.in_bin_of(request.user).filter(pk=pk, contact__deleted_at=None).first()
    if follow_up is None:  # brought back already, by a first press or in another tab
        return redirect(_mine(request, pk).contact)
    follow_up.take_from_bin()
    return toast(request, redirect(follow_up.contact), "Follow-up is back")


def _mine(request: AuthenticatedHttpRequest, pk: int) -> FollowUp:
    rows = FollowUp.objects.editable_by(request.user).filter(contact__deleted_at=None)
    return get_object_or_404(rows.select_related("contact"), pk=pk)


def _done_context(request: AuthenticatedHttpRequest, follow_up: FollowUp, said: str, undo: str) -> dict[str, Any]:
    return {"promise": follow_up, "said": said, "undo": undo, "look": request.POST.get("look", "")}


def _answer(request: AuthenticatedHttpRequest, follow_up: FollowUp, said: str, undo: str) -> HttpResponse:
    if is_fragment(request):
        return render(request, "contacts/_follow_up_done.html", _done_context(request, follow_up, said, undo))
    return toast(request, redirect(next_or(request, follow_up.contact.get_absolute_url())), said, undo_url=undo)


def _row_or_back(request: AuthenticatedHttpRequest, follow_up: FollowUp, said: str) -> HttpResponse:
    if is_fragment(request):
        row = promise_row(follow_up, today=request.user.today(timezone.now()))
        context = {"row": row, "said": said, "look": request.POST.get("look", ""), "later_choices": LATER.items()}
        return render(request, "contacts/_follow_up.html", context)
    return toast(request, redirect(next_or(request, follow_up.contact.get_absolute_url())), said)
