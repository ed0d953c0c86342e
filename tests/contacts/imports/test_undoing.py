from datetime import timedelta

import pytest

from contacts.imports import leases, undoing
from contacts.imports.work import work
from contacts.models import Contact, Import, ImportRow, Way
from contacts.services import importing
from contacts.services.importing import Choice
from tests.contacts.imports.files import ANNA, AT, BEN, apply, card, read, undo, upload
from tests.contacts.imports.test_applying import state_of
from tests.factories.contacts import ADDED_AT, ContactFactory, FollowUpFactory, InteractionFactory, WayFactory
from tests.factories.goals import GoalFactory

pytestmark = pytest.mark.django_db


def test_whom_it_added_goes_to_the_bin(owner):
    source = undo(apply(read(owner, ANNA + BEN)))

    assert source.state == "undone"
    assert not Contact.objects.owned_by(owner).exists()
    assert Contact.objects.in_bin_of(owner).count() == 2


def test_what_it_changed_goes_back(owner):
    contact = ContactFactory(
        owner=owner, name="Anna Becker", uid="anna-1", role="Lead", tags=["Tea"], extra=[{"name": "X-A", "value": "1"}]
    )
    WayFactory(contact=contact, value="anna@home.example")
    before = state_of(owner)
    text = card(
        "Anna Becker",
        uid="anna-1",
        email="anna@example.org",
        more="TITLE:Designer\r\nORG:N\r\nCATEGORIES:Books\r\nX-LUNCH:soup",
    )
    source = read(owner, text)
    importing.choose(source=source, choices={source.rows.get().pk: Choice("update", ["role"])})
    apply(source)
    assert state_of(owner) != before

    undo(source)

    contacts, ways = state_of(owner)
    assert contacts[0].pop("version") == 3
    before[0][0].pop("version")
    assert (contacts, ways) == before


def test_fields_that_were_edited_since_stay_and_are_named(owner):
    contact = ContactFactory(owner=owner, name="Anna Becker", uid="anna-1")
    source = apply(read(owner, card("Anna Becker", uid="anna-1", more="TITLE:Designer\r\nORG:Northmoor")))
    contact.refresh_from_db()
    contact.role = "Lead"
    contact.save_version(expected=contact.version, update_fields=["role"])

    undo(source)

    contact.refresh_from_db()
    assert (contact.role, contact.organisation) == ("Lead", "")
    assert source.rows.get().problem == "Kept as you changed it since: Role."


def test_added_person_who_was_edited_since_stays_and_is_named(owner):
    source = apply(read(owner, ANNA + BEN))
    anna = Contact.objects.get(name="Anna Becker")
    anna.save_version(expected=anna.version, update_fields=["role"])

    undo(source)

    assert Contact.objects.owned_by(owner).get() == anna
    assert source.rows.get(contact=anna).problem == undoing.KEPT_EDITED


@pytest.mark.parametrize("kind", ["conversation", "planned", "promise", "goal"])
def test_added_person_one_has_to_do_with_since_stays_and_is_named(owner, kind):
    source = apply(read(owner, ANNA + BEN))
    anna = Contact.objects.get(name="Anna Becker")
    if kind == "promise":
        FollowUpFactory(contact=anna)
    elif kind == "goal":
        GoalFactory(owner=owner).contacts.add(anna)
    else:
        InteractionFactory(owner=owner, people=[anna], state="planned" if kind == "planned" else "held")

    undo(source)

    assert Contact.objects.owned_by(owner).get() == anna
    assert source.rows.get(contact=anna).problem == undoing.KEPT_USED


def test_person_of_two_rows_goes_as_one(owner, monkeypatch):
    monkeypatch.setattr(undoing, "CHUNK", 1)
    monkeypatch.setattr("contacts.imports.applying.CHUNK", 1)
    source = apply(read(owner, ANNA + BEN + card("Anna Becker", uid="anna-1", more="TITLE:Lead")))

    source = undo(source)

    assert Contact.objects.in_bin_of(owner).count() == 2
    assert (source.state, source.done) == ("undone", 3)
    assert not source.rows.exclude(problem="").exists()


def test_person_brought_back_goes_back_to_the_bin(owner):
    contact = ContactFactory(owner=owner, name="Anna Becker", uid="anna-1", deleted_at=ADDED_AT)
    source = read(owner, ANNA)
    importing.choose_all(source=source, finding="look", decision="update")

    undo(apply(source))

    contact.refresh_from_db()
    assert contact.deleted_at
    assert contact.organisation == ""


