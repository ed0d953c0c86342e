import pytest
from django.db import connection

from contacts.imports import leases, reading
from contacts.imports.work import work
from contacts.models import Contact, Import, ImportPart
from contacts.services import importing
from contacts.services.merge import merge
from tests.contacts.imports.files import ANNA, BEN, BROKEN, TABLE, card, read, upload
from tests.factories.accounts import UserFactory
from tests.factories.contacts import ADDED_AT, ContactFactory, WayFactory

pytestmark = pytest.mark.django_db


def found(source):
    return [(row.name, row.finding, row.decision, row.why) for row in source.rows.order_by("number")]


def known(owner, name="Anna Becker", *, email="", phone="", **fields):
    contact = ContactFactory(owner=owner, name=name, **fields)
    if email:
        WayFactory(contact=contact, value=email)
    if phone:
        WayFactory(contact=contact, kind="phone", value=phone, compared=phone)
    return contact


def test_file_is_kept_encrypted_and_read_into_rows(owner):
    source = upload(owner, ANNA + BEN)

    raw = ImportPart.objects.values_list("content", flat=True)
    assert source.state == "reading"
    assert "Anna" in raw[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM contacts_importpart")
        assert "Anna" not in cursor.fetchone()[0]

    work()

    source.refresh_from_db()
    assert (source.state, source.total, source.attempts) == ("ready", 2, 0)
    assert found(source) == [("Anna Becker", "new", "add", ""), ("Ben Okafor", "new", "add", "")]
    assert not Contact.objects.exists()


def test_table_with_known_headings_is_read_at_once(owner):
    assert found(read(owner, TABLE, name="people.csv"))[0] == ("Anna Becker", "new", "add", "")


def test_bad_row_says_its_line_and_why(owner):
    source = read(owner, ANNA + BROKEN + BEN)

    row = source.rows.get(finding="bad")
    assert (row.number, row.line, row.decision) == (2, 10, "skip")
    assert row.problem
    assert "BEGIN:VCARD" in row.raw


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"uid": "anna-1"}, "uid"),
        ({"email": "anna@example.org"}, "email"),
        ({"phone": "+4930123456"}, "phone"),
    ],
)
def test_match_by_what_is_sure(owner, fields, why):
    contact = known(owner, **fields)

    row = read(owner, ANNA).rows.get()

    assert (row.contact, row.finding, row.decision, row.why) == (contact, "change", "update", why)
    assert row.contact_version == contact.version


def test_match_by_uid_comes_before_the_address(owner):
    known(owner, email="anna@example.org")
    by_uid = known(owner, uid="anna-1")

    assert read(owner, ANNA).rows.get().contact == by_uid


def test_match_by_name_alone_is_a_question(owner):
    contact = known(owner, "anna becker")

    row = read(owner, ANNA).rows.get()

    assert (row.contact, row.finding, row.decision, row.why) == (contact, "look", "skip", "name")


def test_address_of_somebody_named_otherwise_is_a_question(owner):
    contact = known(owner, "Front Desk", email="anna@example.org")

    row = read(owner, ANNA).rows.get()

    assert (row.contact, row.finding, row.decision, row.why) == (contact, "look", "skip", "email")


def test_number_of_a_switchboard_takes_whoever_is_named_alike(owner):
    known(owner, "Front Desk", phone="+4930123456")
    anna = known(owner, "Anna B. Becker", phone="+4930123456")

    assert read(owner, ANNA).rows.get().contact == anna


def test_contact_in_the_bin_is_said_to_be_there(owner):
    contact = known(owner, uid="anna-1", deleted_at=ADDED_AT)

    row = read(owner, ANNA).rows.get()

    assert (row.contact, row.finding, row.decision) == (contact, "look", "skip")
    assert row.problem == "This person is in your bin."


def test_contact_of_somebody_else_is_no_match(owner):
    known(UserFactory(), uid="anna-1", email="anna@example.org")

    assert read(owner, ANNA).rows.get().contact is None


def test_contact_that_has_all_of_it_is_the_same(owner):
    contact = known(owner, uid="anna-1", organisation="Northmoor", email="Anna@Example.org", phone="+4930123456")
    contact.name_parts = ["Becker", "Anna", "", "", ""]
    contact.save()

    row = read(owner, ANNA).rows.get()

    assert (row.finding, row.decision) == ("same", "skip")


def test_contact_that_only_differs_is_a_question(owner):
    known(owner, uid="ben-1", name="Ben Okafor", role="Lead", email="ben@example.org")

    row = read(owner, BEN).rows.get()

    assert (row.finding, row.decision, row.why) == ("look", "skip", "uid")


def test_two_rows_about_one_person_belong_together(owner):
    source = read(owner, ANNA + BEN + card("Anna Becker", email="ANNA@example.org", more="TITLE:Lead"))

    row = source.rows.get(number=3)
    assert (row.twin, row.contact, row.finding, row.decision, row.why) == (1, None, "again", "update", "email")


