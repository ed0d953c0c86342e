import logging
from functools import wraps
from typing import Any, Protocol

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.signup import invited_signup_url
from core.tokens import hash_token
from goals.models import Goal
from mentors import services
from mentors.forms import DeclineForm, InvitationForm
from mentors.models import Invitation
from mentors.services import InvitationClosed
from sharing.models import Mentorship

logger = logging.getLogger(__name__)


class TokenView(Protocol):
    def __call__(self, request: Any, token: str) -> HttpResponse: ...


@require_http_methods(["GET", "POST"])
def invitation_new(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Ask somebody by e-mail to become my mentor or a trusted colleague."""
    data = request.POST if request.method == "POST" else None
    kind = request.GET.get("kind", Mentorship.Kind.MENTOR)
    form = InvitationForm(data, owner=request.user, initial={"kind": kind})
    if request.method == "POST" and form.is_valid():
        asked = {"goals": ()} | form.cleaned_data
        try:
            services.invite(sender=request.user, **asked, now=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"Invitation on its way to {asked['email']}.")
            return redirect("mentors:mentor_list")
    return render(request, "mentors/invitation_new.html", {"form": form})


@require_POST
def invitation_resend(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Mail an open invitation once more."""
    invitation = get_object_or_404(Invitation.objects.owned_by(request.user), pk=pk)
    try:
        services.resend_invitation(invitation=invitation, by=request.user, now=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    except InvitationClosed:
        messages.error(request, "This invitation is closed. You can send a new one.")
    else:
        messages.success(request, f"Sent again to {invitation.email}.")
    return redirect("mentors:mentor_list")


@require_POST
def invitation_withdraw(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Take an invitation back."""
    invitation = get_object_or_404(Invitation.objects.owned_by(request.user), pk=pk)
    try:
        services.withdraw_invitation(invitation=invitation, by=request.user, now=timezone.now())
    except InvitationClosed:
        messages.error(request, "This invitation was closed already.")
    else:
        messages.success(request, "Invitation withdrawn. Its link opens nothing any more.")
    return redirect("mentors:mentor_list")


def private_link(view: TokenView) -> TokenView:
    """Keep a page behind a secret link out of caches, search engines and the addresses that other pages are told.

    Not "no-referrer": then a browser sends `Origin: null` with the page's own forms (Fetch standard, 3.2), which the
    protection against forged requests refuses. "strict-origin" tells nobody the path either.
    """

    @wraps(view)
    def wrapped(request: Any, token: str) -> HttpResponse:
        response = view(request, token=token)
        response["Cache-Control"] = "no-store, private"
        response["Referrer-Policy"] = "strict-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return wrapped


@login_not_required  # the invited person reads who asks before they have an account
@require_safe
@private_link
def invitation_detail(request: HttpRequest, token: str) -> HttpResponse:
    """Who asks, in which words, and what a yes means; with the answers. Opening it changes nothing."""
    return _show_invitation(request, _invitation_by_token(token), form=DeclineForm())


@login_required(redirect_field_name="")  # no way back: the link must not travel through the sign-in address
@require_POST
@private_link
def invitation_accept(request: AuthenticatedHttpRequest, token: str) -> HttpResponse:
    """Say yes, as the addressed person."""
    invitation = _invitation_by_token(token)
    try:
        mentorship = services.accept_invitation(invitation=invitation, by=request.user, now=timezone.now())
    except PermissionDenied:
        return _wrong_person(request, invitation)
    except InvitationClosed:
        return _closed(request, invitation)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return _show_invitation(request, invitation, form=DeclineForm(), status=409)
    messages.success(request, f"You and {mentorship.mentee.given_name} work together now.")
    return redirect(mentorship)


@login_not_required  # declining must not need an account: the secret link is the proof
@require_POST
@private_link
def invitation_decline(request: HttpRequest, token: str) -> HttpResponse:
    """Say no, with a kind word."""
    invitation = _invitation_by_token(token)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _show_invitation(request, invitation, form=form)
    try:
        services.decline_invitation(invitation=invitation, note=form.cleaned_data["note"], now=timezone.now())
    except InvitationClosed:
        return _closed(request, invitation)
    return render(
        request, "mentors/invitation_declined.html", {"invitation": invitation, "note": form.cleaned_data["note"]}
    )


@login_required(redirect_field_name="")  # as above
@require_POST
@private_link
def invitation_block(request: AuthenticatedHttpRequest, token: str) -> HttpResponse:
    """Hear nothing more from whoever asks, as the addressed person."""
    invitation = _invitation_by_token(token)
    try:
        services.block_sender(invitation=invitation, by=request.user, now=timezone.now())
    except PermissionDenied:
        return _wrong_person(request, invitation)
    messages.success(request, "Blocked. They cannot reach you here any more, and are not told.")
    return redirect("mentors:mentor_list")


@login_not_required  # a stranger stops all mail to their address
@require_POST
@private_link
def invitation_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Send nothing more from this server to the invited address; works with a closed invitation too."""
    invitation = _invitation_by_token(token)
    services.stop_mails(invitation=invitation)
    return render(request, "mentors/invitation_stopped.html", {"invitation": invitation})


def _invitation_by_token(token: str) -> Invitation:
    invitation = Invitation.objects.with_token(token).select_related("sender", "mentorship").first()
    if invitation is None:
        logger.info("token.bad invitation %s", hash_token(token)[:8])
        raise Http404
    return invitation


def _show_invitation(
    request: HttpRequest, invitation: Invitation, *, form: DeclineForm, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    if not Invitation.objects.open(now).filter(pk=invitation.pk).exists():
        return _closed(request, invitation)
    is_mine = Invitation.objects.addressed_to(request.user).filter(pk=invitation.pk).exists()
    if request.user.is_authenticated and not is_mine:
        return _wrong_person(request, invitation)
    path = f"/mentors/invitations/{invitation.token}/"
    goals = Goal.objects.owned_by(invitation.sender).for_readers().filter(invitations=invitation).order_by("pk")
    context = {
        "invitation": invitation,
        "sender": invitation.sender,
        "form": form,
        "is_mine": is_mine,
        # Titles only for the person whose address it is; somebody else may hold the link.
        "goals": goals.only("title") if is_mine else None,
        "goal_count": goals.count(),
        "until": timezone.localdate(invitation.expires_at),
        "sign_in_url": "/account/login/code/?" + urlencode({"next": path, "email": invitation.email}),
        "sign_up_url": invited_signup_url(invitation.email, path),
    }
    return render(request, "mentors/invitation_detail.html", context, status=status)


def _closed(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """410: the link was right once."""
    invitation.refresh_from_db()
    logger.info("token.bad invitation %s %s", invitation.pk, invitation.state)
    is_mine = Invitation.objects.addressed_to(request.user).filter(pk=invitation.pk).exists()
    relation = invitation.mentorship
    is_theirs = is_mine and relation is not None and relation.is_active
    context = {"invitation": invitation, "mentorship": relation if is_theirs else None}
    return render(request, "mentors/invitation_closed.html", context, status=410)


def _wrong_person(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """403: signed in with another address than the invited one, which is shown so that only its owner knows it."""
    logger.info("authz.denied invitation %s user %s", invitation.pk, request.user.pk)
    return render(request, "mentors/invitation_forbidden.html", {"invitation": invitation}, status=403)
