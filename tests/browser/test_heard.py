"""Pages as somebody hears them who moves from button to button: each says by its name what it is for."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalCommentFactory, GoalFactory
from tests.factories.journal import EntryFactory
from tests.factories.sharing import MentorshipFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def relation():
    return MentorshipFactory(mentee=UserFactory(name="Amara Osei"), mentor__name="Ruth Lindqvist")


@pytest.fixture
def heard(page, sign_in, live_server, relation):
    """`heard(path)`: role, name and level of what the tree of this page holds for its mentee's screen reader."""

    def heard(path):
        sign_in(page, relation.mentee)
        page.goto(f"{live_server.url}{path}")
        nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
        return [
            (
                node["role"]["value"],
                node["name"]["value"],
                {p["name"]: p["value"].get("value") for p in node["properties"]},
            )
            for node in nodes
            if not node["ignored"] and "name" in node and "properties" in node
        ]

    return heard


def twice(tree, *roles):
    counted = Counter(name for role, name, _ in tree if role in roles)
    return [name for name, times in counted.items() if times > 1]


def levels(tree):
    return [properties["level"] for role, _, properties in tree if role == "heading"]


def test_stars_in_the_journal_say_what_they_are_on(heard, relation):
    for title in ("A word I like", "On the train"):
        EntryFactory(owner=relation.mentee, title=title, kind="note")

    tree = heard("/journal/")

    assert twice(tree, "button") == []
    assert "Star A word I like" in [name for _, name, _ in tree]
    assert all(after - before <= 1 for before, after in zip(levels(tree), levels(tree)[1:], strict=False))
    assert levels(tree).count(4) == 2, "entries stand below their month"


def test_ways_on_say_whose_date_they_move(heard, relation):
    today = timezone.now().date()
    for title in ("Run 12 interviews", "Learn to say no"):
        GoalFactory(
            owner=relation.mentee, title=title, starts_on=today - timedelta(days=30), due_on=today - timedelta(days=3)
        )

    tree = heard("/goals/")

    assert twice(tree, "button", "link") == []
    moves = [name for role, name, _ in tree if role == "link" and name.startswith("Move the date")]
    assert sorted(name.split(": ")[1] for name in moves) == ["Learn to say no", "Run 12 interviews"]


def test_what_can_be_done_with_a_comment_says_with_which(heard, relation):
    goal = GoalFactory(owner=relation.mentee, shared_with=[relation])
    for hour in (1, 2):
        for author in (relation.mentor, relation.mentee):
            comment = GoalCommentFactory(item=goal, mentorship=relation, author=author)
            type(comment).objects.filter(pk=comment.pk).update(
                created_at=timezone.now() - timedelta(days=1, hours=hour)
            )

    tree = heard(goal.get_absolute_url())

    assert twice(tree, "button", "article") == []
    assert [name for role, name, _ in tree if role == "article" and name.startswith("Ruth Lindqvist")]
