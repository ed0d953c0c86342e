from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.deletion import ask_deletion, cancel_deletion, erase
from core.logs import LineFormatter
from home import feed as feeds
from home import services, week
from home.look import Thing
from home.models import CalendarFeed
from home.views import calendar_feed
from home.week import week_for
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalFactory, MilestoneFactory, ProgressUpdateFactory
from tests.factories.home import CalendarFeedFactory
from tests.home.test_ical import HOSTILE, read
from tests.reminders.test_emails import letter_to, lived_week

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 12, tzinfo=UTC)  # Thursday
TODAY = NOW.date()
WEEK = "2026-W47"
ADDRESS = "/calendar/feed-of-a-test.ics"


def get(client, address=ADDRESS, *, now=NOW, **headers):
    with time_machine.travel(now, tick=False):
        return client.get(address, headers=headers)


def events_of(client, **options):
    response = get(client, **options)
    assert response.status_code == 200
    return read(response.content).events


def summaries(client, **options):
    return [str(event["SUMMARY"]) for event in events_of(client, **options)]


# --- What stands in it


def test_feed_page_and_mail_hold_the_same_due_things(client):
    user = lived_week()
    GoalFactory(owner=user, title="Give a talk", due_on=date(2026, 11, 26))
    goal = user.goals.get(title="Run 12 user interviews")
    MilestoneFactory(goal=goal, title="Was due before", due_on=date(2026, 11, 2))
    MilestoneFactory(goal=goal, title="Is done", due_on=date(2026, 11, 20), done_at=NOW)
    CalendarFeedFactory(owner=user, shows_titles=True)
    due = week_for(user, viewer=user, week=WEEK, today=TODAY).due
    assert [thing.title for thing in due] == [
        "Was due before", "Ask the clinic", "Finish the interview guide", "Give a talk",
    ]  # fmt: skip
    assert len({thing.url for thing in due}) == len(due), "a calendar tells things apart by their address"

    near = [event for event in events_of(client) if event.start <= TODAY + timedelta(days=7)]
    client.force_login(user)
    page, letter = get(client, "/").content.decode(), letter_to(user, now=NOW)

    assert [(str(event["SUMMARY"]), event.start) for event in near] == [(thing.title, thing.on) for thing in due]
    for thing in due:
        assert thing.title in page
        assert thing.title in letter.text
    assert "4 things" in page


def test_what_a_later_app_has_due_joins_all_three_by_one_function(client, monkeypatch):
    user = lived_week()
    CalendarFeedFactory(owner=user, shows_titles=True)

    def check_ins(look):
        for pk in look.people:
            for number, day in enumerate((date(2026, 11, 23), date(2027, 5, 3))):
                if look.is_near(pk, day):
                    title = f"Check-in number {number}"
                    yield Thing(
                        pk, day, title, title, "A check-in", f"/check-ins/{number}/", is_due=True, label="Check-in"
                    )

    monkeypatch.setattr(week, "DUE", (*week.DUE, check_ins))
    monkeypatch.setattr(week, "SOURCES", (*week.SOURCES, check_ins))

    found = summaries(client)
    client.force_login(user)

    assert [title for title in found if "Check-in" in title] == ["Check-in number 0", "Check-in number 1"]
    assert "Check-in number 0" in get(client, "/").content.decode()
    assert "Check-in number 0" in letter_to(user, now=NOW).text


def test_every_source_with_due_things_is_one_of_the_feed():
    user = lived_week()
    GoalFactory(owner=user, due_on=date(2026, 11, 26))
    look = week.Look({user.pk: user}, {user.pk: WEEK}, {user.pk: TODAY})

    with_due = {source for source in week.SOURCES if any(thing.is_due for thing in source(look))}

    assert with_due == set(week.DUE)
    assert week.SOURCES[: len(week.DUE)] == week.DUE


