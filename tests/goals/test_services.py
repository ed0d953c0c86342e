from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from core.versioned import StaleEdit
from goals import services
from goals.history import lines
from goals.models import Goal, GoalComment, Milestone, ProgressUpdate, Revision
from goals.tasks import housekeeping
from mail.models import Message
from tests.factories.goals import (
    NOW,
    GoalCommentFactory,
    GoalFactory,
    MilestoneFactory,
    ProgressUpdateFactory,
    RevisionFactory,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 12)


@pytest.fixture
def goal(cast):
    return GoalFactory(owner=cast.owner, shared_with=[cast.mentorship])


def changed(goal, **values):
    before = Goal.objects.get(pk=goal.pk)
    for name, value in values.items():
        setattr(goal, name, value)
    return before


def test_change_goal_keeps_old_and_new_with_the_reason(cast, goal):
    before = changed(goal, title="Run ten interviews", target_value=Decimal(10), due_on=date(2026, 6, 1), why="")

    services.change_goal(goal=goal, before=before, expected=1, reason="Fewer clinics", by=cast.owner, at=NOW)

    kept = {row.field: (row.old, row.new, row.reason) for row in Revision.objects.filter(goal=goal)}
    assert kept == {
        "title": (before.title, "Run ten interviews", "Fewer clinics"),
        "why": (before.why, "", "Fewer clinics"),
        "target_value": ("12", "10", "Fewer clinics"),
        "due_on": ("2026-05-15", "2026-06-01", "Fewer clinics"),
    }
    goal.refresh_from_db()
    assert (goal.title, goal.version, goal.updated_at) == ("Run ten interviews", 2, NOW)


def test_change_goal_overtaken_by_another_tab_stores_nothing(cast, goal):
    first, second = Goal.objects.get(pk=goal.pk), Goal.objects.get(pk=goal.pk)
    before = changed(first, title="First")
    services.change_goal(goal=first, before=before, expected=1, reason="", by=cast.owner, at=NOW)
    changed(second, title="Second")

    with pytest.raises(StaleEdit):
        services.change_goal(goal=second, before=before, expected=1, reason="", by=cast.owner, at=NOW)

    assert Goal.objects.get(pk=goal.pk).title == "First"
    assert Revision.objects.count() == 1


def test_draft_keeps_no_history_until_it_starts(cast):
    draft = GoalFactory(owner=cast.owner, draft=True, shared_with=[cast.mentorship])
    before = changed(draft, title="Better words", due_on=date(2026, 5, 15))
    services.change_goal(goal=draft, before=before, expected=1, reason="", by=cast.owner, at=NOW)
    assert not Revision.objects.exists()
    assert not Message.objects.exists()

    services.start_goal(goal=draft, by=cast.owner, at=NOW)
    services.start_goal(goal=draft, by=cast.owner, at=NOW)  # a second click

    assert [(row.old, row.new) for row in Revision.objects.all()] == [("draft", "active")]
    assert Message.objects.get().user == cast.mentor


@pytest.mark.parametrize("service", ["pause_goal", "resume_goal", "close_goal", "reopen_goal", "delete_goal"])
def test_nobody_but_the_owner_moves_a_goal(cast, goal, service):
    extra = {
        "pause_goal": {"day": TODAY, "at": NOW},
        "resume_goal": {"day": TODAY, "at": NOW},
        "close_goal": {"outcome": "achieved", "note": "", "day": TODAY, "at": NOW},
    }.get(service, {"at": NOW})

    with pytest.raises(PermissionDenied):
        getattr(services, service)(goal=goal, by=cast.mentor, **extra)

    goal.refresh_from_db()
    assert (goal.status, goal.deleted_at) == ("active", None)


def test_rest_and_return(cast, goal):
    services.pause_goal(goal=goal, by=cast.owner, day=TODAY - timedelta(days=20), at=NOW, reason="New job")
    services.pause_goal(goal=goal, by=cast.owner, day=TODAY, at=NOW, reason="again")
    assert goal.is_resting

    services.resume_goal(goal=goal, by=cast.owner, day=TODAY, at=NOW)

    assert (goal.status, goal.rested_days) == ("active", 20)
    kept = Revision.objects.order_by("pk").values_list("old", "new", "reason")
    assert list(kept) == [("active", "paused", "New job"), ("paused", "active", "")]


