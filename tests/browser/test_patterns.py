"""Looking back at a journal: patterns, the aim for the week, and search."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from journal.models import WeeklyAim
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalFactory
from tests.factories.journal import EntryFactory, ReflectionFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def amara():
    """Somebody with a year of reflections, low on energy in some weeks, and a note of a year ago."""
    amara = UserFactory(name="Amara Osei")
    today = amara.today(timezone.now())
    goal = GoalFactory(owner=amara, title="Run 12 user interviews with people who called at least twice this year")
    rough = {1, 2, 5, 11, 12, 17, 24, 29}
    for number in range(32):
        sunday = today - timedelta(days=today.weekday() + 1 + 7 * number)
        words = "The rota." if number in rough else "A word by the canal." if number % 3 else "Quiet."
        ReflectionFactory(
            owner=amara, entry_on=sunday, mood=3 + number % 2, energy=1 if number in rough else 4,
            answers={"Q?": words}, tags=["a rather long tag of two years"], goals=[goal] if number < 4 else [],
        )  # fmt: skip
    EntryFactory(owner=amara, entry_on=today - timedelta(days=364), title="Then", text="A heron <b>stood</b> there.")
    return amara


def test_pages_are_accessible(any_page, live_server, sign_in, check_both_themes, amara):
    sign_in(any_page, amara)

    for path in ["/journal/patterns/", "/journal/patterns/?year=2025", "/journal/search/", "/journal/search/?q=canal",
                 "/journal/search/?q=zebra", "/journal/search/?q=" + "long+" * 60, "/journal/"]:  # fmt: skip
        any_page.goto(live_server.url + path)
        check_both_themes(any_page)


def test_pages_of_somebody_new_are_accessible(any_page, live_server, sign_in, check_page):
    sign_in(any_page, UserFactory())

    for path in ["/journal/patterns/", "/journal/search/"]:
        any_page.goto(live_server.url + path)
        check_page(any_page)


def test_from_a_word_to_its_entries_and_back_by_keyboard(page, live_server, sign_in, amara):
    sign_in(page, amara)
    page.goto(live_server.url + "/journal/")
    page.get_by_role("link", name="Patterns").press("Enter")
    expect(page.get_by_text("Your energy was lower in weeks that mention “rota”")).to_be_visible()
    page.get_by_text("Show the numbers").press("Enter")
    expect(page.get_by_role("table")).to_be_visible()

    page.get_by_role("link", name="canal", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="15 entries")).to_be_visible()
    expect(page.locator("mark").first).to_have_text("canal")

    box = page.get_by_label("Search your journal")
    box.fill("hérON stood")
    box.press("Enter")
    expect(page.get_by_role("heading", name="1 entry")).to_be_visible()
    page.get_by_role("link", name="Then").press("Enter")
    page.go_back()
    expect(page.get_by_role("heading", name="1 entry")).to_be_visible()


def test_show_older_appends(page, live_server, sign_in, amara):
    sign_in(page, amara)
    page.goto(live_server.url + "/journal/search/?q=heron")
    EntryFactory.create_batch(30, owner=amara, text="the heron")
    page.reload()
    expect(page.locator("#found .entry")).to_have_count(25)

    page.get_by_role("link", name="Show older").click()

    expect(page.locator("#found .entry")).to_have_count(31)
    expect(page.get_by_role("link", name="Show older")).to_have_count(0)


def test_choose_an_aim_by_keyboard(page, live_server, sign_in, amara):
    sign_in(page, amara)
    page.goto(live_server.url + "/journal/patterns/")

    page.get_by_label("1", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Aim saved: 3 days a week")).to_be_visible()
    expect(page.get_by_text("of 3 days this week")).to_be_visible()
    assert WeeklyAim.objects.get(owner=amara).days == 3
