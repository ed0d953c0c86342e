"""Addresses that get less or nothing, known by a hash."""

import hashlib
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Now

# A mailbox that keeps putting mails off costs a point each time, and a point is worth half of itself a month later. So
# much come together after four mails in a day or six weekly mails in a row.
POINTS_UNTIL_PAUSE = 3.9
HALF_LIFE = timedelta(days=30)
# A full mailbox gets a week to be emptied; then mails are tried again.
REST = timedelta(days=7)


def address_hash(address: str) -> str:
    """Return what is kept of the address of someone who wants no mail: SHA-256 of it in lower case, as hex.

    It has no key: a suppression must outlive every change of SECRET_KEY and FIELD_KEYS.
    """
    return hashlib.sha256(address.strip().lower().encode()).hexdigest()


class AddressHash(Func):
    """`address_hash` as Postgres computes it."""

    template = "ENCODE(SHA256(CONVERT_TO(LOWER(%(expressions)s), 'UTF8')), 'hex')"
    output_field = models.CharField()


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    def paused(self, at: datetime | None = None) -> Self:
        """Addresses at which only account mail is tried at a moment, else now by the database's clock."""
        return self.filter(Q(paused_until=None) | Q(paused_until__gt=at or Now()), paused_at__isnull=False)


class Suppression(models.Model):
    """An address that gets less or nothing, kept as a hash: it was stopped by its owner, or mails to it come back.

    The verbs change the row without storing it: `mail.bounces` alone calls them, on a locked row. Each takes the moment
    it is about, so that news which comes late undoes nothing newer.
    """

    class Cause(models.TextChoices):
        REFUSED = "refused", "The mail server refused two mails in a row"
        BOUNCED = "bounced", "A mail came back for good"
        RESTING = "resting", "Mails keep being put off"

    address_hash = models.CharField(max_length=64, unique=True)
    stopped_at = models.DateTimeField(null=True, blank=True)  # a stranger wants nothing from this server
    bounces = models.PositiveSmallIntegerField(default=0)  # refusals for good since the last acceptance
    # Only account mail is tried: until somebody or something mends it, or until a moment (resting).
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_until = models.DateTimeField(null=True, blank=True)
    cause = models.CharField(max_length=8, choices=Cause, blank=True, default="", db_default="")
    points = models.FloatField(default=0, db_default=0)  # for mails put off, as they were worth at `points_at`
    points_at = models.DateTimeField(null=True, blank=True)
    # The last sign that mail arrives here, or the last "try again". What is older than it says nothing any more.
    mended_at = models.DateTimeField(null=True, blank=True)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_paused_for_a_cause",
                condition=Q(paused_at=None, paused_until=None, cause="") | (Q(paused_at__isnull=False) & ~Q(cause="")),
                violation_error_message="An address is paused exactly when there is a cause.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_only_rest_ends",
                condition=Q(cause="resting", paused_until__isnull=False) | (~Q(cause="resting") & Q(paused_until=None)),
                violation_error_message="A pause ends by itself exactly when the address rests.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address_hash[:8]}…"

    def is_paused(self, now: datetime) -> bool:
        """Tell what `SuppressionQuerySet.paused` tells."""
        return self.paused_at is not None and (self.paused_until is None or self.paused_until > now)

    def worth(self, at: datetime) -> float:
        """Return what the points are worth at a moment."""
        if self.points_at is None:
            return 0.0
        return self.points * 0.5 ** max(0.0, (at - self.points_at) / HALF_LIFE)

    def bounce(self, *, at: datetime) -> None:
        """Note that a mail came back for good."""
        if self._is_old(at):
            return
        if self.cause == self.Cause.BOUNCED and self.paused_at is not None:
            at = max(at, self.paused_at)
        self.paused_at, self.paused_until, self.cause = at, None, self.Cause.BOUNCED

    def put_off(self, *, at: datetime, now: datetime) -> None:
        """Note that a mail could not be delivered for the time being; the address rests when it happens too often."""
        if self._is_old(at):
            return
        latest = max(at, self.points_at or at)
        self.points = self.worth(latest) + 0.5 ** ((latest - at) / HALF_LIFE)
        self.points_at = latest
        if self.points >= POINTS_UNTIL_PAUSE and not self.is_paused(now):
            self.paused_at, self.paused_until, self.cause = at, now + REST, self.Cause.RESTING

    def arrive(self, *, at: datetime) -> None:
        """Note that a mail arrived."""
        if self._is_old(at):
            return
        self.mended_at, self.points = at, self.points / 2
        if self.paused_at is None or self.paused_at < at:
            self._resume()
            self.bounces = 0

    def try_again(self, *, at: datetime) -> None:
        """Let mails through again; one refusal is then enough to stop them."""
        self.mended_at = at
        self.bounces = min(self.bounces, 1)
        self._resume()

    def _is_old(self, at: datetime) -> bool:
        return self.mended_at is not None and at <= self.mended_at

    def _resume(self) -> None:
        self.paused_at, self.paused_until, self.cause = None, None, ""
