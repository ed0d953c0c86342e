import logging
from datetime import datetime, timedelta
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
from accounts.models import User
from accounts.signup import invited_signup_url
from core.compiled import CompiledQuery
from core.htmx import toast
from core.paging import Pages, page
from core.tokens import hash_token
from goals.models import Goal
from journal.models import Entry
from mentors import counts, services
from mentors.forms import DeclineForm, EndForm, InvitationForm, PauseForm
from mentors.models import Farewell, Invitation
from mentors.services import InvitationClosed
from sharing.models import Block, Mentorship, MentorshipQuerySet

logger = logging.getLogger(__name__)

MAX_OPEN_SHOWN = 50
# How long a no stands on the page with its kind word.
ANSWER_SHOWN = timedelta(days=14)


def _relations(owner: int) -> MentorshipQuerySet:
    return Mentorship.objects.of_mentee(User(pk=owner)).with_people()


_READERS = Pages(lambda owner: _relations(owner).active(), keys=("-started_at", "-pk"), owner=int)
_EARLIER = Pages(lambda owner: _relations(owner).ended(), keys=("-ended_at", "-pk"), size=10, owner=int)
_INVITATIONS = CompiledQuery(
    lambda owner, now, since: Invitation.objects.owned_by(User(pk=owner)).open_or_declined_since(now, since)[
        :MAX_OPEN_SHOWN
    ],
    owner=int,
    now=datetime,
    since=datetime,
)


class TokenView(Protocol):
    def __call__(self, request: Any, token: str) -> HttpResponse: ...


@require_safe
def mentor_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Who reads what I show, whom I asked, who asks me, and who did so once."""
    now = timezone.now()
    owner = request.user.pk
    readers = _READERS.page(request.GET.get("readers"), owner=owner)
    shows = counts.shared_counts(request.user)
    earlier = _EARLIER.page(request.GET.get("earlier"), owner=owner)
    invitations = _INVITATIONS.objects(owner=owner, now=now, since=now - ANSWER_SHOWN)
    context = {
        "readers": [(row, shows.get(row.pk, {})) for row in readers.rows],
        "readers_token": readers.next_token,
        "earlier": earlier,
        "sent": [row for row in invitations if row.state == Invitation.State.SENT],
        "declined": [row for row in invitations if row.state == Invitation.State.DECLINED],
        "asking": counts.asking(request.user, now=now),
        "today": request.user.today(now),
    }
    return render(request, "mentors/mentor_list.html", context)


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


@require_safe
def mentorship_detail(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """One relation, from either side: what it shows now; after its end only that it was."""
    return _show_mentorship(request, _mentorship(request, pk))


@require_POST
def mentorship_pause(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Let a relation rest until a day."""
    mentorship = _mentorship(request, pk)
    form = PauseForm(request.POST, today=request.user.today(timezone.now()))
    if not form.is_valid():
        return _show_mentorship(request, mentorship, form=form)
    services.pause_mentorship(mentorship=mentorship, by=request.user, until=form.cleaned_data["until"])
    return toast(request, redirect(mentorship), "Resting. What is shared stays shared.")


@require_POST
def mentorship_resume(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Go on after a pause."""
    mentorship = _mentorship(request, pk)
    services.pause_mentorship(mentorship=mentorship, by=request.user, until=None)
    return toast(request, redirect(mentorship), "You two go on.")


@require_http_methods(["GET", "POST"])
def mentorship_end(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Ask once, then end a relation from either side."""
    mentorship = _mentorship(request, pk)
    if not mentorship.is_active:
        return redirect(mentorship)
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        services.end_with_words(mentorship=mentorship, by=request.user, words=words, now=timezone.now())
        messages.success(request, "Ended. Nothing is shared between you two any more.")
        return redirect(mentorship)
    context = {"form": form, "mentorship": mentorship, "other": mentorship.other(request.user)}
    return render(request, "mentors/mentorship_end.html", context | _side(request, mentorship))


@require_POST
def mentorship_block(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """End everything with a person and hear nothing more from them."""
    mentorship = _mentorship(request, pk)
    services.block_person(mentorship=mentorship, by=request.user, now=timezone.now())
    messages.success(request, "Blocked. They cannot reach you here any more, and are not told.")
    return redirect(mentorship)


@require_safe
def block_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Whom I have blocked."""
    blocks = Block.objects.owned_by(request.user).select_related("blocked")
    shown = page(blocks, keys=("-created_at", "-pk"), after=request.GET.get("after"))
    return render(request, "mentors/block_list.html", {"blocks": shown})


@require_POST
def block_remove(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Take a block back; nothing is shared again by that."""
    get_object_or_404(Block.objects.owned_by(request.user), pk=pk).delete()
    messages.success(request, "No longer blocked. Nothing is shared again by that.")
    return redirect("mentors:block_list")


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


def _mentorship(request: AuthenticatedHttpRequest, pk: int) -> Mentorship:
    return get_object_or_404(Mentorship.objects.visible_to(request.user).with_people(), pk=pk)


def _side(request: AuthenticatedHttpRequest, mentorship: Mentorship) -> dict[str, Any]:
    other = mentorship.other(request.user)
    return {
        "mentorship": mentorship,
        "other": other,
        "other_name": other.given_name if other else "former member",
        "is_reader": mentorship.mentor_id == request.user.pk,
    }


def _show_mentorship(
    request: AuthenticatedHttpRequest, mentorship: Mentorship, *, form: PauseForm | None = None
) -> HttpResponse:
    today = request.user.today(timezone.now())
    goals = Goal.objects.shared_through(mentorship)
    entries = Entry.objects.shared_through(mentorship).select_related("period")
    other = mentorship.other(request.user)
    context = _side(request, mentorship) | {
        "goals": page(goals, keys=("-updated_at", "-pk"), after=request.GET.get("goals")),
        "entries": page(entries, keys=("-entry_on", "-pk"), after=request.GET.get("entries")),
        "form": form or PauseForm(today=today),
        "is_resting": mentorship.paused_until is not None and mentorship.paused_until >= today,
        "farewell": Farewell.objects.filter(mentorship=mentorship).select_related("author").first(),
        "own_block": Block.objects.owned_by(request.user).filter(blocked=other).first() if other else None,
        "today": today,
    }
    return render(request, "mentors/mentorship_detail.html", context)