def test_impossible_move_is_stale(cast):
    closed = GoalFactory(owner=cast.owner, reached=True)

    with pytest.raises(StaleEdit):
        services.pause_goal(goal=closed, by=cast.owner, day=TODAY, at=NOW)
    with pytest.raises(StaleEdit):
        services.log_progress(goal=closed, update=ProgressUpdate(value=3, happened_on=TODAY), by=cast.owner, at=NOW)


def test_close_and_reopen(cast, goal):
    services.close_goal(goal=goal, outcome="partly", note="Ten was enough.", by=cast.owner, day=TODAY, at=NOW)
    assert (goal.status, goal.closing_note) == ("partly", "Ten was enough.")

    services.reopen_goal(goal=goal, by=cast.owner, at=NOW)

    assert (goal.status, goal.closing_note) == ("active", "")
    assert Revision.objects.filter(reason="Ten was enough.").exists()


def test_deleted_goal_is_gone_for_readers_and_comes_back_private(cast, goal):
    services.delete_goal(goal=goal, by=cast.owner, at=NOW)
    assert not Goal.objects.visible_to(cast.mentor).exists()

    services.restore_goal(goal=Goal.objects.in_bin_of(cast.owner).get(), by=cast.owner)

    assert Goal.objects.visible_to(cast.owner).get() == goal
    assert not Goal.objects.visible_to(cast.mentor).exists()


def test_housekeeping_erases_after_thirty_days(cast, time_machine):
    time_machine.move_to(NOW)
    old = GoalFactory(owner=cast.owner, deleted_at=NOW - timedelta(days=31))
    MilestoneFactory(goal=old)
    ProgressUpdateFactory(goal=old)
    RevisionFactory(goal=old)
    GoalCommentFactory(item=old, mentorship=cast.mentorship)
    young = GoalFactory(owner=cast.owner, deleted_at=NOW - timedelta(days=29))
    alive = GoalFactory(owner=cast.owner)

    housekeeping()
    housekeeping()

    assert set(Goal.objects.all()) == {young, alive}
    assert not Milestone.objects.exists()
    assert not GoalComment.objects.exists()


def test_log_progress_ticks_milestones_it_passes(cast, goal):
    at_three = MilestoneFactory(goal=goal, at_value=3, title="3 interviews")
    at_seven = MilestoneFactory(goal=goal, at_value=7)
    guide = MilestoneFactory(goal=goal)

    update = ProgressUpdate(value=Decimal(5), happened_on=TODAY)
    passed = services.log_progress(goal=goal, update=update, by=cast.owner, at=NOW)

    assert passed == [at_three]
    for milestone, done_at in ((at_three, NOW), (at_seven, None), (guide, None)):
        milestone.refresh_from_db()
        assert milestone.done_at == done_at


def test_falling_goal_ticks_on_the_way_down(cast):
    goal = GoalFactory(owner=cast.owner, start_value=90, target_value=75, unit="kg")
    at_85 = MilestoneFactory(goal=goal, at_value=85)

    services.log_progress(goal=goal, update=ProgressUpdate(value=86, happened_on=TODAY), by=cast.owner, at=NOW)
    assert not Milestone.objects.done().exists()
    services.log_progress(goal=goal, update=ProgressUpdate(value=84, happened_on=TODAY), by=cast.owner, at=NOW)

    assert Milestone.objects.done().get() == at_85


def test_milestones_are_added_changed_and_removed_with_history(cast, goal):
    guide = services.add_milestone(goal=goal, milestone=Milestone(title="Guide", due_on=TODAY), by=cast.owner, at=NOW)
    comment = GoalCommentFactory(item=goal, mentorship=cast.mentorship, milestone=guide)
    before = Milestone.objects.get(pk=guide.pk)
    guide.due_on = TODAY + timedelta(days=1)
    services.change_milestone(milestone=guide, before=before, by=cast.owner, at=NOW)
    services.remove_milestone(milestone=guide, by=cast.owner, at=NOW)

    said = [line.said for line in lines(list(goal.revisions.order_by("pk")), zone=cast.owner.time_zone, today=TODAY)]
    assert said == [
        "Milestone added: Guide",
        "Milestone changed: Guide, 12 March became Guide, 13 March",
        "Milestone removed: Guide",
    ]
    comment.refresh_from_db()
    assert comment.place is None


