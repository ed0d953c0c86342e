"""What people change: their rhythm, day and hour, where they live, and breaks. A change applies from the next mail."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction

from accounts.models import Break, User
from core.compiled import CompiledQuery
from core.timekeeping import local_day
from mail.models import Message
from reminders.models import EVENING, SUNDAY, Schedule
from reminders.rhythm import fortnight_of

# After an outage a prompt still goes out, but not a day later: then the week or month simply stays open.
LATEST = timedelta(days=1)
# No two clocks of the world are further apart (Kiritimati and the Baker Islands).
CLOCKS_APART = timedelta(hours=26)
# Further ahead than any break with an end may reach.
MOST_TURNS_AWAY = 60


@dataclass(frozen=True)
class Rhythm:
    """What asks a person: their weekly and their monthly schedule, as far as they have them."""

    weekly: Schedule | None
    monthly: Schedule | None


_SCHEDULES = CompiledQuery(lambda user: Schedule.objects.filter(user=user).with_settled(), user=int)


def rhythm_of(user: User, *, now: datetime) -> Rhythm:
    """Return a person's schedules; an unsaved weekly one with the usual day and hour while they have none at all."""
    found = {schedule.kind: schedule for schedule in _SCHEDULES.objects(user=user.pk)}
    for schedule in found.values():
        schedule.user = user
    if not found:
        usual = Schedule(user=user, turned_at=now)
        usual.settled = []
        usual.next_due_at = usual.next_after(now)
        return Rhythm(usual, None)
    return Rhythm(found.get("weekly"), found.get("monthly"))


@transaction.atomic
def change_schedule(
    *, user: User, weekday: int = SUNDAY, local_time: time = EVENING, is_fortnightly: bool = False, now: datetime
) -> Schedule:
    """Ask a person every week, or every other one, on this day and hour, reckoned at once in the zone they live in now."""
    schedule = Schedule.objects.select_for_update().of(user).weekly().first() or Schedule(user=user)
    was = _pending(schedule, user)
    had_fortnight, schedule.fortnight = schedule.fortnight, None
    schedule.weekday, schedule.local_time = weekday, local_time
    if is_fortnightly and had_fortnight is None:
        # The next one comes; from it on every other is left out.
        _restart(schedule, was, now=now)
        schedule.fortnight = fortnight_of(schedule.key_at(schedule.next_due_at))
    else:
        schedule.fortnight = had_fortnight if is_fortnightly else None
        _restart(schedule, was, now=now)
    schedule.save()
    return schedule


@transaction.atomic
def change_month(*, user: User, month_day: int, local_time: time = EVENING, now: datetime) -> Schedule:
    """Ask a person about each month on this day around its end (`Schedule.MonthDay`) and hour, in their zone."""
    found = Schedule.objects.select_for_update().of(user).monthly().first()
    schedule = found or Schedule(user=user, kind=Schedule.Kind.MONTHLY, weekday=None)
    was = _pending(schedule, user)
    schedule.month_day, schedule.local_time = month_day, local_time
    _restart(schedule, was, now=now)
    schedule.save()
    return schedule


@transaction.atomic
def set_rhythm(
    *,
    user: User,
    weeks: int,
    weekday: int = SUNDAY,
    local_time: time = EVENING,
    month_day: int,
    month_time: time = EVENING,
    now: datetime,
) -> None:
    """Ask a person every week (1), every other week (2) or about no week (0), and about each month or none (0)."""
    if weeks:
        change_schedule(user=user, weekday=weekday, local_time=local_time, is_fortnightly=weeks == 2, now=now)
    else:
        stop_schedule(user=user, kind=Schedule.Kind.WEEKLY)
    if month_day:
        change_month(user=user, month_day=month_day, local_time=month_time, now=now)
    else:
        stop_schedule(user=user, kind=Schedule.Kind.MONTHLY)


