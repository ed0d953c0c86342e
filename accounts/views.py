import logging
import time
from typing import Any

from allauth.account import views as allauth_views
from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.models import EmailAddress
from allauth.account.utils import get_next_redirect_url
from allauth.core import ratelimit
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.socialaccount.providers.openid_connect.views import login as openid_login
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from requests import RequestException

from accounts import deletion, limits
from accounts.forms import CodeForm, DeletionForm, ProfileForm, WelcomeForm, ZoneForm
from accounts.http import AuthenticatedHttpRequest
from accounts.zones import change_zone
from core.htmx import is_fragment, toast

logger = logging.getLogger(__name__)
CODE_KEY = "reauthentication_code"
CODE_SECONDS = 15 * 60
CODE_TRIES = 3


@login_not_required  # an error page is shown to whoever made the error
def too_many_requests(request: HttpRequest) -> HttpResponse:
    """429 with Retry-After (accounts.middleware adds it): wait, or come in another way."""
    return render(request, "429.html", status=429)


@require_safe
def account_overview(request: AuthenticatedHttpRequest) -> HttpResponse:
    """List how one signs in and where one is signed in, with the way to each change."""
    factors = list(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    context = {
        "passkeys": factors.count(Authenticator.Type.WEBAUTHN),
        "has_totp": Authenticator.Type.TOTP in factors,
        "has_recovery_codes": Authenticator.Type.RECOVERY_CODES in factors,
        "devices": UserSession.objects.filter(user=request.user).count(),
        "reset_due": request.user.second_factor_reset_asked_at,
        "has_single_sign_on": bool(settings.SOCIALACCOUNT_PROVIDERS),
    }
    return render(request, "accounts/account_overview.html", context)


@require_POST
def second_factor_keep(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Say no to the operator's removal of one's second factor."""
    request.user.second_factor_reset_asked_at = None
    request.user.save(update_fields=["second_factor_reset_asked_at"])
    messages.success(request, "Your second factor stays.")
    return redirect("accounts:account_overview")


@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Ask a new person for name and time zone, then go on to where they wanted."""
    form = WelcomeForm(request.POST if request.method == "POST" else None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        return HttpResponseRedirect(get_next_redirect_url(request) or "/")
    context = {"form": form, "next": get_next_redirect_url(request) or ""}
    return render(request, "accounts/welcome.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Change the name others see."""
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Name saved.")
        return redirect("accounts:account_overview")
    return render(request, "accounts/profile.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def time_zone(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Take the time zone that the browser named and the person accepted."""
    form = ZoneForm(request.POST)
    if form.is_valid():
        change_zone(user=request.user, zone=form.cleaned_data["time_zone"], at=timezone.now())
        words = f"Your time zone is {str(request.user.time_zone).replace('_', ' ')} now."
    else:
        words = str(form.errors["time_zone"][0])
    if is_fragment(request):
        return toast(request, HttpResponse(status=200 if form.is_valid() else 422), words)
    messages.add_message(request, messages.SUCCESS if form.is_valid() else messages.ERROR, words)
    return HttpResponseRedirect(get_next_redirect_url(request) or "/")


@require_http_methods(["GET", "HEAD", "POST"])
def reauthenticate_by_code(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Prove by a code from a mail that it is still the owner who sits here; then go on with what was asked."""
    methods = get_adapter().get_reauthentication_methods(request.user)
    if not any(method["id"] == "code" for method in methods):  # a second factor is not replaced by a mail
        raise Http404
    state = _live_code(request)
    form = CodeForm(request.POST if request.method == "POST" and "code" in request.POST else None)
    next_url = get_next_redirect_url(request) or ""
    if request.method == "POST":
        if blocked := ratelimit.consume_or_429(request, action="reauthenticate", user=request.user):
            return blocked
        if "code" not in request.POST:
            state = _send_code(request)
        elif form.is_valid():
            if state and compare_user_code(actual=form.cleaned_data["code"], expected=state["code"]):
                request.session.pop(CODE_KEY)
                record_authentication(request, request.user, method="code", reauthenticated=True)
                return resume_request(request) or HttpResponseRedirect(next_url or "/")
            state = _count_wrong_code(request, state)
            form.add_error("code", get_adapter().error_messages["incorrect_code"])
    context = {"form": form, "sent": bool(state), "next": next_url, "others": [m for m in methods if m["id"] != "code"]}
    return render(request, "accounts/reauthenticate_by_code.html", context)


def _live_code(request: AuthenticatedHttpRequest) -> dict[str, Any] | None:
    """Return the code that was mailed in this session and still counts."""
    state = request.session.get(CODE_KEY)
    return state if state and time.time() - state["at"] < CODE_SECONDS else None


def _send_code(request: AuthenticatedHttpRequest) -> dict[str, Any] | None:
    """Mail a new code to the verified address; None where that address got too many mails."""
    email = EmailAddress.objects.get_primary_email(request.user) or request.user.email
    if not limits.may_mail(request, email.lower()):
        limits.too_often(request, wait=limits.MAIL_WAIT_SECONDS)
        messages.error(request, get_adapter().error_messages["too_many_mails"])
        return None
    code = get_adapter().generate_login_code()
    request.session[CODE_KEY] = state = {"code": code, "at": time.time(), "tries": 0}
    get_adapter().send_mail("account/email/login_code", email, {"request": request, "code": code})
    return state


def _count_wrong_code(request: AuthenticatedHttpRequest, state: dict[str, Any] | None) -> dict[str, Any] | None:
    """Count a wrong code; after three the code is dead and None is returned."""
    if state and state["tries"] + 1 < CODE_TRIES:
        request.session[CODE_KEY] = state | {"tries": state["tries"] + 1}
        return state
    request.session.pop(CODE_KEY, None)
    return None


# allauth asks for no proof before a first password; whoever sat at an open browser could keep the account by one.
password_set = reauthentication_required(allauth_views.password_set, app="accounts")


@login_not_required  # it is how people sign in
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def openid_connect_login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go to the provider by a page that leads there, and say so where the provider does not answer (503).

    Chromium blocks a form whose answer redirects to what `form-action` does not name, at every hop. Where a provider
    sends people on its way, nobody can say beforehand.
    """
    try:
        response = openid_login(request, provider_id=provider_id)
    except RequestException as error:
        logger.warning("The single sign-on provider cannot be asked: %s", type(error).__name__)
        return render(request, "socialaccount/provider_away.html", status=503)
    if request.method == "POST" and response.status_code == 302:
        return render(request, "socialaccount/leaving.html", {"target": response.url})
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(app="accounts")
def account_delete(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Say what goes and what stays, and close the account."""
    form = DeletionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        deletion.ask_deletion(user=request.user, at=timezone.now())
        due = timezone.localtime(request.user.deletion_due_at)
        logout(request)
        words = f"Your account is closed and will be erased on {due.day} {due:%B}. Sign in before then to keep it."
        messages.success(request, words)
        return redirect("account_login")
    context = {"form": form, "grace_days": 7}
    return render(request, "accounts/account_delete.html", context, status=422 if form.errors else 200)


@require_safe
def deletion_pending(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The only page of a closed account: when it goes, and the button to keep it."""
    if request.user.deletion_asked_at is None:
        return redirect("/")
    return render(request, "accounts/deletion_pending.html", {"due_at": request.user.deletion_due_at})


@require_POST
def deletion_cancel(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Keep the account after all."""
    if request.user.deletion_asked_at is not None:
        deletion.cancel_deletion(user=request.user)
        messages.success(request, "Good to have you back. Your account stays.")
    return redirect("/")
