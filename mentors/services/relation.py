"""What the two of a relation do about it."""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from goals.models import Goal
from journal.models import Entry
from mail.services import queue
from mentors.models import AgreementDraft, Farewell, Invitation, PrivateNote, Seen
from mentors.services.checkin import settle_check_ins
from mentors.services.request import close_requests_to, withdraw_own_requests
from sharing.models import Mentorship
from sharing.services import block, end_mentorship
from wins.models import Win


@transaction.atomic
def pause_mentorship(*, mentorship: Mentorship, by: User, until: date) -> None:
    """Let a relation rest up to and including a day. Sight stays. Raises PermissionDenied if ended."""
    row = _own_active(mentorship, by)
    row.paused_until = until
    row.save(update_fields=["paused_until"])


@transaction.atomic
def resume_mentorship(*, mentorship: Mentorship, by: User, today: date) -> None:
    """Go on after a pause, which then ended yesterday: from there the two count how long it is quiet (mentors.rhythm).

    Raises PermissionDenied if ended.
    """
    row = _own_active(mentorship, by)
    if row.paused_until and row.paused_until >= today:
        row.paused_until = today - timedelta(days=1)
        row.save(update_fields=["paused_until"])


def _own_active(mentorship: Mentorship, by: User) -> Mentorship:
    row = Mentorship.objects.select_for_update().get(pk=mentorship.pk)
    if by.pk not in {row.mentor_id, row.mentee_id} or not row.is_active:
        raise PermissionDenied("Only an active relation rests, and only the two people say so.")
    return row


@transaction.atomic
def end_with_words(*, mentorship: Mentorship, by: User, words: str, now: datetime) -> None:
    """End a relation, leave kind words if there are any, and tell the other side. Ending twice changes nothing."""
    row = Mentorship.objects.select_for_update().get(pk=mentorship.pk)
    if not row.is_active:
        return
    end_mentorship(mentorship=row, by=by, at=now)
    if words:
        Farewell.objects.create(mentorship=row, author=by, words=words)
    _after_end(row, by, now)


def block_person(*, mentorship: Mentorship, by: User, now: datetime) -> None:
    """Block the other person of a relation, who may have left."""
    other = mentorship.other(by)
    if other is not None:
        block_user(other=other, by=by, now=now)


@transaction.atomic
def block_user(*, other: User, by: User, now: datetime) -> None:
    """Block a person. What the two share ends, and the blocker's own open invitations and requests to them are
    withdrawn.

    The other side is told of an end like any other, and of nothing else: what they asked still stands in their list
    until it runs out, so that it does not tell them either, but the blocker no longer sees it and nobody can accept it.
    """
    ending = list(Mentorship.objects.active().involving(by).involving(other))
    block(blocker=by, blocked=other, at=now)
    for row in ending:
        _after_end(row, by, now)
    for invitation in Invitation.objects.open(now).owned_by(by).addressed_to(other).select_for_update():
        invitation.withdraw(at=now)
    withdraw_own_requests(asker=by, mentor=other, now=now)


def mark_seen(*, mentorship: Mentorship, item: Goal | Entry | Win, at: datetime) -> None:
    """Note that the reader of a relation has seen a shared thing, so that it waits no longer."""
    thing: dict[str, Any] = {str(item._meta.model_name): item}
    Seen.objects.update_or_create(mentorship=mentorship, **thing, defaults={"at": at})


@transaction.atomic
def save_private_note(*, mentorship: Mentorship, by: User, text: str, expected: int, at: datetime) -> None:
    """Keep a reader's notes for their own eyes; `expected` is the version they were written on, 0 for none.

    Raises StaleEdit if another tab saved meanwhile, PermissionDenied for anybody but the reader of the relation.
    """
    if by.pk != mentorship.mentor_id:
        raise PermissionDenied("Only the one who reads keeps notes here.")
    note, _ = PrivateNote.objects.get_or_create(
        mentorship=mentorship, author=by, defaults={"version": 0, "updated_at": at}
    )
    note.text, note.updated_at = text, at
    note.save_version(expected=expected, update_fields=["text", "updated_at"])


@transaction.atomic
def leave(*, user: User, at: datetime) -> None:
    """Do what closing an account means here: tell those whose relation ended with it, and ask nobody any more.

    Runs after the relations were ended (sharing.services), and again when the account is erased.
    """
    for mentorship in Mentorship.objects.ended().involving(user).with_people().filter(ended_at=at):
        _after_end(mentorship, user, at)
    for invitation in Invitation.objects.owned_by(user).filter(state=Invitation.State.SENT).select_for_update():
        invitation.withdraw(at=at)
    withdraw_own_requests(asker=user, mentor=None, now=at)
    close_requests_to(mentor=user, now=at)


def _after_end(mentorship: Mentorship, by: User, now: datetime) -> None:
    settle_check_ins(mentorship=mentorship, by=by, now=now)
    AgreementDraft.objects.filter(mentorship=mentorship).delete()
    other = mentorship.other(by)
    if other is not None:
        ids = {"mentorship": mentorship.pk}
        queue("mentorship_ended", user=other, ids=ids, dedupe=f"mentorship_ended:{mentorship.pk}")
