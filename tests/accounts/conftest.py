import pytest

from tests.accounts.postman import Postman


@pytest.fixture
def post(db):
    """The postman: reads the mails that the outbox holds."""
    return Postman()
