"""Keeping the people one knows, as somebody does it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from contacts.models import Contact, Merge
from tests.factories.accounts import UserFactory
from tests.factories.contacts import ContactFactory, FollowUpFactory, InteractionFactory, WayFactory
from tests.factories.goals import GoalFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def amara():
    return UserFactory(name="Amara Osei")


def test_pages_are_accessible(any_page, live_server, sign_in, check_both_themes, amara):
    now = timezone.now()
    day = amara.today(now)
    hannah = ContactFactory(
        owner=amara, name="Hannah Vogel", role="Practice manager", organisation="Long" * 40, why="She knows.", notes="*Quiet*",
        offer="A summary\nHelp", hoped_for="Half an hour", tags=["clinics"], topics=["shifts"], circle="close", last_contact_on=day,
    )  # fmt: skip
    WayFactory(contact=hannah, value=f"{'x' * 60}@example.org")
    other = ContactFactory(owner=amara, name="Hannah Vogel", role="Manager", archived_at=None)
    FollowUpFactory(contact=other, due_on=day)
    goal = GoalFactory(owner=amara, starts_on=day, due_on=day + timedelta(days=30))
    goal.contacts.add(hannah)
    archived = ContactFactory(owner=amara, name="Wes Turner", archived_at=now)
    ContactFactory(owner=amara, deleted_at=now)
    gone = ContactFactory(owner=amara, deleted_at=now, name="H. Vogel")
    Merge.objects.create(owner=amara, kept=hannah, gone=gone, merged_at=now)
    endless = ContactFactory(owner=amara, name="Wolkenbruch" * 18, offer="y" * 200, tags=["t" * 40])
    for kind, value in (("web", f"https://example.org/{'p' * 300}"), ("address", "Line one\n" + "q" * 200)):
        WayFactory(contact=endless, kind=kind, value=value, label="Label " * 6)
    InteractionFactory(owner=amara, people=[endless], kind="gave", gave="g" * 150, happened_on=day)
    sign_in(any_page, amara)

    for path in ["/contacts/", "/contacts/?q=han&tag=clinics", "/contacts/?q=nobody", "/contacts/?show=archived",
                 "/contacts/?q=hanah", "/contacts/?show=close&tag=clinics&topic=nothing&org=long&due=later&order=talked",
                 "/contacts/tags/?show=close", "/contacts/tags/",
                 f"/contacts/{endless.pk}/", f"/contacts/{endless.pk}/edit/", "/contacts/giving/",
                 "/contacts/bin/", "/contacts/duplicates/", "/contacts/new/", f"/contacts/{hannah.pk}/", f"/contacts/{archived.pk}/",
                 f"/contacts/{hannah.pk}/edit/", f"/contacts/{hannah.pk}/goals/", f"/contacts/{hannah.pk}/merge/",
                 f"/contacts/{hannah.pk}/merge/{other.pk}/", f"/around/contact/{hannah.pk}/", f"/goals/{goal.pk}/people/",
                 "/more/", "/add/"]:  # fmt: skip
        any_page.goto(live_server.url + path)
        any_page.wait_for_load_state("networkidle")
        check_both_themes(any_page)


def test_notes_of_a_merge_follow_what_is_chosen(any_page, live_server, sign_in, amara):
    kept, gone = ContactFactory(owner=amara, name="Hannah"), ContactFactory(owner=amara, name="Hanna")
    sign_in(any_page, amara)
    any_page.goto(f"{live_server.url}/contacts/{kept.pk}/merge/{gone.pk}/")
    notes = any_page.locator("#merge-notes")
    expect(notes).to_contain_text("Name: Hanna")
    expect(notes).not_to_contain_text("Name: Hannah")

    any_page.get_by_label("Hanna", exact=True).check()

    expect(notes).to_contain_text("Name: Hannah")
    any_page.get_by_role("button", name="Merge them").click()
    expect(any_page.get_by_role("heading", name="Hanna", exact=True)).to_be_visible()


def test_people_are_narrowed_and_widened_again(any_page, live_server, sign_in, check_page, amara):
    day = amara.today(timezone.now())
    for name, organisation, ago in (("Ann", "St Anne's", 40), ("Ben", "St Anne's", 2), ("Cid", "Easton", 50)):
        ContactFactory(
            owner=amara, name=name, organisation=organisation, circle="close", last_contact_on=day - timedelta(days=ago)
        )
    sign_in(any_page, amara)
    any_page.goto(f"{live_server.url}/contacts/")
    names = any_page.locator(".ctab .nm")

    any_page.get_by_text("More filters and the order").click()
    any_page.get_by_label("Due", exact=True).select_option("Overdue")
    expect(names).to_have_text(["Ann", "Cid"])
    any_page.get_by_label("Order", exact=True).select_option("Last talked first")
    any_page.get_by_label("Organisation begins with").fill("st")
    any_page.get_by_label("Organisation begins with").press("Enter")
    expect(names).to_have_text(["Ann"])
    check_page(any_page)
    any_page.get_by_role("link", name="Organisation begins with: st, take out").click()
    expect(names).to_have_text(["Ann", "Cid"])
    any_page.reload()
    expect(any_page.get_by_label("Due", exact=True)).to_have_value("overdue")


def test_somebody_is_added_found_and_taken_back(any_page, live_server, sign_in, check_page, amara):
    ContactFactory(owner=amara, name="Owen Price")
    sign_in(any_page, amara)
    any_page.goto(f"{live_server.url}/contacts/")
    any_page.get_by_role("link", name="New contact").click()

    any_page.get_by_label("Name", exact=True).fill("Hannah Vogel")
    any_page.get_by_label("Address or number").fill("hannah")
    any_page.get_by_role("button", name="Add a way").click()
    any_page.get_by_label("Address or number").nth(1).fill("+44 20 7946 0123")
    any_page.get_by_label("Kind").nth(1).select_option("Phone")
    expect(any_page.get_by_label("Every", exact=True)).to_be_hidden()
    any_page.get_by_text("A rhythm of its own").click()
    any_page.get_by_label("Every", exact=True).fill("6")
    any_page.get_by_role("button", name="Save contact").click()
    expect(any_page.get_by_role("alert").first).to_contain_text("An email address has an @ in it.")
    check_page(any_page)
    any_page.get_by_label("Address or number").first.fill("hannah@example.org")
    any_page.get_by_role("button", name="Save contact").click()
    expect(any_page.get_by_role("heading", name="Hannah Vogel")).to_be_visible()
    expect(any_page.get_by_role("link", name="hannah@example.org")).to_be_visible()
    expect(any_page.get_by_text("Every 6 weeks")).to_be_visible()

    any_page.goto(f"{live_server.url}/contacts/")
    any_page.get_by_label("Search contacts").press_sequentially("7946")
    expect(any_page.locator(".ctab tbody tr")).to_have_count(1)
    expect(any_page.get_by_label("Search contacts")).to_be_focused()
    expect(any_page).to_have_url(f"{live_server.url}/contacts/?q=7946")
    any_page.get_by_role("link", name="Hannah Vogel").click()

    any_page.get_by_label("More for this contact").click()
    any_page.get_by_role("button", name="Delete contact").click()
    any_page.get_by_role("button", name="Undo").click()
    expect(any_page.get_by_text("Contact is back")).to_be_visible()
    assert Contact.objects.owned_by(amara).count() == 2


def test_two_are_made_one_and_taken_apart(any_page, live_server, sign_in, amara):
    first = ContactFactory(owner=amara, name="Hannah Vogel", role="Nurse")
    ContactFactory(owner=amara, name="Hannah Vogel", role="Head nurse", why="She knows every clinic.")
    sign_in(any_page, amara)
    any_page.goto(f"{live_server.url}/contacts/duplicates/")
    any_page.get_by_role("link", name="Look at both").click()

    any_page.get_by_label("Head nurse").check()
    any_page.get_by_role("button", name="Merge them").click()
    expect(any_page).to_have_url(f"{live_server.url}{first.get_absolute_url()}")
    expect(any_page.get_by_text("She knows every clinic.")).to_be_visible()
    expect(any_page.get_by_text("Role: Nurse")).to_be_visible()

    any_page.get_by_role("button", name="Undo").click()
    expect(any_page.get_by_text("Hannah Vogel is back")).to_be_visible()
    first.refresh_from_db()
    assert (first.role, first.notes) == ("Nurse", "")


def test_form_works_without_script(browser, live_server, sign_in, amara):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, amara)
    page.goto(f"{live_server.url}/contacts/new/")

    page.get_by_label("Name", exact=True).fill("Hannah Vogel")
    page.get_by_role("button", name="Room for more ways").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Hannah Vogel")
    page.get_by_label("Address or number").nth(3).fill("hannah@example.org")
    page.get_by_role("button", name="Save contact").click()

    expect(page.get_by_role("heading", name="Hannah Vogel")).to_be_visible()
    expect(page.get_by_role("link", name="hannah@example.org")).to_be_visible()
    page.get_by_role("link", name="is part of").click()
    expect(page.get_by_role("heading", name="Part of")).to_be_visible()
    context.close()
