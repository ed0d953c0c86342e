"""Single sign-on by OpenID Connect against a provider that answers from this file."""

import base64
import html
import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from accounts import signup
from accounts.models import User
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
SERVER = "https://id.example.net"


@pytest.fixture
def _switched_on(settings):
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "oidc",
                    "name": "Northmoor",
                    "client_id": "waymark",
                    "secret": "s3cret",
                    "settings": {"server_url": SERVER},
                }
            ],
        }
    }


class Provider:
    """What the provider says about the person who signs in there."""

    def __init__(self):
        self.claims = {"sub": "42", "email": "ada@example.org", "email_verified": True, "name": "Ada\u202e Lovelace"}
        self.asked = []

    def request(self, method, url, **kwargs):
        self.asked.append((method.upper(), url))
        path = urlsplit(url).path
        if path.endswith("openid-configuration"):
            return Answer(
                {
                    "issuer": SERVER,
                    "authorization_endpoint": f"{SERVER}/authorize",
                    "token_endpoint": f"{SERVER}/token",
                    "userinfo_endpoint": f"{SERVER}/userinfo",
                    "jwks_uri": f"{SERVER}/jwks",
                }
            )
        if path == "/token":
            return Answer({"access_token": "token", "token_type": "Bearer", "expires_in": 60})
        return Answer(self.claims)


class Answer:
    status_code = 200
    headers = {"content-type": "application/json"}

    def __init__(self, data):
        self.data, self.text, self.content = data, json.dumps(data), json.dumps(data).encode()

    def json(self):
        return self.data

    def raise_for_status(self):
        pass


@pytest.fixture
def provider(monkeypatch, _switched_on):
    provider = Provider()
    monkeypatch.setattr(
        "requests.Session.request", lambda session, method, url, **kw: provider.request(method, url, **kw)
    )
    return provider


def target_of(response):
    """Where the page leads that one sees on the way to the provider."""
    (target,) = set(re.findall(r'(?:href="|url=)(https://id[^"]+)"', html.unescape(response.content.decode())))
    return target


def go(client, **data):
    """Press the button and come back from the provider."""
    state = parse_qs(urlsplit(target_of(client.post("/account/oidc/oidc/login/", data))).query)["state"][0]
    return client.get("/account/oidc/oidc/login/callback/", {"code": "abc", "state": state})


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_off_by_default(client):
    assert "/account/oidc/" not in client.get("/account/login/").content.decode()
    assert client.get("/account/oidc/oidc/login/").status_code == 404
    assert client.post("/account/oidc/oidc/login/").status_code == 404


@pytest.mark.parametrize("page", ["login", "signup"])
def test_button_is_shown_when_switched_on(client, provider, page):
    text = client.get(f"/account/{page}/").content.decode()

    assert "Northmoor" in text
    assert "/account/oidc/oidc/login/" in text


def test_button_leads_to_the_provider(client, provider):
    assert client.get("/account/oidc/oidc/login/").status_code == 200  # a GET only asks

    response = client.post("/account/oidc/oidc/login/")

    target = urlsplit(target_of(response))
    query = parse_qs(target.query)
    assert f"{target.scheme}://{target.netloc}{target.path}" == f"{SERVER}/authorize"
    assert query["client_id"] == ["waymark"]
    assert query["code_challenge_method"] == ["S256"]
    assert query["response_type"] == ["code"]
    assert "s3cret" not in response.content.decode()


def test_way_to_the_provider_is_no_redirect_of_a_form(client, provider):
    """Chromium holds every hop of one against form-action, and providers send people on to addresses of their own."""
    response = client.post("/account/oidc/oidc/login/")

    assert response.status_code == 200
    assert 'http-equiv="refresh"' in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert "form-action 'self'" in response["Content-Security-Policy"]


def test_provider_that_is_away_is_said(client, provider, monkeypatch):
    def away(session, method, url, **kwargs):
        raise requests.ConnectionError

    monkeypatch.setattr("requests.Session.request", away)

    response = client.post("/account/oidc/oidc/login/")

    assert response.status_code == 503
    assert "does not answer right now" in response.content.decode()


def test_new_person_is_welcomed_by_name(client, provider, settings):
    response = go(client)

    user = User.objects.get()
    assert is_signed_in(client)
    assert (user.email, user.name) == ("ada@example.org", "Ada Lovelace")
    assert not user.has_usable_password()
    assert response["Location"] == "/"


