import re

import pytest
from django.test import Client
from django.utils.html import escape

from tests.accounts.postman import without_tokens
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
NEXTS = [
    "//evil.org",
    r"/\evil.org",
    "\t//evil.org",
    "/\t/evil.org",
    "javascript:alert(1)",
    "https://evil.org/",
    "///evil.org",
]


@pytest.fixture
def ada(db):
    return UserFactory(email="ada@example.org")


def by_password(client, email="ada@example.org", password=PASSWORD, **data):
    return client.post("/account/login/", {"login": email, "password": password, **data})


def ask_code(client, email="ada@example.org", **data):
    return client.post("/account/login/code/", {"email": email, **data})


def enter_code(client, code, **data):
    return client.post("/account/login/code/confirm/", {"code": code, **data})


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_code_button_of_the_sign_in_page_sends_to_the_address_typed_there(client, ada, post):
    page = client.get("/account/login/?next=/goals/").content.decode()
    typed = {"login": " ada@example.org", "password": "", "next": "/goals/"}

    asked = client.post(re.search(r'form="sign_in" formaction="([^"]+)"', page)[1], typed)

    assert 'id="sign_in"' in page
    assert asked["Location"] == "/account/login/code/confirm/?next=%2Fgoals%2F"
    assert enter_code(client, post.code(), next="/goals/")["Location"] == "/goals/"
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", None), ("  ", None), ("ada@", "Enter a valid email address"), ("a" * 300 + "@b.org", "254")],
)
def test_code_button_without_an_address_opens_the_page_that_asks_for_one(client, ada, post, typed, said):
    response = client.post("/account/login/code/", {"login": typed, "password": "wrong"})

    page = response.content.decode()
    assert response.status_code == 200
    assert "Sign in with a code" in page
    assert ('aria-invalid="true"' in page) == bool(said)
    assert (said or "") in page
    assert typed.strip() in page
    assert not post.outbox


def test_forgotten_password_opens_with_the_address_typed_and_sends_nothing_yet(client, ada, post):
    sign_in = client.get("/account/login/?next=/goals/").content.decode()
    path = re.search(r'formaction="([^"]+)">Forgot it', sign_in)[1]
    typed = {"login": "ada@example.org", "password": "half of it", "next": "/goals/"}

    page = client.post(path, typed).content.decode()

    assert sign_in.index("Sign in</button>") < sign_in.index("Forgot it")  # the first button is what Enter presses
    assert re.search(r"<input[^>]*ada@example.org", page)
    assert "aria-invalid" not in page
    assert "half of it" not in page
    assert not post.outbox
    assert 'name="next"' not in page  # the next page says that a mail is on its way
    assert client.post(path, {"email": "ada@example.org"})["Location"] == "/account/password/reset/done/"
    code_instead = re.search(r'form="reset" formaction="([^"]+)"', page)[1]
    asked = client.post(code_instead, {"email": "ada@example.org"})
    assert asked["Location"] == "/account/login/code/confirm/?next=%2Fgoals%2F"
    assert len(post.to("ada@example.org")) == 2


@pytest.mark.parametrize("typed", ["", "  ", "ada@", "a" * 300 + "@b.org", '"><script>', "\x00"])
def test_forgotten_password_says_nothing_yet_of_an_odd_address(client, typed):
    response = client.post("/account/password/reset/", {"login": typed})

    page = response.content.decode()
    assert response.status_code == 200
    assert "aria-invalid" not in page
    assert f'value="{escape(typed)}"' in page or not typed


def test_other_ways_to_sign_in_keep_the_address_typed(client):
    asking = client.get("/account/login/code/?next=/goals/").content.decode()
    path = re.search(r'form="ask_code" formaction="([^"]+)"', asking)[1]

    page = client.post(path, {"email": "ada@", "next": "/goals/"}).content.decode()

    assert "Welcome back" in page
    assert 'value="ada@"' in page
    assert 'name="next" value="/goals/"' in page
    assert "aria-invalid" not in page


@pytest.mark.parametrize("email", ["ada@example.org", "ADA@EXAMPLE.ORG", " Ada@example.org "])
def test_by_password(client, ada, email):
    assert by_password(client, email)["Location"] == "/"
    assert is_signed_in(client)


def test_wrong_password_says_so_and_keeps_the_address(client, ada):
    response = by_password(client, password="wrong")

    assert response.status_code == 200
    assert "do not match" in response.content.decode()
    assert "ada@example.org" in response.content.decode()
    assert not is_signed_in(client)


def test_by_code(client, ada, post):
    assert ask_code(client)["Location"] == "/account/login/code/confirm/"

    assert enter_code(client, post.code())["Location"] == "/"
    assert is_signed_in(client)


def test_code_works_once_and_in_its_own_browser_only(client, ada, post):
    ask_code(client)
    code = post.code()
    other = Client()
    ask_code(other, "somebody@example.org")

    enter_code(other, code)
    enter_code(client, code)
    client.post("/account/logout/")
    again = enter_code(client, code)

    assert not is_signed_in(other)
    assert again["Location"] == "/account/login/code/"


def test_code_dies_after_fifteen_minutes(client, ada, post, time_machine):
    time_machine.move_to("2026-11-21T09:00:00Z", tick=False)
    ask_code(client)
    time_machine.move_to("2026-11-21T09:15:02Z", tick=False)

    assert enter_code(client, post.code())["Location"] == "/account/login/code/"
    assert not is_signed_in(client)


