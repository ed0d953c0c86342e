from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from mail import registry, services
from mail.models import Message, Preference, Suppression
from mail.registry import Content
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
LATER = datetime(2090, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
    registry.kind("test_note", preference="comments")(lambda message, *, now: None)
    registry.kind("test_letter", preference=None)(lambda message, *, now: None)


def test_queue_writes_a_row():
    user = UserFactory(email="amara@example.org")

    message = services.queue("test_note", user=user, ids={"comment": 5}, dedupe="note:5")

    row = Message.objects.get()
    assert row == message
    assert (row.to, row.kind, row.preference, row.ids, row.state) == (
        "amara@example.org", "test_note", "comments", {"comment": 5}, "queued",
    )  # fmt: skip
    assert row.message_id.endswith("@waymark.test>")
    assert row.not_before == row.queued_at


def test_queue_same_key_twice():
    user = UserFactory()

    first = services.queue("test_note", user=user, ids={}, dedupe="note:5")
    second = services.queue("test_note", user=user, ids={}, dedupe="note:5")

    assert first is not None
    assert second is None
    assert Message.objects.count() == 1


def test_queue_takes_one_statement(django_assert_num_queries):
    user = UserFactory()

    with django_assert_num_queries(1):
        services.queue("test_note", user=user, ids={}, dedupe="note:5")


def test_queue_many_takes_one_statement(django_assert_num_queries):
    people = UserFactory.create_batch(3)
    services.queue("test_note", user=people[1], ids={}, dedupe="1")

    with django_assert_num_queries(1):
        rows = services.queue_many(
            "test_note", [services.Draft(user=user, dedupe=str(n)) for n, user in enumerate(people)]
        )

    assert [row.dedupe for row in rows] == ["0", "2"]
    assert Message.objects.count() == 3


def test_queue_goes_with_its_transaction():
    with pytest.raises(RuntimeError), transaction.atomic():
        services.queue("test_letter", to="a@example.org", ids={}, dedupe="1")
        raise RuntimeError

    assert not Message.objects.exists()


@pytest.mark.parametrize("target", [{}, {"to": ""}])
def test_queue_without_recipient(target):
    with pytest.raises(ValueError, match="either to a user or to an address"):
        services.queue("test_letter", ids={}, dedupe="1", **target)


def test_queue_unknown_kind():
    with pytest.raises(ValueError, match="no app registered"):
        services.queue("no_such_mail", to="a@example.org", ids={}, dedupe="1")


def test_ring_once_per_transaction(monkeypatch):
    rung = []
    monkeypatch.setitem(services._KNOCKS, "deliver", lambda: rung.append(1))
    user = UserFactory()

    with transaction.atomic():
        services.queue("test_note", user=user, ids={}, dedupe="1")
        services.queue("test_note", user=user, ids={}, dedupe="2")
        hooks = [entry for entry in connection.run_on_commit if entry[1] is services._KNOCKS["deliver"]]

    assert len(hooks) == 1


def test_queue_for_later_does_not_ring():
    services.queue("test_letter", to="a@example.org", ids={}, dedupe="1", not_before=LATER)

    assert not connection.run_on_commit


def test_kind_unknown_preference():
    with pytest.raises(ValueError, match="no mail preference"):
        registry.kind("x", preference="tulips")


def test_kind_name_taken():
    def function(message, *, now):
        return Content("x", {}, "y")

    function.__module__ = "elsewhere"
    with pytest.raises(ValueError, match="two mails"):
        registry.kind("test_note", preference=None)(function)


def test_preference_default_is_on():
    user = UserFactory()

    services.set_preference(user=user, kind="weekly", on=False)
    services.set_preference(user=UserFactory(), kind="dates", on=False)

    assert Preference.objects.for_user(user) == {
        "weekly": False, "comments": True, "dates": True, "mentoring": True, "feedback": True,
    }  # fmt: skip


def test_preference_unknown_kind():
    with pytest.raises(ValueError, match="no mail preference"):
        services.set_preference(user=UserFactory(), kind="tulips", on=True)


def test_stopped_address_is_kept_as_a_hash():
    from mail.models import address_hash

    services.set_stopped(to_hash=address_hash("Ann@Example.org"), stopped=True)

    assert services.is_stopped("ann@example.org ")
    assert "ann" not in Suppression.objects.get().address_hash
    services.set_stopped(to_hash=address_hash("ann@example.org"), stopped=False)
    assert not services.is_stopped("ann@example.org")


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"state": "sending"}, "mail_message_leased_while_sending"),
        ({"state": "sent"}, "mail_message_end_has_a_time"),
    ],
)
def test_message_constraints(values, constraint):
    services.queue("test_letter", to="a@example.org", ids={}, dedupe="1", not_before=LATER)

    with pytest.raises(IntegrityError, match=constraint):
        Message.objects.update(**values)
