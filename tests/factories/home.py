from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from core.tokens import hash_token
from home.models import CalendarFeed
from tests.factories.accounts import UserFactory


class CalendarFeedFactory(DjangoModelFactory):
    """A feed that hides titles and was never read. `token=` makes its address; tests know it nowhere else."""

    class Meta:
        model = CalendarFeed

    class Params:
        token = "feed-of-a-test"

    owner = factory.SubFactory(UserFactory)
    token_hash = factory.LazyAttribute(lambda o: hash_token(o.token))
    created_at = datetime(2026, 11, 1, 9, tzinfo=UTC)