def test_code_dies_after_three_wrong_ones(client, ada, post):
    ask_code(client)
    for _ in range(3):
        enter_code(client, "BBBB-BBBB")

    enter_code(client, post.code())

    assert not is_signed_in(client)


def test_new_code_on_request(client, ada, post):
    ask_code(client)
    first = post.code()
    client.post("/account/login/code/confirm/", {"action": "resend"})

    assert post.code() != first
    enter_code(client, first)
    assert not is_signed_in(client)
    enter_code(client, post.code())
    assert is_signed_in(client)


@pytest.mark.parametrize("code", ["", "\x00", "é" * 9, "x" * 100_000, "()"])
def test_bad_code(client, ada, code):
    ask_code(client)

    response = enter_code(client, code)

    assert response.status_code == 200


def test_known_and_unknown_address_look_the_same(ada, post):
    def visit(email):
        client = Client()
        password = by_password(client, email, "wrong password")
        reset = client.post("/account/password/reset/", {"email": email})
        reset_page = client.get(reset["Location"])
        code = ask_code(client, email)
        code_page = client.get(code["Location"])
        wrong = enter_code(client, "BBBB-BBBB")
        pages = [r.content.decode().replace(email, "ADDRESS") for r in (password, reset_page, code_page, wrong)]
        return [
            (r.status_code, r.headers.get("Location")) for r in (password, reset, reset_page, code, code_page, wrong)
        ], [without_tokens(page) for page in pages]

    assert visit("ada@example.org") == visit("nobody@example.org")
    assert len(post.to("nobody@example.org")) == len(post.to("ada@example.org")) == 2


def test_mails_link_to_this_server_whatever_host_was_asked(settings, ada, post):
    settings.ALLOWED_HOSTS = ["evil.example", "waymark.test"]
    client = Client(headers={"host": "evil.example", "x-forwarded-host": "evil.example"})

    client.post("/account/password/reset/", {"email": "ada@example.org"})
    client.post("/account/password/reset/", {"email": "nobody@example.org"})
    ask_code(client, "nobody@example.org")
    client.post("/account/signup/", {"email": "ada@example.org"})

    assert len(post.outbox) == 4
    for mail in post.outbox:
        assert "http://evil.example" not in mail.text
        assert "http://waymark.test/account/" in mail.text


@pytest.mark.parametrize("host", ["evil.example", "waymark.test.evil.example", "waymark.test@evil.example", "a b", ""])
def test_wrong_host_is_refused(settings, host):
    settings.ALLOWED_HOSTS = ["waymark.test"]

    response = Client(headers={"host": host}).get("/account/login/")

    assert response.status_code == 400


@pytest.mark.parametrize("target", NEXTS)
def test_next_leads_nowhere_else(ada, post, target):
    client = Client()
    assert by_password(client, next=target)["Location"] == "/"
    assert client.post("/account/logout/", {"next": target})["Location"] == "/"

    ask_code(client, next=target)
    assert enter_code(client, post.code(), next=target)["Location"] == "/"
    assert client.get("/account/login/", {"next": target})["Location"] == "/"


def test_next_leads_on(ada, post):
    client = Client()
    response = client.get("/account/")
    assert response["Location"] == "/account/login/?next=/account/"

    page = client.get(response["Location"]).content.decode()
    assert '<input type="hidden" name="next" value="/account/">' in page
    assert by_password(client, next="/account/")["Location"] == "/account/"


def test_session_key_changes_with_the_sign_in(client, ada):
    session = client.session
    session["before"] = "kept"
    session.save()
    before = session.session_key

    by_password(client)

    assert client.session.session_key != before
    assert not client.session.exists(before)


@pytest.mark.parametrize(
    "path",
    ["login/", "signup/", "signup/passkey/", "login/code/", "password/reset/", "password/reset/done/", "inactive/"],
)
def test_public_pages_set_no_session(client, settings, path):
    response = client.get(f"/account/{path}")

    assert response.status_code == 200
    assert settings.SESSION_COOKIE_NAME not in response.cookies


@pytest.mark.parametrize("path", ["", "email/", "sessions/", "2fa/", "name/", "welcome/"])
def test_private_pages_are_not_kept(client, ada, path):
    client.force_login(ada)

    response = client.get(f"/account/{path}")

    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store, private"


def test_back_button_after_sign_out_shows_nothing(client, ada):
    by_password(client)
    client.post("/account/logout/")

    assert client.get("/account/").status_code == 302


def test_staying_signed_in_is_a_choice(ada, settings):
    short, long = Client(), Client()
    short_cookie = by_password(short).cookies[settings.SESSION_COOKIE_NAME]
    long_cookie = by_password(long, remember="on").cookies[settings.SESSION_COOKIE_NAME]

    assert short_cookie["max-age"] == ""
    assert long_cookie["max-age"] == 30 * 24 * 3600


def test_inactive_account_does_not_open(client, post):
    UserFactory(email="gone@example.org", is_active=False)

    assert by_password(client, "gone@example.org")["Location"] == "/account/inactive/"
    ask_code(client, "gone@example.org")
    assert not is_signed_in(client)


def test_sign_out_by_get_only_asks(client, ada):
    by_password(client)

    assert client.get("/account/logout/").status_code == 200
    assert is_signed_in(client)


def test_forged_form_is_refused(ada):
    client = Client(enforce_csrf_checks=True)

    assert by_password(client).status_code == 403
