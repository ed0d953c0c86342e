from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from goals.models import Goal, Revision
from goals.services import MAX_MILESTONES
from mail.models import Message
from tests.factories.goals import (
    MilestoneFactory,
)
from tests.goals.pages import page_of

pytestmark = pytest.mark.django_db


def new_goal(**changes):
    due = timezone.now().date() + timedelta(days=90)
    return {
        "title": "Learn to say no",
        "why": "I am tired.",
        "measure": "number",
        "start_value": "0",
        "target_value": "10",
        "unit": "times",
        "due_on": due.isoformat(),
        "rows": "3",
        "new0-title": "Say it once",
        "new0-due_on": "",
    } | changes


def test_new_goal_is_stored_with_milestones_and_shown_to_its_reader(as_, cast, django_capture_on_commit_callbacks):
    response = as_("owner").post("/goals/new/", new_goal(share=[cast.mentorship.pk]))

    goal = Goal.objects.get()
    assert response.headers["Location"] == f"/goals/{goal.pk}/"
    assert (goal.owner, goal.status, goal.target_value) == (cast.owner, "active", Decimal(10))
    assert [each.title for each in goal.milestones.all()] == ["Say it once"]
    assert Goal.objects.visible_to(cast.mentor).get() == goal
    assert Message.objects.get().kind == "goal_shared"


def test_milestone_long_before_the_goal_is_asked_about_and_what_was_typed_comes_back(as_):
    day = timezone.now().date() - timedelta(days=300)  # in a year it lies within the goal
    response = as_("owner").post("/goals/new/", new_goal(**{"new0-due_on": day.isoformat()}))

    assert response.status_code == 422
    page = page_of(response)
    assert page.count("is long before this goal begins, on") == 2  # in the summary and at the line
    assert "Did you mean" in page
    assert f'value="{day.isoformat()}"' in page
    assert 'href="#id_new0-due_on"' in page
    assert not Goal.objects.exists()


def test_draft_is_kept_and_started_later(as_, cast):
    owner = as_("owner")
    owner.post("/goals/new/", {"title": "Something with teaching", "measure": "number", "draft": "1"})
    goal = Goal.objects.get()
    assert goal.is_draft
    assert "Finish this draft" in page_of(owner.get(f"/goals/{goal.pk}/edit/"))

    unfinished = owner.post(f"/goals/{goal.pk}/edit/", {"title": "Something with teaching", "measure": "number"})
    finished = owner.post(f"/goals/{goal.pk}/edit/", new_goal(version="1"))

    assert unfinished.status_code == 422
    assert finished.status_code == 302
    goal.refresh_from_db()
    assert (goal.status, goal.title) == ("active", "Learn to say no")


def test_mistakes_are_named_on_top_and_what_was_typed_comes_back(as_):
    response = as_("owner").post(
        "/goals/new/",
        new_goal(target_value="a few", due_on="2025-07-31", **{"new1-title": "", "new1-due_on": "2026-12-01"}),
    )
    page = page_of(response)

    assert response.status_code == 422
    assert 'class="errsum" role="alert"' in page
    assert 'href="#id_target_value"' in page
    assert 'href="#id_new1-title"' in page
    assert "Say what the milestone is." in page
    assert 'value="a few"' in page
    assert 'value="2025-07-31"' in page
    assert "I am tired." in page
    assert 'value="Say it once"' in page
    assert not Goal.objects.exists()


def test_more_room_for_milestones_without_script_keeps_what_was_typed(as_):
    page = page_of(as_("owner").post("/goals/new/", new_goal(more_rows="1", title="")))

    assert "errsum" not in page
    assert 'name="new4-title"' in page
    assert 'value="Say it once"' in page


@pytest.mark.parametrize("field", ["owner", "owner_id", "status", "version", "deleted_at", "closed_at", "threads_open"])
def test_fields_that_are_not_asked_for_are_ignored(as_, cast, goal, field):
    value = {"owner": cast.stranger.pk, "owner_id": cast.stranger.pk, "status": "achieved", "version": "1"}
    data = new_goal(reason="Better", starts_on=goal.starts_on.isoformat()) | {field: value.get(field, "2026-01-01")}

    as_("owner").post(f"/goals/{goal.pk}/edit/", data)

    stored = Goal.objects.get()
    assert (stored.owner, stored.status, stored.deleted_at, stored.threads_open) == (cast.owner, "active", None, False)


def edit_data(goal, **changes):
    return {
        "title": goal.title,
        "why": goal.why,
        "measure": "number",
        "start_value": "0",
        "target_value": "12",
        "unit": "interviews",
        "starts_on": goal.starts_on.isoformat(),
        "due_on": goal.due_on.isoformat(),
        "version": str(goal.version),
        "rows": "0",
    } | changes


