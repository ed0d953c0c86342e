"""What the page of one goal asks, in statements that are worked out once in a process."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, IntegerField, JSONField, OuterRef, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from accounts.models import User
from core.compiled import CompiledQuery
from core.paging import Pages
from goals.models import FormDraft, Goal, GoalComment, Milestone, ProgressUpdate, Revision
from sharing.models import Mentorship

LOG_SHOWN = HISTORY_SHOWN = 5
COMMENTS_SHOWN = 20
# So many entries must say how long they took before a week's hours can be told from them.
LEAST_WITH_HOURS = 3
# More than anybody takes away from a goal in thirty days, and a bound where somebody does.
REMOVED_SHOWN = 60


# Everything a forecast of a counting goal is made from, in one row: what was logged, days of rest, and the owner's breaks.
SERIES = """CASE WHEN goals_goal.measure = 'number' THEN jsonb_build_array(
    (SELECT coalesce(jsonb_agg(jsonb_build_array(u.happened_on, u.value::text, u.hours::text)
        ORDER BY u.happened_on, u.id), '[]')
     FROM goals_progressupdate u WHERE u.goal_id = goals_goal.id AND (u.value IS NOT NULL OR u.hours IS NOT NULL)),
    (SELECT coalesce(jsonb_agg(jsonb_build_array(r.starts_on, r.ends_on)), '[]')
     FROM goals_rest r WHERE r.goal_id = goals_goal.id),
    (SELECT coalesce(jsonb_agg(jsonb_build_array(b.from_on, b.until_on)), '[]')
     FROM accounts_break b WHERE b.user_id = goals_goal.owner_id)) END"""

# What the SMART check looks at, as goals.check.Logged.of_row reads it: the newest hundred updates of a person, which say
# enough. Each goal gives its own newest through its index, however many updates other people have.
_NEWEST_LOGGED = """(
    SELECT coalesce(jsonb_agg(jsonb_build_array(
        n.goal_id, n.unit, n.start_value::text, n.target_value::text, n.starts_on, n.happened_on, n.value::text, n.hours::text
    ) ORDER BY n.happened_on DESC, n.id DESC), '[]')
    FROM (SELECT u.*, g.unit, g.start_value, g.target_value, g.starts_on
          FROM goals_goal g CROSS JOIN LATERAL (
              SELECT u.id, u.goal_id, u.happened_on, u.value, u.hours FROM goals_progressupdate u
              WHERE u.goal_id = g.id ORDER BY u.happened_on DESC, u.id DESC LIMIT 100) u
          WHERE g.owner_id = {owner} AND g.deleted_at IS NULL
          ORDER BY u.happened_on DESC, u.id DESC LIMIT 100) n
    WHERE {wanted})"""
LOGGED = _NEWEST_LOGGED.format(owner="accounts_user.id", wanted="true")
# On the page of a goal: those that count the same, for the owner (the one parameter) and nobody else.
_COUNTS_THE_SAME = "n.goal_id = goals_goal.id OR (n.unit <> '' AND lower(n.unit) = lower(goals_goal.unit))"
HABITS = f"""CASE WHEN goals_goal.owner_id = %s THEN
    {_NEWEST_LOGGED.format(owner="goals_goal.owner_id", wanted=_COUNTS_THE_SAME)} END"""

# How many milestones and tasks its owner (the one parameter) can bring back; NULL for everybody else.
REMOVED = """CASE WHEN goals_goal.owner_id = %s THEN (
    SELECT count(*) FROM goals_milestone m WHERE m.goal_id = goals_goal.id AND m.removed_at IS NOT NULL) END"""


@dataclass(frozen=True)
class Series:
    """What was logged about one goal, oldest first: day, number, hours. `rests` and `breaks` are first days and ends."""

    updates: list[tuple[date, Decimal | None, Decimal | None]]
    rests: list[tuple[date, date]]
    breaks: list[tuple[date, date | None]]

    @classmethod
    def of(cls, updates: Any, rests: Any, breaks: Any) -> "Series":
        """Take from the columns of SERIES."""
        day = date.fromisoformat
        return cls(
            [(day(on), value and Decimal(value), hours and Decimal(hours)) for on, value, hours in updates],
            [(day(first), day(until)) for first, until in rests],
            [(day(first), day(until) if until else None) for first, until in breaks],
        )

    def weekly_hours(self, goal: Goal, today: date) -> Decimal | None:
        """Return the hours a week that went in so far; those planned where too few entries say how long they took."""
        given = [hours for _, _, hours in self.updates if hours is not None]
        days = (today - goal.starts_on).days - goal.rested_days
        if len(given) < LEAST_WITH_HOURS or days < 7:
            return goal.hours_a_week
        return sum(given, Decimal(0)) / days * 7 or goal.hours_a_week


def visible_goal(pk: int, viewer: User, *, with_series: bool = False) -> Goal | None:
    """Return the goal with its progress and its owner, or None for one that `viewer` may not see now.

    `with_series` brings along what `series` is made from and, for its owner, what the SMART check looks at and how many
    milestones can be brought back (`removed_steps`).
    """
    query = _GOAL_AND_SERIES if with_series else _GOAL
    goal: Goal | None = query.one(goal=pk, viewer=viewer.pk)
    return goal


def _goal(goal: int, viewer: int) -> QuerySet[Goal]:
    return Goal.objects.with_progress().with_owner().visible_to(User(pk=viewer)).filter(pk=goal)


def _goal_and_series(goal: int, viewer: int) -> QuerySet[Goal]:
    series_row = RawSQL(SERIES, (), output_field=JSONField())  # noqa: S611 - constant
    habits_row = RawSQL(HABITS, (viewer,), output_field=JSONField())  # noqa: S611 - constant
    removed = RawSQL(REMOVED, (viewer,), output_field=IntegerField())  # noqa: S611 - constant
    return _goal(goal, viewer).annotate(series_row=series_row, habits_row=habits_row, removed_steps=removed)


_GOAL = CompiledQuery(_goal, goal=int, viewer=int)
_GOAL_AND_SERIES = CompiledQuery(_goal_and_series, goal=int, viewer=int)


def milestones(goal: Goal, viewer: User) -> list[Milestone]:
    """Return milestones and tasks in their order, with `comment_count`: of the comments that `viewer` may read."""
    return _MILESTONES.objects(goal=goal.pk, viewer=viewer.pk)


def _milestones(goal: int, viewer: int) -> QuerySet[Milestone]:
    said = GoalComment.objects.visible_to(User(pk=viewer)).filter(milestone=OuterRef("pk"), removed_at=None)
    # What was written to several threads at once is one comment.
    counted = said.order_by().values("milestone").annotate(number=Count("created_at", distinct=True))
    return Milestone.objects.filter(goal=goal).annotate(comment_count=Subquery(counted.values("number")))


_MILESTONES = CompiledQuery(_milestones, goal=int, viewer=int)


def removed_milestones(goal: Goal) -> list[Milestone]:
    """Return what the owner took away and can bring back, newest first; for nobody else's eyes."""
    return _REMOVED.objects(goal=goal.pk)


