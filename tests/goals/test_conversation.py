from datetime import timedelta

import pytest
from django.utils import timezone

from goals.models import Goal, GoalComment
from mail.models import Message
from tests.factories.goals import (
    GoalCommentFactory,
    GoalFactory,
)
from tests.factories.sharing import MentorshipFactory
from tests.goals.pages import HTMX, page_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("verb", ["edit", "remove"])
def test_former_mentor_cannot_touch_their_own_comment(as_, cast, goal, verb):
    comment = GoalCommentFactory(item=goal, mentorship=cast.mentorship, text="Words of then")
    mentor = as_("mentor")
    cast.mentorship.end(at=timezone.now())

    response = mentor.post(f"/goals/comments/{comment.pk}/{verb}/", {"text": "Rewritten"})

    assert response.status_code == 404
    comment.refresh_from_db()
    assert (comment.text, comment.removed_at) == ("Words of then", None)


def test_reader_writes_and_owner_answers_and_each_gets_a_mail(as_, cast, goal):
    response = as_("mentor").post(f"/goals/{goal.pk}/comments/new/", {"text": "**Five** in"}, headers=HTMX)
    assert "<strong>Five</strong>" in page_of(response)
    assert "Sent to Olive" in response.headers["HX-Trigger"]

    response = as_("owner").post(f"/goals/{goal.pk}/comments/new/", {"text": "Thank you", "to": cast.mentorship.pk})
    assert response.headers["Location"] == f"/goals/{goal.pk}/#conversation"

    assert [row.author for row in GoalComment.objects.order_by("pk")] == [cast.mentor, cast.owner]
    assert [row.user for row in Message.objects.order_by("pk")] == [cast.owner, cast.mentor]


def test_owner_writes_to_one_or_to_all_and_each_sees_their_own(as_, cast, goal):
    goal.shared_with.add(cast.colleagueship)
    owner = as_("owner")
    shown = f"{cast.mentorship.pk},{cast.colleagueship.pk}"
    assert f'name="shown" value="{shown}"' in page_of(owner.get(f"/goals/{goal.pk}/"))
    owner.post(f"/goals/{goal.pk}/comments/new/", {"text": "For Cora", "to": cast.colleagueship.pk})
    owner.post(f"/goals/{goal.pk}/comments/new/", {"text": "For everyone", "to": "all", "shown": shown})
    page = page_of(owner.get(f"/goals/{goal.pk}/"))
    assert page.count("For everyone") == 1

    mentors_page = page_of(as_("mentor").get(f"/goals/{goal.pk}/"))
    assert "For everyone" in mentors_page
    assert "For Cora" not in mentors_page


@pytest.mark.parametrize("to", ["former_mentorship", "second_mentorship", "x"])
def test_owner_cannot_write_to_anybody_else(as_, cast, goal, to):
    goal.shared_with.add(cast.colleagueship)
    relation = getattr(cast, to, None)

    response = as_("owner").post(
        f"/goals/{goal.pk}/comments/new/", {"text": "Hello", "to": relation.pk if relation else to}
    )

    assert response.status_code == 422
    assert not GoalComment.objects.exists()


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
@pytest.mark.parametrize("to", ["mentorship", "all", "", None])
def test_words_never_go_to_a_reader_who_was_not_on_the_page(as_, cast, goal, to, headers):
    owner = as_("owner")
    assert f'type="hidden" name="to" value="{cast.mentorship.pk}"' in page_of(owner.get(f"/goals/{goal.pk}/"))
    goal.shared_with.set([cast.colleagueship])
    data = {"text": "Only for Mina", "shown": cast.mentorship.pk}
    if to is not None:
        data["to"] = cast.mentorship.pk if to == "mentorship" else to

    response = owner.post(f"/goals/{goal.pk}/comments/new/", data, headers=headers)
    page = page_of(response)

    assert response.status_code == 422
    assert "Only for Mina" in page
    assert "hoose " in page
    assert '<option value="" selected>' in page  # sending again without a look goes to nobody
    assert not GoalComment.objects.exists()


