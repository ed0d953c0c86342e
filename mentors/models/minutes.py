"""What two people bring to a check-in and take from it: points to talk about, notes, things to do."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import User
from core.encrypted import EncryptedTextField
from core.forms import FIRST_DAY, LAST_DAY
from core.versioned import Versioned
from mentors.models.checkin import CheckIn
from sharing.models import Mentorship

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

MAX_POINT_LENGTH = 200
MAX_NOTES_LENGTH = 20_000
MAX_ACTION_LENGTH = 200
# More than this nobody talks about in one conversation.
MOST_OPEN_POINTS = 30


class OfCheckInQuerySet(models.QuerySet):
    """Rows that belong to a check-in are seen by whoever sees it."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(check_in__in=CheckIn.objects.visible_to(user).values("pk"))

    def editable_by(self, user: "User | AnonymousUser") -> Self:
        return self.filter(check_in__in=CheckIn.objects.editable_by(user).values("pk"))


class AgendaPointQuerySet(models.QuerySet["AgendaPoint"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(mentorship__in=Mentorship.objects.recorded_for(user).values("pk"))

    def editable_by(self, user: "User | AnonymousUser") -> Self:
        return self.visible_to(user).filter(mentorship__status="active")

    def open(self) -> Self:
        return self.filter(done_at=None)

    def of_check_in(self, check_in: CheckIn) -> Self:
        """What was talked about there and, as long as it is ahead, all that still waits to be talked about."""
        there = Q(check_in=check_in)
        waiting = Q(mentorship=check_in.mentorship_id, done_at=None)
        return self.filter(there | waiting if check_in.is_open else there)

    def written_by(self, user: User) -> Self:
        return self.filter(author=user)


class AgendaPoint(models.Model):
    """Something one of the two wants to talk about; both see it. It waits for the next check-in until it is ticked.

    `check_in` is where it was talked about: what was not reached stays on the list for next time.
    """

    mentorship = models.ForeignKey(Mentorship, models.CASCADE, related_name="points")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    text = models.CharField(max_length=MAX_POINT_LENGTH)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    check_in = models.ForeignKey(CheckIn, models.SET_NULL, null=True, blank=True, related_name="points")

    objects = AgendaPointQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_has_words",
                condition=~Q(text=""),
                violation_error_message="Say what you would like to talk about.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_open_is_nowhere",
                condition=Q(check_in=None) | Q(done_at__isnull=False),
                violation_error_message="A point belongs to a check-in once it was talked about there.",
            ),
        ]
        indexes = [models.Index(fields=["mentorship", "done_at", "id"], name="mentors_point_order")]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"point {self.pk}"


class NoteQuerySet(OfCheckInQuerySet):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """One's own, and what the other wrote for both."""
        return super().visible_to(user).filter(Q(author_id=user.pk) | Q(is_shared=True))

    def written_by(self, user: User) -> Self:
        """All one's own, of relations that have ended too: for the copy of one's own data."""
        return self.filter(author=user)


class Note(Versioned):
    """What one of the two wrote down about a check-in, for both (`is_shared`) or for their own eyes.

    Each writes rows of their own, so two who type at the same moment never overwrite each other; `version` guards
    against a second tab.
    """

    check_in = models.ForeignKey(CheckIn, models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    is_shared = models.BooleanField()
    text = EncryptedTextField(max_length=MAX_NOTES_LENGTH, blank=True)
    updated_at = models.DateTimeField()

    objects = NoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_one_of_each",
                fields=["check_in", "author", "is_shared"],
                violation_error_message="You have such a note already.",
            )
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"note {self.pk}"

    @property
    def author_name(self) -> str:
        return str(self.author) if self.author_id else "former member"


class ActionQuerySet(OfCheckInQuerySet):
    def owned_by_any(self, users: Iterable[User]) -> Self:
        """What any of these people said they would do."""
        return self.filter(owner__in=list(users))

    def open(self) -> Self:
        return self.filter(done_at=None)


class Action(models.Model):
    """Something one of the two said they would do, agreed in a check-in."""

    check_in = models.ForeignKey(CheckIn, models.CASCADE, related_name="actions")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    text = models.CharField(max_length=MAX_ACTION_LENGTH)
    due_on = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = ActionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_has_words",
                condition=~Q(text=""),
                violation_error_message="Say what is to be done.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_day_in_reach",
                condition=Q(due_on=None) | Q(due_on__range=(FIRST_DAY, LAST_DAY)),
                violation_error_message="Use a date between 1900 and 2200.",
            ),
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"action {self.pk}"
