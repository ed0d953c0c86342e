"""static/js/waymark.js: what docs/front-end.md promises to templates, each tried on a page that asks for it."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lab(page, live_server):
    """`lab(html)`: the component sheet with this markup in front of it."""

    def lab(html):
        page.goto(live_server.url + "/dev/components/")
        page.evaluate(
            """(html) => {
                document.querySelector('main').insertAdjacentHTML('afterbegin', `<div id="lab">${html}</div>`)
                htmx.process(document.getElementById('lab'))
            }""",
            html,
        )
        return page

    return lab


def test_step_and_fill_buttons_change_their_field(lab):
    page = lab(
        '<input id="n" value="5"><button data-step="1" data-for="n">more</button>'
        '<button data-step="-9" data-for="n">fewer</button>'
        '<input id="d" type="date"><button data-fill="2027-01-31" data-for="d">in a month</button>'
    )

    page.click("text=more")
    expect(page.locator("#n")).to_have_value("6")
    page.click("text=fewer")
    expect(page.locator("#n")).to_have_value("0")
    page.fill("#n", "2,5")
    page.click("text=more")
    expect(page.locator("#n")).to_have_value("3.5")
    page.click("text=in a month")
    expect(page.locator("#d")).to_have_value("2027-01-31")


def test_add_row_numbers_the_form_and_takes_the_focus(lab):
    page = lab(
        '<input id="total" value="2"><div><template id="row" data-total="total">'
        '<div class="made"><input name="ms-__prefix__-title"></div></template></div>'
        '<button data-add-row="row">Add a milestone</button>'
    )

    page.click("text=Add a milestone")

    expect(page.locator("#total")).to_have_value("3")
    expect(page.locator(".made input")).to_have_attribute("name", "ms-2-title")
    expect(page.locator(".made input")).to_be_focused()


def test_add_row_stops_at_the_limit(lab):
    page = lab(
        '<input id="total" value="2"><div><template id="row" data-total="total" data-limit="3">'
        '<div class="made"><input name="ms-__prefix__-title"></div></template></div>'
        '<button data-add-row="row">Add a milestone</button>'
    )

    page.click("text=Add a milestone")
    page.click("text=Add a milestone")

    expect(page.locator("#total")).to_have_value("3")
    expect(page.locator(".made")).to_have_count(1)
    expect(page.locator("#toasts .toast")).to_contain_text("no room for more lines")


def test_toast_has_an_undo_and_can_be_dismissed(lab):
    page = lab("")

    page.evaluate(
        "document.body.dispatchEvent(new CustomEvent('toast', {detail: {text: '<b>Goal</b> saved', undo: '/x/'}}))"
    )

    toast = page.locator("#toasts .toast")
    expect(toast).to_contain_text("<b>Goal</b> saved")
    expect(toast.locator("form")).to_have_attribute("action", "/x/")
    toast.get_by_role("button", name="Dismiss").click()
    expect(toast).to_have_count(0)


def test_whole_page_in_answer_to_a_fragment_is_not_swapped_in(lab):
    page = lab('<div id="here">as it was</div><button hx-get="/nowhere/" hx-target="#here">load</button>')

    page.click("text=load")

    expect(page.locator("#problem")).to_contain_text("no longer here")
    expect(page.locator("#here")).to_have_text("as it was")


def test_fragment_of_a_mistake_is_swapped_in_and_its_summary_focused(lab):
    page = lab('<div id="here"></div><button hx-get="/form/" hx-target="#here">load</button>')
    page.route("**/form/", lambda route: route.fulfill(status=422, body='<div class="errsum" tabindex="-1">No</div>'))

    page.click("text=load")

    expect(page.locator("#here .errsum")).to_be_focused()
    expect(page.locator("#problem")).to_be_hidden()


def test_lost_connection_is_said_and_unsaid(lab, complaints):
    page = lab('<div id="here"></div><button hx-get="/form/" hx-target="#here">load</button>')
    page.route("**/form/", lambda route: route.abort())
    page.click("text=load")
    expect(page.locator("#problem")).to_contain_text("you are offline")

    page.unroute("**/form/")
    page.route("**/form/", lambda route: route.fulfill(body="fine"))
    page.click("text=load")
    expect(page.locator("#here")).to_have_text("fine")
    expect(page.locator("#problem")).to_be_hidden()
    complaints.clear()  # htmx logs the lost request


def test_autosave_posts_after_a_pause_and_says_so(lab):
    page = lab(
        '<form method="post" data-autosave="/save/"><textarea name="text"></textarea><span data-saved></span></form>'
    )
    seen = []

    def answer(route):
        seen.append(route.request.post_data)
        route.fulfill(body="Saved 20:14")

    page.route("**/save/", answer)

    page.locator("#lab textarea").press_sequentially("Two words")

    expect(page.locator("#lab [data-saved]")).to_have_text("Saved 20:14", timeout=6000)
    assert seen == ["text=Two%20words"]


def test_autosave_counts_its_saves(lab):
    page = lab(
        '<form method="post" data-autosave="/save/"><input type="hidden" name="number"><textarea name="text"></textarea>'
        "<span data-saved></span></form>"
    )
    seen = []

    def answer(route):
        seen.append(int(route.request.post_data.partition("number=")[2].partition("&")[0]))
        route.fulfill(body=f"Saved {len(seen)}")

    page.route("**/save/", answer)

    for times in (1, 2):
        page.locator("#lab textarea").press_sequentially("Words")
        expect(page.locator("#lab [data-saved]")).to_have_text(f"Saved {times}", timeout=6000)

    assert 0 < seen[0] < seen[1]


def test_second_click_sends_nothing_and_the_button_says_busy(lab):
    page = lab('<form method="post" action="/slow/"><button data-busy="Saving">Save goal</button></form>')
    sent = []

    def answer(route):
        sent.append(1)
        route.fulfill(status=204)  # the browser stays on the page

    page.route("**/slow/", answer)

    button = page.locator("#lab button")
    button.click()
    expect(button).to_have_text("Saving")
    button.click()
    page.wait_for_timeout(200)

    assert sent == [1]


def test_offline_form_is_held_back(lab):
    page = lab('<form method="post" action="/slow/"><input name="a" value="b"><button>Send it</button></form>')
    page.context.set_offline(True)

    page.click("text=Send it")

    expect(page.locator("#problem")).to_contain_text("you are offline")
    page.context.set_offline(False)
    expect(page.locator("#problem")).to_be_hidden()
