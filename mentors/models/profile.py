"""What somebody offers who would take mentees, as everybody signed in may read it."""

from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from accounts.models import User
from sharing.models import Block, Mentorship

MAX_TOPICS = 12
MAX_TOPIC_LENGTH = 40
MAX_CAPACITY = 20
MAX_WORDS_LENGTH = 1000


class ProfileQuerySet(models.QuerySet["Profile"]):
    def listed(self) -> Self:
        """Profiles whose owner wants to be found and whose account is in use."""
        return self.filter(is_listed=True, owner__is_active=True, owner__deletion_asked_at__isnull=True)

    def owned_by(self, user: User) -> Self:
        return self.filter(owner=user)

    def open_to(self, user: User) -> Self:
        """Listed profiles of others whom this person may ask: neither of the two blocks the other."""
        blocking = Block.objects.filter(blocked=user).values("blocker")
        blocked = Block.objects.owned_by(user).values("blocked")
        return self.listed().exclude(owner=user).exclude(owner__in=blocking).exclude(owner__in=blocked)

    def with_a_place(self, day: date) -> Self:
        """Profiles that take somebody on this day: not paused, and with fewer mentees than they have places."""
        mentees = Mentorship.objects.active().filter(mentor=OuterRef("owner"), kind=Mentorship.Kind.MENTOR)
        taken = mentees.order_by().values("mentor").annotate(number=Count("pk")).values("number")
        here = self.filter(Q(paused_until=None) | Q(paused_until__lt=day))
        return here.alias(taken=Coalesce(Subquery(taken), 0)).filter(capacity__gt=F("taken"))

    def sharing(self, topics: list[str]) -> Self:
        """Profiles that name some of these topics (in lower case), with how many as `shared`, most first."""
        shared = RawSQL(_SHARED, [topics], output_field=models.IntegerField())  # noqa: S611 - constant
        return self.annotate(shared=shared).filter(shared__gt=0).order_by("-shared", "pk")


_SHARED = (
    "(SELECT count(DISTINCT lower(topic)) FROM unnest(mentors_profile.topics) AS topic WHERE lower(topic) = ANY(%s))"
)


class Profile(models.Model):
    """A person's offer to be a mentor: opt-in, written by themselves, readable by everybody who is signed in.

    One row per person who ever wrote one; `is_listed` says whether others find it now.
    """

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mentor_profile")
    is_listed = models.BooleanField(default=False)
    headline = models.CharField(max_length=120)  # "Research lead at a hospital group, 14 years in"
    helps_with = models.TextField(max_length=MAX_WORDS_LENGTH)
    asks_for = models.TextField(max_length=MAX_WORDS_LENGTH, blank=True)  # what they ask of mentees
    # As typed, without doubles in any case; compared in lower case.
    topics = ArrayField(models.CharField(max_length=MAX_TOPIC_LENGTH), default=list, blank=True, size=MAX_TOPICS)
    industry = models.CharField(max_length=60, blank=True)
    company = models.CharField(max_length=80, blank=True)
    languages = ArrayField(models.CharField(max_length=3), default=list, blank=True)  # ISO 639 codes
    capacity = models.PositiveSmallIntegerField(default=2)  # mentees at a time
    hours_a_month = models.PositiveSmallIntegerField(null=True, blank=True)
    answers_within = models.PositiveSmallIntegerField(null=True, blank=True)  # days
    # The last day on which they take nobody new.
    paused_until = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = ProfileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_capacity_in_range",
                condition=Q(capacity__lte=MAX_CAPACITY),
                violation_error_message=f"Nobody looks after more than {MAX_CAPACITY} people well.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.owner}, {self.headline}"

    def get_absolute_url(self) -> str:
        return f"/mentors/{self.pk}/"

    def is_paused(self, day: date) -> bool:
        """Tell whether they take nobody new on this day."""
        return self.paused_until is not None and self.paused_until >= day

    def places_taken(self) -> int:
        """Return how many people they look after now, as mentor; colleagues do not count."""
        return Mentorship.objects.active().of_mentor(self.owner).filter(kind=Mentorship.Kind.MENTOR).count()
