from datetime import date, timedelta

import pytest

from contacts.due import Spread, rhythm_days, standing

FRIDAY = date(2026, 11, 27)
MONDAY, NEXT = date(2026, 11, 23), date(2026, 11, 30)


def spread(days, *, per_week=2, dealt=0):
    turns = Spread.of(per_week=per_week, dealt=dealt, today=FRIDAY)
    return [turns.place(day) for day in days]


def test_spread_asks_for_so_many_and_gives_the_rest_the_next_weeks():
    old = [MONDAY - timedelta(days=30)] * 5

    found = spread(old)

    assert [place.is_asked for place in found] == [True, True, False, False, False]
    assert [place.is_held_back for place in found] == [False, False, True, True, True]
    assert [place.day for place in found[2:]] == [NEXT, NEXT, NEXT + timedelta(days=7)]


@pytest.mark.parametrize(("dealt", "asked"), [(0, 2), (1, 1), (2, 0), (7, 0)])
def test_spread_counts_whoever_was_dealt_with_this_week(dealt, asked):
    found = spread([MONDAY] * 4, dealt=dealt)

    assert sum(place.is_asked for place in found) == asked
    assert [place.day for place in found[asked : asked + 2]] == [NEXT, NEXT]


def test_spread_lets_those_who_wait_come_before_those_who_are_due_then():
    found = spread([MONDAY, MONDAY, FRIDAY, NEXT, NEXT + timedelta(days=2)])

    assert [place.day for place in found] == [MONDAY, MONDAY, NEXT, NEXT, NEXT + timedelta(days=7)]
    assert [place.is_held_back for place in found] == [False, False, True, False, True]


def test_spread_leaves_weeks_with_room_alone():
    later = date(2027, 3, 3)

    assert spread([date(2026, 11, 29), later])[1] == (later, False, False)


def test_spread_goes_on_where_a_page_ended():
    days = [MONDAY] * 7
    whole = spread(days)
    first = Spread.of(per_week=2, dealt=0, today=FRIDAY)
    begun = [first.place(day) for day in days[:3]]
    second = Spread.of(per_week=2, dealt=0, today=FRIDAY)

    second.go_on(first.token)

    assert begun + [second.place(day) for day in days[3:]] == whole


@pytest.mark.parametrize(
    "token",
    ["", "x", "2026-W48", "2026-W47.1", "2026-W49.9", "2026-W49.-1", "2026-W99.1", "2026-W49.१", "0000-W01.1",
     "9999-W51.0", "9999-W52.1"],
)  # fmt: skip
def test_spread_goes_on_from_nothing_that_is_no_place(token):
    turns = Spread.of(per_week=2, dealt=0, today=FRIDAY)

    turns.go_on(token)

    assert (turns.week, turns.room) == (MONDAY, 2)


@pytest.mark.parametrize(
    ("late", "rhythm", "said"),
    [
        (-1, 30, ("", "")),
        (0, 30, ("", "")),
        (1, 30, ("slow", "1 day late")),
        (15, 30, ("slow", "15 days late")),
        (16, 30, ("late", "Gone quiet, 16 days late")),
        (3, 2, ("slow", "3 days late")),
        (4, 2, ("late", "Gone quiet, 4 days late")),
    ],
)
def test_standing_has_two_limits(late, rhythm, said):
    assert standing(FRIDAY - timedelta(days=late), rhythm, FRIDAY) == said


@pytest.mark.parametrize(
    ("rhythm", "days"),
    [
        (("close", None, ""), 30),
        (("own", 2, "weeks"), 14),
        (("own", 3, "months"), 90),
        (("own", 10, "days"), 10),
        (("none", None, ""), 0),
    ],
)
def test_rhythm_days(rhythm, days):
    assert rhythm_days(*rhythm) == days
