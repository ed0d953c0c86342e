"""Mail about the account itself: codes, confirmations, security notices. The only mail that waits with its words.

A code exists only while its request runs, so what the mail must say is stored with the row, encrypted, and emptied
when the mail is accepted, given up or too old. Known and unknown addresses take the same way, so that neither the
answer nor its time tells them apart.
"""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from allauth.account import app_settings
from allauth.account.models import EmailAddress
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from accounts import adapters
from accounts.models import User
from core.text import clean_line
from mail import bounces, services
from mail.models import Message
from mail.registry import ACCOUNT, Content, kind

WHY = "You get this because of something done with your account at {name}. It cannot be switched off."
WHY_ASKED = "You get this because this address was entered at {name}. If that was not you, nothing more happens."
UNKNOWN = "account/email/unknown_account"
# A notice is still worth reading after a weekend on which the mail server was down.
NOTICE_LIFE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Words:
    """What one of allauth's mails says. `shape` is the template: a code to enter, a link to follow, or a notice."""

    shape: str
    subject: str
    lead: str
    button: str = ""
    link: str = ""  # the name of the link in allauth's context
    timeout: str = ""  # the allauth setting after which it is of no use, in seconds


WORDS = {
    "account/email/login_code": Words(
        "code", "Your sign-in code", "Enter this code in the window where you asked for it.",
        timeout="LOGIN_BY_CODE_TIMEOUT",
    ),
    "account/email/email_confirmation_signup": Words(
        "code", "Your code to begin", "Welcome. Enter this code in the window where you signed up.",
        timeout="EMAIL_VERIFICATION_BY_CODE_TIMEOUT",
    ),
    "account/email/email_confirmation": Words(
        "code", "Confirm your address", "Enter this code in the window where you gave this address.",
        timeout="EMAIL_VERIFICATION_BY_CODE_TIMEOUT",
    ),
    "account/email/password_reset_code": Words(
        "code", "Your code for a new password", "Enter this code in the window where you asked for it.",
        timeout="PASSWORD_RESET_BY_CODE_TIMEOUT",
    ),
    "account/email/password_reset_key": Words(
        "link", "Choose a new password", "Someone, probably you, asked for a new password for this account.",
        button="Choose a new password", link="password_reset_url",
    ),
    "account/email/account_already_exists": Words(
        "link", "You have an account already",
        "Someone, probably you, tried to sign up with this address. There is an account with it, so sign in instead. "
        "If the password is gone, choose a new one.",
        button="Choose a new password", link="password_reset_url",
    ),
    UNKNOWN: Words(
        "link", "There is no account with this address",
        "Someone, probably you, tried to sign in with this address. There is no account with it. Perhaps you used "
        "another address here.",
        button="Sign up", link="signup_url",
    ),
    "account/email/email_confirm": Words(
        "notice", "Your address is confirmed", "Your email address was confirmed.",
    ),
    "account/email/email_changed": Words(
        "notice", "Your address was changed", "Your email address was changed from {from_email} to {to_email}.",
    ),
    "account/email/email_deleted": Words(
        "notice", "An address was removed", "The address {deleted_email} was removed from your account.",
    ),
    "account/email/password_changed": Words("notice", "Your password was changed", "Your password was changed."),
    "account/email/password_set": Words("notice", "Your account has a password", "A password was set."),
    "account/email/password_reset": Words(
        "notice", "Your password was changed", "A new password was chosen by a link or code from a mail.",
    ),
    "mfa/email/totp_activated": Words(
        "notice", "An authenticator app was added", "Signing in now also asks for a code from your authenticator app.",
    ),
    "mfa/email/totp_deactivated": Words(
        "notice", "The authenticator app was removed", "Signing in no longer asks for a code from an app.",
    ),
    "mfa/email/recovery_codes_generated": Words(
        "notice", "You have new recovery codes", "New recovery codes were made. The earlier ones no longer work.",
    ),
    "mfa/email/webauthn_added": Words(
        "notice", "A passkey was added", "A passkey or security key was added to your account.",
    ),
    "mfa/email/webauthn_removed": Words(
        "notice", "A passkey was removed", "A passkey or security key was removed from your account.",
    ),
    "socialaccount/email/account_connected": Words(
        "notice", "A sign-in was connected", "{provider} was connected to your account and can sign you in.",
    ),
    "socialaccount/email/account_disconnected": Words(
        "notice", "A sign-in was disconnected", "{provider} no longer signs you in.",
    ),
}  # fmt: skip


class AccountAdapter(adapters.AccountAdapter):
    """Our allauth adapter, whose mails go into the outbox."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue one account mail: one of WORDS, or a template folder of that name."""
        now = timezone.now()
        seconds = getattr(app_settings, WORDS[template_prefix].timeout, 0) if _is_coded(template_prefix) else 0
        expires_at = now + (timedelta(seconds=seconds) if seconds else NOTICE_LIFE)
        draft = services.Draft(
            to=email,
            dedupe=f"account:{uuid.uuid4()}",
            expires_at=expires_at,
            context=json.dumps({"template": template_prefix, "minutes": seconds // 60, **_plain(context)}),
        )
        services.queue_many("account", [draft])

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Confirm an address; whoever entered the code in a mail got that mail, so mails to it arrive again."""
        is_confirmed: bool = super().confirm_email(request, email_address)
        if is_confirmed:
            bounces.note_arrival(email_address.email, now=timezone.now())
        return is_confirmed


def _is_coded(template_prefix: str) -> bool:
    return bool(template_prefix in WORDS and WORDS[template_prefix].timeout)


def _plain(context: dict[str, Any]) -> dict[str, Any]:
    """Return what of a template context can be stored: words, numbers, days and links of this server."""
    plain: dict[str, Any] = {}
    for key, value in context.items():
        if isinstance(value, User):
            plain[f"{key}_name"] = value.given_name if value.name else ""
        elif isinstance(value, datetime):
            plain[key] = f"{timezone.localtime(value):%-d %B %Y, %H:%M} ({timezone.get_current_timezone_name()})"
        elif key.endswith("_url"):
            parts = urlsplit(str(value))
            plain[key] = settings.BASE_URL + parts.path + (f"?{parts.query}" if parts.query else "")
        elif isinstance(value, str):
            plain[key] = clean_line(value)
        elif isinstance(value, (bool, int, float)):
            plain[key] = value
    return plain


@kind("account", words="Sign-in and security", preference=None, priority=ACCOUNT)
def account(message: Message, *, now: datetime) -> Content | None:
    """Say what the stored context holds; nothing once that is gone.

    Somebody who stopped all mail to their address still gets the codes they ask for, but no "there is no account".
    """
    if not message.context:
        return None
    context = json.loads(message.context)
    template = context.pop("template")
    if template == UNKNOWN and message.is_stopped:
        return None
    words = WORDS.get(template)
    name = settings.INSTANCE_NAME
    if words is None:
        return Content(template, context, WHY.format(name=name))
    said = {
        "title": words.subject,
        "lead": words.lead.format_map(context) if words.shape == "notice" else words.lead,
        "button": words.button,
        "link": context.get(words.link, settings.BASE_URL),
    }
    why = WHY if words.shape == "notice" else WHY_ASKED
    return Content(f"mail/emails/{words.shape}", {**context, **said}, why.format(name=name))
