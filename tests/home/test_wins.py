"""Wins where the week, the desk, the privacy page and the copy of one's data show them."""

import json
from datetime import UTC, date, datetime

import pytest
import time_machine

from home import export
from home.week import days_of, week_for
from tests.factories.goals import GoalFactory
from tests.factories.wins import ADDED_AT, WinCommentFactory, WinFactory
from wins.models import Win

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 12, tzinfo=UTC)  # Thursday
TODAY = NOW.date()
WEEK = "2026-W47"


def text_of(response):
    return response.content.decode()


def test_week_celebrates_wins_of_its_days(cast):
    for text, day, fields in (
        ("Spoke up", date(2026, 11, 17), {}),
        ("Before it", date(2026, 11, 15), {}),
        ("Thrown away", date(2026, 11, 17), {"deleted_at": ADDED_AT}),
    ):
        WinFactory(owner=cast.owner, text=text, happened_on=day, **fields)
    WinFactory(owner=cast.stranger, text="Somebody else's", happened_on=TODAY)

    week = week_for(cast.owner, viewer=cast.owner, week=WEEK, today=TODAY)

    assert [(win.title, win.sentence, win.neutral) for win in week.wins] == [("Spoke up", "A win: Spoke up", "A win")]
    assert week.hints == {"win"}


def test_week_tells_a_reader_of_shared_wins_only(cast):
    WinFactory(owner=cast.owner, text="Shared", shared_with=[cast.mentorship])
    WinFactory(owner=cast.owner, text="Kept")

    week = week_for(cast.owner, viewer=cast.mentor, week=WEEK, today=TODAY)

    assert [win.title for win in week.wins] == ["Shared"]


def test_memory_aid_holds_wins_as_what_was_reached(cast):
    WinFactory(owner=cast.owner, text="Spoke up")

    days = days_of(cast.owner, WEEK, today=TODAY)

    assert [day.reached for day in days] == [[], ["Spoke up"], [], []]


def test_this_week_shows_wins_and_adds_one(client, cast):
    GoalFactory(owner=cast.owner)
    WinFactory(owner=cast.owner, text="Spoke <up>")
    client.force_login(cast.owner)

    with time_machine.travel(NOW, tick=False):
        html = text_of(client.get("/"))
        added = client.post("/wins/new/?next=/", {"text": "Another"}, follow=True)

    assert "Spoke &lt;up&gt;" in html
    assert "So far: 1 small win." in html
    assert added.redirect_chain == [("/", 302)]
    assert "Another" in text_of(added)


def test_mentor_sees_shared_wins_of_a_mentee_and_no_others(client, cast):
    WinFactory(owner=cast.owner, text="Shared one", shared_with=[cast.mentorship])
    WinFactory(owner=cast.owner, text="Kept one")
    WinFactory(owner=cast.owner, text="Gone one", shared_with=[cast.mentorship], deleted_at=ADDED_AT)
    client.force_login(cast.mentor)

    for url in (f"/mentees/{cast.mentorship.pk}/", f"/mentorships/{cast.mentorship.pk}/"):
        html = text_of(client.get(url))
        assert "Shared one" in html
        assert "Kept one" not in html
        assert "Gone one" not in html


def test_privacy_page_lists_a_win_and_stops_showing_it(client, cast):
    win = WinFactory(owner=cast.owner, text="Shared one", shared_with=[cast.mentorship])
    client.force_login(cast.owner)

    html = text_of(client.get("/settings/privacy/"))
    client.post(f"/settings/privacy/{cast.mentorship.pk}/withdraw/", {"item": f"win-{win.pk}"})

    assert "Stop showing Shared one to Mina Mentor" in html
    assert not Win.objects.visible_to(cast.mentor).exists()


def test_goal_has_its_wins_around_it(client, cast):
    goal = GoalFactory(owner=cast.owner, shared_with=[cast.mentorship])
    WinFactory(owner=cast.owner, text="On the way", goal=goal)
    client.force_login(cast.owner)
    own = text_of(client.get(f"/around/goal/{goal.pk}/"))
    client.force_login(cast.mentor)
    theirs = text_of(client.get(f"/around/goal/{goal.pk}/"))

    assert "On the way" in own
    assert "On the way" not in theirs


def test_copy_holds_own_wins_the_bin_included(cast):
    WinFactory(owner=cast.owner, text="Mine", note="More", shared_with=[cast.mentorship, cast.former_mentorship])
    WinFactory(owner=cast.owner, text="Binned", deleted_at=ADDED_AT)
    WinFactory(owner=cast.stranger, text="NOTMINE")

    whole = "".join(export.copy_of(cast.owner, now=NOW))

    assert '"text": "Mine", "note": "More"' in whole
    assert f'"shown_to_relations": [{cast.mentorship.pk}]' in whole
    assert "Binned" in whole
    assert "NOTMINE" not in whole


def test_copy_holds_what_was_said_about_wins_to_each_side(cast):
    win = WinFactory(owner=cast.owner, text="SECRETWIN", shared_with=[cast.mentorship])
    WinCommentFactory(item=win, mentorship=cast.mentorship, text="Well done")
    WinCommentFactory(item=win, mentorship=cast.mentorship, author=cast.owner, text="Hers")

    own, of_reader = (json.loads("".join(export.copy_of(user, now=NOW))) for user in (cast.owner, cast.mentor))

    assert [(row["by"], row["text"]) for row in own["wins"][0]["comments"]] == [
        ("Mina Mentor", "Well done"),
        ("Olive Owner", "Hers"),
    ]
    assert [(row["about"], row["text"]) for row in of_reader["my_words_to_others"]] == [
        ("a win of Olive Owner", "Well done")
    ]
    assert "SECRETWIN" not in str(of_reader)
    assert "Hers" not in str(of_reader)


def test_words_about_a_win_are_news_of_the_week_to_who_may_read_them(cast):
    win = WinFactory(owner=cast.owner, text="Spoke up", shared_with=[cast.mentorship, cast.colleagueship])
    WinCommentFactory(item=win, mentorship=cast.mentorship, text="Well done", created_at=NOW)

    def told(viewer):
        week = week_for(cast.owner, viewer=viewer, week=WEEK, today=TODAY)
        return [thing.sentence for thing in week.moved if thing.hint == "comment"]

    assert told(cast.owner) == told(cast.mentor) == ["Mina Mentor wrote about “Spoke up”"]
    assert told(cast.colleague) == told(cast.former_mentor) == []
