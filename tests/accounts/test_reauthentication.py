import pytest
from django.test import Client

from accounts.models import User
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

# What changes who can enter, by what is posted.
SENSITIVE = [
    ("/account/email/", {"action_add": "", "email": "new@example.org"}),
    ("/account/2fa/totp/activate/", {"code": "123456"}),
    ("/account/2fa/webauthn/add/", {"name": "x", "credential": "{}"}),
    ("/account/2fa/recovery-codes/generate/", {}),
    ("/account/delete/", {"sure": "on"}),
]


@pytest.fixture
def ada(db):
    """Has a password."""
    return UserFactory(email="ada@example.org")


@pytest.fixture
def codie(db):
    """Signs in by code only."""
    user = UserFactory(email="codie@example.org")
    user.set_unusable_password()
    user.save()
    return user


def ask_code(client, **data):
    return client.post("/account/reauthenticate/code/", data)


def enter_code(client, code, **data):
    return client.post("/account/reauthenticate/code/", {"code": code, **data})


@pytest.mark.parametrize(("path", "data"), SENSITIVE)
@pytest.mark.parametrize("who", ["ada", "codie"])
def test_sensitive_acts_ask_again(client, request, who, path, data):
    user = request.getfixturevalue(who)
    client.force_login(user)

    response = client.post(path, data)

    assert response.status_code == 302
    assert response["Location"].startswith(
        "/account/reauthenticate/?next=" if who == "ada" else "/account/reauthenticate/code/?next="
    )
    assert User.objects.get().deletion_asked_at is None
    assert 'href="/settings/">Back to settings' in client.get(response["Location"]).content.decode()


def test_old_sign_in_does_not_count_as_proof(client, ada):
    client.post("/account/login/", {"login": "ada@example.org", "password": PASSWORD})

    assert client.get("/account/delete/").status_code == 302


def test_password_opens_for_five_minutes(client, ada, time_machine):
    time_machine.move_to("2026-11-21T09:00:00Z", tick=False)
    client.force_login(ada)
    response = client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/account/delete/"})
    assert response["Location"] == "/account/delete/"
    assert client.get("/account/delete/").status_code == 200

    time_machine.move_to("2026-11-21T09:05:01Z", tick=False)

    assert client.get("/account/delete/").status_code == 302


def test_wrong_password_opens_nothing(client, ada):
    client.force_login(ada)

    response = client.post("/account/reauthenticate/", {"password": "wrong"})

    assert response.status_code == 200
    assert "not your password" in response.content.decode()
    assert client.get("/account/delete/").status_code == 302


def test_guessing_the_password_of_an_open_session_is_limited(client, ada):
    client.force_login(ada)

    answers = [client.post("/account/reauthenticate/", {"password": "wrong"}).status_code for _ in range(8)]

    assert 429 in answers


def test_code_opens_what_was_asked_for(client, codie, post):
    client.force_login(codie)
    page = client.get(client.get("/account/delete/")["Location"])
    assert "Email me a code" in page.content.decode()
    assert not post.outbox  # opening a page sends nothing

    sent = ask_code(client, next="/account/delete/")
    response = enter_code(client, post.code(), next="/account/delete/")

    assert "codie@example.org" in sent.content.decode()
    assert post.last.to == "codie@example.org"
    assert response["Location"] == "/account/delete/"
    assert client.get("/account/delete/").status_code == 200


def test_what_was_posted_is_done_after_the_proof(client, codie, post):
    client.force_login(codie)
    client.post("/account/delete/", {"sure": "on"})

    ask_code(client, next="/account/delete/")
    enter_code(client, post.code(), next="/account/delete/")

    codie.refresh_from_db()
    assert codie.deletion_asked_at is not None


def test_code_of_another_session_does_not_fit(codie, post):
    first, second = Client(), Client()
    first.force_login(codie)
    second.force_login(codie)
    ask_code(first)
    code = post.code()
    ask_code(second)

    assert enter_code(second, code).status_code == 200
    assert second.get("/account/delete/").status_code == 302


def test_three_wrong_codes_kill_it(client, codie, post):
    client.force_login(codie)
    ask_code(client)
    for _ in range(3):
        assert "does not fit" in enter_code(client, "BBBB-BBBB").content.decode()

    enter_code(client, post.code())

    assert client.get("/account/delete/").status_code == 302


def test_code_is_good_for_fifteen_minutes(client, codie, post, time_machine):
    time_machine.move_to("2026-11-21T09:00:00Z", tick=False)
    client.force_login(codie)
    ask_code(client)
    time_machine.move_to("2026-11-21T09:15:01Z", tick=False)

    enter_code(client, post.code())

    assert client.get("/account/delete/").status_code == 302


@pytest.mark.parametrize("code", ["", "\x00", "x" * 100_000, "é"])
def test_bad_codes(client, codie, code):
    client.force_login(codie)
    ask_code(client)

    assert enter_code(client, code).status_code == 200


def test_asking_for_codes_is_limited(client, codie, post):
    client.force_login(codie)

    answers = [ask_code(client).status_code for _ in range(8)]

    assert answers[-1] == 429
    assert len(post.outbox) == 6


@pytest.mark.parametrize("target", ["//evil.org", r"/\evil.org", "javascript:alert(1)"])
def test_next_leads_nowhere_else(client, codie, post, target):
    client.force_login(codie)
    ask_code(client, next=target)

    assert enter_code(client, post.code(), next=target)["Location"] == "/"


def test_person_with_password_may_use_a_code_too(client, ada, post):
    client.force_login(ada)
    assert "/account/reauthenticate/code/" in client.get("/account/reauthenticate/").content.decode()

    ask_code(client)
    enter_code(client, post.code())

    assert client.get("/account/delete/").status_code == 200


def test_mail_does_not_replace_a_second_factor(client, ada):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(ada, generate_totp_secret())
    client.force_login(ada)

    assert client.get("/account/reauthenticate/code/").status_code == 404
    assert ask_code(client).status_code == 404
