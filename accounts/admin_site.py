"""The door of /admin/: staff, a second factor, and a fresh proof of who it is before anything is changed."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator

SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class OperatorSite(AdminSite):
    """Django's own admin behind this project's sign-in, which has the limits and the second factor."""

    site_header = site_title = "Waymark: operator's pages"
    index_title = "People and settings"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and is_mfa_enabled(request.user, SECOND_FACTORS)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """Ask again who it is before a change; signing out needs no proof."""
        if view != self.logout:
            view = reauthentication_required(view, allow_get=True, app="accounts")
        return super().admin_view(view, cacheable)

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send staff to everybody's page, which tells the owner by mail."""
        return redirect("account_change_password")

    @method_decorator(login_not_required)  # leads to the sign-in page; shows nothing
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send visitors to the sign-in page of everybody; there is no second one to guess passwords at."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next") or request.get_full_path())
        if not request.user.is_staff:
            raise PermissionDenied
        return render(request, "accounts/second_factor_needed.html", status=403)
