"""Milestones along the way to a goal."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from accounts.models import User
from core.versioned import StaleEdit
from goals.models import Goal, Milestone
from goals.services.history import BIN_DAYS, keep_milestone, locked, say_milestone

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
    is_alone: bool = False,
) -> Milestone:
    """Put a milestone behind the others; raises ValidationError when there are very many.

    `suggested_by` is the mentor whose idea it was, `reason` what they said about it. With `is_alone`, sent by a form of
    its own, it is stored once if it comes twice within a minute; two equal lines of one form are meant.
    """
    row = locked(goal, by)
    if is_alone and (found := _just_added(row, milestone, at=at)):
        return found
    last = row.milestones.aggregate(last=Max("position"))["last"] or 0
    _require_room(row)
    milestone.goal, milestone.position = row, last + 1
    milestone.save(force_insert=True)
    keep_milestone(row, "", milestone.title, at=at, reason=reason, suggested_by=suggested_by)
    row.renew(at=at)
    return milestone


def _just_added(goal: Goal, milestone: Milestone, *, at: datetime) -> Milestone | None:
    """Return the last milestone if it is this one and came within the last minute."""
    last = goal.milestones.last()
    same = ("title", "due_on", "at_value", "kind", "done_at")
    if last is None or any(getattr(last, name) != getattr(milestone, name) for name in same):
        return None
    since = at - REPEAT_WINDOW
    added = goal.revisions.filter(field="milestone", old="", new=last.title, changed_at__gt=since)
    is_new = goal.updated_at > since if goal.is_draft else added.exists()  # a draft keeps no history
    return last if is_new else None


@transaction.atomic
def change_milestone(*, milestone: Milestone, before: Milestone, by: User, at: datetime) -> None:
    """Store new words, date or number of a milestone; the history keeps the words and the date.

    Raises StaleEdit if it was removed meanwhile.
    """
    row = locked(milestone.goal, by)
    _must_be_there(row, milestone)
    milestone.save(update_fields=["title", "due_on", "at_value", "kind"])
    keep_milestone(row, say_milestone(before), say_milestone(milestone), at=at)
    row.renew(at=at)


@transaction.atomic
def remove_milestone(*, milestone: Milestone, by: User, at: datetime) -> None:
    """Take a milestone away, for everybody at once; its owner may bring it back for 30 days. Twice is once.

    Comments about it stay with the goal, the history keeps its words.
    """
    row = locked(milestone.goal, by)
    if not row.milestones.filter(pk=milestone.pk).exists():
        return
    keep_milestone(row, milestone.title, "", at=at)
    milestone.remove(at=at)
    row.renew(at=at)


@transaction.atomic
def restore_milestone(*, milestone: Milestone, by: User, at: datetime) -> bool:
    """Put back what was taken away, with its day, its state and what was said about it; False after 30 days.

    Twice is once. Raises ValidationError when there are very many by now.
    """
    row = locked(milestone.goal, by)
    current = Milestone.with_removed.filter(pk=milestone.pk).first()
    if current is None:
        return False
    if current.removed_at is None:
        return True
    if current.removed_at < at - timedelta(days=BIN_DAYS):
        return False
    _require_room(row)
    current.bring_back()
    keep_milestone(row, "", current.title, at=at, reason="Brought back.")
    row.renew(at=at)
    return True


def erase_old_milestones(*, now: datetime) -> int:
    """Erase for good what was taken away 30 days ago; return how many milestones and tasks that were."""
    _, by_model = Milestone.with_removed.removed_before(now - timedelta(days=BIN_DAYS)).delete()
    return by_model.get("goals.Milestone", 0)


@transaction.atomic
def move_milestone(
    *, milestone: Milestone, by: User, at: datetime, step: int = 0, before: int | None = None
) -> tuple[int, int]:
    """Put a milestone `step` places further down (or up: -1), or in front of the one with the key `before`; 0: last.

    Says where the others are, not at which number, so that what another tab added or moved meanwhile stays right.
    Returns its place, from 1, and how many there are. Raises ValidationError when one of the two is no longer there.
    """
    row = locked(milestone.goal, by)
    steps = list(row.milestones.all())
    order = [each.pk for each in steps]
    if milestone.pk not in order or (before and before not in order):
        raise ValidationError("That is no longer on the list. This is how it looks now.", code="gone")
    old = order.index(milestone.pk)
    if before is None:
        new = min(max(old + step, 0), len(order) - 1)
    elif before == milestone.pk:
        new = old
    else:
        others = [pk for pk in order if pk != milestone.pk]
        new = others.index(before) if before else len(others)
    steps.insert(new, steps.pop(old))
    for position, each in enumerate(steps, start=1):
        each.position = position
    if new != old:
        Milestone.objects.bulk_update(steps, ["position"])
        row.touch(at=at)
    return new + 1, len(steps)


@transaction.atomic
def tick_milestone(*, milestone: Milestone, is_done: bool, by: User, at: datetime) -> None:
    """Mark a milestone as reached, or as ahead again; doing it twice changes nothing.

    Raises StaleEdit if it was removed meanwhile.
    """
    row = locked(milestone.goal, by)
    _must_be_there(row, milestone)
    if is_done:
        milestone.tick(at=at)
    else:
        milestone.untick()
    row.touch(at=at)


def _require_room(goal: Goal) -> None:
    if goal.milestones.count() >= MAX_MILESTONES:
        raise ValidationError(f"A goal has room for {MAX_MILESTONES} milestones.", code="many")


def _must_be_there(goal: Goal, milestone: Milestone) -> None:
    if not goal.milestones.filter(pk=milestone.pk).exists():
        raise StaleEdit(goal)
