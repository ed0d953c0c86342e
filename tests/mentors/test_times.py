from datetime import UTC, date, datetime

import pytest

from mentors.times import say_time
from tests.factories.accounts import UserFactory

AT = datetime(2026, 12, 2, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("today", "is_short", "said"),
    [
        (date(2026, 11, 28), False, "Thursday 3 December, 00:30"),
        (date(2026, 11, 28), True, "Thu 3 Dec, 00:30"),
        (date(2025, 11, 28), True, "Thu 3 Dec 2026, 00:30"),
    ],
)
def test_a_moment_is_said_by_ones_own_clock(today, is_short, said):
    person = UserFactory.build(time_zone="Europe/Stockholm")
    person.clean_fields()

    assert say_time(AT, person, today, is_short=is_short) == said
