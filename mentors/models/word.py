"""The words by which mentors can be found."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Word(models.Model):
    """One word of names, headlines, topics, industries and companies, for the nearest to one that nobody wrote.

    Trigrams are compared with this list, not with every profile: it grows far slower than they do
    (https://www.postgresql.org/docs/current/pgtrgm.html, "Text Search Integration").
    """

    word = models.CharField(max_length=60, primary_key=True)

    class Meta:
        indexes = [GinIndex(fields=["word"], name="mentors_word_trigrams", opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.word
