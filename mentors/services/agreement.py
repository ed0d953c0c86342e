"""What a mentor and a mentee do about their agreement.

Every act locks the relation first, so of two at the same moment one comes first and the other is told what it found.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import User
from core.timekeeping import say_day_within
from goals.models import Goal
from mail.services import queue
from mentors.differences import differences
from mentors.models import MAX_STAMP_LENGTH, Agreement, AgreementDraft, Review, half_way
from sharing.models import Mentorship

# Somebody who reads what they just sent often takes it back once more; the other then hears of it once.
TELL_AFTER = timedelta(minutes=10)
DRAFT_DAYS = 60
COPIED = [
    "purpose",
    "rhythm",
    "channel",
    "minutes",
    "answers_within",
    "confidentiality",
    "mentor_gets",
    "stopping",
]


class AgreementMoved(Exception):
    """What the actor looked at is no longer what stands there; the message says what happened."""


def standing(mentorship: Mentorship) -> tuple[Agreement | None, Agreement | None, str]:
    """Return the version that holds, the one that waits for a yes, and the stamp of the newest: "" if there is none."""
    rows = list(Agreement.objects.standing(mentorship).with_people())
    newest = rows[0] if rows else None
    holds = next((row for row in rows if row.state == Agreement.State.AGREED), None)
    # A new version answers the one that waited, so only the newest can wait.
    return holds, newest if newest and newest.is_open else None, newest.stamp if newest else ""


@transaction.atomic
def propose_agreement(
    *, mentorship: Mentorship, agreement: Agreement, goals: Iterable[Goal], seen: str, by: User, now: datetime
) -> Agreement:
    """Store a new version, which waits for the other's yes, and tell them.

    `seen` is the stamp of the newest version its author saw; raises AgreementMoved if that is no longer so. A version
    that waited is answered by this: one's own is taken back, the other's not taken up. Goals that the relation does not
    show now are left out. Raises ValidationError where nothing would change, PermissionDenied where nothing can.
    """
    row = _locked(mentorship, by)
    holds, waits, stamp = standing(row)
    if seen != stamp:
        raise AgreementMoved(_what_happened(waits, holds, by))
    chosen = list(Goal.objects.shared_through(row).filter(pk__in=[goal.pk for goal in goals]))
    agreement.mentorship, agreement.author, agreement.created_at, agreement.base = row, by, now, holds
    agreement.number = int(stamp.partition("-")[0]) + 1 if stamp else 1
    for other in (holds, waits):
        if other is not None and not differences(other, agreement, goals=(_shown(other, by), chosen)):
            raise ValidationError("Nothing is different from what stands there already.", code="same")
    if waits is not None:
        waits.move("withdraw" if waits.author_id == by.pk else "decline", at=now)
    agreement.save(force_insert=True)
    agreement.goals.set(chosen)
    forget_agreement_draft(mentorship=row, by=by)
    if holds is not None and holds.review_on <= by.today(now):
        _say_review(holds, by, Review.Answer.CHANGE, now)
    _tell("agreement_proposed", agreement, row.other(by), not_before=now + TELL_AFTER)
    return agreement


@transaction.atomic
def keep_agreement_draft(*, mentorship: Mentorship, fields: dict[str, Any], seen: str, by: User, now: datetime) -> bool:
    """Keep what somebody typed into the form of an agreement; of two tabs the one typed in last is kept.

    False, and nothing is kept, for what comes after its own sending: the newest version is theirs, and another than
    the one it was typed upon (`seen`). Raises PermissionDenied where nothing can be agreed on.
    """
    row = _locked(mentorship, by)
    newest = Agreement.objects.of_relation(row).newest_first().first()
    if newest is not None and newest.author_id == by.pk and newest.number != _number_of(seen):
        return False
    kept = {"fields": fields, "seen": seen[:MAX_STAMP_LENGTH], "kept_at": now}
    AgreementDraft.objects.update_or_create(mentorship=row, author=by, defaults=kept)
    return True


def forget_agreement_draft(*, mentorship: Mentorship, by: User) -> None:
    """Forget what was typed: it is sent, or its writer starts afresh."""
    AgreementDraft.objects.of_form(by, mentorship).delete()


def erase_old_agreement_drafts(*, now: datetime) -> int:
    """Erase what nobody came back to for 60 days; return how many forms that were."""
    return AgreementDraft.objects.kept_before(now - timedelta(days=DRAFT_DAYS)).delete()[0]


@transaction.atomic
def accept_agreement(*, mentorship: Mentorship, number: int, by: User, now: datetime) -> bool:
    """Let a proposed version hold from now on, in place of the one before; False if it did already.

    Raises AgreementMoved where it was answered or taken back meanwhile, PermissionDenied for its own author.
    """
    version = _answering(mentorship, number, by)
    if version.state == Agreement.State.AGREED:
        return False
    _check(version, "accept", by)
    for old in Agreement.objects.of_relation(mentorship).filter(state=Agreement.State.AGREED):
        old.move("replace", at=now)
    version.move("accept", at=now)
    _tell("agreement_answered", version, version.author)
    return True


@transaction.atomic
def decline_agreement(*, mentorship: Mentorship, number: int, note: str, by: User, now: datetime) -> None:
    """Leave things as they are, with a word if there is one, and tell who proposed it. Raises as for an accept."""
    version = _answering(mentorship, number, by)
    _check(version, "decline", by)
    version.move("decline", at=now, note=note)
    _tell("agreement_answered", version, version.author)


@transaction.atomic
def withdraw_agreement(*, mentorship: Mentorship, number: int, by: User, now: datetime) -> None:
    """Take one's own proposed version back; a mail about it that waits is then not sent."""
    row = _locked(mentorship, by)
    version = Agreement.objects.of_relation(row).with_people().get(number=number)
    if version.author_id != by.pk:
        raise PermissionDenied("Only who proposed a version takes it back.")
    _check(version, "withdraw", by)
    version.move("withdraw", at=now)