_REMOVED = CompiledQuery(
    lambda goal: Milestone.with_removed.filter(goal=goal).removed_lately()[:REMOVED_SHOWN], goal=int
)


def latest_updates(goal: Goal) -> list[ProgressUpdate]:
    """Return what was logged last, newest first; one more than is shown, to tell that there is more."""
    return _UPDATES.objects(goal=goal.pk)


_UPDATES = CompiledQuery(
    lambda goal: ProgressUpdate.objects.filter(goal=goal).with_seen().newest_first()[: LOG_SHOWN + 1], goal=int
)


def latest_changes(goal: Goal) -> list[Revision]:
    """Return what changed last, newest first; one more than is shown."""
    return _CHANGES.objects(goal=goal.pk)


_CHANGES = CompiledQuery(
    lambda goal: Revision.objects.filter(goal=goal).with_suggester().newest_first()[: HISTORY_SHOWN + 1],
    goal=int,
)


# Everything that was logged, and every change, of one goal (`goal`), newest first.
LOG = Pages(lambda goal: ProgressUpdate.objects.filter(goal=goal).with_seen(), keys=("-happened_on", "-pk"), goal=int)
HISTORY = Pages(lambda goal: Revision.objects.filter(goal=goal).with_suggester(), keys=("-changed_at", "-pk"), goal=int)


def _comments(goal: int, viewer: int) -> QuerySet[GoalComment]:
    rows = GoalComment.objects.visible_to(User(pk=viewer)).filter(item=goal).with_people()
    return rows.select_related("milestone", "mentorship__mentor", "suggestion")


# The comments on a goal (`goal`) that a person (`viewer`) may read now, with the people in them, newest first.
COMMENTS = Pages(_comments, keys=("-created_at", "-pk"), size=COMMENTS_SHOWN, goal=int, viewer=int)


def series(goal: Goal) -> Series:
    """Return what a forecast of this goal is made from; asked for unless it came with the goal."""
    row = getattr(goal, "series_row", None)
    return Series.of(*(row or _SERIES.rows(goal=goal.pk)[0][0]))


_SERIES = CompiledQuery(
    lambda goal: (
        Goal.objects.filter(pk=goal).order_by().values_list(RawSQL(SERIES, (), output_field=JSONField()))  # noqa: S611 - constant
    ),
    goal=int,
)


def unsaved_form(owner: User, goal: Goal | None) -> FormDraft | None:
    """Return what this person typed into the form of a goal, or of a new one, and did not save."""
    kept: FormDraft | None
    if goal is None:
        kept = _NEW_FORM.one(owner=owner.pk)
    else:
        kept = _GOAL_FORM.one(owner=owner.pk, goal=goal.pk)
    return kept


_NEW_FORM = CompiledQuery(lambda owner: FormDraft.objects.of_form(User(pk=owner), None), owner=int)
_GOAL_FORM = CompiledQuery(
    lambda owner, goal: FormDraft.objects.of_form(User(pk=owner), Goal(pk=goal)), owner=int, goal=int
)


def people_to_show(owner: User) -> list[Mentorship]:
    """Return the relations in which somebody reads with this person now, with their people, the oldest first."""
    return _READERS.objects(owner=owner.pk)


def _readers(owner: int) -> QuerySet[Mentorship]:
    return Mentorship.objects.active().of_mentee(User(pk=owner)).with_people().order_by("started_at", "pk")


_READERS = CompiledQuery(_readers, owner=int)


def milestones_in_order(goal: Goal) -> list[Milestone]:
    """Return the milestones of a goal that is being changed, and nothing about them."""
    return _IN_ORDER.objects(goal=goal.pk)


_IN_ORDER = CompiledQuery(lambda goal: Milestone.objects.filter(goal=goal), goal=int)
