from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from sharing.models import Block, Mentorship
from tests.factories.accounts import UserFactory


class MentorshipFactory(DjangoModelFactory):
    """An active relation; `ended=True` gives one that has ended."""

    class Meta:
        model = Mentorship

    class Params:
        ended = factory.Trait(status="ended", ended_at=datetime(2026, 10, 1, 9, tzinfo=UTC))

    mentee = factory.SubFactory(UserFactory)
    mentor = factory.SubFactory(UserFactory)
    kind = "mentor"
    started_at = datetime(2026, 1, 5, 9, tzinfo=UTC)


class BlockFactory(DjangoModelFactory):
    class Meta:
        model = Block

    blocker = factory.SubFactory(UserFactory)
    blocked = factory.SubFactory(UserFactory)
    created_at = datetime(2026, 1, 5, 9, tzinfo=UTC)
