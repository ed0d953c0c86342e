"""The questions of an interview: chosen, changed, put in order and taken away, with and without a script."""

import pytest

from contacts.library import GROUPS
from tests.factories.contacts import ContactFactory, InterviewFactory

pytestmark = pytest.mark.django_db
FIRST, SECOND, THIRD = "First?", "Second?", "Third?"


@pytest.fixture
def interview(owner):
    return InterviewFactory(contact=ContactFactory(owner=owner, name="Hannah Vogel"), questions=[FIRST, SECOND, THIRD])


def url_of(interview):
    return f"{interview.get_absolute_url()}questions/"


def send(client, interview, *rows, **data):
    fields = {f"question-{place}": words for place, words in enumerate(rows, start=1)}
    return client.post(url_of(interview), fields | {"version": interview.version} | data)


def stored(interview):
    interview.refresh_from_db()
    return interview.questions


def text_of(response):
    return response.content.decode()


def test_questions_are_changed_added_and_chosen(client, interview):
    chosen = GROUPS[0].questions[0]

    send(
        client, interview, "First, changed?", SECOND, "", own=" My own? \n\nSecond?", add=[chosen, "NOT IN THE LIBRARY"]
    )

    assert stored(interview) == ["First, changed?", SECOND, "My own?", chosen]
    html = text_of(client.get(url_of(interview)))
    assert f'value="{chosen}"' not in html, "one that is chosen is not offered again"
    assert f'{chosen}<span class="visually-hidden"> is among yours' in html


def test_a_question_of_the_library_that_was_changed_is_not_there_twice(client, interview):
    chosen = GROUPS[0].questions[0]
    send(client, interview, chosen)
    interview.refresh_from_db()

    send(client, interview, f"{chosen} And why?")

    assert stored(interview) == [f"{chosen} And why?"]


@pytest.mark.parametrize(
    ("move", "order", "place"),
    [
        ("2-up", [SECOND, FIRST, THIRD], 1),
        ("2-down", [FIRST, THIRD, SECOND], 3),
        ("1-up", [FIRST, SECOND, THIRD], 1),
        ("3-down", [FIRST, SECOND, THIRD], 3),
    ],
)
def test_a_question_moves_a_place_and_keeps_the_focus(client, interview, move, order, place):
    response = send(client, interview, FIRST, SECOND, THIRD, move=move)

    way = move.partition("-")[2]
    assert response["Location"] == f"{url_of(interview)}?moved={place}-{way}"
    assert stored(interview) == order
    html = text_of(client.get(response["Location"]))
    assert html.count(" autofocus") == 1
    assert f'aria-label="Move {way}: question {place}" autofocus' in html
    assert f"Moved to {place} of 3" in html


def test_moving_keeps_what_was_typed_and_ticked(client, interview):
    chosen = GROUPS[1].questions[0]

    send(client, interview, FIRST, "Second, half typed", THIRD, own="Mine?", add=chosen, move="2-up")

    assert stored(interview) == ["Second, half typed", FIRST, THIRD, "Mine?", chosen]


@pytest.mark.parametrize("move", ["", "up", "9-up", "2-sideways", "x-down", "\x00", "²-up", "-1-up", "9" * 500 + "-up"])
def test_a_move_that_is_none_saves_the_words(client, interview, move):
    response = send(client, interview, FIRST, "Changed?", THIRD, move=move)

    assert response.status_code == 302
    assert stored(interview) == [FIRST, "Changed?", THIRD]


def test_an_emptied_question_is_taken_away_even_by_its_own_button(client, interview):
    send(client, interview, FIRST, " ", THIRD, move="2-down")

    assert stored(interview) == [FIRST, THIRD]


@pytest.mark.parametrize("moved", ["x", "2", "-", "²-up", "9" * 500])
def test_an_address_that_names_no_button_shows_the_page(client, interview, moved):
    response = client.get(url_of(interview), {"moved": moved})

    assert response.status_code == 200
    assert " autofocus" not in text_of(response)


def test_stale_questions_show_both_versions(client, interview):
    send(client, interview, "From the other tab?")

    response = send(client, interview, "From this tab?", SECOND, move="2-up")

    assert response.status_code == 409
    html = text_of(response)
    assert "From the other tab?" in html
    assert "From this tab?" in html
    assert stored(interview) == ["From the other tab?"]
    assert send(client, interview, "From this tab?").status_code == 302


@pytest.mark.parametrize(
    ("rows", "own", "said"),
    [
        (["Long" * 80], "", "One of these is long."),
        ([], "Long" * 80, "One of these is long."),
        ([f"Q{n}?" for n in range(41)], "", "That is more than 40."),
        ([], "\n".join(f"Q{n}?" for n in range(41)), "That is more than 40."),
    ],
)
def test_questions_with_bad_input_come_back(client, interview, rows, own, said):
    response = send(client, interview, *rows, own=own)

    assert response.status_code == 422
    assert said in text_of(response)
    assert (rows or own.splitlines())[-1] in text_of(response)
    assert stored(interview) == [FIRST, SECOND, THIRD]


def test_page_asks_the_same_at_one_and_three_rows(client, owner, interview, asked):
    one = InterviewFactory(contact__owner=owner, questions=[FIRST])

    assert asked(url_of(one)) == 1
    assert asked(url_of(interview)) == 1
