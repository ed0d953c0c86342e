"""A file of contacts, from choosing it to taking it back, as somebody does it."""

import pytest
from playwright.sync_api import expect

from contacts.imports.work import work
from contacts.models import Contact, Import
from tests.contacts.imports.files import ANNA, BEN, BROKEN, apply, card, read, upload
from tests.factories.accounts import UserFactory
from tests.factories.contacts import ContactFactory
from tests.factories.importing import ImportFactory

pytestmark = pytest.mark.django_db(transaction=True)
FILE = {"name": "people.vcf", "mimeType": "text/vcard"}


@pytest.fixture
def amara():
    amara = UserFactory(name="Amara Osei", time_zone="Europe/London")
    ContactFactory(owner=amara, name="Ben Okafor", uid="ben-1", role="Lead")
    ContactFactory(owner=amara, name="Clara Nwosu")
    return amara


TEXT = (
    ANNA
    + BEN.replace("TITLE", "ORG:Northmoor\r\nTITLE")
    + BROKEN
    + card("Clara Nwosu")
    + card("Clara Nwosu", more="ORG:St Anne's")
)
ENDLESS = card("L" * 190, email=f"{'l' * 60}@example.org", more=f"NOTE:{'x' * 900}")


def test_pages_are_accessible(any_page, live_server, sign_in, check_both_themes, amara):
    table = read(amara, "Wer,Womit\r\nAnna,anna@example.org\r\n", name="people.csv")
    ready, failed = read(amara, TEXT + ENDLESS), read(amara, "Name,Email\r\n", name="empty.csv")
    done = apply(read(amara, BEN.replace("TITLE", "ORG:Northmoor\r\nTITLE") + BROKEN))
    at_work = ImportFactory(owner=amara, state="applying", applied_at=done.applied_at, done=120, total=400)
    sign_in(any_page, amara)

    for path in ["", f"{table.pk}/columns/", f"{ready.pk}/", f"{ready.pk}/?show=look", f"{ready.pk}/?show=bad",
                 f"{failed.pk}/", f"{done.pk}/", f"{at_work.pk}/"]:  # fmt: skip
        any_page.goto(f"{live_server.url}/contacts/import/{path}")
        check_both_themes(any_page)


def test_a_file_is_looked_at_imported_and_taken_back(any_page, live_server, sign_in, check_page, amara):
    sign_in(any_page, amara)
    any_page.goto(f"{live_server.url}/contacts/import/")
    any_page.get_by_label("File", exact=True).set_input_files(FILE | {"buffer": b"%PDF-1.7"})
    any_page.get_by_role("button", name="Upload and look").click()
    expect(any_page.get_by_role("alert")).to_contain_text("This is a PDF.")
    check_page(any_page)

    any_page.get_by_label("File", exact=True).set_input_files(FILE | {"buffer": TEXT.encode()})
    any_page.get_by_role("button", name="Upload and look").click()
    expect(any_page.get_by_text("Waiting for its turn")).to_be_visible()
    work()
    expect(any_page.get_by_role("heading", name="1 person to add, 1 to update")).to_be_visible()

    ben = any_page.locator(".imp", has_text="Ben Okafor")
    ben.get_by_label("take “Designer” in place of yours").check()
    clara = any_page.locator(".imp", has_text="St Anne's")
    clara.get_by_role("radio", name="Add as new").check()
    expect(any_page.get_by_role("heading", name="2 people to add, 1 to update")).to_be_visible()
    expect(clara.get_by_role("radio", name="Add as new")).to_be_focused()

    any_page.get_by_role("button", name="Import 3 people").click()
    expect(any_page.get_by_text("0 of 3 rows imported")).to_be_visible()
    work()
    expect(any_page.get_by_role("button", name="Take it back")).to_be_visible()
    assert Contact.objects.get(uid="ben-1").role == "Designer"
    assert Contact.objects.owned_by(amara).count() == 4

    any_page.get_by_role("button", name="Take it back").click()
    expect(any_page.get_by_text("Being taken back.")).to_be_visible()
    work()
    expect(any_page.get_by_text("and taken back")).to_be_visible()
    assert Contact.objects.get(uid="ben-1").role == "Lead"
    assert Contact.objects.owned_by(amara).count() == 2


def test_choices_without_script(browser, browser_context_args, live_server, sign_in, amara):
    source = upload(amara, TEXT)
    context = browser.new_context(**browser_context_args | {"java_script_enabled": False})
    page = context.new_page()
    sign_in(page, amara)
    page.goto(f"{live_server.url}{source.get_absolute_url()}")
    expect(page.get_by_text("Waiting for its turn")).to_be_visible()
    work()
    page.get_by_role("link", name="Look again").click()

    page.locator(".imp", has_text="Anna Becker").get_by_role("radio", name="Leave out").check()
    page.get_by_role("button", name="Save choices").click()

    expect(page.get_by_text("Choices saved")).to_be_visible()
    expect(page.get_by_role("heading", name="1 person to update")).to_be_visible()
    assert Import.objects.get().rows.get(number=1).decision == "skip"
    context.close()
