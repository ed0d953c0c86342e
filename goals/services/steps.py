"""What happens along the way: progress and milestones."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from accounts.models import User
from core.versioned import StaleEdit
from goals.models import Goal, Milestone, ProgressUpdate
from goals.services.history import keep_milestone, locked, say_milestone

# A goal with more steps than this is a project plan; the bound keeps every page of a goal small.
MAX_MILESTONES = 60
# The same thing sent again within a minute is a second click, or a reload after an answer that got lost.
REPEAT_WINDOW = timedelta(minutes=1)


@transaction.atomic
def log_progress(*, goal: Goal, update: ProgressUpdate, by: User, at: datetime) -> list[Milestone]:
    """Store what was logged; milestones whose number is now reached are ticked, and returned.

    Sent twice within a minute it is stored once. Raises StaleEdit for a goal that is closed or still a draft.
    """
    row = locked(goal, by)
    if row.is_closed or row.is_draft:
        raise StaleEdit(row)
    same = {"value": update.value, "happened_on": update.happened_on, "note": update.note}
    if row.updates.filter(**same, created_at__gt=at - REPEAT_WINDOW).exists():
        return []
    update.goal, update.created_at = row, at
    update.save(force_insert=True)
    row.touch(at=at)
    if not row.counts or update.value is None:
        return []
    passed = [each for each in row.milestones.open() if _is_passed(row, each, update.value)]
    for milestone in passed:
        milestone.tick(at=at)
    return passed


@transaction.atomic
def change_progress(*, update: ProgressUpdate, by: User, at: datetime) -> None:
    """Store what was put right about something logged."""
    row = locked(update.goal, by)
    update.save(update_fields=["value", "note", "happened_on"])
    row.touch(at=at)


@transaction.atomic
def delete_progress(*, update: ProgressUpdate, by: User, at: datetime) -> None:
    """Take something out of the log."""
    row = locked(update.goal, by)
    update.delete()
    row.touch(at=at)


@transaction.atomic
def add_milestone(*, goal: Goal, milestone: Milestone, by: User, at: datetime) -> Milestone:
    """Put a milestone behind the others; raises ValidationError when there are very many."""
    row = locked(goal, by)
    last = row.milestones.aggregate(last=Max("position"))["last"] or 0
    if row.milestones.count() >= MAX_MILESTONES:
        raise ValidationError(f"A goal has room for {MAX_MILESTONES} milestones.", code="many")
    milestone.goal, milestone.position = row, last + 1
    milestone.save(force_insert=True)
    keep_milestone(row, "", milestone.title, at=at)
    row.renew(at=at)
    return milestone


@transaction.atomic
def change_milestone(*, milestone: Milestone, before: Milestone, by: User, at: datetime) -> None:
    """Store new words, date or number of a milestone; the history keeps the words and the date."""
    row = locked(milestone.goal, by)
    milestone.save(update_fields=["title", "due_on", "at_value"])
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


def _is_passed(goal: Goal, milestone: Milestone, value: Decimal) -> bool:
    if milestone.at_value is None:
        return False
    return value <= milestone.at_value if goal.is_falling else value >= milestone.at_value
