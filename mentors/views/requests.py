"""Asking a mentor: the form, its draft, and what the asker does afterwards."""

import contextlib

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import AuthenticatedHttpRequest
from core.htmx import toast
from mentors import services
from mentors.forms import MessageForm, RequestForm
from mentors.forms.request import MOST_KEPT, TooMuch, as_typed, kept_fields
from mentors.models import Profile, Request, RequestRefused
from mentors.views.request_pages import refused, request_page, visible_request


@require_http_methods(["GET", "POST"])
def request_new(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Ask a listed mentor. What was typed is kept as a draft; a preview is the page of that draft."""
    profile, now = _profile(request, pk), timezone.now()
    waits, draft, why_not = services.asking(profile=profile, asker=request.user, now=now)
    if waits is not None:
        return redirect(waits)
    if request.method == "POST":
        return _send_or_preview(request, profile)
    form = _form(request, profile, initial=as_typed(draft) if draft else None)
    return _form_page(request, profile, form, draft=draft, why_not=why_not)


@require_POST
def request_draft(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Keep what is typed into a request; nothing is sent."""
    profile = _profile(request, pk)
    try:
        draft = _keep(request, profile)
    except TooMuch:
        return render(request, "mentors/_request_kept.html", {"most": f"{MOST_KEPT:,}"}, status=413)
    return render(request, "mentors/_request_kept.html", {"draft": draft, "is_sent": draft is None})


@require_POST
def request_send(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Send a draft from its preview; where something is missing, the form says what."""
    row = _own(request, pk)
    if row.is_draft and row.mentor is not None:
        profile = Profile.objects.open_to(request.user).filter(owner=row.mentor).select_related("owner").first()
        form = _form(request, profile, data=as_typed(row)) if profile else None
        if profile is not None and form is not None and not form.is_valid():
            return _form_page(request, profile, form, draft=row, status=422)
    try:
        services.send_request(request=row, by=request.user, now=timezone.now())
    except RequestRefused as error:
        return refused(request, row, error.sentence)
    except ValidationError as error:
        return refused(request, row, error.messages[0])
    return toast(request, redirect(row), f"Sent to {row.mentor_name}")


@require_POST
def request_discard(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Forget a draft."""
    row = _own(request, pk)
    try:
        services.discard_draft(request=row, by=request.user)
    except RequestRefused as error:
        return refused(request, row, error.sentence)
    return toast(request, redirect("mentors:mentor_list"), "Draft discarded")


@require_POST
def request_withdraw(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Take a request back."""
    row = _own(request, pk)
    try:
        services.withdraw_request(request=row, by=request.user, now=timezone.now())
    except RequestRefused as error:
        return refused(request, row, error.sentence)
    return toast(request, redirect(row), "Taken back. Nothing of yours was shown.")


@require_POST
def request_answer(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Answer the mentor's question."""
    row = _own(request, pk)
    form = MessageForm(request.POST, label="Your answer", auto_id="answer_%s")
    if row.may("answer") and not form.is_valid():
        return request_page(request, row, answer=form)
    try:
        words = form.cleaned_data["text"] if form.is_valid() else ""
        services.answer_question(request=row, by=request.user, words=words, now=timezone.now())
    except RequestRefused as error:
        return refused(request, row, error.sentence)
    return toast(request, redirect(row), f"Sent to {row.mentor_name}")


def _profile(request: AuthenticatedHttpRequest, pk: int) -> Profile:
    return get_object_or_404(Profile.objects.open_to(request.user).select_related("owner"), pk=pk)


def _own(request: AuthenticatedHttpRequest, pk: int) -> Request:
    """Return a request of one's own; the mentor, who may see it, is forbidden to do this with it."""
    row = visible_request(request, pk)
    if row.asker_id != request.user.pk:
        raise PermissionDenied("Only the asker does this.")
    return row


def _form(request: AuthenticatedHttpRequest, profile: Profile, **kwargs: object) -> RequestForm:
    today = request.user.today(timezone.now())
    return RequestForm(asker=request.user, mentor=profile.owner, today=today, **kwargs)


def _keep(request: AuthenticatedHttpRequest, profile: Profile) -> Request | None:
    fields, goals = kept_fields(request.POST, request.user)
    return services.keep_draft(mentor=profile.owner, by=request.user, fields=fields, goals=goals, now=timezone.now())


def _send_or_preview(request: AuthenticatedHttpRequest, profile: Profile) -> HttpResponse:
    form, draft = _form(request, profile, data=request.POST), None
    with contextlib.suppress(TooMuch):  # then the form says which of its texts is too long
        draft = _keep(request, profile)
        if draft is None:  # sent from another tab since this page looked
            return redirect(Request.objects.between(request.user, profile.owner).open().get())
    if form.is_valid() and draft is not None:
        if "preview" in request.POST:
            return redirect(draft)
        try:
            services.send_request(request=draft, by=request.user, now=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return toast(request, redirect(draft), f"Sent to {profile.owner}")
    return _form_page(request, profile, form, draft=draft, status=422)


def _form_page(
    request: AuthenticatedHttpRequest,
    profile: Profile,
    form: RequestForm,
    *,
    draft: Request | None,
    why_not: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "profile": profile,
        "mentor": profile.owner,
        "here": f"Ask {profile.owner}",
        "asks_for": [line.lstrip("-*• ").strip() for line in profile.asks_for.splitlines() if line.strip("-*• ")],
        "draft": draft,
        "why_not": why_not,
    }
    return render(request, "mentors/request_new.html", context, status=status)
