"""Who is written to now. Postgres holds what is due; a worker that dies loses nothing and doubles nothing."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
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
from reminders.rhythm import Turn, slot_day, turn_after

BATCH = 500
# After an outage a prompt still goes out, but not a day later: then the week simply stays open.
LATEST = timedelta(days=1)
# No two clocks of the world are further apart (Kiritimati and the Baker Islands).
CLOCKS_APART = timedelta(hours=26)
# More weeks of silence than anybody counts.
LONGEST_SILENCE = 1000
# Further ahead than any break with an end may reach.
MOST_WEEKS_AWAY = 60


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

    `week` is the week it asks about, by the local day the hour was meant for; empty if the hour is nobody's any more.
    """

    schedule: Schedule
    turn: Turn
    silence: int
    day: date | None
    week: str
    reason: Reason | None = None

    @property
    def user(self) -> User:
        return self.schedule.user

    @property
    def silence_after(self) -> int:
        """Weeks of silence from now on: one more if somebody was, or by now is no longer, asked."""
        if self.reason is Reason.WRITTEN:
            return 0
        return self.silence if self.reason else self.silence + 1


def send_due(*, now: datetime, limit: int = BATCH) -> int:
    """Claim one batch of schedules whose hour has come, queue their mails, store their next hour; return how many.

    One transaction with a constant number of statements: a worker killed in it leaves everything as it was, and a
    second one at the same moment skips the locked rows.
    """
    with transaction.atomic():
        due = Schedule.objects.due(now).with_person().select_for_update(of=("self",), skip_locked=True)
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
    open_claims = {claim.schedule.user_id: claim for claim in claims if claim.reason is None}
    if open_claims:
        _mark_breaks(open_claims)
        _mark_settled(open_claims)
    return claims


def _claim(schedule: Schedule, *, now: datetime) -> Claim:
    day = slot_day(schedule.user.time_zone, schedule.weekday, schedule.local_time, schedule.next_due_at)
    silence = 0 if schedule.has_written else schedule.unanswered  # type: ignore[attr-defined]
    claim = Claim(schedule, turn_after(silence), silence, day, periods.asked_about(day) if day else "")
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
    """Ask nobody about a week that is written or was skipped on purpose."""
    keys = {claim.week for claim in claims.values()}
    settled = Period.objects.weeks().filter(owner__in=claims, key__in=keys, state__in=["written", "skipped"])
    for owner_id, key, state in settled.values_list("owner_id", "key", "state"):
        if claims[owner_id].week == key:
            claims[owner_id].reason = Reason.WRITTEN if state == "written" else Reason.SKIPPED


def _queue(claims: list[Claim], *, now: datetime) -> None:
    prompts = [claim for claim in claims if claim.reason is None and claim.turn is Turn.PROMPT]
    open_weeks({claim.schedule.user_id: claim.user for claim in prompts}, [c.week for c in prompts], now=now)
    queue_many("weekly_prompt", [_draft(claim, "weekly") for claim in prompts])
    goodbyes = [claim for claim in claims if claim.reason is None and claim.turn is Turn.FAREWELL]
    queue_many("weekly_farewell", [_draft(claim, "farewell") for claim in goodbyes])


def open_weeks(people: dict[int, User], keys: list[str], *, now: datetime) -> None:
    """Open the weeks that are asked about, with their questions, so that mail and page ask the same."""
    if people:
        weeks = dict(zip(people, keys, strict=True))
        periods.open_periods(weeks, hints_of(people, weeks, now=now))


def _draft(claim: Claim, word: str) -> Draft:
    return Draft(
        # A week is asked about once, whatever becomes of day, hour and zone.
        dedupe=f"{word}:{claim.schedule.user_id}:{claim.week}",
        user=claim.user,
        ids={"week": week_number(claim.week)},
        expires_at=claim.schedule.next_due_at + LATEST,
    )


def week_number(key: str) -> int:
    """Return an ISO week key as the number a mail row keeps: 202647 for "2026-W47"."""
    return int(key.replace("-W", ""))


def week_of(number: int) -> str:
    """Return the ISO week key of such a number."""
    return f"{number // 100}-W{number % 100:02d}"


