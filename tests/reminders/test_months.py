"""Months, every other week, and changes of rhythm: each week and month is asked about once, whatever is changed when."""

import random
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.zones import change_zone
from core.timekeeping import day_of_month, next_local_of_month
from journal import periods
from journal.models import Period
from mail.models import Message
from reminders import services
from reminders.models import Schedule
from tests.factories.accounts import BreakFactory, UserFactory
from tests.factories.journal import EntryFactory, PeriodFactory
from tests.factories.reminders import ScheduleFactory

pytestmark = pytest.mark.django_db
ZONES = ["Europe/London", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Nuuk"]


def utc(*args):
    return datetime(*args, tzinfo=UTC)


DUE = utc(2026, 11, 30, 18)


def asked(user, kind="monthly_prompt"):
    rows = Message.objects.filter(user=user, kind=kind).order_by("pk")
    return [message.dedupe.rpartition(":")[2] for message in rows]


def breaks(constraint, **fields):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ScheduleFactory(**fields)


def test_schedule_constraints():
    breaks("day_fits_kind", weekday=7)
    breaks("day_fits_kind", weekday=None)
    breaks("day_fits_kind", month_day=1)
    breaks("day_fits_kind", monthly=True, weekday=1)
    breaks("day_fits_kind", monthly=True, month_day=0)
    breaks("day_fits_kind", monthly=True, month_day=4)
    breaks("day_fits_kind", monthly=True, fortnight=1)
    breaks("day_fits_kind", kind="daily")
    breaks("fortnight_is_0_or_1", fortnight=2)
    breaks("schedule_once", user=ScheduleFactory(monthly=True).user, monthly=True)


@pytest.mark.parametrize(
    ("month", "number", "day"),
    [("2026-11", -1, date(2026, 11, 30)), ("2026-11", -3, date(2026, 11, 28)), ("2028-02", -1, date(2028, 2, 29)),
     ("2026-12", 1, date(2026, 12, 1)), ("2026-12", 3, date(2026, 12, 3))],
)  # fmt: skip
def test_day_of_month(month, number, day):
    assert day_of_month(month, number) == day


def test_next_hour_of_a_month_keeps_its_local_hour_over_the_clock_changes():
    zone, at, found = ZoneInfo("Europe/Berlin"), utc(2026, 1, 5), []
    for _ in range(12):
        at = next_local_of_month(zone, -1, time(2, 30), at)
        found.append(at.astimezone(zone))

    assert [wall.month for wall in found] == list(range(1, 13))
    assert {(wall.hour, wall.minute) for wall in found} == {(2, 30)}


def test_month_is_asked_about_and_the_next_hour_stored():
    schedule = ScheduleFactory(monthly=True)

    assert services.send_due(now=DUE + timedelta(seconds=30)) == 1

    message = Message.objects.get()
    assert (message.kind, message.preference, message.ids) == ("monthly_prompt", "weekly", {"month": 202611})
    period = Period.objects.get()
    assert (period.kind, period.key, len(period.questions)) == ("month", "2026-11", 4)
    schedule.refresh_from_db()
    assert schedule.next_due_at == utc(2026, 12, 31, 18)
    assert schedule.unanswered == 1


@pytest.mark.parametrize(
    ("number", "due"), [(-3, utc(2026, 11, 28, 18)), (1, utc(2026, 12, 1, 18)), (3, utc(2026, 12, 3, 18))]
)
def test_every_day_around_the_end_asks_about_the_month_that_ends(number, due):
    schedule = ScheduleFactory(monthly=True, month_day=number, next_due_at=due)

    services.send_due(now=due)

    assert asked(schedule.user) == ["2026-11"]


@pytest.mark.parametrize("state", ["written", "skipped"])
def test_nobody_is_asked_about_a_settled_month(state):
    schedule = ScheduleFactory(monthly=True, unanswered=2)
    PeriodFactory(owner=schedule.user, key="2026-11", state=state)

    services.send_due(now=DUE)

    assert not Message.objects.exists()
    schedule.refresh_from_db()
    assert schedule.unanswered == (0 if state == "written" else 2)


def test_nobody_is_asked_about_a_month_on_a_break():
    schedule = ScheduleFactory(monthly=True)
    BreakFactory(user=schedule.user, from_on=date(2026, 11, 30), until_on=None)

    services.send_due(now=DUE)

    assert not Message.objects.exists()


def test_week_and_month_of_one_person_in_one_batch():
    user = UserFactory()
    ScheduleFactory(user=user, weekday=0, next_due_at=DUE)
    ScheduleFactory(user=user, monthly=True)

    assert services.send_due(now=DUE) == 2

    assert asked(user) == ["2026-11"]
    assert asked(user, "weekly_prompt") == ["2026-W48"]


def test_quiet_months_end_with_one_goodbye_and_an_entry_brings_them_back():
    schedule = ScheduleFactory(monthly=True, next_due_at=utc(2026, 1, 31, 18), turned_at=utc(2026, 1, 1))
    for _ in range(8):
        services.send_due(now=Schedule.objects.get().next_due_at)

    assert asked(schedule.user) == ["2026-01", "2026-02", "2026-03", "2026-04"]
    assert asked(schedule.user, "weekly_farewell") == ["2026-05"]

    schedule.refresh_from_db()
    EntryFactory(owner=schedule.user, updated_at=schedule.turned_at + timedelta(days=2))
    services.send_due(now=schedule.next_due_at)
    assert asked(schedule.user)[-1] == "2026-09"


def test_goodbye_comes_once_to_whom_both_mails_ask():
    user = UserFactory()
    ScheduleFactory(user=user, unanswered=16, next_due_at=DUE, weekday=0)
    ScheduleFactory(user=user, monthly=True, unanswered=4)

    services.send_due(now=DUE)

    assert asked(user, "weekly_farewell") == ["2026-W48"]


def test_every_other_week_leaves_one_out():
    user = UserFactory()
    now = utc(2026, 10, 1)
    services.change_schedule(user=user, is_fortnightly=True, now=now)
    for _ in range(9):
        services.send_due(now=Schedule.objects.get().next_due_at)

    weeks = [*range(40, 50, 2), 52]  # after four months of silence every fourth, as for everybody
    assert asked(user, "weekly_prompt") == [f"2026-W{week}" for week in weeks]
    assert len(asked(user, "weekly_farewell")) == 1


def test_every_other_week_and_the_day_changed_stays_the_same_other_week():
    user = UserFactory()
    services.change_schedule(user=user, is_fortnightly=True, now=utc(2026, 11, 18))
    services.send_due(now=utc(2026, 11, 22, 18))

    changed = services.change_schedule(user=user, weekday=0, is_fortnightly=True, now=utc(2026, 11, 24))

    assert changed.next_due_at == utc(2026, 12, 7, 18)
    assert changed.key_at(changed.next_due_at) == "2026-W49"


def test_change_before_the_hour_asks_at_the_old_one_once_more():
    """On a Saturday from Sunday to Friday: this Friday is over, and this week would never be asked about."""
    schedule = ScheduleFactory()

    changed = services.change_schedule(user=schedule.user, weekday=4, now=utc(2026, 11, 21, 9))
    assert (changed.next_due_at, changed.asks) == (utc(2026, 11, 22, 18), "2026-W47")
    services.send_due(now=utc(2026, 11, 22, 18))

    changed.refresh_from_db()
    assert asked(schedule.user, "weekly_prompt") == ["2026-W47"]
    assert (changed.next_due_at, changed.asks) == (utc(2026, 11, 27, 18), "")


def test_change_long_after_an_hour_that_nobody_heard_begins_at_once():
    schedule = ScheduleFactory()

    changed = services.change_schedule(user=schedule.user, weekday=2, now=utc(2026, 11, 28, 12))

    assert (changed.next_due_at, changed.asks) == (utc(2026, 12, 2, 18), "")


def test_change_after_the_mail_passes_over_the_hour_that_would_ask_again():
    schedule = ScheduleFactory()
    services.send_due(now=utc(2026, 11, 22, 18))

    changed = services.change_schedule(user=schedule.user, weekday=0, now=utc(2026, 11, 22, 19))

    assert changed.next_due_at == utc(2026, 11, 30, 18)


def test_turning_the_weekly_mail_into_a_monthly_one():
    schedule = ScheduleFactory()

    services.set_rhythm(user=schedule.user, weeks=0, month_day=-1, now=utc(2026, 11, 18))
    services.give_rows(now=utc(2026, 11, 18), since=0)

    assert [row.kind for row in Schedule.objects.of(schedule.user)] == ["monthly"]


HOURS = [time(0, 15), time(2, 30), time(7), time(18), time(23, 30)]


def live(user, rng, *, days, kinds):
    """Let somebody change something every few days for some years, with the sweep ringing at every due hour."""
    now = begin = utc(2026, 1, 7, 12)
    end = begin + timedelta(days=days)
    while now < end:
        until = now + timedelta(hours=rng.randint(3, 400))
        while due := Schedule.objects.filter(user=user, next_due_at__lte=until).order_by("next_due_at").first():
            services.send_due(now=max(due.next_due_at, now))
            Schedule.objects.filter(user=user).update(unanswered=0)
        now = until
        user.refresh_from_db()
        what = rng.choice([*kinds, "zone"])
        if what == "zone":
            change_zone(user=user, zone=ZoneInfo(rng.choice(ZONES)), at=now)
        elif what == "week":
            services.change_schedule(user=user, weekday=rng.randint(0, 6), local_time=rng.choice(HOURS), now=now)
        else:
            number = rng.choice(Schedule.MonthDay.values)
            services.change_month(user=user, month_day=number, local_time=rng.choice(HOURS), now=now)
    return now


@pytest.mark.same_statements
@pytest.mark.parametrize("seed", range(4))
def test_years_of_changes_ask_about_every_month_and_every_week_exactly_once(seed):
    rng = random.Random(seed)
    user = UserFactory(time_zone=rng.choice(ZONES), date_joined=utc(2025, 1, 1))
    services.set_rhythm(user=user, weeks=1, month_day=-1, now=utc(2026, 1, 7, 12))

    live(user, rng, days=700, kinds=["week", "month"])

    for kind in ("weekly_prompt", "monthly_prompt"):
        keys = asked(user, kind)
        expected = [keys[0]]
        while len(expected) < len(keys):
            expected.append(periods.next_period(expected[-1]))
        assert sorted(keys) == expected, Counter(keys).most_common(2)
    assert len(asked(user)) >= 22
    assert len(asked(user, "weekly_prompt")) >= 98


def test_send_due_of_weeks_and_months_costs_the_same_for_one_and_for_twenty():
    def cost(number):
        for _ in range(number):
            user = UserFactory()
            ScheduleFactory(user=user, weekday=0, next_due_at=DUE)
            ScheduleFactory(user=user, monthly=True)
        with CaptureQueriesContext(connection) as queries:
            assert services.send_due(now=DUE) == 2 * number
        return len(queries)

    assert cost(1) == cost(20) <= 44