def test_titles_are_hidden_until_the_owner_shows_them(client):
    user = lived_week()
    feed = CalendarFeedFactory(owner=user)

    hidden = get(client).content.decode()
    services.show_titles(feed=feed, on=True)
    shown = get(client).content.decode()

    for words in ("Ask the clinic", "interview", "Run 12"):
        assert words not in hidden
    assert "SUMMARY:A milestone" in hidden
    assert "SUMMARY:A goal comes to its date" in hidden
    assert "SUMMARY:Ask the clinic" in shown
    assert "SUMMARY:Run 12 user interviews" in shown
    assert "Milestone in Run 12 user interviews" in shown.replace("\r\n ", "")


def test_a_task_is_called_one(client):
    step = MilestoneFactory(kind="task", title="Ring the clinic", due_on=date(2026, 11, 20), goal__title="Get well")
    feed = CalendarFeedFactory(owner=step.goal.owner)

    assert summaries(client)[-1] == "A task"
    services.show_titles(feed=feed, on=True)
    event = events_of(client)[-1]
    assert str(event["SUMMARY"]) == "Ring the clinic"
    assert str(event["DESCRIPTION"]).startswith("Task in Get well\n")


def test_an_event_is_a_whole_day_with_a_link(client, settings):
    settings.BASE_URL = "https://waymark.example.org"
    step = MilestoneFactory(title="Ask the clinic", due_on=date(2026, 11, 20))
    CalendarFeedFactory(owner=step.goal.owner, shows_titles=True)

    event = events_of(client)[0]

    link = f"https://waymark.example.org/goals/{step.goal_id}/#milestone-{step.pk}"
    assert (event.start, event.end) == (date(2026, 11, 20), date(2026, 11, 21))
    assert event["URL"] == link
    assert str(event["DESCRIPTION"]).splitlines()[-1] == link
    assert "example" not in event["UID"]


def test_an_event_keeps_its_number_when_its_day_or_title_changes(client):
    step = MilestoneFactory(title="Before", due_on=date(2026, 11, 20))
    CalendarFeedFactory(owner=step.goal.owner, shows_titles=True)

    def uid():
        return next(str(event["UID"]) for event in events_of(client) if str(event["SUMMARY"]) in {"Before", "After"})

    first = uid()
    step.title, step.due_on = "After", date(2026, 12, 24)
    step.save()

    assert uid() == first


def test_events_have_different_numbers(client):
    user = lived_week()
    GoalFactory.create_batch(3, owner=user, due_on=date(2026, 12, 1))
    CalendarFeedFactory(owner=user)

    found = events_of(client)

    assert len({event["UID"] for event in found}) == len(found) == 6


@pytest.mark.parametrize(
    ("day", "is_in"),
    [
        (date(2026, 10, 18), False),  # 32 days ago
        (date(2026, 10, 19), True),
        (date(2026, 11, 18), True),
        (date(2028, 11, 20), True),
        (date(2028, 11, 21), False),  # 733 days ahead
    ],
)
def test_the_days_around_today(client, day, is_in):
    goal = GoalFactory(due_on=day, starts_on=date(2026, 1, 1))
    MilestoneFactory(goal=goal, due_on=day)
    CalendarFeedFactory(owner=goal.owner)

    assert [event.start for event in events_of(client)] == [day, day] * is_in


@pytest.mark.parametrize(("zone", "number"), [("Pacific/Kiritimati", 1), ("Pacific/Pago_Pago", 0)])
def test_today_is_the_owners(client, zone, number):
    """At noon UTC it is the next day already in Kiritimati."""
    goal = GoalFactory(owner__time_zone=zone, due_on=date(2028, 11, 21))
    CalendarFeedFactory(owner=goal.owner)

    assert len(events_of(client)) == number


