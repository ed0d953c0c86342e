"""Looking at one's own thing as one of its readers does: `?as=<mentorship>`."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from sharing.models import Mentorship


def viewer_of(request: AuthenticatedHttpRequest) -> tuple[User, Mentorship | None]:
    """Return whose eyes the page is seen with, and the relation a preview goes through; 404 for none of one's own."""
    asked = request.GET.get("as", "")
    if not asked:
        return request.user, None
    if not (asked.isascii() and asked.isdigit() and len(asked) <= 18):
        raise Http404
    mine = Mentorship.objects.active().of_mentee(request.user).with_people()
    mentorship = get_object_or_404(mine, pk=int(asked))
    return mentorship.mentor, mentorship  # type: ignore[return-value]
