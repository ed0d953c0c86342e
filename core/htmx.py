"""Small answers to htmx. Every page also works without it."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse


def is_fragment(request: HttpRequest) -> bool:
    """Tell whether the answer is swapped into a page (an htmx call that is not a history or boosted one)."""
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def toast(request: HttpRequest, response: HttpResponse, text: str) -> HttpResponse:
    """Say `text` once: by an event for a swapped fragment, as a message on the next page otherwise."""
    if is_fragment(request):
        response["HX-Trigger"] = json.dumps({"toast": {"text": text}})
    else:
        messages.success(request, text)
    return response
