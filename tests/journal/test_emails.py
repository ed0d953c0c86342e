from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from journal import services
from journal.emails import entry_comment
from journal.models import EntryComment
from mail.letters import compose
from mail.models import Message
from mail.registry import find
from sharing.services import end_mentorship, remove_comment
from tests.factories.journal import IntentionFactory, ReflectionFactory

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
PRIVATE = ("The quiet canteen", "Standing up", "Ask the heron", "What did she say back")


@pytest.fixture
def entry(cast):
    entry = ReflectionFactory(owner=cast.owner, title="The quiet canteen", answers={"Q?": "Standing up."})
    IntentionFactory(entry=entry, text="Ask the heron.")
    return entry


def letters(kind, user):
    """Return the mails of a kind to a person as they would leave now; None for each that must not."""
    found = []
    for message in Message.objects.with_recipient().filter(kind=kind, user=user).order_by("pk"):
        content = find(kind).contents([message], now=NOW)[message.pk]
        found.append(content and compose(message, content, now=NOW))
    return found


def share(entry, *mentorships):
    services.share_entry(entry=entry, mentorships=mentorships, by=entry.owner)


def write(entry, mentorship, by, text="What did she say back?", at=NOW):
    return services.comment_on_entry(entry=entry, mentorships=[mentorship], by=by, text=text, at=at)


def test_entry_shared_says_who_and_where_and_no_word_of_it(cast, entry):
    share(entry, cast.mentorship)

    (letter,) = letters("entry_shared", cast.mentor)

    assert letter.subject == "Olive Owner shared a journal entry with you"
    for body in (letter.text, letter.html):
        assert "Week 46, 9 to 15 November" in body
        assert f"http://waymark.test/journal/{entry.pk}/" in body
        assert "Olive can take it back at any time." in body
        assert "because Olive Owner shared a journal entry with you" in body
        assert not [word for word in PRIVATE if word in body]
    assert "List-Unsubscribe" in letter.headers
    assert Message.objects.get().preference == "mentoring"


@pytest.mark.parametrize("how", ["withdrawn", "deleted", "ended"])
def test_entry_shared_is_not_sent_once_it_was_taken_back(cast, entry, how):
    share(entry, cast.mentorship)
    if how == "withdrawn":
        share(entry)
    elif how == "deleted":
        services.delete_entry(entry=entry, at=NOW)
    else:
        end_mentorship(mentorship=cast.mentorship, by=cast.mentor, at=NOW)

    assert letters("entry_shared", cast.mentor) == [None]


def test_entry_comment_to_the_owner_carries_neither_entry_nor_comment(cast, entry):
    share(entry, cast.mentorship)
    (comment,) = write(entry, cast.mentorship, cast.mentor)

    (letter,) = letters("entry_comment", cast.owner)

    assert letter.subject == "Mina Mentor wrote about your journal entry"
    for body in (letter.text, letter.html):
        assert "Mina Mentor wrote about your journal entry" in body
        assert f"http://waymark.test/journal/{entry.pk}/#comment-{comment.pk}" in body
        assert "Week 46, 9 to 15 November" in body
        assert not [word for word in PRIVATE if word in body]
    assert not letters("entry_comment", cast.mentor)


def test_entry_comment_to_the_reader(cast, entry):
    share(entry, cast.mentorship)
    write(entry, cast.mentorship, cast.owner)

    (letter,) = letters("entry_comment", cast.mentor)

    assert letter.subject == "Olive Owner wrote about a journal entry"
    assert "the journal entry that Olive Owner shared with you" in letter.text
    assert not [word for word in PRIVATE if word in letter.text + letter.html]


def test_entry_comments_gather_into_one_mail(cast, entry):
    share(entry, cast.mentorship)
    write(entry, cast.mentorship, cast.mentor)
    Message.objects.filter(kind="entry_comment").update(state="sent", finished_at=NOW)
    for minutes in (1, 2, 3):
        write(entry, cast.mentorship, cast.mentor, at=NOW + timedelta(minutes=minutes))

    first, second = Message.objects.filter(kind="entry_comment").order_by("pk")

    assert second.not_before == first.not_before + timedelta(minutes=10)
    assert "wrote 3 comments about your journal entry" in letters("entry_comment", cast.owner)[1].text


def test_entry_comment_is_told_once_though_the_mail_before_is_still_on_its_way(cast, entry):
    share(entry, cast.mentorship)
    write(entry, cast.mentorship, cast.mentor)
    Message.objects.filter(kind="entry_comment").update(state="sending", lease=uuid4(), lease_until=NOW)
    write(entry, cast.mentorship, cast.mentor, at=NOW + timedelta(minutes=1))

    first, second = letters("entry_comment", cast.owner)

    assert first.subject == second.subject == "Mina Mentor wrote about your journal entry"
    assert "comments about" not in first.text + second.text


def test_entry_comment_to_all_threads_tells_each_reader_once(cast, entry):
    share(entry, cast.mentorship, cast.colleagueship)
    services.comment_on_entry(
        entry=entry, mentorships=[cast.mentorship, cast.colleagueship], by=cast.owner, text="Thank you", at=NOW
    )

    assert len(letters("entry_comment", cast.mentor)) == len(letters("entry_comment", cast.colleague)) == 1


@pytest.mark.parametrize("how", ["removed", "ended", "withdrawn", "deleted"])
def test_entry_comment_is_not_sent_to_who_may_no_longer_read_it(cast, entry, how):
    share(entry, cast.mentorship)
    (comment,) = write(entry, cast.mentorship, cast.owner)
    if how == "removed":
        remove_comment(comment=comment, by=cast.owner, at=NOW)
    elif how == "ended":
        end_mentorship(mentorship=cast.mentorship, by=cast.owner, at=NOW)
    elif how == "withdrawn":
        share(entry)
    else:
        services.delete_entry(entry=entry, at=NOW)

    assert letters("entry_comment", cast.mentor) == [None]


def test_owner_still_hears_of_words_written_before_the_end(cast, entry):
    share(entry, cast.mentorship)
    write(entry, cast.mentorship, cast.mentor)
    end_mentorship(mentorship=cast.mentorship, by=cast.mentor, at=NOW)

    assert letters("entry_comment", cast.owner)[0] is not None
    assert EntryComment.objects.visible_to(cast.owner).exists()


def test_subject_with_a_hostile_name_stays_one_line(cast, entry):
    cast.owner.name = "Olive\r\nBcc: everyone@example.org"
    cast.owner.save()
    share(entry, cast.mentorship)

    (letter,) = letters("entry_shared", cast.mentor)

    assert "\n" not in letter.subject
    assert "\r" not in letter.subject


def test_entry_comment_asks_one_question(cast, entry, django_assert_num_queries):
    share(entry, cast.mentorship)
    write(entry, cast.mentorship, cast.mentor)
    message = Message.objects.with_recipient().get(kind="entry_comment")

    with django_assert_num_queries(1):
        assert entry_comment(message, now=NOW)
