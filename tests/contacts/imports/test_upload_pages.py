"""Uploading a file, naming its columns, waiting for it."""

import pytest

from contacts.imports import files
from contacts.imports.work import work
from contacts.models import Contact, Import
from contacts.services import importing
from tests.contacts.imports.files import ANNA, BEN, read
from tests.contacts.imports.pages import NEW, page_of, send
from tests.factories.importing import ImportFactory

pytestmark = pytest.mark.django_db


def test_file_is_uploaded_read_looked_at_and_imported(client, owner):
    response = send(client, ANNA + BEN, name="Meine Kontakte.vcf")
    source = Import.objects.get()
    assert response.headers["Location"] == source.get_absolute_url()
    assert (source.owner, source.file_name, source.kind, source.region) == (owner, "Meine Kontakte.vcf", "vcard", "DE")
    assert "Waiting for its turn" in page_of(client, source)

    work()
    assert "2 people to add" in page_of(client, source)

    response = client.post(f"{source.get_absolute_url()}apply/")
    assert response.status_code == 302
    assert "0 of 2 rows imported" in page_of(client, source)
    work()
    assert Contact.objects.owned_by(owner).count() == 2
    assert "Take it back" in page_of(client, source)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "people.vcf", files.EMPTY),
        (b"\xef\xbb\xbf \r\n", "people.csv", files.EMPTY),
        (b"PK\x03\x04....[Content_Types].xml....xl/workbook.xml", "people.csv", files.EXCEL),
        (b"PK\x03\x04....people.vcf", "people.vcf", files.ZIP),
        (b"%PDF-1.7", "people.vcf", "This is a PDF."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "people.csv", "This is an Excel or Outlook file."),
        (b"\x1f\x8b\x08", "people.vcf", "This is a packed file."),
        (b"\x89PNG\r\n", "people.vcf", "This is a picture."),
        (b'{"people": []}', "people.csv", "This is JSON."),
        (b"<html>", "people.csv", files.UNKNOWN),
        (b"Dear diary", "people.vcf", files.UNKNOWN),
        (b"A,B\r\n" + b"x," * 2000 + b"\r\n", "wide.csv", ""),
    ],
)
def test_file_that_is_something_else_is_refused_in_words(client, owner, content, name, words):
    response = send(client, content, name)

    if not words:
        assert response.status_code == 302  # it is read, and each such row is a bad one
        return
    assert response.status_code == 422
    assert words in response.content.decode()
    assert "Germany" in response.content.decode()
    assert not Import.objects.exists()


def test_form_without_a_file_says_so(client, owner):
    response = client.post(NEW, {"region": "DE"})

    assert response.status_code == 422
    assert "Choose a file first" in response.content.decode()


def test_region_that_is_none_is_refused(client, owner):
    assert send(client, ANNA, region="Atlantis").status_code == 422


def test_too_large_a_file_is_not_stored(client, owner):
    response = send(client, b"BEGIN:VCARD\r\n" + b"x" * 5_000_001)

    assert response.status_code == 422
    assert files.TOO_LARGE in response.content.decode()
    assert not Import.objects.exists()


def test_more_files_than_can_wait_are_refused(client, owner):
    ImportFactory.create_batch(importing.OPEN_AT_MOST, owner=owner)

    response = send(client, ANNA)

    assert response.status_code == 422
    assert "files wait already" in response.content.decode()


def test_form_begins_with_the_country_of_the_zone(client, owner):
    assert '<option value="DE" selected>' in client.get(NEW).content.decode()


def test_unknown_columns_are_named_by_hand(client, owner):
    table = "Wer;Womit\r\nAnna Becker;anna@example.org\r\nBen Okafor;ben@example.org\r\n"
    response = send(client, table, name="people.csv")
    source = Import.objects.get()
    columns = f"{source.get_absolute_url()}columns/"
    assert response.headers["Location"] == columns
    assert "For example Anna Becker; Ben Okafor" in client.get(columns).content.decode()

    wrong = client.post(columns, {"column-0": "", "column-1": "tags"})
    assert wrong.status_code == 422
    assert "Say which column holds the name" in wrong.content.decode()

    assert (
        client.post(columns, {"column-0": "name", "column-1": "email"}).headers["Location"] == source.get_absolute_url()
    )
    work()
    assert list(source.rows.values_list("name", flat=True)) == ["Anna Becker", "Ben Okafor"]
    assert source.rows.first().card["ways"][0]["compared"] == "anna@example.org"


def test_columns_can_be_named_anew_after_a_look(client, owner):
    source = read(owner, "Name,Email\r\nAnna Becker,anna@example.org\r\n", name="people.csv")

    client.post(f"{source.get_absolute_url()}columns/", {"column-0": "organisation", "column-1": "email"})
    work()

    assert source.rows.get().card["organisation"] == "Anna Becker"


@pytest.mark.parametrize("value", ["nonsense", "email.9", "\ud800"])
def test_column_of_no_kind_is_refused(client, owner, value):
    source = ImportFactory(owner=owner, state="mapping")
    source.parts.create(number=0, content="Wer;Womit\r\n")

    assert (
        client.post(f"{source.get_absolute_url()}columns/", {"column-0": value.encode(errors="replace")}).status_code
        == 422
    )


def test_progress_answers_a_fragment_until_it_is_over(client, owner):
    source = ImportFactory(owner=owner, state="reading", done=500, total=1000)

    fragment = client.get(source.get_absolute_url(), headers={"hx-request": "true"})
    assert fragment.content.decode().lstrip().startswith("<div")
    assert "500\xa0bytes of 1000\xa0bytes read" in fragment.content.decode()

    Import.objects.update(state="ready")
    assert client.get(source.get_absolute_url(), headers={"hx-request": "true"}).headers["HX-Refresh"] == "true"
