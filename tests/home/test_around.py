"""What stands around a goal: the advice its owner keeps from the conversation about it."""

from datetime import UTC, datetime

import pytest

from mentors import services
from mentors.models import Advice
from tests.factories.goals import GoalCommentFactory, GoalFactory
from tests.mentors.pages import text_of

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
HTMX = {"HX-Request": "true"}


def said(cast, goal=None, text="Ask fewer questions."):
    goal = goal or GoalFactory(owner=cast.owner, shared_with=[cast.mentorship])
    return GoalCommentFactory(item=goal, mentorship=cast.mentorship, author=cast.mentor, text=text)


def keep(cast, comment):
    return services.keep_comment(comment=comment, by=cast.owner, now=NOW)


def test_kept_advice_stands_around_the_goal_with_what_came_of_it(client, cast, owner):
    advice = keep(cast, said(cast))
    advice.mark("worked", at=NOW)

    text = text_of(client.get(f"/around/goal/{advice.comment.item_id}/"))

    assert "Ask fewer questions." in text
    assert f"Advice you keep, from {cast.mentor}. Worked" in text
    assert f"/mentorships/{cast.mentorship.pk}/advice/#advice-{advice.pk}" in text


def test_the_conversation_shows_what_is_kept_already(client, cast, owner):
    kept = said(cast)
    other = said(cast, kept.item, "Count the silences.")
    advice = keep(cast, kept)

    page = text_of(client.get(f"/goals/{kept.item_id}/"))
    part = text_of(client.get(f"/around/goal/{kept.item_id}/?said={kept.pk}.{other.pk}.", headers=HTMX))

    assert f"/around/goal/{kept.item_id}/?said={kept.pk}.{other.pk}." in page
    assert f'id="keep-{kept.pk}"' in page
    assert f'id="keep-{kept.pk}" href="{advice.get_absolute_url()}" hx-swap-oob="true"' in part
    assert f"keep-{other.pk}" not in part


def test_keeping_without_leaving_the_page(client, cast, owner):
    comment = said(cast)

    part = text_of(client.post(f"/mentorships/{cast.mentorship.pk}/advice/comments/{comment.pk}/", headers=HTMX))

    advice = Advice.objects.get()
    assert part.strip().startswith("<a ")
    assert f'id="keep-{comment.pk}" href="{advice.get_absolute_url()}"' in part
    assert "Kept as advice" in part


@pytest.mark.parametrize("viewer", ["mentor", "colleague"])
def test_what_is_kept_is_the_owners_alone(client, cast, viewer):
    comment = said(cast)
    comment.item.shared_with.add(cast.colleagueship)
    keep(cast, comment)
    client.force_login(getattr(cast, viewer))

    for headers in ({}, HTMX):
        text = text_of(client.get(f"/around/goal/{comment.item_id}/?said={comment.pk}.", headers=headers))
        assert "advice" not in text


def test_removed_words_are_no_advice_any_more(client, cast, owner):
    comment = said(cast)
    keep(cast, comment)
    comment.removed_at = NOW
    comment.save()

    text = text_of(client.get(f"/around/goal/{comment.item_id}/?said={comment.pk}.", headers=HTMX))

    assert "Ask fewer" not in text
    assert "Kept as advice" not in text


@pytest.mark.parametrize("value", ["", "x", "-1", "1e9", "9" * 400, "." * 500, "1." * 2000])
def test_bad_keys_of_comments_are_left_out(client, cast, owner, value):
    goal = said(cast).item

    assert client.get(f"/around/goal/{goal.pk}/", {"said": value}, headers=HTMX).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_around_queries(client, cast, owner, number, django_assert_num_queries):
    goal = GoalFactory(owner=cast.owner, shared_with=[cast.mentorship])
    comments = [said(cast, goal, f"Advice {each}") for each in range(number)]
    for comment in comments:
        keep(cast, comment)
    keys = ".".join(str(comment.pk) for comment in comments)
    client.get(f"/around/goal/{goal.pk}/", headers=HTMX)

    with django_assert_num_queries(9):
        client.get(f"/around/goal/{goal.pk}/?said={keys}", headers=HTMX)
