"""Signing up, in and out as people do it, with their browser, their phone's authenticator app and a passkey."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from playwright.sync_api import expect

from accounts.models import User
from tests.accounts.postman import Postman
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def post(transactional_db):
    return Postman()


@pytest.fixture
def passkeys(page):
    """A built-in authenticator of the browser that verifies its user and keeps passkeys (WebAuthn, CTAP 2)."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


@pytest.fixture
def localhost(live_server, settings):
    """The server under the one name with which passkeys work without https."""
    url = live_server.url.replace("127.0.0.1", "localhost")
    settings.BASE_URL = url
    return url


def digits(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def enter_password(page, url, email="ada@example.org"):
    page.goto(f"{url}/account/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in", exact=True).click()


def prove(page):
    """Enter the password where it is asked again."""
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Confirm").click()


def test_sign_up_with_a_code_and_say_who_one_is(live_server, any_page, check_page, post):
    page = any_page
    page.goto(f"{live_server.url}/account/signup/")
    check_page(page)
    page.get_by_label("Email").fill("ada@example.org")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_text("ada@example.org").first).to_be_visible()
    check_page(page)
    page.get_by_label("Code").fill("BBBB-BBBB")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("That code does not fit").first).to_be_visible()
    check_page(page)
    page.get_by_label("Code").fill(post.code())
    page.get_by_role("button", name="Confirm").click()

    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    expect(page.get_by_label("Time zone")).to_have_value("Europe/London")  # what this browser says
    check_page(page)
    page.get_by_label("Your name").fill("Ada Lovelace")
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(f"{live_server.url}/")

    user = User.objects.get()
    assert (user.name, str(user.time_zone), user.time_zone_is_guess) == ("Ada Lovelace", "Europe/London", False)


def test_sign_in_by_code(live_server, page, check_page, post):
    UserFactory(email="ada@example.org")
    page.goto(f"{live_server.url}/account/login/")
    with page.expect_navigation():
        page.get_by_role("button", name="sign-in code").click()
    check_page(page)
    expect(page.get_by_role("heading", name="Sign in with a code")).to_be_visible()
    page.get_by_label("Email").fill("ada@example.org")
    page.get_by_role("button", name="Other ways").click()
    expect(page.get_by_role("heading", name="Welcome back")).to_be_visible()
    expect(page.get_by_label("Email")).to_have_value("ada@example.org")
    with page.expect_navigation():
        page.get_by_role("button", name="sign-in code").click()
    check_page(page)
    page.get_by_label("Code").fill(post.code())
    page.get_by_role("button", name="Confirm").click()

    page.wait_for_url(f"{live_server.url}/")


def test_forgotten_password(live_server, any_page, check_page, post):
    page = any_page
    UserFactory(email="ada@example.org")
    page.goto(f"{live_server.url}/account/login/?next=/goals/")
    page.get_by_label("Email").fill("ada@example.org")
    page.get_by_role("button", name="Forgot it?").click()
    expect(page.get_by_role("heading", name="Forgotten password")).to_be_visible()
    expect(page.get_by_label("Email")).to_have_value("ada@example.org")
    assert page.url == f"{live_server.url}/account/password/reset/"
    check_page(page)
    page.get_by_role("button", name="Send me the mail").click()
    expect(page.get_by_role("heading", name="Look in your mail")).to_be_visible()
    assert len(post.to("ada@example.org")) == 1


def test_enter_signs_in(live_server, page):
    UserFactory(email="ada@example.org")
    page.goto(f"{live_server.url}/account/login/")
    page.get_by_label("Email").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")

    page.wait_for_url(f"{live_server.url}/")


def test_wrong_password_until_the_limit(live_server, page, check_page, complaints):
    UserFactory(email="ada@example.org")
    page.goto(f"{live_server.url}/account/login/")
    for _ in range(6):
        page.get_by_label("Email").fill("ada@example.org")
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("alert").first).to_be_visible()

    expect(page.get_by_text("Too many tries")).to_be_visible()
    check_page(page)