def test_a_day_stays_that_day_in_every_zone_and_over_the_change_of_clocks(client):
    """25 October 2026 has 25 hours in London and 28 March 2027 has 23: an all-day date names no hour."""
    goal = GoalFactory(owner__time_zone="Europe/London", due_on=date(2027, 3, 28))
    MilestoneFactory(goal=goal, due_on=date(2026, 10, 25))
    CalendarFeedFactory(owner=goal.owner)

    content = get(client).content

    assert b"DTSTART;VALUE=DATE:20261025\r\n" in content
    assert b"DTSTART;VALUE=DATE:20270328\r\n" in content
    assert b"TZID" not in content


def test_what_rests_is_closed_or_a_draft_is_not_in_it(client):
    user = UserFactory()
    day = date(2026, 12, 1)
    for fields in ({"status": "paused", "paused_on": TODAY}, {"draft": True}, {"deleted_at": NOW},
                   {"status": "achieved", "closed_at": NOW}):  # fmt: skip
        MilestoneFactory(goal=GoalFactory(owner=user, due_on=day, **fields), due_on=day)
    CalendarFeedFactory(owner=user)

    assert events_of(client) == []


def test_it_holds_own_things_only(client, cast):
    for reader in (cast.mentor, cast.former_mentor, cast.colleague):
        CalendarFeedFactory(owner=reader, token=f"of-{reader.pk}", shows_titles=True)
    goal = GoalFactory(owner=cast.owner, title="Shown to all", due_on=date(2026, 12, 1))
    goal.shared_with.add(cast.mentorship, cast.former_mentorship, cast.colleagueship)
    GoalFactory(owner=cast.mentor, title="The mentor's own", due_on=date(2026, 12, 2))

    def found(reader):
        return summaries(client, address=f"/calendar/of-{reader.pk}.ics")

    assert found(cast.mentor) == ["The mentor's own"]
    assert found(cast.former_mentor) == found(cast.colleague) == []


def test_the_earliest_are_taken_of_very_many(client, monkeypatch):
    monkeypatch.setattr(feeds, "MOST_DAYS", 5)
    goal = GoalFactory(due_on=date(2027, 6, 1))
    for day in range(1, 10):
        MilestoneFactory(goal=goal, due_on=date(2026, 12, day))
        MilestoneFactory(goal=goal, due_on=date(2026, 1, day))  # long past: takes nobody's place
    CalendarFeedFactory(owner=goal.owner)

    assert [event.start.day for event in events_of(client)] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_titles_from_the_database(client, title):
    stored = title.replace("\x00", "")[:120]  # Postgres keeps no NUL
    goal = GoalFactory(title=stored, due_on=date(2026, 12, 1))
    MilestoneFactory(goal=goal, title=stored, due_on=date(2026, 11, 20))
    CalendarFeedFactory(owner=goal.owner, shows_titles=True)

    found = summaries(client)

    assert len(found) == 2  # the milestone and its goal
    assert all("\n" not in said or "\\N" in title for said in found)


def test_a_title_of_which_nothing_is_left_says_what_it_is(client):
    goal = GoalFactory(title="\u202e\u200b", due_on=date(2026, 12, 1))
    CalendarFeedFactory(owner=goal.owner, shows_titles=True)

    assert summaries(client) == ["A goal comes to its date"]


# --- The address


def test_head_says_the_same_as_get_without_the_words(client):
    CalendarFeedFactory(owner=lived_week())

    response = client.head(ADDRESS)

    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"


def test_headers_and_no_cookie(client):
    CalendarFeedFactory(owner=lived_week())

    response = get(client)

    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert response.headers["Content-Disposition"] == 'inline; filename="waymark.ics"'
    assert not response.cookies


def test_somebody_signed_in_gets_no_copy_in_their_browser(client, cast):
    CalendarFeedFactory(owner=cast.owner)
    client.force_login(cast.stranger)

    assert get(client).headers["Cache-Control"] == "no-store, private"


