"""The component sheet, the frame and the pages before sign-in, as people meet them."""

import pytest
from playwright.sync_api import expect

from tests.factories.accounts import UserFactory

PUBLIC = ["/dev/components/", "/account/login/", "/account/signup/", "/account/login/code/", "/account/password/reset/"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", PUBLIC)
def test_public_page_is_accessible(any_page, live_server, check_both_themes, path):
    any_page.goto(live_server.url + path)

    check_both_themes(any_page)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [320, 768, 992, 1440])
def test_nothing_scrolls_sideways(page, live_server, width):
    page.set_viewport_size({"width": width, "height": 800})

    page.goto(live_server.url + "/dev/components/")

    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/settings/", "/journal/questions/"])
def test_rows_of_choices_fit_the_narrowest_screen(page, live_server, sign_in, path):
    page.set_viewport_size({"width": 320, "height": 700})
    sign_in(page, UserFactory())

    page.goto(live_server.url + path)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.django_db(transaction=True)
def test_error_summary_takes_the_focus_and_leads_to_the_field(page, live_server):
    page.goto(live_server.url + "/dev/components/")

    expect(page.locator(".errsum")).to_be_focused()
    page.get_by_role("link", name="What do you want to reach?").click()
    expect(page.locator("#id_b-title")).to_be_focused()


@pytest.mark.django_db(transaction=True)
def test_menu_closes_on_escape_and_on_a_click_elsewhere(page, live_server):
    page.goto(live_server.url + "/dev/components/")
    menu = page.locator("details.menu").first
    summary = menu.locator("summary")

    summary.click()
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(summary).to_be_focused()

    summary.click()
    page.locator("h1").click()
    expect(menu).not_to_have_attribute("open", "")


@pytest.mark.django_db(transaction=True)
def test_theme_follows_the_system_until_somebody_chooses(page, live_server):
    page.emulate_media(color_scheme="dark")
    page.goto(live_server.url + "/account/login/")
    html = page.locator("html")
    expect(html).to_have_attribute("data-bs-theme", "dark")

    page.get_by_role("button", name="Light or dark").click()
    expect(html).to_have_attribute("data-bs-theme", "light")

    page.reload()
    expect(html).to_have_attribute("data-bs-theme", "light")


@pytest.mark.django_db(transaction=True)
def test_without_script_there_is_no_dead_button(browser, live_server):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()

    page.goto(live_server.url + "/account/login/")

    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    expect(page.locator("#passkey_login")).to_be_hidden()
    expect(page.locator("[data-theme-switch]")).to_be_hidden()
    context.close()


@pytest.mark.django_db(transaction=True)
def test_words_of_a_failed_post_come_back_and_those_of_a_good_one_do_not(page, live_server):
    """A 500 or a sign-in page in between keeps the words in this tab; a page that loads well lets go of them."""
    error = page.request.get(live_server.url + "/nowhere/").text()

    def fail_the_post(route):
        if route.request.method == "POST":
            route.fulfill(status=500, content_type="text/html", body=error)
        else:
            route.continue_()

    page.route("**/dev/components/", fail_the_post)
    page.goto(live_server.url + "/dev/components/")
    page.evaluate("""() => {
        const form = document.querySelector('#id_a-why').form
        form.method = 'post'
        form.insertAdjacentHTML('beforeend', '<button id="try">Save</button>')
    }""")
    page.fill("#id_a-why", "Words I would hate to lose")
    page.click("#try")
    expect(page.locator("body[data-keeps]")).to_be_attached()

    page.goto(live_server.url + "/dev/components/")
    expect(page.locator("#id_a-why")).to_have_value("Words I would hate to lose")

    page.goto(live_server.url + "/dev/components/")
    expect(page.locator("#id_a-why")).to_have_value("")


@pytest.mark.django_db(transaction=True)
def test_frame_of_a_signed_in_page_is_accessible(any_page, live_server, check_both_themes, sign_in, cast):
    sign_in(any_page, cast.owner)
    for path in ("/account/email/", "/account/2fa/", "/account/sessions/", "/account/logout/"):
        any_page.goto(live_server.url + path)
        check_both_themes(any_page)


@pytest.mark.django_db(transaction=True)
def test_skip_link_comes_first_and_leads_to_the_content(page, live_server, sign_in, cast):
    sign_in(page, cast.owner)
    page.goto(live_server.url + "/account/email/")

    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("#main")).to_be_focused()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("browser_zone", "is_offered"),
    [("Asia/Kathmandu", True), ("Europe/Berlin", False)],
)
def test_another_time_zone_is_offered_once(
    browser, browser_context_args, live_server, sign_in, cast, browser_zone, is_offered
):
    cast.owner.time_zone = "Europe/Berlin"
    cast.owner.save()
    context = browser.new_context(**browser_context_args | {"timezone_id": browser_zone})
    page = context.new_page()
    sign_in(page, cast.owner)

    page.goto(live_server.url + "/account/email/")
    offer = page.locator("[data-zone-offer]")
    expect(offer).to_be_visible(visible=is_offered)

    if is_offered:
        expect(offer).to_contain_text("Your browser says Asia/Kat")
        page.get_by_role("button", name="Keep it").click()
        page.reload()
        expect(offer).to_be_hidden()
    context.close()


@pytest.mark.django_db(transaction=True)
def test_accepting_the_offered_zone_changes_it_and_comes_back_here(
    browser, browser_context_args, live_server, sign_in, cast
):
    context = browser.new_context(**browser_context_args | {"timezone_id": "America/New_York"})
    page = context.new_page()
    sign_in(page, cast.owner)
    page.goto(live_server.url + "/account/email/")

    page.get_by_role("button", name="Change it").click()

    expect(page).to_have_url(live_server.url + "/account/email/")
    expect(page.locator("#toasts")).to_contain_text("America/New York")
    expect(page.locator("[data-zone-offer]")).to_be_hidden()
    context.close()


@pytest.mark.django_db(transaction=True)
def test_menu_stays_on_the_screen_of_a_phone(phone, live_server):
    phone.goto(live_server.url + "/dev/components/")

    phone.locator("details.menu > summary").first.click()

    box = phone.locator(".menu-box").first.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
