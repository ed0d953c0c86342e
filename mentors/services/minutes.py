"""What two people write about their check-ins: points, notes, what they take from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from core.versioned import StaleEdit
from mentors.models import Action, Advice, AgendaPoint, CheckIn, Note, StepRefused
from mentors.models.minutes import MOST_OPEN_POINTS
from mentors.services.checkin import lock_check_in, lock_relation, plan_next
from sharing.models import Mentorship
from sharing.notices import REPEAT_WINDOW


@dataclass(frozen=True)
class Promise:
    """Something to do that the form names: who does it, and by when."""

    owner: User
    text: str
    due_on: date | None = None


@transaction.atomic
def add_point(*, mentorship: Mentorship, by: User, text: str, now: datetime) -> AgendaPoint:
    """Put something on the list for next time; the same words within a minute are one point.

    Raises ValidationError where the list is as long as a conversation.
    """
    relation = lock_relation(mentorship, by)
    listed = AgendaPoint.objects.open().filter(mentorship=relation)
    if found := listed.filter(author=by, text=text, created_at__gt=now - REPEAT_WINDOW).first():
        return found
    if listed.count() >= MOST_OPEN_POINTS:
        message = f"{MOST_OPEN_POINTS} points are more than one conversation holds. Tick or remove some first."
        raise ValidationError(message, code="limit")
    return AgendaPoint.objects.create(mentorship=relation, author=by, text=text, created_at=now)


def tick_point(*, point: AgendaPoint, check_in: CheckIn, is_done: bool, now: datetime) -> None:
    """Note that a point was talked about in a check-in, or (`is_done` False) put it back on the list for next time."""
    if is_done and point.done_at is None:
        point.done_at, point.check_in = now, check_in
    elif not is_done:
        point.done_at = point.check_in = None
    point.save(update_fields=["done_at", "check_in"])


def tick_action(*, action: Action, is_done: bool, now: datetime) -> None:
    """Note that what was agreed is done, or take that back. Either of the two may: both know."""
    if is_done != (action.done_at is not None):
        action.done_at = now if is_done else None
        action.save(update_fields=["done_at"])


def save_note(*, check_in: CheckIn, by: User, is_shared: bool, text: str, expected: int, now: datetime) -> Note:
    """Keep what one of the two writes down, in the row of their own. `expected` is the version it began from; 0: none.

    Raises StaleEdit, with what stands there now, where another tab saved meanwhile.
    """
    if not CheckIn.objects.editable_by(by).filter(pk=check_in.pk).exists():
        raise PermissionDenied("This relation has ended, so nothing is added any more.")
    own = {"check_in": check_in, "author": by, "is_shared": is_shared}
    note = Note.objects.filter(**own).first()
    if note is None:
        note = Note(**own, text=text, updated_at=now)
        try:
            with transaction.atomic():
                note.save()
        except IntegrityError:  # the other tab wrote the first words at the same moment
            raise StaleEdit(Note.objects.get(**own)) from None
        return note
    note.text, note.updated_at = text, now
    return note.save_version(expected=expected, update_fields=["text", "updated_at"])


@transaction.atomic
def hold_check_in(
    *,
    check_in: CheckIn,
    by: User,
    expected: int,
    takeaways: str,
    advice: Iterable[str],
    promises: Iterable[Promise],
    next_at: datetime | None,
    now: datetime,
) -> CheckIn:
    """Write down what a check-in brought, and plan the next one: at `next_at`, else in the agreed rhythm.

    Raises StepRefused for one that is still ahead, StaleEdit where the other person, or another tab, saved meanwhile:
    then nothing is written at all.
    """
    row = lock_check_in(check_in, by)
    if row.starts_at is None or row.starts_at > now:
        raise StepRefused("This is still ahead. Write down afterwards what it brought.")
    was_held = row.state == CheckIn.State.HELD
    row.step("hold")
    row.takeaways = takeaways
    row.save_version(expected=expected, update_fields=["state", "takeaways"])
    row.times.all().delete()
    Advice.objects.bulk_create(
        Advice(mentorship=row.mentorship, check_in=row, text=text, created_at=now) for text in advice
    )
    Action.objects.bulk_create(
        Action(check_in=row, owner=each.owner, text=each.text, due_on=each.due_on) for each in promises
    )
    if next_at is not None or not was_held:
        plan_next(row, now=now, starts_at=next_at, by=by if next_at else None)
    return row


def forget_own_notes(*, user: User, at: datetime) -> None:
    """Erase what somebody who leaves for good wrote for their own eyes; nobody could ever read it."""
    Note.objects.written_by(user).filter(is_shared=False).delete()
