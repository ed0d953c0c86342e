from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.timekeeping import at_local, next_local, say_day, say_day_within, week_bounds, week_key


@pytest.mark.parametrize(
    ("zone", "day", "hour", "instant"),
    [
        # Spring forward: the hour does not exist, the first instant after the gap counts.
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), "2026-03-29T01:00"),
        ("America/New_York", date(2026, 3, 8), time(2, 15), "2026-03-08T07:00"),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), "2026-10-03T15:30"),
        # Fall back: the hour comes twice, the first counts.
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), "2026-10-25T00:30"),
        ("America/New_York", date(2026, 11, 1), time(1, 30), "2026-11-01T05:30"),
        ("Australia/Lord_Howe", date(2026, 4, 5), time(1, 45), "2026-04-04T14:45"),
        ("Asia/Kathmandu", date(2026, 3, 29), time(18, 0), "2026-03-29T12:15"),
        # A whole day that was skipped (Samoa crossed the date line).
        ("Pacific/Apia", date(2011, 12, 30), time(9, 0), "2011-12-30T10:00"),
    ],
)
def test_at_local_gap_and_overlap(zone, day, hour, instant):
    assert at_local(ZoneInfo(zone), day, hour) == datetime.fromisoformat(instant).replace(tzinfo=UTC)


def test_next_local_is_strictly_later():
    zone = ZoneInfo("Europe/Berlin")
    sunday = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)  # 18:00 in Berlin

    assert next_local(zone, 6, time(18, 0), sunday) == datetime(2026, 11, 29, 17, 0, tzinfo=UTC)
    assert next_local(zone, 6, time(18, 1), sunday) == datetime(2026, 11, 22, 17, 1, tzinfo=UTC)


def test_week_key_at_the_turn_of_the_year():
    assert week_key(date(2027, 1, 3)) == "2026-W53"
    assert week_bounds("2026-W53") == (date(2026, 12, 28), date(2027, 1, 3))


@pytest.mark.parametrize("key", ["2026-W54", "2026W01", "x", "2026-W00", "", "9999-W52"])
def test_week_bounds_refuses_what_is_no_week(key):
    with pytest.raises(ValueError):
        week_bounds(key)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 21), "Today"),
        (date(2026, 11, 22), "Tomorrow"),
        (date(2026, 11, 20), "Yesterday"),
        (date(2026, 11, 27), "Friday"),
        (date(2026, 11, 28), "28 November"),
        (date(2027, 5, 15), "15 May 2027"),
    ],
)
def test_say_day(day, words):
    assert say_day(day, date(2026, 11, 21)) == words


@pytest.mark.parametrize(("distance", "said"), [(-1, "yesterday"), (0, "today"), (1, "tomorrow"), (3, "Sunday")])
def test_say_day_within_a_sentence(distance, said):
    today = date(2026, 3, 12)

    assert say_day_within(today + timedelta(days=distance), today) == said
