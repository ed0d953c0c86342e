import pytest
import time_machine

from tests.factories.journal import ReflectionFactory
from tests.journal.clock import NOW


@pytest.fixture
def saturday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def owner(cast, client):
    client.force_login(cast.owner)
    return cast.owner


@pytest.fixture
def shared(cast):
    return ReflectionFactory(owner=cast.owner, shared_with=[cast.mentorship], answers={"Q?": "The canteen."})
