"""What people do about invitations by e-mail."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import User
from goals.models import Goal
from mail.models import address_hash
from mail.services import queue, set_stopped
from mail.strangers import (
    A_DAY,
    BETWEEN_TWO_MAILS,
    MAILS_PER_SENDER_AND_ADDRESS,
    MAILS_PER_SENDER_AND_DAY,
    SAME_ADDRESS_WITHIN,
    turn_for,
    written_to,
)
from mentors.models import AFTER_A_NO, OPEN_FOR, Introduction, Invitation
from mentors.services.request import withdraw_own_requests
from sharing.models import Mentorship
from sharing.services import block, open_mentorship, share

# Long enough to count the limits above; then the address of somebody who never came is forgotten.
KEEP_CLOSED = timedelta(days=180)


class InvitationClosed(Exception):
    """The invitation was answered, withdrawn or ran out before this answer came."""


def is_invited(email: str, *, now: datetime) -> bool:
    """Tell whether an open invitation waits for this address, which then may sign up where sign-up is closed."""
    return Invitation.objects.open(now).to_address(email).exists()


@transaction.atomic
def invite(*, sender: User, email: str, kind: str, message: str, goals: Iterable[Goal], now: datetime) -> Invitation:
    """Ask an address to become the sender's mentor or colleague, and mail it.

    Raises ValidationError (with the field it is about) for oneself, an address asked already, and where a limit is
    reached. Never tells whether the address has an account, nor whether its owner wants no mail: the answer is the
    same, only no mail is sent.
    """
    email = email.lower()
    # One at a time for each sender, so that two quick clicks cannot pass a limit together.
    sender = User.objects.select_for_update(no_key=True).get(pk=sender.pk)
    earlier = list(Invitation.objects.owned_by(sender).to_address(email).select_related("mentorship"))
    for old in earlier:
        if old.state == Invitation.State.SENT and not old.is_open(now):
            old.expire()
    _check_may_ask(sender, email, kind, earlier, now)
    _check_limits(sender, earlier, now)
    invitation = Invitation(
        sender=sender, email=email, kind=kind, message=message, created_at=now, expires_at=now + OPEN_FOR
    )
    invitation.new_token()
    invitation.save()
    own = Goal.objects.owned_by(sender).for_readers()
    invitation.goals.set(own.filter(pk__in=[goal.pk for goal in goals]))
    _mail_invitation(invitation, now)
    return invitation


@transaction.atomic
def resend_invitation(*, invitation: Invitation, by: User, now: datetime) -> Invitation:
    """Mail an open invitation once more, with the same link, and give it the full time again.

    Raises InvitationClosed, or ValidationError where a limit is reached.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    row = _lock(invitation, now)
    if row.sender_id != by.pk:
        raise PermissionDenied("Only the sender sends it again.")
    earlier = list(Invitation.objects.owned_by(by).to_address(row.email))
    _check_limits(by, earlier, now)
    row.expires_at = now + OPEN_FOR
    row.save(update_fields=["expires_at"])
    _mail_invitation(row, now)
    return row


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User, now: datetime) -> None:
    """Take an invitation back; its link says so from then on. Raises InvitationClosed if it was answered before."""
    row = _lock(invitation, now)
    if row.sender_id != by.pk:
        raise PermissionDenied("Only the sender withdraws.")
    row.withdraw(at=now)


@transaction.atomic
def accept_invitation(*, invitation: Invitation, by: User, now: datetime) -> Mentorship:
    """Open the relation that the invitation offers, share the goals it named, and tell the sender.

    Accepting twice gives the same relation. Raises PermissionDenied for anybody but the addressed person,
    InvitationClosed once it is closed, ValidationError where the two block each other or already work together.
    """
    row = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not Invitation.objects.addressed_to(by).filter(pk=row.pk).exists():
        raise PermissionDenied("Only the addressed person accepts.")
    if row.mentorship is not None and row.mentorship.mentor_id == by.pk:
        return row.mentorship
    row = _lock(invitation, now)
    mentorship = open_mentorship(mentor=by, mentee=row.sender, kind=row.kind, at=now)
    # What became a draft or went into the bin meanwhile is not shown.
    for goal in Goal.objects.owned_by(row.sender).for_readers().filter(invitations=row):
        share(item=goal, mentorships=[mentorship], by=row.sender)
    row.accept(mentorship, at=now)
    queue(
        "mentor_accepted", user=row.sender, ids={"mentorship": mentorship.pk}, dedupe=f"mentor_accepted:{mentorship.pk}"
    )
    return mentorship


@transaction.atomic
def decline_invitation(*, invitation: Invitation, note: str, now: datetime) -> None:
    """Say no, with a kind word if one was written, and tell the sender. The token proves the right; nobody need sign in.

    Raises InvitationClosed if it was answered, withdrawn or ran out before.
    """
    row = _lock(invitation, now)
    row.decline(note, at=now)
    queue("mentor_declined", user=row.sender, ids={"invitation": row.pk}, dedupe=f"mentor_declined:{row.pk}")


