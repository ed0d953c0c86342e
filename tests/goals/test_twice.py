"""The same thing sent twice, by a second click without script or a reload, and what another tab took away meanwhile."""

from copy import copy
from datetime import date

import pytest

from core.versioned import StaleEdit
from goals import services
from goals.models import Goal, Milestone, Revision
from tests.factories.goals import NOW, GoalFactory, MilestoneFactory
from tests.goals.pages import page_of

pytestmark = pytest.mark.django_db


def edit_of(goal, **changes):
    days = {name: getattr(goal, name).isoformat() for name in ("starts_on", "due_on")}
    numbers = {"start_value": "0", "target_value": "12", "unit": "interviews", "measure": "number"}
    return {"title": goal.title, "why": goal.why, "version": str(goal.version), **numbers, **days} | changes


@pytest.fixture
def removed(cast, goal):
    """A milestone as this tab read it, before another took it away."""
    milestone = MilestoneFactory(goal=goal, title="Write the guide")
    services.remove_milestone(milestone=copy(milestone), by=cast.owner, at=NOW)
    return milestone


def test_milestone_is_removed_once(cast, goal, removed):
    services.remove_milestone(milestone=removed, by=cast.owner, at=NOW)

    assert Revision.objects.count() == 1


def test_milestone_that_is_gone_is_a_stale_edit(cast, goal, removed):
    before, removed.title = copy(removed), "Write the short guide"

    with pytest.raises(StaleEdit):
        services.change_milestone(milestone=removed, before=before, by=cast.owner, at=NOW)
    with pytest.raises(StaleEdit):
        services.tick_milestone(milestone=removed, is_done=True, by=cast.owner, at=NOW)

    assert Revision.objects.count() == 1


@pytest.mark.parametrize("state", [{}, {"draft": True}], ids=["on the way", "draft"])
def test_milestone_sent_twice_is_added_once(as_, cast, state):
    goal, owner = GoalFactory(owner=cast.owner, **state), as_("owner")

    for _ in range(2):
        response = owner.post(f"/goals/{goal.pk}/milestones/new/", {"title": "Write the guide"})
        assert response.headers["Location"] == goal.get_absolute_url()

    assert Milestone.objects.count() == 1
    owner.post(f"/goals/{goal.pk}/milestones/new/", {"title": "Write the guide", "due_on": "2199-01-01"})
    assert Milestone.objects.count() == 2


def test_milestone_of_the_same_words_may_come_again_later(as_, goal):
    MilestoneFactory(goal=goal, title="One more interview", due_on=None, position=9)

    as_("owner").post(f"/goals/{goal.pk}/milestones/new/", {"title": "One more interview"})

    assert Milestone.objects.count() == 2


def test_two_lines_of_the_same_words_in_one_form_are_two_milestones(as_, goal):
    lines = {"rows": "2", "new0-title": "One more interview", "new1-title": "One more interview"}

    as_("owner").post(f"/goals/{goal.pk}/edit/", edit_of(goal) | lines)

    assert Milestone.objects.count() == 2


def test_edit_sent_twice_is_saved_once(as_, goal):
    step, gone = MilestoneFactory(goal=goal, title="The guide"), MilestoneFactory(goal=goal, title="The leaflet")
    owner = as_("owner")
    sent = edit_of(goal, title="Run 12 long interviews") | {"rows": "1", "new0-title": "A dry run"}
    sent |= {f"m{step.pk}-title": "The short guide", f"m{gone.pk}-title": "The leaflet", f"m{gone.pk}-remove": "on"}

    first, second = (owner.post(f"/goals/{goal.pk}/edit/", sent) for _ in range(2))

    assert first.headers["Location"] == second.headers["Location"] == goal.get_absolute_url()
    assert [each.title for each in goal.milestones.all()] == ["The short guide", "A dry run"]
    assert sorted(Revision.objects.values_list("field", flat=True)) == ["milestone"] * 3 + ["title"]


@pytest.mark.parametrize("other", ["title", "milestone", "kept"])
def test_edit_that_differs_in_anything_still_shows_both_versions(as_, cast, goal, other):
    step, owner = MilestoneFactory(goal=goal, title="The guide"), as_("owner")
    sent = edit_of(goal, title="Run 12 long interviews") | {f"m{step.pk}-title": "The guide"}
    owner.post(f"/goals/{goal.pk}/edit/", sent)
    if other == "milestone":
        services.add_milestone(goal=goal, milestone=Milestone(title="From another tab"), by=cast.owner, at=NOW)
    sent |= {"title": {"title": "Mine"}, "milestone": {}, "kept": {f"m{step.pk}-remove": "on"}}[other]

    response = owner.post(f"/goals/{goal.pk}/edit/", sent)

    assert response.status_code == 409
    assert Goal.objects.get().title == "Run 12 long interviews"
    assert Milestone.objects.filter(pk=step.pk).exists()


def test_draft_kept_in_another_tab_is_not_taken_for_one_that_was_started(as_, cast):
    draft, owner = GoalFactory(owner=cast.owner, draft=True), as_("owner")
    sent = edit_of(GoalFactory.build(due_on=date(2199, 1, 1), starts_on=date(2198, 1, 1)))
    owner.post(f"/goals/{draft.pk}/edit/", sent | {"draft": ""})

    response = owner.post(f"/goals/{draft.pk}/edit/", sent)

    assert response.status_code == 409
    assert Goal.objects.get().is_draft


def test_goal_is_deleted_twice_and_can_be_brought_back(as_, goal):
    owner = as_("owner")

    first, second = (owner.post(f"/goals/{goal.pk}/delete/") for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]
    assert f"/goals/{goal.pk}/restore/" in page_of(owner.get(second.headers["Location"]))
