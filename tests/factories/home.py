from datetime import UTC, datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from core.tokens import hash_token
from home.models import CalendarFeed, Snooze
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


class SnoozeFactory(DjangoModelFactory):
    """Something set aside a moment ago, for a week."""

    class Meta:
        model = Snooze

    owner = factory.SubFactory(UserFactory)
    kind = "goal"
    number = 1
    until_on = factory.LazyFunction(lambda: (datetime.now(UTC) + timedelta(days=7)).date())
    at = factory.LazyFunction(lambda: datetime.now(UTC))
