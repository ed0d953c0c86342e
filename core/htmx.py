"""Small answers to htmx. Every page also works without it."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse


def is_fragment(request: HttpRequest) -> bool:
    """Tell whether the answer is swapped into a page (an htmx call that is not a history or boosted one)."""
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def toast(request: HttpRequest, response: HttpResponse, text: str, *, undo_url: str | None = None) -> HttpResponse:
    """Say `text` once: by an event for a swapped fragment, as a message on the next page otherwise.

    A POST to `undo_url` takes the thing back; the toast then has an Undo button.
    """
    if is_fragment(request):
        response["HX-Trigger"] = json.dumps({"toast": {"text": text, "undo": undo_url}})
    else:
        messages.success(request, text, extra_tags=f"undo {undo_url}" if undo_url else "")
    return response
