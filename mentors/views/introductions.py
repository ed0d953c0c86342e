import logging
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from core.tokens import hash_token
from mentors import services
from mentors.forms import IntroductionForm
from mentors.models import Introduction, IntroductionClosed, mask_email
from mentors.views.invitations import private_link
from sharing.models import Mentorship

logger = logging.getLogger(__name__)


@require_http_methods(["GET", "HEAD", "POST"])
def introduction_new(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Offer a mentee to introduce them to somebody."""
    relations = Mentorship.objects.active().of_mentor(request.user).filter(kind=Mentorship.Kind.MENTOR)
    mentorship = get_object_or_404(relations.with_people(), pk=pk)
    form = IntroductionForm(request.POST if request.method == "POST" else None, mentorship=mentorship)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("email", "who", "words")}
        try:
            row = services.offer_introduction(mentorship=mentorship, by=request.user, **given, now=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request, f"Offered. {mentorship.mentee.given_name} answers first; nobody else is asked yet."
            )
            return redirect(row)
    context = {"form": form, "mentorship": mentorship, "mentee": mentorship.mentee, "navid": "mentees"}
    return render(request, "mentors/introduction_new.html", context, status=422 if form.errors else 200)


@require_safe
def introduction_detail(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """One introduction, for its mentor and its mentee: what was said, how it stands, what I can do."""
    return _show(request, _own(request, pk))


@require_POST
def introduction_agree(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Say yes as the mentee: now the other person is asked."""
    row = _own(request, pk)
    return _tried(
        request,
        row,
        lambda: services.agree_to_introduction(introduction=row, by=request.user, now=timezone.now()),
        "Yes said. Now they are asked; you hear when they say yes.",
    )


@require_POST
def introduction_decline(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Say no as the mentee."""
    row = _own(request, pk)
    return _tried(
        request,
        row,
        lambda: services.decline_introduction(introduction=row, by=request.user, now=timezone.now()),
        "Left. Nobody is told why.",
    )


@require_POST
def introduction_withdraw(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Take it back before the other person answered."""
    row = _own(request, pk)
    return _tried(
        request,
        row,
        lambda: services.withdraw_introduction(introduction=row, by=request.user, now=timezone.now()),
        "Taken back. Its link opens nothing any more.",
    )


@login_not_required  # whoever is introduced needs no account
@require_safe
@private_link
def introduction_answer(request: HttpRequest, token: str) -> HttpResponse:
    """Who introduces whom, and why; with the answers. Opening it changes nothing."""
    return _show_answer(request, _by_token(token))


@login_not_required  # the secret link is the proof
@require_POST
@private_link
def introduction_accept(request: HttpRequest, token: str) -> HttpResponse:
    """Say yes as the other person."""
    row = _by_token(token)
    if not Introduction.objects.without_blocks().filter(pk=row.pk).exists():
        return _closed(request, row)
    try:
        services.accept_introduction(introduction=row, now=timezone.now())
    except IntroductionClosed:
        return _closed(request, row)
    return render(request, "mentors/introduction_accepted.html", {"mentee": row.mentorship.mentee})


@login_not_required  # the secret link is the proof
@require_POST
@private_link
def introduction_refuse(request: HttpRequest, token: str) -> HttpResponse:
    """Say no as the other person."""
    row = _by_token(token)
    try:
        services.decline_introduction(introduction=row, by=None, now=timezone.now())
    except IntroductionClosed:
        return _closed(request, row)
    return render(request, "mentors/introduction_refused.html", {"token": token})


@login_not_required  # a stranger stops all mail to their address
@require_POST
@private_link
def introduction_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Send nothing more from this server to the address; works with a closed introduction too."""
    row = _by_token(token)
    services.stop_mails_to(introduction=row)
    return render(request, "mentors/introduction_stopped.html", {"masked": mask_email(row.email)})


def _own(request: AuthenticatedHttpRequest, pk: int) -> Introduction:
    found: Introduction = get_object_or_404(Introduction.objects.visible_to(request.user).with_people(), pk=pk)
    return found


def _tried(request: AuthenticatedHttpRequest, row: Introduction, act: Callable[[], None], said: str) -> HttpResponse:
    """Do it, or say on the page why it does not go any more (409)."""
    try:
        act()
    except IntroductionClosed as refused:
        messages.error(request, str(refused))
        return _show(request, _own(request, row.pk), status=409)
    messages.success(request, said)
    return redirect(row)


def _show(request: AuthenticatedHttpRequest, row: Introduction, *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    is_mentee = row.mentorship.mentee_id == request.user.pk
    is_open = Introduction.objects.open(now).filter(pk=row.pk).exists()
    may_write = is_mentee and Introduction.objects.without_blocks().filter(pk=row.pk, state="made").exists()
    context: dict[str, Any] = {
        "row": row,
        "mentor_name": row.mentorship.mentor_name,
        "mentee": row.mentorship.mentee,
        "other_name": row.mentorship.mentor_name if is_mentee else row.mentorship.mentee,
        "is_mentee": is_mentee,
        "navid": "mentors" if is_mentee else "mentees",
        "is_open": is_open,
        "came_to_nothing": row.came_to_nothing or (row.is_waiting and not is_open),
        "address": row.email if may_write else "",
        "until": request.user.today(row.expires_at),
        "today": request.user.today(now),
    }
    return render(request, "mentors/introduction_detail.html", context, status=status)


def _by_token(token: str) -> Introduction:
    row: Introduction | None = Introduction.objects.with_token(token).with_people().first()
    # Before the mentee said yes nobody holds the link; a guess must learn nothing either.
    if row is None or row.state == Introduction.State.OFFERED:
        logger.info("token.bad introduction %s", hash_token(token)[:8])
        raise Http404
    return row


def _show_answer(request: HttpRequest, row: Introduction) -> HttpResponse:
    now = timezone.now()
    mentor = row.mentorship.mentor
    open_ones = Introduction.objects.open(now).without_blocks().filter(pk=row.pk, state="asked")
    if mentor is None or not open_ones.exists():
        return _closed(request, row)
    context = {
        "row": row,
        "mentor": mentor,
        "mentee": row.mentorship.mentee,
        "until": timezone.localdate(row.expires_at),
    }
    return render(request, "mentors/introduction_answer.html", context)


def _closed(request: HttpRequest, row: Introduction) -> HttpResponse:
    """410: the link was right once. Says nothing of the two."""
    row.refresh_from_db()
    logger.info("token.bad introduction %s %s", row.pk, row.state)
    return render(request, "mentors/introduction_closed.html", {"is_made": row.state == "made"}, status=410)
