from datetime import date, timedelta

import pytest
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.deletion import ask_deletion, cancel_deletion, erase
from core.logs import LineFormatter
from home import services
from home.models import CalendarFeed
from home.views import calendar_feed
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalFactory, MilestoneFactory, ProgressUpdateFactory
from tests.factories.home import CalendarFeedFactory
from tests.home.feed import ADDRESS, NOW, TODAY, get
from tests.reminders.test_emails import lived_week

pytestmark = pytest.mark.django_db

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
    # the feed with its owner, goals and milestones, agreements, check-ins, what waits, events, "last read"
    assert len(asked) == 7, asked


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
