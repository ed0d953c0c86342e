"""The outbox: what is to be sent, what was, and what people do not want."""

import hashlib
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.db.models.functions import Coalesce, Length, Now
from django.db.models.lookups import Exact

from accounts.models import MAX_EMAIL_LENGTH, User
from core.encrypted import EncryptedTextField
from mail.registry import PREFERENCES

DEDUPE_LENGTH = PROVIDER_ID_LENGTH = 200
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


class InboundQuerySet(models.QuerySet["Inbound"]):
    def waiting(self) -> Self:
        """Mails that are still to be looked at."""
        return self.filter(state="waiting")

    def kept_since_before(self, moment: datetime) -> Self:
        """Mails set aside or given up before that moment, whose raw text is still there."""
        return self.filter(state__in=["quarantined", "dead"], finished_at__lt=moment, raw_size__gt=0)

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
        ]
        indexes = [
            models.Index(
                fields=["attempts", "not_before", "id"], name="mail_inbound_due", condition=Q(state="waiting")
            ),
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


class PreferenceQuerySet(models.QuerySet["Preference"]):
    def for_user(self, user: User) -> dict[str, bool]:
        """Return every switch of a person, on unless they turned it off."""
        return dict.fromkeys(PREFERENCES, True) | dict(self.filter(user=user).values_list("kind", "is_on"))


class Preference(models.Model):
    """A switch that a person touched: whether they want mails of one kind. No row means yes."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_preferences")
    kind = models.CharField(max_length=10, choices=list(PREFERENCES.items()))
    is_on = models.BooleanField()
    changed_at = models.DateTimeField()

    objects = PreferenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message="This switch is set already.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_known_kind",
                condition=Q(kind__in=sorted(PREFERENCES)),
                violation_error_message="There is no such kind of mail.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind} {'on' if self.is_on else 'off'}"


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    def paused(self) -> Self:
        """Addresses at which only account mail is tried at this moment, by the database's clock."""
        return self.filter(Q(paused_until=None) | Q(paused_until__gt=Now()), paused_at__isnull=False)


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


class DeliveryEventQuerySet(models.QuerySet["DeliveryEvent"]):
    def open(self, now: datetime) -> Self:
        """Events nobody dealt with that are to be looked at now."""
        return self.filter(state="new", look_at__lte=now)

    def bad(self) -> Self:
        """Events that count and say that a mail was not welcome or did not arrive."""
        return self.filter(state="counted").exclude(what="delivered")


class DeliveryEvent(models.Model):
    """Something a mail provider, or another mail server by a mail of its own, says became of a mail after we sent it.

    It holds no address and no words. It counts for the mail that `reference` names, if that went to this very address.
    """

    class What(models.TextChoices):
        DELIVERED = "delivered", "Arrived"
        BOUNCED = "bounced", "Came back"
        PUT_OFF = "put_off", "Not delivered for now"
        COMPLAINED = "complained", "Reported as spam"
        UNSUBSCRIBED = "unsubscribed", "Unsubscribed at the provider"

    class State(models.TextChoices):
        NEW = "new", "To be looked at"
        COUNTED = "counted", "Counted"
        IGNORED = "ignored", "Does not count"

    source = models.CharField(max_length=20)  # a provider's name, or "mail" for a report that came as one
    key = models.CharField(max_length=64, unique=True)  # hash of what it says about which mail: a repeat is no new row
    reference = models.CharField(max_length=PROVIDER_ID_LENGTH)  # Message-ID, or what the provider calls the mail
    to_hash = models.CharField(max_length=64)  # address_hash of the recipient it names
    what = models.CharField(max_length=12, choices=What)
    status = models.CharField(max_length=12, blank=True)  # RFC 3463, such as 5.1.1
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    look_at = models.DateTimeField()  # a mail that is just being sent is not known yet by the provider's name for it
    state = models.CharField(max_length=7, choices=State, default=State.NEW)
    reason = models.CharField(max_length=60, blank=True)  # why it does not count
    message = models.ForeignKey(Message, models.CASCADE, null=True, blank=True, related_name="delivery_events")

    objects = DeliveryEventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "what"],
                name="%(app_label)s_%(class)s_counts_once",
                condition=Q(state="counted"),
                violation_error_message="This was said about this mail before.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_counts_for_a_mail",
                condition=~Q(state="counted") | Q(message__isnull=False),
                violation_error_message="What counts is about a mail of ours.",
            ),
        ]
        indexes = [
            models.Index(fields=["look_at"], name="mail_event_new", condition=Q(state="new")),
            models.Index(fields=["received_at"], name="mail_event_received"),
        ]
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.what} ({self.state})"


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
