"""Introductions after they were begun: other people, another reason, a step taken back, two who became one."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from contacts.models import INTRODUCTION_STEPS, Interaction, Merge
from contacts.services import giving, merge
from tests.factories.contacts import ContactFactory, IntroductionFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)  # Friday


@pytest.fixture(autouse=True)
def _friday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def people(owner):
    return [ContactFactory(owner=owner, name=name) for name in ("Hannah Vogel", "Ayo Bello", "Chen Li")]


@pytest.fixture
def introduction(people):
    return IntroductionFactory(first=people[0], second=people[1], why="Both plan shifts")


def text_of(response):
    return response.content.decode()


def put(introduction, state):
    closed = NOW if state in {"made", "declined"} else None
    type(introduction).objects.filter(pk=introduction.pk).update(state=state, closed_at=closed)
    introduction.refresh_from_db()


def edit(client, introduction, **data):
    fields = {"first": introduction.first.name, "second": introduction.second.name, "why": introduction.why}
    url = introduction.get_absolute_url()
    return client.post(url, fields | {"version": str(introduction.version)} | data)


# Changing ------------------------------------------------------------------------------------------------------------


def test_reason_is_changed_in_every_open_state_and_nothing_is_asked_anew(client, introduction):
    for state in ("wanted", "asked_first", "first_agreed", "asked_second", "both_agreed"):
        put(introduction, state)
        assert introduction.why in text_of(client.get(introduction.get_absolute_url()))

        assert edit(client, introduction, why=f"While {state}").status_code == 302

        introduction.refresh_from_db()
        assert (introduction.why, introduction.state) == (f"While {state}", state)


@pytest.mark.parametrize(
    ("state", "after"),
    [
        ("wanted", "wanted"),
        ("asked_first", "asked_first"),
        ("first_agreed", "first_agreed"),
        ("asked_second", "first_agreed"),
        ("both_agreed", "first_agreed"),
    ],
)
def test_another_second_has_to_be_asked(client, introduction, people, state, after):
    put(introduction, state)

    edit(client, introduction, second="Chen Li")

    introduction.refresh_from_db()
    assert (introduction.first, introduction.second, introduction.state) == (people[0], people[2], after)


@pytest.mark.parametrize("state", ["wanted", "asked_first", "first_agreed"])
def test_another_first_begins_anew(client, introduction, people, state):
    put(introduction, state)

    edit(client, introduction, first="Chen Li")

    introduction.refresh_from_db()
    assert (introduction.first, introduction.second, introduction.state) == (people[2], people[1], "wanted")


@pytest.mark.parametrize("state", ["asked_second", "both_agreed"])
def test_the_first_stays_once_the_second_was_asked_about_them(client, introduction, people, state):
    put(introduction, state)
    assert "Ayo was asked about them, so they stay." in text_of(client.get(introduction.get_absolute_url()))

    edit(client, introduction, first="Chen Li", why="Kept")

    introduction.refresh_from_db()
    assert (introduction.first, introduction.why, introduction.state) == (people[0], "Kept", state)


@pytest.mark.parametrize("state", ["made", "declined"])
def test_what_is_over_is_not_changed(client, introduction, state):
    put(introduction, state)
    assert client.get(introduction.get_absolute_url())["Location"] == "/contacts/giving/"

    response = edit(client, introduction, why="Typed too late")

    assert response.status_code == 409
    assert 'role="alert"' in text_of(response)
    assert "Typed too late" in text_of(response)
    introduction.refresh_from_db()
    assert introduction.why == "Both plan shifts"


def test_who_stands_there_is_not_asked_for_again_though_another_is_called_so(client, owner, introduction, people):
    ContactFactory(owner=owner, name="Hannah Vogel", organisation="Elsewhere")

    assert edit(client, introduction, why="Other words").status_code == 302

    introduction.refresh_from_db()
    assert introduction.first == people[0]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"first": ""}, "Write the name of a contact."),
        ({"second": "Nobody"}, "Nobody among your contacts is called so."),
        ({"second": "Hannah Vogel"}, "Choose two different people."),
        ({"why": "x" * 4001}, "at most 4000 characters"),
        ({"version": "x"}, "Typed words"),
    ],
)
def test_bad_input_says_what_to_do_and_comes_back(client, introduction, people, data, said):
    response = edit(client, introduction, **{"why": "Typed words"} | data)

    assert response.status_code == 422
    assert said in text_of(response)
    assert data.get("why", "Typed words")[:40] in text_of(response)
    introduction.refresh_from_db()
    assert (introduction.second, introduction.why) == (people[1], "Both plan shifts")


def test_stale_edit_shows_both_and_then_saves(client, introduction, people):
    edit(client, introduction, second="Chen Li", why="Of the other tab")

    response = edit(client, introduction, why="Of this tab")

    assert response.status_code == 409
    html = text_of(response)
    for words in ("Of the other tab", "Of this tab", "Chen Li", "Ayo Bello"):
        assert words in html
    again = edit(client, introduction, why="Of this tab", version=response.context["form"].data["version"])
    assert again.status_code == 302
    introduction.refresh_from_db()
    assert (introduction.second, introduction.why, introduction.version) == (people[1], "Of this tab", 3)


def test_the_same_words_twice_are_a_second_press(client, introduction):
    for _ in range(2):
        assert edit(client, introduction, why="Once").status_code == 302


def test_two_who_have_one_under_way_get_no_second(client, introduction, people):
    IntroductionFactory(first=people[2], second=people[0])

    response = edit(client, introduction, second="Chen Li")

    assert response.status_code == 409
    assert "You are introducing these two already." in text_of(response)
    assert edit(client, introduction, why="Still about Ayo").status_code == 302


def test_deleting_and_its_undo_are_on_the_page(client, introduction):
    html = text_of(client.get(introduction.get_absolute_url()))
    assert f'action="/contacts/introductions/{introduction.pk}/delete/"' in html

    html = text_of(client.post(f"/contacts/introductions/{introduction.pk}/delete/", follow=True))

    assert f'action="/contacts/introductions/{introduction.pk}/restore/"' in html
    assert client.get(introduction.get_absolute_url()).status_code == 404


def test_page_asks_the_same_however_many_there_are(client, introduction, people, asked):
    assert asked(introduction.get_absolute_url()) == 1
    IntroductionFactory.create_batch(2, first=people[0], second=people[2], state="declined", closed_at=NOW)
    assert asked(introduction.get_absolute_url()) == 1


# Taking back ---------------------------------------------------------------------------------------------------------

STEPS = [(state, verb, to) for state, verbs in INTRODUCTION_STEPS.items() for verb, to in verbs.items()]


@pytest.mark.parametrize(("state", "verb", "to"), STEPS)
def test_every_step_offers_an_undo_that_works_once(client, introduction, state, verb, to):
    put(introduction, state)
    html = text_of(client.post(f"/contacts/introductions/{introduction.pk}/step/", {"step": verb}, follow=True))
    undo = f"/contacts/introductions/{introduction.pk}/back/?from={to}&to={state}"
    assert undo.replace("&", "&amp;") in html

    for status in (302, 409):
        assert client.post(undo).status_code == status
        introduction.refresh_from_db()
        assert (introduction.state, introduction.closed_at, introduction.talk) == (state, None, None)
    assert not Interaction.objects.alive().exists()


@pytest.mark.parametrize(
    "query", ["", "from=wanted", "from=wanted&to=made", "from=made&to=wanted", "from=asked_first&to=wanted&x=1", "to=x"]
)
def test_a_step_that_was_not_taken_is_not_taken_back(client, introduction, query):
    response = client.post(f"/contacts/introductions/{introduction.pk}/back/?{query}")

    assert response.status_code == 409
    introduction.refresh_from_db()
    assert introduction.state == "wanted"


@pytest.mark.django_db(transaction=True)
def test_changed_and_asked_at_once_is_both(cast):
    first, second, third = (ContactFactory(owner=cast.owner) for _ in range(3))
    row = IntroductionFactory(first=first, second=second)

    at_once(
        lambda: giving.take_step(introduction=row, verb="ask", now=NOW),
        lambda: giving.change_introduction(introduction=row, first=first, second=third, why="", expected=1),
    )

    row.refresh_from_db()
    assert (row.state, row.second) == ("asked_first", third)


# Two who became one --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["first_agreed", "made"])
def test_one_person_needs_no_introduction_until_they_are_two_again(client, owner, introduction, people, state):
    hannah, ayo, _ = people
    put(introduction, state)
    assert "You noted an introduction of these two" in text_of(client.get(f"/contacts/{ayo.pk}/merge/{hannah.pk}/"))

    done = merge.merge(kept=ayo, gone=hannah, versions=(1, 1), from_gone=frozenset(), at=NOW)
    assert "Hannah" not in text_of(client.get("/contacts/giving/"))
    assert client.get(introduction.get_absolute_url()).status_code == 404

    merge.undo(merge=Merge.objects.get(pk=done.pk), at=NOW + timedelta(hours=1))
    introduction.refresh_from_db()
    assert (introduction.first, introduction.second, introduction.state) == (hannah, ayo, state)


def test_a_preview_of_two_without_says_nothing_of_introductions(client, people):
    IntroductionFactory(first=people[0], second=people[2])

    html = text_of(client.get(f"/contacts/{people[1].pk}/merge/{people[0].pk}/"))

    assert "introduction of these two" not in html


def test_a_deleted_introduction_with_somebody_deleted_waits_for_them(client, introduction, people):
    introduction.put_in_bin(at=NOW)
    people[1].put_in_bin(at=NOW)

    html = text_of(client.get("/contacts/introductions/bin/"))

    assert "Ayo Bello is deleted too: bring them back first." in html
    assert "/restore/" not in html
    assert client.post(f"/contacts/introductions/{introduction.pk}/restore/").status_code == 404
