import logging
import sys

import pytest
from django.conf import settings

from core.logs import LineFormatter


def line_of(message, *args, exc_info=None):
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, message, args, exc_info)
    return LineFormatter("{levelname} {message}", style="{").format(record)


@pytest.mark.parametrize(
    ("path", "left"),
    [
        ("/calendar/q7Zk-3x_A.ics", "/calendar/***"),
        ("/mentors/invitations/q7Zk-3x_A/accept/", "/mentors/invitations/***/accept/"),
        ("/mail/unsubscribe/weekly.7~q7Zk-3x_A/", "/mail/unsubscribe/***/"),
        ("/settings/calendar/make/", "/settings/calendar/make/"),
        ("/goals/7/", "/goals/7/"),
    ],
)
def test_a_line_names_the_path_without_its_secret(path, left):
    assert line_of("%s: %s", "Internal Server Error", path) == f"ERROR Internal Server Error: {left}"


def test_a_traceback_keeps_no_secret_either():
    try:
        raise ValueError("no route to /calendar/q7Zk-3x_A.ics")
    except ValueError:
        line = line_of("Broken", exc_info=sys.exc_info())

    assert "q7Zk" not in line
    assert "no route to /calendar/***" in line


def test_every_line_of_the_server_is_written_so():
    handlers = settings.LOGGING["handlers"].values()

    assert {settings.LOGGING["formatters"][handler["formatter"]]["class"] for handler in handlers} == {
        "core.logs.LineFormatter"
    }
