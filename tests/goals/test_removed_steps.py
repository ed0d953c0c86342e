"""Milestones and tasks that were taken away: gone for everybody at once, and there to be brought back for 30 days."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from goals import services
from goals.emails import goal_comment
from goals.models import Goal, Milestone
from goals.services import MAX_MILESTONES
from goals.tasks import housekeeping
from mail.letters import compose
from mail.models import Message
from tests.factories.goals import NOW, GoalCommentFactory, GoalFactory, MilestoneFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def goal(cast):
    return GoalFactory(owner=cast.owner, shared_with=[cast.mentorship], starts_on=date(2026, 1, 1))


@pytest.fixture
def step(goal):
    MilestoneFactory(goal=goal, title="Book a room", position=1)
    return MilestoneFactory(goal=goal, title="Ask Hannah", position=2, kind="task", done_at=NOW)


@pytest.fixture
def see(client, cast):
    def see(url, viewer="owner", **kwargs):
        client.force_login(getattr(cast, viewer))
        return client.get(url, **kwargs).content.decode()

    return see


def remove(step, at=None):
    services.remove_milestone(milestone=step, by=step.goal.owner, at=at or timezone.now())


def test_removed_is_gone_from_every_page_but_its_owners_history(goal, step, see):
    comment = GoalCommentFactory(item=goal, mentorship=goal.shared_with.get(), milestone=step, text="Ask her soon")
    remove(step)

    for viewer in ("owner", "mentor"):
        for path in ("", "print/", "log/"):
            page = see(f"/goals/{goal.pk}/{path}", viewer)
            # Its name stays in the history, which says that it was removed.
            assert page.replace("Milestone removed: Ask Hannah", "").count("Ask Hannah") == 0, (viewer, path)
        assert comment.text in see(f"/goals/{goal.pk}/", viewer)
    assert "0 of 1" in see(f"/goals/{goal.pk}/")
    assert "/restore/" in see(f"/goals/{goal.pk}/history/")
    for query in ("", f"?as={goal.shared_with.get().pk}"):
        viewer = "owner" if query else "mentor"
        assert "brought back" not in see(f"/goals/{goal.pk}/history/{query}", viewer)
        assert "Bring back" not in see(f"/goals/{goal.pk}/{query}", viewer)
    assert "Bring back what was removed (1)" in see(f"/goals/{goal.pk}/")
    assert "Ask Hannah" not in see("/goals/")
    assert "Ask Hannah" not in see(f"/goals/{goal.pk}/edit/")


def test_removed_is_told_in_no_mail(cast, goal, step):
    services.comment_on_goal(
        goal=goal, mentorships=[cast.mentorship], by=cast.mentor, text="Ask her soon", at=NOW, milestone=step
    )
    [message] = Message.objects.with_recipient()
    assert "Ask Hannah" in compose(message, goal_comment(message, now=NOW), now=NOW).text

    remove(step)

    letter = compose(message, goal_comment(message, now=NOW), now=NOW)
    assert "Ask her soon" in letter.text
    assert "Ask Hannah" not in letter.text + letter.html


def test_owner_brings_it_back_with_what_was_said_about_it(client, cast, goal, step, see):
    GoalCommentFactory(item=goal, mentorship=cast.mentorship, milestone=step, text="Ask her soon")
    client.force_login(cast.owner)
    assert "30 days" in client.get(f"/goals/milestones/{step.pk}/remove/").content.decode()
    page = client.post(f"/goals/milestones/{step.pk}/remove/", follow=True).content.decode()
    assert f'action="/goals/milestones/{step.pk}/restore/"' in page  # the toast's Undo

    client.post(f"/goals/milestones/{step.pk}/restore/")
    page = client.post(f"/goals/milestones/{step.pk}/restore/", follow=True).content.decode()  # a second click

    assert "Task is back" in page
    back = goal.milestones.get(pk=step.pk)
    assert (back.position, back.done_at, back.kind) == (2, NOW, "task")
    assert list(goal.milestones.values_list("title", flat=True)) == ["Book a room", "Ask Hannah"]
    assert "1 comment" in page
    assert [row.new for row in goal.revisions.newest_first()] == ["Ask Hannah", ""]
    assert "can be brought back" not in see(f"/goals/{goal.pk}/history/")


def test_draft_has_no_history_and_its_owner_still_finds_what_was_removed(cast, see):
    draft = GoalFactory(owner=cast.owner, draft=True)
    remove(MilestoneFactory(goal=draft, title="Ask Hannah"))

    assert "Ask Hannah" in see(f"/goals/{draft.pk}/history/")
    assert f"/goals/{draft.pk}/history/#removed" in see(f"/goals/{draft.pk}/")


def test_removed_with_the_goal_form_comes_back_too(client, cast, goal, step):
    client.force_login(cast.owner)
    typed = {
        "title": goal.title, "measure": "number", "unit": "interviews", "start_value": "0", "target_value": "12",
        "due_on": "2199-01-01", "reason": "It changed", "version": str(goal.version), "rows": "0",
        f"m{step.pk}-title": step.title, f"m{step.pk}-remove": "1",
    }  # fmt: skip
    assert client.post(f"/goals/{goal.pk}/edit/", typed).status_code == 302
    assert not goal.milestones.filter(pk=step.pk).exists()

    client.post(f"/goals/milestones/{step.pk}/restore/")

    assert goal.milestones.filter(pk=step.pk).exists()


@pytest.mark.parametrize("viewer", ["mentor", "colleague", "former_mentor", "stranger"])
def test_nobody_else_brings_it_back(client, cast, goal, step, viewer):
    remove(step)
    client.force_login(getattr(cast, viewer))

    assert client.post(f"/goals/milestones/{step.pk}/restore/").status_code == 404
    with pytest.raises(PermissionDenied):
        services.restore_milestone(milestone=step, by=getattr(cast, viewer), at=NOW)
    assert not goal.milestones.filter(pk=step.pk).exists()


def test_counts_trails_and_lists_pass_it_over(cast, goal, step):
    by_milestones = GoalFactory(owner=cast.owner, by_milestones=True)
    MilestoneFactory(goal=by_milestones, title="Stays")
    late = MilestoneFactory(goal=by_milestones, title="Goes", due_on=date(2026, 3, 1))
    assert list(Goal.objects.needs_a_look(NOW.date())) == [by_milestones]
    remove(late, at=NOW)
    remove(step, at=NOW)

    assert [title for title, *_ in Goal.objects.with_progress().get(pk=by_milestones.pk).milestone_rows] == ["Stays"]
    assert not Goal.objects.needs_a_look(NOW.date())
    assert not Milestone.objects.visible_to(cast.mentor).filter(pk=step.pk)
    assert not Milestone.objects.due_by(NOW.date())
    assert not Goal.objects.moved_between(NOW.date(), NOW.date()).filter(pk=goal.pk)


def test_what_is_removed_takes_no_room_and_needs_room_to_come_back(client, cast, goal, step):
    remove(step)
    for number in range(MAX_MILESTONES - 1):
        MilestoneFactory(goal=goal, title=f"Step {number}")

    with pytest.raises(ValidationError, match="room for 60"):
        services.restore_milestone(milestone=step, by=cast.owner, at=NOW)
    client.force_login(cast.owner)
    page = client.post(f"/goals/milestones/{step.pk}/restore/", follow=True).content.decode()

    assert "Not brought back. A goal has room for 60 milestones." in page
    assert Milestone.with_removed.get(pk=step.pk).removed_at


def test_after_thirty_days_nothing_comes_back_and_it_is_erased(cast, goal, step):
    comment = GoalCommentFactory(item=goal, mentorship=cast.mentorship, milestone=step)
    remove(step, at=NOW)

    assert services.erase_old_milestones(now=NOW + timedelta(days=29)) == 0
    assert not services.restore_milestone(milestone=step, by=cast.owner, at=NOW + timedelta(days=31))
    assert services.erase_old_milestones(now=NOW + timedelta(days=31)) == 1

    assert not Milestone.with_removed.filter(pk=step.pk).exists()
    comment.refresh_from_db()
    assert comment.milestone is None
    assert goal.milestones.count() == 1


def test_housekeeping_erases_it(step):
    remove(step, at=timezone.now() - timedelta(days=31))

    housekeeping()

    assert not Milestone.with_removed.filter(pk=step.pk).exists()


def test_removing_twice_keeps_the_first_day(goal, step):
    remove(step, at=NOW)
    remove(step, at=NOW + timedelta(days=9))

    assert Milestone.with_removed.get(pk=step.pk).removed_at == NOW
    assert goal.revisions.count() == 1


def test_erasing_a_goal_erases_what_was_removed_from_it(goal, step):
    remove(step)
    goal.delete()

    assert not Milestone.with_removed.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_history_asks_the_same_for_any_number_of_removed(client, cast, goal, frame_queries, count):
    for number in range(count):
        remove(MilestoneFactory(goal=goal, title=f"Step {number}"))
    client.force_login(cast.owner)
    frame = frame_queries(client)

    with CaptureQueriesContext(connection) as asked:
        page = client.get(f"/goals/{goal.pk}/history/").content.decode()

    assert page.count("/restore/") == count
    assert len(asked) - frame == 4  # the visitor, the goal, what changed, what was removed
