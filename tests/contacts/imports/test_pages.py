import csv
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from contacts.imports import files
from contacts.imports.work import work
from contacts.models import Contact, Import
from contacts.services import importing
from tests.contacts.imports.files import ANNA, AT, BEN, BROKEN, apply, card, read, undo
from tests.factories.accounts import UserFactory
from tests.factories.contacts import ContactFactory, WayFactory
from tests.factories.importing import ImportFactory, ImportRowFactory

pytestmark = pytest.mark.django_db
NEW = "/contacts/import/"


@pytest.fixture
def owner(client):
    owner = UserFactory(time_zone="Europe/Berlin")
    client.force_login(owner, backend="accounts.backends.AuthenticationBackend")
    return owner


def send(client, content, name="people.vcf", **more):
    content = content if isinstance(content, bytes) else content.encode()
    return client.post(NEW, {"file": ContentFile(content, name), "region": "DE", **more})


def page_of(client, source, query=""):
    return client.get(source.get_absolute_url() + query).content.decode()


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
    assert "0 of 2 people imported" in page_of(client, source)
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


def test_preview_shows_the_reason_and_each_difference(client, owner):
    contact = ContactFactory(owner=owner, name="Ben Okafor", role="Lead")
    WayFactory(contact=contact, value="ben@example.org")

    text = page_of(client, read(owner, BEN.replace("TITLE", "ORG:Northmoor\r\nTITLE")))

    assert f'The same email address as <a href="/contacts/{contact.pk}/">Ben Okafor</a>' in text
    assert "<dt>Organisation</dt><dd" in text
    assert "Role: take “Designer” in place of yours, “Lead”" in text


@pytest.mark.parametrize(
    ("show", "names"),
    [
        ("new", ["Ben Okafor"]),
        ("change", ["Anna Becker"]),
        ("bad", ["Line 10"]),
        ("same", []),
        ("look", []),
        ("odd", None),
    ],
)
def test_preview_shows_one_kind_of_rows(client, owner, show, names):
    ContactFactory(owner=owner, name="Anna Becker", uid="anna-1")
    source = read(owner, ANNA + BROKEN + BEN)

    text = page_of(client, source, f"?show={show}")

    for name in ("Anna Becker", "Ben Okafor", "Line 10"):
        assert (f'<div class="t text-break">{name}</div>' in text) == (names is None or name in names)


def test_preview_goes_page_by_page(client, owner, monkeypatch):
    monkeypatch.setattr("contacts.views.importing.ROWS_SHOWN", 2)
    source = read(owner, "".join(card(f"Anna {n}") for n in range(5)))

    first = client.get(source.get_absolute_url())
    second = client.get(f"{source.get_absolute_url()}{first.context['older']}")

    assert [each.row.number for each in first.context["rows"]] == [1, 2]
    assert [each.row.number for each in second.context["rows"]] == [3, 4]


def choose(client, source, rows, decision="skip", *, theirs=(), fragment=False, **more):
    data = {"row": [row.pk for row in rows]}
    data |= {f"decision-{row.pk}": decision for row in rows} | {f"theirs-{row.pk}": theirs for row in rows}
    headers = {"hx-request": "true"} if fragment else {}
    return client.post(f"{source.get_absolute_url()}choose/", data | more, headers=headers)


def test_choices_of_a_page_are_stored_without_script(client, owner):
    source = read(owner, ANNA + BEN)
    here = f"{source.get_absolute_url()}?show=new"

    response = choose(client, source, source.rows.all(), here=here)

    assert response.headers["Location"] == here
    assert set(source.rows.values_list("decision", flat=True)) == {"skip"}


def test_choice_of_a_row_answers_the_row_and_the_numbers(client, owner):
    source = read(owner, ANNA + BEN)
    row = source.rows.first()

    text = choose(client, source, [row], fragment=True).content.decode()

    assert f'id="row-{row.pk}"' in text
    assert "Ben" not in text
    assert "1 person to add" in text
    assert 'hx-swap-oob="true"' in text


def test_value_that_is_taken_makes_the_row_count(client, owner):
    ContactFactory(owner=owner, name="Ben Okafor", uid="ben-1", role="Lead")
    source = read(owner, card("Ben Okafor", uid="ben-1", more="TITLE:Designer"))

    choose(client, source, source.rows.all(), theirs=["role"])

    row = source.rows.get()
    assert (row.decision, row.theirs) == ("update", ["role"])


