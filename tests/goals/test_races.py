"""Two people, or two tabs, at one goal at the same moment: real threads on the real database."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from core.versioned import StaleEdit
from goals import services
from goals.models import Goal, GoalComment, Milestone, Revision, Suggestion
from goals.services.history import locked
from mail.models import Message
from tests.factories.goals import NOW, GoalFactory
from tests.factories.sharing import MentorshipFactory
from tests.goals.suggestions import propose
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


@pytest.fixture
def cast():
    """A mentee and a mentor; the whole cast is more than these tests need."""
    mentorship = MentorshipFactory()
    return type("Cast", (), {"owner": mentorship.mentee, "mentor": mentorship.mentor, "mentorship": mentorship})


@pytest.fixture
def goal(cast):
    return GoalFactory(owner=cast.owner, title="Run 12 user interviews", shared_with=[cast.mentorship])


def taking_up(suggestion, cast):
    """Take it up as another request would: with rows of its own."""
    was = services.was_of(suggestion, suggestion.comment.item)

    def accept():
        mine = Suggestion.objects.with_comment().get(pk=suggestion.pk)
        return services.accept_suggestion(suggestion=mine, was=was, by=cast.owner, at=NOW)

    return accept


@pytest.mark.parametrize("kind", ["title", "milestone"])
@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_accepts_of_one_suggestion(cast, goal, kind, _):
    accept = taking_up(propose(goal, cast, kind), cast)

    answers = at_once(accept, accept)

    assert sorted(answers) == [False, True]
    assert Revision.objects.count() == 1
    assert Milestone.objects.count() == (kind == "milestone")
    assert Message.objects.filter(kind="suggestion_taken").count() == 1


@pytest.mark.parametrize("_", range(ROUNDS))
def test_accept_while_the_mentor_takes_it_back(cast, goal, _):
    suggestion = propose(goal, cast)

    def take_back():
        mine = GoalComment.objects.get(pk=suggestion.comment_id)
        services.remove_comment(comment=mine, by=cast.mentor, at=NOW)

    accepted, taken_back = at_once(taking_up(suggestion, cast), take_back)

    goal.refresh_from_db()
    assert taken_back is None
    assert not Suggestion.objects.exists()
    if accepted is True:
        assert goal.title == "Run 12 interviews with receptionists"
    else:
        assert isinstance(accepted, (ValidationError, Suggestion.DoesNotExist))
        assert (goal.title, Revision.objects.count(), Message.objects.count()) == ("Run 12 user interviews", 0, 0)


@pytest.mark.parametrize("_", range(ROUNDS))
def test_accept_while_the_goal_is_edited(cast, goal, _):
    accept = taking_up(propose(goal, cast), cast)

    def edit():
        mine, before = Goal.objects.get(pk=goal.pk), Goal.objects.get(pk=goal.pk)
        mine.title = "Run 8 user interviews"
        return services.change_goal(
            goal=mine, before=before, expected=goal.version, reason="Enough", by=cast.owner, at=NOW
        )

    accepted, edited = at_once(accept, edit)

    goal.refresh_from_db()
    assert Revision.objects.count() == 1
    if isinstance(edited, Goal):
        assert (accepted.code, goal.title) == ("stale", "Run 8 user interviews")
        assert Suggestion.objects.get().is_open
    else:
        assert isinstance(edited, StaleEdit)
        assert (accepted, goal.title) == (True, "Run 12 interviews with receptionists")


def test_showing_a_goal_while_its_reader_writes(cast, goal):
    """The one holds the goal and wants the relation, the other holds the relation and names the goal."""

    def write():
        try:
            mine = Goal.objects.get(pk=goal.pk)
            services.comment_on_goal(goal=mine, mentorships=[cast.mentorship], by=cast.mentor, text="Hello", at=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            locked(goal, cast.owner)  # where share_goal begins
            writing = pool.submit(write)
            sleep(0.3)
            services.share_goal(goal=goal, mentorships=[cast.mentorship], by=cast.owner)
        writing.result(timeout=10)

    assert GoalComment.objects.count() == 1


def test_new_goal_is_shown_while_its_reader_writes_about_another(cast, goal):
    """The one holds its owner and wants the relation, the other holds the relation and writes its owner a mail."""

    def write():
        try:
            mine = Goal.objects.get(pk=goal.pk)
            services.comment_on_goal(goal=mine, mentorships=[cast.mentorship], by=cast.mentor, text="Hello", at=NOW)
        finally:
            connection.close()

    def share_late(**kwargs):
        writing.append(pool.submit(write))
        sleep(0.3)
        return share(**kwargs)

    writing, share = [], services.goal.share_goal
    new = GoalFactory.build(owner=cast.owner, title="Another")
    with ThreadPoolExecutor(1) as pool, pytest.MonkeyPatch.context() as patch:
        patch.setattr(services.goal, "share_goal", share_late)
        services.add_goal(goal=new, by=cast.owner, at=NOW, readers=[cast.mentorship])
        writing[0].result(timeout=10)

    assert GoalComment.objects.count() == 1
    assert Goal.objects.count() == 2
