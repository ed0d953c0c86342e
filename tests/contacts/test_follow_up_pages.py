"""Promises: /contacts/follow-ups/."""

from datetime import date

import pytest

from contacts.models import FollowUp
from tests.contacts.pages import HX, NOW, text_of
from tests.factories.contacts import ADDED_AT, ContactFactory, FollowUpFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("friday")]


def test_follow_up_is_written_edited_and_closed_with_an_outcome(client, hannah):
    client.post(
        f"/contacts/{hannah.pk}/follow-ups/", {"text": "Send notes", "due_on": "2026-12-01", "direction": "i_owe"}
    )
    promise = FollowUp.objects.get()
    url = f"/contacts/follow-ups/{promise.pk}/"

    client.post(url, {"text": "Send all notes", "due_on": "2026-12-02", "direction": "i_owe", "version": "1"})
    client.post(f"{url}done/", {"outcome": "She printed them."})

    promise.refresh_from_db()
    assert (promise.text, promise.due_on, promise.state) == ("Send all notes", date(2026, 12, 2), "done")
    assert (promise.outcome, promise.closed_at) == ("She printed them.", NOW)
    assert "She printed them." in text_of(client.get(hannah.get_absolute_url()))

    client.post(f"{url}reopen/")
    assert FollowUp.objects.get().is_open


def test_follow_up_of_an_old_version_shows_both(client, hannah):
    promise = FollowUpFactory(contact=hannah, text="THEIRS", version=2)
    data = {"text": "MINE", "due_on": "2026-12-02", "direction": "i_owe", "version": "1"}

    response = client.post(f"/contacts/follow-ups/{promise.pk}/", data)

    assert response.status_code == 409
    assert "THEIRS" in text_of(response)
    assert 'value="MINE"' in text_of(response)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"text": " "}, "Say in a few words what is to be done."),
        ({"due_on": ""}, "Say by which day."),
        ({"due_on": "2201-01-01"}, "Use a date between 1900 and 2200."),
        ({"direction": "both"}, "Choose one of these."),
    ],
)
def test_follow_up_with_mistakes_is_not_stored(client, hannah, data, words):
    typed = {"text": "KEPTWORDS", "due_on": "2026-12-01", "direction": "i_owe"} | data

    response = client.post(f"/contacts/{hannah.pk}/follow-ups/", typed)

    assert response.status_code == 422
    assert words in text_of(response)
    assert not FollowUp.objects.exists()


@pytest.mark.parametrize(
    ("later", "day"), [("days", date(2026, 11, 30)), ("week", date(2026, 12, 4)), ("month", date(2026, 12, 27))]
)
def test_follow_up_later_moves_its_day(client, hannah, later, day):
    promise = FollowUpFactory(contact=hannah, due_on=date(2026, 11, 1))

    response = client.post(f"/contacts/follow-ups/{promise.pk}/later/", {"later": later}, headers=HX)

    assert FollowUp.objects.get().due_on == day
    assert f"/contacts/follow-ups/{promise.pk}/done/" in text_of(response)


def test_follow_up_done_by_script_asks_what_came_of_it(client, hannah):
    promise = FollowUpFactory(contact=hannah)
    url = f"/contacts/follow-ups/{promise.pk}/"

    done = text_of(client.post(f"{url}done/", headers=HX))
    noted = text_of(client.post(f"{url}outcome/", {"outcome": "She laughed."}, headers=HX))

    assert "What came of it?" in done
    assert f"{url}reopen/" in done
    assert "She laughed." in noted
    assert FollowUp.objects.get().outcome == "She laughed."
    assert "In touch" not in text_of(client.post(f"{url}reopen/", headers=HX))


@pytest.mark.parametrize(
    ("path", "data"), [("later", {"later": "never"}), ("later", {}), ("done", {"outcome": "x" * 2001}), ("outcome", {})]
)
def test_follow_up_refuses_what_makes_no_sense(client, hannah, path, data):
    promise = FollowUpFactory(contact=hannah)

    assert client.post(f"/contacts/follow-ups/{promise.pk}/{path}/", data).status_code == 400


def test_follow_up_of_a_deleted_contact_is_not_there(client, owner):
    promise = FollowUpFactory(contact=ContactFactory(owner=owner, deleted_at=ADDED_AT))

    assert client.get(f"/contacts/follow-ups/{promise.pk}/").status_code == 404
    assert client.post(f"/contacts/follow-ups/{promise.pk}/done/").status_code == 404


def test_follow_up_list_has_everything_open(client, owner, hannah, django_assert_num_queries):
    FollowUpFactory.create_batch(3, contact=hannah)
    FollowUpFactory(contact=hannah, text="Closed one", done=True)
    client.get("/contacts/follow-ups/")

    with django_assert_num_queries(3):  # the person, the promises, the frame
        page = text_of(client.get("/contacts/follow-ups/"))

    assert page.count("Hannah Vogel") >= 3
    assert "Closed one" not in page
