from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.expressions import RawSQL

from accounts.models import User
from contacts.models import Contact
from core.forms import FIRST_DAY, LAST_DAY
from core.versioned import Versioned
from goals.models.steps import Milestone, ProgressUpdate, Rest, local_day_of
from sharing.models import Mentorship, Shareable, ShareableQuerySet

# What lists bring along with each goal. Written out, because building the same expressions anew for each page took
# longer than all the rest of a list; none of them says who may see a goal.
LATEST_VALUE = """(
    SELECT u.value FROM goals_progressupdate u WHERE u.goal_id = goals_goal.id AND u.value IS NOT NULL
    ORDER BY u.happened_on DESC, u.id DESC LIMIT 1)"""
LOGGED_ON = """(
    SELECT u.happened_on FROM goals_progressupdate u WHERE u.goal_id = goals_goal.id
    ORDER BY u.happened_on DESC, u.id DESC LIMIT 1)"""
# An array of texts: as JSON it would take Postgres three times as long, and reading it again as long.
MILESTONE_ROWS = """ARRAY(
    SELECT ARRAY[m.title, to_char(m.due_on, 'YYYY-MM-DD'), (m.done_at IS NOT NULL)::text, m.at_value::text]
    FROM goals_milestone m WHERE m.goal_id = goals_goal.id AND m.kind = 'milestone' AND m.removed_at IS NULL
    ORDER BY m.position, m.id)"""
PROGRESS = {
    "latest_value": RawSQL(LATEST_VALUE, (), output_field=models.DecimalField()),  # noqa: S611 - constant
    "logged_on": RawSQL(LOGGED_ON, (), output_field=models.DateField()),  # noqa: S611 - constant
    "milestone_rows": RawSQL(MILESTONE_ROWS, (), output_field=ArrayField(ArrayField(models.TextField()))),  # noqa: S611 - constant
}
READER_NAMES = """ARRAY(
    SELECT a.name FROM goals_goal_shared_with s
    JOIN sharing_mentorship r ON r.id = s.mentorship_id AND r.status = 'active'
    JOIN accounts_user a ON a.id = r.mentor_id WHERE s.goal_id = goals_goal.id ORDER BY s.id)"""
TALLIES = """jsonb_build_object(
    'active', count(*) FILTER (WHERE goals_goal.status = 'active'),
    'drafts', count(*) FILTER (WHERE goals_goal.status = 'draft'),
    'reached', count(*) FILTER (WHERE goals_goal.status IN ('achieved', 'partly')),
    'resting', count(*) FILTER (WHERE goals_goal.status = 'paused'),
    'let_go', count(*) FILTER (WHERE goals_goal.status = 'dropped'),
    'late', count(*) FILTER (WHERE goals_goal.status = 'active' AND goals_goal.due_on < %s),
    'shared', count(*) FILTER (WHERE goals_goal.status <> 'draft' AND EXISTS (
        SELECT 1 FROM goals_goal_shared_with s
        JOIN sharing_mentorship r ON r.id = s.mentorship_id AND r.status = 'active'
        WHERE s.goal_id = goals_goal.id)))"""


