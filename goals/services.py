"""What people do with goals. Each function is one transaction; history and mails are rows written in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from accounts.models import User
from core.versioned import StaleEdit
from goals.models import Goal, GoalComment, Milestone, ProgressUpdate, Revision
from mail.models import Message
from mail.services import queue
from sharing import services as sharing
from sharing.models import Mentorship
from sharing.notices import notify_thread

# Fields of a goal whose changes its history keeps, in the order they are told.
KEPT_FIELDS = (
    "title",
    "why",
    "achievable",
    "measure",
    "unit",
    "start_value",
    "target_value",
    "starts_on",
    "due_on",
)
# A goal with more steps than this is a project plan; the bound keeps every page of a goal small.
MAX_MILESTONES = 60
BIN_DAYS = 30
# The same thing sent again within a minute is a second click, or a reload after an answer that got lost.
REPEAT_WINDOW = timedelta(minutes=1)
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
    User.objects.select_for_update().get(pk=by.pk)
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
) -> Goal:
    """Store the changed wording, numbers, dates and milestones of a goal, and what changed with its reason.

    `before` is the goal as it was read, `expected` the version the editor started from: raises StaleEdit, and stores
    nothing, if someone saved in between. A draft keeps no history.
    """
    _require_owner(goal, by)
    goal.updated_at = at
    goal.save_version(expected=expected, update_fields=[*KEPT_FIELDS, "updated_at"])
    if not before.is_draft:
        changes = [(name, _text(getattr(before, name)), _text(getattr(goal, name))) for name in KEPT_FIELDS]
        _keep(goal, [change for change in changes if change[1] != change[2]], reason=reason, at=at)
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
def start_goal(*, goal: Goal, by: User, at: datetime) -> None:
    """Turn a draft into a goal that is on the way, and tell the readers it was already shared with."""
    row = _locked(goal, by)
    if row.is_active:
        return
    _only_from(row, Goal.Status.DRAFT)
    row.validate_constraints()
    _move(row, lambda: row.start(at=at), reason="", at=at)
    _tell_readers(row, row.readers())
    _copy_state(row, goal)


@transaction.atomic
def pause_goal(*, goal: Goal, by: User, day: date, at: datetime, reason: str = "") -> None:
    """Let a goal rest from that day on; resting already is fine."""
    row = _locked(goal, by)
    if not row.is_resting:
        _only_from(row, Goal.Status.ACTIVE)
        _move(row, lambda: row.pause(on=day, at=at), reason=reason, at=at)
    _copy_state(row, goal)


@transaction.atomic
def resume_goal(*, goal: Goal, by: User, day: date, at: datetime) -> None:
    """End the rest of a goal; its days do not count as time gone."""
    row = _locked(goal, by)
    if not row.is_active:
        _only_from(row, Goal.Status.PAUSED)
        _move(row, lambda: row.resume(on=day, at=at), reason="", at=at)
    _copy_state(row, goal)


@transaction.atomic
def close_goal(*, goal: Goal, outcome: str, note: str, by: User, day: date, at: datetime) -> None:
    """End a goal as achieved, partly or dropped; the note is kept with the goal and in its history."""
    row = _locked(goal, by)
    if row.status != outcome:
        _only_from(row, Goal.Status.ACTIVE, Goal.Status.PAUSED)
        _move(row, lambda: row.close(outcome=outcome, note=note, on=day, at=at), reason=note, at=at)
    _copy_state(row, goal)


@transaction.atomic
def reopen_goal(*, goal: Goal, by: User, at: datetime) -> None:
    """Take up a closed goal again."""
    row = _locked(goal, by)
    if not row.is_active:
        _only_from(row, *Goal.CLOSED)
        _move(row, lambda: row.reopen(at=at), reason="", at=at)
    _copy_state(row, goal)


@transaction.atomic
def delete_goal(*, goal: Goal, by: User, at: datetime) -> None:
    """Put a goal in the bin: gone for every reader at once, kept for its owner for 30 days."""
    _locked(goal, by).put_in_bin(at=at)


@transaction.atomic
def restore_goal(*, goal: Goal, by: User) -> None:
    """Bring a goal back from the bin; it is private again."""
    _require_owner(goal, by)
    goal.take_from_bin()


def erase_old_bins(*, now: datetime) -> int:
    """Erase for good what has been in a bin for 30 days; return how many goals that were."""
    _, by_model = Goal.objects.deleted_before(now - timedelta(days=BIN_DAYS)).delete()
    return by_model.get("goals.Goal", 0)


@transaction.atomic
def log_progress(*, goal: Goal, update: ProgressUpdate, by: User, at: datetime) -> list[Milestone]:
    """Store what was logged; milestones whose number is now reached are ticked, and returned.

    Sent twice within a minute it is stored once. Raises StaleEdit for a goal that is closed or still a draft.
    """
    row = _locked(goal, by)
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
    row = _locked(update.goal, by)
    update.save(update_fields=["value", "note", "happened_on"])
    row.touch(at=at)


@transaction.atomic
def delete_progress(*, update: ProgressUpdate, by: User, at: datetime) -> None:
    """Take something out of the log."""
    row = _locked(update.goal, by)
    update.delete()
    row.touch(at=at)


@transaction.atomic
def add_milestone(*, goal: Goal, milestone: Milestone, by: User, at: datetime) -> Milestone:
    """Put a milestone behind the others; raises ValidationError when there are very many."""
    row = _locked(goal, by)
    last = row.milestones.aggregate(last=Max("position"))["last"] or 0
    if row.milestones.count() >= MAX_MILESTONES:
        raise ValidationError(f"A goal has room for {MAX_MILESTONES} milestones.", code="many")
    milestone.goal, milestone.position = row, last + 1
    milestone.save(force_insert=True)
    _keep_milestone(row, "", milestone.title, at=at)
    row.renew(at=at)
    return milestone


@transaction.atomic
def change_milestone(*, milestone: Milestone, before: Milestone, by: User, at: datetime) -> None:
    """Store new words, date or number of a milestone; the history keeps the words and the date."""
    row = _locked(milestone.goal, by)
    milestone.save(update_fields=["title", "due_on", "at_value"])
    _keep_milestone(row, _say_milestone(before), _say_milestone(milestone), at=at)
    row.renew(at=at)


@transaction.atomic
def remove_milestone(*, milestone: Milestone, by: User, at: datetime) -> None:
    """Take a milestone away; comments about it stay with the goal, the history keeps its words."""
    row = _locked(milestone.goal, by)
    _keep_milestone(row, milestone.title, "", at=at)
    milestone.delete()
    row.renew(at=at)


@transaction.atomic
def tick_milestone(*, milestone: Milestone, is_done: bool, by: User, at: datetime) -> None:
    """Mark a milestone as reached, or as ahead again; doing it twice changes nothing."""
    row = _locked(milestone.goal, by)
    if is_done:
        milestone.tick(at=at)
    else:
        milestone.untick()
    row.touch(at=at)


@transaction.atomic
def share_goal(
    *, goal: Goal, mentorships: Sequence[Mentorship], by: User, threads_open: bool | None = None
) -> list[Mentorship]:
    """Show a goal to the readers of exactly these relations; tell those it is new to, and return them.

    `threads_open` None leaves the switch as it is. Readers hear of a draft only when it starts.
    """
    row = _locked(goal, by)
    new = sharing.set_shares(item=row, mentorships=mentorships, by=by)
    if threads_open is not None and threads_open != row.threads_open:
        row.threads_open = goal.threads_open = threads_open
        row.save(update_fields=["threads_open"])
    if not row.is_draft:
        _tell_readers(row, new)
    return new


@transaction.atomic
def comment_on_goal(
    *,
    goal: Goal,
    mentorships: Iterable[Mentorship],
    by: User,
    text: str,
    at: datetime,
    milestone: Milestone | None = None,
) -> list[GoalComment]:
    """Write the same words into one or several threads of a goal; each thread's other person gets a mail.

    Sent twice within a minute they are one comment and one mail.
    Raises PermissionDenied where `by` may not write now, and for a milestone of another goal.
    """
    if milestone is not None and milestone.goal_id != goal.pk:
        raise PermissionDenied("That milestone belongs to another goal.")
    comments: list[GoalComment] = []
    for mentorship in sorted(mentorships, key=lambda each: each.pk):  # one order of locks for all
        Mentorship.objects.select_for_update().get(pk=mentorship.pk)
        same = goal.comments.in_thread(mentorship.pk).filter(author=by, text=text, milestone=milestone)
        if found := same.filter(created_at__gt=at - REPEAT_WINDOW).first():
            comments.append(found)
            continue
        comment: Any = sharing.add_comment(
            model=GoalComment, item=goal, mentorship=mentorship, by=by, text=text, at=at, milestone=milestone
        )
        notify_thread("goal_comment", comment=comment, at=at)
        comments.append(comment)
    return comments


@transaction.atomic
def edit_comment(*, comment: GoalComment, by: User, text: str, at: datetime) -> None:
    """Change one's own words, in every thread they were written to at once."""
    for each in _same_words(comment):
        sharing.edit_comment(comment=each, by=by, text=text, at=at)


