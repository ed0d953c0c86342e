"""What goes back to a mentor: what the mentee offers, and thanks."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from sharing.models import Mentorship

MAX_OFFER_LENGTH = 500
MAX_THANKS_LENGTH = 1000


class OfferQuerySet(models.QuerySet["Offer"]):
    def visible_to(self, user: User) -> Self:
        """One's own; and to a reader what is offered in a relation that is active now."""
        read = Q(mentorship__mentor=user, mentorship__status="active")
        return self.filter(Q(mentorship__mentee=user) | read)

    def made_by(self, user: User) -> Self:
        return self.filter(mentorship__mentee=user)


class Offer(models.Model):
    """What a mentee can do for one reader in return, in their own words. One row for each relation."""

    mentorship = models.OneToOneField(Mentorship, models.CASCADE, related_name="mentee_offer")
    words = models.TextField(max_length=MAX_OFFER_LENGTH)
    changed_at = models.DateTimeField()

    objects = OfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_has_words",
                condition=~Q(words=""),
                violation_error_message="Say what you offer.",
            )
        ]

    def __str__(self) -> str:
        return f"offer {self.pk}"


class ThanksQuerySet(models.QuerySet["Thanks"]):
    def received_by(self, user: User) -> Self:
        """What this person was thanked for, unless one of the two blocks the other: thanks are not for pressing."""
        blocked = user.blocks.values("blocked")
        return self.filter(recipient=user).filter(Q(sender=None) | ~Q(sender__in=blocked))

    def sent_by(self, user: User) -> Self:
        return self.filter(sender=user)

    def with_people(self) -> Self:
        return self.select_related("sender", "recipient")


class Thanks(models.Model):
    """One thing that helped, named by one of two people and kept by the other.

    It belongs to who got it: it outlasts the relation and the sender's account, which leaves "former member".
    """

    sender_id: int | None
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="thanks_received")
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="thanks_sent")
    mentorship = models.ForeignKey(Mentorship, models.SET_NULL, null=True, related_name="thanks")
    words = models.TextField(max_length=MAX_THANKS_LENGTH)
    sent_at = models.DateTimeField()

    objects = ThanksQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_has_words",
                condition=~Q(words=""),
                violation_error_message="Name one thing that helped.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_not_self",
                condition=Q(sender=None) | ~Q(sender=F("recipient")),
                violation_error_message="Thanks go to somebody else.",
            ),
        ]
        indexes = [models.Index(fields=["recipient", "-sent_at", "-id"], name="mentors_thanks_list")]
        ordering = ["-sent_at", "-pk"]

    def __str__(self) -> str:
        return f"thanks {self.pk}"

    @property
    def sender_name(self) -> str:
        return str(self.sender) if self.sender_id else "former member"
