"""Where allauth asks this project for its decisions. `mail` adds how mails leave."""

from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts import limits, signup
from accounts.models import MAX_EMAIL_LENGTH, User
from core import encrypted
from core.text import clean_line


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by e-mail address. Its subclass in `mail` puts what is sent into the outbox."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "This account is closed. Write to the operator if that surprises you.",
        "duplicate_email": "You use this address already.",
        "email_password_mismatch": "That email and password do not match. Try again, or get a sign-in code.",
        "email_taken": "Please use another address.",
        "email_too_long": f"An email address has at most {MAX_EMAIL_LENGTH} characters. Please check yours.",
        "enter_current_password": "This is not your current password.",
        "incorrect_code": "That code does not fit. Check it against the newest mail from us.",
        "incorrect_password": "This is not your password.",
        "invalid_password_reset": "This link was used before or is too old. Ask for a new one.",
        "rate_limited": "That was a lot at once. Wait a minute, then try again.",
        "same_as_current": "This is the address you have.",
        "too_many_login_attempts": "Too many tries. Wait five minutes, or get a sign-in code.",
        "too_many_mails": "We sent several mails to this address already. Use the newest, or try again in an hour.",
        "wrong_invitation": "This invitation went to another address. Sign up with the one it was sent to.",
    }

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        if code in {"too_many_login_attempts", "rate_limited"} and self.request:
            limits.too_often(self.request, wait=limits.SIGN_IN_WAIT_SECONDS)
        return super().validation_error(code, *args)

    # --- who tries ---

    def get_client_ip(self, request: HttpRequest) -> str:
        return limits.client_ip(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # allauth counts failures per account alone: anyone could lock anyone out. Here per account and network.
        return f"{credentials.get('email', '').lower()}|{limits.network_of(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Raise ValidationError after too many tries from this network, or at this account from everywhere."""
        super().pre_authenticate(request, **credentials)
        self._account_usage = limits.spend_sign_in(request, credentials.get("email", "").lower())
        if self._account_usage is None:
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user = super().authenticate(request, **credentials)
        if user and self._account_usage:
            self._account_usage.rollback()
        return user

    # --- sign-up ---

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.SIGNUP_OPEN or signup.invited_email(request) is not None

    def clean_email(self, email: str) -> str:
        """Refuse what the database could not keep: allauth would cut a longer address off in silence."""
        if len(email) > MAX_EMAIL_LENGTH:
            raise self.validation_error("email_too_long")
        return super().clean_email(email)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Go on to where the person wanted; somebody without a name is asked for it first."""
        response = super().post_login(request, user, **kwargs)
        if user.deletion_asked_at:
            response["Location"] = reverse("accounts:deletion_pending")
        elif not user.name:
            target = response["Location"]
            query = f"?{urlencode({'next': target})}" if target != settings.LOGIN_REDIRECT_URL else ""
            response["Location"] = reverse("accounts:welcome") + query
        return response

    # --- sensitive acts ---

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask people without password and second factor for a code from a mail; allauth would ask them nothing."""
        required = super().is_reauthentication_required(app=app, **kwargs)
        user = self.request.user
        if required and not get_reauthentication_flows(user) and not self._entered_code_recently(user):
            raise ReauthenticationRequired
        return required

    def _entered_code_recently(self, user: User) -> bool:
        records = [r for r in get_authentication_records(self.request, user) if r.get("reauthenticated")]
        return bool(records) and timezone.now().timestamp() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        methods = super().get_reauthentication_methods(user)
        if user.is_authenticated and not any(method["id"].startswith("mfa_") for method in methods):
            url = reverse("accounts:reauthenticate_by_code")
            methods.append({"id": "code", "description": "Use a code sent by email", "url": url})
        return methods


class MFAAdapter(DefaultMFAAdapter):
    """Second factors: their secrets are encrypted, and their pages name this instance."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That code does not fit. Codes change every 30 seconds: try the one you see now.",
        "unverified_email": "Please confirm your email address first.",
    }

    def encrypt(self, text: str) -> str:
        return encrypted.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return encrypted.decrypt(encrypted_text)

    def _get_site_name(self) -> str:
        return settings.INSTANCE_NAME


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Single sign-on by the one provider the operator has set."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        # Some providers send "false" as a text, which would count as true.
        for address in sociallogin.email_addresses:
            address.verified = address.verified is True

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        if settings.SIGNUP_OPEN:
            return True
        proven = [address.email for address in sociallogin.email_addresses if address.verified is True]
        return any(signup.is_invited(email) for email in proven)

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        """Let the provider open an existing account only where it says, as a plain true, that the address is proven."""
        return any(a.email.lower() == email.lower() and a.verified is True for a in login.email_addresses)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, **kwargs: Any
    ) -> None:
        """Name the provider in words: the outbox stores no objects."""
        said = {"provider": context["provider"].name} if context and "provider" in context else {}
        super().send_notification_mail(template_prefix, user, context=said, **kwargs)

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        """Take the address and the name; the person can change the name on the welcome page and later."""
        user = super().populate_user(request, sociallogin, data | {"first_name": None, "last_name": None, "name": ""})
        parts = [data.get("first_name") or "", data.get("last_name") or ""]
        user.name = clean_line(data.get("name") or " ".join(parts))[: User._meta.get_field("name").max_length]
        return user


class UserSessionsAdapter(DefaultUserSessionsAdapter):
    """The devices page."""

    def end_sessions(self, sessions: list[UserSession]) -> None:
        """End these sessions, also where a cache that is away would keep a copy of them."""
        from accounts.devices import end_others

        super().end_sessions(sessions)
        if sessions:
            end_others(self.request, sessions[0].user)
