"""Who may see what: the one rule, in one place. Other apps inherit it; none states it again."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from core.encrypted import EncryptedTextField

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

M = TypeVar("M", bound="Shareable")
C = TypeVar("C", bound="Comment")


class MentorshipQuerySet(models.QuerySet["Mentorship"]):
    def active(self) -> Self:
        """Relations in force now; a pause keeps sight."""
        return self.filter(status="active")

    def ended(self) -> Self:
        return self.filter(status="ended")

    def of_mentee(self, user: User) -> Self:
        """Relations in which `user` shows."""
        return self.filter(mentee=user)

    def of_mentor(self, user: User) -> Self:
        """Relations in which `user` reads, as mentor or colleague."""
        return self.filter(mentor=user)

    def involving(self, user: User) -> Self:
        return self.filter(Q(mentee=user) | Q(mentor=user))

    def visible_to(self, user: User) -> Self:
        """Relations a person may open: their own, from either side, also after the end."""
        return self.involving(user)

    def recorded_for(self, user: "User | AnonymousUser") -> Self:
        """Relations of kind mentor whose meetings and advice a person may read: the mentee for good, the mentor while
        they are in force. A colleague does not meet.
        """
        return self.filter(kind="mentor").filter(Q(mentee_id=user.pk) | Q(mentor_id=user.pk, status="active"))

    def with_people(self) -> Self:
        return self.select_related("mentor", "mentee")


class Mentorship(models.Model):
    """One direction of trust: the mentee shows, the mentor reads and comments. An ended row never reopens."""

    class Kind(models.TextChoices):
        MENTOR = "mentor", "Mentor"
        COLLEAGUE = "colleague", "Colleague"

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        ENDED = "ended", "Ended"

    mentee = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mentorships_as_mentee")
    # SET_NULL: a deleted account leaves "former member" and the mentee's copy of the comments.
    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="mentorships_as_mentor"
    )
    kind = models.CharField(max_length=9, choices=Kind, default=Kind.MENTOR)
    status = models.CharField(max_length=6, choices=Status, default=Status.ACTIVE)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    paused_until = models.DateField(null=True, blank=True)

    objects = MentorshipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_not_self",
                condition=Q(mentor=None) | ~Q(mentor=F("mentee")),
                violation_error_message="You cannot be your own mentor.",
            ),
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_one_active_pair",
                fields=["mentor", "mentee"],
                condition=Q(status="active"),
                violation_error_message="You two already work together here.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_ended_has_a_time",
                condition=Q(status="active", ended_at=None) | Q(status="ended", ended_at__isnull=False),
                violation_error_message="An ended relation needs the time of its end.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_active_has_a_mentor",
                condition=Q(status="ended") | Q(mentor__isnull=False),
                violation_error_message="An active relation needs both people.",
            ),
        ]
        indexes = [
            models.Index(fields=["mentor", "status"], name="sharing_ms_mentor_status"),
            models.Index(fields=["mentee", "status"], name="sharing_ms_mentee_status"),
        ]

    def __str__(self) -> str:
        return f"{self.mentor_name} for {self.mentee}"

    def get_absolute_url(self) -> str:
        return f"/mentorships/{self.pk}/"

    @property
    def mentor_name(self) -> str:
        return str(self.mentor) if self.mentor_id else "former member"

    @property
    def is_active(self) -> bool:
        return self.status == self.Status.ACTIVE

    @property
    def is_mentor(self) -> bool:
        """A mentor may suggest, rate and meet; a colleague reads and comments."""
        return self.kind == self.Kind.MENTOR

    def other(self, user: User) -> User | None:
        """Return the person on the other side; None once their account is gone."""
        return self.mentor if user.pk == self.mentee_id else self.mentee

    def end(self, *, at: datetime) -> None:
        """End all sight from the next request on; nothing else needs sweeping."""
        self.status, self.ended_at = self.Status.ENDED, at
        self.save(update_fields=["status", "ended_at"])


class ShareableQuerySet(models.QuerySet[M]):
    """The rule. A model that keeps some of its rows from readers says so in `readable_when` and nowhere else."""

    # Lookups that a shared row must meet before a reader sees it; drafts and the like do not.
    readable_when: dict[str, Any] = {}

    def alive(self) -> Self:
        """Not in the bin."""
        return self.filter(deleted_at=None)

    def for_readers(self) -> Self:
        """Rows a reader may see once they are shared; drafts and the like stay out."""
        return self.alive().filter(**self.readable_when)

    def owned_by(self, user: "User | AnonymousUser") -> Self:
        return self.alive().filter(owner_id=user.pk)

    def owned_by_any(self, users: Iterable[User]) -> Self:
        """What any of these people owns, for mails that are written in batches."""
        return self.alive().filter(owner__in=list(users))

    def editable_by(self, user: "User | AnonymousUser") -> Self:
        return self.owned_by(user)

    def all_of(self, user: User) -> Self:
        """Everything of one owner, the bin included: for the copy of their own data."""
        return self.filter(owner_id=user.pk)

    def in_bin_of(self, user: "User | AnonymousUser") -> Self:
        """What the owner deleted and may still bring back."""
        return self.filter(owner_id=user.pk, deleted_at__isnull=False)

    def shared_pks(self, user: "User | AnonymousUser") -> models.QuerySet[Any]:
        """Keys of what was shared with a relation in which `user` is the reader and which is active at this moment."""
        through = self.model.shared_with.through._default_manager.filter(  # type: ignore[attr-defined]
            mentorship__mentor_id=user.pk, mentorship__status="active"
        )
        return through.values(f"{self.model._meta.model_name}_id")

    def shared_with_reader(self, user: "User | AnonymousUser") -> Self:
        """What others share with `user` now."""
        return self.for_readers().filter(pk__in=self.shared_pks(user))

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Mine, or shared with a relation in which I am the reader and which is active now."""
        if user.pk is None:
            return self.none()
        return self.alive().filter(Q(owner_id=user.pk) | Q(pk__in=self.shared_pks(user), **self.readable_when))

    def shared_through(self, mentorship: Mentorship) -> Self:
        """What this one relation shows its reader now; nothing once it has ended."""
        if not mentorship.is_active:
            return self.none()
        return self.for_readers().filter(shared_with=mentorship)

    def deleted_before(self, moment: datetime) -> Self:
        return self.filter(deleted_at__lt=moment)


