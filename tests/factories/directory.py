from datetime import UTC, datetime, time

import factory
from factory.django import DjangoModelFactory

from mentors import services
from mentors.models import Mark, Report, Slot
from tests.factories.accounts import UserFactory
from tests.factories.mentors import ProfileFactory


class SlotFactory(DjangoModelFactory):
    """Hours of the week, known to the directory."""

    class Meta:
        model = Slot

    owner = factory.SubFactory(UserFactory)
    weekday = 2
    starts_at = time(17)
    ends_at = time(19)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        slot = super()._create(model_class, *args, **kwargs)
        services.reckon_hours(user=slot.owner, at=datetime.now(UTC))
        return slot


class MarkFactory(DjangoModelFactory):
    class Meta:
        model = Mark

    owner = factory.SubFactory(UserFactory)
    profile = factory.SubFactory(ProfileFactory)
    kind = "kept"
    created_at = factory.LazyFunction(lambda: datetime.now(UTC))


class ReportFactory(DjangoModelFactory):
    """An open report about a profile."""

    class Meta:
        model = Report

    reporter = factory.SubFactory(UserFactory)
    person = factory.SubFactory(UserFactory)
    about = "profile"
    about_id = factory.Sequence(lambda n: n + 1)
    kind = "selling"
    words = "Asks for money before the first talk."
    created_at = factory.LazyFunction(lambda: datetime.now(UTC))
