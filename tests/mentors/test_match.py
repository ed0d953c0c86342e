from datetime import UTC, date, datetime, time
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from mentors import match
from mentors.match import Asker, Offer

LONDON, NEW_YORK, LAGOS = ZoneInfo("Europe/London"), ZoneInfo("America/New_York"), ZoneInfo("Africa/Lagos")
MONDAY = date(2026, 3, 16)


def slot(weekday, start, end):
    return SimpleNamespace(weekday=weekday, starts_at=time.fromisoformat(start), ends_at=time.fromisoformat(end))


def offer(*topics, **fields):
    return Offer(frozenset(match.keys_of_topics(topics)), **fields)


@pytest.mark.parametrize(
    ("goal", "topic"),
    [
        ("Move into a user research role", "Research"),
        ("Move into a user research role", "Changing careers"),
        ("Give a short talk at a local meetup", "Public speaking"),
        ("Get comfortable with SQL", "Data"),
        ("Get comfortable with SQL", "SQL"),
        ("Hold eight interviews", "Interviewing"),
        ("Bake better sourdough", "Sourdough"),
        ("Über das Klima sprechen", "Klima"),
    ],
)
def test_a_goal_is_about_a_topic(goal, topic):
    assert match.keys_of(goal) & set(match.keys_of_topics([topic]))


@pytest.mark.parametrize(
    ("goal", "topic"),
    [
        ("Move into a user research role", "First lead role"),
        ("Give a short talk", "Giving to charity"),
        ("Take a notebook everywhere", "Difficult conversations"),  # "no" is a word, not a beginning
        ("Work less by June", "Working abroad"),
    ],
)
def test_a_goal_is_not_about_a_topic(goal, topic):
    assert not match.keys_of(goal) & set(match.keys_of_topics([topic]))


def test_reasons_name_the_own_goal_and_count_topics_and_hours():
    asker = Asker(
        ("Move into a user research role", "Give a short talk", "Get comfortable with SQL"),
        industry="Software",
        zone=LONDON,
        slots=(slot(0, "17:00", "19:00"),),
    )
    mentor = offer("Research", "Public speaking", industry="Software", zone=LAGOS, slots=(slot(0, "18:30", "21:00"),))

    reasons = match.fit(asker, mentor, monday=MONDAY).reasons

    # Research, Changing careers, Public speaking, Data are what these goals mention; Lagos is an hour ahead in March.
    assert reasons == [
        "Matches Move into a user research role",
        "2 of your 4 topics, 1 h 30 min a week in common",
        "Your industry",
    ]


def test_nothing_in_common_gives_no_reason_and_no_points():
    asker = Asker(("Learn to bake",), zone=LONDON)

    assert match.fit(asker, offer("Hiring"), monday=MONDAY).reasons == []
    assert match.points(asker, offer("Hiring"), monday=MONDAY) == 0
    assert match.fit(Asker(), offer("Hiring"), monday=MONDAY).reasons == []


@pytest.mark.parametrize(
    ("monday", "minutes"),
    [
        # In the weeks between the two changes of clocks New York is four hours behind London, not five.
        (date(2026, 3, 2), 0),
        (date(2026, 3, 16), 60),
        (date(2026, 4, 6), 0),
    ],
)
def test_hours_in_common_follow_the_clocks_of_both(monday, minutes):
    here = match.spans([slot(2, "17:00", "18:00")], LONDON, monday)
    there = match.spans([slot(2, "13:00", "14:00")], NEW_YORK, monday)

    assert match.shared_minutes(here, there) == minutes


def test_a_week_is_a_circle():
    sunday_evening = match.spans([slot(6, "20:00", "23:30")], NEW_YORK, MONDAY)
    monday_morning = match.spans([slot(0, "00:30", "02:00")], ZoneInfo("UTC"), MONDAY)

    assert match.shared_minutes(sunday_evening, monday_morning) == 90
    assert {0, 1, 2} <= set(match.halves([slot(6, "20:00", "23:30")], NEW_YORK, MONDAY))


def test_an_hour_that_clocks_skip_is_no_time():
    # In London, 29 March 2026 has no 1:00 to 2:00.
    assert match.spans([slot(6, "01:00", "02:00")], LONDON, date(2026, 3, 23)) == []


def test_no_minute_counts_twice():
    assert match.shared_minutes([(0, 60), (30, 90)], [(0, 120), (60, 100)]) == 90


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        (LAGOS, "1 hour ahead of you"),
        (NEW_YORK, "4 hours behind you"),
        (ZoneInfo("Asia/Kathmandu"), "5 h 45 min ahead of you"),
        (ZoneInfo("Europe/Lisbon"), "Your time zone"),
    ],
)
def test_distance_of_clocks(zone, said):
    assert match.say_distance(LONDON, zone, datetime(2026, 3, 16, 12, tzinfo=UTC)) == said


@pytest.mark.parametrize(("minutes", "said"), [(45, "45 min"), (120, "2 h"), (90, "1 h 30 min")])
def test_lengths_as_people_say_them(minutes, said):
    assert match.say_hours(minutes) == said


@pytest.mark.parametrize("text", ["", "   ", "👩‍🔬", "%_\\'\"", "a" * 3000, "١٢٣", "\u0301\u0301"])
def test_any_text_has_keys(text):
    assert isinstance(match.keys_of(text), frozenset)
    assert all(len(key) <= match.MAX_KEY_LENGTH for key in match.keys_of_topics([text]))
