from datetime import date, timedelta

import pytest
from django.utils import timezone

from goals.models import Goal, GoalComment, ProgressUpdate
from goals.reading import COMMENTS_SHOWN
from tests.factories.goals import (
    GoalCommentFactory,
    GoalFactory,
    MilestoneFactory,
    ProgressUpdateFactory,
    RevisionFactory,
)
from tests.goals.pages import page_of

pytestmark = pytest.mark.django_db

# The visitor, the goal, its milestones, its log, who reads it, its history, the conversation.
DETAIL_QUERIES = 7


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


def test_draft_is_not_found_by_its_reader(as_, cast):
    draft = GoalFactory(owner=cast.owner, draft=True, shared_with=[cast.mentorship])

    assert as_("mentor").get(f"/goals/{draft.pk}/").status_code == 404
    assert as_("owner").get(f"/goals/{draft.pk}/").status_code == 200


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
