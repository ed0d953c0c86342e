"""Asking somebody by e-mail to be one's reader."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower

from accounts.models import MAX_EMAIL_LENGTH, User
from core.encrypted import EncryptedTextField
from core.tokens import hash_token, new_token
from goals.models import Goal
from sharing.models import Block, Mentorship

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

# Long enough for a holiday, short enough that an old mail found by somebody else opens nothing.
OPEN_FOR = timedelta(days=14)
MAX_MESSAGE_LENGTH = 1000
MAX_NOTE_LENGTH = 1000


def mask_email(email: str) -> str:
    """Return an address that its owner recognises and nobody else learns, such as "r•••@e•••.org"."""
    name, _, domain = email.partition("@")
    host, _, ending = domain.rpartition(".")
    return f"{name[:1]}•••@{host[:1]}•••.{ending}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def owned_by(self, user: User) -> Self:
        """Invitations this person sent."""
        return self.filter(sender=user)

    def with_token(self, token: str) -> Self:
        return self.filter(token_hash=hash_token(token))

    def open(self, now: datetime) -> Self:
        """Invitations that can be answered at this moment."""
        return self.filter(
            state="sent", expires_at__gt=now, sender__is_active=True, sender__deletion_asked_at__isnull=True
        )

    def overdue(self, now: datetime) -> Self:
        """Invitations that ran out; until housekeeping writes it down, the time alone says so."""
        return self.filter(state="sent", expires_at__lte=now)

    def open_or_closed_since(self, moment: datetime) -> Self:
        """What the sender waits for, and each no and each silence they may not have seen; not what they took back, nor
        what they asked of the same person again.
        """
        closed = Q(state__in=["declined", "expired"], closed_at__gte=moment)
        newer = Invitation.objects.filter(
            sender=OuterRef("sender"), email=OuterRef("email"), created_at__gt=OuterRef("created_at")
        )
        return self.filter(closed | Q(state="sent", expires_at__gte=moment)).filter(~Exists(newer))

    def closed_before(self, moment: datetime) -> Self:
        return self.filter(closed_at__lt=moment)

    def to_address(self, email: str) -> Self:
        return self.filter(email=email.lower())

    def addressed_to(self, user: "User | AnonymousUser") -> Self:
        """Invitations to an address that this person has proved to be theirs, from others than themselves."""
        own = EmailAddress.objects.filter(user_id=user.pk, verified=True)
        return self.filter(email__in=own.values(address=Lower("email"))).exclude(sender_id=user.pk)

    def without_blocks(self) -> Self:
        """Leave out those between two people one of whom blocked the other."""
        theirs = Block.objects.filter(blocked_id=OuterRef("sender_id")).filter(
            blocker__emailaddress__email__iexact=OuterRef("email"), blocker__emailaddress__verified=True
        )
        own = Block.objects.filter(blocker_id=OuterRef("sender_id")).filter(
            blocked__emailaddress__email__iexact=OuterRef("email"), blocked__emailaddress__verified=True
        )
        return self.filter(~Exists(theirs), ~Exists(own))

    def asking(self, user: User, now: datetime) -> Self:
        """Open invitations that wait for this person's answer."""
        return self.open(now).addressed_to(user).without_blocks()


