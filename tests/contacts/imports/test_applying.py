from datetime import timedelta

import pytest

from contacts.cards.extra import EXTRA_LINES
from contacts.imports import applying, leases
from contacts.imports.work import work
from contacts.models import Contact, Import, ImportPart, Way
from contacts.services import importing
from contacts.services.importing import Choice
from tests.contacts.imports.files import ANNA, AT, BEN, BROKEN, apply, card, read, undo
from tests.factories.contacts import ADDED_AT, ContactFactory, WayFactory

pytestmark = pytest.mark.django_db


def state_of(owner):
    """Everything of somebody's contacts that an import can touch."""
    contacts = Contact.objects.filter(owner=owner).order_by("pk")
    return list(contacts.values()), list(Way.objects.filter(owner=owner).order_by("pk").values())


def test_people_are_added_with_their_ways(owner):
    source = apply(read(owner, ANNA + BROKEN + BEN))

    anna, ben = Contact.objects.owned_by(owner).order_by("name")
    assert (source.state, source.added, source.updated, source.total) == ("done", 2, 0, 2)
    assert (anna.uid, anna.organisation, anna.name_parts[:2]) == ("anna-1", "Northmoor", ["Becker", "Anna"])
    assert [(way.kind, way.compared) for way in anna.ways.all()] == [
        ("email", "anna@example.org"),
        ("phone", "+4930123456"),
    ]
    assert (ben.name, ben.role) == ("Ben Okafor", "Designer")


def test_file_and_cards_are_erased_once_it_is_done(owner):
    source = apply(read(owner, ANNA + BROKEN))

    assert not ImportPart.objects.exists()
    assert set(source.rows.values_list("card", flat=True).distinct().values_list("finding", flat=True)) == {
        "new",
        "bad",
    }
    assert all(row.card == {} for row in source.rows.all())


@pytest.mark.parametrize("name", ["people.vcf", "people.csv"])
def test_same_file_twice_changes_nothing(owner, name):
    text = ANNA + BEN + card("Clara Ohne", more="NOTE:no address\r\nX-LUNCH:soup\r\nCATEGORIES:Tea,Books")
    if name == "people.csv":
        text = "Name,Email,Phone,Notes\r\nAnna Becker,anna@example.org,030 123456,\r\nClara Ohne,,,no address\r\n"
    apply(read(owner, text, name=name))
    before = state_of(owner)

    second = read(owner, text, name=name)

    assert set(second.rows.values_list("finding", flat=True)) == {"same"}
    apply(second)
    assert state_of(owner) == before


def test_update_fills_what_is_empty_and_keeps_the_rest(owner):
    contact = ContactFactory(
        owner=owner, name="Anna Becker", uid="anna-1", role="Lead", why="She asks well", tags=["Tea"]
    )
    WayFactory(contact=contact, value="anna@home.example")
    text = card(
        "Anna Becker",
        uid="anna-1",
        email="anna@example.org",
        more="TITLE:Designer\r\nORG:Northmoor\r\nCATEGORIES:tea,Books",
    )

    source = apply(read(owner, text))

    contact.refresh_from_db()
    assert (source.added, source.updated) == (0, 1)
    assert (contact.role, contact.organisation, contact.why) == ("Lead", "Northmoor", "She asks well")
    assert (contact.tags, contact.version) == (["Tea", "Books"], 2)
    assert [(way.value, way.position) for way in contact.ways.all()] == [
        ("anna@home.example", 0),
        ("anna@example.org", 1),
    ]


def test_differing_value_is_taken_only_where_that_was_chosen(owner):
    contact = ContactFactory(owner=owner, name="Ben Okafor", uid="ben-1", role="Lead", organisation="Mine")
    source = read(owner, BEN.replace("TITLE", "ORG:Theirs\r\nTITLE"))
    row = source.rows.get()

    importing.choose(source=source, choices={row.pk: Choice("update", ["role"])})
    apply(source)

    contact.refresh_from_db()
    assert (contact.role, contact.organisation) == ("Designer", "Mine")


@pytest.mark.parametrize(("more", "given"), [("N:Berg;Johanna;;;", "Johanna"), ("", "Johanna")])
def test_name_that_is_taken_brings_its_own_parts(owner, more, given):
    """And both go back with the import."""
    before = ("Hanna Berg-Vogel", ["Berg-Vogel", "Hanna", "", "", ""])
    contact = ContactFactory(owner=owner, uid="h-1", name=before[0], name_parts=before[1])
    source = read(owner, card("Johanna Berg", uid="h-1", more=more))
    importing.choose_all(source=source, finding="look", decision="update")
    row = source.rows.get()
    importing.choose(source=source, choices={row.pk: Choice("update", ["name"])})

    apply(source)

    contact.refresh_from_db()
    assert (contact.name, contact.given_name) == ("Johanna Berg", given)
    undo(source)
    contact.refresh_from_db()
    assert (contact.name, contact.name_parts) == before


