"""Which relation a page is about, and from which side it is looked at."""

from typing import Any

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
        "other_name": other.given_name if other else "former member",
        "is_reader": mentorship.mentor_id == request.user.pk,
    }
