import pytest

from tests.factories.accounts import UserFactory


@pytest.fixture
def owner(client):
    owner = UserFactory(time_zone="Europe/Berlin")
    client.force_login(owner, backend="accounts.backends.AuthenticationBackend")
    return owner
