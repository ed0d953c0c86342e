from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from goals.models import Goal, GoalComment, Milestone, ProgressUpdate, Revision
from goals.reading import COMMENTS_SHOWN
from goals.services import MAX_MILESTONES
from mail.models import Message
from tests.factories.goals import (
    GoalCommentFactory,
    GoalFactory,
    MilestoneFactory,
    ProgressUpdateFactory,
    RevisionFactory,
)
from tests.factories.sharing import MentorshipFactory

pytestmark = pytest.mark.django_db

HTMX = {"hx-request": "true"}
# The visitor, the goal, its milestones, its log, who reads it, its history, the conversation.
DETAIL_QUERIES = 7


@pytest.fixture
def goal(cast):
    today = timezone.now().date()
    return GoalFactory(
        owner=cast.owner,
        title="Run 12 user interviews",
        starts_on=today - timedelta(days=59),
        due_on=today + timedelta(days=64),
        shared_with=[cast.mentorship],
    )


@pytest.fixture
def as_(client, cast):
    def sign_in(name):
        client.force_login(getattr(cast, name))
        return client

    return sign_in


def page_of(response):
    return response.content.decode()


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


@pytest.mark.parametrize("rows", [1, 3])
def test_goal_detail_asks_the_same_number_of_questions(as_, cast, goal, rows, django_assert_num_queries, frame_queries):
    for _ in range(rows):
        milestone = MilestoneFactory(goal=goal)
        ProgressUpdateFactory(goal=goal)
        RevisionFactory(goal=goal)
        GoalCommentFactory(item=goal, mentorship=cast.mentorship, milestone=milestone)
        GoalCommentFactory(item=goal, mentorship=cast.mentorship, author=cast.owner)
    owner = as_("owner")
    frame = frame_queries(owner)

    with django_assert_num_queries(DETAIL_QUERIES + frame):
        owner.get(f"/goals/{goal.pk}/")


def test_goal_detail_of_many_updates_and_comments(as_, cast, goal, django_assert_num_queries, frame_queries):
    now = timezone.now()
    ProgressUpdate.objects.bulk_create(
        ProgressUpdate(goal=goal, value=number % 12, happened_on=now.date(), created_at=now) for number in range(500)
    )
    GoalComment.objects.bulk_create(
        GoalComment(item=goal, mentorship=cast.mentorship, author=cast.mentor, text=f"Word {number}.", created_at=now)
        for number in range(200)
    )
    owner = as_("owner")
    frame = frame_queries(owner)

    with django_assert_num_queries(DETAIL_QUERIES + frame):
        page = page_of(owner.get(f"/goals/{goal.pk}/"))

    assert page.count('<article class="cmt"') == COMMENTS_SHOWN
    assert "Word 199." in page
    assert "Word 179." not in page


def test_sight_ends_with_the_next_request(as_, cast, goal):
    """The statements of this page are kept for the next request; their rows are not."""
    GoalCommentFactory(item=goal, mentorship=cast.mentorship, text="Between us two")
    colleague = cast.colleagueship
    goal.shared_with.add(colleague)
    goal.threads_open = True
    goal.save()
    path = f"/goals/{goal.pk}/"
    assert "Between us two" in page_of(as_("colleague").get(path))

    Goal.objects.filter(pk=goal.pk).update(threads_open=False)
    assert "Between us two" not in page_of(as_("colleague").get(path))
    goal.shared_with.remove(colleague)
    assert as_("colleague").get(path).status_code == 404
    assert as_("mentor").get(path).status_code == 200
    assert as_("owner").get("/goals/99999999999999999999/").status_code == 404


def test_reader_sees_the_goal_whole_and_nothing_to_change_but_the_conversation(as_, cast, goal):
    MilestoneFactory(goal=goal, title="The guide")
    ProgressUpdateFactory(goal=goal, note="No notes this time")
    RevisionFactory(goal=goal, reason="Clinics are slow")
    goal.shared_with.add(cast.colleagueship)

    page = page_of(as_("mentor").get(f"/goals/{goal.pk}/"))

    for shown in ("You are reading Olive&#x27;s goal", goal.why, "The guide", "No notes this time", "Clinics are slow"):
        assert shown in page or shown.replace("&#x27;", "'") in page
    assert page.count("<form") - page.count('action="/account/logout/"') - page.count('action="#"') >= 1
    for hidden in ("/edit/", "/progress/new/", "/tick/", "/share/", "Cora", "Who can see it", "/delete/"):
        assert hidden not in page, hidden
    assert f'action="/goals/{goal.pk}/comments/new/"' in page


