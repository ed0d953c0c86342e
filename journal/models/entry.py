"""A journal: what was written about a week, a month or by itself, and what others wrote to it."""

from datetime import date, datetime
from typing import Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.expressions import RawSQL

from accounts.models import User
from core.encrypted import EncryptedTextField
from core.versioned import Versioned
from goals.models import Goal
from journal import periods
from journal.fields import AnswersField, TagsField
from journal.mentions import without_names
from journal.models.about import EntryGoal
from journal.models.period import Period
from sharing.models import Comment, Mentorship, Shareable, ShareableQuerySet

# What the owner's list brings along with each entry. Written out, because building the same expressions anew for each
# page took longer than Postgres takes to answer them; neither says who may see an entry.
READER_NAMES = """ARRAY(
    SELECT a.name FROM journal_entry_shared_with s
    JOIN sharing_mentorship r ON r.id = s.mentorship_id AND r.status = 'active'
    JOIN accounts_user a ON a.id = r.mentor_id WHERE s.entry_id = journal_entry.id ORDER BY s.id)"""
COMMENT_COUNT = """(
    SELECT count(*) FROM journal_entrycomment c WHERE c.item_id = journal_entry.id AND c.removed_at IS NULL)"""


class EntryQuerySet(ShareableQuerySet["Entry"]):
    # Only what was finished: a reader never sees somebody in the middle of a thought.
    readable_when = {"finished_at__isnull": False}

    def finished(self) -> Self:
        return self.filter(finished_at__isnull=False)

    def drafts(self) -> Self:
        return self.filter(finished_at=None)

    def moods(self) -> Self:
        """How days went, tapped on This week."""
        return self.filter(kind="mood")

    def with_mood_between(self, first: date, last: date) -> Self:
        """Moods and notes that say how these days went, both included; of each day the latest comes last."""
        found = self.filter(kind__in=["mood", "note"], entry_on__range=(first, last), mood__isnull=False)
        return found.order_by("entry_on", "updated_at", "pk")

    def days_between(self, first: date, last: date) -> list[tuple[date, bool]]:
        """The days of these entries, both included, and whether each is a reflection: what a calendar draws."""
        rows = self.filter(entry_on__range=(first, last)).order_by().values_list("entry_on", "kind")
        return [(day, kind == "reflection") for day, kind in rows]

    def reflections(self) -> Self:
        return self.filter(kind="reflection")

    def of_period(self, key: str) -> Self:
        """The reflection about that week or month."""
        return self.filter(kind="reflection", period__key=key)

    def with_week(self) -> Self:
        """Bring the period and the intention along."""
        return self.select_related("period", "intention")

    def written_between(self, first: date, last: date) -> Self:
        """Finished entries of these local days, both included."""
        return self.finished().filter(entry_on__range=(first, last))

    def with_words_between(self, first: date, last: date) -> Self:
        """The same without days of which only the mood was noted."""
        return self.written_between(first, last).exclude(kind="mood")

    def moved_between(self, first: datetime, last: datetime) -> Self:
        """Entries finished in this span of time, whatever day they are about."""
        return self.filter(finished_at__gte=first, finished_at__lt=last)

    def starred(self) -> Self:
        """Entries their owner wants to find again."""
        return self.filter(starred_at__isnull=False)

    def about_goal(self, goal_pk: int) -> Self:
        """Entries that name this goal; whose they are is asked elsewhere."""
        return self.filter(goal_links__goal_id=goal_pk)

    def tagged(self) -> Self:
        """Entries with at least one tag."""
        has_tags: Any = RawSQL("journal_entry.tags <> ''", (), output_field=models.BooleanField())
        return self.filter(has_tags)

    def notes(self) -> Self:
        return self.filter(kind="note")

    def from_page(self, page: str) -> Self:
        """What an open page saved last."""
        return self.filter(saved_from=page) if page else self.none()

    def as_read_by(self, viewer: User) -> Self:
        """Bring along `hidden_names`: words that name goals which `viewer` may not see now, to be left out for them."""
        hidden = EntryGoal.objects.filter(entry=OuterRef("pk")).exclude(goal__in=Goal.objects.visible_to(viewer))
        return self.annotate(hidden_names=ArraySubquery(hidden.order_by("pk").values("words")))

    def shared(self) -> Self:
        """Entries that somebody can read now."""
        return self.finished().filter(Exists(_active_shares()))

    def with_list_columns(self) -> Self:
        """Bring along what the owner's list shows: `reader_names` and `comment_count`."""
        names = ArrayField(models.TextField())
        return self.select_related("period").annotate(
            reader_names=RawSQL(READER_NAMES, (), output_field=names),  # noqa: S611 - constant
            comment_count=RawSQL(COMMENT_COUNT, (), output_field=models.IntegerField()),  # noqa: S611 - constant
        )


def _active_shares() -> models.QuerySet[Any]:
    through = Entry.shared_with.through._default_manager
    return through.filter(entry_id=OuterRef("pk"), mentorship__status="active")