def test_a_goal_has_room_for_so_many_milestones(cast, goal):
    MilestoneFactory.create_batch(services.MAX_MILESTONES, goal=goal)

    with pytest.raises(ValidationError, match="has room for"):
        services.add_milestone(goal=goal, milestone=Milestone(title="One more"), by=cast.owner, at=NOW)


def test_share_tells_new_readers_once(cast):
    goal = GoalFactory(owner=cast.owner)

    services.share_goal(goal=goal, mentorships=[cast.mentorship], by=cast.owner)
    services.share_goal(goal=goal, mentorships=[cast.mentorship, cast.colleagueship], by=cast.owner, threads_open=True)
    services.share_goal(goal=goal, mentorships=[cast.colleagueship], by=cast.owner)
    services.share_goal(goal=goal, mentorships=[cast.mentorship, cast.colleagueship], by=cast.owner)

    assert sorted(row.user.email for row in Message.objects.filter(kind="goal_shared")) == [
        "colleague@example.org",
        "mentor@example.org",
    ]
    assert Goal.objects.get(pk=goal.pk).threads_open


@pytest.mark.parametrize("relation", ["former_mentorship"])
def test_share_with_somebody_who_no_longer_reads_is_refused(cast, relation):
    goal = GoalFactory(owner=cast.owner)

    with pytest.raises(PermissionDenied):
        services.share_goal(goal=goal, mentorships=[getattr(cast, relation)], by=cast.owner)

    assert not goal.shared_with.exists()


def test_owner_writes_to_all_at_once_and_changes_it_at_once(cast, goal):
    goal.shared_with.add(cast.colleagueship)
    threads = [cast.mentorship, cast.colleagueship]

    services.comment_on_goal(goal=goal, mentorships=threads, by=cast.owner, text="Six done.", at=NOW)
    comment = GoalComment.objects.first()
    services.edit_comment(comment=comment, by=cast.owner, text="Seven done.", at=NOW + timedelta(minutes=11))

    assert list(GoalComment.objects.values_list("text", flat=True)) == ["Seven done."] * 2
    assert all(row.edited_at for row in GoalComment.objects.all())
    assert {row.user for row in Message.objects.all()} == {cast.mentor, cast.colleague}

    services.remove_comment(comment=comment, by=cast.owner, at=NOW)
    assert not GoalComment.objects.filter(removed_at=None).exists()


@pytest.mark.parametrize("who", ["second_mentor", "former_mentor", "colleague", "stranger"])
def test_only_present_readers_of_the_goal_write(cast, goal, who):
    for relation in (cast.mentorship, cast.former_mentorship, cast.second_mentorship):
        with pytest.raises(PermissionDenied):
            services.comment_on_goal(goal=goal, mentorships=[relation], by=getattr(cast, who), text="Let me in", at=NOW)

    assert not GoalComment.objects.exists()


def test_milestone_of_another_goal_is_refused(cast, goal):
    foreign = MilestoneFactory()

    with pytest.raises(PermissionDenied):
        services.comment_on_goal(
            goal=goal, mentorships=[cast.mentorship], by=cast.mentor, text="?", at=NOW, milestone=foreign
        )


def test_former_mentor_neither_edits_nor_removes(cast, goal):
    goal.shared_with.add(cast.former_mentorship)
    comment = GoalCommentFactory(item=goal, mentorship=cast.former_mentorship, text="Old words")

    for act in (services.remove_comment, services.edit_comment):
        extra = {"text": "New"} if act is services.edit_comment else {}
        with pytest.raises(PermissionDenied):
            act(comment=comment, by=cast.former_mentor, at=NOW, **extra)

    services.remove_comment(comment=comment, by=cast.owner, at=NOW)  # the owner may
    comment.refresh_from_db()
    assert (comment.text, comment.removed_by) == ("", cast.owner)


