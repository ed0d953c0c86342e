"""Moving: the one place where a person's time zone changes, and who wants to know."""

from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.models import User


class ZoneHook(Protocol):
    """What an app above does when somebody's clock changes; `user` has the new zone already."""

    def __call__(self, *, user: User, at: datetime) -> None: ...


_hooks: list[ZoneHook] = []


def on_zone_changed(hook: ZoneHook) -> ZoneHook:
    """Call `hook(user=, at=)`, in the same transaction, when somebody says where they live.

    For moments worked out from a person's clock and stored. Call it in an app's `ready()`.
    """
    if hook not in _hooks:
        _hooks.append(hook)
    return hook


@transaction.atomic
def change_zone(*, user: User, zone: ZoneInfo, at: datetime) -> None:
    """Set the time zone a person said they live in, and reckon anew what hangs on it."""
    user.move_to(zone)
    for hook in _hooks:
        hook(user=user, at=at)
