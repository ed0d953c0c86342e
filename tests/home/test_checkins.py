"""Check-ins in the week, the feed, on the desk and in the copy of one's data."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from home.context import Frame
from home.export import copy_of
from home.feed import days_of_feed
from home.models import CalendarFeed
from home.week import week_for
from mentors import desk, services
from tests.factories.mentors import (
    ActionFactory,
    AdviceFactory,
    AgendaPointFactory,
    CheckInFactory,
    NoteFactory,
    ProposedTimeFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 12, tzinfo=UTC)  # a Thursday
TODAY = NOW.date()


def due_to(user):
    return week_for(user, viewer=user, week="2026-W47", today=TODAY).due


def planned(cast, **more):
    return CheckInFactory(
        mentorship=cast.mentorship, **{"starts_at": datetime(2026, 11, 21, 17, 30, tzinfo=UTC), **more}
    )


def needs_of(user):
    """What waits for a mentor, but for the pairs that have become quiet."""
    return [row for row in desk.lay_desk(user, now=NOW).needs if not row.key.startswith("quiet")]


def offered(cast, *, proposer=None, days=2):
    check_in = CheckInFactory(mentorship=cast.mentorship, proposed=True, proposer=proposer or cast.owner)
    ProposedTimeFactory(check_in=check_in, starts_at=NOW + timedelta(days=days))
    return check_in


def test_both_have_a_planned_one_in_their_week_by_the_others_name(cast):
    cast.mentor.time_zone = "Asia/Tokyo"
    cast.mentor.save()
    cast.mentor.refresh_from_db()
    planned(cast)

    [mine], [theirs] = due_to(cast.owner), due_to(cast.mentor)

    assert (mine.title, mine.about, mine.on.day) == ("Check-in with Mina", "17:30, video call", 21)
    assert (theirs.title, theirs.about, theirs.on.day) == ("Check-in with Olive", "02:30, video call", 22)


def test_a_proposal_waits_for_the_other_side_only_and_until_its_last_time(cast):
    check_in = offered(cast, days=60)

    [waiting] = due_to(cast.mentor)
    assert waiting.title == "Olive proposes times for a check-in"
    assert waiting.on == TODAY
    assert waiting.url == f"{check_in.get_absolute_url()}#times"
    assert due_to(cast.owner) == []
    check_in.times.update(starts_at=NOW - timedelta(days=1))
    assert due_to(cast.mentor) == []


def test_a_held_one_is_what_moved(cast):
    CheckInFactory(mentorship=cast.mentorship, held=True, starts_at=NOW - timedelta(days=1))

    [thing] = week_for(cast.owner, viewer=cast.owner, week="2026-W47", today=TODAY).moved

    assert (thing.title, thing.about) == ("Check-in with Mina", "You two met")


def test_a_reader_sees_in_the_owners_week_only_their_own_check_ins(cast):
    planned(cast)

    for viewer, number in ((cast.mentor, 1), (cast.second_mentor, 0), (cast.former_mentor, 0), (cast.colleague, 0)):
        assert len(week_for(cast.owner, viewer=viewer, week="2026-W47", today=TODAY).due) == number


@pytest.mark.parametrize("shows", [True, False])
def test_the_feed_has_its_hour_and_hides_the_name_until_titles_are_shown(cast, shows):
    planned(cast)
    feed = CalendarFeed(owner=cast.owner, shows_titles=shows)

    [event] = days_of_feed(feed, today=TODAY)

    assert event.summary == ("Check-in with Mina" if shows else "Check-in")
    assert (event.at, event.minutes) == (datetime(2026, 11, 21, 17, 30, tzinfo=UTC), 45)


def test_nothing_is_left_after_the_end(cast):
    planned(cast)
    offered(cast)
    services.end_with_words(mentorship=cast.mentorship, by=cast.owner, words="", now=NOW)

    for person in (cast.owner, cast.mentor):
        assert due_to(person) == []
        assert days_of_feed(CalendarFeed(owner=person), today=TODAY) == []


def test_the_desk_says_when_they_meet_and_what_is_on_the_list(cast):
    CheckInFactory(mentorship=cast.mentorship, held=True, starts_at=NOW - timedelta(days=9))
    planned(cast)
    AgendaPointFactory(mentorship=cast.mentorship, text="Silence")
    AgendaPointFactory(mentorship=cast.mentorship, author=cast.mentor, text="The guide")
    AgendaPointFactory(mentorship=cast.mentorship, text="Ticked", done_at=NOW)

    [panel] = desk.lay_desk(cast.mentor, now=NOW).panels

    assert panel.met_on == TODAY - timedelta(days=9)
    assert panel.next_said == "Sat 21 Nov, 17:30"
    assert panel.points == [("Silence", "Olive"), ("The guide", "you")]


def test_a_proposal_of_a_mentee_waits_on_the_desk_and_counts(cast):
    before = Frame(cast.mentor, NOW).mentees_waiting
    check_in = offered(cast)

    [row] = needs_of(cast.mentor)

    assert (row.key, row.path) == (f"checkin-{check_in.pk}", check_in.get_absolute_url())
    assert Frame(cast.mentor, NOW).mentees_waiting == before + 1


@pytest.mark.parametrize("how", ["mine", "past", "resting"])
def test_what_does_not_wait_for_the_mentor_does_not_count(cast, how):
    offered(cast, proposer=cast.mentor if how == "mine" else None, days=-1 if how == "past" else 2)
    if how == "resting":
        cast.mentorship.paused_until = TODAY + timedelta(days=3)
        cast.mentorship.save()

    assert needs_of(cast.mentor) == []
    assert Frame(cast.mentor, NOW).mentees_waiting == 0


def test_the_page_of_the_desk_offers_a_time_and_the_list(client, cast):
    offered(cast, days=400)
    client.force_login(cast.mentor)

    page = client.get("/mentees/").content.decode()

    assert "Olive proposes times for a check-in" in page
    assert "None planned" in page
    assert f"/mentorships/{cast.mentorship.pk}/check-ins/new/" in page


@pytest.mark.parametrize(
    ("owner", "due", "needs"), [("mentor", 0, 1), ("mentor", None, 1), ("mentor", 2, 0), ("owner", 0, 0)]
)
def test_what_the_mentor_promised_needs_them_on_its_day(cast, owner, due, needs):
    held = CheckInFactory(mentorship=cast.mentorship, held=True, starts_at=NOW - timedelta(days=1))
    due_on = None if due is None else TODAY + timedelta(days=due)
    ActionFactory(check_in=held, owner=getattr(cast, owner), text="Lend the book", due_on=due_on)

    rows = needs_of(cast.mentor)

    assert [row.title for row in rows] == ["You promised Olive: Lend the book"] * needs
    assert Frame(cast.mentor, NOW).mentees_waiting == needs


def test_a_proposal_can_be_set_aside(client, cast):
    check_in = offered(cast, days=400)
    client.force_login(cast.mentor)

    client.post("/mentees/snooze/", {"item": f"checkin-{check_in.pk}", "when": "week"})

    assert Frame(cast.mentor, datetime.now(UTC)).mentees_waiting == 0


def copied(user):
    return json.loads("".join(copy_of(user, now=NOW)))


def test_the_copy_holds_what_is_ones_own(cast):
    held = CheckInFactory(mentorship=cast.mentorship, held=True, takeaways="OUR-TAKEAWAY")
    for author in (cast.owner, cast.mentor):
        NoteFactory(check_in=held, author=author, text=f"PRIVATE-OF-{author.given_name}")
        NoteFactory(check_in=held, author=author, text=f"SHARED-OF-{author.given_name}", is_shared=True)
        ActionFactory(check_in=held, owner=author, text=f"PROMISE-OF-{author.given_name}")
    AgendaPointFactory(mentorship=cast.mentorship, text="POINT")
    AdviceFactory(check_in=held, text="ADVICE")
    mine, theirs = copied(cast.owner), copied(cast.mentor)

    [check_in] = mine["check_ins"]
    assert check_in["takeaways"] == "OUR-TAKEAWAY"
    assert [note["text"] for note in check_in["notes"]] == ["PRIVATE-OF-Olive", "SHARED-OF-Olive", "SHARED-OF-Mina"]
    assert mine["advice"][0]["words"] == "ADVICE"
    assert mine["to_talk_about"][0]["text"] == "POINT"

    told = json.dumps(theirs)
    assert theirs["check_ins"] == theirs["advice"] == []
    assert "PRIVATE-OF-Mina" in told
    assert "PROMISE-OF-Mina" in told
    for secret in ("OUR-TAKEAWAY", "PRIVATE-OF-Olive", "SHARED-OF-Olive", "PROMISE-OF-Olive", "POINT"):
        assert secret not in told
