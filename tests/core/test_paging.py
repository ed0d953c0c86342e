import base64
import json
from datetime import UTC, date, datetime, timedelta

import pytest

from core.paging import page
from goals.models import Goal
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalFactory

pytestmark = pytest.mark.django_db


def walk(queryset, **kwargs):
    pages, token = [], None
    while True:
        result = page(queryset, after=token, **kwargs)
        pages.append(result.rows)
        token = result.next_token
        if not token:
            return pages


def token_of(*content):
    return base64.urlsafe_b64encode(json.dumps(list(content)).encode()).decode().rstrip("=")


@pytest.fixture
def goals():
    owner = UserFactory()
    moment = datetime(2026, 3, 1, 9, 30, 1, 123456, tzinfo=UTC)
    # Two share each moment, so that the second key has to decide.
    return [
        GoalFactory(owner=owner, updated_at=moment + timedelta(days=n // 2), due_on=date(2026, 5, 1 + n // 2))
        for n in range(7)
    ]


@pytest.mark.parametrize(
    "keys", [("-updated_at", "-pk"), ("due_on", "pk"), ("due_on", "-pk"), ("-due_on", "pk")], ids=" ".join
)
def test_pages_hold_every_row_once_in_order(goals, keys):
    pages = walk(Goal.objects.all(), keys=keys, size=3)

    assert [len(rows) for rows in pages] == [3, 3, 1]
    assert [row for rows in pages for row in rows] == list(Goal.objects.order_by(*keys))


def test_last_full_page_has_no_next(goals):
    assert page(Goal.objects.all(), size=7).next_token == ""


def test_rows_added_at_the_front_do_not_move_the_next_page(goals):
    first = page(Goal.objects.all(), size=3)
    GoalFactory(owner=goals[0].owner, updated_at=datetime(2026, 4, 1, tzinfo=UTC))

    second = page(Goal.objects.all(), size=3, after=first.next_token)

    assert not set(first.rows) & set(second.rows)
    assert len(second.rows) == 3


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "\x00",
        "€€€",
        "A" * 100_000,
        token_of(),
        token_of("2026-03-01", 1, 2),
        token_of("not a moment", 1),
        token_of("2026-03-01T09:00:00", 1),  # without a zone
        token_of("2026-03-01T09:00:00+00:00", "1"),
        token_of("2026-03-01T09:00:00+00:00", True),
        token_of("\x00", 1),
        token_of(["2026"], 1),
        token_of(None, 1),
        base64.urlsafe_b64encode(b'{"a": 1}').decode(),
        base64.urlsafe_b64encode(b"NaN").decode(),
        base64.urlsafe_b64encode(b"[" * 200).decode(),
    ],
)
def test_token_that_cannot_be_read_gives_the_first_page(goals, token):
    assert page(Goal.objects.all(), size=3, after=token).rows == page(Goal.objects.all(), size=3).rows


def test_token_with_half_a_letter_gives_the_first_page(goals):
    first = page(Goal.objects.all(), keys=("title", "pk"), size=3)

    assert page(Goal.objects.all(), keys=("title", "pk"), size=3, after=token_of("\ud800", 1)).rows == first.rows


@pytest.mark.parametrize("pk", [10**30, -(10**30), 0])
@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"])
def test_token_at_the_ends_of_time_breaks_nothing(goals, moment, pk):
    page(Goal.objects.all(), size=3, after=token_of(moment, pk))


def test_page_is_one_query(goals, django_assert_num_queries):
    with django_assert_num_queries(1):
        page(Goal.objects.all(), size=3)