def test_owner_looks_as_the_reader_does(as_, cast, goal):
    GoalCommentFactory(item=goal, mentorship=cast.mentorship, text="Between us two")
    goal.shared_with.add(cast.colleagueship)
    GoalCommentFactory(item=goal, mentorship=cast.colleagueship, text="Cora said this")

    page = page_of(as_("owner").get(f"/goals/{goal.pk}/?as={cast.mentorship.pk}"))

    assert "This is what <b>Mina Mentor</b> sees" in page
    assert "Between us two" in page
    assert "Cora said this" not in page
    assert "Who can see it" not in page
    assert f"/goals/{goal.pk}/comments/new/" not in page
    assert f"/goals/{goal.pk}/edit/" not in page


@pytest.mark.parametrize("wanted", ["former_mentorship", "second_mentorship", "foreign", "x", "", "9" * 30, "²"])
def test_view_as_anybody_else_is_not_found(as_, cast, goal, wanted):
    relation = getattr(cast, wanted, None)
    foreign = GoalFactory().owner
    pk = relation.pk if relation else foreign.pk if wanted == "foreign" else wanted

    assert as_("owner").get(f"/goals/{goal.pk}/?as={pk}").status_code == 404


def test_view_as_is_for_the_owner_only(as_, cast, goal):
    assert as_("mentor").get(f"/goals/{goal.pk}/?as={cast.mentorship.pk}").status_code == 404


@pytest.mark.parametrize("page", ["", "print/", "log/", "history/"])
def test_former_reader_finds_nothing_from_the_next_request_on(as_, cast, goal, page):
    mentor = as_("mentor")
    assert mentor.get(f"/goals/{goal.pk}/{page}").status_code == 200

    cast.mentorship.end(at=timezone.now())

    assert mentor.get(f"/goals/{goal.pk}/{page}").status_code == 404


@pytest.mark.parametrize("verb", ["edit", "remove"])
def test_former_mentor_cannot_touch_their_own_comment(as_, cast, goal, verb):
    comment = GoalCommentFactory(item=goal, mentorship=cast.mentorship, text="Words of then")
    mentor = as_("mentor")
    cast.mentorship.end(at=timezone.now())

    response = mentor.post(f"/goals/comments/{comment.pk}/{verb}/", {"text": "Rewritten"})

    assert response.status_code == 404
    comment.refresh_from_db()
    assert (comment.text, comment.removed_at) == ("Words of then", None)


def test_draft_is_not_found_by_its_reader(as_, cast):
    draft = GoalFactory(owner=cast.owner, draft=True, shared_with=[cast.mentorship])

    assert as_("mentor").get(f"/goals/{draft.pk}/").status_code == 404
    assert as_("owner").get(f"/goals/{draft.pk}/").status_code == 200


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


def test_reader_writes_and_owner_answers_and_each_gets_a_mail(as_, cast, goal):
    response = as_("mentor").post(f"/goals/{goal.pk}/comments/new/", {"text": "**Five** in"}, headers=HTMX)
    assert "<strong>Five</strong>" in page_of(response)
    assert "Sent to Olive" in response.headers["HX-Trigger"]

    response = as_("owner").post(f"/goals/{goal.pk}/comments/new/", {"text": "Thank you", "to": cast.mentorship.pk})
    assert response.headers["Location"] == f"/goals/{goal.pk}/#conversation"

    assert [row.author for row in GoalComment.objects.order_by("pk")] == [cast.mentor, cast.owner]
    assert [row.user for row in Message.objects.order_by("pk")] == [cast.owner, cast.mentor]


def test_owner_writes_to_one_or_to_all_and_each_sees_their_own(as_, cast, goal):
    goal.shared_with.add(cast.colleagueship)
    owner = as_("owner")
    shown = f"{cast.mentorship.pk},{cast.colleagueship.pk}"
    assert f'name="shown" value="{shown}"' in page_of(owner.get(f"/goals/{goal.pk}/"))
    owner.post(f"/goals/{goal.pk}/comments/new/", {"text": "For Cora", "to": cast.colleagueship.pk})
    owner.post(f"/goals/{goal.pk}/comments/new/", {"text": "For everyone", "to": "all", "shown": shown})
    page = page_of(owner.get(f"/goals/{goal.pk}/"))
    assert page.count("For everyone") == 1

    mentors_page = page_of(as_("mentor").get(f"/goals/{goal.pk}/"))
    assert "For everyone" in mentors_page
    assert "For Cora" not in mentors_page


