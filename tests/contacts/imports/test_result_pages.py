"""What became of a file: rows to mend, the result, taking it back; and what all its pages have in common."""

import csv
from io import StringIO

import pytest
from django.urls import reverse

from contacts.imports.work import work
from contacts.models import Contact, Import
from tests.contacts.imports.files import ANNA, AT, BEN, BROKEN, apply, card, read, undo
from tests.contacts.imports.pages import NEW, page_of, send
from tests.factories.contacts import ContactFactory, WayFactory
from tests.factories.importing import ImportFactory

pytestmark = pytest.mark.django_db


def test_bad_rows_come_back_as_a_file_to_mend(client, owner):
    table = 'Name;Email\r\nAnna;anna@example.org;too;many\r\n"Ben";b@example.org\r\n'
    source = read(owner, table, name="people.csv")

    response = client.get(f"{source.get_absolute_url()}bad-rows/")

    assert response.headers["Content-Disposition"] == 'attachment; filename="rows-to-mend.csv"'
    text = b"".join(response.streaming_content).decode()
    assert list(csv.reader(StringIO(text.removeprefix("\ufeff")), delimiter=";")) == [
        ["Name", "Email"],
        ["Anna", "anna@example.org", "too", "many"],
    ]
    mended = read(owner, text.replace(";too;many", ""), name="mended.csv")
    assert mended.rows.get().finding == "new"


def test_bad_cards_come_back_as_cards(client, owner):
    source = read(owner, ANNA + BROKEN + BROKEN)

    response = client.get(f"{source.get_absolute_url()}bad-rows/")

    text = b"".join(response.streaming_content).decode()
    assert text.count("BEGIN:VCARD") == text.count("END:VCARD") == 2
    mended = read(owner, text.replace("VERSION:3.0", "VERSION:3.0\r\nFN:Clara"), name="mended.vcf")
    assert set(mended.rows.values_list("name", flat=True)) == {"Clara"}


def test_bad_card_in_another_character_set_can_be_read_when_it_comes_back(client, owner):
    odd = "BEGIN:VCARD\r\nVERSION:2.1\r\nN;LANGUAGE=de;CHARSET=Windows-1252:Größler;Jürgen\r\n"
    more = "ORG;CHARSET=utf-8;ENCODING=QUOTED-PRINTABLE:Stra=C3=9Fenbau\r\nTITLE:Prüfer\r\nno line\r\nEND:VCARD\r\n"
    source = read(owner, (odd + more).encode("cp1252"))

    response = client.get(f"{source.get_absolute_url()}bad-rows/")

    text = b"".join(response.streaming_content).decode()
    apply(read(owner, text.replace("no line\n", ""), name="mended.vcf"))
    contact = Contact.objects.get()
    assert (contact.name, contact.organisation, contact.role) == ("Jürgen Größler", "Straßenbau", "Prüfer")


def test_row_that_is_as_long_as_a_file_is_shown_by_its_beginning(client, owner):
    source = read(owner, card("Anna Becker", more=f"NOTE:{'n' * 4_000_000}"))

    page = page_of(client, source, "?show=bad")
    response = client.get(f"{source.get_absolute_url()}bad-rows/")

    assert len(page) < 40_000
    assert "nnn…</pre>" in page
    assert b"".join(response.streaming_content).count(b"n" * 4_000_000) == 1


def test_result_names_what_did_not_go_as_chosen(client, owner):
    contact = ContactFactory(owner=owner, name="Anna Becker", uid="anna-1")
    source = read(owner, ANNA)
    contact.save_version(expected=1, update_fields=["role"])

    text = page_of(client, apply(source))

    assert "Not as you chose" in text
    assert "Changed since you looked" in text


def test_result_of_an_undo_names_only_what_was_done_and_stayed(client, owner):
    changed = ContactFactory(owner=owner, name="Anna Becker", uid="anna-1")
    source = read(owner, ANNA + BEN)
    changed.save_version(expected=1, update_fields=["role"])
    apply(source)
    ben = Contact.objects.get(uid="ben-1")
    ben.save_version(expected=ben.version, update_fields=["role"])

    text = page_of(client, undo(source))

    assert "Kept as they are now" in text
    assert "Kept, because you edited them since." in text
    assert "Ben Okafor" in text
    assert "Anna Becker" not in text, "she was left as she is, so there was nothing to take back"


def test_undo_takes_it_back_and_twice_is_once(client, owner):
    source = apply(read(owner, ANNA))

    for _ in range(2):
        assert client.post(f"{source.get_absolute_url()}undo/").status_code == 302
    assert "taken back" in page_of(client, source)
    work()

    assert not Contact.objects.owned_by(owner).exists()
    assert "Take it back" not in page_of(client, source)


def test_undo_of_what_is_not_imported_is_refused(client, owner):
    assert client.post(f"{read(owner, ANNA).get_absolute_url()}undo/").status_code == 409


def test_file_that_failed_says_why_and_can_be_let_go(client, owner):
    source = read(owner, "Name,Email\r\n", name="people.csv")
    assert "There are no contacts in this file." in page_of(client, source)

    response = client.post(f"{source.get_absolute_url()}discard/", follow=True)

    assert "File erased" in response.content.decode()
    assert not Import.objects.exists()


def test_stuck_import_offers_to_go_on(client, owner):
    source = ImportFactory(owner=owner, state="applying", applied_at=AT, problem="It failed.", attempts=3)
    assert "Go on" in page_of(client, source)

    client.post(f"{source.get_absolute_url()}retry/")

    source.refresh_from_db()
    assert source.is_at_work


@pytest.mark.parametrize("name", ['"><script>alert(1)</script>.vcf', "\u202efcv.exe.vcf", "a" * 300 + ".vcf"])
def test_name_of_a_file_does_no_harm(client, owner, name):
    send(client, card("<b>Bold</b>", more="NOTE:<script>"), name=name)
    source = Import.objects.get()
    work()

    text = page_of(client, source)

    assert "<script>alert" not in text
    assert "<b>Bold" not in text
    assert len(source.file_name) <= 200
    assert "\u202e" not in source.file_name


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_a_fixed_number_of_statements(client, owner, django_assert_num_queries, count):
    for number in range(count):
        WayFactory(contact=ContactFactory(owner=owner, name=f"Anna {number}", uid=f"a{number}"))
    text = "".join(card(f"Anna {n}", uid=f"a{n}", more="TITLE:Lead") for n in range(count))
    source = read(owner, ANNA + text + card("Anna Becker", uid="anna-1", more="TITLE:Lead") + BROKEN)
    client.get("/")

    with django_assert_num_queries(8):
        client.get(source.get_absolute_url())
    with django_assert_num_queries(3):
        client.get(NEW)
    undo(apply(source))
    with django_assert_num_queries(6):
        client.get(source.get_absolute_url())


def test_list_leads_to_the_import(client, owner):
    assert f'href="{reverse("contacts:import_new")}"' in client.get("/contacts/").content.decode()
