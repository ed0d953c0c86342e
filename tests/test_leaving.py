"""What is left after somebody leaves: every page still opens for those who stay, and names nobody who is gone."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from accounts.deletion import ask_deletion, erase
from tests.access import all_rows
from tests.world import build_world

NOW = datetime.now(UTC)
# Who leaves, and those who still have something of them.
LEAVERS = {"owner": ["mentor", "former_mentor"], "mentor": ["owner"], "former_mentor": ["owner"], "stranger": ["owner"]}
# Where two people meet.
SHARED = ("mentors:", "home:mentee", "wins:win_detail", "goals:goal_detail", "journal:entry_detail")
PAGES = [row for row in all_rows() if row.get is not None and row.name.startswith(SHARED)]


def open_all(urls, world, stayers, *, unnamed=None):
    """Open every address as each of those who stay; a page that breaks raises, and none may hold the name `unnamed`."""
    for viewer in stayers:
        client = Client(raise_request_exception=True)
        client.force_login(getattr(world.cast, viewer), backend="accounts.backends.AuthenticationBackend")
        for name, url in urls.items():
            response = client.get(url)
            assert response.status_code < 500, (viewer, name)
            assert unnamed is None or unnamed not in response.content.decode(), (viewer, name)


@pytest.mark.parametrize("leaver", LEAVERS)
def test_every_page_opens_after_somebody_closed_their_account_and_was_erased(db, leaver):
    world = build_world()
    urls = {f"{row.name}{row.query}": reverse(row.name, kwargs=row.args(world)) + row.query for row in PAGES}
    stayers = LEAVERS[leaver]
    person = getattr(world.cast, leaver)

    ask_deletion(user=person, at=NOW)
    open_all(urls, world, stayers)
    name = str(person)
    erase(user=person, at=NOW)
    open_all(urls, world, stayers, unnamed=name)
