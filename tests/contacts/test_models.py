from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError

from contacts.models import Contact, FollowUp, Interaction, Pace, Way
from contacts.services.housekeeping import erase_deleted
from contacts.services.touch import touch
from tests.factories.accounts import UserFactory
from tests.factories.contacts import ADDED_AT, ContactFactory, FollowUpFactory, InteractionFactory, WayFactory

pytestmark = pytest.mark.django_db


def due(**fields):
    return Contact.objects.get(pk=ContactFactory(**fields).pk).due_on


@pytest.mark.parametrize(
    ("fields", "day"),
    [
        ({"circle": "close"}, date(2026, 3, 2)),
        ({"circle": "regular"}, date(2026, 5, 1)),
        ({"circle": "wide"}, date(2026, 7, 30)),
        ({"circle": "own", "own_every": 1, "own_unit": "months"}, date(2026, 2, 28)),
        ({"circle": "own", "own_every": 25, "own_unit": "months"}, date(2028, 2, 29)),
        ({"circle": "own", "own_every": 2, "own_unit": "weeks"}, date(2026, 2, 14)),
        ({"circle": "own", "own_every": 10, "own_unit": "days"}, date(2026, 2, 10)),
        ({"circle": "none"}, None),
        ({"circle": "close", "skipped_on": date(2026, 3, 4)}, date(2026, 4, 3)),
        ({"circle": "close", "snoozed_until": date(2026, 3, 9)}, date(2026, 3, 9)),
        ({"circle": "close", "snoozed_until": date(2026, 2, 9)}, date(2026, 3, 2)),
    ],
)
def test_due_on_follows_the_last_contact_by_the_rhythm(fields, day):
    assert due(last_contact_on=date(2026, 1, 31), **fields) == day


@pytest.mark.parametrize("fields", [{}, {"skipped_on": date(2026, 3, 4)}, {"snoozed_until": date(2026, 3, 4)}])
def test_due_on_without_any_contact_is_not_yet(fields):
    assert due(circle="close", **fields) is None


def test_due_by_leaves_out_archived_and_deleted_ones():
    owner = UserFactory()
    fields = {"owner": owner, "circle": "close", "last_contact_on": date(2026, 10, 1)}
    here = ContactFactory(**fields)
    ContactFactory(**fields, archived_at=ADDED_AT)
    ContactFactory(**fields, deleted_at=ADDED_AT)

    assert list(Contact.objects.owned_by(owner).due_by(date(2026, 10, 31))) == [here]
    assert not Contact.objects.owned_by(owner).due_by(date(2026, 10, 30)).exists()


def test_touch_takes_the_last_day_that_took_place():
    contact = ContactFactory()
    last = InteractionFactory(owner=contact.owner, people=[contact], happened_on=date(2026, 11, 10))
    InteractionFactory(owner=contact.owner, people=[contact], happened_on=date(2026, 10, 1))
    InteractionFactory(owner=contact.owner, people=[contact], happened_on=date(2026, 11, 12), state="planned")
    InteractionFactory(owner=contact.owner, people=[contact], happened_on=date(2026, 11, 13), state="cancelled")
    contact.refresh_from_db()
    assert contact.last_contact_on == date(2026, 11, 10)

    last.put_in_bin(at=ADDED_AT)
    touch([contact.pk])

    contact.refresh_from_db()
    assert contact.last_contact_on == date(2026, 10, 1)


def test_touch_without_any_conversation_left_is_not_yet():
    contact = ContactFactory(last_contact_on=date(2026, 11, 10))

    touch([contact.pk])

    contact.refresh_from_db()
    assert contact.last_contact_on is None


def test_touch_costs_one_statement_for_many(django_assert_num_queries):
    contacts = ContactFactory.create_batch(3)

    with django_assert_num_queries(1):
        touch(contact.pk for contact in contacts)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"name": ""}, "has_a_name"),
        ({"circle": "own"}, "own_rhythm_is_told"),
        ({"circle": "own", "own_every": 0, "own_unit": "days"}, "own_rhythm_is_told"),
        ({"circle": "own", "own_every": 3, "own_unit": "years"}, "own_rhythm_is_told"),
        ({"last_contact_on": date(1899, 12, 31)}, "days_in_reach"),
        ({"snoozed_until": date(2201, 1, 1)}, "days_in_reach"),
    ],
)
def test_contact_that_makes_no_sense_is_refused(fields, name):
    with pytest.raises(IntegrityError, match=name):
        ContactFactory(**fields)