def test_unchanged_is_304_and_changed_is_200(client):
    user = lived_week()
    feed = CalendarFeedFactory(owner=user)
    etag = get(client).headers["ETag"]

    later = NOW + timedelta(hours=4)
    unchanged = get(client, now=later, if_none_match=etag)
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["ETag"] == etag
    assert unchanged.headers["Cache-Control"] == "private, no-cache"
    feed.refresh_from_db()
    assert feed.read_at == later, "asking whether it changed is reading it"

    GoalFactory(owner=user, due_on=date(2026, 12, 1))
    changed = get(client, now=later, if_none_match=etag)
    assert changed.status_code == 200
    assert changed.headers["ETag"] != etag


def test_the_end_is_404_also_for_who_asks_whether_it_changed(client):
    feed = CalendarFeedFactory(owner=lived_week())
    etag = get(client).headers["ETag"]
    services.end_feed(user=feed.owner, at=NOW)

    assert get(client, if_none_match=etag).status_code == 404


def test_a_new_address_ends_the_old_one(client):
    feed = CalendarFeedFactory(read_at=NOW, read_by="Thunderbird", shows_titles=True)

    token = services.make_feed(owner=feed.owner, at=NOW)

    assert get(client).status_code == 404
    feed.refresh_from_db()
    assert (feed.read_at, feed.read_by, feed.shows_titles) == (None, "", True)
    assert get(client, f"/calendar/{token}.ics").status_code == 200


def test_the_token_is_stored_nowhere():
    owner = UserFactory()

    token = services.make_feed(owner=owner, at=NOW)

    row = CalendarFeed.objects.filter(owner=owner).values().get()
    assert len(token) == 22
    assert token not in str(row)


@pytest.mark.parametrize("change", [{"is_active": False}, {"deletion_asked_at": NOW}])
def test_a_person_who_is_not_here_has_no_feed(client, change):
    feed = CalendarFeedFactory()
    for name, value in change.items():
        setattr(feed.owner, name, value)
    feed.owner.save()

    assert get(client).status_code == 404


def test_asking_to_leave_ends_the_feed_for_good(client):
    feed = CalendarFeedFactory()

    ask_deletion(user=feed.owner, at=NOW)
    assert not CalendarFeed.objects.exists()
    cancel_deletion(user=feed.owner)

    assert get(client).status_code == 404


def test_erasing_takes_the_feed_along():
    feed = CalendarFeedFactory()

    erase(user=feed.owner, at=NOW)

    assert not CalendarFeed.objects.exists()


# --- When and by what it was read


def test_the_last_reading_is_noted_at_most_every_five_minutes(client):
    feed = CalendarFeedFactory()

    def read_at(now, agent):
        get(client, now=now, user_agent=agent)
        feed.refresh_from_db()
        return feed.read_at, feed.read_by

    assert read_at(NOW, "Google-Calendar-Importer") == (NOW, "Google Calendar")
    assert read_at(NOW + timedelta(minutes=4, seconds=59), "curl/8.5") == (NOW, "Google Calendar")
    assert read_at(NOW + timedelta(minutes=5), "curl/8.5") == (NOW + timedelta(minutes=5), "curl")


def test_reading_writes_nothing_else(client):
    CalendarFeedFactory(owner=lived_week())

    with CaptureQueriesContext(connection) as queries:
        get(client)

    writes = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert len([sql for sql in writes if "cache_entries" not in sql]) == 1
    assert any(sql.startswith('UPDATE "home_calendarfeed" SET "read_at"') for sql in writes)


def test_a_reading_of_the_old_address_is_not_one_of_the_new():
    feed = CalendarFeedFactory()
    services.make_feed(owner=feed.owner, at=NOW)

    services.note_read(feed=feed, user_agent="curl/8.5", at=NOW)

    feed.refresh_from_db()
    assert feed.read_at is None


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Google-Calendar-Importer", "Google Calendar"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.4.0", "Thunderbird"),
        ("iOS/18.1 (22B83) dataaccessd/1.0", "Calendar on an iPhone or iPad"),
        ("macOS/15.1 (24B83) CalendarAgent/1177", "Calendar on a Mac"),
        ("Mac OS X/10.15.7 (19H15) CalendarAgent/930.5.1", "Calendar on a Mac"),
        ("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)", "Outlook"),
        ("ICSx5/2.2 (2024/01/01; dav4jvm) Android/14", "ICSx⁵"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox on Linux"),
        ("curl/8.5.0", "curl"),
        ("x" * 5000, "x" * 40),
        ("\u202e\x1b[2J<script>alert(1)</script>\r\n", "[2J<script>alert"),
        ("", ""),
        ("\u200b", ""),
    ],
)
def test_programs_are_named_as_people_know_them(agent, name):
    assert services.name_program(agent) == name


