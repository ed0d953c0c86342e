from datetime import UTC, datetime, timedelta

import pytest

from mail.models import Message
from mentors import services, tasks
from mentors.models import Request
from tests.factories.mentors import RequestFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def told():
    return sorted(Message.objects.values_list("kind", flat=True))


def test_fourteen_days_of_silence():
    row = RequestFactory(created_at=NOW)
    seen = []

    for hours in range(15 * 24):
        if services.sweep_requests(now=NOW + timedelta(hours=hours)):
            seen.append((hours / 24, told()))

    one, two = ["mentor_request_reminder"], ["mentor_request_reminder"] * 2
    assert seen == [(4, one), (10, two), (14, ["mentor_request_expired", *two])]
    row.refresh_from_db()
    assert (row.state, row.acts_at, row.closed_at) == ("expired", None, NOW + 14 * DAY)
    numbers = [mail.ids["number"] for mail in Message.objects.filter(kind="mentor_request_reminder").order_by("pk")]
    assert numbers == [1, 2]


def test_twice_is_once():
    RequestFactory(created_at=NOW - 4 * DAY)
    RequestFactory(created_at=NOW - 14 * DAY)

    assert [services.sweep_requests(now=NOW) for _ in range(3)] == [2, 0, 0]
    assert told() == ["mentor_request_expired", "mentor_request_reminder"]


def test_after_an_outage_one_reminder():
    row = RequestFactory(created_at=NOW - 11 * DAY, acts_at=NOW - 7 * DAY)

    services.sweep_requests(now=NOW)

    row.refresh_from_db()
    assert row.acts_at == row.runs_out_at
    assert [mail.ids["number"] for mail in Message.objects.all()] == [2]


def test_clock_stands_while_the_asker_owes_an_answer():
    row = RequestFactory(created_at=NOW)
    services.ask_question(request=row, by=row.mentor, words="Which?", now=NOW + 3 * DAY)

    assert services.sweep_requests(now=NOW + 300 * DAY) == 0

    services.answer_question(request=row, by=row.asker, words="That.", now=NOW + 300 * DAY)
    assert services.sweep_requests(now=NOW + 301 * DAY - timedelta(seconds=1)) == 0
    assert services.sweep_requests(now=NOW + 301 * DAY) == 1
    assert services.sweep_requests(now=NOW + 311 * DAY) == 1
    row.refresh_from_db()
    assert row.state == "expired"


@pytest.mark.parametrize("state", ["draft", "question", "accepted", "declined", "withdrawn", "expired"])
def test_the_others_are_left_alone(state):
    RequestFactory(created_at=NOW - 30 * DAY, **{state: True})

    assert services.sweep_requests(now=NOW) == 0
    assert told() == []


def test_more_than_one_batch(monkeypatch):
    monkeypatch.setattr("mentors.services.request.SWEPT_AT_ONCE", 2)
    RequestFactory.create_batch(5, created_at=NOW - 15 * DAY)

    assert services.sweep_requests(now=NOW) == 5
    assert Request.objects.filter(state="expired").count() == 5


def test_queries_do_not_grow_with_those_that_wait(django_assert_num_queries):
    RequestFactory.create_batch(3, created_at=NOW)

    with django_assert_num_queries(3):  # the savepoint's two, and the question
        services.sweep_requests(now=NOW)


def test_task():
    RequestFactory(created_at=datetime.now(UTC) - 5 * DAY)

    tasks.sweep()

    assert told() == ["mentor_request_reminder"]
