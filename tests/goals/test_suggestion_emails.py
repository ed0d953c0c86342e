from datetime import date, timedelta

import pytest

from goals import services
from goals.emails import goal_comment, suggestion_taken
from goals.models import Revision, Suggestion
from mail.letters import compose
from mail.models import Message
from tests.factories.goals import NOW, GoalCommentFactory, GoalFactory, SuggestionFactory
from tests.factories.sharing import MentorshipFactory
from tests.goals.suggestions import PROPOSALS, accept, propose

pytestmark = pytest.mark.django_db


@pytest.fixture
def goal(cast):
    return GoalFactory(
        owner=cast.owner,
        title="Run 12 user interviews",
        due_on=date(2026, 5, 15),
        shared_with=[cast.mentorship, cast.colleagueship, cast.former_mentorship],
    )


def mails(kind):
    return list(Message.objects.with_recipient().filter(kind=kind).order_by("pk"))


def test_mail_about_the_comment_names_the_suggestion(cast, goal):
    services.comment_on_goal(
        goal=goal,
        mentorships=[cast.mentorship],
        by=cast.mentor,
        text="Clinics are slow.",
        at=NOW,
        suggestion=Suggestion(**PROPOSALS["due_on"]),
    )
    [message] = mails("goal_comment")

    letter = compose(message, goal_comment(message, now=NOW), now=NOW)

    assert "Suggested: Another date: 30 June" in letter.text
    assert "<strong>Suggested:</strong> Another date: 30 June" in letter.html


def test_mentor_hears_in_one_mail_what_was_taken_up(cast, goal):
    accept(propose(goal, cast, "target"), cast)
    accept(propose(goal, cast, "milestone", words="Write <b>it</b>"), cast, minutes=4)
    [message] = mails("suggestion_taken")

    letter = compose(message, suggestion_taken(message, now=NOW), now=NOW)

    assert (message.user, message.preference) == (cast.mentor, "comments")
    assert message.not_before == NOW + timedelta(minutes=10)
    assert letter.subject == "Olive took up what you suggested: Run 12 user interviews"
    for part in (letter.text, letter.html):
        assert "Another target: 10 interviews" in part
        assert f"http://waymark.test/goals/{goal.pk}/" in part
    assert "- A milestone: Write <b>it</b>, 1 April" in letter.text
    assert "Write &lt;b&gt;it" in letter.html
    assert "takes up what you suggested" in letter.text


def test_second_mail_tells_only_what_came_after_the_first(cast, goal):
    accept(propose(goal, cast, "target"), cast)
    Message.objects.update(state="sent", finished_at=NOW)
    accept(propose(goal, cast, "milestone"), cast, minutes=15)

    _, second = mails("suggestion_taken")
    text = compose(second, suggestion_taken(second, now=NOW), now=NOW).text

    assert "A milestone: Write the guide" in text
    assert "Another target" not in text


def test_private_text_stays_out_of_that_mail(cast, goal):
    cast.mentor.mails_hide_text = True
    cast.mentor.save()
    accept(propose(goal, cast, "milestone", words="SECRETSTEP"), cast)
    [message] = mails("suggestion_taken")

    letter = compose(message, suggestion_taken(message, now=NOW), now=NOW)

    for part in (letter.subject, letter.text, letter.html):
        assert "SECRETSTEP" not in part
        assert "interviews" not in part


@pytest.mark.parametrize("change", ["deleted", "removed"])
def test_mail_about_a_suggestion_is_not_sent_once_it_is_gone(cast, goal, change):
    words = {"text": "Clinics are slow.", "suggestion": Suggestion(**PROPOSALS["title"])}
    services.comment_on_goal(goal=goal, mentorships=[cast.mentorship], by=cast.mentor, at=NOW, **words)
    [message] = mails("goal_comment")
    if change == "deleted":
        services.delete_goal(goal=goal, by=cast.owner, at=NOW)
    else:
        services.remove_comment(comment=goal.comments.get(), by=cast.mentor, at=NOW)

    assert goal_comment(message, now=NOW) is None


@pytest.mark.parametrize("change", ["ended", "begun anew", "withdrawn", "deleted", "removed"])
def test_mail_is_not_sent_once_the_mentor_may_not_see_the_goal(cast, goal, change):
    suggestion = propose(goal, cast, "target")
    accept(suggestion, cast)
    [message] = mails("suggestion_taken")
    if change in {"ended", "begun anew"}:
        cast.mentorship.end(at=NOW)
        if change == "begun anew":  # another relation of the same two, which sees the goal and not the old thread
            goal.shared_with.add(MentorshipFactory(mentee=cast.owner, mentor=cast.mentor))
    elif change == "withdrawn":
        goal.shared_with.clear()
    elif change == "deleted":
        services.delete_goal(goal=goal, by=cast.owner, at=NOW)
    else:
        services.remove_comment(comment=suggestion.comment, by=cast.owner, at=NOW)

    assert suggestion_taken(message, now=NOW) is None


def test_former_mentor_is_credited_and_not_written_to(cast, goal):
    ended = MentorshipFactory(mentee=cast.owner, status="ended", ended_at=NOW)
    comment = GoalCommentFactory(item=goal, mentorship=ended)
    suggestion = SuggestionFactory(comment=comment, **PROPOSALS["target"])

    assert accept(suggestion, cast)
    assert Revision.objects.get().suggested_by == ended.mentor
    assert not Message.objects.exists()


def test_words_of_a_mentor_whose_account_is_gone_stay_with_the_owner(client, cast, goal):
    goal.shared_with.add(cast.second_mentorship)
    leaving = MentorshipFactory(mentee=cast.owner)
    goal.shared_with.add(leaving)
    comment = GoalCommentFactory(item=goal, mentorship=leaving, text="Between the two of us.")
    accept(SuggestionFactory(comment=comment, **PROPOSALS["target"]), cast)
    leaving.end(at=NOW)
    leaving.mentor.delete()

    pages = {}
    for person in (cast.owner, cast.second_mentor):
        client.force_login(person)
        pages[person] = client.get(f"/goals/{goal.pk}/history/").content.decode()

    assert "Between the two of us." in pages[cast.owner]
    assert "suggested by a former member" in pages[cast.owner]
    assert "Between the two of us." not in pages[cast.second_mentor]
