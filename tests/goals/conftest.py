import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext


@pytest.fixture
def frame_queries():
    """How many queries the frame around every page asks: a page of one list, less its visitor and its list."""

    def count(client):
        with CaptureQueriesContext(connection) as asked:
            client.get("/goals/bin/")
        return len(asked) - 2

    return count
