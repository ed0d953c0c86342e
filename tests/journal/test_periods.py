from datetime import date, timedelta

import pytest

from accounts.models import Break
from journal import periods
from journal.models import Period
from journal.questions import choosing
from tests.factories.accounts import UserFactory

SUNDAY = date(2026, 11, 15)  # of week 46


@pytest.mark.parametrize(
    ("day", "key"),
    [(SUNDAY - timedelta(days=2), "2026-W46"), (SUNDAY, "2026-W46"), (SUNDAY + timedelta(days=1), "2026-W46"),
     (SUNDAY + timedelta(days=4), "2026-W46"), (SUNDAY + timedelta(days=5), "2026-W47")],
)  # fmt: skip
def test_asked_about(day, key):
    assert periods.asked_about(day) == key


def test_every_day_of_ten_years_asks_about_a_week_that_has_begun():
    for offset in range(3653):
        day = date(2020, 1, 1) + timedelta(days=offset)
        key = periods.asked_about(day)
        assert not periods.is_future(key, day)
        assert periods.next_week(periods.previous_week(key)) == key
        assert periods.parse_week(key) == key


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026-W00", "2026-W54", "2025-W53", "2026-w46", "2026-W4", " 2026-W46", "2026-W46\n", "٢٠٢٦-W46",
     "0001-W01", "9999-W52", "2026-W" + "1" * 5000, "'; DROP TABLE", "2026-W-1"],
)  # fmt: skip
def test_parse_week_refuses_what_is_no_week(text):
    assert periods.parse_week(text) is None


def test_parse_week_knows_the_long_years():
    assert periods.parse_week("2026-W53") == "2026-W53"


@pytest.mark.parametrize(
    ("key", "words"),
    [("2026-W11", "Week 11, 9 to 15 March"), ("2026-W18", "Week 18, 27 April to 3 May"),
     ("2025-W11", "Week 11, 10 to 16 March 2025"), ("2026-W01", "Week 1, 29 December 2025 to 4 January 2026")],
)  # fmt: skip
def test_say_week(key, words):
    assert periods.say_week(key, date(2026, 11, 21)) == words


@pytest.mark.parametrize(
    ("day", "key"),
    [(date(2026, 11, 1), "2026-10"), (date(2026, 11, 27), "2026-10"), (date(2026, 11, 28), "2026-11"),
     (date(2026, 11, 30), "2026-11"), (date(2026, 12, 1), "2026-11"), (date(2027, 1, 5), "2026-12"),
     (date(2027, 2, 25), "2027-01"), (date(2027, 2, 26), "2027-02"), (date(2028, 2, 27), "2028-02")],
)  # fmt: skip
def test_month_asked_about(day, key):
    assert periods.month_asked_about(day) == key


def test_every_day_of_ten_years_asks_about_a_month_that_is_open():
    for offset in range(3653):
        day = date(2020, 1, 1) + timedelta(days=offset)
        key = periods.month_asked_about(day)
        assert not periods.is_future(key, day)
        assert periods.is_future(periods.next_period(key), day)
        assert not periods.is_over(key, day)
        assert periods.is_over(periods.previous_period(key), day)
        assert periods.next_period(periods.previous_period(key)) == key
        assert periods.parse_month(key) == key


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026-13", "2026-00", "2026-1", "2026-W11", " 2026-11", "2026-11\n", "٢٠٢٦-١١", "0001-01", "9999-12",
     "2026-11-01", "1" * 5000],
)  # fmt: skip
def test_parse_month_refuses_what_is_no_month(text):
    assert periods.parse_month(text) is None


def test_say_period():
    today = date(2026, 11, 21)

    assert periods.say_period("2026-11", today) == "November"
    assert periods.say_period("2025-12", today) == "December 2025"
    assert periods.say_period("2026-W11", today) == "Week 11, 9 to 15 March"


@pytest.mark.parametrize(("days", "away"), [(15, False), (16, True)])
def test_away_is_more_than_half_of_a_month(days, away):
    pause = Break(from_on=date(2026, 11, 1), until_on=date(2026, 11, days))

    assert periods.is_away("2026-11", [pause]) is away


