"""What lies along the way to a goal: its milestones, and what was logged."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Func, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from accounts.models import User
from core.forms import FIRST_DAY, LAST_DAY
from sharing.models import Mentorship

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


def local_day_of(moment: str, zone: str) -> Cast:
    """Return the calendar day of a moment in each row's own time zone, as an expression.

    Both arguments name columns: one query then serves owners who live in different zones.
    """
    wall = Func(F(zone), F(moment), function="timezone", output_field=models.DateTimeField())
    return Cast(wall, models.DateField())


# Who reads an update now and marked it: pairs of a key and a given name, as User.given_name says it.
SEEN_BY = """(
    SELECT coalesce(jsonb_agg(jsonb_build_array(
        a.id, split_part(coalesce(nullif(a.name, ''), split_part(a.email, '@', 1)), ' ', 1)) ORDER BY s.seen_at, s.id), '[]')
    FROM goals_seen s JOIN sharing_mentorship r ON r.id = s.mentorship_id AND r.status = 'active'
    JOIN accounts_user a ON a.id = r.mentor_id WHERE s.update_id = goals_progressupdate.id)"""


class OfGoalQuerySet(models.QuerySet):
    """Rows that belong to a goal are seen by whoever sees the goal, and changed by its owner."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        goals: Any = self.model._meta.get_field("goal").related_model
        return self.filter(goal__in=goals.objects.visible_to(user).values("pk"))

    def owned_by(self, user: "User | AnonymousUser") -> Self:
        return self.filter(goal__owner_id=user.pk, goal__deleted_at=None)

    def owned_by_any(self, users: Iterable[User]) -> Self:
        """Rows of any of these people, for mails that are written in batches."""
        return self.filter(goal__owner__in=list(users), goal__deleted_at=None)

    def editable_by(self, user: "User | AnonymousUser") -> Self:
        return self.owned_by(user)

    def with_goal(self) -> Self:
        return self.select_related("goal", "goal__owner")


class MilestoneQuerySet(OfGoalQuerySet):
    def done(self) -> Self:
        return self.filter(done_at__isnull=False)

    def open(self) -> Self:
        return self.filter(done_at=None)

    def places(self) -> Self:
        """Milestones proper, which a trail shows; tasks are only ticked."""
        return self.filter(kind="milestone")

    def due_by(self, day: date) -> Self:
        """Open milestones with a date up to and including `day`, of goals that are on the way; earliest first."""
        return self.open().filter(due_on__lte=day, goal__status="active").order_by("due_on", "pk")

    def removed_lately(self) -> Self:
        """Taken away, newest first; kept for their owner until housekeeping erases them."""
        return self.filter(removed_at__isnull=False).order_by("-removed_at", "-pk")

    def removed_before(self, moment: datetime) -> Self:
        return self.filter(removed_at__lt=moment)

    def moved_between(self, first: date, last: date) -> Self:
        """Milestones done on one of these days, both included, as their owner's calendar says."""
        done_on = local_day_of("done_at", "goal__owner__time_zone")
        return self.done().alias(done_on=done_on).filter(done_on__gte=first, done_on__lte=last)


class StandingMilestones(models.Manager.from_queryset(MilestoneQuerySet)):  # type: ignore[misc]
    """Milestones that were not taken away. The default, also of `goal.milestones`: what was removed no page forgets."""

    def get_queryset(self) -> MilestoneQuerySet:
        return MilestoneQuerySet(self.model, using=self._db).filter(removed_at=None)


class Milestone(models.Model):
    """A place on the way to a goal, or (kind task) a thing to do for it. Done when `done_at` is set.

    One that was taken away (`removed_at`) is there for nobody but its owner, in the goal's history and the export.
    """

    class Kind(models.TextChoices):
        MILESTONE = "milestone", "Milestone"
        TASK = "task", "Task"

    goal = models.ForeignKey("goals.Goal", models.CASCADE, related_name="milestones")
    kind = models.CharField(max_length=9, choices=Kind, default=Kind.MILESTONE)
    title = models.CharField(max_length=200)
    due_on = models.DateField(null=True, blank=True)
    # Where it lies on a goal that counts something ("7" of 12 interviews); empty for a step without a number.
    at_value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = StandingMilestones()
    with_removed = MilestoneQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_has_title",
                condition=~Q(title=""),
                violation_error_message="Say what the milestone is.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_day_in_reach",
                condition=Q(due_on=None) | Q(due_on__range=(FIRST_DAY, LAST_DAY)),
                violation_error_message="Use a date between 1900 and 2200.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_kind_known",
                condition=Q(kind__in=["milestone", "task"]),
                violation_error_message="It is a milestone or a task.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_task_has_no_number",
                condition=~Q(kind="task") | Q(at_value=None),
                violation_error_message="Only a milestone lies at a number.",
            ),
        ]
        indexes = [
            models.Index(fields=["goal", "position", "id"], name="goals_milestone_order"),
            models.Index(fields=["removed_at"], condition=Q(removed_at__isnull=False), name="goals_milestone_removed"),
        ]
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"milestone {self.pk}"

    def get_absolute_url(self) -> str:
        return f"/goals/{self.goal_id}/#milestone-{self.pk}"

    @property
    def is_task(self) -> bool:
        return self.kind == self.Kind.TASK

    def tick(self, *, at: datetime) -> None:
        """Mark as done; the first time counts."""
        if self.done_at is None:
            self.done_at = at
            self.save(update_fields=["done_at"])

    def untick(self) -> None:
        self.done_at = None
        self.save(update_fields=["done_at"])

    def remove(self, *, at: datetime) -> None:
        """Be gone for everybody at once; the owner may bring it back."""
        self.removed_at = at
        self.save(update_fields=["removed_at"])

    def bring_back(self) -> None:
        """Stand again where it stood."""
        self.removed_at = None
        self.save(update_fields=["removed_at"])