def stop_mails(*, invitation: Invitation) -> None:
    """Send nothing more from this server to the invited address. The sender is not told."""
    set_stopped(to_hash=address_hash(invitation.email), stopped=True)


@transaction.atomic
def block_sender(*, invitation: Invitation, by: User, now: datetime) -> None:
    """Block whoever asks. The sender is not told: the invitation stays open for them until it runs out.

    Raises PermissionDenied for anybody but the addressed person.
    """
    if not Invitation.objects.addressed_to(by).filter(pk=invitation.pk).exists():
        raise PermissionDenied("Only the addressed person blocks the sender.")
    block(blocker=by, blocked=invitation.sender, at=now)
    withdraw_own_requests(asker=by, mentor=invitation.sender, now=now)


def forget_invitations(*, user: User, at: datetime) -> None:
    """Forget the answered invitations to an erased person's addresses; until then they may come back to them."""
    Invitation.objects.addressed_to(user).exclude(state=Invitation.State.SENT).delete()


@transaction.atomic
def housekeeping(*, now: datetime) -> int:
    """Write down what ran out, and forget addresses of invitations closed long ago. Returns how many rows changed."""
    expired = 0
    for invitation in Invitation.objects.overdue(now).select_for_update(skip_locked=True):
        invitation.expire()
        expired += 1
    forgotten, _ = Invitation.objects.closed_before(now - KEEP_CLOSED).delete()
    return expired + forgotten


def _lock(invitation: Invitation, now: datetime) -> Invitation:
    row = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not Invitation.objects.open(now).filter(pk=row.pk).exists():
        raise InvitationClosed
    return row


def _check_may_ask(sender: User, email: str, kind: str, earlier: list[Invitation], now: datetime) -> None:
    if EmailAddress.objects.filter(user=sender, email__iexact=email).exists() or sender.email.lower() == email:
        raise ValidationError({"email": "This is your own address. Whom would you like to ask?"}, code="self")
    for old in earlier:
        if old.is_open(now) and old.kind == kind:
            message = "You have asked this address already. You can send the mail again from your mentors page."
            raise ValidationError({"email": message}, code="open")
        # Told only where the sender knows from an invitation of their own who this address is.
        if old.mentorship is not None and old.mentorship.is_active:
            raise ValidationError({"email": "You two already work together here."}, code="pair")
        if old.state == Invitation.State.DECLINED and old.closed_at and old.closed_at + AFTER_A_NO > now:
            again = old.closed_at + AFTER_A_NO
            day = sender.today(again)
            message = f"They answered no to you not long ago. You can ask again after {day.day} {day:%B %Y}."
            raise ValidationError({"email": message}, code="declined")


def _check_limits(sender: User, to_address: list[Invitation], now: datetime) -> None:
    sent = [at for row in to_address for at in row.mailed_at]
    if any(at > now - BETWEEN_TWO_MAILS for at in sent):
        raise ValidationError("You have just sent this. Give the mail three minutes to arrive.", code="limit")
    if sum(at > now - SAME_ADDRESS_WITHIN for at in sent) >= MAILS_PER_SENDER_AND_ADDRESS:
        message = "You have written to this address four times this month. A word in person may do more."
        raise ValidationError(message, code="limit")
    recent = Invitation.objects.owned_by(sender).filter(created_at__gt=now - KEEP_CLOSED)
    today = [at for times in recent.values_list("mailed_at", flat=True) for at in times if at > now - A_DAY]
    if len(today) >= MAILS_PER_SENDER_AND_DAY:
        message = "You have sent ten invitations in a day. You can send more tomorrow."
        raise ValidationError(message, code="limit")


def _mail_invitation(invitation: Invitation, now: datetime) -> None:
    """Count one more mail and queue it. Whether the two block each other is asked when it is sent, as for all mails:
    a page that looked here would answer a moment sooner and so tell the sender.
    """
    turn = turn_for(invitation.email, now)
    invitation.mailed_at = [*invitation.mailed_at, now]
    invitation.save(update_fields=["mailed_at"])
    queue(
        "mentor_invitation",
        to=invitation.email,
        ids={"invitation": invitation.pk},
        dedupe=f"mentor_invitation:{invitation.pk}:{len(invitation.mailed_at)}",
        not_before=turn,
        expires_at=invitation.expires_at,
    )


@written_to
def mailed_by_mentors(email: str, now: datetime) -> tuple[list[datetime], int]:
    """Return when invitations and introductions to an address were asked for, and how many to its domain in a day."""
    asked: list[datetime] = []
    domain = 0
    for rows in (Invitation.objects.all(), Introduction.objects.all()):
        times = rows.filter(email=email, created_at__gt=now - KEEP_CLOSED).values_list("mailed_at", flat=True)
        asked += [at for each in times for at in each]
        domain += rows.filter(email__endswith="@" + email.rpartition("@")[2], created_at__gt=now - A_DAY).count()
    return asked, domain
