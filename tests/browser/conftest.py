"""Browser tests: real Chromium on a real server (`live_server`).

`page` is a desktop (1280 wide), `phone` a phone (390 wide, touch). `sign_in(page, user)` spares the sign-in form;
`check_page(page)` fails on anything axe finds and on sideways scrolling, `check_both_themes(page)` looks at the colours
of the dark theme too. A page that logs an error, breaks the content security policy or throws fails its test by itself.
Where no browser can be had the tests are skipped, with one line that says why; with CI set they fail.
"""

import fcntl
import json
import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.test import Client

from devstack.browser import ARGUMENTS, probe
from devstack.pytest_plugin import NO_BROWSER

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
AXE_RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    # A finding is told with its element, and no rule asks for the style sheets: both cost a quarter of a run.
    "selectors": False,
    "preload": False,
}
COLOUR_RULES = AXE_RULES | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_choice(tmp_path_factory):
    """What to start; looked for once in a run, whichever of xdist's processes comes first."""
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    answer = shared / "browser.json"
    with (shared / "browser.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not answer.exists():
            answer.write_text(json.dumps(probe()))
    choice = json.loads(answer.read_text())
    if not choice["exe"]:
        why = f"{NO_BROWSER} Install Chromium or set BROWSER_EXE. {choice['why']}"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(
            why, **({"pytrace": False} if "CI" in os.environ else {})
        )
    return choice


@pytest.fixture(scope="session")
def playwright(browser_choice):
    """pytest-playwright's own, but only where the driver is known to start."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=15_000)  # the two cores of a CI machine have other tests to run
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, browser_choice):
    return {
        **browser_type_launch_args,
        "executable_path": browser_choice["exe"],
        "args": list(ARGUMENTS),
        "chromium_sandbox": browser_choice["sandbox"],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {
        **browser_context_args,
        "viewport": DESKTOP,
        "locale": "en-GB",
        "timezone_id": "Europe/London",
        "reduced_motion": "reduce",
    }


@pytest.fixture(autouse=True)
def _links_lead_to_the_live_server(live_server, settings):
    """Links in mails are built from BASE_URL; here they can be followed."""
    settings.BASE_URL = live_server.url


@pytest.fixture
def complaints():
    """What the pages of this test complained about. A test that expects a complaint empties the list."""
    heard = []
    yield heard
    assert not heard, "\n".join(heard)


@pytest.fixture
def context(context, complaints):
    listen(context, complaints)
    yield context
    context.set_offline(True)  # a page that closes saves what was typed into it, and its writer is gone by then


def listen(context, complaints):
    """Collect what pages of this context log as errors, and what they throw."""

    def on_console(message):
        # The browser logs each answer of 400 and more, which a test of errors asks for.
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(f"{message.location.get('url')}: {message.text}")

    context.on("console", on_console)
    context.on("weberror", lambda error: complaints.append(f"{error.page and error.page.url}: {error.error}"))


@pytest.fixture
def phone(browser, browser_context_args, complaints):
    """A page of a phone: 390 wide, touch."""
    context = browser.new_context(**browser_context_args | {"viewport": PHONE, "has_touch": True, "is_mobile": True})
    listen(context, complaints)
    yield context.new_page()
    context.set_offline(True)
    context.close()


@pytest.fixture(params=["desktop", "phone"])
def any_page(request):
    """The test runs twice: on a desktop's page and on a phone's."""
    return request.getfixturevalue("page" if request.param == "desktop" else "phone")


@pytest.fixture
def sign_in(live_server):
    """`sign_in(page, user)`: the page's browser is signed in as this user from now on."""

    def sign_in(page, user):
        client = Client()
        client.force_login(user, backend=django_settings.AUTHENTICATION_BACKENDS[0])
        name = django_settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])

    return sign_in


@pytest.fixture
def check_page():
    """`check_page(page)`: no finding of axe (WCAG 2.2 AA and best practice), no sideways scrolling."""

    def check_page(page, rules=AXE_RULES):
        results = Axe().run(page, options=rules)
        findings = [
            f"{item['id']}: {item['help']}\n    {node['html'][:200]}"
            for item in results.response["violations"]
            for node in item["nodes"]
        ]
        assert not findings, f"{page.url}\n" + "\n".join(findings)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} is {wide} px wider than its window"

    return check_page


@pytest.fixture
def check_both_themes(check_page):
    """`check_page`, and once more in the dark what depends on colours, as nothing else of a page does."""
    from playwright.sync_api import expect

    def check_both_themes(page):
        check_page(page)
        page.emulate_media(color_scheme="dark")
        expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
        check_page(page, COLOUR_RULES)
        page.emulate_media(color_scheme="light")

    return check_both_themes
