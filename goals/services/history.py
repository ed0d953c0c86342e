"""What every service of goals does: lock the row, and keep what changed."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied

from accounts.models import User
from core.versioned import StaleEdit
from goals.logged import Logged
from goals.models import Goal, Milestone, Revision

# What was taken away can be brought back for so long.
BIN_DAYS = 30


def require_owner(goal: Goal, by: User) -> None:
    if goal.owner_id != by.pk:
        raise PermissionDenied("Only the owner changes a goal.")


def locked(goal: Goal, by: User) -> Goal:
    """Return the goal as it stands now, locked until the end of the transaction; only its owner gets it.

    Its key stays free, so that who writes about it, holding the relation that a share waits for, need not wait.
    """
    require_owner(goal, by)
    return Goal.objects.select_for_update(no_key=True).get(pk=goal.pk)


def only_from(goal: Goal, *states: str) -> None:
    """Refuse a move that another tab made impossible meanwhile."""
    if goal.status not in states or goal.deleted_at is not None:
        raise StaleEdit(goal)


def move(goal: Goal, verb: Any, *, reason: str, at: datetime) -> None:
    old = goal.status
    verb()
    keep(goal, [("status", old, goal.status)], reason=reason, at=at)


def copy_state(row: Goal, goal: Goal) -> None:
    """Let the caller's object say what the row says now."""
    for name in ("status", "paused_on", "rested_days", "closed_at", *Goal.CLOSING_WORDS, "updated_at"):
        setattr(goal, name, getattr(row, name))


def keep(
    goal: Goal,
    changes: Iterable[tuple[str, str, str]],
    *,
    reason: str,
    at: datetime,
    suggested_by: User | None = None,
) -> None:
    """Keep changes as (field, old, new); `suggested_by` is the mentor whose idea they were."""
    Revision.objects.bulk_create(
        Revision(
            goal=goal,
            field=name,
            old=old,
            new=new,
            reason=reason,
            suggested_by=suggested_by,
            was_suggested=suggested_by is not None,
            changed_at=at,
        )
        for name, old, new in changes
    )


def keep_progress(goal: Goal, old: Logged | None, new: Logged | None, *, reason: str, at: datetime) -> Revision | None:
    """Keep how an entry of the log was and how it is now; None on one side is one taken out, or put back."""
    before, after = (each.line if each else "" for each in (old, new))
    if before == after:
        return None
    return Revision.objects.create(
        goal=goal, field=Revision.Field.PROGRESS, old=before, new=after, reason=reason, changed_at=at
    )


def keep_milestone(
    goal: Goal, old: str, new: str, *, at: datetime, reason: str = "", suggested_by: User | None = None
) -> None:
    """Keep a change of a milestone, unless nobody could have relied on it yet."""
    if not goal.is_draft and old != new:
        keep(goal, [("milestone", old, new)], reason=reason, at=at, suggested_by=suggested_by)


def say_milestone(milestone: Milestone) -> str:
    return f"{milestone.title} ({milestone.due_on.isoformat()})" if milestone.due_on else milestone.title


def stored_text(value: Any) -> str:
    """Return a field's value as the history keeps it."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(value)