@transaction.atomic
def remove_comment(*, comment: GoalComment, by: User, at: datetime) -> None:
    """Take words away, from every thread they were written to at once."""
    for each in _same_words(comment):
        sharing.remove_comment(comment=each, by=by, at=at)


def _same_words(comment: GoalComment) -> list[GoalComment]:
    """Return the rows that one sending made: an owner's words to several threads share author and moment."""
    same = GoalComment.objects.filter(
        item=comment.item, author=comment.author, created_at=comment.created_at, removed_at=None
    )
    return list(same.order_by("pk"))


def _is_repeat(found: Goal, milestones: Sequence[Milestone], readers: Sequence[Mentorship]) -> bool:
    """Tell whether a goal has exactly these milestones and readers."""
    steps = [(each.title, each.due_on) for each in found.milestones.all()]
    shown = set(found.shared_with.values_list("pk", flat=True))
    return steps == [(each.title, each.due_on) for each in milestones] and shown == {each.pk for each in readers}


def _require_owner(goal: Goal, by: User) -> None:
    if goal.owner_id != by.pk:
        raise PermissionDenied("Only the owner changes a goal.")


def _locked(goal: Goal, by: User) -> Goal:
    """Return the goal as it stands now, locked until the end of the transaction; only its owner gets it."""
    _require_owner(goal, by)
    return Goal.objects.select_for_update().get(pk=goal.pk)


