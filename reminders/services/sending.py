"""Who is written to now. Postgres holds what is due; a worker that dies loses nothing and doubles nothing."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from django.db import connection, transaction

from accounts.models import Break, User
from core.failpoints import failpoint
from core.timekeeping import local_day, next_local
from home.week import hints_of
from journal import periods
from journal.models import Period
from mail.models import Message
from mail.services import Draft, queue, queue_many
from reminders.models import EVENING, SUNDAY, Schedule
from reminders.rhythm import Turn, turn_after, turn_after_months
from reminders.services.changing import LATEST, dedupe_of, hour_after_move

BATCH = 500
# More weeks of silence than anybody counts.
LONGEST_SILENCE = 1000


class Reason(Enum):
    """Why somebody whose hour has come is not written to."""

    MOVED = "their zone, day or hour changed"
    LATE = "more than a day late"
    NO_ADDRESS = "no confirmed address"
    OFF = "turned off"
    AWAY = "on a break"
    WRITTEN = "written already"
    SKIPPED = "skipped on purpose"


@dataclass(slots=True)
class Claim:
    """One schedule whose hour has come, and what follows: a turn, or the reason for none.

    `key` is the week or month it asks about, by the local day the hour was meant for; empty if the hour is nobody's any
    more.
    """

    schedule: Schedule
    turn: Turn
    silence: int
    day: date | None
    key: str
    reason: Reason | None = None

    @property
    def user(self) -> User:
        return self.schedule.user

    @property
    def silence_after(self) -> int:
        """Weeks or months of silence from now on: more if somebody was, or by now is no longer, asked."""
        if self.reason is Reason.WRITTEN:
            return 0
        return self.silence if self.reason else self.silence + (1 if self.schedule.fortnight is None else 2)


def send_due(*, now: datetime, limit: int = BATCH) -> int:
    """Claim one batch of schedules whose hour has come, queue their mails, store their next hour; return how many.

    One transaction with a constant number of statements: a worker killed in it leaves everything as it was, and a
    second one at the same moment skips the locked rows.
    """
    with transaction.atomic():
        due = (
            Schedule.objects.due(now)
            .with_person()
            .select_for_update(of=("self", "user"), skip_locked=True, no_key=True)
        )
        claims = decide(list(due[:limit]), now=now)
        if not claims:
            return 0
        failpoint("schedules.after_claim")
        _queue(claims, now=now)
        failpoint("schedules.after_queue")
        _move_on(claims, now=now)
        failpoint("schedules.before_commit")
    return len(claims)


def decide(schedules: list[Schedule], *, now: datetime) -> list[Claim]:
    """Return what these due schedules bring at this moment, in a constant number of queries and without writing.

    The rows come from `Schedule.objects.due(now).with_person()`.
    """
    claims = [_claim(schedule, now=now) for schedule in schedules]
    for kind in Schedule.Kind.values:  # the hours of one person's week and month may come together
        asked = {c.schedule.user_id: c for c in claims if c.reason is None and c.schedule.kind == kind}
        if asked:
            _mark_breaks(asked)
            _mark_settled(asked)
    return claims


def _claim(schedule: Schedule, *, now: datetime) -> Claim:
    if schedule.asks:
        day: date | None = local_day(schedule.user.time_zone, schedule.next_due_at)
        key = schedule.asks
    else:
        day = schedule.day_at(schedule.next_due_at)
        key = schedule.asked_about(day) if day else ""
    silence = 0 if schedule.has_written else schedule.unanswered  # type: ignore[attr-defined]
    turn = turn_after_months(silence) if schedule.is_monthly else turn_after(silence)
    claim = Claim(schedule, turn, silence, day, key)
    if day is None:
        claim.reason = Reason.MOVED
    elif now - schedule.next_due_at > LATEST:
        claim.reason = Reason.LATE
    elif not schedule.is_mailable:  # type: ignore[attr-defined]
        claim.reason = Reason.NO_ADDRESS
    elif schedule.is_off:  # type: ignore[attr-defined]
        claim.reason = Reason.OFF
    return claim


def _mark_breaks(claims: dict[int, Claim]) -> None:
    days = [claim.day for claim in claims.values() if claim.day]
    for pause in Break.objects.touching(min(days), max(days)).filter(user__in=claims):
        day = claims[pause.user_id].day
        if day and pause.covers(day):
            claims[pause.user_id].reason = Reason.AWAY


def _mark_settled(claims: dict[int, Claim]) -> None:
    """Ask nobody about what is written or was skipped on purpose."""
    keys = {claim.key for claim in claims.values()}
    settled = Period.objects.filter(owner__in=claims, key__in=keys, state__in=["written", "skipped"])
    for owner_id, key, state in settled.values_list("owner_id", "key", "state"):
        if claims[owner_id].key == key:
            claims[owner_id].reason = Reason.WRITTEN if state == "written" else Reason.SKIPPED


def _queue(claims: list[Claim], *, now: datetime) -> None:
    for kind in Schedule.Kind.values:
        told = [claim for claim in claims if claim.reason is None and claim.schedule.kind == kind]
        prompts = [claim for claim in told if claim.turn is Turn.PROMPT]
        people = {claim.schedule.user_id: claim.user for claim in prompts}
        open_periods(people, [claim.key for claim in prompts], now=now)
        if prompts:
            queue_many(f"{kind}_prompt", [_draft(claim, kind) for claim in prompts])
        if goodbyes := _last([claim for claim in told if claim.turn is Turn.FAREWELL]):
            queue_many("weekly_farewell", [_draft(claim, "farewell") for claim in goodbyes])


def _last(goodbyes: list[Claim]) -> list[Claim]:
    """Leave out those of monthly mails to whom the weekly mail has said goodbye at the same time, or will."""
    monthly = [claim.schedule.user_id for claim in goodbyes if claim.schedule.is_monthly]
    if not monthly:
        return goodbyes
    both = set(Schedule.objects.weekly().filter(user__in=monthly).values_list("user_id", flat=True))
    return [claim for claim in goodbyes if claim.schedule.user_id not in both]


def open_periods(people: dict[int, User], keys: list[str], *, now: datetime) -> None:
    """Open the weeks or months that are asked about, with their questions, so that mail and page ask the same."""
    if people:
        asked = dict(zip(people, keys, strict=True))
        periods.open_periods(asked, hints_of(people, asked, now=now))


def _draft(claim: Claim, word: str) -> Draft:
    return Draft(
        # A week or month is asked about once, whatever becomes of day, hour, zone and rhythm.
        dedupe=dedupe_of(word, claim.schedule.user_id, claim.key),
        user=claim.user,
        ids={"month" if claim.schedule.is_monthly else "week": period_number(claim.key)},
        expires_at=claim.schedule.next_due_at + LATEST,
    )


def period_number(key: str) -> int:
    """Return the key of a week or month as the number a mail row keeps: 202647 for "2026-W47", 202611 for "2026-11"."""
    return int(key.replace("-W", "").replace("-", ""))


def week_of(number: int) -> str:
    """Return the ISO week key of such a number."""
    return f"{number // 100}-W{number % 100:02d}"


def month_of(number: int) -> str:
    """Return the month key of such a number."""
    return f"{number // 100}-{number % 100:02d}"


def _move_on(claims: list[Claim], *, now: datetime) -> None:
    """Store the next hour of each, in one statement: bulk_update would write a CASE of 500 branches per column."""
    rows = [(c.schedule.pk, _next_hour(c, now), min(c.silence_after, LONGEST_SILENCE)) for c in claims]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE reminders_schedule s SET next_due_at = v.due, unanswered = v.unanswered, turned_at = %s, asks = '' "
            "FROM unnest(%s::bigint[], %s::timestamptz[], %s::smallint[]) AS v(id, due, unanswered) WHERE s.id = v.id",
            [now, *map(list, zip(*rows, strict=True))],
        )


def _next_hour(claim: Claim, now: datetime) -> datetime:
    schedule = claim.schedule
    return hour_after_move(schedule, now=now) if claim.reason is Reason.MOVED else schedule.next_after(now)


def give_rows(*, now: datetime, since: int | None = None, limit: int = BATCH) -> int:
    """Give people who have none their row, with the usual day and hour; return how many.

    Without `since` it looks at accounts newer than the newest one that has a row: two looks into an index. A sign-up
    that took long to commit can slip past that, so housekeeping calls it with 0.
    """
    with transaction.atomic():
        if since is None:
            since = Schedule.objects.order_by("-user_id").values_list("user_id", flat=True).first() or 0
        new = User.objects.filter(pk__gt=since, schedules=None).order_by("pk").only("pk", "time_zone")[:limit]
        rows = [
            Schedule(user=user, next_due_at=next_local(user.time_zone, SUNDAY, EVENING, now), turned_at=now)
            for user in new
        ]
        Schedule.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def queue_sample(
    user: User, *, now: datetime, limit: int | None = None, kind: str = Schedule.Kind.WEEKLY
) -> Message | None:
    """Queue the weekly or monthly mail of now for somebody who wants to see it; None once `limit` were asked for on
    this local day.

    It does not take the place of the regular mail, and shows what is written already, too.
    """
    day = user.today(now)
    key = periods.month_asked_about(day) if kind == Schedule.Kind.MONTHLY else periods.asked_about(day)
    start = f"sample:{user.pk}:{day.isoformat()}:"
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # two clicks take turns, so each counts
        asked = Message.objects.filter(user=user, dedupe__startswith=start).count()
        if limit is not None and asked >= limit:
            return None
        open_periods({user.pk: user}, [key], now=now)
        ids = {"month" if kind == Schedule.Kind.MONTHLY else "week": period_number(key)}
        return queue(f"{kind}_sample", user=user, ids=ids, dedupe=f"{start}{asked + 1}", expires_at=now + LATEST)
