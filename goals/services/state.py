"""The states of a goal: started, resting, closed, opened again."""

from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from goals.models import Goal
from goals.services.goal import tell_readers
from goals.services.history import copy_state, locked, move, only_from


@transaction.atomic
def start_goal(*, goal: Goal, by: User, at: datetime) -> None:
    """Turn a draft into a goal that is on the way, and tell the readers it was already shared with."""
    row = locked(goal, by)
    if row.is_active:
        return
    only_from(row, Goal.Status.DRAFT)
    row.validate_constraints()
    move(row, lambda: row.start(at=at), reason="", at=at)
    tell_readers(row, row.readers())
    copy_state(row, goal)


@transaction.atomic
def pause_goal(*, goal: Goal, by: User, day: date, at: datetime, reason: str = "") -> None:
    """Let a goal rest from that day on; resting already is fine."""
    row = locked(goal, by)
    if not row.is_resting:
        only_from(row, Goal.Status.ACTIVE)
        move(row, lambda: row.pause(on=day, at=at), reason=reason, at=at)
    copy_state(row, goal)


@transaction.atomic
def resume_goal(*, goal: Goal, by: User, day: date, at: datetime) -> None:
    """End the rest of a goal; its days do not count as time gone."""
    row = locked(goal, by)
    if not row.is_active:
        only_from(row, Goal.Status.PAUSED)
        move(row, lambda: row.resume(on=day, at=at), reason="", at=at)
    copy_state(row, goal)


@transaction.atomic
def close_goal(*, goal: Goal, outcome: str, note: str, by: User, day: date, at: datetime) -> None:
    """End a goal as achieved, partly or dropped; the note is kept with the goal and in its history."""
    row = locked(goal, by)
    if row.status != outcome:
        only_from(row, Goal.Status.ACTIVE, Goal.Status.PAUSED)
        move(row, lambda: row.close(outcome=outcome, note=note, on=day, at=at), reason=note, at=at)
    copy_state(row, goal)


@transaction.atomic
def reopen_goal(*, goal: Goal, by: User, at: datetime) -> None:
    """Take up a closed goal again."""
    row = locked(goal, by)
    if not row.is_active:
        only_from(row, *Goal.CLOSED)
        move(row, lambda: row.reopen(at=at), reason="", at=at)
    copy_state(row, goal)
