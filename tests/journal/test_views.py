import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from core.timekeeping import week_key
from journal.models import Entry, EntryComment, Period
from journal.reading import NEWEST
from mail.models import Message
from tests.factories.accounts import BreakFactory
from tests.factories.journal import (
    WRITTEN_AT,
    EntryCommentFactory,
    EntryFactory,
    IntentionFactory,
    PeriodFactory,
    ReflectionFactory,
)

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)  # Saturday of week 47
HTMX = {"hx-request": "true"}


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def owner(cast, client):
    client.force_login(cast.owner)
    return cast.owner


@pytest.fixture
def shared(cast):
    return ReflectionFactory(owner=cast.owner, shared_with=[cast.mentorship], answers={"Q?": "The canteen."})


def weeks_back(count):
    return date(2026, 11, 15) - timedelta(days=7 * count)


# The list ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_entry_list_query_count(client, owner, cast, count, django_assert_num_queries):
    for back in range(count):
        entry = ReflectionFactory(owner=owner, entry_on=weeks_back(back), shared_with=[cast.mentorship])
        EntryCommentFactory(item=entry, mentorship=cast.mentorship)
    client.get("/journal/")

    with django_assert_num_queries(4):
        client.get("/journal/")


def test_entry_list_by_month_newest_first(client, owner, cast):
    ReflectionFactory(owner=owner, entry_on=date(2026, 11, 8), title="Second", answers={"Q?": "**Bold** words"})
    ReflectionFactory(owner=owner, entry_on=date(2026, 10, 25), title="First", shared_with=[cast.mentorship], mood=2)
    EntryFactory(owner=owner, entry_on=date(2026, 11, 10), text="Just a note", mood=None)

    html = client.get("/journal/").content.decode()

    assert html.index("November 2026") < html.index("Just a note") < html.index("Second") < html.index("October 2026")
    assert html.index("October 2026") < html.index("First")
    assert "Bold words" in html
    assert "Shared with Mina" in html
    assert "Mood low" in html
    assert html.count("Only you") == 2


def test_entry_list_says_who_reads_now_and_how_much_was_said(client, owner, cast):
    entry = ReflectionFactory(owner=owner, shared_with=[cast.mentorship, cast.former_mentorship])
    EntryCommentFactory.create_batch(2, item=entry, mentorship=cast.mentorship)
    EntryCommentFactory(item=entry, mentorship=cast.mentorship, text="", removed_at=WRITTEN_AT)

    html = client.get("/journal/").content.decode()

    assert "Shared with Mina, 2 comments" in html
    assert "Farid" not in html


def test_entry_list_draft_leads_to_its_week(client, owner):
    ReflectionFactory(owner=owner, draft=True)

    html = client.get("/journal/").content.decode()

    assert 'href="/journal/write/?week=2026-W46"' in html
    assert "Draft" in html


def test_entry_list_shared_only(client, owner, cast):
    EntryFactory(owner=owner, title="Kept")
    EntryFactory(owner=owner, title="Shown", shared_with=[cast.mentorship])

    html = client.get("/journal/?show=shared").content.decode()

    assert "Shown" in html
    assert "Kept" not in html


def test_entry_list_empty_states(client, owner):
    assert "Write your first reflection" in client.get("/journal/").content.decode()
    assert "Nothing is shared" in client.get("/journal/?show=shared").content.decode()


def test_entry_list_pages_and_appends_under_the_same_month(client, owner):
    for number in range(30):
        EntryFactory(owner=owner, entry_on=date(2026, 11, 1), title=f"Note {number}.")

    first = client.get("/journal/").content.decode()
    older = re.search(r'href="(/journal/\?after=[^"]+)"', first).group(1).replace("&amp;", "&")
    fragment = client.get(older, headers=HTMX).content.decode()

    assert first.count('class="entry"') == 25
    assert fragment.count('class="entry"') == 5
    assert "November 2026" not in fragment
    assert "November 2026" in client.get(older).content.decode()
    assert "Note 29." in first
    assert "Note 0." in fragment


@pytest.mark.parametrize("query", ["after=x", "after=" + "A" * 5000, "show=x", "month=x&after=", "after=W10"])
def test_entry_list_bad_query_shows_the_first_page(client, owner, query):
    EntryFactory(owner=owner, title="Here")

    assert "Here" in client.get(f"/journal/?{query}").content.decode()


def test_entry_list_weekly_aim(client, owner):
    owner.date_joined = NOW - timedelta(days=400)
    owner.save()
    for back in (0, 1, 3, 4):
        ReflectionFactory(owner=owner, entry_on=weeks_back(back))
    BreakFactory(user=owner, from_on=weeks_back(5) - timedelta(days=6), until_on=weeks_back(5))
    PeriodFactory(owner=owner, key=week_key(weeks_back(6)), state="skipped")

    html = client.get("/journal/").content.decode()

    # Weeks 39 to 46, of which 41 was a break and 40 was skipped.
    assert "4 of the last 6 weeks." in html
    assert "Week 47 is waiting for a few lines." in html
    assert "stayed blank" not in html


