"""A reader's nod at something logged, and thanks for a comment."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from goals import services
from goals.models import Seen
from mail.models import Message
from tests.factories.goals import NOW, GoalCommentFactory, GoalFactory, ProgressUpdateFactory, SeenFactory
from tests.goals.pages import HTMX, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def goal(cast):
    return GoalFactory(owner=cast.owner, shared_with=[cast.mentorship, cast.colleagueship])


@pytest.fixture
def update(goal):
    return ProgressUpdateFactory(goal=goal)


@pytest.fixture
def comment(cast, goal):
    return GoalCommentFactory(item=goal, mentorship=cast.mentorship, text="What did you notice?")


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_reader_marks_an_update_as_seen_and_takes_it_back(as_, cast, goal, update, headers):
    mentor, url = as_("mentor"), f"/goals/progress/{update.pk}/seen/"

    page = page_of(mentor.post(url, {"seen": "1"}, headers=headers, follow=True))
    mentor.post(url, {"seen": "1"})

    assert f'id="seen-{update.pk}" aria-pressed="true"' in page
    assert Seen.objects.get().mentorship == cast.mentorship
    assert not Message.objects.exists()
    page = page_of(mentor.post(url, {"seen": ""}, headers=headers, follow=True))
    assert f'id="seen-{update.pk}" aria-pressed="false"' in page
    assert not Seen.objects.exists()


@pytest.mark.parametrize("path", ["", "log/"])
def test_owner_reads_who_saw_it_and_readers_only_their_own_mark(as_, cast, goal, update, path):
    SeenFactory(update=update, mentorship=cast.mentorship, seen_at=NOW)
    SeenFactory(update=update, mentorship=cast.colleagueship, seen_at=timezone.now())
    SeenFactory(update=update, mentorship=cast.former_mentorship)

    seen_by = f"Seen by {cast.mentor.given_name} and {cast.colleague.given_name}"
    url = f"/goals/{goal.pk}/{path}"
    assert seen_by in page_of(as_("owner").get(url))
    cast.colleagueship.seen_updates.all().delete()
    page = page_of(as_("colleague").get(url))
    assert "Seen by" not in page
    assert 'aria-pressed="false" aria-label="Seen: what was logged' in page
    assert "Seen by" not in page_of(as_("mentor").get(url))


def test_owner_sees_no_button_in_the_preview(as_, cast, goal, update):
    page = page_of(as_("owner").get(f"/goals/{goal.pk}/?as={cast.mentorship.pk}"))

    assert "/seen/" not in page
    assert "/thanks/" not in page


def test_seen_in_the_log_goes_back_to_the_log(as_, goal, update):
    response = as_("mentor").post(f"/goals/progress/{update.pk}/seen/", {"seen": "1", "next": f"/goals/{goal.pk}/log/"})

    assert response.headers["Location"] == f"/goals/{goal.pk}/log/"


@pytest.mark.parametrize("name", ["owner", "former_mentor", "stranger"])
def test_only_a_reader_of_now_marks_it(cast, update, name):
    with pytest.raises(PermissionDenied):
        services.see_progress(update=update, is_seen=True, by=getattr(cast, name), at=NOW)


def test_withdrawn_goal_takes_no_mark(cast, goal, update):
    goal.shared_with.remove(cast.mentorship)

    with pytest.raises(PermissionDenied):
        services.see_progress(update=update, is_seen=True, by=cast.mentor, at=NOW)


@pytest.mark.parametrize("count", [1, 3])
def test_log_asks_no_more_for_marks(as_, cast, goal, count, frame_queries, django_assert_num_queries):
    for _ in range(count):
        SeenFactory(update__goal=goal, mentorship=cast.mentorship)
    owner = as_("owner")
    owner.get(f"/goals/{goal.pk}/log/")

    with django_assert_num_queries(frame_queries(owner) + 3):  # the visitor, the goal, its log
        owner.get(f"/goals/{goal.pk}/log/")


def test_owner_says_thanks_and_takes_it_back(as_, cast, goal, comment):
    owner, url = as_("owner"), f"/goals/comments/{comment.pk}/thanks/"

    part = page_of(owner.post(url, {"thanks": "1"}, headers=HTMX))
    owner.post(url, {"thanks": "1"})

    assert f'id="thanks-{comment.pk}" aria-pressed="true"' in part
    assert "says thanks" not in part
    assert not Message.objects.exists()
    page = page_of(as_("mentor").get(f"/goals/{goal.pk}/"))
    assert "Olive says thanks" in page
    assert "/thanks/" not in page
    as_("owner").post(url, {"thanks": ""})
    comment.refresh_from_db()
    assert comment.thanked_at is None


def test_mentor_thanks_the_owner(as_, cast, goal):
    comments = services.comment_on_goal(
        goal=goal, mentorships=[cast.mentorship, cast.colleagueship], by=cast.owner, text="Here is what I saw.", at=NOW
    )
    for each, by in zip(comments, [cast.mentor, cast.colleague], strict=True):
        services.thank_for_comment(comment=each, is_thanks=True, by=by, at=NOW)

    page = page_of(as_("owner").get(f"/goals/{goal.pk}/"))

    names = {cast.mentor.given_name, cast.colleague.given_name}
    assert any(f"{one} and {two} say thanks" in page for one in names for two in names - {one})
    page = page_of(as_("mentor").get(f"/goals/{goal.pk}/"))
    assert 'aria-pressed="true"' in page
    assert "says thanks" not in page
    assert cast.colleague.given_name not in page


@pytest.mark.parametrize("name", ["mentor", "colleague", "former_mentor", "stranger"])
def test_only_whom_it_was_written_to_says_thanks(as_, cast, goal, comment, name):
    response = as_(name).post(f"/goals/comments/{comment.pk}/thanks/", {"thanks": "1"})

    assert response.status_code == (403 if name == "mentor" else 404)
    comment.refresh_from_db()
    assert comment.thanked_at is None


def test_other_readers_of_open_threads_do_not_say_thanks(as_, goal, comment):
    type(goal).objects.update(threads_open=True)

    assert as_("colleague").post(f"/goals/comments/{comment.pk}/thanks/", {"thanks": "1"}).status_code == 403


@pytest.mark.parametrize("change", ["removed", "ended"])
def test_no_thanks_for_what_was_removed_or_has_ended(cast, comment, change):
    if change == "removed":
        services.remove_comment(comment=comment, by=cast.mentor, at=NOW)
    else:
        cast.mentorship.end(at=NOW)

    with pytest.raises(PermissionDenied):
        services.thank_for_comment(comment=comment, is_thanks=True, by=cast.owner, at=NOW)
