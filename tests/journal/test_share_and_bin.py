import re
from datetime import timedelta

import pytest

from journal.models import Entry, Period
from mail.models import Message
from tests.factories.journal import (
    WRITTEN_AT,
    EntryFactory,
    IntentionFactory,
    ReflectionFactory,
)
from tests.journal.clock import NOW

pytestmark = pytest.mark.usefixtures("saturday")


# Sharing -------------------------------------------------------------------------------------------------------------


def test_entry_share_and_withdraw(client, owner, cast):
    entry = ReflectionFactory(owner=owner)
    url = f"/journal/{entry.pk}/share/"

    shared = client.post(url, {"share": [cast.mentorship.pk], "threads_open": "on"}, follow=True)
    again = client.post(url, {"share": [cast.mentorship.pk, cast.colleagueship.pk]})
    gone = client.post(url, {}, follow=True)

    assert "Mina can read it now and will get an email." in shared.content.decode()
    assert again.status_code == 302
    assert "Only you can read it." in gone.content.decode()
    assert not Entry.objects.visible_to(cast.mentor).exists()
    assert Message.objects.filter(kind="entry_shared").count() == 2
    entry.refresh_from_db()
    assert not entry.threads_open


def test_entry_share_again_tells_nobody_twice(client, owner, cast):
    entry = ReflectionFactory(owner=owner)
    for chosen in ([cast.mentorship.pk], [], [cast.mentorship.pk]):
        client.post(f"/journal/{entry.pk}/share/", {"share": chosen})

    assert Message.objects.filter(kind="entry_shared").count() == 1


@pytest.mark.parametrize(("state", "is_told"), [("queued", True), ("sent", False), ("skipped", True)])
def test_entry_share_again_promises_a_mail_only_where_one_comes(client, owner, cast, state, is_told):
    entry = ReflectionFactory(owner=owner)
    for chosen in ([cast.mentorship.pk], []):
        client.post(f"/journal/{entry.pk}/share/", {"share": chosen})
    Message.objects.update(state=state, finished_at=None if state == "queued" else NOW)

    again = client.post(f"/journal/{entry.pk}/share/", {"share": [cast.mentorship.pk]}, follow=True)

    said = [str(message) for message in again.context["messages"]][-1]
    assert said == ("Mina can read it now and will get an email." if is_told else "Mina can read it.")
    assert Message.objects.filter(state="queued").exists() is is_told


@pytest.mark.parametrize("which", ["former_mentorship", "x", "9" * 30, "-1"])
def test_entry_share_with_nobody_known_changes_nothing(client, owner, cast, which):
    entry = ReflectionFactory(owner=owner, shared_with=[cast.mentorship])
    relation = getattr(cast, which, None)

    response = client.post(f"/journal/{entry.pk}/share/", {"share": [relation.pk if relation else which]})

    assert response.status_code == 422
    assert "Choose again who may." in response.content.decode()
    assert entry.shared_with.get() == cast.mentorship


def test_entry_share_of_a_draft_is_refused(client, owner, cast):
    entry = EntryFactory(owner=owner, draft=True)

    client.post(f"/journal/{entry.pk}/share/", {"share": [cast.mentorship.pk]})

    assert not entry.shared_with.exists()


# Delete, undo, bin ---------------------------------------------------------------------------------------------------


def test_entry_delete_hides_it_at_once_and_undo_brings_it_back_private(client, owner, cast, shared):
    response = client.post(f"/journal/{shared.pk}/delete/", follow=True)

    assert f'action="/journal/{shared.pk}/restore/"' in response.content.decode()
    assert Period.objects.get().state == "open"
    assert not Entry.objects.visible_to(cast.mentor).exists()
    assert client.get(shared.get_absolute_url()).status_code == 404
    assert shared.get_absolute_url() not in client.get("/journal/").content.decode()
    assert "The canteen" not in client.get("/journal/bin/").content.decode()
    assert "Week 46" in client.get("/journal/bin/").content.decode()

    client.post(f"/journal/{shared.pk}/restore/")

    assert client.get(shared.get_absolute_url()).status_code == 200
    assert Period.objects.get().state == "written"
    assert not shared.shared_with.exists()


def test_entry_restore_pressed_twice_leads_to_the_entry(client, owner, shared):
    client.post(f"/journal/{shared.pk}/delete/")

    for _ in range(2):
        response = client.post(f"/journal/{shared.pk}/restore/")
        assert response.headers.get("Location") == shared.get_absolute_url()


def test_entry_restore_beside_a_new_reflection_becomes_a_note(client, owner, shared):
    IntentionFactory(entry=shared, text="Ask the heron")
    client.post(f"/journal/{shared.pk}/delete/")
    ReflectionFactory(owner=owner, period=shared.period, answers={"Q?": "Written anew"})

    client.post(f"/journal/{shared.pk}/restore/")

    shared.refresh_from_db()
    assert (shared.kind, shared.period) == ("note", None)
    assert shared.title == "Week 46, 9 to 15 November, an earlier version"
    assert "The canteen." in shared.text
    assert "Ask the heron" in shared.text
    assert client.get(shared.get_absolute_url()).status_code == 200


def test_entry_bin_pages(client, owner, django_assert_num_queries):
    for number in range(27):
        EntryFactory(owner=owner, title=f"Gone {number}.", deleted_at=WRITTEN_AT + timedelta(minutes=number))
    client.get("/journal/bin/")

    with django_assert_num_queries(3):
        html = client.get("/journal/bin/").content.decode()

    assert html.count("Bring back") == 25
    older = re.search(r'href="(\?after=[^"]+)"', html).group(1)
    assert client.get(f"/journal/bin/{older}").content.decode().count("Bring back") == 2
