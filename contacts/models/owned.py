"""What belongs to one person for good: other people's data, so nobody else is ever shown a row of this app."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Self, TypeVar

from django.conf import settings
from django.db import models

from accounts.models import User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

M = TypeVar("M", bound="Owned")


class OwnedQuerySet(models.QuerySet[M]):
    """The rule of this app: mine and alive, or not there. No relation, share or mentorship widens it."""

    def alive(self) -> Self:
        """Not in the bin."""
        return self.filter(deleted_at=None)

    def owned_by(self, user: "User | AnonymousUser") -> Self:
        return self.alive().filter(owner_id=user.pk)

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.owned_by(user)

    def editable_by(self, user: "User | AnonymousUser") -> Self:
        return self.owned_by(user)

    def owned_by_any(self, users: Iterable[User]) -> Self:
        """What any of these people owns, for mails that are written in batches."""
        return self.alive().filter(owner__in=list(users))

    def all_of(self, user: User) -> Self:
        """Everything of one owner, the bin included: for the copy of their own data."""
        return self.filter(owner_id=user.pk)

    def in_bin_of(self, user: "User | AnonymousUser") -> Self:
        """What the owner deleted and may still bring back."""
        return self.filter(owner_id=user.pk, deleted_at__isnull=False)

    def deleted_before(self, moment: datetime) -> Self:
        return self.filter(deleted_at__lt=moment)


class Owned(models.Model):
    """A row of one owner that can lie in the bin."""

    owner_id: int
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="%(app_label)s_%(class)ss")
    created_at = models.DateTimeField(editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def put_in_bin(self, *, at: datetime) -> None:
        self.deleted_at = at
        self.save(update_fields=["deleted_at"])

    def take_from_bin(self) -> None:
        self.deleted_at = None
        self.save(update_fields=["deleted_at"])