def test_row_that_is_there_twice_is_the_same(owner):
    assert [row[1] for row in found(read(owner, ANNA + ANNA))] == ["new", "same"]


def test_two_rows_about_one_contact_name_the_first(owner):
    contact = known(owner, email="anna@example.org")

    source = read(owner, card("Anna Becker", email="anna@example.org", more="TITLE:Lead") + ANNA)

    assert list(source.rows.values_list("contact", "twin")) == [(contact.pk, None), (contact.pk, 1)]


def test_doubled_uid_of_two_people_makes_two(owner):
    source = read(owner, card("Anna Becker", uid="1") + card("Ben Okafor", uid="1"))

    assert [row[1:3] for row in found(source)] == [("new", "add"), ("new", "add")]


def test_number_that_two_people_share_makes_two(owner):
    source = read(owner, card("Anna Becker", phone="030 123456") + card("Ben Okafor", phone="030 123456"))

    assert [row[1] for row in found(source)] == ["new", "new"]


def test_twins_are_found_across_chunks(owner, monkeypatch):
    monkeypatch.setattr(reading, "CHUNK", 1)

    source = read(owner, ANNA + BEN + card("Anna Becker", uid="anna-1", more="TITLE:Lead"))

    assert source.rows.get(number=3).twin == 1


def test_file_without_anybody_says_so(owner):
    source = read(owner, "Name,Email\r\n", name="people.csv")

    assert (source.state, source.problem) == ("failed", reading.NOTHING)
    assert not source.rows.exists()


def test_too_many_rows_are_refused_whole(owner, monkeypatch):
    monkeypatch.setattr("contacts.cards.read.ROWS", 1)

    source = read(owner, ANNA + BEN)

    assert source.state == "failed"
    assert "more than 1 rows" in source.problem
    assert not source.rows.exists()


def test_worker_that_died_left_nothing_that_doubles(owner, monkeypatch):
    monkeypatch.setattr(reading, "CHUNK", 1)
    source = upload(owner, ANNA + BEN)
    mine = leases.claim()
    rows = reading._read_rows(mine)
    assert (rows, source.rows.count()) == (2, 2)
    Import.objects.update(lease_until="2026-01-01T00:00Z")

    work()

    source.refresh_from_db()
    assert (source.state, source.rows.count()) == ("ready", 2)


def test_worker_that_lost_its_lease_stores_nothing(owner):
    upload(owner, ANNA)
    first = leases.claim()
    Import.objects.update(lease_until="2026-01-01T00:00Z")
    second = leases.claim()

    with pytest.raises(leases.LeaseLostError):
        reading.read(first)

    reading.read(second)
    assert second.rows.count() == 1


def test_failure_of_our_own_is_tried_three_times_then_said(owner, monkeypatch, caplog):
    source = upload(owner, ANNA)

    def fail(*args, **kwargs):
        raise RuntimeError("Anna Becker")

    monkeypatch.setattr(reading, "read_cards", fail)
    for _ in range(4):
        work()
        Import.objects.update(lease_until="2026-01-01T00:00Z")

    source.refresh_from_db()
    assert (source.state, source.problem) == ("failed", leases.UNREADABLE)
    assert "Anna" not in caplog.text


def test_discarding_while_it_is_read_stops_the_worker(owner):
    source = upload(owner, ANNA)
    mine = leases.claim()
    assert importing.discard(source=source)

    with pytest.raises(leases.LeaseLostError):
        reading.read(mine)

    assert not ImportPart.objects.exists()


@pytest.mark.parametrize("row", ["uid", "name"])
def test_whoever_was_made_one_with_somebody_is_that_one(owner, row):
    first, second, third = (ContactFactory(owner=owner, name=name) for name in ("Hannah", "Johanna", "J. Vogel"))
    uid = third.uid
    for kept, gone in ((second, third), (first, second)):
        versions = tuple(Contact.objects.in_bulk([kept.pk, gone.pk])[each.pk].version for each in (kept, gone))
        merge(kept=kept, gone=gone, versions=versions, from_gone=frozenset(), at=ADDED_AT)

    found = read(owner, card("J. Vogel", uid=uid if row == "uid" else "")).rows.get()

    assert (found.contact, found.finding, found.decision, found.problem) == (first, "look", "skip", "")


def test_reading_costs_as_much_for_many_as_for_one(owner, django_assert_num_queries):
    for number in range(30):
        known(owner, f"Anna {number}", email=f"a{number}@example.org")
    upload(owner, "".join(card(f"Anna {n}", email=f"a{n}@example.org", more="TITLE:Lead") for n in range(30)))
    mine = leases.claim()

    with django_assert_num_queries(15):
        reading.read(mine)