class Invitation(models.Model):
    """A request by e-mail to become somebody's reader. It opens nothing until the addressed person accepts it.

    The sender becomes the mentee: the one who shows. Only the hash of the link's token finds the row. The token itself
    is kept encrypted while the invitation is open, because a mail is rendered when it is handed over, not when it is
    asked for, and emptied when it closes. (Deriving it from SECRET_KEY was the other way: then a changed key kills
    every open link, whereas FIELD_KEYS can be rotated, and a closed invitation would keep a token that can be made
    again.)
    """

    class State(models.TextChoices):
        SENT = "sent", "Sent"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"
        EXPIRED = "expired", "Expired"

    sender = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="invitations")
    email = models.EmailField("their e-mail address", max_length=MAX_EMAIL_LENGTH)  # lower case
    kind = models.CharField(max_length=9, choices=Mentorship.Kind, default=Mentorship.Kind.MENTOR)
    message = models.TextField("your words", max_length=MAX_MESSAGE_LENGTH)
    state = models.CharField(max_length=9, choices=State, default=State.SENT)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # What the asked person may read once they accept; the page says how many before.
    goals = models.ManyToManyField(Goal, related_name="invitations", blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    decline_note = models.TextField(max_length=MAX_NOTE_LENGTH, blank=True)
    mentorship = models.OneToOneField(
        Mentorship, models.SET_NULL, null=True, blank=True, related_name="invitation", editable=False
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    token = EncryptedTextField(blank=True, editable=False)
    # When its mails were asked for, oldest first: what the limits in services.py count.
    mailed_at = ArrayField(models.DateTimeField(), default=list, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_one_open",
                fields=["sender", "email", "kind"],
                condition=Q(state="sent"),
                violation_error_message="You have asked this address already.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_closed_has_a_time",
                condition=Q(state="sent", closed_at=None) | (~Q(state="sent") & Q(closed_at__isnull=False)),
                violation_error_message="A closed invitation needs the time it closed.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_relation_was_accepted",
                condition=Q(mentorship=None) | Q(state="accepted"),
                violation_error_message="Only an accepted invitation opens a relation.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_note_was_declined",
                condition=Q(decline_note="") | Q(state="declined"),
                violation_error_message="Only a declined invitation has a note.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_expires_later",
                condition=Q(expires_at__gt=F("created_at")),
                violation_error_message="An invitation expires after it was sent.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_email_lower_case",
                condition=Q(email=Lower("email")),
                violation_error_message="Addresses are stored in lower case.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_has_words",
                condition=~Q(message=""),
                violation_error_message="Say in your own words what you ask for.",
            ),
        ]
        indexes = [
            models.Index(fields=["email", "-created_at"], name="mentors_inv_email"),
            models.Index(fields=["sender", "-created_at", "-id"], name="mentors_inv_sender"),
            models.Index(fields=["created_at"], name="mentors_inv_created"),
            models.Index(fields=["expires_at"], condition=Q(state="sent"), name="mentors_inv_expiry"),
        ]
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.sender} asks {self.masked_email}"

    @property
    def answer_path(self) -> str:
        """The asked person's page, while the invitation is open. Not get_absolute_url: admin pages link that."""
        return f"/mentors/invitations/{self.token}/"

    @property
    def masked_email(self) -> str:
        return mask_email(self.email)

    @property
    def is_mentor(self) -> bool:
        return self.kind == Mentorship.Kind.MENTOR

    @property
    def role(self) -> str:
        """What the asked person would be, in the middle of a sentence."""
        return "mentor" if self.is_mentor else "trusted colleague"

    def is_open(self, now: datetime) -> bool:
        return self.state == self.State.SENT and self.expires_at > now

    def has_run_out(self, now: datetime) -> bool:
        """Whether nobody answered in time; housekeeping writes that down later."""
        return self.state == self.State.EXPIRED or (self.state == self.State.SENT and self.expires_at <= now)

    def new_token(self) -> None:
        """Give the link 128 random bits. Not saved."""
        self.token = new_token()
        self.token_hash = hash_token(self.token)

    def accept(self, mentorship: Mentorship, *, at: datetime) -> None:
        self.mentorship = mentorship
        self._close(self.State.ACCEPTED, at)

    def decline(self, note: str, *, at: datetime) -> None:
        self.decline_note = note
        self._close(self.State.DECLINED, at)

    def withdraw(self, *, at: datetime) -> None:
        self._close(self.State.WITHDRAWN, at)

    def expire(self) -> None:
        self._close(self.State.EXPIRED, self.expires_at)

    def _close(self, state: str, at: datetime) -> None:
        self.state, self.closed_at, self.token = state, at, ""
        self.save(update_fields=["state", "closed_at", "token", "decline_note", "mentorship"])
