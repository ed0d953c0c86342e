"""Questions of one's own, wishes, and another question while writing, on a screen and on a phone."""

import pytest
from playwright.sync_api import expect

from journal.models import OwnQuestion
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("screen", ["page", "phone"])
def test_questions_from_the_library_to_the_reflection(request, screen, live_server, sign_in, check_page):
    page = request.getfixturevalue(screen)
    sign_in(page, UserFactory(name="Amara Osei"))
    page.goto(f"{live_server.url}/journal/questions/")
    check_page(page)

    page.get_by_role("link", name="Write a question").click()
    page.get_by_label("Your question").fill("To whom did I listen?")
    page.get_by_label("A quiet week").check()
    check_page(page)
    page.get_by_role("button", name="Save question").click()
    expect(page.get_by_text("To whom did I listen?")).to_be_visible()
    assert OwnQuestion.objects.get().fits == ["quiet"]

    page.get_by_role("button", name="Ask me next: What gave you energy?").click()
    expect(page.get_by_text("Comes next.")).to_be_visible()
    check_page(page)

    page.goto(f"{live_server.url}/journal/write/")
    expect(page.get_by_text("Because you asked for it.")).to_be_visible()
    expect(page.get_by_label("To whom did I listen?", exact=True)).to_be_visible()
    check_page(page)
    page.get_by_label("To whom did I listen?", exact=True).fill("To Leo.")
    page.get_by_role("button", name="Another question instead of: What gave you energy?").click()
    expect(page.get_by_text("In place of another one.")).to_be_visible()
    expect(page.get_by_label("To whom did I listen?", exact=True)).to_have_value("To Leo.")
    expect(page.get_by_label("What gave you energy?", exact=True)).to_have_count(0)
