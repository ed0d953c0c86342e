from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories.goals import GoalFactory


@pytest.fixture
def goal(cast):
    """The owner's, shared with the mentor; its date is ahead whenever the test runs."""
    today = timezone.now().date()
    return GoalFactory(
        owner=cast.owner,
        title="Run 12 user interviews",
        starts_on=today - timedelta(days=59),
        due_on=today + timedelta(days=64),
        shared_with=[cast.mentorship],
    )


@pytest.fixture
def as_(client, cast):
    """Sign in as one of the cast, by name."""

    def sign_in(name):
        client.force_login(getattr(cast, name))
        return client

    return sign_in


@pytest.fixture
def frame_queries():
    """How many queries the frame around every page asks: a page of one list, less its visitor and its list."""

    def count(client):
        with CaptureQueriesContext(connection) as asked:
            client.get("/goals/bin/")
        return len(asked) - 2

    return count
