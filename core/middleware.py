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


class SignInRedirectMiddleware:
    """Lead from sign-in back to the page that was open, and not to the address of a form on it, which may take only a POST.

    For htmx the redirect becomes `HX-Redirect`, so that no sign-in form lands inside a fragment.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 302 or request.user.is_authenticated:
            return response
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponseClientRedirect(_back_to(request.htmx.current_url_abs_path, response["Location"]))  # type: ignore[attr-defined]
        if request.method == "POST" and _asks_for_sign_in(request, response["Location"]):
            response["Location"] = _back_to(_page_of_the_form(request), response["Location"])
        return response


def _asks_for_sign_in(request: HttpRequest, location: str) -> bool:
    """Tell whether this would lead back to what was asked for; a step of signing in leads elsewhere."""
    return QueryDict(location.partition("?")[2]).get(REDIRECT_FIELD_NAME) == request.get_full_path()


def _page_of_the_form(request: HttpRequest) -> str | None:
    """Return the address of the page of ours that a form was sent from, if the browser says."""
    page, here = request.headers.get("Referer", ""), f"{request.scheme}://{request.get_host()}"
    return page.removeprefix(here) if page.startswith(f"{here}/") else None


def _back_to(page: str | None, sign_in: str) -> str:
    """Return the address of the sign-in with this page of ours as what comes after it, and that it was left unasked."""
    path, mark, query = sign_in.partition("?")
    asked = QueryDict(query, mutable=True)
    if not (page and mark and asked.get(REDIRECT_FIELD_NAME)):
        return sign_in
    asked[REDIRECT_FIELD_NAME] = page
    asked["ended"] = "1"
    return f"{path}?{asked.urlencode(safe='/')}"


class ErrorPageMiddleware:
    """Show the 409 page for a stale edit that the view did not answer itself, and one where Django shows an empty one.

    That is the address of a form: a browser asks for it when it brings back a page that answered one.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content or request.method != "GET":
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer StaleEdit with 409."""
        return render(request, "409.html", status=409) if isinstance(exception, StaleEdit) else None
