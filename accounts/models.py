import secrets
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, Self
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from timezone_field import TimeZoneField

from core.timekeeping import local_day

MAX_EMAIL_LENGTH = 254  # RFC 5321, 4.5.3.1.3 less the angle brackets
# Long enough to notice the mail and come back, short enough to be a deletion.
DELETION_GRACE = timedelta(days=7)


class UserQuerySet(models.QuerySet["User"]):
    def mailable(self) -> Self:
        """Active people whose primary address is verified: the only ones list and event mail goes to."""
        verified = EmailAddress.objects.filter(user=OuterRef("pk"), primary=True, verified=True)
        return self.filter(Exists(verified), is_active=True, deletion_asked_at=None)

    def deletion_due(self, now: datetime) -> Self:
        """People whose days to change their mind are over."""
        return self.filter(deletion_asked_at__lte=now - DELETION_GRACE)

    def never_verified(self, joined_before: datetime) -> Self:
        """Sign-ups that nobody finished: no address of theirs was ever verified."""
        verified = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
        return self.filter(~Exists(verified), last_login=None, is_staff=False, date_joined__lt=joined_before)


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
    # When the operator was told that the second factor is lost (accounts/recovery.py).
    second_factor_reset_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Part of every session's check: counting up signs out everywhere, whatever became of the session store.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

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

    @property
    def deletion_due_at(self) -> datetime | None:
        """The moment from which the account may be erased; None unless its owner asked for that."""
        return self.deletion_asked_at + DELETION_GRACE if self.deletion_asked_at else None

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # Django compares this with the session on every request; its own version knows the password only.
        salt = "accounts.models.User.get_session_auth_hash"
        return salted_hmac(salt, f"{self.password}{self.session_epoch}", secret=secret, algorithm="sha256").hexdigest()

    def move_to(self, zone: ZoneInfo) -> None:
        """Set the time zone the person said they live in; called by accounts.zones, which tells the apps above."""
        self.time_zone, self.time_zone_is_guess = zone, False
        self.save(update_fields=["time_zone", "time_zone_is_guess"])

    def sign_out_everywhere(self) -> None:
        """End every session of this person with the next request it makes."""
        type(self).objects.filter(pk=self.pk).update(session_epoch=F("session_epoch") + 1)
        self.refresh_from_db(fields=["session_epoch"])

    def ask_deletion(self, *, at: datetime) -> None:
        self.deletion_asked_at = at
        self.save(update_fields=["deletion_asked_at"])

    def keep_account(self) -> None:
        """Take the wish to be deleted back."""
        self.deletion_asked_at = None
        self.save(update_fields=["deletion_asked_at"])

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

    def ending_from(self, day: date) -> Self:
        """Breaks that are not over on this local day: present ones and those to come."""
        return self.filter(Q(until_on=None) | Q(until_on__gte=day))


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

    def covers(self, day: date) -> bool:
        """Tell whether a local day lies in it."""
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)


class ErasureQuerySet(models.QuerySet["Erasure"]):
    def record(self, user: User, *, at: datetime) -> "Erasure":
        """Note that `user` is about to be erased."""
        latest = self.order_by("pk").last()
        salt = latest.salt if latest else secrets.token_hex(16)
        return self.get_or_create(digest=Erasure.digest_of(user, salt), defaults={"salt": salt, "erased_at": at})[0]


class Erasure(models.Model):
    """One erased account, told apart by a salted hash only, so that a restored backup can be erased again.

    The hash covers the sign-up time too: after a restore the numbers of accounts start over, and a new person must not
    be taken for an erased one.
    """

    digest = models.CharField(max_length=64, unique=True)
    salt = models.CharField(max_length=32)
    erased_at = models.DateTimeField()

    objects = ErasureQuerySet.as_manager()

    class Meta:
        ordering = ["erased_at", "pk"]

    def __str__(self) -> str:
        return f"{self.digest} {self.salt} {self.erased_at.isoformat()}"

    @staticmethod
    def digest_of(user: User, salt: str) -> str:
        """Return the hash by which the ledger knows an account, 64 hexadecimal digits."""
        return sha256(f"{salt}:{user.pk}:{user.date_joined.isoformat()}".encode()).hexdigest()