def test_entry_list_is_calm_about_a_blank_week(client, owner):
    owner.date_joined = NOW - timedelta(days=30)
    owner.save()

    html = client.get("/journal/").content.decode()

    assert "The week before stayed blank. That is fine" in html
    assert 'href="/journal/write/?week=2026-W46"' in html


def test_entry_list_of_somebody_new_counts_no_weeks_before_they_came(client, owner):
    owner.date_joined = NOW
    owner.save()

    assert "of the last" not in client.get("/journal/").content.decode()


def test_calendar_says_in_words_what_it_draws(client, owner):
    ReflectionFactory(owner=owner)
    EntryFactory(owner=owner, entry_on=date(2026, 11, 10))
    EntryFactory(owner=owner, entry_on=date(2026, 11, 10))

    html = client.get("/journal/").content.decode()

    assert "You wrote on 2 days, 1 of the entries is a reflection." in html
    assert html.count('class="hm2"') == 2  # the legend's and the day with two notes


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

    with django_assert_num_queries(5):
        client.get(entry.get_absolute_url())


def test_entry_detail_of_many_comments(client, owner, cast, shared, django_assert_num_queries):
    EntryComment.objects.bulk_create(
        EntryComment(
            item=shared, mentorship=cast.mentorship, author=owner, text=f"Word {number}.", created_at=WRITTEN_AT
        )
        for number in range(200)
    )
    client.get(shared.get_absolute_url())

    with django_assert_num_queries(5):
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
     ("entry_on", "soon", "Use a date, like"), ("entry_on", "2026-11-22", "That day has not come yet."), ("title", "x" * 121, "at most 120"), ("mood", "6", "valid choice"),
     ("energy", "x", "valid choice")],
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


# Comments ------------------------------------------------------------------------------------------------------------


def test_comment_add_by_the_mentor_reaches_the_owner(client, cast, shared):
    client.force_login(cast.mentor)

    response = client.post(f"/journal/{shared.pk}/comments/?thread={cast.mentorship.pk}", {"text": "**Well** seen"})

    comment = EntryComment.objects.get()
    assert response["Location"] == f"/journal/{shared.pk}/#conversation"
    assert (comment.author, comment.mentorship) == (cast.mentor, cast.mentorship)
    message = Message.objects.get()
    assert (message.kind, message.user) == ("entry_comment", cast.owner)
    client.force_login(cast.owner)
    assert "<strong>Well</strong>" in client.get(shared.get_absolute_url()).content.decode()


def test_comment_add_by_the_owner_to_one_or_to_all(client, owner, cast, shared):
    shared.shared_with.add(cast.colleagueship)

    client.post(f"/journal/{shared.pk}/comments/?thread={cast.colleagueship.pk}", {"text": "For Cora"})
    client.post(f"/journal/{shared.pk}/comments/?thread=all", {"text": "For both"})

    client.force_login(cast.mentor)
    html = client.get(shared.get_absolute_url()).content.decode()
    assert "For both" in html
    assert "For Cora" not in html
    assert EntryComment.objects.in_thread(cast.colleagueship.pk).count() == 2


def test_comment_add_by_htmx_gives_the_conversation(client, cast, shared):
    client.force_login(cast.mentor)
    url = f"/journal/{shared.pk}/comments/?thread={cast.mentorship.pk}"

    good = client.post(url, {"text": "Here"}, headers=HTMX)
    empty = client.post(url, {"text": "  "}, headers=HTMX)

    assert good.content.decode().lstrip().startswith('<section id="entry-conversation"')
    assert "Here" in good.content.decode()
    assert "Sent" in good["HX-Trigger"]
    assert empty.status_code == 422
    assert "Write a line first." in empty.content.decode()


@pytest.mark.parametrize("text", ["", "   ", "x" * 10_001, "\x00"])
def test_comment_add_bad_input_shows_the_page_with_what_was_typed(client, cast, shared, text):
    client.force_login(cast.mentor)

    response = client.post(f"/journal/{shared.pk}/comments/?thread={cast.mentorship.pk}", {"text": text})

    assert response.status_code == 422
    assert "The canteen." in response.content.decode()
    assert not EntryComment.objects.exists()


def test_comment_to_everyone_goes_to_those_the_page_named(client, owner, cast, shared):
    shared.shared_with.add(cast.colleagueship)
    html = client.get(shared.get_absolute_url()).content.decode()
    action = next(url for url in re.findall(r'action="([^"]+)"', html) if url.count("thread=") == 2)
    shared.shared_with.add(cast.second_mentorship)

    client.post(action.replace("&amp;", "&"), {"text": "For you two"})

    threads = set(EntryComment.objects.values_list("mentorship", flat=True))
    assert threads == {cast.mentorship.pk, cast.colleagueship.pk}


