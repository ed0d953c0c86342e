"""The one rule, with goals and their comments as what is shared."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError

from goals.models import Goal, GoalComment
from sharing import services
from sharing.models import Block
from tests.factories.accounts import UserFactory
from tests.factories.sharing import MentorshipFactory

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def make_goal(owner, **fields):
    fields = {
        "title": "Learn to say no",
        "measure": "yes_no",
        "starts_on": date(2026, 10, 1),
        "due_on": date(2027, 3, 1),
        "status": "active",
        "created_at": NOW,
        "updated_at": NOW,
    } | fields
    return Goal.objects.create(owner=owner, **fields)


@pytest.fixture
def goal(cast):
    goal = make_goal(cast.owner)
    goal.shared_with.set([cast.mentorship, cast.former_mentorship])
    return goal


def who_sees(cast, goal):
    names = ["owner", "mentor", "second_mentor", "former_mentor", "colleague", "stranger", "staff"]
    return {name for name in names if Goal.objects.visible_to(getattr(cast, name)).filter(pk=goal.pk).exists()}


def test_visible_to_owner_and_active_readers(cast, goal):
    assert who_sees(cast, goal) == {"owner", "mentor"}
    assert not Goal.objects.visible_to(AnonymousUser()).exists()


def test_sight_ends_with_the_relation(cast, goal):
    services.end_mentorship(mentorship=cast.mentorship, by=cast.mentor, at=NOW)

    assert who_sees(cast, goal) == {"owner"}


def test_sight_stays_while_paused(cast, goal):
    cast.mentorship.paused_until = date(2027, 1, 1)
    cast.mentorship.save()

    assert who_sees(cast, goal) == {"owner", "mentor"}


def test_a_new_relation_shows_nothing_of_the_old(cast, goal):
    again = services.open_mentorship(mentor=cast.former_mentor, mentee=cast.owner, kind="mentor", at=NOW)

    assert who_sees(cast, goal) == {"owner", "mentor"}
    assert not Goal.objects.shared_through(again).exists()
    assert not Goal.objects.shared_through(cast.former_mentorship).exists()


def test_drafts_and_the_bin_are_the_owners(cast, goal):
    draft = make_goal(cast.owner, status="draft", due_on=None)
    draft.shared_with.add(cast.mentorship)

    assert who_sees(cast, draft) == {"owner"}
    goal.put_in_bin(at=NOW)
    assert who_sees(cast, goal) == set()
    assert list(Goal.objects.in_bin_of(cast.owner)) == [goal]
    goal.take_from_bin()
    assert who_sees(cast, goal) == {"owner"}  # private again


def test_withdraw(cast, goal):
    services.withdraw(item=goal, mentorship=cast.mentorship, by=cast.owner)

    assert who_sees(cast, goal) == {"owner"}


@pytest.mark.parametrize("by", ["mentor", "stranger"])
def test_only_the_owner_shares(cast, goal, by):
    with pytest.raises(PermissionDenied):
        services.share(item=goal, mentorships=[cast.second_mentorship], by=getattr(cast, by))
    with pytest.raises(PermissionDenied):
        services.withdraw(item=goal, mentorship=cast.mentorship, by=getattr(cast, by))


def test_sharing_with_an_ended_or_foreign_relation_is_refused(cast, goal):
    other_way = MentorshipFactory(mentee=cast.mentor, mentor=cast.owner)
    foreign = MentorshipFactory()
    for mentorship in (cast.former_mentorship, other_way, foreign):
        with pytest.raises(PermissionDenied):
            services.share(item=goal, mentorships=[cast.second_mentorship, mentorship], by=cast.owner)

    assert who_sees(cast, goal) == {"owner", "mentor"}  # all or nothing


def test_set_shares_tells_who_is_new(cast, goal):
    new = services.set_shares(item=goal, mentorships=[cast.mentorship, cast.colleagueship], by=cast.owner)

    assert new == [cast.colleagueship]
    assert who_sees(cast, goal) == {"owner", "mentor", "colleague"}
    services.set_shares(item=goal, mentorships=[], by=cast.owner)
    assert who_sees(cast, goal) == {"owner"}


def say(cast, goal, name, mentorship, text="Words"):
    return services.add_comment(
        model=GoalComment, item=goal, mentorship=mentorship, by=getattr(cast, name), text=text, at=NOW
    )


def test_threads_are_apart_until_the_owner_opens_them(cast, goal):
    goal.shared_with.add(cast.second_mentorship)
    first = say(cast, goal, "mentor", cast.mentorship)
    second = say(cast, goal, "second_mentor", cast.second_mentorship)

    def sees(name):
        return set(GoalComment.objects.visible_to(getattr(cast, name)))

    assert sees("owner") == {first, second}
    assert sees("mentor") == {first}
    assert sees("second_mentor") == {second}
    assert sees("former_mentor") == sees("stranger") == sees("colleague") == set()
    Goal.objects.update(threads_open=True)
    assert sees("mentor") == sees("second_mentor") == {first, second}
    assert sees("former_mentor") == set()


def test_comment_is_refused_where_one_cannot_write(cast, goal):
    for name, mentorship in [
        ("former_mentor", cast.former_mentorship),
        ("stranger", cast.mentorship),
        ("mentor", cast.second_mentorship),
        ("second_mentor", cast.second_mentorship),
        ("owner", cast.second_mentorship),
        ("owner", cast.former_mentorship),
    ]:
        with pytest.raises(PermissionDenied):
            say(cast, goal, name, mentorship)


def test_edit_is_marked_after_ten_minutes(cast, goal):
    comment = say(cast, goal, "mentor", cast.mentorship)

    services.edit_comment(comment=comment, by=cast.mentor, text="Better", at=NOW + timedelta(minutes=9))
    assert comment.edited_at is None
    services.edit_comment(comment=comment, by=cast.mentor, text="Best", at=NOW + timedelta(minutes=11))
    assert comment.edited_at == NOW + timedelta(minutes=11)


@pytest.mark.parametrize("name", ["owner", "second_mentor", "former_mentor", "stranger"])
def test_nobody_edits_others_words(cast, goal, name):
    comment = say(cast, goal, "mentor", cast.mentorship)

    with pytest.raises(PermissionDenied):
        services.edit_comment(comment=comment, by=getattr(cast, name), text="Mine", at=NOW)


def test_owner_and_author_remove_and_it_shows_by_whom(cast, goal):
    comment = say(cast, goal, "mentor", cast.mentorship)

    with pytest.raises(PermissionDenied):
        services.remove_comment(comment=comment, by=cast.stranger, at=NOW)
    services.remove_comment(comment=comment, by=cast.owner, at=NOW)

    comment.refresh_from_db()
    assert (comment.text, comment.removed_by) == ("", cast.owner)
    with pytest.raises(PermissionDenied):
        services.edit_comment(comment=comment, by=cast.mentor, text="Back", at=NOW)


def test_a_former_mentor_neither_edits_nor_removes(cast, goal):
    comment = say(cast, goal, "mentor", cast.mentorship)
    services.end_mentorship(mentorship=cast.mentorship, by=cast.owner, at=NOW)

    for act in (
        lambda: services.edit_comment(comment=comment, by=cast.mentor, text="x", at=NOW),
        lambda: services.remove_comment(comment=comment, by=cast.mentor, at=NOW),
    ):
        with pytest.raises(PermissionDenied):
            act()
    comment.refresh_from_db()
    assert comment.text == "Words"
    assert list(GoalComment.objects.visible_to(cast.owner)) == [comment]


def test_deleted_author_becomes_former_member(cast, goal):
    comment = say(cast, goal, "mentor", cast.mentorship)
    services.end_mentorship(mentorship=cast.mentorship, by=cast.mentor, at=NOW)

    cast.mentor.delete()

    comment.refresh_from_db()
    assert comment.author_name == "former member"
    assert comment.text == "Words"


def test_ending_is_for_the_two_and_happens_once(cast):
    with pytest.raises(PermissionDenied):
        services.end_mentorship(mentorship=cast.mentorship, by=cast.stranger, at=NOW)
    services.end_mentorship(mentorship=cast.mentorship, by=cast.owner, at=NOW)
    services.end_mentorship(mentorship=cast.mentorship, by=cast.mentor, at=NOW + timedelta(days=1))

    cast.mentorship.refresh_from_db()
    assert cast.mentorship.ended_at == NOW


def test_block_ends_what_was_and_refuses_what_would_be(cast, goal):
    services.block(blocker=cast.owner, blocked=cast.mentor, at=NOW)
    services.block(blocker=cast.owner, blocked=cast.mentor, at=NOW)

    assert Block.objects.count() == 1
    assert who_sees(cast, goal) == {"owner"}
    with pytest.raises(ValidationError, match="not possible"):
        services.open_mentorship(mentor=cast.owner, mentee=cast.mentor, kind="colleague", at=NOW)


def test_open_mentorship_with_oneself_or_twice(cast):
    with pytest.raises(ValidationError, match="own mentor"):
        services.open_mentorship(mentor=cast.owner, mentee=cast.owner, kind="mentor", at=NOW)
    with pytest.raises(ValidationError, match="already work together"):
        services.open_mentorship(mentor=cast.mentor, mentee=cast.owner, kind="mentor", at=NOW)
    services.open_mentorship(mentor=UserFactory(), mentee=cast.owner, kind="mentor", at=NOW)
