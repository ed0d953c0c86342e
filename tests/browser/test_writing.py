"""Nothing typed is ever lost: a note and a reflection through lost connections, second tabs, ended sessions, failures."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.utils import timezone
from playwright.sync_api import expect

from journal.models import Entry
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalFactory
from tests.factories.journal import EntryFactory

pytestmark = pytest.mark.django_db(transaction=True)
NOTE, REFLECTION = ("/journal/new/", "#id_text"), ("/journal/write/", "textarea[name=answer_1]")
both = pytest.mark.parametrize(("path", "field"), [NOTE, REFLECTION], ids=["note", "reflection"])


@pytest.fixture
def amara():
    return UserFactory(name="Amara Osei")


@pytest.fixture
def write(page, live_server, sign_in, amara):
    """`write(path)`: the page on which Amara writes, opened."""
    sign_in(page, amara)

    def write(path, tab=page):
        tab.goto(live_server.url + path)
        return tab

    return write


def saved(page):
    return expect(page.locator("[data-saved]"))


def stored():
    return [text for entry in Entry.objects.all() for text in [entry.text, *entry.answers.values()] if text]


def asks_before_closing(page):
    return page.evaluate("!window.dispatchEvent(new Event('beforeunload', { cancelable: true }))")


@both
def test_lost_connection(write, path, field, complaints):
    page = write(path)
    page.context.set_offline(True)
    page.locator(field).fill("Written in a tunnel.")
    expect(page.locator("#problem")).to_contain_text("Your words are kept in this tab", timeout=8000)
    assert stored() == []
    assert asks_before_closing(page)

    page.context.set_offline(False)

    saved(page).to_contain_text("Saved", timeout=8000)
    assert stored() == ["Written in a tunnel."]
    assert not asks_before_closing(page)
    expect(page.locator("#problem")).to_be_hidden()
    complaints.clear()  # htmx logs a lost request


@both
def test_second_tab_shows_both_versions(write, page, path, field, check_page):
    write(path).locator(field).fill("From the first tab.")
    saved(page).to_contain_text("Saved", timeout=8000)
    other = write(page.evaluate("location.pathname + location.search"), page.context.new_page())
    page.locator(field).press_sequentially(" And on.")
    expect(page.locator("#id_version")).to_have_value("2", timeout=8000)

    other.locator(field).fill("From the second tab.")
    saved(other).to_contain_text("Changed in another tab", timeout=8000)
    other.get_by_role("button", name="Show both versions").click()

    expect(other.get_by_text("Nothing is lost")).to_be_visible()
    expect(other.locator(field)).to_have_value("From the second tab.")
    expect(other.get_by_text("From the first tab. And on.")).to_be_visible()
    check_page(other)
    assert stored() == ["From the first tab. And on."]
    other.get_by_role("button", name="Use this one").click()
    expect(other.locator(field)).to_have_value("From the first tab. And on.")
    other.get_by_role("button", name="Later").click()
    expect(other.get_by_text("Saved for later")).to_be_visible()


@both
def test_why_nothing_was_saved_fits_a_narrow_screen(write, path, field, check_page):
    page = write(path)
    page.set_viewport_size({"width": 320, "height": 700})
    page.locator(field).evaluate("field => field.removeAttribute('maxlength')")

    page.locator(field).fill("Long " * 4001)

    saved(page).to_contain_text("characters. You have 20004.", timeout=8000)
    check_page(page)


@both
def test_session_deleted_on_the_server_while_typing(write, live_server, sign_in, amara, path, field):
    page = write(path)
    page.locator(field).fill("Before.")
    saved(page).to_contain_text("Saved", timeout=8000)

    Session.objects.all().delete()
    caches["fast"].clear()
    page.locator(field).press_sequentially(" And what came after.")
    page.wait_for_url("**/account/login/**", timeout=8000)
    back = re.search(r"next=([^&]+)", page.url).group(1)
    sign_in(page, amara)
    page.goto(live_server.url + back)

    expect(page.locator(field)).to_have_value("Before. And what came after.")
    expect(page.locator("#id_version")).to_have_value("2", timeout=8000)
    assert stored() == ["Before. And what came after."]


@both
def test_signed_in_again_in_another_tab(write, live_server, amara, path, field, page):
    """The token of the open page is then an old one: its save is refused, and nothing of it is lost."""
    write(path).locator(field).fill("Typed")
    page.evaluate("document.body.setAttribute('hx-headers', '{\"X-CSRFToken\": \"old\"}')")
    page.evaluate(
        "document.querySelectorAll('main [name=csrfmiddlewaretoken]').forEach((token) => { token.value = 'old' })"
    )
    page.locator(field).press_sequentially(" before that.")
    expect(page.locator("#problem")).to_be_visible(timeout=8000)
    assert stored() == []

    page.reload()

    expect(page.locator(field)).to_have_value("Typed before that.")
    saved(page).to_contain_text("Saved", timeout=8000)
    assert stored() == ["Typed before that."]


def test_choices_come_back_with_the_words(write, live_server, sign_in, amara):
    page = write("/journal/write/")
    Session.objects.all().delete()
    caches["fast"].clear()
    page.locator("[name=mood][value='4']").check(force=True)
    page.locator("textarea[name=answer_1]").fill("A good one.")
    page.wait_for_url("**/account/login/**", timeout=8000)

    sign_in(page, amara)
    page.goto(live_server.url + "/journal/write/")

    expect(page.locator("textarea[name=answer_1]")).to_have_value("A good one.")
    expect(page.locator("[name=mood][value='4']")).to_be_checked()
    saved(page).to_contain_text("Saved", timeout=8000)
    assert Entry.objects.get().mood == 4


@both
def test_words_typed_while_a_save_is_on_its_way(write, path, field):
    """The save before says nothing about them: they stay in the tab until one of their own went well."""
    page = write(path)
    waiting = []
    page.route("**/journal/**", lambda route: waiting.append(route) if is_autosave(route) else route.continue_())
    page.locator(field).fill("First.")
    while not waiting:
        page.wait_for_timeout(100)
    page.locator(field).press_sequentially(" Second.")

    waiting.pop().continue_()
    saved(page).to_contain_text("Saved", timeout=8000)

    assert stored() == ["First."]
    assert "First. Second." in page.evaluate("sessionStorage.kept")
    page.unroute_all(behavior="ignoreErrors")
    for route in waiting:
        route.continue_()


def is_autosave(route):
    return route.request.method == "POST" and "hx-request" in route.request.headers


@pytest.mark.parametrize("status", [500, 503])
@both
def test_failing_server(write, path, field, status, complaints):
    page = write(path)
    page.clock.install()
    is_down = [True]

    def answer(route):
        if is_down and route.request.method == "POST":
            route.fulfill(status=status, body="<!doctype html><title>Down</title>")
        else:
            route.continue_()

    page.route(f"**{path}**", answer)
    page.locator(field).fill("Written while it was down.")
    page.clock.run_for(3000)
    expect(page.locator("#problem")).to_contain_text("Your text is still in this tab")

    is_down.clear()
    page.clock.run_for(16_000)  # it tries again by itself

    saved(page).to_contain_text("Saved")
    assert stored() == ["Written while it was down."]
    complaints.clear()


@both
def test_failing_server_when_it_is_sent(write, path, field):
    page = write(path)
    page.route(
        f"**{path}**",
        lambda route: (
            route.fulfill(
                status=500,
                content_type="text/html",
                body="<!doctype html><script src='/static/js/waymark.js' defer></script><body data-keeps><div id=problem></div>",
            )
            if route.request.method == "POST"
            else route.continue_()
        ),
    )
    page.locator(field).fill("All of it.")
    page.get_by_role("button", name=re.compile("Save note|Finish")).last.click()
    page.wait_for_selector("body[data-keeps]", state="attached")
    page.unroute(f"**{path}**")

    page.goto(page.url)

    expect(page.locator(field)).to_have_value("All of it.")


@both
def test_leaving_at_once_has_saved(write, live_server, path, field):
    page = write(path)
    page.locator(field).fill("One last word.")

    page.goto(live_server.url + "/goals/")

    for _ in range(50):  # the page that saved it is gone: there is nothing on a screen to wait for
        if stored():
            break
        page.wait_for_timeout(100)
    assert stored() == ["One last word."]
    assert Entry.objects.get().finished_at is None


def test_words_of_a_finished_note_survive_a_reload(write, amara):
    note = EntryFactory(owner=amara, text="As it was.")
    page = write(f"/journal/{note.pk}/edit/")
    page.locator("#id_text").fill("As it was. And more.")

    page.reload()
    expect(page.locator("#id_text")).to_have_value("As it was. And more.")
    note.refresh_from_db()
    assert note.text == "As it was."
    page.locator("#id_text").press_sequentially(" Or not.")
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("link", name="Edit").click()

    expect(page.locator("#id_text")).to_have_value("As it was.")


# Goals, tags, preview, stars ----------------------------------------------------------------------------------------


def test_goal_is_named_by_keyboard(write, amara, check_page):
    GoalFactory(owner=amara, title="Run 12 user interviews")
    GoalFactory(owner=amara, title="Read two books")
    page = write("/journal/new/")
    field, options = page.locator("#id_text"), page.get_by_role("listbox", name="Goals").get_by_role("option")

    field.press_sequentially("For #r")
    expect(options).to_have_count(2)
    check_page(page)
    field.press("ArrowDown")
    chosen = options.nth(1).inner_text()
    expect(field).to_have_attribute("aria-activedescendant", options.nth(1).get_attribute("id"))
    field.press("Enter")
    expect(field).to_have_value(f"For #{chosen} ")
    expect(options).to_have_count(0)
    field.press_sequentially("and #two")
    expect(options).to_have_text(["Read two books"])
    field.press("Escape")
    expect(options).to_have_count(0)
    field.press("Enter")
    expect(field).to_have_value(f"For #{chosen} and #two\n")
    page.get_by_role("button", name="Save note").click()

    expect(page.locator(".words").get_by_role("link", name=chosen)).to_be_visible()
    assert [goal.title for goal in Entry.objects.get().goals.all()] == [chosen]


def test_goal_is_named_by_a_tap(phone, live_server, sign_in, amara):
    GoalFactory(owner=amara, title="Read two books")
    sign_in(phone, amara)
    phone.goto(live_server.url + "/journal/write/")

    phone.locator("textarea[name=answer_1]").press_sequentially("Began to #rea")
    phone.get_by_role("option", name="Read two books").tap()

    expect(phone.locator("textarea[name=answer_1]")).to_have_value("Began to #Read two books ")


def test_tags_become_chips(write, amara, check_page):
    EntryFactory(owner=amara, tags=["clinic"])
    page = write("/journal/new/")
    entry = page.get_by_label("Tags")
    assert page.locator("#tags-used option").get_attribute("value") == "clinic"

    page.locator("#id_text").fill("Words.")
    entry.fill("Interviews")
    entry.press("Enter")
    entry.press_sequentially("#quiet,")
    entry.fill("wrong one")
    entry.blur()
    expect(page.locator(".tags-l .chip")).to_have_count(3)
    check_page(page)
    page.get_by_role("button", name="Remove wrong one").click()
    page.get_by_role("button", name="Save note").click()

    expect(page.locator("a.chip")).to_have_text(["interviews", "quiet"])
    assert Entry.objects.latest("pk").tags == ["interviews", "quiet"]


def test_preview_follows_what_is_typed_and_stores_nothing(write, check_page):
    page = write("/journal/write/")
    field = page.locator("textarea[name=answer_1]")
    expect(page.get_by_role("button", name="Preview").first).to_be_hidden()

    field.fill("**Strong** <img src=x onerror=alert(1)>")
    page.get_by_role("button", name="Preview").first.click()
    panel = page.get_by_role("region", name=re.compile("Preview")).first
    expect(panel.locator("strong")).to_have_text("Strong")
    expect(panel.locator("img")).to_have_count(0)
    check_page(page)
    field.fill("*Slanted*")
    expect(panel.locator("em")).to_have_text("Slanted")
    page.get_by_role("button", name="Preview").first.click()

    expect(panel).to_be_hidden()


def test_star_is_pressed_in_place(write, amara, check_page):
    note = EntryFactory(owner=amara, entry_on=amara.today(timezone.now()))
    page = write("/journal/")
    star = page.get_by_role("button", name="Star")

    star.click()

    expect(star).to_have_attribute("aria-pressed", "true")
    expect(star).to_be_focused()
    note.refresh_from_db()
    assert note.is_starred
    check_page(page)
    page.get_by_role("link", name="Starred").click()
    expect(page.locator(".entry")).to_have_count(1)
    page.get_by_role("button", name="Star").click()
    expect(page.get_by_role("button", name="Star")).to_have_attribute("aria-pressed", "false")


def test_without_javascript(browser, live_server, sign_in, amara):
    goal = GoalFactory(owner=amara, title="Read two books")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, amara)
    page.goto(live_server.url + "/journal/new/")

    page.locator("#id_text").fill("**Bold** for #Read two books")
    page.locator("#id_tags").fill("Quiet, books")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".preview strong")).to_have_text("Bold")
    expect(page.locator(".preview a")).to_have_text("Read two books")
    expect(page.locator("#id_tags")).to_have_value("Quiet, books")
    assert not Entry.objects.exists()
    page.get_by_text("Goals this is about").first.click()
    page.get_by_label("Read two books").check()
    page.get_by_role("button", name="Later").click()
    page.locator(".entry a").click()
    page.get_by_role("button", name="Save note").last.click()
    page.get_by_role("button", name="Star").click()
    page.get_by_role("link", name="quiet").click()
    expect(page.locator(".entry")).to_have_count(1)
    page.get_by_role("link", name="Rename or remove").click()
    page.get_by_label("Name").fill("calm")
    page.get_by_role("button", name="Rename tag").click()

    expect(page.locator(".entry")).to_contain_text("calm, books")
    note = Entry.objects.get()
    assert (note.tags, note.is_starred, list(note.goals.all())) == (["calm", "books"], True, [goal])
    assert "calm" not in page.url
    context.close()