class GoalQuerySet(ShareableQuerySet["Goal"]):
    # Not drafts: nobody reads over a shoulder while the owner is still finding words.
    readable_when = {"status__in": ["active", "paused", "achieved", "partly", "dropped"]}

    def owned_by_any(self, users: Iterable[User]) -> Self:
        """Goals of any of these people, for mails that are written in batches."""
        return self.alive().filter(owner__in=list(users))

    def drafts(self) -> Self:
        return self.filter(status="draft")

    def on_the_way(self) -> Self:
        return self.filter(status="active")

    def resting(self) -> Self:
        return self.filter(status="paused")

    def closed(self) -> Self:
        """Reached, partly reached or let go."""
        return self.filter(status__in=["achieved", "partly", "dropped"])

    def reached(self) -> Self:
        """Reached, wholly or in part."""
        return self.filter(status__in=["achieved", "partly"])

    def let_go(self) -> Self:
        return self.filter(status="dropped")

    def shown_to_someone(self) -> Self:
        """Shared with at least one person who can read it now."""
        through = self.model.shared_with.through._default_manager.filter(
            goal=OuterRef("pk"), mentorship__status="active"
        )
        return self.for_readers().filter(Exists(through))

    def due_by(self, day: date) -> Self:
        """On the way, with a date up to and including `day`; earliest first."""
        return self.on_the_way().filter(due_on__lte=day).order_by("due_on", "pk")

    def needs_a_look(self, today: date) -> Self:
        """On the way, but past its date, or with a milestone past its date; earliest first."""
        late_milestone = Milestone.objects.open().filter(goal=OuterRef("pk"), due_on__lt=today)
        return self.on_the_way().filter(Q(due_on__lt=today) | Exists(late_milestone)).order_by("due_on", "pk")

    def moved_between(self, first: date, last: date) -> Self:
        """Goals in which something was logged, done or closed on these days, both included, as their owner counts days.

        Tells owners in different zones apart within one query, so that it serves a page and a batch of mails alike.
        """
        logged = ProgressUpdate.objects.filter(goal=OuterRef("pk")).moved_between(first, last)
        done = Milestone.objects.filter(goal=OuterRef("pk")).moved_between(first, last)
        return self.alias(closed_on=local_day_of("closed_at", "owner__time_zone")).filter(
            Exists(logged) | Exists(done) | Q(closed_on__gte=first, closed_on__lte=last)
        )

    def with_progress(self) -> Self:
        """Bring along what a trail is drawn from: `latest_value`, `logged_on` and `milestone_rows` (goals.trail).

        For rows that are read, not for a queryset that becomes part of another: the SQL names the goal's own table.
        """
        return self.annotate(**PROGRESS)

    def with_latest_value(self) -> Self:
        """Bring along the number logged last (`latest_value`), for rows that are read."""
        return self.annotate(latest_value=RawSQL(LATEST_VALUE, (), output_field=models.DecimalField()))  # noqa: S611

    def with_reader_names(self) -> Self:
        """Bring along `reader_names`, for the owner's own pages only."""
        names = ArrayField(models.TextField())
        return self.annotate(reader_names=RawSQL(READER_NAMES, (), output_field=names))  # noqa: S611 - constant

    def tallies(self, today: date) -> models.QuerySet:
        """Count these goals by state, those past their date and those somebody reads: one row of one dict.

        Its keys are active, drafts, reached, resting, let_go, late and shared.
        """
        tallies = RawSQL(TALLIES, (today,), output_field=models.JSONField())  # noqa: S611 - only the day is given
        return self.order_by().values_list(tallies)

    def with_owner(self) -> Self:
        return self.select_related("owner")


