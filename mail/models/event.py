"""What is heard of a mail after it left."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from mail.models.message import PROVIDER_ID_LENGTH, Message


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