def test_words_for_all_reach_those_the_page_named_and_nobody_who_came_since(as_, cast, goal):
    third = MentorshipFactory(mentee=cast.owner)
    goal.shared_with.set([cast.mentorship, cast.colleagueship, third])
    shown = f"{cast.mentorship.pk},{cast.colleagueship.pk}"

    as_("owner").post(f"/goals/{goal.pk}/comments/new/", {"text": "You two", "to": "all", "shown": shown})

    assert {row.mentorship for row in GoalComment.objects.all()} == {cast.mentorship, cast.colleagueship}


def test_words_come_back_when_nobody_reads_any_more(as_, goal):
    goal.shared_with.clear()

    response = as_("owner").post(f"/goals/{goal.pk}/comments/new/", {"text": "My words", "to": "1"})

    assert response.status_code == 422
    assert "My words" in page_of(response)
    assert "Nobody reads this with you now" in page_of(response)


def test_open_threads_are_read_by_all(as_, cast, goal):
    goal.shared_with.add(cast.colleagueship)
    GoalCommentFactory(item=goal, mentorship=cast.mentorship, text="Mina said this")
    assert "Mina said this" not in page_of(as_("colleague").get(f"/goals/{goal.pk}/"))

    Goal.objects.update(threads_open=True)

    assert "Mina said this" in page_of(as_("colleague").get(f"/goals/{goal.pk}/"))


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "x" * 10_001, "x" * 50_000])
def test_odd_comments_are_refused_with_a_word(as_, goal, text):
    for headers in ({}, HTMX):
        response = as_("mentor").post(f"/goals/{goal.pk}/comments/new/", {"text": text}, headers=headers)
        assert response.status_code == 422
    assert not GoalComment.objects.exists()


def test_comment_with_nul_is_no_crash(as_, goal):
    assert as_("mentor").post(f"/goals/{goal.pk}/comments/new/", {"text": "a\x00b"}).status_code in {302, 422}


def test_comment_html_is_shown_as_text(as_, cast, goal):
    GoalCommentFactory(
        item=goal,
        mentorship=cast.mentorship,
        text='<script>alert(1)</script> <b hx-get="/x">b</b> [x](javascript:alert(1)) ![i](http://x/y.png)',
    )

    page = page_of(as_("owner").get(f"/goals/{goal.pk}/"))

    assert "<script>alert" not in page
    assert "<b hx-get" not in page
    assert 'href="javascript' not in page
    assert "<img" not in page


def test_late_edit_is_marked_and_removal_leaves_a_trace(as_, cast, goal):
    comment = GoalCommentFactory(item=goal, mentorship=cast.mentorship, text="First words")
    mentor = as_("mentor")
    form = page_of(mentor.get(f"/goals/comments/{comment.pk}/edit/", headers=HTMX))
    assert "First words" in form

    response = mentor.post(f"/goals/comments/{comment.pk}/edit/", {"text": "Second words"}, headers=HTMX)
    assert ", edited" in page_of(response)

    as_("owner").post(f"/goals/comments/{comment.pk}/remove/")
    page = page_of(as_("mentor").get(f"/goals/{goal.pk}/"))
    assert "Removed by Olive Owner." in page
    assert "Second words" not in page


def test_long_conversation_is_shown_in_parts(as_, cast, goal):
    for number in range(25):
        GoalCommentFactory(
            item=goal,
            mentorship=cast.mentorship,
            text=f"Comment no. {number}.",
            created_at=timezone.now() - timedelta(hours=50 - number),
        )
    owner = as_("owner")

    response = owner.get(f"/goals/{goal.pk}/")
    earlier = owner.get(f"/goals/{goal.pk}/?earlier={response.context['talk'].earlier}")

    assert "Comment no. 24." in page_of(response)
    assert "Comment no. 3." not in page_of(response)
    assert "Comment no. 3." in page_of(earlier)


def test_shared_draft_promises_no_conversation_yet(as_, cast):
    draft = GoalFactory(owner=cast.owner, draft=True, shared_with=[cast.mentorship])
    owner = as_("owner")

    page = page_of(owner.get(f"/goals/{draft.pk}/"))
    response = owner.post(f"/goals/{draft.pk}/comments/new/", {"text": "My words", "to": cast.mentorship.pk})

    assert "gets an email" not in page
    assert "comments/new/" not in page
    assert "You and Mina can see this" not in page
    assert "Only you, until you start it" in page
    assert response.status_code == 422
    assert "My words" in page_of(response)
    assert not GoalComment.objects.exists()
