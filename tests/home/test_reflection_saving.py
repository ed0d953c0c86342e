import re

import pytest

from journal.models import Entry, Period
from tests.home.reflection import URL, sent_from

pytestmark = pytest.mark.usefixtures("sunday")


def test_reflection_autosave_answers_with_the_next_version(client, owner):
    page = client.get(URL)
    data = sent_from(page, answer_1="First words")

    first = client.post(URL, data, headers={"hx-request": "true"})
    html = first.content.decode()
    second = client.post(URL, {**data, "answer_1": "First words, more", "version": 1}, headers={"hx-request": "true"})

    assert first.status_code == second.status_code == 200
    assert "Saved 18:30" in html
    assert re.search(r'name="version" value="1"', html)
    assert re.search(r'name="version" value="2"', second.content.decode())
    assert "<form" not in html
    assert Entry.objects.get().excerpt == "First words, more"
    assert Entry.objects.get().finished_at is None


def test_reflection_autosave_that_arrives_late_does_not_replace_newer_text(client, owner):
    data = sent_from(client.get(URL))
    autosave = {"headers": {"hx-request": "true"}}
    client.post(URL, {**data, "answer_1": "First", "number": 1}, **autosave)
    client.post(URL, {**data, "answer_1": "First, second, third", "number": 3}, **autosave)

    late = client.post(URL, {**data, "answer_1": "First, second", "number": 2}, **autosave)

    assert late.status_code == 200
    assert Entry.objects.get().excerpt == "First, second, third"
    client.post(URL, {**data, "answer_1": "And on", "number": 4}, **autosave)
    client.post(URL, {**data, "answer_1": "No script any more", "action": "later"})
    assert Entry.objects.get().excerpt == "No script any more"


def test_reflection_autosave_that_arrives_after_finish_changes_nothing(client, owner):
    data = sent_from(client.get(URL))
    client.post(URL, {**data, "answer_1": "Done", "number": 2, "action": "finish"})

    for number in (1, 3, ""):
        late = client.post(URL, {**data, "answer_1": "Do", "number": number}, headers={"hx-request": "true"})
        assert late.status_code == 409
        assert "no longer saves by itself" in late.content.decode()

    assert Entry.objects.get().excerpt == "Done"
    client.post(URL, {**data, "answer_1": "Done twice", "number": 4, "action": "save"})
    assert Entry.objects.get().excerpt == "Done twice"


def test_reflection_autosave_of_an_empty_page_stores_nothing(client, owner):
    response = client.post(URL, sent_from(client.get(URL)), headers={"hx-request": "true"})

    assert response.status_code == 200
    assert not Entry.objects.exists()
    assert not Period.objects.exists()


def test_reflection_autosave_whose_answer_was_lost_may_be_repeated(client, owner):
    data = sent_from(client.get(URL), answer_1="Typed on a train")
    client.post(URL, data, headers={"hx-request": "true"})

    again = client.post(URL, {**data, "answer_1": "Typed on a train, and on"}, headers={"hx-request": "true"})

    assert again.status_code == 200
    assert Entry.objects.get().excerpt == "Typed on a train, and on"


def test_reflection_second_tab_sees_both_versions_and_loses_none(client, owner):
    one, two = client.get(URL), client.get(URL)
    client.post(URL, sent_from(one, answer_1="From the first tab", title="One"), headers={"hx-request": "true"})
    late = sent_from(two, answer_1="From the second tab", answer_2="Only here", intention="Mine")

    autosave = client.post(URL, late, headers={"hx-request": "true"})
    shown = client.post(URL, {**late, "action": "save"})

    assert autosave.status_code == 409
    assert "Changed in another tab" in autosave.content.decode()
    html = shown.content.decode()
    assert shown.status_code == 409
    assert "From the first tab" in html
    assert "From the second tab" in html
    assert "Only here" in html
    assert Entry.objects.get().excerpt == "From the first tab"
    merged = client.post(URL, {**late, "version": shown.context["form"]["version"].value(), "answer_1": "Both"})
    assert merged.status_code == 302
    assert Entry.objects.get().excerpt == "Both"


def test_reflection_second_tab_sees_the_other_version_only_where_it_differs(client, owner):
    one, two = client.get(URL), client.get(URL)
    same = {"answer_1": "Two lines,\r\nthe same in both", "mood": "4", "title": "One"}
    client.post(URL, sent_from(one, **same, energy="1", answer_2="First"), headers={"hx-request": "true"})

    shown = client.post(URL, sent_from(two, **same, energy="5", answer_2="Second", action="save"))

    assert shown.status_code == 409
    assert [row["other"] for row in shown.context["questions"]] == ["", "First", ""]
    assert shown.context["other_feelings"] == ["Empty"]
    assert shown.context["other_title"] == ""


def test_reflection_stale_finish_finishes_nothing(client, owner):
    one, two = client.get(URL), client.get(URL)
    client.post(URL, sent_from(one, answer_1="First"), headers={"hx-request": "true"})

    response = client.post(URL, sent_from(two, answer_1="Second", action="finish"))

    assert response.status_code == 409
    assert Entry.objects.get().finished_at is None


def test_reflection_first_save_without_a_page_token_is_not_taken_for_the_same_page(client, owner):
    client.post(URL, {"answer_1": "One"})

    assert client.post(URL, {"answer_1": "Two"}).status_code == 409