def test_passkey_from_the_start(localhost, page, passkeys, check_page, post):
    page.goto(f"{localhost}/account/signup/passkey/")
    check_page(page)
    page.get_by_label("Email").fill("ada@example.org")
    page.locator("main form button").first.click()
    page.get_by_label("Code").fill(post.code())
    with page.expect_navigation():
        page.get_by_role("button", name="Confirm").click()
    check_page(page)
    page.locator("#mfa_webauthn_signup").click()
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    user = User.objects.get()
    assert not user.has_usable_password()
    assert Authenticator.objects.get().type == "webauthn"

    page.context.clear_cookies()
    page.goto(f"{localhost}/account/login/")
    page.locator("#passkey_login").click()

    page.wait_for_url("**/account/welcome/")  # still without a name
    page.goto(f"{localhost}/account/")
    expect(page.get_by_role("heading", name="Sign-in and devices")).to_be_visible()


def test_add_a_passkey_and_take_it_away(localhost, page, passkeys, check_page, post):
    UserFactory(email="ada@example.org")
    enter_password(page, localhost)
    page.goto(f"{localhost}/account/2fa/webauthn/add/")
    check_page(page)
    prove(page)
    check_page(page)
    page.get_by_label("Name").fill("My laptop")
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/recovery-codes/**")
    check_page(page)
    assert "A passkey was added" in post.subjects("ada@example.org")
    assert Authenticator.objects.get(type="webauthn").wrap().name == "My laptop"

    page.goto(f"{localhost}/account/2fa/webauthn/")
    expect(page.get_by_text("My laptop", exact=True).first).to_be_visible()
    check_page(page)
    key = Authenticator.objects.get(type="webauthn").pk
    page.goto(f"{localhost}/account/2fa/webauthn/keys/{key}/edit/")
    check_page(page)
    page.goto(f"{localhost}/account/2fa/webauthn/keys/{key}/remove/")
    check_page(page)
    page.locator(".manage form button").first.click()
    page.wait_for_url("**/account/2fa/webauthn/")

    assert not Authenticator.objects.exists()
    assert "A passkey was removed" in post.subjects("ada@example.org")


def test_passkey_behind_a_password(localhost, page, passkeys, check_page, post):
    UserFactory(email="ada@example.org")
    enter_password(page, localhost)
    page.goto(f"{localhost}/account/2fa/webauthn/add/")
    prove(page)
    page.get_by_label("Name").fill("My laptop")
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/recovery-codes/**")

    page.context.clear_cookies()
    enter_password(page, localhost)
    page.wait_for_url("**/account/2fa/authenticate/")
    check_page(page)
    page.get_by_role("button", name="Use a passkey or security key").click()

    page.wait_for_url(f"{localhost}/")


def test_authenticator_app(live_server, page, check_page, post):
    UserFactory(email="ada@example.org")
    enter_password(page, live_server.url)
    page.goto(f"{live_server.url}/account/2fa/totp/activate/")
    check_page(page)
    prove(page)
    secret = page.get_by_label("The same as text").input_value()
    check_page(page)
    page.get_by_label("Code").fill(digits(secret))
    page.get_by_role("button", name="Turn on").click()
    page.wait_for_url("**/recovery-codes/**")
    check_page(page)
    recovery_code = page.get_by_label("Unused codes").input_value().split()[0]

    page.context.clear_cookies()
    enter_password(page, live_server.url)
    page.wait_for_url("**/account/2fa/authenticate/")
    expect(page.get_by_role("button", name="Use a passkey or security key")).to_have_count(0)  # there is none
    check_page(page)
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".err, .errsum").first).to_be_visible()
    check_page(page)
    page.get_by_label("Code").fill(recovery_code)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{live_server.url}/")


