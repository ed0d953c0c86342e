"""Two tabs, a worker and its owner, an import and an edit: whoever comes second finds what the first did."""

from datetime import timedelta

import pytest

from contacts.imports import leases
from contacts.imports.work import work
from contacts.models import Contact, Import, ImportRow
from contacts.services import importing
from core.versioned import StaleEdit
from tests.contacts.imports.files import ANNA, AT, BEN, apply, card, read
from tests.factories.contacts import ContactFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_tabs_that_import_at_once_begin_it_once(owner):
    source = read(owner, ANNA + BEN)

    begun = at_once(*[lambda: importing.start(source=source, at=AT)] * 2)
    at_once(work, work)

    assert sorted(begun) == [False, True]
    assert Contact.objects.count() == 2
    assert Import.objects.get().state == "done"


def test_two_workers_never_have_one_import(owner):
    read(owner, ANNA)
    importing.start(source=Import.objects.get(), at=AT)

    claimed = at_once(leases.claim, leases.claim)

    assert sorted(each is None for each in claimed) == [False, True]


def test_same_file_twice_at_once_adds_each_person_once(owner):
    text = "".join(card(f"Anna {n}", uid=f"a{n}") for n in range(30))
    for source in (read(owner, text), read(owner, text)):
        importing.start(source=source, at=AT)

    at_once(work, work)

    assert Contact.objects.count() == 30
    assert set(Import.objects.values_list("state", flat=True)) == {"done"}


def test_undo_pressed_while_it_is_imported_is_refused_or_whole(owner):
    source = read(owner, ANNA + BEN)
    importing.start(source=source, at=AT)

    _, is_undone = at_once(work, lambda: importing.start_undo(source=source, at=AT))
    work()

    assert Contact.objects.owned_by(owner).count() == (0 if is_undone else 2)
    assert Import.objects.get().state == ("undone" if is_undone else "done")


def test_undo_twice_at_once_is_once(owner):
    source = apply(read(owner, ANNA))

    begun = at_once(*[lambda: importing.start_undo(source=source, at=AT)] * 2)
    at_once(work, work)

    assert sorted(begun) == [False, True]
    assert Contact.objects.in_bin_of(owner).count() == 1


def test_edit_while_it_is_imported_loses_nothing(owner):
    contact = ContactFactory(owner=owner, name="Anna Becker", uid="anna-1")
    source = read(owner, ANNA)
    importing.start(source=source, at=AT)

    def edit():
        contact.role = "Lead"
        contact.save_version(expected=1, update_fields=["role"])

    _, edited = at_once(work, edit)

    contact.refresh_from_db()
    row = ImportRow.objects.get()
    if isinstance(edited, StaleEdit):
        assert (contact.role, contact.organisation, row.problem) == ("", "Northmoor", "")
    else:
        assert edited is None
        assert (contact.role, contact.organisation) == ("Lead", "")
        assert row.problem


def test_choices_and_start_at_once_are_one_after_the_other(owner):
    source = read(owner, ANNA)
    row = source.rows.get()

    chosen, _ = at_once(
        lambda: importing.choose(source=source, choices={row.pk: importing.Choice("skip")}),
        lambda: importing.start(source=source, at=AT + timedelta(seconds=1)),
    )
    work()

    assert Contact.objects.exists() == (chosen is None)
