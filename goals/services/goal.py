"""A goal as a whole: made, changed, shown to readers, deleted and brought back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from goals.models import Goal, Milestone
from goals.services.history import BIN_DAYS, keep, locked, require_owner, stored_text
from goals.services.steps import REPEAT_WINDOW, add_milestone, change_milestone, remove_milestone
from mail.models import Message
from mail.services import queue
from sharing import services as sharing
from sharing.models import Mentorship

# Fields of a goal whose changes its history keeps, in the order they are told.
KEPT_FIELDS = (
    "title",
    "why",
    "achievable",
    "measure",
    "unit",
    "start_value",
    "target_value",
    "evidence",
    "starts_on",
    "due_on",
    "hours_a_week",
    "importance",
)
# Shared, withdrawn and shared again within this time is one piece of news.
SHARE_WINDOW = timedelta(minutes=10)


@dataclass
class MilestoneChanges:
    """What a goal form wants done to the milestones. `changed` pairs how each was with how it shall be."""

    added: list[Milestone] = field(default_factory=list)
    changed: list[tuple[Milestone, Milestone]] = field(default_factory=list)
    removed: list[Milestone] = field(default_factory=list)


@transaction.atomic
def add_goal(
    *,
    goal: Goal,
    by: User,
    at: datetime,
    milestones: Iterable[Milestone] = (),
    readers: Sequence[Mentorship] = (),
) -> Goal:
    """Store a new goal with its first milestones and show it to its readers.

    It is a draft, or on the way if its status says so; readers see and hear of a draft only when it starts.
    Sent twice within a minute it is one goal: the one there is already is returned. A word put right makes another.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # mails to them name their key
    milestones = list(milestones)
    same = {name: getattr(goal, name) for name in (*KEPT_FIELDS, "status")}
    for found in Goal.objects.owned_by(by).filter(**same, created_at__gt=at - REPEAT_WINDOW):
        if _is_repeat(found, milestones, readers):
            return found
    goal.owner, goal.created_at, goal.updated_at = by, at, at
    goal.save(force_insert=True)
    for position, milestone in enumerate(milestones, start=1):
        milestone.goal, milestone.position = goal, position
        milestone.save(force_insert=True)
    if readers:
        share_goal(goal=goal, mentorships=readers, by=by)
    return goal


@transaction.atomic
def change_goal(
    *,
    goal: Goal,
    before: Goal,
    expected: int,
    reason: str,
    by: User,
    at: datetime,
    milestones: MilestoneChanges | None = None,
    suggested_by: User | None = None,
) -> Goal:
    """Store the changed wording, numbers, dates and milestones of a goal, and what changed with its reason.

    `before` is the goal as it was read, `expected` the version the editor started from: raises StaleEdit, and stores
    nothing, if someone saved in between. A draft keeps no history. `suggested_by` is the mentor whose idea it was.
    """
    require_owner(goal, by)
    goal.updated_at = at
    goal.save_version(expected=expected, update_fields=[*KEPT_FIELDS, "updated_at"])
    if not before.is_draft:
        changes = [(name, stored_text(getattr(before, name)), stored_text(getattr(goal, name))) for name in KEPT_FIELDS]
        keep(
            goal,
            [change for change in changes if change[1] != change[2]],
            reason=reason,
            at=at,
            suggested_by=suggested_by,
        )
    wanted = milestones or MilestoneChanges()
    for old in wanted.removed:
        remove_milestone(milestone=old, by=by, at=at)
    for old, new in wanted.changed:
        change_milestone(milestone=new, before=old, by=by, at=at)
    for new in wanted.added:
        add_milestone(goal=goal, milestone=new, by=by, at=at)
    if milestones:
        goal.refresh_from_db(fields=["version"])  # milestones raise it too
    return goal


@transaction.atomic
def delete_goal(*, goal: Goal, by: User, at: datetime) -> None:
    """Put a goal in the bin: gone for every reader at once, kept for its owner for 30 days."""
    locked(goal, by).put_in_bin(at=at)


@transaction.atomic
def restore_goal(*, goal: Goal, by: User) -> None:
    """Bring a goal back from the bin; it is private again."""
    require_owner(goal, by)
    goal.take_from_bin()


def erase_old_bins(*, now: datetime) -> int:
    """Erase for good what has been in a bin for 30 days; return how many goals that were."""
    _, by_model = Goal.objects.deleted_before(now - timedelta(days=BIN_DAYS)).delete()
    return by_model.get("goals.Goal", 0)


@transaction.atomic
def share_goal(
    *, goal: Goal, mentorships: Sequence[Mentorship], by: User, threads_open: bool | None = None
) -> list[Mentorship]:
    """Show a goal to the readers of exactly these relations; tell those it is new to, and return them.

    `threads_open` None leaves the switch as it is. Readers hear of a draft only when it starts.
    """
    row = locked(goal, by)
    new = sharing.set_shares(item=row, mentorships=mentorships, by=by)
    if threads_open is not None and threads_open != row.threads_open:
        row.threads_open = goal.threads_open = threads_open
        row.save(update_fields=["threads_open"])
    if not row.is_draft:
        tell_readers(row, new)
    return new


def _is_repeat(found: Goal, milestones: Sequence[Milestone], readers: Sequence[Mentorship]) -> bool:
    """Tell whether a goal has exactly these milestones and readers."""
    steps = [(each.title, each.due_on) for each in found.milestones.all()]
    shown = set(found.shared_with.values_list("pk", flat=True))
    return steps == [(each.title, each.due_on) for each in milestones] and shown == {each.pk for each in readers}


def tell_readers(goal: Goal, mentorships: Iterable[Mentorship]) -> None:
    """Queue "shared with you" for each relation, unless such a mail waits or went out within minutes.

    The caller holds the lock of the goal. A mail that was skipped, since the goal was withdrawn meanwhile, told nobody.
    """
    now = timezone.now()
    for mentorship in mentorships:
        if mentorship.mentor is None:
            continue
        share = f"goal_shared:{goal.pk}:{mentorship.pk}:"
        told = Message.objects.filter(dedupe__startswith=share)
        waits = Q(state__in=[Message.State.QUEUED, Message.State.SENDING])
        if told.filter(waits | Q(state=Message.State.SENT, queued_at__gt=now - SHARE_WINDOW)).exists():
            continue
        ids = {"goal": goal.pk, "mentorship": mentorship.pk}
        queue("goal_shared", user=mentorship.mentor, ids=ids, dedupe=f"{share}{now:%Y%m%dT%H%M%S%f}")
