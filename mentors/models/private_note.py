"""What a mentor writes down about somebody, for their own eyes."""

from typing import Self

from django.conf import settings
from django.db import models

from accounts.models import User
from core.encrypted import EncryptedTextField
from core.versioned import Versioned
from sharing.models import Mentorship

MAX_PRIVATE_NOTE_LENGTH = 20_000


class PrivateNoteQuerySet(models.QuerySet["PrivateNote"]):
    def written_by(self, user: User) -> Self:
        """The author's own, of relations that have ended too: nobody else reads these."""
        return self.filter(author=user)


class PrivateNote(Versioned):
    """One reader's notes about one relation, for nobody else. They outlast its end, not the other's account.

    One row for each relation and author; encrypted, because they are about a person.
    """

    mentorship = models.ForeignKey(Mentorship, models.CASCADE, related_name="private_notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="private_notes")
    text = EncryptedTextField(max_length=MAX_PRIVATE_NOTE_LENGTH, blank=True)
    updated_at = models.DateTimeField()

    objects = PrivateNoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_one_each",
                fields=["mentorship", "author"],
                violation_error_message="You have notes about this relation already.",
            )
        ]

    def __str__(self) -> str:
        return f"private note {self.pk}"
