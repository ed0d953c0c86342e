"""Leaving: an account is closed at once, can be taken back for seven days, and is then erased."""

from datetime import datetime
from typing import Protocol

from allauth.account.adapter import get_adapter
from django.db import transaction

from accounts.devices import end_all
from accounts.models import Erasure, User


class DeletionHook(Protocol):
    """What an app above does when an account closes. It must be safe to call twice: erasing calls it again."""

    def __call__(self, *, user: User, at: datetime) -> None: ...


_hooks: list[DeletionHook] = []
_erasure_hooks: list[DeletionHook] = []


def on_deletion_asked(hook: DeletionHook) -> DeletionHook:
    """Call `hook(user=, at=)`, in the same transaction, when somebody closes their account.

    For what must end at once: relations, feeds, tokens, running exports. Call it in an app's `ready()`.
    """
    if hook not in _hooks:
        _hooks.append(hook)
    return hook


def on_erasure(hook: DeletionHook) -> DeletionHook:
    """Call `hook(user=, at=)`, in the same transaction, just before an account is erased for good.

    For what names the person outside their own rows and must stay while they may still come back.
    """
    if hook not in _erasure_hooks:
        _erasure_hooks.append(hook)
    return hook


@transaction.atomic
def ask_deletion(*, user: User, at: datetime) -> None:
    """Close the account now and sign it out everywhere; it is erased once its days to change their mind are over."""
    user.ask_deletion(at=at)
    _end_everything(user, at)
    context = {"user": user, "due_at": user.deletion_due_at}
    get_adapter().send_mail("accounts/emails/deletion_asked", user.email, context)


@transaction.atomic
def cancel_deletion(*, user: User) -> None:
    """Keep the account after all. What ended with the wish to leave (relations, feeds) stays ended."""
    user.keep_account()
    get_adapter().send_mail("accounts/emails/deletion_cancelled", user.email, {"user": user})


@transaction.atomic
def erase(*, user: User, at: datetime, tell: bool = True) -> None:
    """Delete the account and everything its owner wrote for themselves; raises nothing when it is gone already.

    What they wrote to others stays with those others as the words of a "former member" (foreign keys set to null).
    """
    locked = User.objects.select_for_update().filter(pk=user.pk).first()
    if locked is None:
        return
    email = locked.email
    _end_everything(locked, at)
    for hook in _erasure_hooks:
        hook(user=locked, at=at)
    Erasure.objects.record(locked, at=at)
    locked.delete()
    if tell:
        get_adapter().send_mail("accounts/emails/deletion_done", email, {})


def _end_everything(user: User, at: datetime) -> None:
    for hook in _hooks:
        hook(user=user, at=at)
    end_all(user)


def erase_again(digests: dict[str, str], *, at: datetime) -> list[User]:
    """Erase the accounts that a restored backup brought back and return them; `digests` maps hash to salt."""
    found = []
    for salt in set(digests.values()):
        wanted = {digest for digest, its_salt in digests.items() if its_salt == salt}
        for user in User.objects.only("pk", "date_joined", "email").order_by("pk").iterator(chunk_size=2000):
            if Erasure.digest_of(user, salt) in wanted:
                found.append(user)
    for user in found:
        erase(user=user, at=at, tell=False)
    return found