@pytest.mark.parametrize("to", ["former_mentorship", "second_mentorship", "x"])
def test_owner_cannot_write_to_anybody_else(as_, cast, goal, to):
    goal.shared_with.add(cast.colleagueship)
    relation = getattr(cast, to, None)

    response = as_("owner").post(
        f"/goals/{goal.pk}/comments/new/", {"text": "Hello", "to": relation.pk if relation else to}
    )

    assert response.status_code == 422
    assert not GoalComment.objects.exists()


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
@pytest.mark.parametrize("to", ["mentorship", "all", "", None])
def test_words_never_go_to_a_reader_who_was_not_on_the_page(as_, cast, goal, to, headers):
    owner = as_("owner")
    assert f'type="hidden" name="to" value="{cast.mentorship.pk}"' in page_of(owner.get(f"/goals/{goal.pk}/"))
    goal.shared_with.set([cast.colleagueship])
    data = {"text": "Only for Mina", "shown": cast.mentorship.pk}
    if to is not None:
        data["to"] = cast.mentorship.pk if to == "mentorship" else to

    response = owner.post(f"/goals/{goal.pk}/comments/new/", data, headers=headers)
    page = page_of(response)

    assert response.status_code == 422
    assert "Only for Mina" in page
    assert "hoose " in page
    assert '<option value="" selected>' in page  # sending again without a look goes to nobody
    assert not GoalComment.objects.exists()


def test_words_for_all_reach_those_the_page_named_and_nobody_who_came_since(as_, cast, goal):
    third = MentorshipFactory(mentee=cast.owner)
    goal.shared_with.set([cast.mentorship, cast.colleagueship, third])
    shown = f"{cast.mentorship.pk},{cast.colleagueship.pk}"

    as_("owner").post(f"/goals/{goal.pk}/comments/new/", {"text": "You two", "to": "all", "shown": shown})

    assert {row.mentorship for row in GoalComment.objects.all()} == {cast.mentorship, cast.colleagueship}


def test_words_come_back_when_nobody_reads_any_more(as_, goal):
    goal.shared_with.clear()

    response = as_("owner").post(f"/goals/{goal.pk}/comments/new/", {"text": "My words", "to": "1"})

    assert response.status_code == 422
    assert "My words" in page_of(response)
    assert "Nobody reads this with you now" in page_of(response)


def test_open_threads_are_read_by_all(as_, cast, goal):
    goal.shared_with.add(cast.colleagueship)
    GoalCommentFactory(item=goal, mentorship=cast.mentorship, text="Mina said this")
    assert "Mina said this" not in page_of(as_("colleague").get(f"/goals/{goal.pk}/"))

    Goal.objects.update(threads_open=True)

    assert "Mina said this" in page_of(as_("colleague").get(f"/goals/{goal.pk}/"))


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "x" * 10_001, "x" * 50_000])
def test_odd_comments_are_refused_with_a_word(as_, goal, text):
    for headers in ({}, HTMX):
        response = as_("mentor").post(f"/goals/{goal.pk}/comments/new/", {"text": text}, headers=headers)
        assert response.status_code == 422
    assert not GoalComment.objects.exists()


def test_comment_with_nul_is_no_crash(as_, goal):
    assert as_("mentor").post(f"/goals/{goal.pk}/comments/new/", {"text": "a\x00b"}).status_code in {302, 422}


def test_comment_html_is_shown_as_text(as_, cast, goal):
    GoalCommentFactory(
        item=goal,
        mentorship=cast.mentorship,
        text='<script>alert(1)</script> <b hx-get="/x">b</b> [x](javascript:alert(1)) ![i](http://x/y.png)',
    )

    page = page_of(as_("owner").get(f"/goals/{goal.pk}/"))

    assert "<script>alert" not in page
    assert "<b hx-get" not in page
    assert 'href="javascript' not in page
    assert "<img" not in page


