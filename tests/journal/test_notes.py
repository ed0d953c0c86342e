"""Notes while they are written: drafts, two tabs, lost answers, clocks of two zones."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
import time_machine
from django.test import Client

from core.versioned import StaleEdit
from journal.models import Entry
from journal.notes import NoteWords, save_note
from journal.services import FinishedMeanwhile
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalFactory
from tests.factories.journal import EntryFactory
from tests.journal.clock import NOW
from tests.races import at_once

PAGE, OTHER_PAGE = "a" * 16, "b" * 16
DAY = date(2026, 11, 21)
HTMX = {"hx-request": "true"}


def save(owner, text="Words.", *, pk=None, expected=0, **kwargs):
    words = NoteWords(entry_on=DAY, text=text)
    return save_note(owner=owner, pk=pk, words=words, expected=expected, at=NOW, **kwargs)


@pytest.fixture
def person(db):
    return UserFactory()


# The service --------------------------------------------------------------------------------------------------------


def test_first_save_of_a_page_is_a_draft_and_the_next_one_the_same_note(person):
    first = save(person, "One.", page=PAGE, number=1, is_autosave=True)
    second = save(person, "One. Two.", page=PAGE, number=2, is_autosave=True)  # its answer got lost: still version 0

    assert first.pk == second.pk
    note = Entry.objects.get()
    assert (note.text, note.finished_at, note.version) == ("One. Two.", None, 2)


def test_late_save_of_a_page_changes_nothing(person):
    save(person, "Newer.", page=PAGE, number=5, is_autosave=True)

    save(person, "Older.", page=PAGE, number=4, is_autosave=True)

    assert Entry.objects.get().text == "Newer."


def test_nothing_written_makes_no_note(person):
    assert save(person, "", page=PAGE, is_autosave=True) is None
    assert not Entry.objects.exists()


def test_another_tab_is_stale_and_nothing_is_overwritten(person):
    note = save(person, "Mine.", page=PAGE)

    with pytest.raises(StaleEdit):
        save(person, "Theirs.", pk=note.pk, expected=0, page=OTHER_PAGE)

    assert Entry.objects.get().text == "Mine."
    assert save(person, "Both.", pk=note.pk, expected=1, page=OTHER_PAGE).version == 2


def test_autosave_of_a_finished_note_is_refused(person):
    note = save(person, page=PAGE, is_done=True)

    with pytest.raises(FinishedMeanwhile):
        save(person, "Late.", pk=note.pk, expected=1, page=PAGE, is_autosave=True)


def test_done_twice_keeps_the_first_moment(person):
    note = save(person, page=PAGE, is_done=True)

    save(person, "More.", pk=note.pk, expected=1, page=OTHER_PAGE, is_done=True)

    assert Entry.objects.get().finished_at == NOW


@pytest.mark.django_db(transaction=True)
def test_two_first_saves_of_one_page_at_once_are_one_note():
    owner = UserFactory()

    at_once(*[partial(save, owner, page=PAGE, number=number) for number in (1, 2, 3)])

    assert Entry.objects.count() == 1


# The page -----------------------------------------------------------------------------------------------------------

pytestmark = pytest.mark.usefixtures("saturday")


def post(client, path="/journal/new/", *, htmx=False, **data):
    data = {"entry_on": "2026-11-21", "text": "Words.", "page": PAGE, "version": 0, "tags": ""} | data
    return client.post(path, data, headers=HTMX if htmx else {})


def test_autosave_keeps_a_draft_and_a_reload_goes_on_with_it(client, owner):
    response = post(client, htmx=True, number=1)

    note = Entry.objects.get()
    assert response.status_code == 200
    assert response["HX-Replace-Url"] == f"/journal/{note.pk}/edit/"
    assert f'value="{note.pk}" id="id_note"' in response.content.decode()
    assert note.finished_at is None
    assert "Words." in client.get(f"/journal/{note.pk}/edit/").content.decode()


def test_new_note_sent_twice_is_one(client, owner):
    post(client)
    post(client)

    assert Entry.objects.count() == 1
    assert Entry.objects.get().is_finished


def test_page_of_a_new_note_whose_draft_changed_elsewhere_shows_both_versions(client, owner):
    post(client, htmx=True, number=1)
    note = Entry.objects.get()
    post(client, f"/journal/{note.pk}/edit/", htmx=True, text="Elsewhere.", page=OTHER_PAGE, version=1)

    autosave = post(client, htmx=True, text="Here.", note=note.pk, version=1, number=2)
    page = post(client, text="Here.", note=note.pk, version=1)

    assert autosave.status_code == page.status_code == 409
    assert "Show both versions" in autosave.content.decode()
    html = page.content.decode()
    assert "Here.</textarea>" in html
    assert "Elsewhere." in html
    assert 'name="version" value="2"' in html
    assert Entry.objects.get().text == "Elsewhere."


def test_note_id_of_somebody_else_is_none(client, owner, cast):
    theirs = EntryFactory(owner=cast.mentor, text="Theirs.", draft=True)

    post(client, note=theirs.pk, text="Mine.")

    theirs.refresh_from_db()
    assert theirs.text == "Theirs."
    assert Entry.objects.get(owner=owner).text == "Mine."


@pytest.mark.parametrize("note", ["abc", "9" * 40, "-1", "\x00"])
def test_note_id_that_is_none_saves_a_new_note_or_says_so(client, owner, note):
    assert post(client, note=note).status_code in {302, 400, 422}


@pytest.mark.parametrize("htmx", [True, False])
def test_words_for_a_note_that_was_thrown_away_become_a_note_of_their_own(client, owner, cast, htmx):
    old = EntryFactory(owner=owner, text="Old.", finished_at=None)
    old.put_in_bin(at=NOW)

    for number in (1, 2):
        response = post(client, f"/journal/{old.pk}/edit/", htmx=htmx, text="New words.", version=1, number=number)

    assert response.status_code == (200 if htmx else 302)
    assert [note.text for note in Entry.objects.owned_by(owner)] == ["New words."]
    assert Entry.objects.in_bin_of(owner).get().text == "Old."
    assert client.get(f"/journal/{old.pk}/edit/").status_code == 404
    client.force_login(cast.mentor)
    assert post(client, f"/journal/{old.pk}/edit/", text="Not mine.").status_code == 404


def test_later_keeps_a_draft_that_only_its_owner_sees(client, owner, cast):
    response = post(client, text="", title="A beginning", action="later")

    note = Entry.objects.get()
    assert response["Location"] == "/journal/"
    assert not note.is_finished
    note.shared_with.add(cast.mentorship)
    reader = Client()
    reader.force_login(cast.mentor, backend="accounts.backends.AuthenticationBackend")
    assert reader.get(note.get_absolute_url()).status_code == 404
    assert client.get(note.get_absolute_url())["Location"] == f"/journal/{note.pk}/edit/"
    html = client.get("/journal/").content.decode()
    assert f'href="/journal/{note.pk}/edit/"' in html
    assert "Draft" in html


def test_autosave_with_a_mistake_says_so_and_saves_nothing(client, owner):
    response = post(client, htmx=True, entry_on="2026-12-24")

    assert response.status_code == 422
    assert "That day has not come yet" in response.content.decode()
    assert not Entry.objects.exists()


def test_finished_note_is_kept_in_the_tab_and_not_autosaved(client, owner):
    note = EntryFactory(owner=owner)

    html = client.get(f"/journal/{note.pk}/edit/").content.decode()

    assert "data-autosave" not in html
    assert "data-keep" in html


@pytest.mark.parametrize(
    ("zone", "day"), [("Pacific/Auckland", "2026-11-22"), ("America/Los_Angeles", "2026-11-21"), ("UTC", "2026-11-21")]
)
def test_new_note_stands_on_its_writers_own_day(client, db, zone, day):
    user = UserFactory(time_zone=zone)
    client.force_login(user, backend="accounts.backends.AuthenticationBackend")
    # Half past ten in the evening of the 21st in UTC: the 22nd in Auckland, the afternoon in Los Angeles.
    with time_machine.travel(datetime(2026, 11, 21, 22, 30, tzinfo=UTC), tick=False):
        html = client.get("/journal/new/").content.decode()
        today = post(client, entry_on=day)
        tomorrow = post(client, entry_on=str(date.fromisoformat(day) + timedelta(days=1)), page=OTHER_PAGE)

    assert f'value="{day}"' in html
    assert today.status_code == 302
    assert tomorrow.status_code == 422
    assert Entry.objects.get().entry_on == date.fromisoformat(day)


@pytest.mark.parametrize("count", [1, 3])
def test_entry_new_query_count(client, owner, count, django_assert_num_queries):
    for number in range(count):
        EntryFactory(owner=owner, tags=[f"tag {number}"], goals=[GoalFactory(owner=owner)])
    client.get("/journal/new/")

    with django_assert_num_queries(3):
        html = client.get("/journal/new/").content.decode()

    assert html.count('<option value="tag') == count
    assert html.count('name="about"') == count
