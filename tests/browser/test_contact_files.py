"""Taking one's contacts away as files, with a mouse, a finger, and without script."""

import pytest
from playwright.sync_api import expect

from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.contacts import ContactFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def amara(transactional_db):
    amara = UserFactory(email="amara@example.org", name="Amara Osei")
    ContactFactory(owner=amara, name="Hannah Vogel", tags=["clinics"])
    return amara


def say_password(page):
    page.get_by_label("Password").first.fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Export contacts")).to_be_visible()


def test_two_files_one_after_the_other(any_page, live_server, sign_in, check_both_themes, amara):
    sign_in(any_page, amara)
    any_page.goto(f"{live_server.url}/contacts/export/")
    say_password(any_page)
    check_both_themes(any_page)

    for kind, ending in [("Address cards", ".vcf"), ("A table", ".csv")]:
        any_page.get_by_label(kind).check()
        with any_page.expect_download() as download:
            any_page.get_by_role("button", name="Download").click()
        assert download.value.suggested_filename.endswith(ending)
        assert "Hannah Vogel" in download.value.path().read_text()

    any_page.get_by_label("Whom").select_option(label="Close, every 30 days")
    any_page.get_by_role("button", name="Download").click()
    expect(any_page.get_by_role("alert")).to_contain_text("You have no contacts here.")
    check_both_themes(any_page)


def test_card_of_one_without_script(browser, browser_context_args, live_server, sign_in, amara):
    context = browser.new_context(**browser_context_args | {"java_script_enabled": False})
    page = context.new_page()
    sign_in(page, amara)
    page.goto(live_server.url + amara.contacts_contacts.get().get_absolute_url())
    page.locator("summary", has=page.locator("[href$='#three-dots']")).click()

    with page.expect_download() as download:
        page.get_by_role("link", name="Save as address card").click()

    assert download.value.suggested_filename == "hannah-vogel.vcf"
    context.close()
