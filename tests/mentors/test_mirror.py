"""What waits for a mentee from their mentors, and what a mentor promised."""

from datetime import UTC, datetime, timedelta

import pytest

from mentors import desk, mirror
from sharing.services import end_mentorship
from tests.factories.giving import IntroductionFactory
from tests.factories.goals import GoalCommentFactory, GoalFactory, SuggestionFactory
from tests.factories.journal import EntryCommentFactory, EntryFactory
from tests.factories.mentors import ActionFactory, CheckInFactory
from tests.factories.wins import WinCommentFactory, WinFactory
from tests.mentors.pages import text_of

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)


def said(cast, goal, by="mentor", *, days=1, **fields):
    at, author = NOW - timedelta(days=days), getattr(cast, by)
    return GoalCommentFactory(item=goal, mentorship=cast.mentorship, author=author, created_at=at, **fields)


@pytest.fixture
def goal(cast):
    return GoalFactory(owner=cast.owner, title="Learn to say no", shared_with=[cast.mentorship])


def titles(user):
    return [row.title for row in mirror.waiting_for(user, now=NOW)]


def test_page_lists_all_of_it_oldest_first(client, cast, goal):
    said(cast, goal, text="What would <b>happen</b>?", days=3)
    other = GoalFactory(owner=cast.owner, title="Lead", shared_with=[cast.mentorship])
    at = NOW - timedelta(days=2)
    SuggestionFactory(comment__item=other, comment__mentorship=cast.mentorship, comment__created_at=at)
    entry = EntryFactory(owner=cast.owner, shared_with=[cast.mentorship])
    EntryCommentFactory(item=entry, mentorship=cast.mentorship, author=cast.mentor, created_at=NOW - timedelta(days=1))
    win = WinFactory(owner=cast.owner, text="Spoke up in the canteen.", shared_with=[cast.mentorship])
    WinCommentFactory(item=win, mentorship=cast.mentorship, created_at=NOW - timedelta(hours=9))
    IntroductionFactory(mentorship=cast.mentorship)
    held = CheckInFactory(mentorship=cast.mentorship, held=True)
    ActionFactory(check_in=held, owner=cast.owner, text="Send one page of notes")
    ActionFactory(check_in=held, owner=cast.mentor, text="Lend the book")
    client.force_login(cast.owner)

    text = text_of(client.get("/mentors/"))

    for title in (
        "Mina wrote to you about Learn to say no",
        "Mina suggested something about Lead",
        "Mina wrote to you about your entry of",
        "Mina wrote to you about “Spoke up in the canteen.”",
        f'href="/wins/{win.pk}/#comment-',
        "Mina would like you to meet Hannah Weiss, runs a research team",
        "Send one page of notes",
    ):
        assert title in text
    assert "Lend the book" not in text
    assert "<b>happen" not in text
    assert len(titles(cast.owner)) == 6
    assert not titles(cast.mentor)


@pytest.mark.parametrize("what", ["answered", "thanked", "removed", "old", "withdrawn relation", "goal gone"])
def test_what_settles_an_answer(cast, goal, what):
    comment = said(cast, goal)
    assert titles(cast.owner)
    if what == "answered":
        said(cast, goal, "owner", days=0)
    elif what == "thanked":
        comment.thank(at=NOW)
    elif what == "removed":
        type(comment).objects.update(removed_at=NOW, text="")
    elif what == "old":
        type(comment).objects.update(created_at=NOW - timedelta(days=29))
    elif what == "goal gone":
        goal.put_in_bin(at=NOW)
    else:
        end_mentorship(mentorship=cast.mentorship, by=cast.owner, at=NOW)

    assert not titles(cast.owner)


def test_an_answered_suggestion_and_one_about_a_closed_goal_wait_no_longer(cast, goal):
    at = NOW - timedelta(days=1)
    suggestion = SuggestionFactory(comment__item=goal, comment__mentorship=cast.mentorship, comment__created_at=at)
    assert titles(cast.owner) == ["Mina suggested something about Learn to say no"]

    suggestion.answer("declined", at=NOW)

    assert not titles(cast.owner)


def test_promises_on_the_mentors_desk(client, cast):
    held = CheckInFactory(mentorship=cast.mentorship, held=True)
    ActionFactory(check_in=held, owner=cast.mentor, text="Lend the book", due_on=NOW.date())
    ActionFactory(check_in=held, owner=cast.mentor, text="Not yet", due_on=NOW.date() + timedelta(days=2))
    ActionFactory(check_in=held, owner=cast.owner, text="Send one page of notes")
    done = ActionFactory(check_in=held, owner=cast.mentor, text="Done already")
    type(done).objects.filter(pk=done.pk).update(done_at=NOW)
    client.force_login(cast.mentor)

    text = text_of(client.get("/mentees/"))

    assert [need.title for need in desk.lay_desk(cast.mentor, now=NOW).needs] == ["You promised Olive: Lend the book"]
    assert "You promised Olive: Lend the book" in text
    for other in ("Send one page of notes", "Done already", "Not yet"):
        assert other not in text
    cast.mentorship.paused_until = NOW.date() + timedelta(days=9)
    cast.mentorship.save()
    assert not desk.lay_desk(cast.mentor, now=NOW).needs


@pytest.mark.parametrize("number", [1, 3])
def test_one_query(cast, number, django_assert_num_queries):
    for _ in range(number):
        said(cast, GoalFactory(owner=cast.owner, shared_with=[cast.mentorship]))
    titles(cast.owner)

    with django_assert_num_queries(1):
        assert len(titles(cast.owner)) == number