def test_uid_is_there_once_per_owner():
    first = ContactFactory(uid="urn:uuid:1")
    ContactFactory(uid="urn:uuid:1")

    with pytest.raises(IntegrityError, match="one_uid"):
        ContactFactory(owner=first.owner, uid="urn:uuid:1")


@pytest.mark.parametrize(
    ("make", "fields", "name"),
    [
        (FollowUpFactory, {"text": ""}, "has_words"),
        (FollowUpFactory, {"due_on": date(2201, 1, 1)}, "day_in_reach"),
        (FollowUpFactory, {"state": "done"}, "closed_has_a_time"),
        (FollowUpFactory, {"closed_at": ADDED_AT}, "closed_has_a_time"),
        (InteractionFactory, {"happened_on": date(1899, 12, 31)}, "day_in_reach"),
        (WayFactory, {"value": ""}, "has_a_value"),
    ],
)
def test_row_that_makes_no_sense_is_refused(make, fields, name):
    with pytest.raises(IntegrityError, match=name):
        make(**fields)


@pytest.mark.parametrize("per_week", [0, 51])
def test_pace_out_of_reach_is_refused(per_week):
    with pytest.raises(IntegrityError, match="in_reach"):
        Pace.objects.create(owner=UserFactory(), per_week=per_week)


def test_follow_up_is_closed_once():
    follow_up = FollowUpFactory()

    follow_up.close(state="done", at=ADDED_AT, outcome="She answered.")
    follow_up.close(state="dropped", at=ADDED_AT + timedelta(days=1))

    follow_up.refresh_from_db()
    assert (follow_up.state, follow_up.closed_at, follow_up.outcome) == ("done", ADDED_AT, "She answered.")
    follow_up.reopen()
    assert FollowUp.objects.still_open().get() == follow_up


def test_still_open_leaves_out_whoever_is_archived_or_deleted():
    FollowUpFactory(contact=ContactFactory(archived_at=ADDED_AT))
    FollowUpFactory(contact=ContactFactory(deleted_at=ADDED_AT))

    assert not FollowUp.objects.still_open().exists()


def test_erase_deleted_leaves_what_is_younger_than_30_days():
    now = datetime(2026, 11, 28, tzinfo=UTC)
    old, young = now - timedelta(days=31), now - timedelta(days=29)
    contact, kept = ContactFactory(deleted_at=old), ContactFactory(deleted_at=young)
    WayFactory(contact=contact)
    FollowUpFactory(deleted_at=old, contact=kept)
    InteractionFactory(deleted_at=old, owner=kept.owner, people=[kept])

    assert erase_deleted(now=now) == 3
    assert list(Contact.objects.all()) == [kept]
    assert [model.objects.count() for model in (Way, FollowUp, Interaction)] == [0, 0, 0]


def test_nobody_else_sees_a_contact_whatever_relation_there_is(cast):
    contact = ContactFactory(owner=cast.owner)
    InteractionFactory(owner=cast.owner, people=[contact])
    FollowUpFactory(contact=contact)

    for model in (Contact, Interaction, FollowUp):
        assert model.objects.visible_to(cast.owner).count() == 1
        for other in (cast.mentor, cast.second_mentor, cast.former_mentor, cast.colleague, cast.stranger, cast.staff):
            assert not model.objects.visible_to(other).exists()
            assert not model.objects.editable_by(other).exists()


def test_dealt_with_leaves_out_whose_turn_came_back_within_the_week():
    monday = date(2026, 11, 23)
    fields = {"circle": "close", "last_contact_on": date(2026, 11, 24)}
    there = ContactFactory(**fields, dealt_with_on=monday)
    ContactFactory(**fields, dealt_with_on=monday - timedelta(days=1))
    ContactFactory(circle="close", last_contact_on=date(2026, 10, 1), dealt_with_on=monday)

    assert list(Contact.objects.dealt_with(monday, monday + timedelta(days=6))) == [there]
    assert ContactFactory(dealt_with_on=monday) in Contact.objects.dealt_with(monday, monday + timedelta(days=6))
