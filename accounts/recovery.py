"""A lost second factor, where the recovery codes are lost as well.

The operator starts it by a command, the owner is told by mail, and it takes effect a day later unless the owner signs
in with the factor that was said to be lost, or says no on their account page.
"""

from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.http import HttpRequest

from accounts.devices import end_all
from accounts.models import User
from core.encrypted import decrypt, encrypt

WAIT = timedelta(days=1)


@transaction.atomic
def ask_reset(*, user: User, at: datetime) -> None:
    """Note that the second factor of `user` goes in a day, and tell them."""
    user.second_factor_reset_asked_at = at
    user.save(update_fields=["second_factor_reset_asked_at"])
    context = {"user": user, "due_at": at + WAIT}
    get_adapter().send_mail("accounts/emails/second_factor_reset_asked", user.email, context)


@transaction.atomic
def reset(*, user: User) -> None:
    """Remove every second factor, sign the person out everywhere and tell them; they come back by password or code."""
    Authenticator.objects.filter(user=user).delete()
    user.second_factor_reset_asked_at = None
    user.save(update_fields=["second_factor_reset_asked_at"])
    end_all(user)
    get_adapter().send_mail("accounts/emails/second_factor_reset", user.email, {"user": user})


def encrypt_again() -> int:
    """Encrypt the secrets of all second factors with the first of FIELD_KEYS and return how many there are."""
    count = 0
    for pk in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).values_list("pk", flat=True):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=pk).first()
            if row is None:
                continue
            for name in {"secret", "seed"} & set(row.data):
                row.data[name] = encrypt(decrypt(row.data[name]))
            row.save(update_fields=["data"])
            count += 1
    return count


def forget_request(sender: object, user: User, request: HttpRequest | None = None, **kwargs: object) -> None:
    """A sign-in shows that the factor is not lost: nothing is removed."""
    if user.second_factor_reset_asked_at is not None:
        user.second_factor_reset_asked_at = None
        user.save(update_fields=["second_factor_reset_asked_at"])
