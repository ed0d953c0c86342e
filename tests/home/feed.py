"""Read the calendar feed of a test at one moment."""

from datetime import UTC, datetime

import time_machine

from tests.home.test_ical import read

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