class Shareable(models.Model):
    """Something a person owns and may show, as a whole, to named people.

    A subclass declares its own `shared_with = ManyToManyField(Mentorship, related_name=..., blank=True)`.
    """

    owner_id: int
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="%(class)ss")
    # Readers see each other's threads only when the owner opened them.
    threads_open = models.BooleanField(default=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def readers(self) -> MentorshipQuerySet:
        """Relations that can see this now, with their people; for the owner's eyes only."""
        return self.shared_with.active().with_people().order_by("started_at", "pk")  # type: ignore[attr-defined]

    def put_in_bin(self, *, at: datetime) -> None:
        """Hide from everyone at once and unshare; the owner can bring it back for 30 days."""
        self.deleted_at = at
        self.save(update_fields=["deleted_at"])
        self.shared_with.clear()  # type: ignore[attr-defined]

    def take_from_bin(self) -> None:
        """Bring back, private again."""
        self.deleted_at = None
        self.save(update_fields=["deleted_at"])


class CommentQuerySet(models.QuerySet[C]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """The owner sees all threads; a reader the threads of their own active relations, and all that are open."""
        if user.pk is None:
            return self.none()
        items: Any = self.model._meta.get_field("item").related_model._default_manager.all()  # type: ignore[union-attr]
        readable = {f"item__{lookup}": value for lookup, value in items.readable_when.items()}
        own_thread = Q(mentorship__mentor_id=user.pk, mentorship__status="active")
        shown = Q(item__in=items.shared_pks(user), **readable) & (own_thread | Q(item__threads_open=True))
        return self.filter(Q(item__owner_id=user.pk) | shown, item__deleted_at=None)

    def editable_by(self, user: User) -> Self:
        """One's own words, as long as one may still see the thing and they were not removed."""
        return self.visible_to(user).filter(author=user, removed_at=None)

    def removable_by(self, user: User) -> Self:
        """One's own words, or any words on one's own thing."""
        return self.visible_to(user).filter(Q(author=user) | Q(item__owner=user), removed_at=None)

    def written_to_others(self, user: User) -> Self:
        """One's own words on other people's things, whether one may still see those or not."""
        return self.filter(author_id=user.pk, removed_at=None).exclude(item__owner_id=user.pk)

    def addressed_to(self, user: User) -> Self:
        """Words that the other person of a thread wrote to `user`, as long as both read there."""
        theirs = Q(item__owner_id=user.pk) | Q(mentorship__mentor_id=user.pk)
        there = self.visible_to(user).filter(theirs, removed_at=None, author__isnull=False, mentorship__status="active")
        return there.exclude(author_id=user.pk)

    def in_thread(self, mentorship_id: int) -> Self:
        return self.filter(mentorship_id=mentorship_id)

    def with_people(self) -> Self:
        return self.select_related("author", "mentorship", "removed_by")


class Comment(models.Model):
    """Words in one thread: an item and a mentorship. A subclass adds `item`, the foreign key to what is discussed."""

    mentorship = models.ForeignKey(Mentorship, models.CASCADE, related_name="%(app_label)s_%(class)ss")
    author_id: int | None
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="%(app_label)s_%(class)ss"
    )
    text = models.TextField(max_length=10_000)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)  # set only for edits later than EDIT_GRACE
    mailed_at = models.DateTimeField(null=True, blank=True)  # when it came, for one that was an answer by mail
    kept_at = models.DateTimeField(null=True, blank=True)  # when the owner of the thing kept it as advice
    # What that mail quoted and how it was signed: for its author alone.
    folded = EncryptedTextField(blank=True, default="", db_default="", editable=False)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = CommentQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_has_words",
                condition=Q(removed_at__isnull=False) | ~Q(text=""),
                violation_error_message="A comment needs words.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.author_name}, {self.created_at:%Y-%m-%d}"

    @property
    def author_name(self) -> str:
        return str(self.author) if self.author_id else "former member"

    @property
    def marks(self) -> str:
        """What is said behind its time: that it came by email, and that it was edited later."""
        return (", by email" if self.mailed_at else "") + (", edited" if self.edited_at else "")

    @property
    def kept_url(self) -> str:
        """Where the advice of its mentor stands (the page is of a higher app)."""
        return f"/mentorships/{self.mentorship_id}/advice/"

    def note_mail(self, *, at: datetime, folded: str) -> None:
        """Note that it came as an answer by mail, with what was folded away of it."""
        self.mailed_at, self.folded = at, folded
        self.save(update_fields=["mailed_at", "folded"])

    def keep(self, *, at: datetime) -> None:
        """Note that it was kept as advice (mentors.models.Advice names it), so that its page can say so."""
        self.kept_at = at
        self.save(update_fields=["kept_at"])


class BlockQuerySet(models.QuerySet["Block"]):
    def owned_by(self, user: User) -> Self:
        """Whom this person blocked; nobody else is ever told."""
        return self.filter(blocker=user)


class Block(models.Model):
    """A person who wants nothing more from another: no invitation, request or comment. Known to the blocker only."""

    blocker = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="blocks")
    blocked = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField()

    objects = BlockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once",
                fields=["blocker", "blocked"],
                violation_error_message="You have blocked this person already.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_not_self",
                condition=~Q(blocker=F("blocked")),
                violation_error_message="You cannot block yourself.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.blocker} blocked {self.blocked}"

    @classmethod
    def between(cls, one: User, other: User) -> bool:
        """Tell whether either of the two has blocked the other."""
        return cls.objects.filter(Q(blocker=one, blocked=other) | Q(blocker=other, blocked=one)).exists()
