from datetime import date

import pytest

from mentors.differences import GONE, NEW, SAME, Piece, compare, differences, facts, headings, say_minutes
from tests.factories.goals import GoalFactory
from tests.factories.mentors import AgreementFactory


def version(**fields):
    return AgreementFactory.build(mentorship=None, author=None, **fields)


def test_words_that_came_and_went_are_told_apart():
    pieces = compare("We talk every week about my goals.", "We talk every month about my goals and yours.")

    assert [piece for piece in pieces if piece.kind != SAME] == [
        Piece(GONE, "week"),
        Piece(NEW, "month", is_instead=True),
        Piece(NEW, " and yours"),
    ]
    assert "".join(piece.text for piece in pieces if piece.kind != NEW) == "We talk every week about my goals."
    assert "".join(piece.text for piece in pieces if piece.kind != GONE) == (
        "We talk every month about my goals and yours."
    )


@pytest.mark.parametrize(
    ("old", "new", "kinds"), [("", "All new", [NEW]), ("All gone", "", [GONE]), ("a", "a", [SAME])]
)
def test_whole_texts(old, new, kinds):
    assert [piece.kind for piece in compare(old, new)] == kinds


def test_facts_are_sentences():
    old = version(rhythm=14, channel="video", minutes=45, answers_within=3, ends_on=None)
    new = version(rhythm=30, channel="phone", minutes=70, answers_within=1, ends_on=date(2199, 6, 1))

    assert [(change.heading, change.said) for change in differences(old, new)] == [
        ("How often", "Every month instead of every 2 weeks"),
        ("How", "Phone instead of video call"),
        ("Length of a talk", "1 h 10 instead of 45 minutes"),
        ("An answer comes within", "1 day instead of 3 days"),
        ("The end", "1 June 2199 instead of open, until one of you ends it"),
    ]


def test_goals_by_the_titles_one_may_see():
    stays, goes, comes = (GoalFactory.build(pk=pk, title=title) for pk, title in ((1, "Stays"), (2, "Old"), (3, "New")))

    changes = differences(version(), version(), goals=([stays, goes], [stays, comes]))

    assert [change.said for change in changes] == ["New comes in", "Old goes out"]
    assert headings(changes) == ["Goals"]


def test_nothing_differs():
    assert differences(version(), version(number=2, reason="Because.")) == []


def test_what_a_version_fixes():
    assert facts(version(review_on=date(2026, 5, 1)))[-2:] == [
        ("Looking at it together", "1 May 2026"),
        ("The end", "Open, until one of you ends it"),
    ]


@pytest.mark.parametrize(("minutes", "said"), [(45, "45 minutes"), (60, "1 hour"), (120, "2 hours"), (65, "1 h 05")])
def test_say_minutes(minutes, said):
    assert say_minutes(minutes) == said