def test_comment_to_everyone_with_a_mistake_keeps_the_words_when_one_reader_is_left(client, owner, cast, shared):
    url = f"/journal/{shared.pk}/comments/?thread={cast.mentorship.pk}&thread={cast.colleagueship.pk}"

    response = client.post(url, {"text": "Long " * 2001})

    assert response.status_code == 422
    assert "Long Long" in response.content.decode()


@pytest.mark.parametrize("thread", ["x", "9" * 30, "-1", "", "1e3"])
def test_comment_add_in_no_thread_of_mine_is_forbidden(client, owner, cast, shared, thread):
    response = client.post(f"/journal/{shared.pk}/comments/?thread={thread}", {"text": "Words"})

    assert response.status_code == 403


def test_comment_add_in_anothers_thread_is_forbidden(client, cast, shared):
    shared.shared_with.add(cast.colleagueship)
    client.force_login(cast.colleague)

    response = client.post(f"/journal/{shared.pk}/comments/?thread={cast.mentorship.pk}", {"text": "Words"})

    assert response.status_code == 403


def test_conversation_shows_the_newest_and_on_request_all(client, owner, cast, shared, django_assert_num_queries):
    for number in range(52):
        at = WRITTEN_AT + timedelta(minutes=number)
        EntryCommentFactory(item=shared, mentorship=cast.mentorship, text=f"Line {number}.", created_at=at)

    newest = client.get(shared.get_absolute_url()).content.decode()
    whole = client.get(f"{shared.get_absolute_url()}?comments=all").content.decode()

    assert "Line 1." not in newest
    assert newest.index("Line 2.") < newest.index("Line 51.")
    assert "Show what was said before" in newest
    assert "Line 0." in whole
    assert "Show what was said before" not in whole
    preview = client.get(f"{shared.get_absolute_url()}?as={cast.mentorship.pk}").content.decode()
    assert f'href="/journal/{shared.pk}/?as={cast.mentorship.pk}&amp;comments=all#conversation"' in preview


def test_comment_edit_marks_late_edits(client, cast, shared):
    comment = EntryCommentFactory(item=shared, mentorship=cast.mentorship)
    client.force_login(cast.mentor)
    url = f"/journal/comments/{comment.pk}/edit/"

    assert comment.text in client.get(url).content.decode()
    assert f'id="comment-{comment.pk}"' in client.get(url, headers=HTMX).content.decode()
    assert client.post(url, {"text": ""}).status_code == 422
    fragment = client.post(url, {"text": "Changed"}, headers=HTMX).content.decode()

    assert "Changed" in fragment
    assert ", edited" in fragment


def test_comment_remove_by_the_owner_says_so(client, owner, cast, shared):
    comment = EntryCommentFactory(item=shared, mentorship=cast.mentorship, text="Regretted")

    fragment = client.post(f"/journal/comments/{comment.pk}/remove/", headers=HTMX).content.decode()

    assert "Removed by Olive Owner." in fragment
    assert "Regretted" not in fragment
    assert client.post(f"/journal/comments/{comment.pk}/remove/").status_code == 403


@pytest.mark.parametrize("verb", ["edit", "remove"])
def test_former_mentor_can_no_longer_touch_their_words(client, cast, shared, verb):
    shared.shared_with.add(cast.former_mentorship)
    comment = EntryCommentFactory(item=shared, mentorship=cast.former_mentorship, text="Long ago")
    client.force_login(cast.former_mentor)

    response = client.post(f"/journal/comments/{comment.pk}/{verb}/", {"text": "Changed"})

    assert response.status_code == 404
    comment.refresh_from_db()
    assert comment.text == "Long ago"


def test_owner_keeps_the_words_of_a_former_mentor(client, owner, cast):
    entry = ReflectionFactory(owner=owner, shared_with=[cast.former_mentorship])
    EntryCommentFactory(item=entry, mentorship=cast.former_mentorship, text="Long ago")

    html = client.get(entry.get_absolute_url()).content.decode()

    assert "Long ago" in html
    assert "Write to Farid" not in html


def test_a_conditional_request_after_withdrawal_is_not_found(client, cast, shared):
    client.force_login(cast.mentor)
    before = client.get(shared.get_absolute_url())
    shared.shared_with.clear()

    after = client.get(
        shared.get_absolute_url(),
        headers={"if-none-match": before.get("ETag", "x"), "if-modified-since": "Sat, 21 Nov 2026 12:00:00 GMT"},
    )

    assert after.status_code == 404
    assert "no-store" in before["Cache-Control"]


def test_entry_of_the_year_stays_reachable_by_week(client, owner):
    PeriodFactory(owner=owner, key=week_key(weeks_back(2)))

    assert client.get(f"/journal/write/?week={week_key(weeks_back(2))}").status_code == 200
