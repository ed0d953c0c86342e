from datetime import UTC, datetime

import pytest
from django.db import DataError, connection
from psycopg.types.datetime import TimestamptzLoader

from core.timestamps import QuickLoader

pytestmark = pytest.mark.django_db
TIMES = [
    "2026-11-28 15:34:02.123456+00",
    "2026-11-28 15:34:02.5+00",
    "2026-11-28 15:34:02+00",
    "2024-02-29 23:59:59.000001+00",
    "0001-01-01 00:00:00+00",
    "9999-12-31 23:59:59.999999+00",
]


def told(text, zone="UTC"):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('TimeZone', %s, true)", [zone])
        cursor.execute("SELECT %s::timestamptz", [text])
        return cursor.fetchone()[0]


@pytest.mark.parametrize("text", TIMES)
def test_time_is_read_as_psycopg_reads_it(text):
    found = told(text)

    assert found == TimestamptzLoader(0, connection.connection).load(text.encode())
    assert found.tzinfo is UTC


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/New_York", "Africa/Abidjan"])
def test_time_in_another_zone_is_the_same_moment(zone):
    assert told("2026-11-28 15:34:02.5+00", zone) == datetime(2026, 11, 28, 15, 34, 2, 500000, tzinfo=UTC)


@pytest.mark.parametrize("text", ["infinity", "10000-01-01 00:00:00+00", "0044-03-15 00:00:00+00 BC"])
def test_time_beyond_what_python_knows_is_refused(text):
    with pytest.raises(DataError):
        told(text)


def test_every_connection_reads_times_like_that():
    loader = connection.connection.adapters.get_loader(1184, 0)

    assert loader is QuickLoader
