from datetime import date, timedelta

import pytest

from mentors.rhythm import Facts, Level, standing, threshold
from mentors.terms import Rhythm

TODAY = date(2026, 11, 21)


def ago(days):
    return TODAY - timedelta(days=days)


def facts(contact=None, every=None, started=400, **extra):
    return Facts(ago(started), None if contact is None else ago(contact), every, **extra)


@pytest.mark.parametrize(
    ("every", "amber", "red"), [(7, 11, 14), (14, 21, 28), (30, 45, 60), (91, 137, 182), (None, 45, 60)]
)
def test_level_begins_at_its_threshold(every, amber, red):
    assert standing(facts(amber - 1, every), TODAY).level == Level.STEADY
    assert standing(facts(amber, every), TODAY)[:2] == (Level.AMBER, TODAY)
    assert standing(facts(red - 1, every), TODAY).level == Level.AMBER
    assert standing(facts(red, every), TODAY)[:2] == (Level.RED, TODAY)
    assert standing(facts(red + 9, every), TODAY).since == ago(9)


def test_every_rhythm_has_thresholds_in_order():
    for every in Rhythm:
        assert every < threshold(every, Level.AMBER) < threshold(every, Level.RED)


@pytest.mark.parametrize(
    ("every", "contact", "says"),
    [
        (7, 11, "You meet every week. It has been eleven days."),
        (7, 15, "You meet every week. It has been two weeks."),
        (14, 22, "You meet every two weeks. It has been three."),
        (30, 46, "You meet every month. It has been six weeks."),
        (91, 140, "You meet every three months. It has been four."),
        (91, 182, "You meet every three months. It has been six."),
        (7, 91, "You meet every week. It has been three months."),
        (14, 400, "You meet every two weeks. It has been 13 months."),
        (None, 46, "You two were last in touch six weeks ago."),
    ],
)
def test_sentence(every, contact, says):
    assert standing(facts(contact, every), TODAY).says == says


def test_sentence_of_two_who_never_wrote():
    quiet = standing(facts(started=60), TODAY)

    assert quiet == (Level.RED, TODAY, "You two have not written to each other yet, and it has been eight weeks.")


@pytest.mark.parametrize(
    "calm",
    [
        {"paused_until": TODAY},
        {"away_until": TODAY},
        {"away_until": date.max},
        {"started": 29},  # fresh
        {"paused_until": ago(3)},  # over, and the count begins again
        {"away_until": ago(13)},
        {"agreed_on": ago(13)},
    ],
)
def test_calm(calm):
    assert standing(facts(**{"contact": 90, "every": 14} | calm), TODAY).level == Level.STEADY


def test_the_count_goes_on_after_a_pause_and_the_sentence_tells_the_whole_time():
    quiet = standing(facts(80, 14, paused_until=ago(21)), TODAY)

    assert quiet == (Level.AMBER, TODAY, "You meet every two weeks. It has been eleven.")
