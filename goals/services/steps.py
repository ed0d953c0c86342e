"""Milestones along the way to a goal."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from accounts.models import User
from goals.models import Goal, Milestone
from goals.services.history import keep_milestone, locked, say_milestone

# A goal with more steps than this is a project plan; the bound keeps every page of a goal small.
MAX_MILESTONES = 60
# The same thing sent again within a minute is a second click, or a reload after an answer that got lost.
REPEAT_WINDOW = timedelta(minutes=1)


@transaction.atomic
def add_milestone(
    *,
    goal: Goal,
    milestone: Milestone,
    by: User,
    at: datetime,
    reason: str = "",
    suggested_by: User | None = None,
) -> Milestone:
    """Put a milestone behind the others; raises ValidationError when there are very many.

    `suggested_by` is the mentor whose idea it was, `reason` what they said about it.
    """
    row = locked(goal, by)
    last = row.milestones.aggregate(last=Max("position"))["last"] or 0
    if row.milestones.count() >= MAX_MILESTONES:
        raise ValidationError(f"A goal has room for {MAX_MILESTONES} milestones.", code="many")
    milestone.goal, milestone.position = row, last + 1
    milestone.save(force_insert=True)
    keep_milestone(row, "", milestone.title, at=at, reason=reason, suggested_by=suggested_by)
    row.renew(at=at)
    return milestone


@transaction.atomic
def change_milestone(*, milestone: Milestone, before: Milestone, by: User, at: datetime) -> None:
    """Store new words, date or number of a milestone; the history keeps the words and the date."""
    row = locked(milestone.goal, by)
    milestone.save(update_fields=["title", "due_on", "at_value", "kind"])
    keep_milestone(row, say_milestone(before), say_milestone(milestone), at=at)
    row.renew(at=at)


@transaction.atomic
def remove_milestone(*, milestone: Milestone, by: User, at: datetime) -> None:
    """Take a milestone away; comments about it stay with the goal, the history keeps its words."""
    row = locked(milestone.goal, by)
    keep_milestone(row, milestone.title, "", at=at)
    milestone.delete()
    row.renew(at=at)


@transaction.atomic
def tick_milestone(*, milestone: Milestone, is_done: bool, by: User, at: datetime) -> None:
    """Mark a milestone as reached, or as ahead again; doing it twice changes nothing."""
    row = locked(milestone.goal, by)
    if is_done:
        milestone.tick(at=at)
    else:
        milestone.untick()
    row.touch(at=at)
