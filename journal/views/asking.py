"""What views of the journal ask of a request."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.http import AuthenticatedHttpRequest
from journal.models import Entry
from journal.views.context import require_owner


def posted(request: HttpRequest) -> Any:
    """Return what a form is bound to: what was sent, or None for a page that is only opened."""
    return request.POST if request.method == "POST" else None


def own_entry(request: AuthenticatedHttpRequest, pk: int) -> Entry:
    """Return the entry its owner is about to change: 404 if it cannot be seen, 403 if it is only read."""
    visible = get_object_or_404(Entry.objects.visible_to(request.user).select_related("owner", "period"), pk=pk)
    require_owner(visible, request.user)
    return visible
