from datetime import date, timedelta

import pytest

from accounts.models import Break
from journal.patterns.aims import standing, usual

TODAY = date(2026, 11, 21)  # Saturday of week 47
MONDAY = date(2026, 11, 16)


def days(weeks_back, count):
    return {MONDAY - timedelta(days=7 * weeks_back - offset) for offset in range(count)}


def stands(wrote, *, chosen=None, breaks=(), joined_on=date(2020, 1, 1)):
    return standing(
        set().union(*wrote) if wrote else set(), chosen=chosen, breaks=breaks, joined_on=joined_on, today=TODAY
    )


@pytest.mark.parametrize(
    ("counts", "aim"), [([], 1), ([0, 0], 1), ([3], 3), ([0, 2, 0, 4], 2), ([1, 2, 2, 5, 7], 2), ([7, 7], 7)]
)
def test_usual(counts, aim):
    assert usual(counts) == aim


def test_standing_counts_this_week_and_the_eight_before():
    found = stands([days(0, 2), *[days(back, 3) for back in range(1, 8)], days(9, 3)], chosen=3)

    assert (found.this_week, found.aim, found.is_chosen) == (2, 3, True)
    assert (found.kept, len(found.counted)) == (7, 8)  # the eighth was blank, the ninth is too long ago


def test_this_week_counts_once_it_is_kept():
    found = stands([days(0, 3), *[days(back, 3) for back in range(1, 8)]], chosen=3)

    assert (found.kept, len(found.counted)) == (8, 8)


def test_aim_is_what_is_usual_until_chosen():
    found = stands([days(0, 1), days(1, 2), days(2, 2), days(3, 4)])

    assert (found.aim, found.is_chosen) == (2, False)
    assert stands([days(0, 5)]).aim == 1  # the present week is not over


def test_weeks_of_a_break_are_left_out_unless_they_were_kept():
    breaks = [Break(from_on=MONDAY - timedelta(days=21), until_on=MONDAY - timedelta(days=8))]

    found = stands([days(2, 3), days(1, 3)], chosen=3, breaks=breaks)

    assert [week.is_left_out for week in found.weeks[-4:]] == [True, False, False, False]
    assert (found.kept, len(found.counted)) == (2, 7)


def test_weeks_before_somebody_came_are_not_there():
    found = stands([], chosen=3, joined_on=MONDAY - timedelta(days=10))

    assert [week.name for week in found.weeks] == ["Week 45", "Week 46", "Week 47"]
    assert (found.kept, len(found.counted)) == (0, 2)


def test_of_somebody_new_there_is_only_this_week():
    found = stands([], joined_on=TODAY)

    assert (found.this_week, found.aim, found.kept, found.counted) == (0, 1, 0, [])
