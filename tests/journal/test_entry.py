from datetime import date

import pytest

from journal.models import Entry, EntryComment
from sharing.talk import NEWEST
from tests.factories.journal import (
    WRITTEN_AT,
    EntryCommentFactory,
    EntryFactory,
    IntentionFactory,
    ReflectionFactory,
)
from tests.journal.clock import NOW

pytestmark = pytest.mark.usefixtures("saturday")


# One entry -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("viewer", "status"),
    [("owner", 200), ("mentor", 200), ("second_mentor", 404), ("former_mentor", 404), ("colleague", 404),
     ("stranger", 404), ("staff", 404)],
)  # fmt: skip
def test_entry_detail_shared_entry(client, cast, viewer, status):
    entry = ReflectionFactory(
        owner=cast.owner, shared_with=[cast.mentorship, cast.former_mentorship], answers={"Q?": "The canteen."}
    )
    IntentionFactory(entry=entry, text="Ask the heron")
    client.force_login(getattr(cast, viewer))

    response = client.get(entry.get_absolute_url())

    html = response.content.decode()
    assert response.status_code == status
    assert ("The canteen." in html) is ("Ask the heron" in html) is (status == 200)


def test_entry_detail_tells_only_the_owner_who_else_reads(client, cast, shared):
    shared.shared_with.add(cast.colleagueship)
    client.force_login(cast.mentor)
    as_mentor = client.get(shared.get_absolute_url()).content.decode()
    client.force_login(cast.owner)
    as_owner = client.get(shared.get_absolute_url()).content.decode()

    assert "Cora" not in as_mentor
    assert "/share/" not in as_mentor
    assert "/delete/" not in as_mentor
    assert "You are reading what Olive Owner wrote." in as_mentor
    assert "Visible to Mina Mentor, Cora Colleague" in as_owner


def test_entry_detail_shows_markdown_and_no_html(client, owner):
    entry = EntryFactory(owner=owner, text="**Strong** <script>alert(1)</script> <b hx-get='/x'>b</b>")

    html = client.get(entry.get_absolute_url()).content.decode()

    assert "<strong>Strong</strong>" in html
    assert "<script>alert" not in html
    assert "<b hx-get" not in html


def test_entry_detail_of_a_draft_leads_to_its_week(client, owner):
    entry = ReflectionFactory(owner=owner, draft=True)

    assert client.get(entry.get_absolute_url())["Location"] == "/journal/write/?week=2026-W46"


@pytest.mark.parametrize("threads", [1, 3])
def test_entry_detail_query_count(client, owner, cast, threads, django_assert_num_queries):
    relations = [cast.mentorship, cast.second_mentorship, cast.colleagueship][:threads]
    entry = ReflectionFactory(owner=owner, shared_with=relations)
    IntentionFactory(entry=entry)
    for relation in relations:
        EntryCommentFactory.create_batch(threads, item=entry, mentorship=relation)
    client.get(entry.get_absolute_url())

    with django_assert_num_queries(6):
        client.get(entry.get_absolute_url())


def test_entry_detail_of_many_comments(client, owner, cast, shared, django_assert_num_queries):
    EntryComment.objects.bulk_create(
        EntryComment(
            item=shared, mentorship=cast.mentorship, author=owner, text=f"Word {number}.", created_at=WRITTEN_AT
        )
        for number in range(200)
    )
    client.get(shared.get_absolute_url())

    with django_assert_num_queries(6):
        html = client.get(shared.get_absolute_url()).content.decode()

    assert html.count('<article class="cmt"') == NEWEST
    assert "Word 199." in html
    assert "Word 149." not in html


def test_sight_ends_with_the_next_request(client, owner, cast, shared):
    """The statements of this page are kept for the next request; their rows are not."""
    path = shared.get_absolute_url()
    shared.shared_with.add(cast.colleagueship)
    EntryCommentFactory(item=shared, mentorship=cast.mentorship, text="From Mina")
    Entry.objects.filter(pk=shared.pk).update(threads_open=True)
    client.force_login(cast.colleague)
    assert "From Mina" in client.get(path).content.decode()

    Entry.objects.filter(pk=shared.pk).update(threads_open=False)
    assert "From Mina" not in client.get(path).content.decode()
    shared.shared_with.remove(cast.colleagueship)
    assert client.get(path).status_code == 404
    client.force_login(cast.mentor)
    assert client.get(path).status_code == 200
    assert client.get("/journal/99999999999999999999/").status_code == 404