@pytest.mark.parametrize("verified", [False, "false", "true", None, 1])
def test_unproven_address_needs_our_own_proof(client, provider, verified):
    provider.claims["email_verified"] = verified

    response = go(client)

    assert response["Location"] == "/account/confirm-email/"
    assert not is_signed_in(client)


def test_proven_address_opens_the_existing_account(client, provider, post):
    user = UserFactory(email="ada@example.org")

    go(client)

    assert client.session["_auth_user_id"] == str(user.pk)
    assert SocialAccount.objects.get().user == user
    assert any("connected" in subject for subject in post.subjects("ada@example.org"))


@pytest.mark.parametrize("verified", [False, "false", "true", None, 1])
def test_unproven_address_does_not_open_an_existing_account(client, provider, verified):
    UserFactory(email="ada@example.org")
    provider.claims["email_verified"] = verified

    go(client)

    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()


def test_account_squatted_with_a_password_is_taken_from_the_squatter(client, provider):
    UserFactory(email="ada@example.org", verified=False)

    response = go(client)

    assert response["Location"] == "/account/confirm-email/"  # and our own proof of the address
    assert not User.objects.get().check_password(PASSWORD)


def test_second_factor_is_asked_all_the_same(client, provider):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(UserFactory(email="ada@example.org"), generate_totp_secret())

    assert go(client)["Location"] == "/account/2fa/authenticate/"
    assert not is_signed_in(client)


def test_connecting_and_disconnecting_ask_for_the_password_and_tell_the_owner(client, provider, post):
    user = UserFactory(email="someone@else.example")
    client.force_login(user)
    assert "Single sign-on" in client.get("/account/").content.decode()
    client.post("/account/reauthenticate/", {"password": PASSWORD})

    go(client, process="connect")
    account = SocialAccount.objects.get()
    assert account.user == user
    assert "Northmoor" in client.get("/account/3rdparty/").content.decode()
    client.post("/account/3rdparty/", {"account": account.pk})

    assert not SocialAccount.objects.exists()
    assert post.subjects("someone@else.example") == ["A sign-in was connected", "A sign-in was disconnected"]


def test_connecting_without_a_proof_connects_nothing(client, provider):
    client.force_login(UserFactory(email="someone@else.example"))

    go(client, process="connect")

    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("invited", [True, False])
def test_by_invitation_only(client, provider, settings, monkeypatch, invited):
    settings.SIGNUP_OPEN = False
    monkeypatch.setattr(signup, "_checks", [lambda email: invited])

    response = go(client)

    assert is_signed_in(client) is invited
    assert invited or "By invitation" in response.content.decode()


def test_forged_answers_sign_nobody_in(provider):
    for query in (
        {"code": "abc", "state": "forged"},
        {"error": "access_denied"},
        {},
        {"code": "\u00e9" * 9000, "state": "x"},
    ):
        client = Client()
        response = client.get("/account/oidc/oidc/login/callback/", query)
        assert response.status_code in {200, 302, 401}
        assert not is_signed_in(client)


def test_answer_of_another_visit_signs_nobody_in(provider):
    victim, attacker = Client(), Client()
    there = attacker.post("/account/oidc/oidc/login/")
    state = parse_qs(urlsplit(target_of(there)).query)["state"][0]

    victim.get("/account/oidc/oidc/login/callback/", {"code": "abc", "state": state})

    assert not is_signed_in(victim)


@pytest.mark.parametrize("target", ["//evil.org", r"/\evil.org", "https://evil.org/"])
def test_next_leads_nowhere_else(client, provider, target):
    UserFactory(email="ada@example.org")

    assert go(client, next=target)["Location"] == "/"


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "not an address"},
        {"email": "x" * 300 + "@example.org"},
        {"name": "x" * 5000},
        {"name": None},
        {"email": None},
    ],
)
def test_odd_claims_do_not_break_it(client, provider, claims):
    provider.claims |= claims

    assert go(client).status_code in {200, 302}


def test_token_is_not_stored(client, provider):
    from allauth.socialaccount.models import SocialToken

    go(client)

    assert not SocialToken.objects.exists()
    assert base64.b64encode(b"token").decode() not in str(SocialAccount.objects.get().extra_data)
