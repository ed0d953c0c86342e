"""What Firefox and an iPhone's Safari need of the pages, as far as Chromium can show it."""

import pytest
from playwright.sync_api import expect

from tests.factories.accounts import UserFactory
from tests.factories.contacts import ContactFactory
from tests.factories.goals import GoalFactory

pytestmark = pytest.mark.django_db(transaction=True)

SMALL_FIELDS = """() => [...document.querySelectorAll("input, select, textarea")]
    .filter((field) => !["hidden", "checkbox", "radio", "file"].includes(field.type))
    .filter((field) => parseFloat(getComputedStyle(field).fontSize) < 16)
    .map((field) => field.name)"""
COVERED = """() => {
    const at = document.activeElement, bar = document.querySelector(".tabs");
    if (bar.contains(at)) return "arrived";
    return at.getBoundingClientRect().bottom > bar.getBoundingClientRect().top ? at.outerHTML : "";
}"""
GROUND = "(element) => getComputedStyle(element).backgroundColor"


@pytest.fixture
def goal():
    return GoalFactory(owner=UserFactory(name="Amara Osei"), title="Run 12 user interviews")


def test_fields_of_a_phone_have_letters_that_an_iphone_does_not_enlarge(phone, live_server, sign_in, goal):
    ContactFactory(owner=goal.owner)
    sign_in(phone, goal.owner)

    for path in (goal.get_absolute_url(), "/goals/new/", "/contacts/", f"/goals/{goal.pk}/people/", "/mentors/"):
        phone.goto(f"{live_server.url}{path}")

        assert phone.evaluate(SMALL_FIELDS) == [], path


def test_focus_is_never_under_the_tab_bar(phone, live_server, sign_in, goal):
    sign_in(phone, goal.owner)
    phone.goto(f"{live_server.url}{goal.get_absolute_url()}")

    covered = set()
    while "arrived" not in covered:
        phone.keyboard.press("Tab")
        covered.add(phone.evaluate(COVERED))

    assert covered == {"", "arrived"}


def test_menu_and_margins_of_a_phone_with_a_home_bar_and_a_camera(phone, live_server, sign_in, goal):
    sign_in(phone, goal.owner)
    phone.goto(f"{live_server.url}{goal.get_absolute_url()}")
    phone.context.new_cdp_session(phone).send(
        "Emulation.setSafeAreaInsetsOverride", {"insets": {"bottom": 34, "left": 47, "right": 47}}
    )

    phone.locator(".page details.menu > summary").click()

    menu, bar = phone.locator(".page .menu-box").bounding_box(), phone.locator(".tabs").bounding_box()
    assert menu["y"] + menu["height"] <= bar["y"]
    assert menu["x"] >= 47
    assert phone.locator("h1").bounding_box()["x"] >= 47


def test_menu_closes_before_a_finger_is_lifted_beside_it(page, live_server, sign_in, goal):
    # An iPhone tells a page of no click where nothing can be clicked.
    sign_in(page, goal.owner)
    page.goto(f"{live_server.url}{goal.get_absolute_url()}")
    menu = page.locator(".page details.menu")
    menu.locator("summary").click()
    expect(menu).to_have_attribute("open", "")

    page.locator("h1").dispatch_event("pointerdown")

    expect(menu).not_to_have_attribute("open", "")


def test_what_is_chosen_shows_where_a_person_chose_the_colours(page, live_server, sign_in, goal):
    sign_in(page, goal.owner)
    page.emulate_media(forced_colors="active")
    page.goto(f"{live_server.url}/goals/new/")

    ground = page.locator("body").evaluate(GROUND)
    for chosen in (".seg input:checked + span", ".nav-a[aria-current]"):
        assert page.locator(chosen).first.evaluate(GROUND) != ground, chosen
