"""What goes on with an informational interview: asked, agreed, held, thanked, and the mail that invites."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import AuthenticatedHttpRequest
from contacts.emails import letter
from contacts.forms.interview import CallOffForm, HoldForm, InviteForm, PlanForm
from contacts.models import Interview, StepRefused
from contacts.services.interview import (
    addresses_of,
    agree_on_time,
    call_off,
    hold_interview,
    invitations_of,
    invite_by_mail,
    take_back,
    take_step,
)
from contacts.views.interview import own_interview, say_time, show_interview
from core.htmx import toast
from core.versioned import StaleEdit

# Steps that need no more words, and what is said once they are taken.
STEPS = {
    "ask": "Noted. Now wait a little.",
    "ask_again": "Noted. That was the second and last time.",
    "decline": "Noted. A no is an answer too.",
    "give_up": "Let go. People are busy.",
    "reopen": "Taken up again",
    "thank": "Thanks noted",
    "tell": "Noted. Few people come back to tell.",
    "close": "Closed",
}
HELD = "Noted. Saying thanks is due the day after."


@require_POST
def interview_step(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Take one of the steps that need no more words (`step`, a key of STEPS)."""
    interview, verb = own_interview(request, pk), request.POST.get("step", "")
    if verb not in STEPS:
        return _refused(request, pk, "Choose one of the steps on this page.")
    try:
        row = take_step(interview=interview, verb=verb, now=timezone.now())
    except StepRefused as refused:
        return _refused(request, pk, str(refused))
    return toast(request, redirect(row), STEPS[verb], undo_url=None if verb == "reopen" else _back_from(row))


@require_POST
def interview_back(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Take back the last step (`from`: the state it led to, in the address)."""
    interview = own_interview(request, pk)
    try:
        row = take_back(interview=interview, seen=request.GET.get("from", ""), now=timezone.now())
    except StepRefused as refused:
        return _refused(request, pk, str(refused))
    return toast(request, redirect(row), f"Taken back: {row.get_state_display().lower()}")


def _back_from(interview: Interview) -> str:
    return f"{interview.get_absolute_url()}back/?from={interview.state}"


@require_http_methods(["GET", "HEAD", "POST"])
def interview_plan(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Write down when and where, once the other has agreed; or that it moved."""
    now, interview = timezone.now(), own_interview(request, pk)
    if not interview.allows("agree"):
        return _refused_or_back(request, interview, "agree")
    form = PlanForm(_posted(request), me=request.user, now=now, interview=interview)
    if request.method == "POST" and form.is_valid():
        try:
            row = agree_on_time(interview=interview, plan=form.plan())
        except StepRefused as refused:
            return _refused(request, pk, str(refused))
        return toast(request, redirect(row), "Agreed")
    context = {"form": form, "interview": interview}
    return render(request, "contacts/interview_plan.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def interview_hold(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Note that the two talked, and what passed between them."""
    now, interview, status = timezone.now(), own_interview(request, pk), 422
    if request.method != "POST" and not interview.allows("hold"):
        return redirect(interview)
    form = HoldForm(_posted(request), today=request.user.today(now), interview=interview, me=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            row = hold_interview(interview=interview, by=request.user, now=now, **form.cleaned_data)
            return toast(request, redirect(row), HELD, undo_url=_back_from(row))
        except StepRefused as refused:  # another tab was faster; what was typed stays on the page
            form.add_error(None, str(refused))
            status = 409
        except StaleEdit as stale:
            current: Any = stale.current
            form.show_other(current)
            status = 409
    context = {"form": form, "interview": interview}
    is_refused = bool(form.errors or form.other)
    return render(request, "contacts/interview_hold.html", context, status=status if is_refused else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def interview_invite(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Show the mail as it will be, and send it by the owner's own press (`send`); any other press shows it again."""
    now, interview = timezone.now(), own_interview(request, pk)
    if interview.state != Interview.State.AGREED or interview.starts_at is None:
        return _refused(request, pk, "Agree on a time first, then it can be sent.")
    addresses = addresses_of(interview.contact)
    form = InviteForm(_posted(request), addresses=addresses)
    if request.method == "POST" and form.is_valid() and "send" in request.POST:
        try:
            mail = invite_by_mail(interview=interview, by=request.user, now=now, **form.cleaned_data)
        except StepRefused as refused:
            return _refused(request, pk, str(refused))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return toast(request, redirect(interview), f"Sent to {mail.to}")
    words = form.cleaned_data.get("words", "") if form.is_bound and hasattr(form, "cleaned_data") else ""
    context = {"form": form, "interview": interview, "addresses": addresses}
    context |= {"letter": letter(interview, words=words, now=now), "is_shown": form.is_bound and not form.errors}
    return render(request, "contacts/interview_invite.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def interview_cancel(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Ask once, then call a conversation off; whoever was invited by mail hears of it if the owner leaves that ticked."""
    now, interview = timezone.now(), own_interview(request, pk)
    if not interview.allows("cancel"):
        return _refused_or_back(request, interview, "cancel")
    form = CallOffForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            tells = form.cleaned_data["tells"]
            row = call_off(interview=interview, by=request.user, tells=tells, now=now)
        except StepRefused as refused:
            return _refused(request, pk, str(refused))
        except ValidationError as error:
            return _refused(request, pk, " ".join(error.messages))
        return toast(request, redirect(row), "Called off. Agree on another time when you two find one.")
    invited = invitations_of(interview, now)
    times = dict.fromkeys(mail.starts_at for mail in invited)
    context: dict[str, Any] = {
        "interview": interview,
        "invited": invited,
        "when": say_time(interview, request),
        "letters": [letter(interview, words="", now=now, starts_at=at) for at in times],
    }
    return render(request, "contacts/interview_cancel.html", context)


def _posted(request: AuthenticatedHttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _refused(request: AuthenticatedHttpRequest, pk: int, why: str) -> HttpResponse:
    """Show the interview as it stands now, and why what was wanted does not go (409)."""
    return show_interview(request, own_interview(request, pk), problem=why)


def _refused_or_back(request: AuthenticatedHttpRequest, interview: Interview, verb: str) -> HttpResponse:
    """Answer a form that has no place in this state: back to the page, or the reason to whoever sent it."""
    if request.method != "POST":
        return redirect(interview)
    try:
        interview.step(verb)
    except StepRefused as refused:
        return _refused(request, interview.pk, str(refused))
    return redirect(interview)
