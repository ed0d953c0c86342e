"""What came by mail into an entry, beside the words that became part of it."""

from django.db import models

from core.encrypted import EncryptedTextField
from journal.models.entry import Entry


class MailedAnswer(models.Model):
    """One answer by mail that became part of an entry: when it came, and what of it was folded away."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="mailed_answers")
    received_at = models.DateTimeField()
    # What it quoted and how it was signed: for the owner alone, should something have been folded by mistake.
    folded = EncryptedTextField(blank=True, default="")

    class Meta:
        ordering = ["received_at", "pk"]

    def __str__(self) -> str:
        return f"answer by mail {self.pk}"