@pytest.mark.parametrize(
    ("today", "state"), [(date(2026, 11, 28), "open"), (date(2026, 12, 28), "open"), (date(2026, 12, 29), "missed")]
)
def test_state_of_a_month(today, state):
    assert periods.state_of("2026-11", None, breaks=[], today=today) == state
    assert periods.state_of("2026-11", "written", breaks=[], today=today) == "written"


@pytest.mark.parametrize(
    ("from_on", "until_on", "away"),
    [(date(2026, 11, 9), date(2026, 11, 15), True), (date(2026, 11, 12), date(2026, 12, 1), True),
     (date(2026, 11, 13), None, False), (date(2026, 11, 1), None, True), (date(2026, 11, 9), date(2026, 11, 11), False)],
)  # fmt: skip
def test_away_is_most_of_a_week(from_on, until_on, away):
    assert periods.is_away("2026-W46", [Break(from_on=from_on, until_on=until_on)]) is away


def test_overlapping_breaks_count_a_day_once():
    short = [Break(from_on=date(2026, 11, 9), until_on=date(2026, 11, 11))] * 3

    assert not periods.is_away("2026-W46", short)


@pytest.mark.parametrize(
    ("stored", "today", "state"),
    [(None, SUNDAY, "open"), (None, SUNDAY + timedelta(days=4), "open"), (None, SUNDAY + timedelta(days=5), "missed"),
     ("open", SUNDAY + timedelta(days=5), "missed"), ("written", SUNDAY + timedelta(days=90), "written"),
     ("skipped", SUNDAY + timedelta(days=90), "skipped")],
)  # fmt: skip
def test_state_of(stored, today, state):
    assert periods.state_of("2026-W46", stored, breaks=[], today=today) == state


def test_state_of_a_week_in_a_break_is_away_and_never_missed():
    away = [Break(from_on=date(2026, 11, 1), until_on=None)]

    assert periods.state_of("2026-W46", "missed", breaks=away, today=date(2026, 12, 24)) == "away"
    assert periods.state_of("2026-W46", "written", breaks=away, today=date(2026, 12, 24)) == "written"


def test_get_or_open_stores_the_questions_for_good(db):
    owner = UserFactory()

    period = periods.get_or_open(owner, SUNDAY, hints=["late"])
    again = periods.get_or_open(owner, SUNDAY + timedelta(days=3), hints=["milestone", "quiet"])

    assert again == period
    assert again.questions == period.questions == choosing.choose("2026-W46", ["late"])


def test_open_periods_takes_many_people_at_once(db, django_assert_num_queries):
    people = UserFactory.create_batch(5)
    kept = periods.open_period(people[0], "2026-W46", asked=["A?", "B?", "C?", choosing.LAST_QUESTION])
    keys = {person.pk: "2026-W46" for person in people[:3]} | {person.pk: "2026-W47" for person in people[3:]}

    with django_assert_num_queries(5):
        found = periods.open_periods(keys, {people[1].pk: ["late"]})

    assert {pk: period.key for pk, period in found.items()} == keys
    assert found[people[0].pk].questions == kept.questions
    assert found[people[1].pk].questions == choosing.choose("2026-W46", ["late"])
    assert Period.objects.count() == 5


def aim(written, *, skipped=(), breaks=(), joined_on=date(2020, 1, 1), today=SUNDAY):
    return periods.weekly_aim(written=written, skipped=skipped, breaks=breaks, joined_on=joined_on, today=today)


def test_weekly_aim_counts_eight_weeks_and_the_present_one_once_it_is_written():
    eight = periods.weeks_up_to("2026-W45", 8)

    assert aim(eight) == (8, 8)
    assert aim(eight[1:]) == (7, 8)
    assert aim([*eight, "2026-W46"]) == (8, 8)
    assert aim([]) == (0, 8)
    # On a Tuesday, written before anybody asked.
    assert aim(["2026-W47"], today=date(2026, 11, 17)) == (1, 8)


def test_weekly_aim_leaves_out_weeks_that_were_nobodys_to_write():
    away = [Break(from_on=date(2026, 11, 2), until_on=date(2026, 11, 8))]

    assert aim([], skipped=["2026-W44"]) == (0, 7)
    assert aim([], breaks=away) == (0, 7)
    assert aim(["2026-W45"], breaks=away, skipped=["2026-W45"]) == (1, 8)
    assert aim([], joined_on=date(2026, 10, 28)) == (0, 2)
    assert aim([], joined_on=SUNDAY) == (0, 0)
