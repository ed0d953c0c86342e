"""Answers that every page needs and no view should have to think of."""

import re
from collections.abc import Callable

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django_htmx.http import HttpResponseClientRedirect

from core.versioned import StaleEdit
from core.views import bad_request

GetResponse = Callable[[HttpRequest], HttpResponse]
_NUL = re.compile(r"\x00|%00", re.IGNORECASE)


class CleanInputMiddleware:
    """Answer 400 to a NUL in the path or query: Postgres stores none, and no page means one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or _NUL.search(request.META.get("QUERY_STRING", "")):
            return bad_request(request)
        return self.get_response(request)


class HtmxRedirectMiddleware:
    """Turn a redirect to sign-in into `HX-Redirect`, so that no sign-in form lands inside a fragment.

    After sign-in the page is opened again, and not the address of the fragment, which may answer a POST only.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.htmx and response.status_code == 302 and not request.user.is_authenticated:  # type: ignore[attr-defined]
            return HttpResponseClientRedirect(_back_to(request.htmx.current_url_abs_path, response["Location"]))  # type: ignore[attr-defined]
        return response


def _back_to(page: str | None, sign_in: str) -> str:
    """Return the address of the sign-in with this page of ours as what comes after it, and that it was left unasked."""
    path, mark, query = sign_in.partition("?")
    asked = QueryDict(query, mutable=True)
    if not (page and mark and asked.get(REDIRECT_FIELD_NAME)):
        return sign_in
    asked[REDIRECT_FIELD_NAME] = page
    asked["ended"] = "1"
    return f"{path}?{asked.urlencode(safe='/')}"


class ConflictMiddleware:
    """Show the 409 page for a stale edit that the view did not answer itself."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer StaleEdit with 409."""
        return render(request, "409.html", status=409) if isinstance(exception, StaleEdit) else None
