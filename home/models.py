"""What home keeps of its own; everything else it shows belongs to the apps below."""

from datetime import date, datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import User
from core.tokens import hash_token

# How exactly "last read" is known. A program that asks every minute costs a write every five.
READ_EVERY = timedelta(minutes=5)
MAX_PROGRAM_LENGTH = 60


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def owned_by(self, user: User) -> Self:
        return self.filter(owner=user)

    def with_token(self, token: str) -> Self:
        return self.filter(token_hash=hash_token(token))

    def readable(self) -> Self:
        """Feeds of people who are here: not of a closed account, nor of one about to be deleted."""
        return self.filter(owner__is_active=True, owner__deletion_asked_at=None)


class CalendarFeed(models.Model):
    """The secret address under which calendar programs read one person's dates. Turned off: there is no row.

    Only the hash of its token is kept, so the address is shown once, when it is made.
    """

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField()
    # False: "A milestone" instead of its title, because an address can get into other hands.
    shows_titles = models.BooleanField("show titles", default=False)
    read_at = models.DateTimeField(null=True, blank=True, editable=False)
    read_by = models.CharField(max_length=MAX_PROGRAM_LENGTH, blank=True, editable=False)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_token_is_hashed",
                condition=Q(token_hash__regex="^[0-9a-f]{64}$"),  # noqa: S106 - a pattern
                violation_error_message="Only the hash of a token is stored.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_read_by_has_a_time",
                condition=Q(read_by="") | Q(read_at__isnull=False),
                violation_error_message="What read the feed did so at some time.",
            ),
        ]

    def __str__(self) -> str:
        return f"calendar feed {self.pk}"

    @property
    def mark(self) -> str:
        """Tells this address from the one before, and says nothing about either."""
        return self.token_hash[:8]

    def was_read_lately(self, now: datetime) -> bool:
        """Tell whether the last reading is known as exactly as it needs to be."""
        return self.read_at is not None and self.read_at <= now < self.read_at + READ_EVERY


class SnoozeQuerySet(models.QuerySet["Snooze"]):
    def asleep(self, user: User, day: date) -> Self:
        """What this person set aside and has not come back on this local day."""
        return self.filter(owner=user, until_on__gt=day)

    def over(self, user: User, day: date) -> Self:
        return self.filter(owner=user, until_on__lte=day)


class Snooze(models.Model):
    """A row of "Needs you" that somebody set aside until a day, or until something new happens there.

    `kind` and `number` name the thing as the desk does (mentors.needs.Need.key); a thing that is gone needs no row, so
    nothing hangs on one that is left over.
    """

    class Kind(models.TextChoices):
        GOAL = "goal", "Goal"
        ENTRY = "entry", "Entry"
        WIN = "win", "Win"
        INVITATION = "invitation", "Invitation"
        REQUEST = "request", "Request"
        ACTION = "action", "Something promised"
        CHECK_IN = "checkin", "Times for a check-in"
        QUIET = "quiet", "A quiet pair"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="snoozes")
    kind = models.CharField(max_length=10, choices=Kind)
    number = models.BigIntegerField()
    until_on = models.DateField()  # the day it comes back
    at = models.DateTimeField()

    objects = SnoozeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once",
                fields=["owner", "kind", "number"],
                violation_error_message="You have set this aside already.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_kind_known",
                condition=Q(kind__in=["goal", "entry", "win", "invitation", "request", "action", "checkin", "quiet"]),
                violation_error_message="Only what waits on the desk can be set aside.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} until {self.until_on}"

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.number}"
