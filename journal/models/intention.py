"""What was meant for a week or month, and whether it came true."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import User
from core.encrypted import EncryptedTextField
from journal.models.entry import Entry

INTENTION_LENGTH = 200


class IntentionQuerySet(models.QuerySet["Intention"]):
    def alive(self) -> Self:
        """Not those whose reflection lies in the bin: deleting it takes the intention out of the next mail too."""
        return self.filter(entry__deleted_at=None)

    def owned_by(self, user: User) -> Self:
        return self.alive().filter(owner=user)

    def visible_to(self, user: User) -> Self:
        """One's own, and those that end an entry one may read."""
        return self.filter(entry__in=Entry.objects.visible_to(user).values("pk"))

    def for_period(self, key: str) -> Self:
        return self.filter(key=key)

    def between(self, first_key: str, last_key: str) -> Self:
        """What was meant for the weeks, or months, from one key to another, both included."""
        return self.filter(key__gte=first_key, key__lte=last_key)


class Intention(models.Model):
    """What somebody wants to do in one week or month, in a sentence: the last answer of the reflection before it, or set
    by itself.

    The only words of a journal that appear in a mail, its own one, and in none if the person hides private text.
    """

    class CameTrue(models.TextChoices):
        YES = "yes", "Yes"
        PARTLY = "partly", "Partly"
        NO = "no", "Not yet"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="intentions")
    entry = models.OneToOneField(Entry, models.CASCADE, null=True, blank=True, related_name="intention")
    key = models.CharField("for the week or month", max_length=8)
    text = EncryptedTextField(max_length=INTENTION_LENGTH)
    came_true = models.CharField(max_length=6, choices=CameTrue, blank=True, default="")
    created_at = models.DateTimeField()

    objects = IntentionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_key_is_a_period",
                condition=Q(key__regex=r"^[0-9]{4}-(W[0-5][0-9]|0[1-9]|1[0-2])$"),
                violation_error_message="A week is written like 2026-W47, a month like 2026-11.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_known_outcome",
                condition=Q(came_true="") | Q(came_true__in=["yes", "partly", "no"]),
                violation_error_message="It came true, partly, or not yet.",
            ),
        ]
        indexes = [models.Index(fields=["owner", "key"], name="journal_intention_week")]
        ordering = ["-key", "-pk"]

    def __str__(self) -> str:
        return f"{self.owner}: {self.key}"

    def reword(self, text: str) -> None:
        self.text = text
        self.save(update_fields=["text"])

    def answer(self, came_true: str) -> None:
        """Note whether it came true; the empty string takes the answer back."""
        self.came_true = came_true
        self.save(update_fields=["came_true"])