class Goal(Shareable, Versioned):
    """What a person wants to reach: what (title), measured how, why, what makes it possible, from when to when.

    "Late" and "not started" are derived from the dates (goals.trail), never stored.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        ACTIVE = "active", "On the way"
        PAUSED = "paused", "Resting"
        ACHIEVED = "achieved", "Reached"
        PARTLY = "partly", "Partly reached"
        DROPPED = "dropped", "Let go"

    class Measure(models.TextChoices):
        NUMBER = "number", "Count something"
        MILESTONES = "milestones", "Milestones"
        YES_NO = "yes_no", "Done or not"

    class Importance(models.IntegerChoices):
        LOW = 1, "Nice to have"
        NORMAL = 2, "It matters"
        HIGH = 3, "It matters most"

    CLOSED = frozenset({Status.ACHIEVED, Status.PARTLY, Status.DROPPED})
    CLOSING_WORDS = ("closing_note", "closing_helped", "closing_differently")

    shared_with = models.ManyToManyField(Mentorship, related_name="goals", blank=True)
    # People who help with it. They are the owner's alone: no reader of a goal is ever told of one.
    contacts = models.ManyToManyField(Contact, related_name="goals", blank=True)
    title = models.CharField("what do you want to reach?", max_length=200)
    why = models.TextField("why does it matter to you?", max_length=4000, blank=True)
    achievable = models.TextField("what makes it possible?", max_length=4000, blank=True)
    measure = models.CharField(max_length=10, choices=Measure, default=Measure.NUMBER)
    unit = models.CharField("of what", max_length=40, blank=True)
    start_value = models.DecimalField("from", max_digits=14, decimal_places=2, null=True, blank=True)
    target_value = models.DecimalField("to", max_digits=14, decimal_places=2, null=True, blank=True)
    # What will show that a goal without a number is reached: an offer letter, a recording, a signature.
    evidence = models.CharField("what will show it?", max_length=400, blank=True)
    hours_a_week = models.DecimalField("hours a week", max_digits=4, decimal_places=1, null=True, blank=True)
    importance = models.PositiveSmallIntegerField(choices=Importance, default=Importance.NORMAL)
    starts_on = models.DateField("first day")
    due_on = models.DateField("by when?", null=True, blank=True)
    # Urgency and importance in one order: what matters most stands where it would be if it were due four weeks sooner.
    ranked_on = models.GeneratedField(
        expression=ExpressionWrapper(F("due_on") - (F("importance") - 2) * 28, output_field=models.DateField()),
        output_field=models.DateField(null=True),
        db_persist=True,
    )
    status = models.CharField(max_length=8, choices=Status, default=Status.DRAFT)
    paused_on = models.DateField(null=True, blank=True)
    # Days rested so far, the present rest not counted: they do not count as time gone.
    rested_days = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True)
    # The three questions of the closing page: what came of it, what helped, what to do differently.
    closing_note = models.TextField(max_length=2000, blank=True)
    closing_helped = models.TextField(max_length=2000, blank=True)
    closing_differently = models.TextField(max_length=2000, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = GoalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_has_title",
                condition=~Q(title=""),
                violation_error_message="Say in one sentence what you want to reach.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_status_known",
                condition=Q(status__in=["draft", "active", "paused", "achieved", "partly", "dropped"]),
                violation_error_message="A goal cannot be in this state.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_measure_known",
                condition=Q(measure__in=["number", "milestones", "yes_no"]),
                violation_error_message="Choose how you will know you are getting there.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_counts_from_to",
                condition=Q(status="draft")
                | ~Q(measure="number")
                | Q(start_value__isnull=False, target_value__isnull=False),
                violation_error_message="Say from which number to which number you want to come.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_start_is_not_target",
                condition=Q(start_value=None) | Q(target_value=None) | ~Q(start_value=F("target_value")),
                violation_error_message="Start and target are the same number. Where do you stand now?",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_numbers_only_when_counting",
                condition=Q(measure="number") | Q(start_value=None, target_value=None, unit=""),
                violation_error_message="Only a goal that counts something has a start, a target and a unit.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_due_after_start",
                condition=Q(due_on=None) | Q(due_on__gt=F("starts_on")),
                violation_error_message="The date must come after the first day.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_has_date_unless_draft",
                condition=Q(status="draft") | Q(due_on__isnull=False),
                violation_error_message="Choose a date. It can move later.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_days_in_reach",
                condition=Q(starts_on__range=(FIRST_DAY, LAST_DAY))
                & (Q(due_on=None) | Q(due_on__range=(FIRST_DAY, LAST_DAY))),
                violation_error_message="Use a date between 1900 and 2200.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_resting_has_a_day",
                condition=Q(status="paused", paused_on__isnull=False) | (~Q(status="paused") & Q(paused_on=None)),
                violation_error_message="A resting goal needs the day its rest began, and only a resting one.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_closed_has_a_time",
                condition=Q(status__in=["achieved", "partly", "dropped"], closed_at__isnull=False)
                | (~Q(status__in=["achieved", "partly", "dropped"]) & Q(closed_at=None)),
                violation_error_message="A closed goal needs the time it was closed, and only a closed one.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_note_only_when_closed",
                condition=Q(closing_note="", closing_helped="", closing_differently="")
                | Q(status__in=["achieved", "partly", "dropped"]),
                violation_error_message="Only a closed goal has closing words.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_evidence_only_when_yes_no",
                condition=Q(measure="yes_no") | Q(evidence=""),
                violation_error_message="Only a goal that is done or not needs something that shows it.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_hours_of_a_week",
                condition=Q(hours_a_week=None) | Q(hours_a_week__gt=0, hours_a_week__lte=100),
                violation_error_message="Use hours a week between half an hour and 100.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_importance_known",
                condition=Q(importance__in=[1, 2, 3]),
                violation_error_message="Choose how much it matters.",
            ),
        ]
        indexes = [
            # One for each order of the list: by date, by rank, by the time of closing, by the last change, the bin.
            models.Index(
                fields=["owner", "status", "due_on", "id"],
                name="goals_goal_by_date",
                condition=Q(deleted_at=None),
            ),
            models.Index(
                fields=["owner", "status", "ranked_on", "id"],
                name="goals_goal_by_rank",
                condition=Q(deleted_at=None),
            ),
            models.Index(
                fields=["owner", "status", "-closed_at", "-id"],
                name="goals_goal_by_closing",
                condition=Q(deleted_at=None),
            ),
            models.Index(
                fields=["owner", "-updated_at", "-id"],
                name="goals_goal_by_change",
                condition=Q(deleted_at=None),
            ),
            models.Index(
                fields=["owner", "-deleted_at", "-id"],
                name="goals_goal_bin",
                condition=Q(deleted_at__isnull=False),
            ),
            models.Index(fields=["deleted_at"], name="goals_goal_erasable", condition=Q(deleted_at__isnull=False)),
        ]

    def __str__(self) -> str:
        # Staff pages and logs show this: a title is private.
        return f"goal {self.pk}"

    def get_absolute_url(self) -> str:
        return f"/goals/{self.pk}/"

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def is_active(self) -> bool:
        return self.status == self.Status.ACTIVE

    @property
    def is_resting(self) -> bool:
        return self.status == self.Status.PAUSED

    @property
    def is_closed(self) -> bool:
        return self.status in self.CLOSED

    @property
    def counts(self) -> bool:
        """Tell whether progress is a number."""
        return self.measure == self.Measure.NUMBER

    @property
    def is_falling(self) -> bool:
        """Tell whether the number is to go down."""
        return bool(
            self.counts
            and self.start_value is not None
            and self.target_value is not None
            and self.target_value < self.start_value
        )

    def value_now(self, latest: Decimal | None) -> Decimal | None:
        """Return where a counting goal stands: what was logged last, else its start."""
        return self.start_value if latest is None else latest

    def start(self, *, at: datetime) -> None:
        """Turn a draft into a goal that is on the way."""
        self._move_to(self.Status.ACTIVE, at=at)

    def pause(self, *, on: date, at: datetime) -> None:
        """Let it rest from that day; the plan's clock stands still."""
        self.paused_on = on
        self._move_to(self.Status.PAUSED, "paused_on", at=at)

    def resume(self, *, on: date, at: datetime) -> None:
        """End the rest; its days join those that do not count as time gone."""
        self._count_rest(until=on)
        self._move_to(self.Status.ACTIVE, "paused_on", "rested_days", at=at)

    def close(
        self, *, outcome: str, note: str, on: date, at: datetime, helped: str = "", differently: str = ""
    ) -> None:
        """End as achieved, partly or dropped, with closing words."""
        if outcome not in self.CLOSED:
            raise ValueError(f"{outcome!r} does not close a goal.")
        self._count_rest(until=on)
        self.closed_at, self.closing_note = at, note
        self.closing_helped, self.closing_differently = helped, differently
        self._move_to(outcome, "paused_on", "rested_days", "closed_at", *self.CLOSING_WORDS, at=at)

    def reopen(self, *, at: datetime) -> None:
        """Be on the way again; closing words go, the history keeps them."""
        self.closed_at, self.closing_note, self.closing_helped, self.closing_differently = None, "", "", ""
        self._move_to(self.Status.ACTIVE, "closed_at", *self.CLOSING_WORDS, at=at)

    def rest(self, *, first: date, until: date) -> Rest | None:
        """Keep days of rest, from `first` up to the day before `until`; the caller saves `rested_days`."""
        if until <= first:
            return None
        self.rested_days += (until - first).days
        return self.rests.create(starts_on=first, ends_on=until)

    def unrest(self, rest: Rest) -> None:
        """Take days of rest away again; the caller saves `rested_days`."""
        self.rested_days = max(0, self.rested_days - rest.days)
        rest.delete()

    def reword_ending(self, *, note: str, helped: str, differently: str, at: datetime) -> None:
        """Put the closing words of a closed goal anew."""
        self.closing_note, self.closing_helped, self.closing_differently = note, helped, differently
        self.updated_at = at
        self.save(update_fields=[*self.CLOSING_WORDS, "updated_at"])

    def touch(self, *, at: datetime) -> None:
        """Note that something about the goal changed."""
        self.updated_at = at
        self.save(update_fields=["updated_at"])

    def renew(self, *, at: datetime) -> None:
        """Note a change that a form opened before would undo: such a form is stale now."""
        self.updated_at, self.version = at, self.version + 1  # on a locked row
        self.save(update_fields=["updated_at", "version"])

    def _count_rest(self, *, until: date) -> None:
        if self.paused_on is not None:
            self.rest(first=self.paused_on, until=until)
            self.paused_on = None

    def _move_to(self, status: str, *fields: str, at: datetime) -> None:
        self.status, self.updated_at = status, at
        self.save(update_fields=["status", "updated_at", *fields])
