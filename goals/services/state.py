"""The states of a goal: started, resting, closed, opened again."""

from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.models import User
from core.versioned import StaleEdit
from goals.models import Goal, Rest
from goals.services.goal import tell_readers
from goals.services.history import copy_state, keep, locked, move, only_from


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
def pause_goal(*, goal: Goal, by: User, day: date, at: datetime, reason: str = "", today: date | None = None) -> None:
    """Let a goal rest from that day on; resting already is fine.

    A day before `today` is kept in the history too. Raises StaleEdit if it rested then already.
    """
    row = locked(goal, by)
    if not row.is_resting:
        only_from(row, Goal.Status.ACTIVE)
        if row.rests.filter(ends_on__gt=day).exists():
            raise StaleEdit(row)
        move(row, lambda: row.pause(on=day, at=at), reason=reason, at=at)
        if today is not None and day < today:
            keep(row, [("rest", "", f"since {day.isoformat()}")], reason="", at=at)
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
def add_rest(*, goal: Goal, first: date, last: date, by: User, at: datetime, reason: str = "") -> Rest | None:
    """Write down days on which a goal rested, both included; raises StaleEdit if it rested then already.

    Sent twice it is stored once.
    """
    row = locked(goal, by)
    only_from(row, Goal.Status.ACTIVE, Goal.Status.PAUSED)
    until = last + timedelta(days=1)
    if row.rests.filter(starts_on=first, ends_on=until).exists():
        return None
    is_taken = row.rests.overlapping(first, until).exists()
    if is_taken or (row.paused_on is not None and until > row.paused_on):
        raise StaleEdit(row)
    rest = row.rest(first=first, until=until)
    row.updated_at = at
    row.save(update_fields=["rested_days", "updated_at"])
    keep(row, [("rest", "", say_rest(first, last))], reason=reason, at=at)
    copy_state(row, goal)
    return rest


@transaction.atomic
def remove_rest(*, rest: Rest, by: User, at: datetime) -> None:
    """Take days of rest away again: they were days like others. Gone already is fine."""
    row = locked(rest.goal, by)
    found = row.rests.filter(pk=rest.pk).first()
    if found is None:
        return
    said = say_rest(found.starts_on, found.last_day)
    row.unrest(found)
    row.updated_at = at
    row.save(update_fields=["rested_days", "updated_at"])
    keep(row, [("rest", said, "")], reason="", at=at)


@transaction.atomic
def close_goal(
    *,
    goal: Goal,
    outcome: str,
    note: str,
    by: User,
    day: date,
    at: datetime,
    helped: str = "",
    differently: str = "",
) -> None:
    """End a goal as achieved, partly or dropped; the closing words are kept with the goal and in its history."""
    row = locked(goal, by)
    if row.status != outcome:
        only_from(row, Goal.Status.ACTIVE, Goal.Status.PAUSED)
        words = {"note": note, "helped": helped, "differently": differently}
        move(row, lambda: row.close(outcome=outcome, on=day, at=at, **words), reason=say_ending(**words), at=at)
    copy_state(row, goal)


@transaction.atomic
def reword_ending(*, goal: Goal, note: str, helped: str, differently: str, by: User, at: datetime) -> None:
    """Put the closing words of a goal anew; raises StaleEdit if it was opened again meanwhile."""
    row = locked(goal, by)
    only_from(row, *Goal.CLOSED)
    row.reword_ending(note=note, helped=helped, differently=differently, at=at)
    copy_state(row, goal)


@transaction.atomic
def reopen_goal(*, goal: Goal, by: User, at: datetime) -> None:
    """Take up a closed goal again; closing words that the history does not have yet go there."""
    row = locked(goal, by)
    if not row.is_active:
        only_from(row, *Goal.CLOSED)
        words = say_ending(note=row.closing_note, helped=row.closing_helped, differently=row.closing_differently)
        is_kept = row.revisions.filter(field="status", reason=words).exists()
        move(row, lambda: row.reopen(at=at), reason="" if is_kept else words, at=at)
    copy_state(row, goal)


def say_rest(first: date, last: date) -> str:
    """Return days of rest as the history keeps them."""
    return f"{first.isoformat()} to {last.isoformat()}"


def say_ending(*, note: str, helped: str, differently: str) -> str:
    """Return the closing words as the history keeps them."""
    parts = (note, helped and f"What helped: {helped}", differently and f"Next time: {differently}")
    return "\n\n".join(part for part in parts if part)