@transaction.atomic
def restart_schedules(*, user: User, now: datetime) -> None:
    """Reckon a person's hours anew after they turned their mails on again, which is a sign of life."""
    found = Schedule.objects.select_for_update().of(user).order_by("pk")
    for schedule in list(found) or [Schedule(user=user)]:
        _restart(schedule, _pending(schedule, user), now=now)
        schedule.save()


@transaction.atomic
def stop_schedule(*, user: User, kind: str) -> None:
    """Ask a person about their weeks, or their months, no more. The other kind is left as it is."""
    Schedule.objects.of(user).filter(kind=kind).delete()


def _pending(schedule: Schedule, user: User) -> tuple[str, datetime | None]:
    """Return what the stored hour asks about and when, before a change."""
    schedule.user = user
    if schedule.pk is None:
        return "", None
    return schedule.key_at(schedule.next_due_at), schedule.next_due_at


def _restart(schedule: Schedule, was: tuple[str, datetime | None], *, now: datetime) -> None:
    """Work out the next hour anew, after a change of day, hour or rhythm, which is a sign of life too.

    If the new hours would leave out the week or month that the old one was about to ask about, the old hour comes once
    more and the new ones follow it. An hour of a week or month that was asked about already is passed over.
    """
    key, due = was
    schedule.asks, schedule.turned_at, schedule.unanswered = "", now, 0
    schedule.next_due_at = schedule.next_after(now)
    is_left_out = bool(key) and key < schedule.key_at(schedule.next_due_at)
    if due is not None and is_left_out and now - due <= LATEST and not _was_asked(schedule, key):
        schedule.next_due_at, schedule.asks = due, key
    else:
        _pass_over_asked(schedule)


def _pass_over_asked(schedule: Schedule) -> None:
    while _was_asked(schedule, schedule.key_at(schedule.next_due_at)):
        schedule.next_due_at = schedule.next_after(schedule.next_due_at)


def _was_asked(schedule: Schedule, key: str) -> bool:
    return Message.objects.filter(dedupe=dedupe_of(schedule.kind, schedule.user.pk, key)).exists()


def dedupe_of(word: str, user_id: int, key: str) -> str:
    """Return the key that makes the mail about one week or month of a person the only one."""
    return f"{word}:{user_id}:{key}"


def move_schedules(*, user: User, at: datetime) -> None:
    """Reckon the next hours on the clock of where somebody lives now; called in the transaction that moves them."""
    for schedule in Schedule.objects.select_for_update().of(user).order_by("pk"):
        schedule.user = user
        schedule.turned_at, schedule.unanswered = at, 0
        if not schedule.asks:  # the last hour from before a change stays the instant it was
            schedule.next_due_at = hour_after_move(schedule, now=at)
            _pass_over_asked(schedule)
        schedule.save()


def hour_after_move(schedule: Schedule, *, now: datetime) -> datetime:
    """Return the hour that takes the place of the stored one after its owner moved to another clock.

    Whoever moves east while an hour was still to come may find it gone by on the new clock. It is asked all the same
    then, unless it is more than a day ago or came before they signed up. The key of the mail keeps a week or month that
    was asked about from being asked twice.
    """
    passed = schedule.next_after(now - LATEST)
    if schedule.user.date_joined < passed <= now and schedule.next_due_at - passed <= CLOCKS_APART:
        return passed
    return schedule.next_after(now)


def next_prompt_at(schedule: Schedule, *, breaks: list[Break]) -> datetime | None:
    """Return when the next mail can come, past the breaks and what is settled; None while a break has no end."""
    at = schedule.next_due_at
    if schedule.key_at(at) in schedule.settled:  # nobody is done with a week to come, so one step is enough
        at = schedule.next_after(at)
    for _ in range(MOST_TURNS_AWAY):
        day = local_day(schedule.user.time_zone, at)
        pause = next((one for one in breaks if one.covers(day)), None)
        if pause is None:
            return at
        if pause.until_on is None:
            return None
        at = schedule.next_after(at)
    return None


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
