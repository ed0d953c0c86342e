"""No input gives a 500: every page of the account with what no form would send. A crash raises through the client."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connections
from django.test import Client

from accounts.models import User
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
FIELDS = [
    "login",
    "password",
    "email",
    "code",
    "password1",
    "password2",
    "oldpassword",
    "name",
    "time_zone",
    "next",
    "credential",
    "action",
    "action_add",
    "action_send",
    "action_primary",
    "action_remove",
    "remember",
    "sure",
    "account",
]
VALUES = [
    "\x00",
    "a\x00@example.org",
    "\ufffd\u202e\u200b",
    "9" * 5000,
    "[]",
    "-1",
    "%s%n",
    "'\"<script>",
    "é@é.é",
    "a@b",
]
ENTRANCE = [
    "login/",
    "login/code/",
    "login/code/confirm/",
    "signup/",
    "signup/passkey/",
    "confirm-email/",
    "password/reset/",
    "password/reset/key/1-set-password/",
    "password/reset/key/zz-abc-def/",
    "2fa/authenticate/",
    "2fa/webauthn/login/",
    "2fa/webauthn/signup/",
    "3rdparty/signup/",
    "oidc/oidc/login/",
    "oidc/oidc/login/callback/",
    "oidc/%00/login/",
    "logout/",
]
OWN = [
    "",
    "name/",
    "welcome/",
    "time-zone/",
    "email/",
    "confirm-email/",
    "password/change/",
    "password/set/",
    "sessions/",
    "delete/",
    "deletion/",
    "deletion/cancel/",
    "second-factor/keep/",
    "reauthenticate/",
    "reauthenticate/code/",
    "3rdparty/",
    "2fa/",
    "2fa/totp/activate/",
    "2fa/totp/deactivate/",
    "2fa/recovery-codes/",
    "2fa/recovery-codes/generate/",
    "2fa/webauthn/",
    "2fa/webauthn/add/",
    "2fa/webauthn/keys/99999999999999999999/edit/",
    "2fa/webauthn/keys/1/remove/",
    "2fa/webauthn/reauthenticate/",
    "2fa/reauthenticate/",
]
FINE = {200, 302, 400, 403, 404, 405, 422, 429}


def batter(client, paths, value):
    for path in paths:
        url = f"/account/{path}"
        assert client.post(url, dict.fromkeys(FIELDS, value)).status_code in FINE, path
        assert client.get(url, {"next": value, "email": value, "invite": value, "state": value}).status_code in FINE
        assert client.post(url, {"email": [value, value], "login": [value]}).status_code in FINE


@pytest.mark.parametrize("value", VALUES)
def test_entrance(value):
    UserFactory(email="ada@example.org")

    batter(Client(), ENTRANCE, value)


@pytest.mark.same_statements
@pytest.mark.parametrize("value", VALUES)
def test_own_pages_after_a_proof(value):
    client = Client()
    client.force_login(UserFactory(email="ada@example.org"))
    client.post("/account/reauthenticate/", {"password": PASSWORD})

    batter(client, OWN, value)


@pytest.mark.same_statements
@pytest.mark.parametrize("value", VALUES)
def test_own_pages_with_second_factors(value):
    user = UserFactory(email="ada@example.org")
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    client = Client()
    client.force_login(user)

    batter(client, OWN, value)


@pytest.mark.parametrize(
    "body", ["%ED%A0%80=%ED%A0%80", "login=%FF%FE", "a" * 3_000_000, "&".join(f"f{n}=1" for n in range(1100))]
)
@pytest.mark.parametrize("path", ["login/", "signup/"])
def test_broken_bodies(body, path):
    response = Client().post(f"/account/{path}", body, content_type="application/x-www-form-urlencoded")

    assert response.status_code in {200, 400, 413}


@pytest.mark.parametrize("cookie", ["x" * 40, "\u00e9", "' OR 1=1", ""])
def test_broken_session_cookies(settings, cookie):
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie

    assert client.get("/account/").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_same_new_address_twice_at_once():
    from concurrent.futures import ThreadPoolExecutor

    def sign_up(number):
        try:
            client = Client(REMOTE_ADDR=f"192.0.2.{number}")
            return client.post("/account/signup/", {"email": "ada@example.org"}).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=6) as pool:
        answers = list(pool.map(sign_up, range(6)))

    assert set(answers) <= {302, 429}
    assert User.objects.count() == 1


def test_lost_race_for_an_address_looks_like_a_known_one(client, monkeypatch):
    UserFactory(email="ada@example.org")
    monkeypatch.setattr("allauth.account.internal.flows.manage_email.assess_unique_email", lambda *a, **k: True)

    response = client.post("/account/signup/", {"email": "ada@example.org"})

    assert response["Location"] == "/account/confirm-email/"
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("login/", {"login": "EMAIL", "password": "wrong password"}),
        ("signup/", {"email": "EMAIL", "password1": "a long enough passphrase"}),
        ("signup/", {"email": "EMAIL"}),
        ("login/code/", {"email": "EMAIL"}),
        ("password/reset/", {"email": "EMAIL"}),
    ],
)
def test_known_and_unknown_addresses_cost_the_same_hashing(monkeypatch, path, data):
    """The hash of a password is what takes time: as many for a stranger as for a member, with and without password."""
    UserFactory(email="member@example.org")
    by_code = UserFactory(email="code@example.org")
    by_code.set_unusable_password()
    by_code.save()
    encode, verify, counts = Argon2PasswordHasher.encode, Argon2PasswordHasher.verify, {}

    for email in ("member@example.org", "code@example.org", "nobody@example.org"):
        hashed = []
        monkeypatch.setattr(Argon2PasswordHasher, "encode", lambda *a, hashed=hashed: hashed.append(1) or encode(*a))
        monkeypatch.setattr(Argon2PasswordHasher, "verify", lambda *a, hashed=hashed: hashed.append(1) or verify(*a))
        Client(REMOTE_ADDR="192.0.2.1").post(
            f"/account/{path}", {name: email if value == "EMAIL" else value for name, value in data.items()}
        )
        counts[email] = len(hashed)

    assert len(set(counts.values())) == 1, counts