def test_choice_after_an_edit_counts_for_what_was_seen(client, owner):
    contact = ContactFactory(owner=owner, name="Anna Becker", uid="anna-1")
    source = read(owner, ANNA)
    contact.save_version(expected=1, update_fields=["role"])
    row = source.rows.get()
    assert "You edited them since" in page_of(client, source)
    assert f'name="seen-{row.pk}" value="2"' in page_of(client, source)

    choose(client, source, [row], "update", **{f"seen-{row.pk}": "2"})

    assert "You edited them since" not in page_of(client, source)
    apply(source)
    contact.refresh_from_db()
    assert contact.organisation == "Northmoor"


def test_preview_folds_what_is_long_and_says_what_is_not_kept(client, owner):
    more = (
        "".join(f"EMAIL:a{n}@example.org\r\n" for n in range(6))
        + "NOTE:from the fair\r\nPHOTO;ENCODING=b;TYPE=JPEG:/9j/4A=="
    )

    text = page_of(client, read(owner, card("Anna Becker", more=more)))

    assert "<summary>4 more</summary>" in text
    assert "from the fair" in text
    assert "Photo" in text


def test_choices_with_one_foreign_row_are_refused_whole(client, owner):
    source = read(owner, ANNA + BEN)
    foreign = ImportRowFactory(source__owner=owner)  # of another file

    response = choose(client, source, [*source.rows.all(), foreign])

    assert response.status_code == 404
    assert set(source.rows.values_list("decision", flat=True)) == {"add"}


@pytest.mark.parametrize("decision", ["update", "nonsense", ""])
def test_choice_that_is_none_is_refused(client, owner, decision):
    source = read(owner, ANNA)

    assert choose(client, source, source.rows.all(), decision).status_code in {400, 409}
    assert source.rows.get().decision == "add"


@pytest.mark.parametrize("row", ["x", "9" * 30, "-1", "\u0661"])
def test_row_that_is_no_number_is_refused(client, owner, row):
    source = read(owner, ANNA)

    assert client.post(f"{source.get_absolute_url()}choose/", {"row": row}).status_code == 400


def test_field_that_is_none_is_refused(client, owner):
    source = read(owner, ANNA)

    assert choose(client, source, source.rows.all(), theirs=["owner"]).status_code == 400


@pytest.mark.parametrize("here", ["//evil.example/", "https://evil.example/", "/contacts/"])
def test_way_back_leads_to_this_import_only(client, owner, here):
    source = read(owner, ANNA)

    assert choose(client, source, source.rows.all(), here=here).headers["Location"] == source.get_absolute_url()


def test_all_rows_of_a_kind_are_chosen_at_once(client, owner):
    source = read(owner, ANNA + BEN)

    response = client.post(
        f"{source.get_absolute_url()}choose-all/", {"finding": "new", "decision": "skip"}, follow=True
    )

    assert "Chosen for 2 rows" in response.content.decode()
    assert set(source.rows.values_list("decision", flat=True)) == {"skip"}


@pytest.mark.parametrize(("finding", "decision"), [("new", "update"), ("bad", "add"), ("x", "add"), ("new", "x")])
def test_choice_for_all_that_makes_no_sense_is_refused(client, owner, finding, decision):
    source = read(owner, ANNA + BROKEN)

    response = client.post(f"{source.get_absolute_url()}choose-all/", {"finding": finding, "decision": decision})

    assert response.status_code == 400


def test_choice_in_a_tab_that_is_behind_is_told_so(client, owner):
    source = read(owner, ANNA)
    importing.start(source=source, at=AT)

    response = choose(client, source, source.rows.all())

    assert response.status_code == 409
    assert "went on meanwhile" in response.content.decode()
    assert client.post(f"{source.get_absolute_url()}discard/").status_code == 409


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


def test_result_names_what_did_not_go_as_chosen(client, owner):
    contact = ContactFactory(owner=owner, name="Anna Becker", uid="anna-1")
    source = read(owner, ANNA)
    contact.save_version(expected=1, update_fields=["role"])

    text = page_of(client, apply(source))

    assert "Not as you chose" in text
    assert "Changed since you looked" in text


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

    with django_assert_num_queries(7):
        client.get(source.get_absolute_url())
    with django_assert_num_queries(3):
        client.get(NEW)
    undo(apply(source))
    with django_assert_num_queries(6):
        client.get(source.get_absolute_url())


def test_list_leads_to_the_import(client, owner):
    assert f'href="{reverse("contacts:import_new")}"' in client.get("/contacts/").content.decode()
