from datetime import date, datetime
from typing import Any, Self

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from timezone_field import TimeZoneField

from core.timekeeping import local_day

MAX_EMAIL_LENGTH = 254  # RFC 5321, 4.5.3.1.3 less the angle brackets


class UserQuerySet(models.QuerySet["User"]):
    def mailable(self) -> Self:
        """Active people whose primary address is verified: the only ones list and event mail goes to."""
        verified = EmailAddress.objects.filter(user=OuterRef("pk"), primary=True, verified=True)
        return self.filter(Exists(verified), is_active=True, deletion_asked_at=None)

    def deletion_due(self, before: datetime) -> Self:
        """People who asked before that moment to be deleted and did not take it back."""
        return self.filter(deletion_asked_at__lte=before)


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Makes accounts that sign in by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an account; without a password it is entered by code or passkey only."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an operator's account; the admin pages still ask for a second factor."""
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractUser):
    """A person: someone who grows, a mentor, usually both. Signs in by e-mail address."""

    class Theme(models.TextChoices):
        SYSTEM = "system", "Like my device"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField("e-mail address", max_length=MAX_EMAIL_LENGTH, unique=True)
    name = models.CharField("your name", max_length=80, blank=True)
    time_zone = TimeZoneField("time zone", default="UTC")
    # True until the person (or their browser, with their yes) said where they live.
    time_zone_is_guess = models.BooleanField(default=True)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, default="en")
    theme = models.CharField(max_length=6, choices=Theme, default=Theme.SYSTEM)
    mails_hide_text = models.BooleanField("no private text in mails", default=False)
    deletion_asked_at = models.DateTimeField(null=True, blank=True, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []
    objects = UserManager()  # type: ignore[misc]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="%(app_label)s_%(class)s_email_any_case",
                violation_error_message="There is an account with this address already.",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def given_name(self) -> str:
        """The first word of the name, as letters and buttons use it; the part before the @ while there is none."""
        return self.name.split(" ")[0] if self.name else self.email.partition("@")[0]

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return self.given_name

    def today(self, now: datetime) -> date:
        """Return the person's own calendar day at the instant `now`."""
        return local_day(self.time_zone, now)


class BreakQuerySet(models.QuerySet["Break"]):
    def covering(self, day: date) -> Self:
        """Breaks that include this local day."""
        return self.filter(from_on__lte=day).filter(Q(until_on=None) | Q(until_on__gte=day))

    def touching(self, first: date, last: date) -> Self:
        """Breaks that share at least one day with the span."""
        return self.filter(from_on__lte=last).filter(Q(until_on=None) | Q(until_on__gte=first))


class Break(models.Model):
    """Days on which a person wants to hear nothing; weeks inside it are "away", never missed."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="breaks")
    from_on = models.DateField("from")
    until_on = models.DateField("until", null=True, blank=True)  # empty: until further notice

    objects = BreakQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_ends_after_start",
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
                violation_error_message="A break cannot end before it starts.",
            )
        ]
        ordering = ["-from_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.user}: {self.from_on} to {self.until_on or 'further notice'}"