def test_unknown_lines_of_a_card_are_kept(owner):
    apply(read(owner, card("Anna Becker", uid="anna-1", more="X-LUNCH:soup")))

    extra = Contact.objects.get().extra
    assert [(line["name"], line["value"]) for line in extra] == [("X-LUNCH", "soup")]


def test_row_that_is_left_out_does_nothing(owner):
    source = read(owner, ANNA + BEN)
    importing.choose(source=source, choices={source.rows.get(number=1).pk: Choice("skip", [])})

    source = apply(source)

    assert list(Contact.objects.values_list("name", flat=True)) == ["Ben Okafor"]
    assert (source.added, source.total) == (1, 1)


def test_contact_that_was_edited_since_is_left_as_it_is(owner):
    contact = ContactFactory(owner=owner, name="Anna Becker", uid="anna-1")
    source = read(owner, ANNA)
    contact.role = "Edited meanwhile"
    contact.save_version(expected=1, update_fields=["role"])

    source = apply(source)

    contact.refresh_from_db()
    assert (contact.organisation, contact.version, contact.ways.count()) == ("", 2, 0)
    assert source.rows.get().problem == applying.CHANGED
    assert source.updated == 0


def test_contact_that_was_deleted_since_stays_deleted(owner):
    contact = ContactFactory(owner=owner, name="Anna Becker", uid="anna-1")
    source = read(owner, ANNA)
    contact.put_in_bin(at=ADDED_AT)

    apply(source)

    contact.refresh_from_db()
    assert contact.deleted_at == ADDED_AT
    assert source.rows.get().problem == applying.CHANGED


def test_contact_that_was_erased_since_is_gone(owner):
    contact = ContactFactory(owner=owner, name="Anna Becker", uid="anna-1")
    source = read(owner, ANNA)
    contact.delete()

    apply(source)

    assert source.rows.get().problem == applying.GONE
    assert not Contact.objects.exists()


def test_contact_in_the_bin_is_brought_back_where_that_was_chosen(owner):
    contact = ContactFactory(owner=owner, name="Anna Becker", uid="anna-1", deleted_at=ADDED_AT)
    source = read(owner, ANNA)
    importing.choose_all(source=source, finding="look", decision="update")

    apply(source)

    contact.refresh_from_db()
    assert (contact.deleted_at, contact.organisation) == (None, "Northmoor")


def test_person_in_the_bin_added_anew_gets_a_uid_of_their_own(owner):
    old = ContactFactory(owner=owner, name="Anna Becker", uid="anna-1", deleted_at=ADDED_AT)
    source = read(owner, ANNA)
    importing.choose_all(source=source, finding="look", decision="add")

    apply(source)

    assert Contact.objects.owned_by(owner).get().uid not in ("", old.uid)


def test_two_people_with_one_uid_are_two_contacts(owner):
    apply(read(owner, card("Anna Becker", uid="1") + card("Ben Okafor", uid="1")))

    assert Contact.objects.owned_by(owner).count() == 2


@pytest.mark.parametrize("size", [1, 200])
def test_rows_about_one_person_become_one_contact(owner, monkeypatch, size):
    monkeypatch.setattr(applying, "CHUNK", size)
    text = ANNA + card("Anna Becker", email="anna@example.org", phone="030 999", more="TITLE:Lead")

    source = apply(read(owner, text))

    contact = Contact.objects.owned_by(owner).get()
    assert (contact.role, contact.organisation, contact.ways.count()) == ("Lead", "Northmoor", 3)
    assert (source.added, source.updated) == (1, 0)


def test_row_whose_first_one_is_left_out_is_left_out_too(owner):
    source = read(owner, ANNA + card("Anna Becker", email="anna@example.org", more="TITLE:Lead"))
    importing.choose(source=source, choices={source.rows.get(number=1).pk: Choice("skip", [])})

    apply(source)

    assert not Contact.objects.exists()
    assert source.rows.get(number=2).problem == applying.TWIN_LEFT_OUT.format(line=1)


def test_two_rows_change_one_contact_one_after_the_other(owner, monkeypatch):
    monkeypatch.setattr(applying, "CHUNK", 1)
    contact = ContactFactory(owner=owner, name="Anna Becker", uid="anna-1")

    source = apply(read(owner, ANNA + card("Anna Becker", uid="anna-1", more="TITLE:Lead")))

    contact.refresh_from_db()
    assert (contact.organisation, contact.role, contact.version) == ("Northmoor", "Lead", 3)
    assert source.updated == 1


