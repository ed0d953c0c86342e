import re
from datetime import timedelta

import pytest

from journal.models import EntryComment
from mail.models import Message
from tests.factories.journal import (
    WRITTEN_AT,
    EntryCommentFactory,
    ReflectionFactory,
)

pytestmark = pytest.mark.usefixtures("saturday")


HTMX = {"hx-request": "true"}


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


def test_comment_sent_twice_is_one_comment(client, cast, shared):
    client.force_login(cast.mentor)

    for text in ("Here", "Here", "And here"):
        response = client.post(f"/journal/{shared.pk}/comments/?thread={cast.mentorship.pk}", {"text": text})
        assert response.status_code == 302

    assert [comment.text for comment in shared.comments.all()] == ["Here", "And here"]


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
    again = client.post(f"/journal/comments/{comment.pk}/remove/")
    assert again.status_code == 302, "in another tab: it is gone, as was wished"
    before = comment.removed_at
    comment.refresh_from_db()
    assert (before, comment.text, comment.removed_by) == (None, "", owner)


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
