"""What comes in at reply addresses."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from core.encrypted import EncryptedTextField


class InboundQuerySet(models.QuerySet["Inbound"]):
    def waiting(self) -> Self:
        """Mails that are still to be looked at."""
        return self.filter(state="waiting")

    def kept_since_before(self, moment: datetime) -> Self:
        """Mails set aside or given up before that moment, whose raw text is still there."""
        return self.filter(state__in=["quarantined", "dead"], finished_at__lt=moment, raw_size__gt=0)

    def of_token_day(self, token_day: str) -> Self:
        """Mails to one reply address on one day."""
        return self.filter(token_day=token_day).exclude(token_day="")

    def finished_before(self, moment: datetime) -> Self:
        """Mails that came to any end before that moment."""
        return self.filter(finished_at__lt=moment)


class Inbound(models.Model):
    """One mail that came to a reply address: kept raw until it was looked at, then only that it came.

    The row stays for a while without its text, so that a mail delivered twice is answered once.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        USED = "used", "Used"
        REFUSED = "refused", "Not used"
        QUARANTINED = "quarantined", "Set aside"
        DEAD = "dead", "Given up"

    class Reason(models.TextChoices):
        UNKNOWN = "unknown", "No mail of ours has this reply address"
        EXPIRED = "expired", "The reply address is too old"
        SENDER = "sender", "It came from somebody else"
        AUTOMATIC = "automatic", "A machine wrote it"
        CLOSED = "closed", "Its writer may no longer write there"
        EMPTY = "empty", "Nothing new was written in it"
        UNREADABLE = "unreadable", "It is too large, too deep or broken"
        TOO_MANY = "too_many", "Too many came to its reply address that day"

    # SHA-256 over Message-ID and reply address, or over the whole where it has no Message-ID.
    key = models.CharField(max_length=64, unique=True, editable=False)
    via = models.CharField(max_length=20)  # the provider, or "command"
    raw = EncryptedTextField(blank=True, default="", editable=False)  # its bytes as latin-1; emptied when looked at
    raw_size = models.PositiveIntegerField(default=0)  # in bytes; 0 once it was emptied
    envelope = EncryptedTextField(blank=True, default="", editable=False)  # JSON: sender and recipient, if known
    received_at = models.DateTimeField()
    not_before = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=11, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=10, choices=Reason, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)  # counted before each, so that a killed worker counts
    attachments = models.PositiveSmallIntegerField(default=0)  # left out
    # Hash of reply address and day, to count by; forgotten once the day is over.
    token_day = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    # How many came to one reply address beyond what is stored of a day; one row stands for all of them.
    dropped = models.PositiveIntegerField(default=0, db_default=0)

    objects = InboundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_end_has_a_time",
                condition=Q(state="waiting", finished_at=None) | (~Q(state="waiting") & Q(finished_at__isnull=False)),
                violation_error_message="A mail has a time of its end exactly when it came to one.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_says_why_not",
                condition=(Q(state__in=["refused", "quarantined"]) & ~Q(reason=""))
                | (~Q(state__in=["refused", "quarantined"]) & Q(reason="")),
                violation_error_message="A mail that was not used says why, and no other does.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_is_not_kept",
                condition=Q(state__in=["waiting", "quarantined", "dead"])
                | (Q(raw_size=0) & Exact(Length("raw"), 0) & Exact(Length("envelope"), 0)),
                violation_error_message="The raw text of a mail is erased once it was looked at.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_counts_what_was_dropped",
                condition=Q(reason="too_many", dropped__gt=0) | (~Q(reason="too_many") & Q(dropped=0)),
                violation_error_message="A row counts dropped mails exactly when too many came.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["attempts", "not_before", "id"], name="mail_inbound_due", condition=Q(state="waiting")
            ),
            models.Index(fields=["token_day"], name="mail_inbound_token_day", condition=~Q(token_day="")),
        ]
        ordering = ["-pk"]
        verbose_name = "inbound mail"

    def __str__(self) -> str:
        return f"inbound {self.pk} ({self.state})"

    def end(self, state: str, *, at: datetime, reason: str = "", attachments: int = 0) -> None:
        """Note what became of it; its raw text goes, unless it is set aside."""
        self.state, self.reason, self.finished_at, self.attachments = state, reason, at, attachments
        if state != self.State.QUARANTINED:
            self.raw, self.envelope, self.raw_size = "", "", 0
        self.save()
