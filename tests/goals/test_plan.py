from datetime import date, timedelta
from decimal import Decimal

import pytest

from goals.plan import (
    CENT,
    LARGEST,
    Unworkable,
    day_reached,
    pace_needed,
    say_pace,
    say_result,
    say_stretch,
    singular,
    value_reached,
)

FIRST = date(2026, 3, 12)


def d(text):
    return Decimal(str(text))


@pytest.mark.parametrize(
    ("start", "target", "days", "pace"),
    [
        (0, 12, 84, "1"),
        (0, 3, 141, "0.15"),  # 0.1489: up
        (90, 75, 140, "0.75"),  # falling: an amount, without a sign
        (-5, 5, 70, "1"),
        (0, LARGEST, 7, LARGEST),
    ],
)
def test_pace_needed(start, target, days, pace):
    assert pace_needed(start=d(start), target=d(target), first=FIRST, due=FIRST + timedelta(days=days)) == d(pace)


@pytest.mark.parametrize(
    ("start", "target", "pace", "days"),
    [
        (0, 12, 1, 84),
        (0, 12, 5, 17),  # 16.8 days: the day after
        (90, 75, "0.5", 210),  # falling, said without a minus
        (90, 75, "-0.5", 210),
        (0, "0.01", LARGEST, 1),
        (3, 12, "0.3", 210),  # exactly
    ],
)
def test_day_reached(start, target, pace, days):
    assert day_reached(start=d(start), target=d(target), pace=d(pace), first=FIRST) == FIRST + timedelta(days=days)


@pytest.mark.parametrize(
    ("start", "pace", "days", "value"),
    [
        (0, 2, 70, 20),
        (0, 3, 141, 60),  # 60.43: whole things stay whole
        (90, "-0.5", 140, 80),
        (90, "-0.5", 141, 80),  # 79.93: nearer, not further
        (0, "0.25", 141, 5),  # 5.04 with one decimal at most
        ("1.5", "0.5", 10, "2.2"),
        (0, "0.05", 7, "0.05"),  # small steps keep their cents
        (10, "-1", 700, -90),
    ],
)
def test_value_reached(start, pace, days, value):
    assert value_reached(start=d(start), pace=d(pace), first=FIRST, due=FIRST + timedelta(days=days)) == d(value)


@pytest.mark.parametrize("days", [1, 6, 7, 8, 100, 365, 3653])
@pytest.mark.parametrize(("start", "target"), [(0, 12), (90, 75), (0, "0.01"), ("99.99", "100"), (0, 10**11), (7, -7)])
def test_who_keeps_to_what_was_worked_out_arrives(start, target, days):
    start, target, due = d(start), d(target), FIRST + timedelta(days=days)
    pace = pace_needed(start=start, target=target, first=FIRST, due=due)
    signed = pace if target > start else -pace

    assert day_reached(start=start, target=target, pace=pace, first=FIRST) <= due
    walked = signed * days / 7
    assert abs(walked) >= abs(target - start) * (1 - Decimal("1e-20"))
    value = value_reached(start=start, pace=signed, first=FIRST, due=due) if abs(walked) >= CENT else start
    assert abs(value - start) <= abs(walked)  # never further than the pace carries


@pytest.mark.parametrize(
    ("asked", "field", "said"),
    [
        (lambda: day_reached(start=d(3), target=d(3), pace=d(1), first=FIRST), "target_value", "same number"),
        (lambda: day_reached(start=d(0), target=d(3), pace=d(0), first=FIRST), "pace", "nothing a week"),
        (lambda: day_reached(start=d(0), target=d(3), pace=d(-1), first=FIRST), "pace", "from 0 to 3 goes up"),
        (lambda: day_reached(start=d(0), target=LARGEST, pace=CENT, first=FIRST), "pace", "after the year 2200"),
        (lambda: value_reached(start=d(0), pace=d(0), first=FIRST, due=date(2027, 1, 1)), "pace", "comes to nothing"),
        (lambda: value_reached(start=d(0), pace=CENT, first=FIRST, due=FIRST + timedelta(1)), "pace", "to nothing"),
        (lambda: value_reached(start=d(0), pace=LARGEST, first=FIRST, due=date(2200, 1, 1)), "pace", "twelve digits"),
        (lambda: value_reached(start=d(0), pace=d(1), first=FIRST, due=FIRST), "due_on", "after the first day"),
        (lambda: pace_needed(start=d(0), target=d(1), first=FIRST, due=date(2026, 1, 1)), "due_on", "after the first"),
    ],
)
def test_what_does_not_go_together_is_said_at_the_right_field(asked, field, said):
    with pytest.raises(Unworkable) as odd:
        asked()

    assert odd.value.field == field
    assert said in odd.value.words