@transaction.atomic
def keep_going(*, mentorship: Mentorship, by: User, now: datetime) -> None:
    """Say, when it is time to look, that it is a good fit. Raises AgreementMoved where there is nothing to look at."""
    row = _locked(mentorship, by)
    holds = standing(row)[0]
    if holds is None or holds.review_on > by.today(now):
        raise AgreementMoved("There is nothing to look at yet.")
    _say_review(holds, by, Review.Answer.KEEP, now)


@transaction.atomic
def extend_agreement(*, mentorship: Mentorship, ends_on: date, seen: str, by: User, now: datetime) -> Agreement:
    """Propose the version that holds once more, with a later end. Raises as `propose_agreement` does.

    A day that is no later is refused with ValidationError: to end sooner is a change, and says which.
    """
    row = _locked(mentorship, by)
    holds = standing(row)[0]
    if holds is None:
        raise AgreementMoved("There is nothing to extend.")
    if holds.ends_on is not None and ends_on <= holds.ends_on:
        raise ValidationError(
            f"Choose a day after {say_day_within(holds.ends_on, by.today(now))}: that is the end now."
        )
    longer = Agreement(**{name: getattr(holds, name) for name in COPIED})
    longer.ends_on, longer.review_on = ends_on, half_way(by.today(now), ends_on)
    return propose_agreement(mentorship=row, agreement=longer, goals=list(holds.goals.all()), seen=seen, by=by, now=now)


def _locked(mentorship: Mentorship, by: User) -> Mentorship:
    row = Mentorship.objects.select_for_update(of=("self",)).with_people().get(pk=mentorship.pk)
    if by.pk not in {row.mentor_id, row.mentee_id} or not row.is_active or not row.is_mentor:
        raise PermissionDenied("Only the two of an active mentorship agree on something.")
    return row


def _answering(mentorship: Mentorship, number: int, by: User) -> Agreement:
    row = _locked(mentorship, by)
    version = Agreement.objects.of_relation(row).with_people().get(number=number)
    if version.author_id == by.pk:
        raise PermissionDenied("The other one answers what you propose.")
    return version


def _check(version: Agreement, verb: str, by: User) -> None:
    if not version.can(verb):
        raise AgreementMoved(_fate(version, by))


def _fate(version: Agreement, by: User) -> str:
    """Say why a version can no longer be answered."""
    who = "You" if version.author_id == by.pk else version.author_given
    return {
        Agreement.State.WITHDRAWN: f"{who} took this version back in the meantime.",
        Agreement.State.DECLINED: "This version was not taken up in the meantime.",
        Agreement.State.AGREED: "You two agreed on this version in the meantime.",
        Agreement.State.REPLACED: "A newer version holds by now.",
    }[Agreement.State(version.state)]


def _what_happened(waits: Agreement | None, holds: Agreement | None, by: User) -> str:
    """Say what a proposal met."""
    if waits is not None:
        who = "You" if waits.author_id == by.pk else waits.author_given
        return f"{who} proposed version {waits.number} in the meantime."
    if holds is not None:
        return f"Version {holds.number} holds now; something was answered or taken back in the meantime."
    return "What was proposed has been answered or taken back in the meantime."


def _say_review(holds: Agreement, by: User, answer: str, now: datetime) -> None:
    Review.objects.get_or_create(agreement=holds, author=by, defaults={"answer": answer, "said_at": now})


def _number_of(stamp: str) -> int:
    """Return the number of the version that a stamp names; 0 for none."""
    number = stamp.partition("-")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 0


def _shown(version: Agreement, viewer: User) -> list[Goal]:
    return list(version.goals.visible_to(viewer))


def _tell(kind: str, version: Agreement, to: User | None, *, not_before: datetime | None = None) -> None:
    if to is not None:
        queue(kind, user=to, ids={"agreement": version.pk}, dedupe=f"{kind}:{version.pk}", not_before=not_before)