class Entry(Shareable, Versioned):
    """Something a person wrote down: the reflection of one week or month, a note of a day, or how a day went (mood, one tap).

    Words are encrypted at rest. A draft (no `finished_at`) is the owner's alone, whatever it is shared with.
    """

    class Kind(models.TextChoices):
        REFLECTION = "reflection", "Reflection"
        NOTE = "note", "Note"
        MOOD = "mood", "Mood"

    class Mood(models.IntegerChoices):
        ROUGH = 1, "Rough"
        LOW = 2, "Low"
        OKAY = 3, "Okay"
        GOOD = 4, "Good"
        GREAT = 5, "Great"

    class Energy(models.IntegerChoices):
        EMPTY = 1, "Empty"
        LOW = 2, "Low"
        EVEN = 3, "Even"
        HIGH = 4, "High"
        FULL = 5, "Full"

    kind = models.CharField(max_length=10, choices=Kind)
    period = models.ForeignKey(Period, models.RESTRICT, null=True, blank=True, related_name="entries")
    entry_on = models.DateField("day")
    title = EncryptedTextField(blank=True, default="")
    text = EncryptedTextField(blank=True, default="")
    answers = AnswersField(blank=True, default=dict)
    tags = TagsField(blank=True, default=list, db_default=Value(""))
    mood = models.PositiveSmallIntegerField(choices=Mood, null=True, blank=True)
    energy = models.PositiveSmallIntegerField(choices=Energy, null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    starred_at = models.DateTimeField(null=True, blank=True)
    # The open page that saved last: when its answer was lost on the way, its next save is no foreign edit.
    saved_from = models.CharField(max_length=32, blank=True, default="", editable=False)
    # The number of that save, growing on its page: one that arrives late is told from a newer one.
    saved_number = models.PositiveBigIntegerField(default=0, db_default=0, editable=False)
    mailed_at = models.DateTimeField(null=True, blank=True, editable=False)  # when an answer by mail last came into it
    shared_with = models.ManyToManyField(Mentorship, related_name="entries", blank=True)
    goals = models.ManyToManyField(Goal, through=EntryGoal, related_name="entries", blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_reflection_has_a_period",
                condition=Q(kind="reflection", period__isnull=False) | Q(kind__in=["note", "mood"], period=None),
                violation_error_message="A reflection belongs to a week or month, a note does not.",
            ),
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_one_mood_a_day",
                fields=["owner", "entry_on"],
                condition=Q(kind="mood", deleted_at=None),
                violation_error_message="This day has its mood already.",
            ),
            # In the bin an older one may lie beside the one written since.
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_one_reflection_a_period",
                fields=["period"],
                condition=Q(deleted_at=None, period__isnull=False),
                violation_error_message="This week or month has its reflection already.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_mood_from_1_to_5",
                condition=Q(mood=None) | Q(mood__range=(1, 5)),
                violation_error_message="Choose one of the five moods.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_energy_from_1_to_5",
                condition=Q(energy=None) | Q(energy__range=(1, 5)),
                violation_error_message="Choose one of the five levels of energy.",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-entry_on", "-id"], name="journal_entry_list", condition=Q(deleted_at=None)),
            models.Index(
                fields=["owner", "-entry_on", "-id"],
                name="journal_entry_starred",
                condition=Q(deleted_at=None, starred_at__isnull=False),
            ),
            models.Index(
                fields=["owner", "-deleted_at"], name="journal_entry_bin", condition=Q(deleted_at__isnull=False)
            ),
        ]
        ordering = ["-entry_on", "-pk"]
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        # Never the title: this stands in logs and staff pages.
        return f"{self.get_kind_display()} of {self.entry_on}"

    def get_absolute_url(self) -> str:
        return f"/journal/{self.pk}/"

    @property
    def write_path(self) -> str:
        """Where its owner writes it."""
        return self.period.get_absolute_url() if self.period else f"/journal/{self.pk}/edit/"

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None

    @property
    def is_reflection(self) -> bool:
        return self.kind == self.Kind.REFLECTION

    @property
    def is_mood(self) -> bool:
        return self.kind == self.Kind.MOOD

    @property
    def has_words(self) -> bool:
        """Whether anything was written at all, whatever its length."""
        return bool(self.title or self.text or any(self.answers.values()))

    @property
    def heading(self) -> str:
        """What the entry is called for those who may read it: its title, else its week, its month or its kind."""
        return self.title or self.plain_name

    @property
    def plain_name(self) -> str:
        """What it is without any word of it, as a mail may call it: "Week 46, 9 to 15 November", "November 2026", "Note"."""
        if self.period is None:
            return self.get_kind_display()
        if periods.is_month(self.period.key):
            return f"{self.period.days[0]:%B %Y}"
        return periods.say_week(self.period.key, self.entry_on)

    @property
    def excerpt(self) -> str:
        """The first thing it says."""
        return next((answer for answer in (*self.answers.values(), self.text) if answer), "")

    @property
    def heading_for_reader(self) -> str:
        """What it is called for somebody it is shared with; only of entries that came `as_read_by` them."""
        return without_names(self.heading, self._hidden)

    @property
    def excerpt_for_reader(self) -> str:
        """The first thing it says to them."""
        return without_names(self.excerpt, self._hidden)

    @property
    def _hidden(self) -> list[str]:
        return "\n".join(self.hidden_names).split("\n")  # type: ignore[attr-defined]

    @property
    def is_starred(self) -> bool:
        return self.starred_at is not None

    def star(self, *, at: datetime) -> None:
        """Mark it as one to find again."""
        self._star(self.starred_at or at)

    def unstar(self) -> None:
        self._star(None)

    def _star(self, at: datetime | None) -> None:
        self.starred_at = at
        self.save(update_fields=["starred_at"])

    def finish(self, *, at: datetime) -> None:
        """End the draft: those it is shared with may read it from now on."""
        self.finished_at = at
        self.save(update_fields=["finished_at"])


class EntryComment(Comment):
    """Words of the owner or a reader about one entry, in the thread of one relation."""

    item = models.ForeignKey(Entry, models.CASCADE, related_name="comments")

    class Meta(Comment.Meta):
        indexes = [models.Index(fields=["item", "created_at", "id"], name="journal_comment_thread")]

    def get_absolute_url(self) -> str:
        return f"/journal/{self.item_id}/#comment-{self.pk}"
