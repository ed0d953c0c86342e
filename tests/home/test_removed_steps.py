"""What was taken away from a goal is due to nobody: not on the page of the week, not in the mail, not in a calendar."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from goals.services import remove_milestone
from home import export
from home.feed import days_of_feed
from home.week import week_for
from tests.factories.goals import GoalFactory, MilestoneFactory
from tests.factories.home import CalendarFeedFactory
from tests.reminders.test_emails import letter_to

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 12, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def step(cast):
    goal = GoalFactory(owner=cast.owner, due_on=date(2027, 5, 1), shared_with=[cast.mentorship])
    MilestoneFactory(goal=goal, title="Book a room", due_on=TODAY + timedelta(days=1))
    step = MilestoneFactory(goal=goal, title="Ask Hannah", due_on=TODAY + timedelta(days=2))
    remove_milestone(milestone=step, by=cast.owner, at=NOW)
    return step


def test_week_mail_and_feed_pass_it_over(client, cast, step):
    feed = CalendarFeedFactory(owner=cast.owner, shows_titles=True)
    week = week_for(cast.owner, viewer=cast.owner, week="2026-W47", today=TODAY)
    client.force_login(cast.owner)
    with time_machine.travel(NOW, tick=False):
        page = client.get("/").content.decode()
    letter = letter_to(cast.owner, now=NOW)

    assert [thing.title for thing in week.due] == ["Book a room"]
    for text in (page, letter.text, letter.html, str(days_of_feed(feed, today=TODAY))):
        assert "Book a room" in text
        assert "Ask Hannah" not in text


def test_mentors_desk_passes_it_over(client, cast, step):
    client.force_login(cast.mentor)
    with time_machine.travel(NOW, tick=False):
        for url in ("/mentees/", f"/mentees/{cast.mentorship.pk}/"):
            assert "Ask Hannah" not in client.get(url).content.decode().replace("Milestone removed: Ask Hannah", "")


def test_copy_says_when_it_was_removed(cast, step):
    copy = json.loads("".join(export.copy_of(cast.owner, now=NOW)))

    by_title = {row["title"]: row["removed_at"] for row in copy["goals"][0]["milestones"]}
    assert by_title == {"Book a room": None, "Ask Hannah": "2026-11-19T12:00:00Z"}
