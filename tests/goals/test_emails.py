from datetime import date, timedelta
from decimal import Decimal

import pytest

from goals import services
from goals.emails import goal_comment, goal_shared
from mail.letters import compose
from mail.models import Message
from tests.factories.goals import NOW, GoalFactory, MilestoneFactory, ProgressUpdateFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def goal(cast):
    goal = GoalFactory(owner=cast.owner, title="Run 12 user interviews", shared_with=[cast.mentorship])
    ProgressUpdateFactory(goal=goal, value=Decimal(5))
    return goal


def write(cast, goal, text, *, by=None, minutes=0, milestone=None):
    services.comment_on_goal(
        goal=goal,
        mentorships=[cast.mentorship],
        by=by or cast.mentor,
        text=text,
        at=NOW + timedelta(minutes=minutes),
        milestone=milestone,
    )


def mails():
    return list(Message.objects.with_recipient().order_by("pk"))


def letter_of(message, content):
    return compose(message, content, now=NOW)


def test_comment_mail_brings_the_words_and_where_the_goal_stands(cast, goal):
    guide = MilestoneFactory(goal=goal, title="Finish the interview guide", due_on=date(2026, 3, 13))
    write(cast, goal, "Five in is when it **clicks** & <b>so on</b>.", milestone=guide)
    [message] = mails()

    letter = letter_of(message, goal_comment(message, now=NOW))

    assert message.user == cast.owner
    assert message.preference == "comments"
    assert letter.subject == "Mina wrote about Run 12 user interviews"
    assert "Five in is when it **clicks** & <b>so on</b>." in letter.text
    assert f"http://waymark.test/goals/{goal.pk}/#conversation" in letter.text
    assert "5 of 12 interviews, a little behind" in letter.text
    assert "One every 9 days gets to 12 by 15 May." in letter.text
    assert "On the milestone Finish the interview guide, due tomorrow" in letter.text
    assert "<strong>clicks</strong>" in letter.html
    assert "&lt;b&gt;so on" in letter.html
    assert "Mina Mentor, your mentor, wrote about" in letter.html
    assert f'href="http://waymark.test/goals/{goal.pk}/#conversation"' in letter.html
    assert "Answer Mina" in letter.html
    assert "You get an email when somebody who reads with you writes." in letter.text
    assert len(letter.html) < 30_000


def test_reader_gets_the_answer_of_the_owner(cast, goal):
    write(cast, goal, "Thank you.", by=cast.owner)
    [message] = mails()

    letter = letter_of(message, goal_comment(message, now=NOW))

    assert message.user == cast.mentor
    assert letter.subject == "Olive wrote about Run 12 user interviews"
    assert "your mentor" not in letter.text


def test_private_text_stays_out_of_mails_where_somebody_wants_that(cast, goal):
    cast.owner.mails_hide_text = True
    cast.owner.save()
    write(cast, goal, "SECRETWORDS")
    [message] = mails()

    letter = letter_of(message, goal_comment(message, now=NOW))

    assert letter.subject == "Mina wrote to you"
    for part in (letter.subject, letter.text, letter.html):
        assert "SECRETWORDS" not in part
        assert "interviews" not in part


@pytest.mark.parametrize("change", ["ended", "withdrawn", "deleted", "draft", "removed"])
def test_mail_is_not_sent_once_its_reader_may_not_see_the_goal(cast, goal, change):
    write(cast, goal, "Private words", by=cast.owner)
    [message] = mails()
    comment = goal.comments.get()
    if change == "ended":
        cast.mentorship.end(at=NOW)
    elif change == "withdrawn":
        goal.shared_with.clear()
    elif change == "deleted":
        services.delete_goal(goal=goal, by=cast.owner, at=NOW)
    elif change == "draft":
        type(goal).objects.filter(pk=goal.pk).update(status="draft")
    else:
        services.remove_comment(comment=comment, by=cast.owner, at=NOW)

    assert goal_comment(message, now=NOW) is None


def test_comments_of_ten_minutes_share_a_mail(cast, goal):
    write(cast, goal, "First")
    [first] = mails()
    assert first.not_before == NOW
    Message.objects.filter(pk=first.pk).update(state="sent", finished_at=NOW)

    write(cast, goal, "Second", minutes=2)
    write(cast, goal, "Third", minutes=4)
    write(cast, goal, "My own answer", by=cast.owner, minutes=5)
    first, second, to_mentor = mails()

    assert second.user == cast.owner
    assert second.not_before == NOW + timedelta(minutes=10)
    assert to_mentor.user == cast.mentor
    text = letter_of(second, goal_comment(second, now=NOW)).text
    assert text.index("Second") < text.index("Third")
    assert "First" not in text
    assert "My own answer" not in text


def test_comment_after_ten_minutes_is_told_at_once(cast, goal):
    write(cast, goal, "First")
    Message.objects.update(state="sent", finished_at=NOW)

    write(cast, goal, "Later", minutes=11)

    assert mails()[-1].not_before == NOW + timedelta(minutes=11)


def test_mail_that_still_waits_takes_further_comments_along(cast, goal):
    write(cast, goal, "First")
    write(cast, goal, "Second", minutes=1)

    [message] = mails()
    text = letter_of(message, goal_comment(message, now=NOW)).text
    assert "First" in text
    assert "Second" in text


def test_threads_of_other_readers_stay_out(cast, goal):
    goal.shared_with.add(cast.colleagueship)
    write(cast, goal, "Between us")
    services.comment_on_goal(
        goal=goal, mentorships=[cast.colleagueship], by=cast.colleague, text="Other thread", at=NOW
    )
    to_owner = mails()

    texts = [letter_of(message, goal_comment(message, now=NOW)).text for message in to_owner]

    assert len(texts) == 2
    assert ["Between us" in text for text in texts] == [True, False]
    assert ["Other thread" in text for text in texts] == [False, True]


def test_shared_mail(cast, goal):
    services.share_goal(goal=goal, mentorships=[cast.mentorship, cast.colleagueship], by=cast.owner)
    [message] = mails()

    letter = letter_of(message, goal_shared(message, now=NOW))

    assert (message.user, message.preference) == (cast.colleague, "mentoring")
    assert letter.subject == "Olive shared a goal with you: Run 12 user interviews"
    assert "stop guessing what receptionists struggle with" in letter.text
    assert f"http://waymark.test/goals/{goal.pk}/" in letter.text
    assert "Read Olive's goal" in letter.html

    services.share_goal(goal=goal, mentorships=[cast.mentorship], by=cast.owner)
    assert goal_shared(message, now=NOW) is None


def test_shared_mail_without_private_text(cast, goal):
    cast.colleague.mails_hide_text = True
    cast.colleague.save()
    services.share_goal(goal=goal, mentorships=[cast.mentorship, cast.colleagueship], by=cast.owner)
    [message] = mails()

    letter = letter_of(message, goal_shared(message, now=NOW))

    assert letter.subject == "Olive shared a goal with you"
    assert "interviews" not in letter.subject + letter.text + letter.html


def test_comment_mail_asks_few_questions(cast, goal, django_assert_max_num_queries):
    for number in range(5):
        write(cast, goal, f"Comment {number}")
    [message] = mails()

    with django_assert_max_num_queries(1):
        letter_of(message, goal_comment(message, now=NOW))
