"""What the page of one goal asks, in statements that are worked out once in a process."""

from django.db.models import QuerySet

from accounts.models import User
from core.compiled import CompiledQuery
from core.paging import Pages
from goals.models import Goal, GoalComment, Milestone, ProgressUpdate, Revision

LOG_SHOWN = HISTORY_SHOWN = 5
COMMENTS_SHOWN = 20


def visible_goal(pk: int, viewer: User) -> Goal | None:
    """Return the goal with its progress and its owner, or None for one that `viewer` may not see now."""
    goal: Goal | None = _GOAL.one(goal=pk, viewer=viewer.pk)
    return goal


def _goal(goal: int, viewer: int) -> QuerySet[Goal]:
    return Goal.objects.with_progress().with_owner().visible_to(User(pk=viewer)).filter(pk=goal)


_GOAL = CompiledQuery(_goal, goal=int, viewer=int)


def milestones(goal: Goal) -> list[Milestone]:
    """Return the milestones in their order."""
    return _MILESTONES.objects(goal=goal.pk)


_MILESTONES = CompiledQuery(lambda goal: Milestone.objects.filter(goal=goal), goal=int)


def latest_updates(goal: Goal) -> list[ProgressUpdate]:
    """Return what was logged last, newest first; one more than is shown, to tell that there is more."""
    return _UPDATES.objects(goal=goal.pk)


_UPDATES = CompiledQuery(
    lambda goal: ProgressUpdate.objects.filter(goal=goal).newest_first()[: LOG_SHOWN + 1], goal=int
)


def latest_changes(goal: Goal) -> list[Revision]:
    """Return what changed last, newest first; one more than is shown."""
    return _CHANGES.objects(goal=goal.pk)


_CHANGES = CompiledQuery(
    lambda goal: Revision.objects.filter(goal=goal).with_suggester().newest_first()[: HISTORY_SHOWN + 1],
    goal=int,
)


# Everything that was logged, and every change, of one goal (`goal`), newest first.
LOG = Pages(lambda goal: ProgressUpdate.objects.filter(goal=goal), keys=("-happened_on", "-pk"), goal=int)
HISTORY = Pages(lambda goal: Revision.objects.filter(goal=goal).with_suggester(), keys=("-changed_at", "-pk"), goal=int)


def _comments(goal: int, viewer: int) -> QuerySet[GoalComment]:
    rows = GoalComment.objects.visible_to(User(pk=viewer)).filter(item=goal).with_people()
    return rows.select_related("milestone", "mentorship__mentor", "suggestion")


# The comments on a goal (`goal`) that a person (`viewer`) may read now, with the people in them, newest first.
COMMENTS = Pages(_comments, keys=("-created_at", "-pk"), size=COMMENTS_SHOWN, goal=int, viewer=int)