class ProgressUpdateQuerySet(OfGoalQuerySet):
    def newest_first(self) -> Self:
        return self.order_by("-happened_on", "-pk")

    def with_seen(self) -> Self:
        """Bring along `seen_by`; only the owner is told all of it. For rows that are read: the SQL names their table."""
        return self.annotate(seen_by=RawSQL(SEEN_BY, (), output_field=models.JSONField()))  # noqa: S611 - constant

    def moved_between(self, first: date, last: date) -> Self:
        """What happened on these days, both included; the days are what the owner wrote."""
        return self.filter(happened_on__gte=first, happened_on__lte=last)


class ProgressUpdate(models.Model):
    """What a person logged: where a counting goal stands since that day, a few words, or both.

    `value` is the whole so far (5 of 12), not what was added.
    """

    goal = models.ForeignKey("goals.Goal", models.CASCADE, related_name="updates")
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    happened_on = models.DateField()
    note = models.TextField(max_length=4000, blank=True)
    # How sure the person is of making it by the date, from 0 (not at all) to 10 (certain).
    confidence = models.PositiveSmallIntegerField(null=True, blank=True)
    # Time given to the goal since the last update.
    hours = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    created_at = models.DateTimeField()

    objects = ProgressUpdateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_says_something",
                condition=Q(value__isnull=False) | ~Q(note=""),
                violation_error_message="Log a number or a few words.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_day_in_reach",
                condition=Q(happened_on__range=(FIRST_DAY, LAST_DAY)),
                violation_error_message="Use a date between 1900 and 2200.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_confidence_on_scale",
                condition=Q(confidence=None) | Q(confidence__lte=10),
                violation_error_message="How sure you are goes from 0 to 10.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_hours_not_negative",
                condition=Q(hours=None) | Q(hours__gte=0),
                violation_error_message="Use hours like 1 or 2.5.",
            ),
        ]
        indexes = [
            # With the numbers, so that lists and forecasts never open the row itself.
            models.Index(fields=["goal", "-happened_on", "-id"], name="goals_update_newest", include=["value", "hours"])
        ]

    def __str__(self) -> str:
        return f"update {self.pk}"

    def get_absolute_url(self) -> str:
        return f"/goals/{self.goal_id}/log/#update-{self.pk}"


class SeenQuerySet(models.QuerySet["Seen"]):
    def by(self, reader: User) -> Self:
        """What this person marked, in relations that are in force."""
        return self.filter(mentorship__mentor=reader, mentorship__status="active")


class Seen(models.Model):
    """A mentor's or colleague's nod at something logged: "Seen by Ruth". One per reader and update."""

    update = models.ForeignKey(ProgressUpdate, models.CASCADE, related_name="seen")
    mentorship = models.ForeignKey(Mentorship, models.CASCADE, related_name="seen_updates")
    seen_at = models.DateTimeField()

    objects = SeenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once",
                fields=["update", "mentorship"],
                violation_error_message="You have marked this as seen already.",
            ),
        ]

    def __str__(self) -> str:
        return f"update {self.update_id} seen"


class RestQuerySet(OfGoalQuerySet):
    def overlapping(self, first: date, until: date) -> Self:
        """Rests that share a day with those from `first` up to the day before `until`."""
        return self.filter(starts_on__lt=until, ends_on__gt=first)


class Rest(models.Model):
    """Days on which a goal rested, from `starts_on` up to the day before `ends_on`. A rest going on is Goal.paused_on."""

    goal = models.ForeignKey("goals.Goal", models.CASCADE, related_name="rests")
    starts_on = models.DateField()
    ends_on = models.DateField()

    objects = RestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_ends_after_start",
                condition=Q(ends_on__gt=F("starts_on")),
                violation_error_message="A rest ends after it began.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_days_in_reach",
                condition=Q(starts_on__range=(FIRST_DAY, LAST_DAY)) & Q(ends_on__range=(FIRST_DAY, LAST_DAY)),
                violation_error_message="Use a date between 1900 and 2200.",
            ),
        ]
        ordering = ["starts_on", "pk"]

    def __str__(self) -> str:
        return f"rest {self.pk}"

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days

    @property
    def last_day(self) -> date:
        return self.ends_on - timedelta(days=1)

    def overlaps(self, first: date, until: date) -> bool:
        """Tell whether it shares a day with those from `first` up to the day before `until`."""
        return first < self.ends_on and self.starts_on < until
