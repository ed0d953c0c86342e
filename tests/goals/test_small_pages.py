from datetime import date, timedelta
from decimal import Decimal

import pytest

from goals.models import Goal, Milestone, ProgressUpdate, Revision
from tests.factories.goals import (
    GoalFactory,
    MilestoneFactory,
    ProgressUpdateFactory,
)
from tests.goals.pages import HTMX, page_of

pytestmark = pytest.mark.django_db


def test_logging_swaps_the_parts_that_change(as_, goal):
    MilestoneFactory(goal=goal, at_value=3, title="3 interviews done")

    response = as_("owner").post(f"/goals/{goal.pk}/progress/new/", {"value": "5", "note": "St Anne's"}, headers=HTMX)
    page = page_of(response)

    assert "<!doctype" not in page
    for part in ("_goal_status", "_goal_standing", "_goal_log_form", "_goal_pace", "_goal_milestones", "_goal_log"):
        assert f'id="{part}"' in page
    assert page.count('hx-swap-oob="true"') == 6
    assert "5 of 12 interviews" in page
    assert 'value="6"' in page
    assert "Reached: 3 interviews done" in response.headers["HX-Trigger"]
    assert Milestone.objects.done().exists()


def test_logging_without_script_goes_back_to_the_goal(as_, goal):
    response = as_("owner").post(f"/goals/{goal.pk}/progress/new/", {"value": "5", "happened_on": "2026-02-01"})

    assert response.headers["Location"] == f"/goals/{goal.pk}/"
    assert ProgressUpdate.objects.get().happened_on == date(2026, 2, 1)


@pytest.mark.parametrize("value", ["NaN", "1e400", "\x00", "abc", "9" * 500])
def test_logging_nonsense_says_so_and_keeps_the_words(as_, goal, value):
    for headers in ({}, HTMX):
        response = as_("owner").post(
            f"/goals/{goal.pk}/progress/new/", {"value": value, "note": "My words"}, headers=headers
        )
        page = page_of(response)

        assert "My words" in page
        assert 'class="err"' in page
    assert not ProgressUpdate.objects.exists()


def test_log_can_be_put_right_and_taken_out(as_, goal):
    update = ProgressUpdateFactory(goal=goal, value=5)
    owner = as_("owner")

    owner.post(f"/goals/progress/{update.pk}/edit/", {"value": "4", "note": "", "happened_on": "2026-03-01"})
    update.refresh_from_db()
    assert (update.value, update.note) == (Decimal(4), "")

    assert owner.get(f"/goals/progress/{update.pk}/delete/").status_code == 200
    owner.post(f"/goals/progress/{update.pk}/delete/")
    assert not ProgressUpdate.objects.exists()


def test_milestone_is_ticked_and_unticked(as_, goal):
    milestone = MilestoneFactory(goal=goal)
    owner = as_("owner")

    for done in ("1", "1", ""):
        response = owner.post(f"/goals/milestones/{milestone.pk}/tick/", {"done": done}, headers=HTMX)
        milestone.refresh_from_db()
        assert (milestone.done_at is not None) is (done == "1")
        assert f'aria-pressed="{"true" if done else "false"}"' in page_of(response)


def test_rest_close_reopen_and_their_undo(as_, goal):
    owner = as_("owner")
    owner.post(f"/goals/{goal.pk}/pause/", {"reason": "New job"})
    assert f"/goals/{goal.pk}/resume/" in page_of(owner.get(f"/goals/{goal.pk}/"))
    owner.post(f"/goals/{goal.pk}/resume/")
    silent = owner.post(f"/goals/{goal.pk}/close/", {"outcome": "dropped"})
    assert silent.status_code == 422
    owner.post(f"/goals/{goal.pk}/close/", {"outcome": "dropped", "note": "The clinic closed."})
    assert "The clinic closed." in page_of(owner.get(f"/goals/{goal.pk}/"))
    owner.post(f"/goals/{goal.pk}/reopen/")

    assert Goal.objects.get().status == "active"
    assert Revision.objects.filter(field="status").count() == 4


def test_impossible_move_answers_409(as_, cast):
    closed = GoalFactory(owner=cast.owner, reached=True)

    assert as_("owner").post(f"/goals/{closed.pk}/pause/").status_code == 409


def test_deleting_asks_first_and_can_be_undone(as_, cast, goal):
    owner = as_("owner")
    assert "You can bring it back for 30 days" in page_of(owner.get(f"/goals/{goal.pk}/delete/"))

    page = page_of(owner.post(f"/goals/{goal.pk}/delete/", follow=True))
    assert f'action="/goals/{goal.pk}/restore/"' in page
    assert owner.get(f"/goals/{goal.pk}/").status_code == 404

    owner.post(f"/goals/{goal.pk}/restore/")
    owner.post(f"/goals/{goal.pk}/restore/")  # a second click
    assert owner.get(f"/goals/{goal.pk}/").status_code == 200
    assert not goal.shared_with.exists()


@pytest.mark.parametrize("path", ["move", "shrink", "pause"])
def test_small_forms_open_in_place_or_as_a_page(as_, goal, path):
    owner = as_("owner")

    fragment = page_of(owner.get(f"/goals/{goal.pk}/{path}/?next=/goals/", headers=HTMX))
    page = page_of(owner.get(f"/goals/{goal.pk}/{path}/?next=/goals/"))

    assert "<!doctype" not in fragment
    assert 'name="next" value="/goals/"' in fragment
    assert "<!doctype" in page


@pytest.mark.parametrize(
    ("wanted", "goes_to"),
    [
        ("/goals/", "/goals/"),
        ("//evil.example", None),
        ("https://evil.example/", None),
        ("/\\evil", None),
        ("foo", None),
    ],
)
def test_moving_the_date_goes_back_only_to_ourselves(as_, goal, wanted, goes_to):
    later = (goal.due_on + timedelta(days=9)).isoformat()

    response = as_("owner").post(f"/goals/{goal.pk}/move/", {"due_on": later, "reason": "Later", "next": wanted})

    assert response.headers["Location"] == (goes_to or f"/goals/{goal.pk}/")


def test_share_panel_shows_and_changes_who_reads(as_, cast, goal):
    owner = as_("owner")
    page = page_of(owner.get(f"/goals/{goal.pk}/share/"))
    assert "Mina Mentor" in page
    assert "Cora Colleague" in page
    assert "Farid" not in page
    assert f"?as={cast.mentorship.pk}" in page

    owner.post(f"/goals/{goal.pk}/share/", {"share": [cast.colleagueship.pk], "threads_open": "on"})

    assert list(goal.readers()) == [cast.colleagueship]
    assert Goal.objects.get().threads_open
    owner.post(f"/goals/{goal.pk}/share/")
    assert not goal.readers().exists()


@pytest.mark.parametrize("wanted", ["former_mentorship", "foreign", "abc", "9" * 40])
def test_sharing_with_anybody_else_changes_nothing(as_, cast, goal, wanted):
    relation = getattr(cast, wanted, None)
    response = as_("owner").post(
        f"/goals/{goal.pk}/share/", {"share": [cast.colleagueship.pk, relation.pk if relation else wanted]}
    )

    assert response.status_code == 409
    assert list(goal.readers()) == [cast.mentorship]