def test_view_as_shows_what_the_reader_sees_and_no_form(client, owner, cast, shared):
    shared.shared_with.add(cast.colleagueship)
    EntryCommentFactory(item=shared, mentorship=cast.mentorship, text="From Mina")
    EntryCommentFactory(item=shared, mentorship=cast.colleagueship, text="From Cora")

    html = client.get(f"{shared.get_absolute_url()}?as={cast.mentorship.pk}").content.decode()

    assert "This is what <b>Mina Mentor</b> sees." in html
    assert "From Mina" in html
    assert "From Cora" not in html
    assert "/comments/" not in html
    assert "Visible to" not in html


@pytest.mark.parametrize("which", ["former_mentorship", "second_mentorship", "x", "9" * 30, "-1", "0"])
def test_view_as_anybody_who_does_not_read_it_is_not_found(client, owner, cast, shared, which):
    relation = getattr(cast, which, None)

    response = client.get(f"{shared.get_absolute_url()}?as={relation.pk if relation else which}")

    assert response.status_code == 404


def test_view_as_is_the_owners_alone(client, cast, shared):
    client.force_login(cast.mentor)

    assert client.get(f"{shared.get_absolute_url()}?as={cast.mentorship.pk}").status_code == 404


# Notes ---------------------------------------------------------------------------------------------------------------


def test_entry_new_writes_a_note(client, owner):
    response = client.post(
        "/journal/new/", {"entry_on": "2026-11-20", "title": "Train", "text": "* one\n* two", "mood": 4}
    )

    note = Entry.objects.get()
    assert response["Location"] == note.get_absolute_url()
    assert (note.kind, note.title, note.text, note.mood, note.energy) == ("note", "Train", "* one\n* two", 4, None)
    assert note.finished_at == NOW
    assert "<li>one</li>" in client.get(note.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [("text", "", "Write a line first."), ("text", "x" * 20_001, "at most 20000 characters"),
     ("entry_on", "9999-12-31", "Use a date between"), ("entry_on", "0001-01-01", "Use a date between"),
     ("entry_on", "soon", "Use a date, like"), ("entry_on", "2026-11-22", "That day has not come yet."), ("title", "x" * 121, "at most 120"), ("mood", "6", "That choice is not there any more."),
     ("energy", "x", "That choice is not there any more.")],
)  # fmt: skip
def test_entry_new_bad_input_keeps_what_was_typed(client, owner, field, value, words):
    data = {"entry_on": "2026-11-20", "title": "Kept title", "text": "Kept text"}

    response = client.post("/journal/new/", {**data, field: value})

    html = response.content.decode()
    assert response.status_code == 422
    assert words in html
    assert "Kept title" in html or field == "title"
    assert not Entry.objects.exists()


def test_entry_edit_changes_a_note_and_counts_versions(client, owner):
    note = EntryFactory(owner=owner, text="Before")
    data = {"entry_on": "2026-11-20", "text": "After", "version": note.version}

    response = client.post(f"/journal/{note.pk}/edit/", data)

    note.refresh_from_db()
    assert response.status_code == 302
    assert (note.text, note.version, note.entry_on) == ("After", 2, date(2026, 11, 20))


def test_entry_edit_stale_shows_both_versions(client, owner):
    note = EntryFactory(owner=owner, text="Old")
    data = {"entry_on": "2026-11-20", "version": 1}
    client.post(f"/journal/{note.pk}/edit/", {**data, "text": "From the first tab"})

    stale = client.post(f"/journal/{note.pk}/edit/", {**data, "text": "From the second tab"})

    html = stale.content.decode()
    assert stale.status_code == 409
    assert "From the first tab" in html
    assert "From the second tab" in html
    assert Entry.objects.get().text == "From the first tab"
    client.post(
        f"/journal/{note.pk}/edit/", {**data, "text": "Both", "version": stale.context["form"]["version"].value()}
    )
    assert Entry.objects.get().text == "Both"


def test_entry_edit_of_a_reflection_is_the_page_of_its_week(client, owner, shared):
    assert client.get(f"/journal/{shared.pk}/edit/")["Location"] == "/journal/write/?week=2026-W46"
