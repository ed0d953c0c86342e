from datetime import UTC, date, datetime, timedelta

import pytest

from contacts.balance import balance_of
from contacts.models import Contact, FollowUp, Interaction, Pace
from contacts.services import conversations, follow_ups, turns
from contacts.services.housekeeping import erase_deleted
from core.versioned import StaleEdit
from tests.factories.accounts import UserFactory
from tests.factories.contacts import ContactFactory, FollowUpFactory, InteractionFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)  # a Friday
TODAY, MONDAY, SUNDAY = date(2026, 11, 27), date(2026, 11, 23), date(2026, 11, 29)


@pytest.fixture
def owner():
    return UserFactory()


def talk(day=TODAY, **fields):
    return Interaction(happened_on=day, **fields)


def log(owner, people, day=TODAY, *, at=NOW, promise=None, **fields):
    return conversations.log(talk=talk(day, **fields), people=people, by=owner, at=at, promise=promise)


def last(contact):
    contact.refresh_from_db()
    return contact.last_contact_on


def test_log_touches_everybody_who_was_there(owner):
    one, two = ContactFactory(owner=owner), ContactFactory(owner=owner)

    made = log(owner, [one, two], date(2026, 11, 20))

    assert (last(one), last(two)) == (date(2026, 11, 20), date(2026, 11, 20))
    assert (made.owner, made.created_at, set(made.people.all())) == (owner, NOW, {one, two})


def test_log_twice_within_a_minute_is_one(owner):
    contact, other = ContactFactory(owner=owner), ContactFactory(owner=owner)
    first = log(owner, [contact], notes="Coffee")

    again = log(owner, [contact], notes="Coffee", at=NOW + timedelta(seconds=59))
    with_other = log(owner, [contact, other], notes="Coffee", at=NOW + timedelta(seconds=59))
    later = log(owner, [contact], notes="Coffee", at=NOW + timedelta(minutes=1))

    assert again == first
    assert len({first, with_other, later}) == 3


def test_log_of_a_plan_is_no_contact_until_held(owner):
    contact = ContactFactory(owner=owner, circle="close")
    plan = log(owner, [contact], date(2026, 11, 26), state="planned")
    assert last(contact) is None

    conversations.set_state(talk=plan, state=Interaction.State.HELD, today=TODAY)
    assert last(contact) == date(2026, 11, 26)

    conversations.set_state(talk=plan, state=Interaction.State.CANCELLED, today=TODAY)
    assert last(contact) is None


def test_log_with_a_promise_ties_it_to_the_conversation(owner):
    contact = ContactFactory(owner=owner)

    made = log(owner, [contact], promise=FollowUp(text="Send notes", due_on=date(2026, 12, 4)))

    assert contact.follow_ups.get().interaction == made
    assert contact.follow_ups.get().owner == owner


def test_backdating_recalculates(owner):
    contact = ContactFactory(owner=owner)
    log(owner, [contact], date(2026, 11, 1), notes="First")
    moved = log(owner, [contact], date(2026, 11, 20), notes="Second")

    moved.happened_on = date(2026, 10, 1)
    conversations.change(talk=moved, people=[contact], expected=1, today=TODAY)

    assert last(contact) == date(2026, 11, 1)


def test_plan_waits_for_nobody_in_the_bin(owner):
    there, in_bin = ContactFactory(owner=owner), ContactFactory(owner=owner)
    alone = log(owner, [in_bin], date(2026, 12, 1), state="planned")
    both = log(owner, [there, in_bin], date(2026, 12, 2), state="planned")
    in_bin.put_in_bin(at=NOW)

    assert list(Interaction.objects.owned_by(owner).planned()) == [both]

    in_bin.take_from_bin()
    assert set(Interaction.objects.owned_by(owner).planned()) == {alone, both}


def test_what_was_said_with_somebody_in_the_bin_goes_with_them(owner):
    in_bin = ContactFactory(owner=owner)
    made = log(owner, [in_bin], kind="gave", gave="A book")
    in_bin.put_in_bin(at=NOW)

    assert not Interaction.objects.owned_by(owner).held().exists()
    assert balance_of(owner, TODAY).gave == 0

    in_bin.take_from_bin()
    assert list(Interaction.objects.owned_by(owner).held()) == [made]
    assert balance_of(owner, TODAY).gave == 1


def test_change_of_people_touches_who_left_and_who_came(owner):
    left, came = ContactFactory(owner=owner), ContactFactory(owner=owner)
    made = log(owner, [left], date(2026, 11, 20))

    conversations.change(talk=made, people=[came], expected=1, today=TODAY)

    assert (last(left), last(came)) == (None, date(2026, 11, 20))


def test_change_keeps_whoever_lies_in_the_bin(owner):
    there, in_bin = ContactFactory(owner=owner), ContactFactory(owner=owner)
    made = log(owner, [there, in_bin], date(2026, 11, 20))
    in_bin.put_in_bin(at=NOW)
    made.notes = "More"

    conversations.change(talk=made, people=[there], expected=1, today=TODAY)

    in_bin.take_from_bin()
    assert set(made.people.all()) == {there, in_bin}
    assert last(in_bin) == date(2026, 11, 20)


def test_change_of_an_old_version_changes_nothing(owner):
    contact, other = ContactFactory(owner=owner), ContactFactory(owner=owner)
    made = log(owner, [contact], notes="Mine")
    made.notes = "Too late"

    with pytest.raises(StaleEdit):
        conversations.change(talk=made, people=[other], expected=7, today=TODAY)

    stored = Interaction.objects.get()
    assert (stored.notes, list(stored.people.all()), last(other)) == ("Mine", [contact], None)