def _move_on(claims: list[Claim], *, now: datetime) -> None:
    """Store the next hour of each, in one statement: bulk_update would write a CASE of 500 branches per column."""
    rows = [(c.schedule.pk, _next_hour(c, now), min(c.silence_after, LONGEST_SILENCE)) for c in claims]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE reminders_schedule s SET next_due_at = v.due, unanswered = v.unanswered, turned_at = %s "
            "FROM unnest(%s::bigint[], %s::timestamptz[], %s::smallint[]) AS v(id, due, unanswered) WHERE s.id = v.id",
            [now, *map(list, zip(*rows, strict=True))],
        )


def _next_hour(claim: Claim, now: datetime) -> datetime:
    schedule = claim.schedule
    return hour_after_move(schedule, now=now) if claim.reason is Reason.MOVED else schedule.next_after(now)


def hour_after_move(schedule: Schedule, *, now: datetime) -> datetime:
    """Return the hour that takes the place of the stored one after its owner moved to another clock.

    Whoever moves east while this week's hour was still to come may find it gone by on the new clock. It is asked all
    the same then, unless it is more than a day ago or came before they signed up. The key of the mail keeps a week that
    was asked about from being asked twice.
    """
    passed = schedule.next_after(now - LATEST)
    if schedule.user.date_joined < passed <= now and schedule.next_due_at - passed <= CLOCKS_APART:
        return passed
    return schedule.next_after(now)


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


def schedule_of(user: User, *, now: datetime) -> Schedule:
    """Return a person's weekly schedule; an unsaved one with the usual day and hour while they have none."""
    found = Schedule.objects.of(user).first()
    if found is None:
        found = Schedule(user=user, turned_at=now)
        found.next_due_at = found.next_after(now)
    found.user = user
    return found


@transaction.atomic
def change_schedule(*, user: User, weekday: int, local_time: time, now: datetime) -> Schedule:
    """Write to a person on another day or at another hour, reckoned at once in the zone they live in now."""
    schedule = Schedule.objects.select_for_update().of(user).first() or Schedule(user=user)
    schedule.user, schedule.weekday, schedule.local_time = user, weekday, local_time
    schedule.restart(at=now)
    return schedule


def move_schedule(*, user: User, at: datetime) -> None:
    """Reckon the next hour on the clock of where somebody lives now; called in the transaction that moves them."""
    schedule = Schedule.objects.select_for_update().of(user).first()
    if schedule is not None:
        schedule.user = user
        due = hour_after_move(schedule, now=at)
        schedule.next_due_at, schedule.turned_at, schedule.unanswered = due, at, 0
        schedule.save()


def next_prompt_at(schedule: Schedule, *, breaks: list[Break]) -> datetime | None:
    """Return when the next weekly mail can come, past the breaks; None while a break has no end."""
    at = schedule.next_due_at
    for _ in range(MOST_WEEKS_AWAY):
        day = local_day(schedule.user.time_zone, at)
        pause = next((one for one in breaks if one.covers(day)), None)
        if pause is None:
            return at
        if pause.until_on is None:
            return None
        at = schedule.next_after(at)
    return None


def queue_sample(user: User, *, now: datetime, limit: int | None = None) -> Message | None:
    """Queue this week's mail for somebody who wants to see it; None once `limit` were asked for on this local day.

    It does not take the place of the regular mail, and shows a week that is written already, too.
    """
    day = user.today(now)
    key = periods.asked_about(day)
    start = f"sample:{user.pk}:{day.isoformat()}:"
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # two clicks take turns, so each counts
        asked = Message.objects.filter(user=user, kind="weekly_sample", dedupe__startswith=start).count()
        if limit is not None and asked >= limit:
            return None
        open_weeks({user.pk: user}, [key], now=now)
        ids = {"week": week_number(key)}
        return queue("weekly_sample", user=user, ids=ids, dedupe=f"{start}{asked + 1}", expires_at=now + LATEST)


@transaction.atomic
def take_break(*, user: User, from_on: date, until_on: date | None, today: date) -> Break:
    """Pause everything that nudges, from one local day to another or until further notice; one break at a time."""
    pause = Break.objects.select_for_update().filter(user=user).ending_from(today).first() or Break(user=user)
    pause.from_on, pause.until_on = from_on, until_on
    pause.save()
    return pause


@transaction.atomic
def end_break(*, user: User, today: date) -> None:
    """End the present break as of yesterday, and take back one that has not begun."""
    for pause in Break.objects.select_for_update().filter(user=user).ending_from(today):
        if pause.from_on >= today:
            pause.delete()
        else:
            pause.until_on = today - timedelta(days=1)
            pause.save(update_fields=["until_on"])