# --- How much it costs, and may cost


@pytest.mark.parametrize("rows", [1, 3, 40])
def test_feed_query_count(client, rows, django_assert_num_queries):
    user = UserFactory()
    for _ in range(rows):
        goal = GoalFactory(owner=user, due_on=date(2026, 11, 30))
        MilestoneFactory(goal=goal, due_on=date(2026, 11, 21))
        ProgressUpdateFactory(goal=goal, happened_on=TODAY)
    CalendarFeedFactory(owner=user)
    get(client, now=NOW)
    caches["default"].clear()

    with CaptureQueriesContext(connection) as queries:
        get(client, now=NOW + timedelta(hours=1))

    asked = [
        query["sql"] for query in queries if "cache_entries" not in query["sql"] and "SAVEPOINT" not in query["sql"]
    ]
    assert len(asked) == 4, asked  # the feed with its owner, goals, milestones, "last read"


def test_sixty_readings_an_hour_from_one_network(client):
    feed = CalendarFeedFactory(owner=lived_week())
    other = CalendarFeedFactory(token="other")

    for _ in range(60):
        assert get(client).status_code == 200
    refused = get(client)

    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "3600"
    assert b"Come back later" in refused.content
    assert get(client, "/calendar/other.ics").status_code == 200, other
    assert client.get(ADDRESS, REMOTE_ADDR="192.0.2.7").status_code == 200
    assert get(client, now=NOW + timedelta(hours=1)).status_code == 200, feed


def test_a_refusal_costs_little_and_does_not_log_the_address(client, monkeypatch, caplog, django_assert_num_queries):
    monkeypatch.setitem(calendar_feed.__wrapped__.__globals__, "READS_AN_HOUR", 0)
    CalendarFeedFactory(owner=lived_week())

    with django_assert_num_queries(2):
        assert get(client).status_code == 429
    assert "rate.limited feed" in caplog.text
    assert "feed-of-a-test" not in caplog.text


def test_a_feed_that_breaks_is_logged_without_its_address(monkeypatch, caplog):
    CalendarFeedFactory()
    monkeypatch.setitem(calendar_feed.__wrapped__.__globals__, "days_of_feed", lambda *_, **__: 1 / 0)

    response = Client(raise_request_exception=False).get(ADDRESS)

    assert response.status_code == 500
    lines = [LineFormatter().format(record) for record in caplog.records]
    assert any("/calendar/***" in line for line in lines)
    assert "feed-of-a-test" not in "".join(lines)


def test_the_feed_needs_no_redis(client, monkeypatch):
    CalendarFeedFactory(owner=lived_week())

    def gone(*args, **kwargs):
        raise ConnectionError("no Redis here")

    for name in ("get", "set", "add", "get_many", "delete"):
        monkeypatch.setattr(caches["fast"], name, gone)

    assert get(client).status_code == 200


# --- The row


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"token_hash": "not a hash"}, "Only the hash of a token is stored."),
        ({"read_by": "Thunderbird"}, "What read the feed did so at some time."),
    ],
)
def test_constraints_break_with_their_words(change, message):
    feed = CalendarFeedFactory()
    for name, value in change.items():
        setattr(feed, name, value)

    with pytest.raises(ValidationError, match=message):
        feed.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        feed.save()


def test_a_person_has_one_feed():
    feed = CalendarFeedFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarFeedFactory(owner=feed.owner, token="second")
