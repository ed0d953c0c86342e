"""The error pages and the sign of life."""

import logging
import sys

from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


@login_not_required  # a load balancer asks, and nothing is shown
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process answers; asks neither the database nor the cache."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required  # an error page is shown to whoever made the error
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request could not be read."""
    return HttpResponse(render_to_string("400.html"), status=400)


@login_not_required  # an error page is shown to whoever made the error
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that is too old or came from elsewhere; what was typed is still in the tab."""
    return render(request, "403.html", {"is_csrf": True}, status=403)


@login_not_required  # an error page is shown to whoever made the error
def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: you can see the thing but may not do this with it."""
    return render(request, "403.html", {"is_csrf": False}, status=403)


@login_not_required  # an error page is shown to whoever made the error
def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: unknown, or not visible to you; the two look the same."""
    return render(request, "404.html", status=404)


@login_not_required  # an error page is shown to whoever made the error
def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 with Retry-After where the database is what failed. Rendered without any context or query."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "20"})
    return HttpResponse(render_to_string("500.html"), status=500)
