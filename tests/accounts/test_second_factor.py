import json
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import connection
from django.test import Client

from core.encrypted import UndecryptableError
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(db):
    return UserFactory(email="ada@example.org")


@pytest.fixture
def secret(ada):
    secret = generate_totp_secret()
    TOTP.activate(ada, secret)
    RecoveryCodes.activate(ada)
    return secret


def digits(secret, steps=0):
    """What the phone shows now, or `steps` times half a minute from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def enter_password(client, password=PASSWORD, **data):
    return client.post("/account/login/", {"login": "ada@example.org", "password": password, **data})


def enter_digits(client, code):
    return client.post("/account/2fa/authenticate/", {"code": code})


def reauthenticate(client, password=PASSWORD):
    return client.post("/account/reauthenticate/", {"password": password, "next": "/account/2fa/"})


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_setting_up_an_app_asks_for_the_password_and_tells_the_owner(
    client, ada, post, django_capture_on_commit_callbacks
):
    enter_password(client)
    assert client.get("/account/2fa/totp/activate/")["Location"].startswith("/account/reauthenticate/?next=")
    reauthenticate(client)
    page = client.get("/account/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    assert secret in page.content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/account/2fa/totp/activate/", {"code": digits(secret)})

    assert response.status_code == 302
    assert set(Authenticator.objects.values_list("type", flat=True)) == {"totp", "recovery_codes"}
    assert post.subjects("ada@example.org") == ["An authenticator app was added"]


def test_wrong_digits_set_up_nothing(client, ada):
    enter_password(client)
    reauthenticate(client)
    client.get("/account/2fa/totp/activate/")

    for code in ("000000", "", "\x00", "1" * 5000, "é"):
        assert client.post("/account/2fa/totp/activate/", {"code": code}).status_code == 200
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("way", ["password", "code"])
def test_sign_in_asks_for_the_second_factor(client, ada, secret, post, way):
    if way == "password":
        response = enter_password(client)
    else:
        client.post("/account/login/code/", {"email": "ada@example.org"})
        response = client.post("/account/login/code/confirm/", {"code": post.code()})

    assert response["Location"] == "/account/2fa/authenticate/"
    assert not is_signed_in(client)
    assert client.get("/account/").status_code == 302
    assert enter_digits(client, digits(secret))["Location"] == "/"
    assert is_signed_in(client)


def test_next_survives_the_second_factor(client, ada, secret):
    # A browser says where the form was; that is a step of signing in and no page to come back to.
    page = {"referer": "http://testserver/account/login/?next=/goals/7/"}
    client.post("/account/login/", {"login": ada.email, "password": PASSWORD, "next": "/goals/7/"}, headers=page)

    assert enter_digits(client, digits(secret))["Location"] == "/goals/7/"


def test_digits_work_once(ada, secret):
    first, second = Client(), Client()
    enter_password(first)
    enter_password(second)

    enter_digits(first, digits(secret))
    enter_digits(second, digits(secret))

    assert is_signed_in(first)
    assert not is_signed_in(second)


@pytest.mark.parametrize(("steps", "works"), [(-1, True), (0, True), (1, True), (-2, False), (2, False)])
def test_phone_may_be_half_a_minute_off(client, ada, secret, steps, works, time_machine):
    time_machine.move_to("2026-11-21T09:00:10Z", tick=False)
    enter_password(client)

    enter_digits(client, digits(secret, steps))

    assert is_signed_in(client) is works


def test_recovery_code_works_once(ada, secret):
    code = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()[0]
    first, second = Client(), Client()
    enter_password(first)
    enter_password(second)

    enter_digits(first, code)
    enter_digits(second, code)

    assert is_signed_in(first)
    assert not is_signed_in(second)


def test_guessing_digits_is_limited_from_all_networks_together(ada, secret):
    answers = []
    for number in range(8):
        client = Client(REMOTE_ADDR=f"192.0.2.{number}")
        enter_password(client)
        answers.append(enter_digits(client, "000000").status_code)

    assert answers == [200] * 5 + [429] * 3


def test_secrets_are_encrypted_at_rest(ada, secret):
    seed = RecoveryCodes(Authenticator.objects.get(type="recovery_codes"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator")
        stored = " ".join(row[0] for row in cursor.fetchall())

    assert secret not in stored
    assert all(code not in stored for code in seed.generate_codes())
    assert stored.count('"2.') == 2


def test_secrets_follow_a_change_of_keys(client, ada, secret, settings):
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]
    call_command("rotate_field_keys", verbosity=0)
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]

    enter_password(client)
    enter_digits(client, digits(secret))

    assert is_signed_in(client)


def test_lost_key_is_named_not_shown(ada, secret, settings):
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]

    with pytest.raises(UndecryptableError):
        Authenticator.objects.get(type="totp").wrap().validate_code("123456")


def test_turning_the_app_off_asks_for_the_password_and_tells_the_owner(client, ada, secret, post):
    enter_password(client)
    enter_digits(client, digits(secret))
    assert client.post("/account/2fa/totp/deactivate/")["Location"].startswith("/account/reauthenticate/")
    assert Authenticator.objects.count() == 2

    reauthenticate(client)
    client.post("/account/2fa/totp/deactivate/")

    assert not Authenticator.objects.exists()
    assert post.subjects("ada@example.org")[-1] == "The authenticator app was removed"


def test_recovery_codes_are_shown_only_to_a_fresh_owner(client, ada, secret):
    codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).generate_codes()
    enter_password(client)
    enter_digits(client, digits(secret))
    for path in ("", "download/"):
        assert client.get(f"/account/2fa/recovery-codes/{path}").status_code == 302

    reauthenticate(client)

    for path in ("", "download/"):
        response = client.get(f"/account/2fa/recovery-codes/{path}")
        assert codes[0] in response.content.decode()
        assert response["Cache-Control"] == "no-store, private"


def test_new_recovery_codes_replace_the_old_and_tell_the_owner(
    client, ada, secret, post, django_capture_on_commit_callbacks
):
    old = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).generate_codes()
    enter_password(client)
    enter_digits(client, digits(secret))
    reauthenticate(client)

    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/2fa/recovery-codes/generate/")

    assert RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).generate_codes() != old
    assert post.subjects("ada@example.org")[-1] == "You have new recovery codes"


# --- passkeys: what a forged browser may send (a real one is in tests/browser) ---

FORGED = [
    "",
    "null",
    "[]",
    "1",
    '"text"',
    "{",
    "{}",
    "NaN",
    '{"id": NaN}',
    "[" * 100_000,
    '{"a":' * 50_000,
    "{" + '"a": {' * 900 + "}" * 901,
    json.dumps({"id": "\x00", "rawId": "\x00", "type": "public-key", "response": {}}),
    json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": None}),
    json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": {"userHandle": "!!"}}),
    json.dumps({"id": [], "rawId": {}, "type": 5, "response": []}),
    '{"id": "\\ud800"}',
]


def forged_answer(handle):
    data = {"clientDataJSON": "e30", "authenticatorData": "AAAA", "signature": "AA", "userHandle": handle}
    return json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": data})


FORGED += [
    forged_answer(handle) for handle in ("MQ", "enp6enp6enp6enp6enp6enp6enp6enp6enp6eno", "", "AAAA", "LTE", None, 7)
]


def start_passkey_sign_in(client):
    return client.get("/account/2fa/webauthn/login/", headers={"accept": "application/json"})


@pytest.mark.parametrize("credential", FORGED)
def test_forged_passkey_sign_in(client, ada, credential):
    assert start_passkey_sign_in(client).status_code == 200

    response = client.post("/account/2fa/webauthn/login/", {"credential": credential})

    assert response.status_code in {302, 429}
    assert not is_signed_in(client)


@pytest.mark.same_statements
@pytest.mark.parametrize("credential", FORGED)
def test_forged_new_passkey(client, ada, credential):
    enter_password(client)
    reauthenticate(client)
    client.get("/account/2fa/webauthn/add/")

    response = client.post("/account/2fa/webauthn/add/", {"name": "Key", "credential": credential})

    assert response.status_code == 200
    assert not Authenticator.objects.exists()


@pytest.mark.same_statements
@pytest.mark.parametrize("credential", FORGED)
def test_forged_second_factor(client, ada, secret, credential):
    enter_password(client)
    client.get("/account/2fa/authenticate/")

    response = client.post("/account/2fa/authenticate/", {"credential": credential})

    assert response.status_code in {200, 429}
    assert not is_signed_in(client)


@pytest.mark.parametrize("path", ["edit/", "remove/"])
def test_somebody_elses_passkey_does_not_exist(client, ada, path):
    other = UserFactory()
    key = Authenticator.objects.create(user=other, type="webauthn", data={"name": "x", "credential": {}})
    enter_password(client)
    reauthenticate(client)

    for answer in (client.get, client.post):
        assert answer(f"/account/2fa/webauthn/keys/{key.pk}/{path}").status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()
