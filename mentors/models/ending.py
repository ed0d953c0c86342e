"""What is left when two people part: words about the time, and a page for the next mentor."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from core.versioned import Versioned
from sharing.models import Block, Mentorship, Shareable, ShareableQuerySet

MAX_LOOK_BACK = 2000
MAX_HANDOVER = 3000  # characters of each of its three parts


class LookBackQuerySet(models.QuerySet["LookBack"]):
    def written_by(self, user: User) -> Self:
        return self.filter(author=user)

    def written_to(self, user: User) -> Self:
        """The other's in one's own ended mentorships, whether one may read it yet or not.

        Where one of the two blocks the other there is nothing of the other, as if they had not written.
        """
        sides = Q(mentorship__mentee=user) | Q(mentorship__mentor=user)
        theirs = Block.objects.filter(blocker=OuterRef("author"), blocked=user)
        mine = Block.objects.filter(blocker=user, blocked=OuterRef("author"))
        found = self.filter(sides, mentorship__status="ended").exclude(author=user)
        return found.filter(~Exists(theirs), ~Exists(mine))

    def readable_by(self, user: User) -> Self:
        """The other's words: once one wrote too, or where they are shown at once."""
        own = LookBack.objects.filter(mentorship=OuterRef("mentorship"), author=user)
        return self.written_to(user).filter(Q(shows_at_once=True) | Exists(own))


class LookBack(models.Model):
    """What one of the two says came of an ended mentorship; their own to change or take away at any time."""

    mentorship = models.ForeignKey(Mentorship, models.CASCADE, related_name="look_backs")
    author_id: int | None
    # SET_NULL: what the other could read stays theirs when the account is gone; the rest goes with it (services).
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="look_backs")
    words = models.TextField(max_length=MAX_LOOK_BACK)
    # The other may read it without having written.
    shows_at_once = models.BooleanField(default=False)
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, blank=True)

    objects = LookBackQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once",
                fields=["mentorship", "author"],
                violation_error_message="You have written about this time already.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_has_words",
                condition=~Q(words=""),
                violation_error_message="A look back needs words.",
            ),
        ]
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return f"{self.author_name} on {self.mentorship}"

    @property
    def author_name(self) -> str:
        return str(self.author) if self.author else "former member"


class HandoverQuerySet(ShareableQuerySet["Handover"]):
    def about(self, mentorship: Mentorship) -> Self:
        return self.alive().filter(mentorship=mentorship)


class Handover(Versioned, Shareable):
    """What a mentee tells their next mentor about the time with another one. Private until it is shown, as a goal is.

    Whoever it is about never reads it through that relation, and it does not name them.
    """

    mentorship = models.ForeignKey(Mentorship, models.CASCADE, related_name="handovers")
    shared_with = models.ManyToManyField(Mentorship, related_name="handovers_read", blank=True)
    worked_on = models.TextField("what we worked on", max_length=MAX_HANDOVER, blank=True)
    helped = models.TextField("what helped", max_length=MAX_HANDOVER, blank=True)
    still_open = models.TextField("what is open", max_length=MAX_HANDOVER, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = HandoverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_one_each",
                fields=["mentorship"],
                condition=Q(deleted_at=None),
                violation_error_message="You have written a handover of this time already.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_has_words",
                condition=~Q(worked_on="", helped="", still_open=""),
                violation_error_message="A handover needs words.",
            ),
        ]

    def __str__(self) -> str:
        return f"handover {self.pk}"

    def get_absolute_url(self) -> str:
        return f"/mentors/handovers/{self.pk}/"