ENTRANCE = [
    "login/",
    "login/code/",
    "signup/",
    "signup/passkey/",
    "password/reset/",
    "password/reset/done/",
    "password/reset/key/done/",
    "password/reset/key/1-set-password/",
    "inactive/",
    "3rdparty/login/cancelled/",
]
OWN = [
    "",
    "name/",
    "welcome/",
    "email/",
    "password/change/",
    "2fa/",
    "sessions/",
    "logout/",
    "reauthenticate/",
    "reauthenticate/code/",
]
PROVEN = [
    "delete/",
    "2fa/totp/deactivate/",
    "2fa/recovery-codes/",
    "2fa/recovery-codes/generate/",
    "2fa/webauthn/",
    "2fa/webauthn/add/",
]


def test_entrance_pages(live_server, any_page, check_both_themes):
    for path in ENTRANCE:
        any_page.goto(f"{live_server.url}/account/{path}")
        check_both_themes(any_page)


def test_closed_sign_up_page(live_server, any_page, check_both_themes, settings):
    settings.SIGNUP_OPEN = False
    any_page.goto(f"{live_server.url}/account/signup/")

    expect(any_page.get_by_role("heading", name="By invitation")).to_be_visible()
    check_both_themes(any_page)


def test_own_pages(live_server, any_page, sign_in, check_both_themes):
    sign_in(any_page, UserFactory(email="ada@example.org"))
    for path in OWN:
        any_page.goto(f"{live_server.url}/account/{path}")
        check_both_themes(any_page)


def test_pages_behind_a_proof(live_server, any_page, check_both_themes):
    user = UserFactory(email="ada@example.org")
    enter_password(any_page, live_server.url)
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    any_page.goto(f"{live_server.url}/account/2fa/reauthenticate/")
    check_both_themes(any_page)
    any_page.goto(f"{live_server.url}/account/reauthenticate/?next=/account/delete/")
    prove(any_page)
    for path in PROVEN:
        any_page.goto(f"{live_server.url}/account/{path}")
        check_both_themes(any_page)


def test_forms_with_mistakes(live_server, any_page, sign_in, check_page):
    page = any_page
    sign_in(page, UserFactory(email="ada@example.org"))
    for path, label in [("name/", "Your name"), ("welcome/", "Your name")]:
        page.goto(f"{live_server.url}/account/{path}")
        page.get_by_label(label).fill(" ")
        page.locator("main form button.btn-primary").first.click()
        expect(page.locator(".err").first).to_be_visible()
        check_page(page)


def test_close_the_account_and_come_back(live_server, any_page, check_both_themes, post):
    page = any_page
    UserFactory(email="ada@example.org")
    enter_password(page, live_server.url)
    page.goto(f"{live_server.url}/account/delete/")
    prove(page)
    page.get_by_label("Yes, close my account").check()
    page.get_by_role("button", name="Close account").click()
    expect(page.get_by_text("will be erased on").first).to_be_visible()
    assert post.subjects("ada@example.org") == ["Your account is closed"]

    enter_password(page, live_server.url)
    expect(page.get_by_role("heading", name="Your account is closed")).to_be_visible()
    check_both_themes(page)
    page.get_by_role("button", name="Keep my account").click()
    page.wait_for_url(f"{live_server.url}/")

    assert User.objects.get().deletion_asked_at is None


def test_other_time_zone_is_offered(live_server, page, sign_in, check_page):
    user = UserFactory(time_zone="Asia/Tokyo")
    sign_in(page, user)
    page.goto(f"{live_server.url}/account/name/")
    check_page(page)
    page.get_by_role("button", name="Change it").click()
    page.wait_for_url("**/account/name/")

    user.refresh_from_db()
    assert str(user.time_zone) == "Europe/London"
    expect(page.get_by_role("button", name="Change it")).to_be_hidden()


def test_operators_pages_under_our_content_security_policy(live_server, page, sign_in):
    operator = UserFactory(email="operator@example.org", is_staff=True, is_superuser=True)
    TOTP.activate(operator, generate_totp_secret())
    sign_in(page, operator)

    for path in ("", "accounts/user/", f"accounts/user/{operator.pk}/change/", "accounts/erasure/"):
        page.goto(f"{live_server.url}/admin/{path}")
        expect(page.locator("#site-name")).to_be_visible()
