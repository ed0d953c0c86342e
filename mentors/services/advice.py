"""What came of a mentor's advice: the mentee says it, and tells the mentor once a month if they like."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from core.timekeeping import month_key
from mail.services import queue
from mentors.models import Advice, AdviceNote
from mentors.models.advice import KEPT
from mentors.services.checkin import lock_relation
from sharing.models import Comment, Mentorship, Shareable

SENT_ALREADY = "You have written this month’s note already. What comes of advice from now on waits for the next one."


@transaction.atomic
def keep_comment(*, comment: Comment, by: User, now: datetime) -> Advice:
    """Keep a mentor's comment on one's own goal, entry or win as advice; keeping it twice is the same as once.

    Raises PermissionDenied for anybody but the owner of the thing, and for words that are not an active mentor's.
    """
    item: Shareable = comment.item  # type: ignore[attr-defined]
    relation = lock_relation(comment.mentorship, by)
    is_of_mentor = comment.author_id is not None and comment.author_id == relation.mentor_id
    if item.owner_id != by.pk or not is_of_mentor or comment.removed_at is not None:
        raise PermissionDenied("Only what your mentor wrote to you can be kept as advice.")
    said = {name: comment for name, model in KEPT.values() if isinstance(comment, model)}
    advice, is_new = Advice.objects.get_or_create(**said, defaults={"mentorship": relation, "created_at": now})
    if is_new:
        comment.keep(at=now)
    return advice


@transaction.atomic
def mark_advice(*, advice: Advice, by: User, state: str, now: datetime) -> None:
    """Say what came of a piece of advice. Raises PermissionDenied for anybody but the mentee."""
    relation = lock_relation(advice.mentorship, by)
    if relation.mentee_id != by.pk:
        raise PermissionDenied("Only the mentee says what came of advice.")
    Advice.objects.select_for_update().get(pk=advice.pk).mark(state, at=now)


@transaction.atomic
def send_advice_note(
    *, mentorship: Mentorship, by: User, text: str, advice: Iterable[int], now: datetime
) -> AdviceNote:
    """Send the month's note to the mentor, as the mentee approved it. `advice` are the keys of what it tells.

    Raises ValidationError where this month's note was written already, in another tab perhaps.
    """
    note = _note(mentorship, by, now, text=text, sent_at=now)
    Advice.objects.untold().filter(mentorship=note.mentorship, pk__in=list(advice)).update(told_at=now)
    queue("advice_note", user=note.mentorship.mentor, ids={"note": note.pk}, dedupe=f"advice_note:{note.pk}")
    return note


@transaction.atomic
def leave_out_note(*, mentorship: Mentorship, by: User, now: datetime) -> AdviceNote:
    """Send none this month; what came of the advice is offered again in the next."""
    return _note(mentorship, by, now)


def _note(mentorship: Mentorship, by: User, now: datetime, **fields: object) -> AdviceNote:
    relation = lock_relation(mentorship, by)
    if relation.mentee_id != by.pk:
        raise PermissionDenied("Only the mentee writes this note.")
    note = AdviceNote(mentorship=relation, month=month_key(by.today(now)), **fields)
    try:
        with transaction.atomic():
            note.save()
    except IntegrityError:
        raise ValidationError(SENT_ALREADY, code="sent") from None
    return note