def test_day_reached_up_to_the_last_day():
    last = date(2200, 12, 31)
    whole = (last - FIRST).days

    assert day_reached(start=d(0), target=d(whole), pace=d(7), first=FIRST) == last
    with pytest.raises(Unworkable):
        day_reached(start=d(0), target=d(whole + 1), pace=d(7), first=FIRST)


@pytest.mark.parametrize(
    ("amount", "days", "unit", "said"),
    [
        (3, 141, "case studies", "one case study about every 6 weeks"),
        (3, 147, "case studies", "one case study about every 7 weeks"),
        (12, 64, "interviews", "1.4 interviews a week"),
        (12, 84, "interviews", "1 interview a week"),
        (100, 50, "pages", "2 pages a day"),
        (3, 30, "", "one every 10 days"),
        (d("7.5"), 70, "kg", "0.75 kg a week"),
        (d("0.5"), 70, "points", "0.05 points a week"),
    ],
)
def test_say_pace(amount, days, unit, said):
    assert say_pace(d(amount), days, unit) == said


@pytest.mark.parametrize(
    ("unit", "one"),
    [
        ("case studies", "case study"),
        ("interviews", "interview"),
        ("classes", "class"),
        ("courses", "course"),
        ("sketches", "sketch"),
        ("boxes", "box"),
        ("news", "news"),
        ("kg", "kg"),
        ("kms", "kms"),
        ("progress", "progress"),
        ("Gespräche", "Gespräche"),
        ("", ""),
        ("応募", "応募"),
    ],
)
def test_singular(unit, one):
    assert singular(unit) == one


def test_say_stretch():
    assert [say_stretch(days) for days in (1, 9, 141, 728, 1100)] == [
        "1 day",
        "9 days",
        "20 weeks",
        "104 weeks",
        "about 3 years",
    ]


def result(**changes):
    given = {
        "computed": "pace",
        "start": d(0),
        "now": None,
        "target": d(3),
        "pace": None,
        "due": date(2026, 8, 6),
        "unit": "studies",
    }
    return say_result(**given | {"first": FIRST, "today": FIRST} | changes)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "That is 21 weeks from now, or one study about every 7 weeks."),
        ({"target": None}, "That is 21 weeks from now."),
        ({"start": None}, "That is 21 weeks from now."),
        ({"target": d(0)}, "That is 21 weeks from now."),
        ({"now": d(2)}, "That is 21 weeks from now, or one study about every 21 weeks."),
        ({"now": d(3)}, "That is 21 weeks from now."),
        ({"now": d(4)}, "That is 21 weeks from now."),
        ({"due": None}, ""),
        ({"due": FIRST}, ""),
        ({"due": date(2025, 1, 1)}, ""),
        ({"due": date(2200, 12, 31)}, "That is about 175 years from now, or one study about every 58 years."),
        ({"computed": "due_on", "pace": d(1)}, "At that pace you arrive on 2 April, 3 weeks from now."),
        ({"computed": "due_on", "pace": d(21)}, "At that pace you arrive tomorrow, 1 day from now."),
        ({"computed": "due_on"}, ""),
        ({"computed": "target_value", "pace": d(2)}, "That leads to 42 studies by 6 August."),
        ({"computed": "target_value"}, ""),
        ({"computed": "target_value", "pace": d(2), "due": None}, ""),
    ],
)
def test_say_result(changes, said):
    assert result(**changes) == said
