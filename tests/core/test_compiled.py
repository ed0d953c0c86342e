from datetime import UTC, date, datetime

import pytest

from accounts.models import Break, User
from core.compiled import CompiledQuery
from tests.factories.accounts import BreakFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_rows_with_other_values():
    query = CompiledQuery(
        lambda user, day: Break.objects.filter(user=user).covering(day).values("pk"), user=int, day=date
    )
    one, other = UserFactory(), UserFactory()
    row = BreakFactory(user=one, from_on=date(2026, 11, 20), until_on=date(2026, 11, 22))

    assert query.rows(user=one.pk, day=date(2026, 11, 21)) == [(row.pk,)]
    assert query.rows(user=one.pk, day=date(2026, 11, 23)) == []
    assert query.rows(user=other.pk, day=date(2026, 11, 21)) == []


def test_builds_once():
    built = []

    def build(at):
        built.append(at)
        return User.objects.filter(date_joined__gt=at).values("pk")

    query = CompiledQuery(build, at=datetime)
    UserFactory()
    for _ in range(3):
        assert len(query.rows(at=datetime(2020, 1, 1, tzinfo=UTC))) == 1

    assert len(built) == 2


@pytest.mark.parametrize(
    "build",
    [
        lambda user: User.objects.filter(pk__in=range(user % 7)).values("pk"),  # another form
        lambda user: User.objects.filter(pk=user + 1).values("pk"),  # another value
    ],
)
def test_values_that_decide_more(build):
    with pytest.raises(ValueError, match="decide more than parameters"):
        CompiledQuery(build, user=int).rows(user=1)


def test_two_arguments_of_one_type():
    query = CompiledQuery(
        lambda first, last: Break.objects.touching(first, last).order_by("pk").values("pk"), first=date, last=date
    )
    row = BreakFactory(from_on=date(2026, 11, 20), until_on=date(2026, 11, 22))

    assert query.rows(first=date(2026, 11, 22), last=date(2026, 11, 30)) == [(row.pk,)]
    assert query.rows(first=date(2026, 11, 1), last=date(2026, 11, 19)) == []
