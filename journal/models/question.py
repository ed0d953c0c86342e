"""Questions of a person's own, and which questions they want to be asked, or not."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import User
from core.encrypted import EncryptedTextField
from core.versioned import Versioned
from journal.questions.asked import OWN
from journal.questions.library import TAGS

OWN_LENGTH = 200
# One a week goes round in seven months.
MAX_OWN = 30


class OwnQuestionQuerySet(models.QuerySet["OwnQuestion"]):
    def alive(self) -> Self:
        return self.filter(deleted_at=None)

    def owned_by(self, user: User) -> Self:
        """All that anybody may see or change: a question is shared only as part of an entry that answers it."""
        return self.alive().filter(owner=user)

    def in_bin_of(self, user: User) -> Self:
        return self.filter(owner=user, deleted_at__isnull=False)

    def deleted_before(self, moment: datetime) -> Self:
        return self.filter(deleted_at__lt=moment)


class OwnQuestion(Versioned):
    """A question somebody wrote for themselves. Its words are private, like the journal: encrypted, and in no mail."""

    class Kind(models.TextChoices):
        WEEK = "week", "Weekly reflections"
        MONTH = "month", "Monthly reflections"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="own_questions")
    text = EncryptedTextField(max_length=OWN_LENGTH)
    kind = models.CharField(max_length=5, choices=Kind, default=Kind.WEEK)
    # Tags of the library: kinds of weeks. None means that it fits any.
    fits = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = OwnQuestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_known_kind",
                condition=Q(kind__in=["week", "month"]),
                violation_error_message="A question is asked in weekly or in monthly reflections.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_known_tags",
                condition=Q(fits__contained_by=list(TAGS)),
                violation_error_message="Choose from the list when the question fits.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_monthly_fits_any",
                condition=Q(kind="week") | Q(fits=[]),
                violation_error_message="A question of a month fits every month. Take the ticks away, or ask it in weeks.",
            ),
        ]
        indexes = [models.Index(fields=["owner", "id"], name="journal_own_question", condition=Q(deleted_at=None))]
        ordering = ["pk"]

    def __str__(self) -> str:
        # Never its words: this stands in logs and staff pages.
        return f"Question {self.pk}"

    def get_absolute_url(self) -> str:
        return f"/journal/questions/{self.pk}/edit/"

    @property
    def name(self) -> str:
        """What periods and wishes call it."""
        return f"{OWN}{self.pk}"

    def put_in_bin(self, *, at: datetime) -> None:
        self.deleted_at = at
        self.save(update_fields=["deleted_at"])

    def take_from_bin(self) -> None:
        self.deleted_at = None
        self.save(update_fields=["deleted_at"])


class QuestionWishQuerySet(models.QuerySet["QuestionWish"]):
    def owned_by(self, user: User) -> Self:
        return self.filter(owner=user)

    def wanted(self) -> Self:
        return self.filter(wish="ask")


class QuestionWish(models.Model):
    """That somebody wants to be asked one question next, or not at all. Gone once the question was asked."""

    class Wish(models.TextChoices):
        ASK = "ask", "Comes next"
        LEAVE = "leave", "Not for me"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="question_wishes")
    # An id of the library, or "own-12".
    question = models.CharField(max_length=30)
    wish = models.CharField(max_length=5, choices=Wish)
    at = models.DateTimeField()

    objects = QuestionWishQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_one_a_question",
                fields=["owner", "question"],
                violation_error_message="You have said so about this question.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_known_wish",
                condition=Q(wish__in=["ask", "leave"]),
                violation_error_message="A question comes next or is left out.",
            ),
        ]
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.owner}: {self.question}"
