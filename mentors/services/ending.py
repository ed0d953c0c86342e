"""What two people do when they have parted: thank, look back, and hand over to the next mentor."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from goals.models import Goal
from mail.services import queue
from mentors.models import Agreement, Farewell, Handover, LookBack
from sharing.models import Mentorship
from sharing.services import set_shares

# Somebody who reads what they just wrote often changes it once more.
TELL_AFTER = timedelta(minutes=10)


@transaction.atomic
def thank(*, mentorship: Mentorship, by: User, words: str, now: datetime) -> bool:
    """Leave last words in a relation that has ended, and tell the other; False if one left some before.

    Whether one of the two blocks the other is asked where the words are read: who is blocked learns nothing by it.
    """
    row = _ended(mentorship, by)
    if Farewell.objects.filter(mentorship=row, author=by).exists():
        return False
    Farewell.objects.create(mentorship=row, author=by, words=words)
    _tell("mentor_thanked", row, by, f"mentor_thanked:{row.pk}:{by.pk}", now)
    return True


@transaction.atomic
def look_back(*, mentorship: Mentorship, by: User, words: str, shows_at_once: bool, now: datetime) -> LookBack:
    """Write, or change, what came of an ended mentorship; the other is told once that one has written."""
    row = _ended(mentorship, by)
    if not row.is_mentor:
        raise PermissionDenied("Mentor and mentee look back.")
    found = LookBack.objects.filter(mentorship=row, author=by).first()
    if found is None:
        found = LookBack.objects.create(
            mentorship=row, author=by, words=words, shows_at_once=shows_at_once, written_at=now
        )
        _tell("look_back_written", row, by, f"look_back_written:{row.pk}:{by.pk}", now)
        return found
    if found.words != words:
        found.words, found.changed_at = words, now
    found.shows_at_once = shows_at_once
    found.save(update_fields=["words", "changed_at", "shows_at_once"])
    return found


def forget_look_back(*, mentorship: Mentorship, by: User) -> None:
    """Take one's own look back away, from everybody's eyes, at once."""
    LookBack.objects.filter(mentorship=mentorship).written_by(by).delete()


def forget_look_backs(*, user: User, at: datetime) -> None:
    """Erase what an erased person wrote and the other could not read; what they could read stays theirs."""
    for row in LookBack.objects.written_by(user).select_related("mentorship"):
        other = row.mentorship.other(user)
        if other is None or not LookBack.objects.readable_by(other).filter(pk=row.pk).exists():
            row.delete()


def start_of(mentorship: Mentorship, viewer: User, *, theirs: LookBack | None) -> tuple[str, list[Goal]]:
    """Return what the first agreement of an ended mentorship was for, and its goals, as `viewer` may see them now.

    The purpose is the mentee's to keep. A mentor reads it where it is in their own words, or once the mentee shows them
    their look back (`theirs`, None as long as they may not read it); a goal's title only where the goal is shown to
    them again.
    """
    first = (
        Agreement.objects.of_relation(mentorship).filter(state__in=["agreed", "replaced"]).order_by("number").first()
    )
    if first is None:
        return "", []
    is_shown = viewer.pk in {mentorship.mentee_id, first.author_id} or theirs is not None
    return first.purpose if is_shown else "", list(first.goals.visible_to(viewer).order_by("title", "pk"))


@transaction.atomic
def write_handover(
    *, mentorship: Mentorship, parts: Mapping[str, str], version: int, by: User, now: datetime
) -> Handover:
    """Write, or change, what a mentee tells the next mentor about a mentorship; it stays private until it is shown.

    `version` is the one the form was opened with, 0 for a new page; raises StaleEdit where that is no longer so.
    """
    row = Mentorship.objects.select_for_update().get(pk=mentorship.pk)
    if row.mentee_id != by.pk or not row.is_mentor:
        raise PermissionDenied("The mentee writes the handover.")
    found = Handover.objects.about(row).first()
    if found is None:
        return Handover.objects.create(owner=by, mentorship=row, created_at=now, updated_at=now, **parts)
    for name, words in parts.items():
        setattr(found, name, words)
    found.updated_at = now
    return found.save_version(expected=version, update_fields=[*parts, "updated_at"])


@transaction.atomic
def show_handover(*, handover: Handover, mentorships: Iterable[Mentorship], by: User, now: datetime) -> None:
    """Make the readers of a handover exactly these mentors, and tell those it is new to; each is told once."""
    wanted = list(mentorships)
    if any(not each.is_mentor or each.pk == handover.mentorship_id for each in wanted):
        raise PermissionDenied("A handover is for another mentor.")
    for each in set_shares(item=handover, mentorships=wanted, by=by):
        if each.mentor is not None:
            ids = {"handover": handover.pk}
            queue("handover_shown", user=each.mentor, ids=ids, dedupe=f"handover_shown:{handover.pk}:{each.pk}")


def _ended(mentorship: Mentorship, by: User) -> Mentorship:
    row = Mentorship.objects.select_for_update(of=("self",)).with_people().get(pk=mentorship.pk)
    if by.pk not in {row.mentor_id, row.mentee_id} or row.is_active:
        raise PermissionDenied("The two people do this, once it has ended.")
    return row


def _tell(kind: str, mentorship: Mentorship, by: User, dedupe: str, now: datetime) -> None:
    other = mentorship.other(by)
    if other is not None:
        ids = {"mentorship": mentorship.pk}
        queue(kind, user=other, ids=ids, dedupe=dedupe, not_before=now + TELL_AFTER)
