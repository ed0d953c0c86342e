"""Who may sign up where sign-up is by invitation only (SIGNUP_OPEN is off)."""

from collections.abc import Callable

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

SALT = "accounts.signup.invitation"
SESSION_KEY = "invited_email"
# The invitation itself says earlier when it is over; this only bounds a link somebody kept.
LINK_SECONDS = 60 * 24 * 3600

_checks: list[Callable[[str], bool]] = []


def register_invited_check(check: Callable[[str], bool]) -> Callable[[str], bool]:
    """Ask `check(address)` whether an address in lower case has an open invitation. Call it in an app's `ready()`."""
    if check not in _checks:
        _checks.append(check)
    return check


def is_invited(email: str) -> bool:
    """Tell whether any app has an open invitation for this address."""
    return any(check(email.lower()) for check in _checks)


def invited_signup_url(email: str, next_url: str = "/") -> str:
    """Return the sign-up page for an invited address.

    Show it only to a reader who proved to hold the invitation, by its secret link: what opens the page is a signed
    address, so that nobody can find out who is invited by trying addresses.
    """
    invite = signing.dumps(email.lower(), salt=SALT)
    return f"{reverse('account_signup')}?{urlencode({'invite': invite, 'email': email.lower(), 'next': next_url})}"


def invited_email(request: HttpRequest) -> str | None:
    """Return the address this visitor may sign up with, kept in the session once they came by an invited link."""
    token = request.GET.get("invite", "")
    try:
        email = signing.loads(token, salt=SALT, max_age=LINK_SECONDS) if token else request.session.get(SESSION_KEY)
    except signing.BadSignature:
        return None
    if not email or not is_invited(email):
        return None
    if not settings.SIGNUP_OPEN and request.session.get(SESSION_KEY) != email:
        request.session[SESSION_KEY] = email
    return email


def forget_unproven_password(request: HttpRequest, email_address: EmailAddress, **kwargs: object) -> None:
    """Drop a password that was set before anybody proved to own the address, unless this very visitor set it.

    Otherwise somebody could sign up with another person's address, wait until that person signs in by code, and then
    enter with the password (Sudhodanan and Paverd, "Pre-hijacked accounts", USENIX Security 2022).
    """
    user = email_address.user
    if user.last_login is not None or not user.has_usable_password():
        return
    methods = {record["method"] for record in get_authentication_records(request, user)}
    if "code" in methods and "password" not in methods:
        user.set_unusable_password()
        user.save(update_fields=["password"])