def test_the_same_thing_sent_again_is_stored_once(cast, goal):
    for seconds in (0, 20):
        moment = NOW + timedelta(seconds=seconds)
        services.comment_on_goal(goal=goal, mentorships=[cast.mentorship], by=cast.mentor, text="Well done", at=moment)
        services.log_progress(
            goal=goal, update=ProgressUpdate(value=5, happened_on=TODAY, note="x"), by=cast.owner, at=moment
        )
        services.add_goal(
            goal=GoalFactory.build(owner=cast.owner, title="Twice", status="active"), by=cast.owner, at=moment
        )

    assert GoalComment.objects.count() == 1
    assert ProgressUpdate.objects.count() == 1
    assert Goal.objects.filter(title="Twice").count() == 1
    assert Message.objects.filter(kind="goal_comment").count() == 1

    services.comment_on_goal(
        goal=goal, mentorships=[cast.mentorship], by=cast.mentor, text="Well done", at=NOW + timedelta(minutes=2)
    )
    assert GoalComment.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_many_savers_at_once_one_wins_and_the_others_are_told(cast):
    goal = GoalFactory(owner=cast.owner)

    def save(number):
        mine = Goal.objects.get(pk=goal.pk)
        before = changed(mine, title=f"Title {number}")
        try:
            services.change_goal(goal=mine, before=before, expected=1, reason="", by=cast.owner, at=NOW)
        except StaleEdit:
            return "told"
        finally:
            connection.close()
        return "saved"

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(save, range(6)))

    assert sorted(answers) == ["saved", *["told"] * 5]
    assert Revision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_comments_written_at_once_share_their_mails(cast):
    goal = GoalFactory(owner=cast.owner, shared_with=[cast.mentorship])

    def write(number):
        try:
            services.comment_on_goal(
                goal=goal, mentorships=[cast.mentorship], by=cast.mentor, text=f"Comment {number}", at=NOW
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))

    assert GoalComment.objects.count() == 6
    assert Message.objects.count() == 1


@pytest.mark.parametrize("title", ["Guide (2026-13-45)", "Guide (0000-01-01)", "Guide (٢٠٢٦-٠١-٠١)"])
def test_milestone_that_only_looks_dated_is_told_as_it_is(title):
    revision = RevisionFactory(field="milestone", old="", new=title, reason="")

    (line,) = lines([revision], zone=revision.goal.owner.time_zone, today=TODAY)

    assert line.said == f"Milestone added: {title}"


@pytest.mark.parametrize(
    ("changes", "titles", "goals"),
    [
        ({}, ["One"], 1),
        ({"target_value": Decimal(13)}, ["One"], 2),
        ({"achievable": "Fridays"}, ["One"], 2),
        ({}, ["One, put right"], 2),
        ({}, [], 2),
    ],
)
def test_goal_put_right_and_sent_again_is_no_repeat(cast, changes, titles, goals):
    def send(titles, **values):
        goal = GoalFactory.build(owner=cast.owner, title="Run", **values)
        steps = [Milestone(title=title) for title in titles]
        return services.add_goal(goal=goal, by=cast.owner, at=NOW, milestones=steps, readers=[cast.mentorship])

    send(["One"])
    send(titles, **changes)

    assert Goal.objects.count() == goals


@pytest.mark.parametrize(("state", "mails"), [("queued", 1), ("sent", 1), ("skipped", 2)])
def test_notice_that_was_skipped_does_not_silence_the_next(cast, state, mails):
    goal = GoalFactory(owner=cast.owner)
    services.share_goal(goal=goal, mentorships=[cast.mentorship], by=cast.owner)
    services.share_goal(goal=goal, mentorships=[], by=cast.owner)
    Message.objects.update(state=state, finished_at=None if state == "queued" else NOW)

    services.share_goal(goal=goal, mentorships=[cast.mentorship], by=cast.owner)

    assert Message.objects.filter(kind="goal_shared").count() == mails
