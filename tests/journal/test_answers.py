import pytest

from journal.answers import sort_out
from journal.questions.asked import Asked
from mail.registry import Answer, Part
from mail.replies import split

QUESTIONS = ["What gave you energy?", "What was hard?", "Who helped you?", "What matters most next week?"]


def sorted_out(text):
    return sort_out(split(text), QUESTIONS)


def test_words_without_order_are_the_text():
    found = sorted_out("A good week.\n\nAnd a calm one.")

    assert (found.text, found.answers) == ("A good week.\n\nAnd a calm one.", {})


def test_words_below_a_quoted_question_answer_it():
    found = sorted_out(
        "Hello.\n\n> 1. What gave you\n> energy?\n\nWalking.\n\n> 2. What was hard?\n> 3. Who helped you?\nRuth did.\n"
    )

    assert found.text == "Hello."
    assert found.answers == {"What gave you energy?": "Walking.", "Who helped you?": "Ruth did."}


def test_words_below_the_whole_quoted_mail_answer_no_question():
    found = sorted_out("> 4. What matters most next week?\n> \n> Write this week's reflection:\n\nAll went well.")

    assert (found.text, found.answers) == ("All went well.", {})


def test_numbers_name_the_questions():
    found = sorted_out("Briefly:\n1. Walking\nand sleeping.\n3) Ruth.\n\n4: One talk.")

    assert found.text == "Briefly:"
    assert found.answers == {
        "What gave you energy?": "Walking\nand sleeping.",
        "Who helped you?": "Ruth.",
        "What matters most next week?": "One talk.",
    }


def test_numbers_in_japanese_name_the_questions_too():
    found = sorted_out("１．面接の練習\n2、ルース")

    assert (found.text, list(found.answers.values())) == ("", ["面接の練習", "ルース"])


@pytest.mark.parametrize(
    "text", ["1. a\n2. b\n3. c\n4. d\n5. e", "2. b\n1. a", "1. a\n1. b", "It took 2.\n\n2.5 hours"]
)
def test_other_numbers_are_somebodys_own_list(text):
    found = sorted_out(text)

    assert (found.text, found.answers) == (text, {})


@pytest.mark.parametrize(
    ("line", "mood", "energy"),
    [
        ("mood: 4", 4, None),
        ("Mood: good", 4, None),
        ("energy = low", None, 2),
        ("*Energy:* 5", None, 5),
        ("Stimmung: 2", 2, None),
        ("Énergie : 3", None, 3),
    ],
)
def test_feelings_are_noted_and_leave_the_text(line, mood, energy):
    found = sorted_out(f"A week.\n{line}\nThat was it.")

    assert (found.mood, found.energy) == (mood, energy)
    assert found.text == "A week.\nThat was it."


@pytest.mark.parametrize("line", ["mood: 7", "mood: purple", "My mood: 4", "mood: 4 and rising", "energy:"])
def test_other_lines_about_feelings_stay(line):
    found = sorted_out(line)

    assert (found.text, found.mood, found.energy) == (line, None, None)


def test_second_feeling_stays_in_the_text():
    found = sorted_out("mood: 4\nmood: 2")

    assert (found.mood, found.text) == (4, "mood: 2")


def test_own_question_without_words_matches_nothing():
    found = sort_out(Answer("x", "", (Part("quoted", "x"),)), [""])

    assert (found.text, found.answers) == ("x", {})


def test_sort_out_finds_a_question_by_what_the_mail_showed_of_it():
    asked = [
        Asked("What moved?", "moved", "progress"),
        Asked("Heron?", "own-1", "own"),
        Asked("Canteen?", "own-2", "own"),
    ]
    parts = (
        Part("1. What moved?\n   Because something moved.", "The guide."),
        Part("3. One of your own questions", "It was quiet."),
        Part("One of your own questions", "It flew."),
    )

    found = sort_out(Answer(text="-", folded="", parts=parts), asked)

    assert found.answers == {"What moved?": "The guide.", "Canteen?": "It was quiet.", "Heron?": "It flew."}
    assert found.text == ""