def test_late_edit_is_marked_and_removal_leaves_a_trace(as_, cast, goal):
    comment = GoalCommentFactory(item=goal, mentorship=cast.mentorship, text="First words")
    mentor = as_("mentor")
    form = page_of(mentor.get(f"/goals/comments/{comment.pk}/edit/", headers=HTMX))
    assert "First words" in form

    response = mentor.post(f"/goals/comments/{comment.pk}/edit/", {"text": "Second words"}, headers=HTMX)
    assert ", edited" in page_of(response)

    as_("owner").post(f"/goals/comments/{comment.pk}/remove/")
    page = page_of(as_("mentor").get(f"/goals/{goal.pk}/"))
    assert "Removed by Olive Owner." in page
    assert "Second words" not in page


def test_long_conversation_is_shown_in_parts(as_, cast, goal):
    for number in range(25):
        GoalCommentFactory(
            item=goal,
            mentorship=cast.mentorship,
            text=f"Comment no. {number}.",
            created_at=timezone.now() - timedelta(hours=50 - number),
        )
    owner = as_("owner")

    response = owner.get(f"/goals/{goal.pk}/")
    earlier = owner.get(f"/goals/{goal.pk}/?earlier={response.context['talk'].earlier}")

    assert "Comment no. 24." in page_of(response)
    assert "Comment no. 3." not in page_of(response)
    assert "Comment no. 3." in page_of(earlier)


def test_shared_draft_promises_no_conversation_yet(as_, cast):
    draft = GoalFactory(owner=cast.owner, draft=True, shared_with=[cast.mentorship])
    owner = as_("owner")

    page = page_of(owner.get(f"/goals/{draft.pk}/"))
    response = owner.post(f"/goals/{draft.pk}/comments/new/", {"text": "My words", "to": cast.mentorship.pk})

    assert "gets an email" not in page
    assert "comments/new/" not in page
    assert "You and Mina can see this" not in page
    assert "Only you, until you start it" in page
    assert response.status_code == 422
    assert "My words" in page_of(response)
    assert not GoalComment.objects.exists()


@pytest.mark.parametrize("path", ["", "log/", "history/"])
def test_preview_stays_a_preview_on_older_pages(as_, cast, goal, path):
    for number in range(30):
        moment = timezone.now() - timedelta(hours=number)
        GoalCommentFactory(item=goal, mentorship=cast.mentorship, created_at=moment)
        ProgressUpdateFactory(goal=goal)
        RevisionFactory(goal=goal, changed_at=moment)

    page = page_of(as_("owner").get(f"/goals/{goal.pk}/{path}?as={cast.mentorship.pk}"))

    assert f"&amp;as={cast.mentorship.pk}" in page


@pytest.mark.parametrize("page", ["log", "history"])
def test_long_log_and_history_are_paged(as_, goal, page):
    for number in range(27):
        ProgressUpdateFactory(
            goal=goal, note=f"Note no. {number}.", happened_on=date(2026, 1, 1) + timedelta(days=number)
        )
        RevisionFactory(
            goal=goal, reason=f"Note no. {number}.", changed_at=timezone.now() - timedelta(hours=99 - number)
        )
    owner = as_("owner")

    first = owner.get(f"/goals/{goal.pk}/{page}/")
    second = owner.get(f"/goals/{goal.pk}/{page}/{first.context['older']}")

    assert "Note no. 26." in page_of(first)
    assert "Note no. 0." not in page_of(first)
    assert "Note no. 0." in page_of(second)


def test_print_has_absolute_dates_and_nothing_to_press(as_, goal):
    tomorrow = timezone.now().date() + timedelta(days=1)
    MilestoneFactory(goal=goal, title="The guide", due_on=tomorrow)

    page = page_of(as_("owner").get(f"/goals/{goal.pk}/print/"))
    sheet = page[page.index("<h1>") :]

    assert f"{tomorrow.day} {tomorrow:%B}" in sheet
    assert "Tomorrow" not in sheet
    assert 'data-bs-theme="light"' in page
    assert f"/goals/{goal.pk}/comments/" not in sheet


def test_staff_pages_show_no_words(as_, cast, goal, client, settings):
    from django.contrib.admin import site

    from goals.admin import GoalAdmin

    admin = GoalAdmin(Goal, site)

    assert not {"title", "why", "achievable", "closing_note"} & {*admin.list_display, *admin.fields}
    assert goal.title not in str(goal)
