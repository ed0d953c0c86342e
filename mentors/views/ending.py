from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from contacts.models import Contact
from core.htmx import toast
from mentors import services
from mentors.forms import LookBackForm, ThankForm
from mentors.models import Farewell, Handover, LookBack
from mentors.views.access import mentorship_or_404, side_of
from sharing.models import Block, Mentorship


@require_POST
def mentorship_thank(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Leave last words in a relation that has ended."""
    mentorship = mentorship_or_404(request, pk)
    if mentorship.is_active:
        raise PermissionDenied("This has not ended.")
    form = ThankForm(request.POST)
    if not form.is_valid():
        context = side_of(request, mentorship) | {"form": form}
        return render(request, "mentors/mentorship_thank.html", context)
    is_new = services.thank(
        mentorship=mentorship, by=request.user, words=form.cleaned_data["words"], now=timezone.now()
    )
    return toast(request, redirect(mentorship), "Thanks said" if is_new else "You have left your words already")


@require_http_methods(["GET", "POST"])
def look_back(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Look back at an ended mentorship: write what came of it, and read what the other wrote if one may."""
    mentorship = _ended_mentorship(request, pk)
    own = LookBack.objects.written_by(request.user).filter(mentorship=mentorship).first()
    side = side_of(request, mentorship)
    rows = LookBack.objects.filter(mentorship=mentorship)
    theirs = rows.readable_by(request.user).select_related("author").first()
    waits = theirs is None and rows.written_to(request.user).exists()
    reader = None if theirs or waits else side["other"]
    form = LookBackForm(request.POST if request.method == "POST" else None, instance=own, reader=reader)
    if request.method == "POST" and form.is_valid():
        services.look_back(mentorship=mentorship, by=request.user, now=timezone.now(), **form.chosen)
        return toast(request, redirect("mentors:look_back", pk), "Saved")
    purpose, goals = services.start_of(mentorship, request.user, theirs=theirs)
    context = side | {
        "form": form,
        "own": own,
        "theirs": theirs,
        "waits": waits,
        "purpose": purpose,
        "goals": goals,
    }
    return render(request, "mentors/look_back.html", context)


@require_POST
def look_back_remove(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Take one's own look back away."""
    mentorship = _ended_mentorship(request, pk)
    services.forget_look_back(mentorship=mentorship, by=request.user)
    return toast(request, redirect("mentors:look_back", pk), "Taken away")


def ended_context(request: AuthenticatedHttpRequest, mentorship: Mentorship) -> dict[str, Any]:
    """Return what the page of an ended relation offers: last words of both, thanks, and looking back.

    Whoever blocks the other reads nothing of them here, and writes nothing to them.
    """
    other = mentorship.other(request.user)
    own_block = Block.objects.owned_by(request.user).filter(blocked=other).first() if other else None
    farewells = list(Farewell.objects.filter(mentorship=mentorship).select_related("author").order_by("pk"))
    has_thanked = any(each.author_id == request.user.pk for each in farewells)
    if own_block is not None:
        farewells = [each for each in farewells if each.author_id == request.user.pk]
    return {
        "farewells": farewells,
        "own_block": own_block,
        "may_thank": other is not None and own_block is None and not has_thanked,
        "thank_form": ThankForm(),
        "handover": Handover.objects.owned_by(request.user).about(mentorship).first(),
        "contact": _contact(request.user, other) if other and own_block is None else None,
        "contact_form": _contact_form(request.user, mentorship, other) if other and own_block is None else "",
    }


def _contact(user: User, other: User) -> Contact | None:
    """Return who of one's own contacts goes by the name of the other; two people are never matched by anything more."""
    return Contact.objects.owned_by(user).filter(name__iexact=str(other)).order_by("pk").first()


def _contact_form(user: User, mentorship: Mentorship, other: User) -> str:
    """Return the form of a new contact, begun with the name and how the two know each other. It holds no address: the
    other gives that to whom they like.
    """
    role = "a colleague" if not mentorship.is_mentor else "my mentor" if mentorship.mentor == other else "my mentee"
    first, last = (f"{user.today(at):%B %Y}" for at in (mentorship.started_at, mentorship.ended_at) if at)
    when = first if first == last else f"{first} to {last}"
    return "/contacts/new/?" + urlencode({"name": str(other), "how_met": f"as {role}, {when}"})


def _ended_mentorship(request: AuthenticatedHttpRequest, pk: int) -> Mentorship:
    mentorship = mentorship_or_404(request, pk)
    if mentorship.is_active or not mentorship.is_mentor:
        raise Http404
    return mentorship
