"""What somebody offers who would take mentees, as everybody signed in may read it."""

from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.db.models.expressions import RawSQL

from accounts.models import User
from sharing.models import Block, Mentorship

MAX_TOPICS = 12
MAX_TOPIC_LENGTH = 40
MAX_CAPACITY = 20
MAX_WORDS_LENGTH = 1000
MAX_HOURS_A_MONTH = 40
MAX_DAYS_TO_ANSWER = 60


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

    def without_blocks(self, user: User) -> Self:
        """Leave out people who blocked this person, or whom they blocked."""
        theirs = Block.objects.filter(blocker=OuterRef("owner"), blocked=user)
        own = Block.objects.filter(blocker=user, blocked=OuterRef("owner"))
        return self.filter(~Exists(theirs), ~Exists(own))

    def visible_to(self, user: User) -> Self:
        """Everybody's who wants to be found, and one's own; never across a block."""
        listed = Q(is_listed=True, owner__is_active=True, owner__deletion_asked_at=None)
        return self.filter(Q(owner=user) | listed).without_blocks(user)

    def with_a_place(self, day: date) -> Self:
        """Those who take somebody new on this day."""
        return self.filter(Q(paused_until=None) | Q(paused_until__lt=day), taken__lt=F("capacity"))

    def with_owner(self) -> Self:
        return self.select_related("owner")


class Profile(models.Model):
    """A person's offer to be a mentor: opt-in, written by themselves, readable by everybody who is signed in.

    One row per person who ever wrote one; `is_listed` says whether others find it now. The columns from `name` to
    `taken` repeat what other tables say, so that a search reads one index and one table: triggers of the database keep
    the first four (migration 0012_profiles_follow), services the other two. Pages show what the other tables say.
    """

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mentor_profile")
    is_listed = models.BooleanField(default=False)
    headline = models.CharField(max_length=120, blank=True)  # "Research lead at a hospital group, 14 years in"
    helps_with = models.TextField(max_length=MAX_WORDS_LENGTH, blank=True)
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
    # The how-manieth change of any offer the last one of this was. By trigger, whenever `updated_at` changes.
    changed = models.BigIntegerField(db_default=RawSQL("nextval('mentors_changes')", []), editable=False)
    # By trigger: the owner's name and zone, whether the account is in use, and how many places are taken.
    name = models.CharField(max_length=80, default="", editable=False)
    zone = models.CharField(max_length=63, default="UTC", editable=False)
    is_here = models.BooleanField(default=True, editable=False)
    taken = models.PositiveSmallIntegerField(default=0, editable=False)
    # By services: what the topics are about (mentors.match.keys_of), and the half hours of a week, counted in UTC from
    # Monday 0:00, in which the owner has time (0 to 335; for the offsets of this week).
    keys = ArrayField(models.CharField(max_length=60), default=list, editable=False)
    halves = ArrayField(models.PositiveSmallIntegerField(), default=list, editable=False)
    search = models.GeneratedField(
        expression=Func(
            "name",
            "headline",
            "helps_with",
            "topics",
            "industry",
            "company",
            function="mentors_document",
            output_field=SearchVectorField(),
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    facets = models.GeneratedField(
        expression=Func(
            "keys",
            "industry",
            "languages",
            "zone",
            "halves",
            "changed",
            function="mentors_facets",
            output_field=ArrayField(models.TextField()),
        ),
        output_field=ArrayField(models.TextField()),
        db_persist=True,
    )

    objects = ProfileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_capacity_in_range",
                condition=Q(capacity__lte=MAX_CAPACITY),
                violation_error_message=f"Nobody looks after more than {MAX_CAPACITY} people well.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_listed_says_something",
                condition=Q(is_listed=False) | ~(Q(headline="") | Q(helps_with="")),
                violation_error_message="Say who you are and what you can help with before others can find you.",
            ),
        ]
        indexes = [
            # Without a pending list: what a search reads must not depend on when the table was last vacuumed.
            GinIndex(
                fields=["search", "facets"],
                name="mentors_profile_search",
                condition=Q(is_listed=True, is_here=True),
                fastupdate=False,
            ),
            # Most searches end among those who have a place: as an index, that is no list to read.
            GinIndex(
                fields=["search", "facets"],
                name="mentors_profile_open",
                condition=Q(is_listed=True, is_here=True, taken__lt=F("capacity")),
                fastupdate=False,
            ),
            # Both without words: of one that nearly everybody uses, all the list is read, for little. A search that does not
            # say `changed > 0`, which is always so, is not answered by them. docs/decisions/0128-words-that-everybody-uses.md
            GinIndex(
                fields=["facets"],
                name="mentors_profile_facets",
                condition=Q(is_listed=True, is_here=True, changed__gt=0),
                fastupdate=False,
            ),
            GinIndex(
                fields=["facets"],
                name="mentors_profile_open_facets",
                condition=Q(is_listed=True, is_here=True, taken__lt=F("capacity"), changed__gt=0),
                fastupdate=False,
            ),
            models.Index(
                fields=["-changed"],
                name="mentors_profile_newest",
                condition=Q(is_listed=True, is_here=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner}, {self.headline}"

    def get_absolute_url(self) -> str:
        return f"/mentors/{self.pk}/"

    def is_paused(self, day: date) -> bool:
        """Tell whether they take nobody new on this day."""
        return self.paused_until is not None and self.paused_until >= day

    @property
    def places_free(self) -> int:
        """How many more people they take, pauses aside."""
        return max(0, self.capacity - self.taken)

    def takes_somebody(self, day: date) -> bool:
        """Tell whether somebody new can ask them on this day."""
        return self.is_listed and self.places_free > 0 and not self.is_paused(day)

    def places_taken(self) -> int:
        """Count how many people they look after now, as mentor; colleagues do not count. `taken` says the same."""
        return Mentorship.objects.active().of_mentor(self.owner).filter(kind=Mentorship.Kind.MENTOR).count()
