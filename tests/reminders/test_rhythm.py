from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from core.timekeeping import local_day, next_local, week_key
from reminders.rhythm import Turn, fortnight_of, slot_day, turn_after, turn_after_months

SATURDAY, SUNDAY = 5, 6


def utc(*args):
    return datetime(*args, tzinfo=UTC)


def on(weekday):
    """Return what tells whether the hour comes on a day: on that weekday."""
    return lambda day: day.weekday() == weekday


def test_slot_day_of_an_hour_that_fits():
    zone = ZoneInfo("Europe/London")

    assert slot_day(zone, on(SUNDAY), time(18), utc(2026, 11, 22, 18)) == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("zone", "weekday", "hour"),
    [
        ("Asia/Tokyo", SUNDAY, time(18)),
        ("Europe/London", SATURDAY, time(18)),
        ("Europe/London", SUNDAY, time(17, 30)),
    ],
)
def test_slot_day_of_an_hour_that_no_longer_fits(zone, weekday, hour):
    assert slot_day(ZoneInfo(zone), on(weekday), hour, utc(2026, 11, 22, 18)) is None


def test_slot_day_of_an_hour_skipped_at_the_end_of_a_day():
    """In Nuuk the clocks go from 23:00 on Saturday to 00:00 on Sunday; the mail is still Saturday's."""
    zone = ZoneInfo("America/Nuuk")

    due = next_local(zone, SATURDAY, time(23, 15), utc(2026, 3, 27, 12))

    assert due == utc(2026, 3, 29, 1)
    assert local_day(zone, due) == date(2026, 3, 29)
    assert slot_day(zone, on(SATURDAY), time(23, 15), due) == date(2026, 3, 28)


@pytest.mark.parametrize(
    ("unanswered", "turn"),
    [
        *[(weeks, Turn.PROMPT) for weeks in (0, 1, 2, 3, 4, 6, 8, 12)],
        *[(weeks, Turn.WAIT) for weeks in (5, 7, 9, 10, 11, 13, 14, 15)],
        (16, Turn.FAREWELL),
        *[(weeks, Turn.QUIET) for weeks in (17, 18, 20, 999)],
    ],
)
def test_turn_after(unanswered, turn):
    assert turn_after(unanswered) is turn


@pytest.mark.parametrize(
    ("unanswered", "turn"),
    [*[(months, Turn.PROMPT) for months in range(4)], (4, Turn.FAREWELL), (5, Turn.QUIET), (99, Turn.QUIET)],
)
def test_turn_after_months(unanswered, turn):
    assert turn_after_months(unanswered) is turn


def test_fortnights_alternate_over_the_turn_of_a_year():
    keys = ["2026-W51", "2026-W52", "2026-W53", "2027-W01", "2027-W02"]

    found = [fortnight_of(key) for key in keys]

    assert found in ([0, 1, 0, 1, 0], [1, 0, 1, 0, 1])


def changes():
    """Return (zone, moments at which its offset changes) from 2024 to 2030; zones with the same clocks once."""
    days = [utc(2024, 1, 1) + timedelta(days=number) for number in range(7 * 365 + 3)]
    found = {}
    for name in sorted(available_timezones() - {"localtime"}):
        zone = ZoneInfo(name)
        offsets = [day.astimezone(zone).utcoffset() for day in days]
        moments = tuple(
            moment_of_change(zone, days[number - 1], day)
            for number, day in enumerate(days)
            if number and offsets[number] != offsets[number - 1]
        )
        found.setdefault((moments, offsets[0]), (zone, moments))
    return list(found.values())


def moment_of_change(zone, before, after):
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=30):
        middle = before + (after - before) / 2
        before, after = (middle, after) if middle.astimezone(zone).utcoffset() == old else (before, middle)
    return after


def test_the_hour_holds_over_every_change_of_every_zone():
    """One slot a local ISO week, at the wall-clock hour; a skipped hour at the first instant after the gap."""
    hours = [time(minutes // 60, minutes % 60) for minutes in range(15, 24 * 60, 90)]
    cases = [
        slots_around(zone, weekday, hour, moment)
        for zone, moments in changes()
        for moment in moments
        for weekday in range(7)
        for hour in hours
    ]

    assert len(cases) > 30_000
    assert sum(cases) > 50, "no skipped hour was tried"


def slots_around(zone, weekday, hour, change):
    """Check three weeks around a change and return how many of their hours were skipped."""
    due = next_local(zone, weekday, hour, change - timedelta(days=8))
    days, skipped = [], 0
    for _ in range(3):
        day, wall = slot_day(zone, on(weekday), hour, due), due.astimezone(zone)
        assert day is not None, (zone, weekday, hour, due)
        days.append(day)
        if wall.replace(tzinfo=None, fold=0) == datetime.combine(day, hour):
            assert wall.fold == 0, (zone, weekday, hour, due)
        else:
            skipped += 1
            before = (due - timedelta(seconds=1)).astimezone(zone)
            assert before.replace(tzinfo=None) < datetime.combine(day, hour) <= wall.replace(tzinfo=None)
        due = next_local(zone, weekday, hour, due)
    assert [week_key(day) for day in days] == [week_key(days[0] + timedelta(days=7 * n)) for n in range(3)]
    return skipped
