"""The outbox: what is to be sent, and what was."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from accounts.models import MAX_EMAIL_LENGTH, User
from core.encrypted import EncryptedTextField
from mail.models.preference import Preference
from mail.models.suppression import AddressHash, Suppression

DEDUPE_LENGTH = PROVIDER_ID_LENGTH = 200


class MessageQuerySet(models.QuerySet["Message"]):
    def waiting(self) -> Self:
        """Rows that are still to be sent or on their way."""
        return self.filter(state__in=["queued", "sending"])

    def finished_before(self, moment: datetime) -> Self:
        """Rows that came to any end before that moment."""
        return self.filter(finished_at__lt=moment)

    def expired(self, now: datetime) -> Self:
        """Waiting rows that nobody needs any more."""
        return self.filter(state="queued", expires_at__lte=now)

    def with_recipient(self) -> Self:
        """Add the person, and what is true of them at this moment, in one query.

        `is_mailable` and `is_switched_off` are about a person with an account, `is_stopped` about an address whose
        owner stopped all mail of this server, `is_paused` and `has_bounced` about one that refused mail.
        """
        suppressed = Suppression.objects.filter(address_hash=OuterRef("to_hash"))
        return self.select_related("user").annotate(
            to_hash=AddressHash(Coalesce(F("user__email"), F("to"))),
            is_mailable=Exists(User.objects.mailable().filter(pk=OuterRef("user_id"))),
            is_switched_off=Exists(
                Preference.objects.filter(user=OuterRef("user_id"), kind=OuterRef("preference"), is_on=False)
            ),
            is_stopped=Exists(suppressed.filter(stopped_at__isnull=False)),
            is_paused=Exists(suppressed.paused()),
            has_bounced=Exists(suppressed.filter(bounces__gt=0)),
        )


class Message(models.Model):
    """One mail to one address, written in the transaction of its cause and rendered when it is sent."""

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        SENDING = "sending", "Sending"
        SENT = "sent", "Sent"
        FAILED = "failed", "Refused for good"
        SKIPPED = "skipped", "Not needed any more"
        DEAD = "dead", "Given up"

    class Skip(models.TextChoices):
        """Why a mail is not sent, and how its reader is told."""

        EXPIRED = "expired", "it came too late to be useful"
        BOUNCING = "the address keeps refusing mail", "emails to your address came back"
        STOPPED = "the address wants no mail of this server", "all mail to this address is stopped"
        UNCONFIRMED = "the recipient has no verified address or is leaving", "your address is not confirmed"
        SWITCHED_OFF = "switched off", "you turned this kind off"
        OUT_OF_SIGHT = "no longer visible to the reader", "no longer needed"

    # None: someone without an account. Deleting an account deletes what was to be said to it.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="mail_messages"
    )
    # Where the mail goes; for a person with an account their address at the moment of sending counts.
    to = models.EmailField(max_length=MAX_EMAIL_LENGTH)
    kind = models.CharField(max_length=40)
    # The switch of its kind when it was queued, so that one query can tell who turned it off. Empty: none.
    preference = models.CharField(max_length=10, blank=True)
    priority = models.PositiveSmallIntegerField()
    ids = models.JSONField(default=dict)  # what it is about: {"comment": 5}
    # One effect per cause: a second row with the same key is not written.
    dedupe = models.CharField(max_length=DEDUPE_LENGTH, unique=True)
    message_id = models.CharField(max_length=200, unique=True)  # fixed here, so that a repeat can be recognised
    # What the mail provider calls it in its events, where that is not our Message-ID.
    provider_id = models.CharField(max_length=PROVIDER_ID_LENGTH, blank=True, default="", db_default="")
    # What account mail must say and only its cause knew (a code, a link); JSON, emptied when the mail is done with.
    context = EncryptedTextField(blank=True, default="")
    # What is kept of the token in its Reply-To (mail.tokens). Empty: this mail cannot be answered by replying.
    reply_hash = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)

    queued_at = models.DateTimeField()
    not_before = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=7, choices=State, default=State.QUEUED)
    reason = models.CharField(max_length=300, blank=True)  # why it was skipped, or the last error
    tries = models.PositiveSmallIntegerField(default=0)  # times a mail server said "later"
    deaths = models.PositiveSmallIntegerField(default=0)  # times the worker holding it died or crashed
    lease = models.UUIDField(null=True, blank=True)  # who holds it
    lease_until = models.DateTimeField(null=True, blank=True)  # by the database's clock

    # Added by with_recipient().
    is_mailable: bool
    is_switched_off: bool
    is_stopped: bool
    is_paused: bool
    has_bounced: bool

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_leased_while_sending",
                condition=Q(state="sending", lease__isnull=False, lease_until__isnull=False)
                | (~Q(state="sending") & Q(lease=None, lease_until=None)),
                violation_error_message="A mail is leased exactly while it is being sent.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_end_has_a_time",
                condition=Q(state__in=["queued", "sending"], finished_at=None)
                | (~Q(state__in=["queued", "sending"]) & Q(finished_at__isnull=False)),
                violation_error_message="A mail has a time of its end exactly when it came to one.",
            ),
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_one_reply_token",
                fields=["reply_hash"],
                condition=~Q(reply_hash=""),
                violation_error_message="Another mail has this reply address.",
            ),
        ]
        indexes = [
            models.Index(fields=["priority", "not_before", "id"], name="mail_message_due", condition=Q(state="queued")),
            models.Index(fields=["lease_until"], name="mail_message_leased", condition=Q(state="sending")),
            models.Index(fields=["finished_at"], name="mail_message_done", condition=Q(finished_at__isnull=False)),
            models.Index(fields=["provider_id"], name="mail_message_provider", condition=~Q(provider_id="")),
        ]
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} ({self.state})"

    @property
    def address(self) -> str:
        """Where it goes now: a person may have changed their address since."""
        return self.user.email if self.user else self.to


class OutboxState(models.Model):
    """One row: whether mail flows at all, and when somebody last looked."""

    swept_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)  # by an operator, until an operator resumes
    pause_reason = models.CharField(max_length=200, blank=True)
    # The mail server cannot be used at all: nobody tries before this moment.
    broken_until = models.DateTimeField(null=True, blank=True)
    broken_reason = models.CharField(max_length=300, blank=True)
    failures = models.PositiveIntegerField(default=0)  # in a row
    # pg_control_system().system_identifier of the cluster this database lives in: another one means a restore.
    cluster = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_only_one",
                condition=Q(pk=1),
                violation_error_message="There is one outbox.",
            )
        ]

    def __str__(self) -> str:
        return "outbox"