def _only_from(goal: Goal, *states: str) -> None:
    """Refuse a move that another tab made impossible meanwhile."""
    if goal.status not in states or goal.deleted_at is not None:
        raise StaleEdit(goal)


def _move(goal: Goal, verb: Any, *, reason: str, at: datetime) -> None:
    old = goal.status
    verb()
    _keep(goal, [("status", old, goal.status)], reason=reason, at=at)


def _copy_state(row: Goal, goal: Goal) -> None:
    """Let the caller's object say what the row says now."""
    for name in ("status", "paused_on", "rested_days", "closed_at", "closing_note", "updated_at"):
        setattr(goal, name, getattr(row, name))


def _keep(goal: Goal, changes: Iterable[tuple[str, str, str]], *, reason: str, at: datetime) -> None:
    Revision.objects.bulk_create(
        Revision(goal=goal, field=name, old=old, new=new, reason=reason, changed_at=at) for name, old, new in changes
    )


def _keep_milestone(goal: Goal, old: str, new: str, *, at: datetime) -> None:
    """Keep a change of a milestone, unless nobody could have relied on it yet."""
    if not goal.is_draft and old != new:
        _keep(goal, [("milestone", old, new)], reason="", at=at)


def _say_milestone(milestone: Milestone) -> str:
    return f"{milestone.title} ({milestone.due_on.isoformat()})" if milestone.due_on else milestone.title


def _text(value: Any) -> str:
    """Return a field's value as the history keeps it."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(value)


def _is_passed(goal: Goal, milestone: Milestone, value: Decimal) -> bool:
    if milestone.at_value is None:
        return False
    return value <= milestone.at_value if goal.is_falling else value >= milestone.at_value


def _tell_readers(goal: Goal, mentorships: Iterable[Mentorship]) -> None:
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
