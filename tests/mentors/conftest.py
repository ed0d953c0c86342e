import pytest


@pytest.fixture
def owner(cast, client):
    client.force_login(cast.owner)
    return cast.owner