def test_delete_and_restore_recalculate_and_take_open_promises_along(owner):
    contact = ContactFactory(owner=owner)
    made = log(owner, [contact], promise=FollowUp(text="Send notes", due_on=date(2026, 12, 4)))
    kept = FollowUpFactory(contact=contact, interaction=made, done=True)

    conversations.delete(talk=made, at=NOW)
    assert last(contact) is None
    assert list(FollowUp.objects.owned_by(owner)) == [kept]

    conversations.restore(talk=made)
    assert last(contact) == TODAY
    assert FollowUp.objects.owned_by(owner).count() == 2


def test_erasing_somebody_erases_what_was_said_with_them_alone(owner):
    there, gone = ContactFactory(owner=owner), ContactFactory(owner=owner)
    log(owner, [gone], notes="With them alone")
    both = log(owner, [there, gone], notes="With both")
    gone.put_in_bin(at=NOW - timedelta(days=31))

    erase_deleted(now=NOW)

    assert list(Interaction.objects.all()) == [both]
    assert list(both.people.all()) == [there]


def test_turn_is_dealt_with_by_logging_only_if_it_had_come(owner):
    due = ContactFactory(owner=owner, circle="close", last_contact_on=date(2026, 10, 1))
    early = ContactFactory(owner=owner, circle="close", last_contact_on=date(2026, 11, 20))

    log(owner, [due, early])

    assert list(Contact.objects.dealt_with(MONDAY, SUNDAY)) == [due]


def test_turn_comes_back_when_the_conversation_is_deleted(owner):
    due = ContactFactory(owner=owner, circle="close")
    InteractionFactory(owner=owner, people=[due], happened_on=date(2026, 10, 1))
    made = log(owner, [due])

    conversations.delete(talk=made, at=NOW)

    assert not Contact.objects.dealt_with(MONDAY, SUNDAY).exists()
    assert list(Contact.objects.due_by(SUNDAY)) == [due]


@pytest.mark.parametrize(
    ("act", "day"),
    [
        (lambda contact: turns.snooze(contact=contact, until=date(2026, 12, 4), today=TODAY), date(2026, 12, 4)),
        (lambda contact: turns.skip(contact=contact, today=TODAY), date(2026, 12, 27)),
        (lambda contact: turns.stop(contact=contact, today=TODAY), None),
    ],
)
def test_snooze_skip_and_stop_deal_with_a_turn_and_can_be_taken_back(owner, act, day):
    contact = ContactFactory(owner=owner, circle="close", last_contact_on=date(2026, 10, 1))

    act(contact)

    contact = Contact.objects.get()
    assert (contact.due_on, contact.dealt_with_on) == (day, TODAY)
    assert list(Contact.objects.dealt_with(MONDAY, SUNDAY)) == [contact]

    turns.take_back(contact=contact, circle="close", skipped_on=None, snoozed_until=None)

    assert Contact.objects.get().due_on == date(2026, 10, 31)
    assert not Contact.objects.dealt_with(MONDAY, SUNDAY).exists()


def test_skip_is_this_round_only(owner):
    contact = ContactFactory(owner=owner, circle="close", last_contact_on=date(2026, 10, 1))
    turns.skip(contact=contact, today=TODAY)

    log(owner, [contact], date(2026, 11, 28), at=NOW + timedelta(days=1))

    assert Contact.objects.get().due_on == date(2026, 12, 28)


def test_stop_is_seen_by_a_form_that_was_opened_before(owner):
    contact = ContactFactory(owner=owner, circle="close")

    turns.stop(contact=contact, today=TODAY)

    assert Contact.objects.get().version == 2


def test_pace_is_kept_once(owner):
    turns.set_pace(owner=owner, per_week=3)
    turns.set_pace(owner=owner, per_week=7)

    assert Pace.objects.get().per_week == 7


def test_promise_twice_within_a_minute_is_one(owner):
    contact = ContactFactory(owner=owner)

    def promise(seconds):
        new = FollowUp(text="Send notes", due_on=date(2026, 12, 4))
        return follow_ups.promise(follow_up=new, contact=contact, by=owner, at=NOW + timedelta(seconds=seconds))

    assert promise(0) == promise(30)
    assert promise(60) != promise(0)


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_log_at_once_are_both_counted(owner):
    contact = ContactFactory(owner=owner)
    days = [date(2026, 11, day) for day in (20, 21, 22, 23)]

    made = at_once(*[lambda day=day: log(owner, [contact], day) for day in days])

    assert {type(each) for each in made} == {Interaction}
    assert last(contact) == days[-1]
    assert Interaction.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_double_click_at_once_is_one(owner):
    contact = ContactFactory(owner=owner)

    at_once(*[lambda: log(owner, [contact])] * 3)

    assert Interaction.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_contact_deleted_while_a_conversation_is_logged_has_it_when_brought_back(owner):
    contact = ContactFactory(owner=owner)

    made = at_once(lambda: log(owner, [contact]), lambda: Contact.objects.get(pk=contact.pk).put_in_bin(at=NOW))

    assert not [each for each in made if isinstance(each, Exception)]
    contact.refresh_from_db()
    assert contact.deleted_at == NOW
    contact.take_from_bin()
    assert last(contact) == TODAY


@pytest.mark.django_db(transaction=True)
def test_logging_while_another_conversation_is_deleted_counts_what_is_left(owner):
    contact = ContactFactory(owner=owner)
    old = log(owner, [contact], date(2026, 11, 25), notes="Old")

    at_once(lambda: log(owner, [contact], date(2026, 11, 10)), lambda: conversations.delete(talk=old, at=NOW))

    assert last(contact) == date(2026, 11, 10)
