"""What is logged along the way, put right, taken out and put back."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Func, Value

from accounts.models import User
from core.versioned import StaleEdit
from goals.logged import Logged
from goals.models import Goal, Milestone, ProgressUpdate, Revision, Seen
from goals.services.history import BIN_DAYS, keep_progress, locked
from goals.services.steps import REPEAT_WINDOW
from sharing.models import Mentorship

FIELDS = ("value", "happened_on", "note", "confidence", "hours")


@transaction.atomic
def log_progress(
    *, goal: Goal, update: ProgressUpdate, by: User, at: datetime, is_unchanged: bool = False
) -> list[Milestone]:
    """Store what was logged; milestones whose number is now reached are ticked, and returned.

    `is_unchanged` gives it the number the goal stood at on its day. Sent twice within a minute it is stored once.
    Raises StaleEdit for a goal that is closed or still a draft.
    """
    row = locked(goal, by)
    if row.is_closed or row.is_draft:
        raise StaleEdit(row)
    if is_unchanged and row.counts:
        update.value = _value_on(row, update.happened_on)
    same = {name: getattr(update, name) for name in FIELDS}
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
def change_progress(*, update: ProgressUpdate, by: User, at: datetime, reason: str = "") -> None:
    """Store what was put right about something logged; the history keeps how it was.

    Raises StaleEdit if it was taken out of the log meanwhile.
    """
    row = locked(update.goal, by)
    before = row.updates.filter(pk=update.pk).first()
    if before is None:
        raise StaleEdit(row)
    update.save(update_fields=FIELDS)
    keep_progress(row, Logged.of(before), Logged.of(update), reason=reason, at=at)
    row.touch(at=at)


@transaction.atomic
def delete_progress(*, update: ProgressUpdate, by: User, at: datetime, reason: str = "") -> Revision | None:
    """Take something out of the log; return the line of history it can be brought back from for 30 days."""
    row = locked(update.goal, by)
    before = row.updates.filter(pk=update.pk).first()
    if before is None:
        return None
    logged = Logged.of(before)
    before.delete()
    row.touch(at=at)
    return keep_progress(row, logged, None, reason=reason, at=at)


@transaction.atomic
def restore_progress(*, revision: Revision, by: User, at: datetime) -> bool:
    """Put back what this line of history says was taken out; tell whether it is in the log now.

    Twice is once: the line that says it is back is looked for. After 30 days there is nothing to bring back.
    """
    row = locked(revision.goal, by)
    logged = Logged.read(revision.old)
    if revision.field != Revision.Field.PROGRESS or revision.new or logged is None:
        return False
    if row.revisions.filter(field="progress", old="", new=revision.old, changed_at__gte=revision.changed_at).exists():
        return True
    if revision.changed_at < at - timedelta(days=BIN_DAYS):
        return False
    update = logged.update()
    update.goal, update.created_at = row, at
    update.save(force_insert=True)
    keep_progress(row, None, logged, reason="", at=at)
    row.touch(at=at)
    return True


@transaction.atomic
def see_progress(*, update: ProgressUpdate, is_seen: bool, by: User, at: datetime) -> None:
    """Let the owner know that a reader saw what they logged, or take that back; no mail goes out. Twice is once.

    Raises PermissionDenied for anybody but somebody the goal is shown to now.
    """
    relations = Mentorship.objects.select_for_update().active().of_mentor(by)
    mentorship = relations.filter(mentee=update.goal.owner_id).first()
    if mentorship is None or not ProgressUpdate.objects.visible_to(by).filter(pk=update.pk).exists():
        raise PermissionDenied("Only a reader marks this as seen.")
    if is_seen:
        Seen.objects.get_or_create(update=update, mentorship=mentorship, defaults={"seen_at": at})
    else:
        Seen.objects.filter(update=update, mentorship=mentorship).delete()


def erase_old_words(*, now: datetime) -> int:
    """Erase the notes of what has been out of a log for 30 days; day and number stay in the history."""
    old = Revision.objects.progress_taken_out().with_words().filter(changed_at__lt=now - timedelta(days=BIN_DAYS))
    return old.update(old=Func(F("old"), Value(": "), Value(1), function="split_part"))


def _value_on(goal: Goal, day: date) -> Decimal | None:
    """Return where a counting goal stood at the end of a day."""
    last = goal.updates.filter(value__isnull=False, happened_on__lte=day).newest_first().first()
    return goal.start_value if last is None else last.value


def _is_passed(goal: Goal, milestone: Milestone, value: Decimal) -> bool:
    if milestone.at_value is None:
        return False
    return value <= milestone.at_value if goal.is_falling else value >= milestone.at_value
