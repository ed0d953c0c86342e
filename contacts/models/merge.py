"""Two contacts that turned out to be one person, and two that did not."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from contacts.models.contact import Contact

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class MergeQuerySet(models.QuerySet["Merge"]):
    def owned_by(self, user: "User | AnonymousUser") -> Self:
        """One's own that can be undone: the other person still lies aside, and the one who stayed is there."""
        return self.filter(owner_id=user.pk, kept__deleted_at=None, gone__deleted_at__isnull=False)


class Merge(models.Model):
    """How one contact became part of another, with all it takes to take them apart again.

    It lives as long as the one who is `gone` lies aside, which is as long as anything lies in the bin.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kept = models.ForeignKey(Contact, models.CASCADE, related_name="merges")
    gone_id: int
    gone = models.OneToOneField(Contact, models.CASCADE, related_name="merged_away")
    merged_at = models.DateTimeField()
    # Fields of the one who stayed, as they were and as the merge left them: {"role": ["Nurse", "Head nurse"]}.
    changed = models.JSONField(default=dict)
    # Ids of what went over, by table and column: {"contacts.followup.contact": [3, 9]}; and under "labels" ways of the
    # one who stayed with the label they got: [[7, "work"]].
    moved = models.JSONField(default=dict)

    objects = MergeQuerySet.as_manager()

    class Meta:
        ordering = ["-merged_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_of_two",
                condition=~Q(kept=F("gone")),
                violation_error_message="Nobody can be merged with themselves.",
            )
        ]

    def __str__(self) -> str:
        return f"merge {self.pk}"


class Apart(models.Model):
    """Two contacts of whom the owner said that they are not the same person."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    first = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    second = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_said_once",
                fields=["first", "second"],
                violation_error_message="You said so already.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_in_order",
                condition=Q(first__lt=F("second")),
                violation_error_message="The older contact stands first.",
            ),
        ]

    def __str__(self) -> str:
        return f"apart {self.pk}"

    @classmethod
    def say(cls, one: Contact, other: Contact, *, at: datetime) -> None:
        """Remember that these are two people; twice is once."""
        first, second = sorted((one, other), key=lambda contact: contact.pk)
        cls._default_manager.get_or_create(
            first=first, second=second, defaults={"owner_id": one.owner_id, "said_at": at}
        )