def test_moved_date_is_kept_with_its_reason(as_, goal):
    later = goal.due_on + timedelta(days=30)

    silent = as_("owner").post(f"/goals/{goal.pk}/edit/", edit_data(goal, due_on=later.isoformat()))
    told = as_("owner").post(f"/goals/{goal.pk}/edit/", edit_data(goal, due_on=later.isoformat(), reason="Holidays"))

    assert (silent.status_code, told.status_code) == (422, 302)
    revision = Revision.objects.get()
    assert (revision.field, revision.new, revision.reason) == ("due_on", later.isoformat(), "Holidays")
    assert "Holidays" in page_of(as_("mentor").get(f"/goals/{goal.pk}/"))


def test_stale_edit_shows_both_versions_and_loses_nothing(as_, goal):
    owner = as_("owner")
    owner.post(f"/goals/{goal.pk}/edit/", edit_data(goal, title="Saved in the other tab"))

    response = owner.post(f"/goals/{goal.pk}/edit/", edit_data(goal, title="Typed in this tab"))
    page = page_of(response)

    assert response.status_code == 409
    assert "Saved in the other tab" in page
    assert 'value="Typed in this tab"' in page
    assert Goal.objects.get().title == "Saved in the other tab"

    again = owner.post(f"/goals/{goal.pk}/edit/", edit_data(goal, title="Typed in this tab", version="2"))
    assert again.status_code == 302
    assert Goal.objects.get().title == "Typed in this tab"


def test_milestone_changed_in_another_tab_is_not_taken_back_by_the_form(as_, goal):
    moved, gone = MilestoneFactory(goal=goal, title="As it was", due_on=None), MilestoneFactory(goal=goal, due_on=None)
    stale = edit_data(goal) | {f"m{moved.pk}-title": "As it was", f"m{gone.pk}-title": "Gone now"}
    owner = as_("owner")
    owner.post(f"/goals/milestones/{moved.pk}/edit/", {"title": "Put right elsewhere"})
    owner.post(f"/goals/milestones/{gone.pk}/remove/")
    owner.post(f"/goals/{goal.pk}/milestones/new/", {"title": "Added elsewhere"})

    response = owner.post(f"/goals/{goal.pk}/edit/", stale)
    page = page_of(response)

    assert response.status_code == 409
    for shown in ("<dd>Put right elsewhere</dd>", "<dd>Added elsewhere</dd>", "“Gone now” was removed"):
        assert shown in page
    assert [each.title for each in goal.milestones.all()] == ["Put right elsewhere", "Added elsewhere"]
    again = owner.post(f"/goals/{goal.pk}/edit/", stale | {"version": str(Goal.objects.get().version)})
    assert again.status_code == 302


def test_ticking_makes_no_form_stale(as_, goal):
    milestone = MilestoneFactory(goal=goal)
    owner = as_("owner")
    owner.post(f"/goals/milestones/{milestone.pk}/tick/", {"done": "1"})

    assert owner.post(f"/goals/{goal.pk}/edit/", edit_data(goal)).status_code == 302


def test_milestones_change_with_the_goal(as_, goal):
    first, second = MilestoneFactory.create_batch(2, goal=goal, due_on=None)
    foreign = MilestoneFactory(title="Foreign")
    data = edit_data(goal, rows="1") | {
        f"m{first.pk}-title": "Other words",
        f"m{second.pk}-title": second.title,
        f"m{second.pk}-remove": "on",
        f"m{foreign.pk}-title": "Taken over",
        "new0-title": "One more",
    }

    as_("owner").post(f"/goals/{goal.pk}/edit/", data)

    assert [each.title for each in goal.milestones.all()] == ["Other words", "One more"]
    foreign.refresh_from_db()
    assert foreign.title == "Foreign"


def test_too_many_milestones_are_an_error_that_keeps_the_edit(as_, goal):
    MilestoneFactory.create_batch(MAX_MILESTONES, goal=goal)
    data = edit_data(goal, title="Typed words", rows="1") | {"new0-title": "One too many"}

    response = as_("owner").post(f"/goals/{goal.pk}/edit/", data)
    page = page_of(response)

    assert response.status_code == 422
    assert 'href="#milestones"' in page
    assert "A goal has room for 60 milestones." in page
    assert 'value="Typed words"' in page
    assert 'value="One too many"' in page
    assert Goal.objects.get().title == goal.title


def test_room_taken_in_another_tab_is_an_error_that_keeps_the_edit(as_, goal, monkeypatch):
    monkeypatch.setattr("goals.services.steps.MAX_MILESTONES", 0)  # the form still knows of room

    response = as_("owner").post(f"/goals/{goal.pk}/edit/", edit_data(goal, rows="1") | {"new0-title": "One too many"})

    assert response.status_code == 422
    assert 'value="One too many"' in page_of(response)
    assert not goal.milestones.exists()
