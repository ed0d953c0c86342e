"""What three people do about an introduction. What may follow what stands in mentors.models.introduction."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import User
from mail.models import address_hash
from mail.services import queue, set_stopped
from mail.strangers import A_DAY, MAILS_PER_SENDER_AND_ADDRESS, SAME_ADDRESS_WITHIN, turn_for
from mentors.models import INTRODUCTION_OPEN_FOR, Introduction, IntroductionClosed
from mentors.services.invitation import KEEP_CLOSED
from sharing.models import Mentorship

INTRODUCTIONS_A_DAY = 5


@transaction.atomic
def offer_introduction(
    *, mentorship: Mentorship, by: User, email: str, who: str, words: str, now: datetime
) -> Introduction:
    """Offer a mentee an introduction to the owner of an address, and tell the mentee; nobody else hears of it yet.

    Raises PermissionDenied for anybody but the mentor of an active relation, ValidationError (with its field) for the
    mentor's and the mentee's own addresses, one that is under way, and where a limit is reached. Never tells whether
    the address has an account.
    """
    email = email.lower()
    # One at a time for each mentor, so that two quick clicks cannot pass a limit together.
    by = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    row = Mentorship.objects.select_for_update(of=("self",)).with_people().get(pk=mentorship.pk)
    if row.mentor_id != by.pk or not row.is_active or not row.is_mentor:
        raise PermissionDenied("Only the mentor of an active relation introduces somebody.")
    if _owns(by, email) or _owns(row.mentee, email):
        raise ValidationError({"email": "This address belongs to one of you two. Whom should they meet?"})
    own = Introduction.objects.offered_by(by)
    for old in own.overdue(now).filter(mentorship=row, email=email):
        old.step("expire", at=now)
    if own.filter(mentorship=row, email=email, state__in=["offered", "asked"]).exists():
        raise ValidationError({"email": "This introduction is under way already."})
    if own.to_address(email).filter(created_at__gt=now - SAME_ADDRESS_WITHIN).count() >= MAILS_PER_SENDER_AND_ADDRESS:
        raise ValidationError({"email": "You have introduced people to this address four times this month."})
    if own.filter(created_at__gt=now - A_DAY).count() >= INTRODUCTIONS_A_DAY:
        raise ValidationError("You have offered five introductions in a day. You can offer more tomorrow.")
    found = Introduction(
        mentorship=row, email=email, who=who, words=words, created_at=now, expires_at=now + INTRODUCTION_OPEN_FOR
    )
    found.new_token()
    found.save()
    _tell("introduction_offered", found, user=row.mentee)
    return found


@transaction.atomic
def agree_to_introduction(*, introduction: Introduction, by: User, now: datetime) -> None:
    """Say yes as the mentee; now the other person is asked, by mail. Twice is once.

    Raises PermissionDenied for anybody else, IntroductionClosed where it is over.
    """
    row = _locked(introduction)
    if row.mentorship.mentee_id != by.pk:
        raise PermissionDenied("Only the mentee says yes here.")
    if row.state == Introduction.State.ASKED:
        return
    _step(row, "agree", now)
    turn = turn_for(row.email, now)
    row.mailed_at = [*row.mailed_at, now]
    row.save(update_fields=["mailed_at"])
    queue(
        "introduction_asked",
        to=row.email,
        ids={"introduction": row.pk},
        dedupe=f"introduction_asked:{row.pk}",
        not_before=turn,
        expires_at=row.expires_at,
    )


@transaction.atomic
def accept_introduction(*, introduction: Introduction, now: datetime) -> None:
    """Say yes as the other person; both get each other's address by mail, and the mentor hears that it was made.

    The token proves the right. Twice is once. Raises IntroductionClosed where it is over.
    """
    row = _locked(introduction)
    if row.state == Introduction.State.MADE:
        return
    _step(row, "accept", now)
    _tell("introduction_made", row, user=row.mentorship.mentee)
    _tell("introduction_made_known", row, user=row.mentorship.mentor)
    queue(
        "introduction_made_to_other", to=row.email, ids={"introduction": row.pk}, dedupe=f"introduction_other:{row.pk}"
    )


@transaction.atomic
def decline_introduction(*, introduction: Introduction, by: User | None, now: datetime) -> None:
    """Say no, as the mentee (`by`) or as the other person (None: the token proves the right). Nobody is told why.

    Raises PermissionDenied for somebody else, IntroductionClosed where it is over or not this person's turn.
    """
    row = _locked(introduction)
    if by is not None and row.mentorship.mentee_id != by.pk:
        raise PermissionDenied("Only the mentee says no here.")
    if row.is_waiting and (row.state == Introduction.State.OFFERED) != (by is not None):
        raise IntroductionClosed("You have answered already. The answer of the other person is awaited.")
    _step(row, "decline", now)


@transaction.atomic
def withdraw_introduction(*, introduction: Introduction, by: User, now: datetime) -> None:
    """Take it back, as the mentor, or as the mentee who has changed their mind before the other answered."""
    row = _locked(introduction)
    if by.pk not in {row.mentorship.mentor_id, row.mentorship.mentee_id}:
        raise PermissionDenied("Only the two take it back.")
    _step(row, "withdraw", now)


def stop_mails_to(*, introduction: Introduction) -> None:
    """Send nothing more from this server to the address somebody was introduced to. Nobody is told."""
    set_stopped(to_hash=address_hash(introduction.email), stopped=True)


@transaction.atomic
def mind_introductions(*, now: datetime) -> int:
    """Close what ran out, and forget addresses of those closed long ago. Returns how many rows changed."""
    expired = 0
    for row in Introduction.objects.overdue(now).select_for_update(skip_locked=True):
        row.step("expire", at=now)
        expired += 1
    forgotten, _ = Introduction.objects.closed_before(now - KEEP_CLOSED).delete()
    return expired + forgotten


def _owns(user: User, email: str) -> bool:
    return user.email.lower() == email or EmailAddress.objects.filter(user=user, email__iexact=email).exists()


def _locked(introduction: Introduction) -> Introduction:
    # The relation first, as whoever ends it does.
    Mentorship.objects.select_for_update().get(pk=introduction.mentorship_id)
    found: Introduction = Introduction.objects.select_for_update(of=("self",)).with_people().get(pk=introduction.pk)
    return found


def _step(row: Introduction, verb: str, now: datetime) -> None:
    if row.is_waiting and not Introduction.objects.open(now).filter(pk=row.pk).exists():
        raise IntroductionClosed("This introduction is no longer open.")
    row.step(verb, at=now)


def _tell(kind: str, row: Introduction, *, user: User | None) -> None:
    if user is not None:
        queue(kind, user=user, ids={"introduction": row.pk}, dedupe=f"{kind}:{row.pk}")
