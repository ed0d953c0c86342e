"""The page on which a person makes, limits and ends their calendar feed."""

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine

from core.tokens import hash_token
from home import export
from home.models import CalendarFeed
from tests.factories.accounts import UserFactory
from tests.factories.home import CalendarFeedFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 12, tzinfo=UTC)
PAGE = "/settings/calendar/"


@pytest.fixture(autouse=True)
def _base_url(settings):
    settings.BASE_URL = "http://waymark.test"


@pytest.fixture
def owner(client):
    owner = UserFactory(time_zone="Europe/Berlin")
    client.force_login(owner)
    return owner


def text_of(response):
    return unescape(response.content.decode())


def address_in(response):
    found = re.findall(r'value="(http://waymark.test/calendar/[^"]+)"', response.content.decode())
    assert len(found) == 1
    return found[0]


def test_a_person_without_a_feed_is_told_what_it_would_show(client, owner):
    page = text_of(client.get(PAGE))

    assert "Make the address" in page
    assert "and nothing of your journal" in page
    assert "Turn off" not in page


def test_the_address_is_shown_once_and_works(client, owner):
    response = client.post(f"{PAGE}make/")

    address = address_in(response)
    token = address.removeprefix("http://waymark.test/calendar/").removesuffix(".ics")
    assert CalendarFeed.objects.get(owner=owner).token_hash == hash_token(token)
    assert response.headers["Cache-Control"] == "no-store, private"
    page = text_of(response)
    assert f'href="webcal://waymark.test/calendar/{token}.ics"' in page
    assert "it is shown this once" in page
    assert client.get(f"/calendar/{token}.ics").status_code == 200
    assert token not in text_of(client.get(PAGE))
    assert token not in str(dict(client.session))


def test_links_are_built_from_the_servers_own_address(client, owner, settings):
    settings.BASE_URL = "https://waymark.example.org"

    page = text_of(client.post(f"{PAGE}make/"))

    assert 'value="https://waymark.example.org/calendar/' in page
    assert 'href="webcal://waymark.example.org/calendar/' in page


def test_a_new_address_ends_the_one_before(client, owner):
    first = address_in(client.post(f"{PAGE}make/"))
    mark = CalendarFeed.objects.get().mark

    response = client.post(f"{PAGE}make/", {"replaces": mark})

    assert address_in(response) != first
    assert "The one before leads nowhere any more." in text_of(response)
    assert client.get(first.removeprefix("http://waymark.test")).status_code == 404
    assert CalendarFeed.objects.count() == 1


def test_a_page_loaded_again_does_not_end_an_address_in_use(client, owner):
    first = address_in(client.post(f"{PAGE}make/")).removeprefix("http://waymark.test")
    client.get(first)

    again = client.post(f"{PAGE}make/", follow=True)

    assert "a program reads it. Nothing was changed." in text_of(again)
    assert client.get(first).status_code == 200


def test_two_presses_show_an_address_that_works(client, owner):
    client.post(f"{PAGE}make/")

    second = address_in(client.post(f"{PAGE}make/"))

    assert client.get(second.removeprefix("http://waymark.test")).status_code == 200


@pytest.mark.parametrize("data", [{"on": "on"}, {"on": ""}, {}])
def test_the_switch_without_script(client, owner, data):
    feed = CalendarFeedFactory(owner=owner, shows_titles=not data)

    page = text_of(client.post(f"{PAGE}titles/", data, follow=True))

    feed.refresh_from_db()
    assert feed.shows_titles == bool(data)
    assert "Saved." in page


def test_the_switch_by_htmx_comes_back_saying_saved(client, owner):
    CalendarFeedFactory(owner=owner)

    fragment = text_of(client.post(f"{PAGE}titles/", {"on": "on"}, headers={"hx-request": "true"}))

    assert fragment.strip().startswith('<section id="calendar_titles"')
    assert "Saved" in fragment
    assert " checked" in fragment
    assert "<html" not in fragment


def test_the_switch_of_nobodys_feed_is_not_found(client, owner):
    CalendarFeedFactory()

    assert client.post(f"{PAGE}titles/", {"on": "on"}).status_code == 404
    assert not CalendarFeed.objects.get().shows_titles


def test_turning_off_ends_the_address_and_nobody_elses(client, owner):
    CalendarFeedFactory(owner=owner, token="mine")
    CalendarFeedFactory(token="other")

    page = text_of(client.post(f"{PAGE}off/", follow=True))

    assert "Turned off. The address leads nowhere any more." in page
    assert client.get("/calendar/mine.ics").status_code == 404
    assert client.get("/calendar/other.ics").status_code == 200
    assert client.post(f"{PAGE}off/").status_code == 302  # twice is no mistake


@pytest.mark.parametrize(
    ("read_at", "read_by", "words"),
    [
        (None, "", "Not yet."),
        (NOW - timedelta(hours=2), "Google Calendar", "Today, 11:00, by a program that calls itself Google Calendar."),
        (NOW - timedelta(hours=13), "", "Today, 00:00, by a program that gave no name."),
        (NOW - timedelta(days=30), "<b>x", "20 October, 14:00, by a program that calls itself <b>x."),
    ],
)
def test_it_says_when_and_by_what_it_was_last_read(client, owner, read_at, read_by, words):
    CalendarFeedFactory(owner=owner, read_at=read_at, read_by=read_by)

    with time_machine.travel(NOW, tick=False):
        client.force_login(owner)
        response = client.get(PAGE)

    assert words in text_of(response)
    assert "<b>x" not in response.content.decode()


def test_the_page_asks_little(client, owner, django_assert_num_queries):
    CalendarFeedFactory(owner=owner)
    client.get(PAGE)

    with django_assert_num_queries(3):  # the person, the feed, the counts of the frame
        client.get(PAGE)


def test_settings_and_privacy_lead_here(client, owner):
    assert f'href="{PAGE}"' in text_of(client.get("/settings/"))
    assert f'href="{PAGE}"' not in text_of(client.get("/settings/privacy/"))
    feed = CalendarFeedFactory(owner=owner, read_at=NOW, read_by="Thunderbird")

    page = text_of(client.get("/settings/privacy/"))
    assert f'href="{PAGE}"' in page
    assert "nor whom they are about. Last read 19 November 2026, 13:00 by Thunderbird." in page
    feed.shows_titles, feed.read_at, feed.read_by = True, None, ""
    feed.save()
    assert "with what they are called and whom they are about. Nobody has read it yet." in text_of(
        client.get("/settings/privacy/")
    )


def test_the_copy_says_that_there_is_a_feed_and_not_where(owner):
    CalendarFeedFactory(owner=owner, token="secret-of-the-owner", read_at=NOW, read_by="Thunderbird")
    CalendarFeedFactory(read_by="", token="other")

    text = "".join(export.copy_of(owner, now=NOW))

    assert json.loads(text)["calendar_feed"] == [
        {
            "created_at": "2026-11-01T09:00:00Z",
            "shows_titles": False,
            "read_at": "2026-11-19T12:00:00Z",
            "read_by": "Thunderbird",
        }
    ]
    assert "secret-of-the-owner" not in text
    assert hash_token("secret-of-the-owner") not in text
