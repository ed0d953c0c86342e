from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

from accounts.devices import note_seen
from accounts.limits import add_retry_after

GetResponse = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponse]

# All that somebody who asked for their account to be deleted can still open.
LEFT_WHILE_DELETION_IS_PENDING = {
    "accounts:deletion_pending",
    "accounts:deletion_cancel",
    "account_logout",
    "mail:unsubscribe",
    "mail:inbound",
    "healthz",
    "readyz",
}


class PrivatePagesMiddleware:
    """Give signed-in people their own clock, and keep their pages out of every cache and the back button."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(request.user.time_zone):
            response = self.get_response(request)
        add_never_cache_headers(response)
        response["Cache-Control"] = "no-store, private"
        patch_vary_headers(response, ["Cookie", "HX-Request"])
        return response


class TooOftenMiddleware:
    """Answer 429 with Retry-After where a view found that a visitor tries too often."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        add_retry_after(request, response)
        return response


class AccountStateMiddleware:
    """Note devices in use, and keep a person whose account is about to be deleted on the page of that."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: object, kwargs: object) -> HttpResponse | None:
        """Let the view run unless the account waits for its deletion."""
        if not request.user.is_authenticated:
            return None
        note_seen(request, now=timezone.now())
        if request.user.deletion_asked_at is None:
            return None
        if request.resolver_match and request.resolver_match.view_name in LEFT_WHILE_DELETION_IS_PENDING:
            return None
        response = redirect("accounts:deletion_pending")
        return HttpResponseClientRedirect(response["Location"]) if request.headers.get("HX-Request") else response
