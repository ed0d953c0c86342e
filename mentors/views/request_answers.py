"""What the asked mentor does with a request. Only the addressed person, signed in, and only by POST."""

from collections.abc import Callable
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.http import AuthenticatedHttpRequest
from core.htmx import toast
from mentors import services
from mentors.forms import AcceptForm, DeclineRequestForm, MessageForm
from mentors.models import Request, RequestRefused
from mentors.views.request_pages import refused, request_page, visible_request


@require_POST
def request_accept(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Say yes: the relation opens, and the goals that were ticked are shared."""
    row = _addressed(request, pk)
    form = AcceptForm(request.POST, today=_today(request), auto_id="accept_%s")
    if not form.is_valid():
        return request_page(request, row, accept=form)

    def act() -> HttpResponse:
        mentorship = services.accept_request(request=row, by=request.user, no_more=form.no_more, now=timezone.now())
        return toast(request, redirect(mentorship), f"You and {row.asker.given_name} work together now.")

    return _tried(request, row, act)


@require_POST
def request_decline(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Say no, with a kind word."""
    row = _addressed(request, pk)
    form = DeclineRequestForm(request.POST, today=_today(request), auto_id="decline_%s")
    if not form.is_valid():
        return request_page(request, row, decline=form)

    def act() -> HttpResponse:
        note, no_more = form.cleaned_data["note"], form.no_more
        services.decline_request(request=row, by=request.user, note=note, no_more=no_more, now=timezone.now())
        return toast(request, redirect("home:mentee_list"), f"{row.asker.given_name} is told that you cannot now.")

    return _tried(request, row, act)


@require_POST
def request_ask(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Ask something before answering."""
    row = _addressed(request, pk)
    form = MessageForm(request.POST, label="Your question", auto_id="question_%s")
    if not form.is_valid():
        return request_page(request, row, question=form)

    def act() -> HttpResponse:
        services.ask_question(request=row, by=request.user, words=form.cleaned_data["text"], now=timezone.now())
        return toast(request, redirect(row), f"Sent to {row.asker}. Your time to answer stands still.")

    return _tried(request, row, act)


@require_POST
def request_block(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Hear nothing more from whoever asks."""
    row = _addressed(request, pk)
    services.block_asker(request=row, by=request.user, now=timezone.now())
    return toast(
        request, redirect("home:mentee_list"), "Blocked. They cannot reach you here any more, and are not told."
    )


def _addressed(request: AuthenticatedHttpRequest, pk: int) -> Request:
    """Return a request sent to this person; its asker, who may see it, is forbidden to answer it."""
    row = visible_request(request, pk)
    if row.mentor_id != request.user.pk:
        raise PermissionDenied("Only the addressed person answers.")
    return row


def _tried(request: AuthenticatedHttpRequest, row: Request, act: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        return act()
    except RequestRefused as error:
        return refused(request, row, error.sentence)
    except ValidationError as error:
        return refused(request, row, error.messages[0])


def _today(request: AuthenticatedHttpRequest) -> date:
    return request.user.today(timezone.now())
