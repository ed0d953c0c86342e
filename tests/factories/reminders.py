from datetime import UTC, datetime, time

import factory
from factory.django import DjangoModelFactory

from reminders.models import Schedule
from tests.factories.accounts import UserFactory


class ScheduleFactory(DjangoModelFactory):
    """Sundays at 18:00; due on 22 November 2026 for somebody in London unless told.

    `monthly=True`: on the last day of a month at 18:00, due on 30 November.
    """

    class Meta:
        model = Schedule

    class Params:
        monthly = factory.Trait(
            kind="monthly", weekday=None, month_day=-1, next_due_at=datetime(2026, 11, 30, 18, tzinfo=UTC)
        )

    user = factory.SubFactory(UserFactory)
    weekday = 6
    local_time = time(18)
    next_due_at = datetime(2026, 11, 22, 18, tzinfo=UTC)
    turned_at = datetime(2026, 11, 15, 18, tzinfo=UTC)
