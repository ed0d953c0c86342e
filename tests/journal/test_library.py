from collections import Counter

import pytest

from journal.questions.choosing import LAST_QUESTION, LAST_QUESTION_OF_MONTH, MONTHS_APART, REASONS, WEEKS_APART
from journal.questions.library import BY_ID, PLACES, QUESTIONS, STRATEGIES, TAGS

WEEKLY = [question for question in QUESTIONS if not question.is_monthly]
MONTHLY = [question for question in QUESTIONS if question.is_monthly]


def test_library_has_enough_questions_for_every_strategy():
    counted = Counter(question.strategy for question in QUESTIONS)

    assert len(WEEKLY) >= 60
    assert set(counted) == set(STRATEGIES) == set(range(1, 10))
    assert min(counted.values()) >= 5


def test_library_has_a_question_for_every_kind_of_week_and_says_why():
    tagged = {tag for question in WEEKLY for tag in question.tags}

    assert tagged == set(TAGS)
    assert tagged < set(REASONS)
    assert max(len(tag) for tag in TAGS) <= 12, "what OwnQuestion.fits has room for"


@pytest.mark.parametrize(
    ("questions", "apart"), [(WEEKLY, WEEKS_APART), (MONTHLY, MONTHS_APART)], ids=["week", "month"]
)
def test_library_always_has_one_left_for_every_place(questions, apart):
    any_time = Counter(question.place for question in questions if not question.tags)

    # As many periods lie around one, on both sides, and each takes one question for the place.
    assert all(any_time[place] > 2 * apart for place in PLACES)


def test_library_ids_and_words_are_unique():
    words = [question.text.casefold() for question in QUESTIONS]

    assert len(BY_ID) == len(QUESTIONS) == len(set(words))
    assert not {LAST_QUESTION.casefold(), LAST_QUESTION_OF_MONTH.casefold()} & set(words)
    assert all(len(question.id) <= 30 and not question.id.startswith("own-") for question in QUESTIONS)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_library_question_is_one_short_open_question(question):
    assert question.text.endswith("?")
    assert question.text.count("?") == 1
    assert len(question.text) <= 80
    assert "!" not in question.text
    assert not question.text.startswith(("Did ", "Do ", "Have ", "Can ", "Is "))
    assert not {"journey", "leverage", "unlock", "synergy"} & set(question.text.lower().strip("?").split())
    assert not (question.is_monthly and "this week" in question.text)
