"""Which relation a page is about, and from which side it is looked at."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.http import AuthenticatedHttpRequest
from sharing.models import Mentorship


def mentorship_or_404(request: AuthenticatedHttpRequest, pk: int) -> Mentorship:
    """Return one of the relations of whoever asks, from either side, also after its end."""
    return get_object_or_404(Mentorship.objects.visible_to(request.user).with_people(), pk=pk)


def side_of(request: AuthenticatedHttpRequest, mentorship: Mentorship) -> dict[str, Any]:
    """Return what every page of a relation says about its two people."""
    other = mentorship.other(request.user)
    return {
        "mentorship": mentorship,
        "other": other,
        "other_name": other.given_name if other else "a former member",
        "is_reader": mentorship.mentor_id == request.user.pk,
        "navid": "mentees" if mentorship.mentor_id == request.user.pk else "mentors",
    }


def agreed_mentorship(request: AuthenticatedHttpRequest, pk: int) -> Mentorship:
    """Return a relation whose agreement this person may read: the mentee for good, the mentor while it is active."""
    mentorship = mentorship_or_404(request, pk)
    is_mentor = mentorship.mentor_id == request.user.pk
    if not mentorship.is_mentor or (is_mentor and not mentorship.is_active):
        raise Http404
    return mentorship


def active_mentorship(request: AuthenticatedHttpRequest, pk: int) -> Mentorship:
    """Return a relation whose two may agree on something now; 403 for what only can be read."""
    mentorship = agreed_mentorship(request, pk)
    if not mentorship.is_active:
        raise PermissionDenied("This has ended.")
    return mentorship
