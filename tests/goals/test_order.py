"""Milestones and tasks: the two kinds, their order, undoing a tick, and what was said about them."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from goals import services
from goals.models import Goal, Milestone
from goals.services import MAX_MILESTONES
from tests.factories.goals import NOW, GoalCommentFactory, GoalFactory, MilestoneFactory
from tests.goals.pages import HTMX, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def goal(cast):
    return GoalFactory(owner=cast.owner, shared_with=[cast.mentorship, cast.colleagueship])


@pytest.fixture
def steps(goal):
    return [MilestoneFactory(goal=goal, title=title, position=0) for title in "abcde"]


def order(goal):
    return "".join(goal.milestones.values_list("title", flat=True))


def move(cast, milestone, **where):
    return services.move_milestone(milestone=milestone, by=cast.owner, at=NOW, **where)


@pytest.mark.parametrize(
    ("which", "where", "result", "place"),
    [
        (1, {"step": -1}, "bacde", 1),
        (1, {"step": 1}, "acbde", 3),
        (0, {"step": -1}, "abcde", 1),
        (4, {"step": 1}, "abcde", 5),
        (4, {"before": 0}, "eabcd", 1),
        (0, {"before": 4}, "bcdae", 4),
        (0, {"before": None}, "bcdea", 5),
        (2, {"before": 2}, "abcde", 3),
    ],
)
def test_move(cast, goal, steps, which, where, result, place):
    if "before" in where:
        where = {"before": 0 if where["before"] is None else steps[where["before"]].pk}

    assert move(cast, steps[which], **where) == (place, 5)
    assert order(goal) == result


def test_move_is_about_neighbours_so_that_other_tabs_change_nothing_about_it(cast, goal, steps):
    services.remove_milestone(milestone=steps[1], by=cast.owner, at=NOW)
    services.add_milestone(goal=goal, milestone=Milestone(title="f"), by=cast.owner, at=NOW)

    assert move(cast, steps[4], before=steps[2].pk) == (2, 5)
    assert order(goal) == "aecdf"


def test_move_in_front_of_what_is_gone_moves_nothing(cast, goal, steps):
    services.remove_milestone(milestone=steps[1], by=cast.owner, at=NOW)

    for step, where in ((steps[4], {"before": steps[1].pk or 10**9}), (steps[0], {"before": 10**12})):
        with pytest.raises(ValidationError, match="no longer on the list"):
            move(cast, step, **where)
    assert order(goal) == "acde"


def test_only_the_owner_moves(cast, steps):
    with pytest.raises(PermissionDenied):
        services.move_milestone(milestone=steps[0], by=cast.mentor, at=NOW, step=1)


def test_sixty_are_moved_in_few_queries(cast, goal, django_assert_max_num_queries):
    steps = MilestoneFactory.create_batch(MAX_MILESTONES, goal=goal)

    with django_assert_max_num_queries(6):
        assert move(cast, steps[0], before=0) == (60, 60)


def test_order_by_button_without_script(as_, goal, steps):
    response = as_("owner").post(f"/goals/milestones/{steps[1].pk}/order/", {"step": "-1"}, follow=True)

    page = page_of(response)
    assert response.redirect_chain[0][0] == f"/goals/{goal.pk}/?order=1#milestone-{steps[1].pk}"
    assert "Moved to 1 of 5" in page
    assert 'id="milestone-order" checked' in page
    assert order(goal) == "bacde"


def test_order_by_htmx_draws_the_list_and_says_where_it_is(as_, goal, steps):
    response = as_("owner").post(f"/goals/milestones/{steps[4].pk}/order/", {"before": steps[0].pk}, headers=HTMX)

    page = page_of(response)
    assert 'id="_goal_milestones"' in page
    assert '<p id="milestones-said" hx-swap-oob="innerHTML">Moved to 1 of 5</p>' in page
    assert page.index(f'id="milestone-{steps[4].pk}"') < page.index(f'id="milestone-{steps[0].pk}"')


@pytest.mark.parametrize("data", [{}, {"step": "7"}, {"step": "x"}, {"before": "x"}, {"before": "9" * 30}])
def test_nonsense_moves_nothing(as_, goal, steps, data):
    assert as_("owner").post(f"/goals/milestones/{steps[1].pk}/order/", data).status_code == 302
    assert order(goal) == "abcde"


def test_move_leaves_an_open_edit_form_valid(cast, goal, steps):
    version = Goal.objects.get().version
    move(cast, steps[0], step=1)

    assert Goal.objects.get().version == version


def test_task_is_added_and_has_a_round_ring(as_, goal):
    owner = as_("owner")
    page = page_of(owner.get(f"/goals/{goal.pk}/milestones/new/"))
    assert 'value="task"' in page

    page = page_of(owner.post(f"/goals/{goal.pk}/milestones/new/", {"kind": "task", "title": "Call"}, follow=True))

    step = goal.milestones.get()
    assert step.is_task
    assert "Task added" in page
    assert "Milestones and tasks" in page
    assert f'class="tick" id="tick-{step.pk}"' in page
    assert 'aria-label="Done: Call"' in page


def test_task_at_a_number_comes_back_as_typed(as_, goal):
    data = {"kind": "task", "title": "Call", "at_value": "3"}
    response = as_("owner").post(f"/goals/{goal.pk}/milestones/new/", data)

    assert response.status_code == 422
    assert "Only a milestone lies at a number." in page_of(response)
    assert 'value="3"' in page_of(response)
    assert not goal.milestones.exists()


def test_unknown_kind_is_refused_and_none_stays_what_it_is(as_, goal):
    task = MilestoneFactory(goal=goal, kind="task")
    owner, url = as_("owner"), f"/goals/milestones/{task.pk}/edit/"

    assert owner.post(url, {"title": "A", "kind": "thing"}).status_code == 422
    assert owner.post(url, {"title": "B"}).status_code == 302
    task.refresh_from_db()
    assert (task.title, task.kind) == ("B", "task")
    owner.post(url, {"title": "B", "kind": "milestone"})
    task.refresh_from_db()
    assert not task.is_task


def test_only_milestones_are_counted(as_, goal):
    MilestoneFactory(goal=goal, done=True)
    MilestoneFactory(goal=goal)
    MilestoneFactory.create_batch(2, goal=goal, kind="task", done=True)

    assert "1 of 2 milestones" in page_of(as_("mentor").get(f"/goals/{goal.pk}/"))


@pytest.mark.parametrize(("kind", "said"), [("task", "Task done"), ("milestone", "Milestone reached")])
def test_tick_can_be_undone_from_the_toast(as_, goal, kind, said):
    step = MilestoneFactory(goal=goal, kind=kind)
    owner, url = as_("owner"), f"/goals/milestones/{step.pk}/tick/"

    page = page_of(owner.post(url, {"done": "1"}, follow=True))

    assert said in page
    assert f'action="{url}"' in page
    owner.post(url)
    step.refresh_from_db()
    assert step.done_at is None
    owner.post(f"{url}?done=1")
    step.refresh_from_db()
    assert step.done_at is not None


def test_comments_are_counted_at_their_milestone_for_those_who_may_read_them(as_, cast, goal):
    step = MilestoneFactory(goal=goal, title="Guide", due_on=date(2026, 4, 3))
    MilestoneFactory(goal=goal, title="Nobody wrote about this")
    GoalCommentFactory(item=goal, mentorship=cast.mentorship, milestone=step)
    GoalCommentFactory(item=goal, mentorship=cast.mentorship, milestone=step, text="", removed_at=NOW)
    services.comment_on_goal(
        goal=goal,
        mentorships=[cast.mentorship, cast.colleagueship],
        by=cast.owner,
        text="To both",
        at=timezone.now() - timedelta(hours=1),
        milestone=step,
    )

    for name, said in (("owner", "2 comments"), ("mentor", "2 comments"), ("colleague", "1 comment")):
        page = page_of(as_(name).get(f"/goals/{goal.pk}/"))
        assert page.count('<a href="#conversation">') == 1
        assert f'<a href="#conversation">{said}<span class="visually-hidden"> on Guide' in page
