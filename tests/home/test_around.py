"""What stands around a goal: the advice its owner keeps from the conversation about it."""

from datetime import UTC, date, datetime

import pytest

from home.around import links_around
from journal.models import EntryGoal
from mentors import services
from tests.factories.goals import GoalCommentFactory, GoalFactory, ProgressUpdateFactory
from tests.factories.journal import EntryFactory, ReflectionFactory
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


@pytest.mark.parametrize("viewer", ["mentor", "colleague"])
def test_what_is_kept_is_the_owners_alone(client, cast, viewer):
    comment = said(cast)
    comment.item.shared_with.add(cast.colleagueship)
    keep(cast, comment)
    client.force_login(getattr(cast, viewer))

    for headers in ({}, HTMX):
        text = text_of(client.get(f"/around/goal/{comment.item_id}/", headers=headers))
        assert "advice" not in text


def test_removed_words_are_no_advice_any_more(client, cast, owner):
    comment = said(cast)
    keep(cast, comment)
    comment.removed_at = NOW
    comment.save()

    text = text_of(client.get(f"/around/goal/{comment.item_id}/", headers=HTMX))

    assert "Ask fewer" not in text


def test_reflections_of_weeks_in_which_a_goal_moved_come_after_what_is_about_it(client, cast, owner):
    goal = GoalFactory(owner=cast.owner, shared_with=[cast.mentorship])
    ProgressUpdateFactory(goal=goal, happened_on=date(2026, 11, 3))
    own = {"owner": cast.owner}
    shown = ReflectionFactory(entry_on=date(2026, 11, 8), shared_with=[cast.mentorship], **own)
    ReflectionFactory(entry_on=date(2026, 11, 1), **own)  # of another week
    EntryGoal.objects.create(entry=EntryFactory(title="The canteen", entry_on=date(2026, 1, 5), **own), goal=goal)

    links = links_around("goal", goal, viewer=cast.owner)
    of_mentor = links_around("goal", goal, viewer=cast.mentor)

    written = [(link.title, link.about.partition(",")[0]) for link in links if link.icon == "journal-text"]
    moved = (shown.plain_name, "The reflection of a week in which it moved")
    assert written == [("The canteen", "You wrote about it"), moved]
    assert [(link.title, link.about) for link in of_mentor] == [moved]


@pytest.mark.parametrize("number", [1, 3])
def test_around_queries(client, cast, owner, number, django_assert_num_queries):
    goal = GoalFactory(owner=cast.owner, shared_with=[cast.mentorship])
    for each in range(number):
        keep(cast, said(cast, goal, f"Advice {each}"))
    client.get(f"/around/goal/{goal.pk}/", headers=HTMX)

    with django_assert_num_queries(7):
        client.get(f"/around/goal/{goal.pk}/", headers=HTMX)