def test_undo_twice_is_once(owner):
    source = apply(read(owner, ANNA))

    assert importing.start_undo(source=source, at=AT)
    assert not importing.start_undo(source=source, at=AT)


def test_undo_before_it_is_done_is_refused(owner):
    source = read(owner, ANNA)
    assert not importing.start_undo(source=source, at=AT)
    importing.start(source=source, at=AT)

    assert not importing.start_undo(source=source, at=AT)


def test_only_the_last_import_can_be_undone(owner):
    first = apply(read(owner, ANNA))
    second = read(owner, BEN)
    importing.start(source=second, at=AT + timedelta(hours=1))
    second.refresh_from_db()
    assert not importing.can_undo(first, at=AT)
    assert not importing.start_undo(source=first, at=AT)

    Import.objects.filter(pk=second.pk).update(state="undone", undone_at=AT)
    assert importing.start_undo(source=first, at=AT)


def test_undo_after_thirty_days_is_refused(owner):
    source = apply(read(owner, ANNA))

    assert not importing.start_undo(source=source, at=AT + timedelta(days=30))
    assert importing.can_undo(source, at=AT + timedelta(days=29))


def test_file_that_was_taken_back_comes_in_anew_with_its_columns_put_right(owner):
    heading = "Who,Where,Email\r\nAnna Becker,Northmoor,anna@example.org\r\n"
    source = upload(owner, heading, name="people.csv")
    importing.read_again(source=source, mapping={"Who": "organisation", "Where": "name", "Email": "email"})
    work()
    undo(apply(source))

    source = upload(owner, heading, name="people.csv")
    importing.read_again(source=source, mapping={"Who": "name", "Where": "organisation", "Email": "email"})
    work()

    assert source.rows.get().finding == "new"
    apply(source)
    contact = Contact.objects.owned_by(owner).get()
    assert (contact.name, contact.organisation) == ("Anna Becker", "Northmoor")


def test_uid_of_whom_an_import_brought_is_theirs_when_they_come_in_again(owner):
    undo(apply(read(owner, ANNA)))
    aside = Contact.objects.get()

    source = apply(read(owner, ANNA))

    assert (source.added, Contact.objects.owned_by(owner).get().uid) == (1, "anna-1")
    aside.refresh_from_db()
    assert aside.deleted_at
    assert read(owner, ANNA).rows.get().finding == "same"


def test_person_in_the_bin_whom_no_import_brought_is_asked_about(owner):
    ContactFactory(owner=owner, name="Anna Becker", uid="anna-1", deleted_at=ADDED_AT)

    assert read(owner, ANNA).rows.get().finding == "look"


def test_undoing_costs_as_much_for_many_as_for_one(owner, django_assert_num_queries):
    for number in range(10):
        ContactFactory(owner=owner, name=f"Anna {number}", uid=f"a{number}")
    text = "".join(card(f"Anna {n}", uid=f"a{n}", email=f"new{n}@example.org") for n in range(20))
    source = apply(read(owner, text))
    importing.start_undo(source=source, at=AT)
    mine = leases.claim()

    with django_assert_num_queries(17):
        undoing.undo(mine, until=float("inf"))


def test_erase_old_lets_go_of_what_waited_a_week(owner):
    source = read(owner, ANNA)

    assert importing.erase_old(now=AT + timedelta(days=6)) == 0
    assert importing.erase_old(now=AT + timedelta(days=8)) == 1
    assert not Import.objects.filter(pk=source.pk).exists()


def test_erase_old_keeps_the_history_of_what_was_imported(owner):
    source = apply(read(owner, ANNA))

    assert importing.erase_old(now=AT + timedelta(days=29)) == 0
    assert importing.erase_old(now=AT + timedelta(days=31)) == 1
    source.refresh_from_db()
    assert (source.state, ImportRow.objects.count(), Contact.objects.count()) == ("done", 0, 1)


def test_account_that_goes_takes_its_imports_along(owner):
    apply(read(owner, ANNA))
    read(owner, BEN)

    owner.delete()

    assert [model.objects.count() for model in (Import, ImportRow, Contact, Way)] == [0, 0, 0, 0]
