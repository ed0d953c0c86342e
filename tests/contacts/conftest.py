import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.contacts.pages import NOW
from tests.factories.contacts import ContactFactory


@pytest.fixture
def owner(cast, client):
    """The owner, signed in."""
    client.force_login(cast.owner)
    return cast.owner


@pytest.fixture
def friday():
    """A morning at the end of a week, at which the clock stands."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def hannah(owner):
    return ContactFactory(owner=owner, name="Hannah Vogel")


@pytest.fixture
def asked(client):
    """Count what a page asks beyond the frame around it and its visitor."""

    def queries(url):
        with CaptureQueriesContext(connection) as frame:
            client.get("/contacts/events/bin/")
        with CaptureQueriesContext(connection) as page:
            response = client.get(url)
        assert response.status_code == 200, url
        return len(page) - (len(frame) - 2)

    return queries