def test_same_file_in_two_tabs_adds_nobody_twice(owner):
    first, second = read(owner, ANNA), read(owner, ANNA)

    apply(first)
    second = apply(second)

    assert Contact.objects.owned_by(owner).count() == 1
    assert second.rows.get().problem == applying.CAME_IN.format(why="the same card")


def test_second_press_finds_it_begun(owner):
    source = read(owner, ANNA)

    assert importing.start(source=source, at=AT)
    assert not importing.start(source=source, at=AT + timedelta(seconds=1))
    work()
    work()

    assert Contact.objects.count() == 1


def test_choices_after_the_start_are_refused_whole(owner):
    source = read(owner, ANNA + BEN)
    importing.start(source=source, at=AT)
    rows = list(source.rows.all())

    assert importing.choose(source=source, choices={row.pk: Choice("skip", []) for row in rows}) is None
    assert importing.choose_all(source=source, finding="new", decision="skip") is None
    assert set(source.rows.values_list("decision", flat=True)) == {"add"}


def test_worker_that_died_between_chunks_is_followed_by_another(owner, monkeypatch):
    monkeypatch.setattr(applying, "CHUNK", 1)
    source = read(owner, ANNA + BEN)
    importing.start(source=source, at=AT)
    mine = leases.claim()
    assert applying.apply(mine, until=0) is False  # gives it back with nothing done
    mine = leases.claim()
    monkeypatch.setattr(leases, "release", lambda *args, **kwargs: None)
    monkeypatch.setattr(applying, "_finish", lambda source: (_ for _ in ()).throw(RuntimeError))
    with pytest.raises(RuntimeError):
        applying.apply(mine, until=float("inf"))
    monkeypatch.undo()
    Import.objects.update(lease_until="2026-01-01T00:00Z")

    work()

    source.refresh_from_db()
    assert (source.state, source.done, source.added) == ("done", 2, 2)
    assert Contact.objects.count() == 2


def test_stuck_import_can_go_on(owner, monkeypatch):
    source = read(owner, ANNA)
    importing.start(source=source, at=AT)
    monkeypatch.setattr(applying._Chunk, "apply", lambda self: 1 / 0)
    for _ in range(4):
        work()
        Import.objects.update(lease_until="2026-01-01T00:00Z")
    source.refresh_from_db()
    assert (source.state, source.is_stuck, source.problem) == ("applying", True, leases.GAVE_UP)
    monkeypatch.undo()

    assert importing.try_again(source=source)
    work()

    source.refresh_from_db()
    assert (source.state, source.problem) == ("done", "")


def test_applying_costs_as_much_for_many_as_for_one(owner, django_assert_num_queries):
    for number in range(20):
        contact = ContactFactory(owner=owner, name=f"Anna {number}", uid=f"a{number}")
        WayFactory(contact=contact)
    text = "".join(card(f"Anna {n}", uid=f"a{n}", email=f"new{n}@example.org", more="TITLE:Lead") for n in range(40))
    source = read(owner, text)
    importing.start(source=source, at=AT)
    mine = leases.claim()

    with django_assert_num_queries(23):
        applying.apply(mine, until=float("inf"))


def test_lines_come_in_as_far_as_there_is_room_and_apart_from_others(owner):
    extra = [{"name": f"X-{number}", "value": "1", "group": "item1"} for number in range(EXTRA_LINES - 3)]
    anna = ContactFactory(owner=owner, name="Anna Becker", uid="anna-1", extra=extra)
    more = "item1.ADR:;;Hauptstr. 1;Berlin;;10117;\r\nitem2.X-ABDATE:1\r\nitem2.X-ABLabel:Wedding\r\nitem3.X-ABDATE:2\r\nitem3.X-ABLabel:No"
    text = card("Anna Becker", uid="anna-1", more=more)

    apply(read(owner, text))

    anna.refresh_from_db()
    said_as = ["way", "address", "Hauptstr. 1, 10117 Berlin", ""]
    assert anna.extra[len(extra) :] == [
        {"name": "ADR", "value": ";;Hauptstr. 1;Berlin;;10117;", "group": "item4", "as": said_as},
        {"name": "X-ABDATE", "value": "1", "group": "item2"},
        {"name": "X-ABLABEL", "value": "Wedding", "group": "item2"},
    ]
    assert read(owner, text).rows.get().finding == "same"
