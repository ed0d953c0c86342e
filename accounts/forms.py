from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts import limits, signup
from accounts.models import MAX_EMAIL_LENGTH, User
from accounts.zones import change_zone
from core.forms import LineField

# Names that are no places: offsets, and what only files on a server need.
_NO_PLACES = ("Etc/", "SystemV/", "posix", "right")


def zone_choices() -> list[tuple[str, str]]:
    """Return every place of the IANA database and UTC, as a person reads them."""
    names = sorted(name for name in available_timezones() if "/" in name and not name.startswith(_NO_PLACES))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


class ZoneField(forms.TypedChoiceField):
    """A time zone from the IANA list; gives a ZoneInfo."""

    default_error_messages = {"invalid_choice": "We do not know this time zone. Choose the nearest city."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=zone_choices, coerce=ZoneInfo, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, ZoneInfo) else value


class WelcomeForm(forms.ModelForm):
    """What a new person is asked once: what to call them and when their day begins."""

    name = LineField(label="Your name", max_length=80, help_text="Mentors and mentees see it. A first name is enough.")
    time_zone = ZoneField(label="Time zone", help_text="Your weekly mail and your days follow it.")

    class Meta:
        model = User
        fields = ["name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["time_zone"].initial = self.instance.time_zone
        if self.instance.time_zone_is_guess:  # the script fills in what the browser says; the person confirms it
            self.fields["time_zone"].widget.attrs["data-browser-zone"] = ""

    @transaction.atomic
    def save(self, commit: bool = True) -> User:  # noqa: FBT001, FBT002 - Django's signature
        user = super().save(commit)
        change_zone(user=user, zone=self.cleaned_data["time_zone"], at=timezone.now())
        return user


class ProfileForm(forms.ModelForm):
    """How others see a person."""

    name = LineField(label="Your name", max_length=80)

    class Meta:
        model = User
        fields = ["name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"


class ZoneForm(forms.Form):
    """The zone a browser offered and its owner accepted."""

    time_zone = ZoneField()


class DeletionForm(forms.Form):
    """The last question before an account is closed."""

    sure = forms.BooleanField(
        label="Yes, close my account and erase it in seven days.",
        error_messages={"required": "Tick the box if you are sure."},
    )


class CodeForm(forms.Form):
    """A code from a mail."""

    code = forms.CharField(
        max_length=40,
        label="Code",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )


# --- allauth's forms, with what they lack (ACCOUNT_FORMS, MFA_FORMS) ---


def _check_length(email: str) -> str:
    """Raise ValidationError for an address that no column of ours could keep."""
    return get_adapter().clean_email(email)


def _sent_on(data: Any, *, address: str, other: str) -> str | None:
    """Return what stood in the `other` form's field where its button leads to this form, which names it `address`.

    The pages of the entrance hand an address on that way: posted, and so in no url and no log.
    """
    return data[other] if data is not None and other in data and address not in data else None


class LoginForm(allauth_forms.LoginForm):
    """Password sign-in."""

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        typed = _sent_on(data, address="login", other="email")
        super().__init__(*((data, files) if typed is None else ()), **kwargs)
        if typed is not None:
            self.fields["login"].initial = typed
        if "remember" in self.fields:
            self.fields["remember"].label = "Stay signed in on this device"
            self.fields["remember"].initial = True
        for name in ("login", "password"):
            self.fields[name].widget.attrs.pop("placeholder", None)

    def clean_login(self) -> str:
        return _check_length(super().clean_login())


class RequestLoginCodeForm(allauth_forms.RequestLoginCodeForm):
    """Asks for a sign-in code by mail. The form of the password is sent here too: by its own button, for a code instead."""

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        typed = _sent_on(data, address="email", other="login")
        if typed is not None:
            # Without an address this page opens and asks for one, and nothing is wrong yet.
            data, files = {"email": typed} if typed.strip() else None, None
        super().__init__(data, files, **kwargs)
        # The page of an invitation knows the address it was sent to.
        self.fields["email"].initial = context.request.GET.get("email", "")[:MAX_EMAIL_LENGTH]

    def clean_email(self) -> str:
        email = _check_length(self.cleaned_data["email"])
        limits.check_mail(context.request, email)
        return super().clean_email()


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    """Asks for a link to set a new password. From the form of the password it comes with the address, and sends nothing yet."""

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        typed = _sent_on(data, address="email", other="login")
        super().__init__(*((data, files) if typed is None else ()), **kwargs)
        if typed is not None:
            self.fields["email"].initial = typed

    def clean_email(self) -> str:
        email = super().clean_email()
        limits.check_mail(context.request, email)
        return email


class ResetPasswordKeyForm(allauth_forms.ResetPasswordKeyForm):
    """Sets a new password, behind the link of a mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label, self.fields["password2"].label = "New password", "New password, once more"


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    """Changes the password one knows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = "Your password now"
        self.fields["password1"].label, self.fields["password2"].label = "New password", "New password, once more"


class SetPasswordForm(allauth_forms.SetPasswordForm):
    """Sets the first password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password2"].label = "Password, once more"


class SignupForm(allauth_forms.SignupForm):
    """Sign-up with, as one likes, a password or only codes."""

    account_already_exists: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "password1" in self.fields:
            self.fields["password1"].label = "Password"
            self.fields[
                "password1"
            ].help_text = "Optional, at least 10 characters. Without one we send you a code each time you sign in."
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def clean_email(self) -> str:
        """Refuse an address other than the invited one before asking whether it is known."""
        email = _check_length(self.cleaned_data["email"].lower())
        if not settings.SIGNUP_OPEN and email != signup.invited_email(context.request):
            raise get_adapter().validation_error("wrong_invitation")
        return super().clean_email()

    def clean(self) -> dict[str, Any]:
        """Count the mail last: a form with mistakes sends none."""
        super().clean()
        if not self.errors:
            try:
                limits.check_mail(context.request, self.cleaned_data["email"])
            except forms.ValidationError as error:
                self.add_error("email", error)
        return self.cleaned_data

    def save(self, request: HttpRequest) -> User:
        with transaction.atomic():  # a lost race leaves nothing behind
            return super().save(request)

    def try_save(self, request: HttpRequest) -> Any:
        """Take as long for a known address as for a new one, also where the same address signs up twice at once."""
        try:
            if self.account_already_exists and self.cleaned_data.get("password1"):
                get_user_model()().set_password(self.cleaned_data["password1"])
            return super().try_save(request)
        except IntegrityError:
            self.account_already_exists = True
            return super().try_save(request)


class AddEmailForm(allauth_forms.AddEmailForm):
    """Changes one's address."""

    def clean_email(self) -> str:
        email = super().clean_email()
        limits.check_mail(context.request, email)
        return email


class CredentialField(forms.JSONField):
    """What the browser's WebAuthn call gave: an object of objects and texts, not deeper than it needs to be."""

    widget = forms.HiddenInput
    # A registration with an attestation is some thousand characters long.
    longest = 100_000

    def bound_data(self, data: Any, initial: Any) -> Any:
        return ""  # a refused credential is not shown again: each is good for one try

    def prepare_value(self, value: Any) -> Any:
        return ""

    def to_python(self, value: Any) -> Any:
        """Raise ValidationError for what no browser sends."""
        refused = forms.ValidationError("Your browser gave no usable key. Please try again.", code="invalid")
        if isinstance(value, str) and (len(value) > self.longest or "\\u0000" in value or "\x00" in value):
            raise refused
        try:
            found = super().to_python(value)
        except (RecursionError, ValueError) as error:  # too deep; a number of too many digits
            raise refused from error
        if found is not None and not isinstance(found, dict):
            raise refused
        return found


class _CredentialMixin:
    """Turns every way in which a forged credential breaks the parser below into a form error."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"] = CredentialField()  # type: ignore[attr-defined]

    def clean(self) -> Any:
        try:
            return super().clean()  # type: ignore[misc]
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
            raise get_adapter().validation_error("incorrect_code") from error

    def clean_credential(self) -> Any:
        parent = getattr(super(), "clean_credential", None)
        if parent is None:
            return self.cleaned_data["credential"]  # type: ignore[attr-defined]
        try:
            return parent()
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
            raise get_adapter().validation_error("incorrect_code") from error


class LoginWebAuthnForm(_CredentialMixin, webauthn_forms.LoginWebAuthnForm):
    """Sign-in by passkey."""


class AuthenticateWebAuthnForm(_CredentialMixin, webauthn_forms.AuthenticateWebAuthnForm):
    """A passkey as the second factor."""


class ReauthenticateWebAuthnForm(_CredentialMixin, webauthn_forms.ReauthenticateWebAuthnForm):
    """A passkey before a sensitive act."""


class AddWebAuthnForm(_CredentialMixin, webauthn_forms.AddWebAuthnForm):
    """A new passkey."""

    name = LineField(max_length=60, required=False, label="Name of this passkey", help_text="Such as: my phone.")


class SignupWebAuthnForm(_CredentialMixin, webauthn_forms.SignupWebAuthnForm):
    """The passkey of a new account."""

    name = LineField(max_length=60, required=False, label="Name of this passkey", help_text="Such as: my phone.")


class EditWebAuthnForm(webauthn_forms.EditWebAuthnForm):
    """The name of a passkey."""

    name = LineField(max_length=60, label="Name of this passkey")
