"""How two people agree on when to meet, and what becomes of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from core.timekeeping import at_local
from mail.services import queue
from mentors.models import CheckIn, ProposedTime, StepRefused
from mentors.models.checkin import CheckInQuerySet
from sharing.models import Mentorship
from sharing.notices import REPEAT_WINDOW

NOT_NOW = "This relation has ended, so nothing can be planned any more."
TAKEN = "This time is no longer proposed. The other tab, or the other person, was a moment faster."


@dataclass(frozen=True)
class Terms:
    """How two people meet: how long, by which way, where, and how often again (days; None: once)."""

    minutes: int
    channel: str
    place: str
    repeats_every: int | None = None

    def put_on(self, check_in: CheckIn) -> bool:
        """Write these on a check-in; not saved. Returns whether a calendar would show something else."""
        before = (check_in.minutes, check_in.channel, check_in.place)
        check_in.minutes, check_in.channel, check_in.place = self.minutes, self.channel, self.place
        check_in.repeats_every = self.repeats_every
        return before != (self.minutes, self.channel, self.place)


@transaction.atomic
def propose_check_in(
    *, mentorship: Mentorship, by: User, times: Sequence[datetime], terms: Terms, now: datetime
) -> CheckIn:
    """Propose up to three times to the other side, and mail them. The same times again within a minute are one proposal.

    Raises PermissionDenied where nobody meets any more.
    """
    relation = lock_relation(mentorship, by)
    for found in _lately(relation, by, now).filter(state=CheckIn.State.PROPOSED).prefetch_related("times"):
        if [time.starts_at for time in found.times.all()] == list(times):
            return found
    check_in = CheckIn(mentorship=relation, proposer=by, created_at=now)
    terms.put_on(check_in)
    check_in.save()
    _offer(check_in, times, by, now)
    return check_in


@transaction.atomic
def propose_other_times(
    *, check_in: CheckIn, by: User, times: Sequence[datetime], terms: Terms, now: datetime
) -> CheckIn:
    """Propose other times, or, without any, change where and how. A planned time stands until the other side picks.

    Raises StepRefused where the check-in is over, was cancelled, or is none yet that could be changed.
    """
    row = lock_check_in(check_in, by)
    row.step("propose" if times else "change")
    is_new = terms.put_on(row)
    if times:
        row.proposer = by
        row.times.all().delete()
        _offer(row, times, by, now)
    if row.starts_at and is_new:
        _invite(row, now)
    row.save()
    return row


@transaction.atomic
def pick_time(*, check_in: CheckIn, by: User, time: int, now: datetime) -> CheckIn:
    """Agree to one of the proposed times, by its key; both get an invitation for their calendars.

    Raises PermissionDenied for who proposed them, StepRefused for a time that passed or is no longer proposed.
    """
    row = lock_check_in(check_in, by)
    chosen = row.times.filter(pk=time).first()
    if chosen is None:
        raise StepRefused(TAKEN)
    if row.proposer_id == by.pk:
        raise PermissionDenied("Whoever proposed the times waits for the other to pick one.")
    if chosen.starts_at <= now:
        raise StepRefused("This time has passed. Propose others.")
    row.step("pick")
    row.starts_at = chosen.starts_at
    row.times.all().delete()
    _invite(row, now)
    row.save()
    return row


@transaction.atomic
def cancel_check_in(*, check_in: CheckIn, by: User, now: datetime) -> CheckIn:
    """Call a check-in off; both calendars are told if it stood in them, the other person in any case."""
    row = lock_check_in(check_in, by)
    _cancel(row, by=by)
    return row


@transaction.atomic
def mark_missed(*, check_in: CheckIn, by: User, now: datetime) -> CheckIn:
    """Note that it did not take place. Nobody is told who was not there, and a row of check-ins goes on."""
    row = lock_check_in(check_in, by)
    if row.starts_at and row.starts_at > now:
        raise StepRefused("This is still ahead. If it cannot be, move it or cancel it.")
    row.step("miss")
    row.times.all().delete()
    row.save()
    plan_next(row, now=now)
    return row


@transaction.atomic
def log_past(
    *, mentorship: Mentorship, by: User, starts_at: datetime, terms: Terms, takeaways: str, now: datetime
) -> CheckIn:
    """Write down a conversation that took place without having been planned here; twice within a minute is once."""
    if starts_at > now:
        raise ValueError(f"{starts_at} is ahead")
    relation = lock_relation(mentorship, by)
    if found := _lately(relation, by, now).filter(state=CheckIn.State.HELD, starts_at=starts_at).first():
        return found
    check_in = CheckIn(
        mentorship=relation,
        proposer=by,
        state=CheckIn.State.HELD,
        starts_at=starts_at,
        takeaways=takeaways,
        created_at=now,
    )
    terms.put_on(check_in)
    check_in.save()
    return check_in


def plan_next(check_in: CheckIn, *, now: datetime, starts_at: datetime | None = None, by: User | None = None) -> None:
    """Plan the one after a check-in: at the time the two agreed on, else in its rhythm; once, whoever asks first.

    In its rhythm means so many days later at the same hour of the proposer's clock, whatever the clocks did meanwhile;
    a row that fell behind goes on with its first day ahead.
    """
    if CheckIn.objects.filter(follows=check_in).exists():
        return
    starts_at = starts_at or next_in_rhythm(check_in, now=now)
    if starts_at is None:
        return
    following = CheckIn(
        mentorship=check_in.mentorship,
        state=CheckIn.State.PLANNED,
        proposer=by or check_in.proposer,
        starts_at=starts_at,
        follows=check_in,
        created_at=now,
    )
    Terms(check_in.minutes, check_in.channel, check_in.place, check_in.repeats_every).put_on(following)
    following.save()
    _mail_invitation(following)


def next_in_rhythm(check_in: CheckIn, *, now: datetime) -> datetime | None:
    """Return when the next of a row would be, or None where nothing repeats."""
    if not check_in.repeats_every or check_in.starts_at is None or check_in.proposer is None:
        return None
    zone = check_in.proposer.time_zone
    local = check_in.starts_at.astimezone(zone)
    day, step = local.date(), timedelta(days=check_in.repeats_every)
    while True:
        day += step
        at = at_local(zone, day, local.time())
        if at > now:
            return at


def settle_check_ins(*, mentorship: Mentorship, by: User, now: datetime) -> None:
    """Leave nothing open between two people whose relation ended: what is ahead is called off, and both calendars are
    told; what has passed without a word of how it was is put down as that.
    """
    for check_in in CheckIn.objects.open().filter(mentorship=mentorship).order_by("pk").select_for_update():
        check_in.mentorship = mentorship
        if check_in.starts_at is None or check_in.starts_at > now:
            _cancel(check_in, by=by)
        else:
            check_in.step("settle")
            check_in.times.all().delete()
            check_in.save()


def lock_relation(mentorship: Mentorship, by: User) -> Mentorship:
    """Hold a relation in which people meet, so that what the two do there happens one after the other."""
    row = Mentorship.objects.select_for_update(no_key=True).get(pk=mentorship.pk)
    if not row.is_active or not row.is_mentor or by.pk not in {row.mentor_id, row.mentee_id}:
        raise PermissionDenied(NOT_NOW)
    return row


def lock_check_in(check_in: CheckIn, by: User) -> CheckIn:
    """Hold a check-in as it stands now, and its relation before it; raise PermissionDenied where that has ended."""
    relation = lock_relation(check_in.mentorship, by)
    row = CheckIn.objects.select_for_update(no_key=True, of=("self",)).select_related("proposer").get(pk=check_in.pk)
    row.mentorship = relation
    return row


def _lately(relation: Mentorship, by: User, now: datetime) -> CheckInQuerySet:
    """Return what this person set down within the last minute: what is sent again then is a second click."""
    return CheckIn.objects.filter(mentorship=relation, proposer=by, created_at__gt=now - REPEAT_WINDOW)


def _offer(check_in: CheckIn, times: Iterable[datetime], by: User, now: datetime) -> None:
    offered = [
        ProposedTime(check_in=check_in, place=place, starts_at=starts_at) for place, starts_at in enumerate(times, 1)
    ]
    ProposedTime.objects.bulk_create(offered)
    other = check_in.mentorship.other(by)
    if other is not None:
        queue(
            "checkin_proposed",
            user=other,
            ids={"check_in": check_in.pk, "first": offered[0].pk},
            dedupe=f"checkin_proposed:{check_in.pk}:{offered[0].pk}",
            expires_at=max(time.starts_at for time in offered),
        )


def _invite(check_in: CheckIn, now: datetime) -> None:
    """Count one more version of what calendars show, and send it; what is past needs no invitation."""
    if check_in.starts_at and check_in.starts_at > now:
        check_in.sequence += 1
        _mail_invitation(check_in)


def _mail_invitation(check_in: CheckIn) -> None:
    for person in (check_in.mentorship.mentee, check_in.mentorship.mentor):
        if person is not None:
            queue(
                "checkin_planned",
                user=person,
                ids={"check_in": check_in.pk, "sequence": check_in.sequence},
                dedupe=f"checkin_planned:{check_in.pk}:{check_in.sequence}:{person.pk}",
                expires_at=check_in.starts_at,
            )


def _cancel(check_in: CheckIn, *, by: User) -> None:
    was_planned = check_in.starts_at is not None
    check_in.step("cancel")
    check_in.sequence += 1
    check_in.times.all().delete()
    check_in.save()
    for person in (check_in.mentorship.mentee, check_in.mentorship.mentor):
        # Who calls off what never stood in a calendar needs no mail about it.
        if person is not None and (was_planned or person.pk != by.pk):
            queue(
                "checkin_cancelled",
                user=person,
                ids={"check_in": check_in.pk, "by": by.pk},
                dedupe=f"checkin_cancelled:{check_in.pk}:{person.pk}",
            )
