import pytest
import time_machine

from tests.home.reflection import SUNDAY


@pytest.fixture
def sunday():
    """The evening on which the reflection of week 46 is asked for."""
    with time_machine.travel(SUNDAY, tick=False):
        yield


@pytest.fixture
def owner(cast, client):
    client.force_login(cast.owner)
    return cast.owner
