"""Password, address and devices: each change tells its owner."""

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import User
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
NEW = "another good passphrase"


@pytest.fixture
def ada(db):
    return UserFactory(email="ada@example.org")


def enter(client, password=PASSWORD, email="ada@example.org"):
    client.post("/account/login/", {"login": email, "password": password})
    return client


def prove(client):
    client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/account/email/"})


def is_signed_in(client):
    return client.get("/account/").status_code == 200


# --- password ---


def test_new_password_signs_out_everywhere_else_and_tells_the_owner(ada, post):
    here, there = enter(Client()), enter(Client())
    data = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}

    assert here.post("/account/password/change/", data).status_code == 302

    assert is_signed_in(here)
    assert not is_signed_in(there)
    assert post.subjects("ada@example.org") == ["Your password was changed"]
    assert "127.0.0.1" in post.last.text
    assert "/account/password/reset/" in post.last.html


@pytest.mark.parametrize(
    "data",
    [
        {"oldpassword": "wrong", "password1": NEW, "password2": NEW},
        {"oldpassword": PASSWORD, "password1": NEW, "password2": "different"},
        {"oldpassword": PASSWORD, "password1": "short", "password2": "short"},
        {"oldpassword": PASSWORD, "password1": "ada@example.org", "password2": "ada@example.org"},
        {"oldpassword": PASSWORD, "password1": "\x00" * 12, "password2": "\x00" * 12},
        {"oldpassword": PASSWORD, "password1": "x" * 1_000_000, "password2": "y"},
        {},
    ],
)
def test_bad_new_password(client, ada, post, data):
    enter(client)

    response = client.post("/account/password/change/", data)

    assert response.status_code == 200
    assert User.objects.get().check_password(PASSWORD)
    assert not post.outbox


def test_first_password_of_somebody_with_codes(client, post):
    user = UserFactory(email="ada@example.org")
    user.set_unusable_password()
    user.save()
    client.force_login(user)

    assert client.get("/account/password/set/")["Location"].startswith("/account/reauthenticate/code/")
    client.post("/account/reauthenticate/code/", {"next": "/account/password/set/"})
    client.post("/account/reauthenticate/code/", {"code": post.code(), "next": "/account/password/set/"})
    client.post("/account/password/set/", {"password1": NEW, "password2": NEW})

    assert User.objects.get().check_password(NEW)
    assert post.subjects("ada@example.org")[-1] == "Your account has a password"


def test_setting_a_first_password_asks_who_it_is(client):
    user = UserFactory(email="ada@example.org")
    user.set_unusable_password()
    user.save()
    client.force_login(user)

    response = client.post("/account/password/set/", {"password1": NEW, "password2": NEW})

    assert response["Location"].startswith("/account/reauthenticate/code/")
    assert not User.objects.get().has_usable_password()


def test_reset_by_mail(client, ada, post):
    signed_in = enter(Client())
    client.post("/account/password/reset/", {"email": "ADA@example.org"})
    link = post.link("password/reset/key")
    assert link.startswith("http://waymark.test/account/password/reset/key/")
    path = link.removeprefix("http://waymark.test")

    form = client.get(path)["Location"]
    assert "set-password" in form  # the key leaves the address bar
    assert "New password, once more" in client.get(form).content.decode()
    response = client.post(form, {"password1": NEW, "password2": NEW})

    assert response.status_code == 302
    assert not is_signed_in(client)  # whoever has the mailbox still meets the second factor
    assert not is_signed_in(signed_in)
    assert is_signed_in(enter(client, NEW))
    assert post.subjects("ada@example.org")[-1] == "Your password was changed"
    assert client.get(path).status_code == 200
    assert "used up" in Client().get(path).content.decode()


def test_reset_link_dies_with_the_password_and_after_days(client, ada, post, time_machine):
    time_machine.move_to("2026-11-21T09:00:00Z", tick=False)
    client.post("/account/password/reset/", {"email": "ada@example.org"})
    path = post.link("password/reset/key").removeprefix("http://waymark.test")

    time_machine.shift(4 * 24 * 3600)

    assert client.get(path).status_code == 200
    assert "used up" in client.get(path).content.decode()


@pytest.mark.parametrize("key", ["1-abc-def", "zz-" + "x" * 5000, "0-\u00e9", "ffffffffffffffffffff-abc-def"])
def test_bad_reset_links(client, key):
    assert client.get(f"/account/password/reset/key/{key}/").status_code in {200, 404}


def test_scanner_that_opens_the_link_uses_nothing_up(client, ada, post):
    client.post("/account/password/reset/", {"email": "ada@example.org"})
    path = post.link("password/reset/key").removeprefix("http://waymark.test")
    scanner = Client()
    scanner.head(path)
    scanner.get(path, follow=True)

    assert client.get(path).status_code == 302
    assert User.objects.get().check_password(PASSWORD)


# --- address ---


def change_address(client, email):
    return client.post("/account/email/", {"action_add": "", "email": email})


def test_new_address_counts_once_its_code_is_entered_and_the_old_one_is_told(client, ada, post):
    enter(client)
    prove(client)
    response = change_address(client, "New@example.org")
    assert response["Location"] == "/account/confirm-email/"
    assert User.objects.get().email == "ada@example.org"
    assert post.last.to == "new@example.org"

    client.post("/account/confirm-email/", {"code": post.code()})

    assert User.objects.get().email == "new@example.org"
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [("new@example.org", True, True)]
    assert post.subjects("ada@example.org") == ["Your address was changed"]
    assert "new@example.org" in post.to("ada@example.org")[0].text
    assert is_signed_in(enter(Client(), email="new@example.org"))
    assert not is_signed_in(enter(Client()))
    told = post.to("ada@example.org")[-1]
    assert "password/reset" not in told.text + told.html  # its link would go to the other address
    assert "write to" in told.text
    assert "mailto:" in told.html


def test_wrong_code_changes_no_address(client, ada, post):
    enter(client)
    prove(client)
    change_address(client, "new@example.org")
    for _ in range(3):
        client.post("/account/confirm-email/", {"code": "BBBB-BBBB"})

    assert User.objects.get().email == "ada@example.org"
    assert [a.email for a in EmailAddress.objects.all()] == ["ada@example.org"]


def test_address_of_somebody_else_cannot_be_taken_and_is_not_given_away(client, ada, post):
    UserFactory(email="grace@example.org")
    enter(client)
    prove(client)

    taken = change_address(client, "grace@example.org")
    code = post.code()
    answer = client.post("/account/confirm-email/", {"code": code})

    assert taken["Location"] == "/account/confirm-email/"  # as for a free address
    assert answer.status_code == 200
    assert User.objects.get(email="ada@example.org")


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("a" * 64 + "@" + ("b" * 50 + ".") * 4 + "example.org", "at most 254"),
        ("nonsense", "valid email"),
        ("", "This is still empty."),
        ("ada@example.org", "already"),
    ],
)
def test_bad_new_address(client, ada, post, email, words):
    enter(client)
    prove(client)

    response = change_address(client, email)

    assert response.status_code == 200
    assert words in response.content.decode()
    assert not post.outbox


def test_address_changes_are_limited(client, ada, post):
    enter(client)
    prove(client)
    answers = [change_address(client, "victim@example.org").status_code for _ in range(8)]

    assert 429 in answers
    assert len(post.to("victim@example.org")) <= 6


# --- devices ---


def test_devices_are_listed_with_their_names(ada):
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    here = enter(Client(headers={"user-agent": firefox}))
    enter(Client(headers={"user-agent": "<script>alert(1)</script>" + "x" * 400}, REMOTE_ADDR="203.0.113.9"))

    page = here.get("/account/sessions/").content.decode()

    assert "Firefox on Linux" in page
    assert "This device" in page
    assert "203.0.113.9" in page
    assert "<script>alert(1)" not in page


@pytest.mark.parametrize("redis", ["there", "lost"])
def test_signing_out_elsewhere(ada, monkeypatch, redis):
    here, there, forced = enter(Client()), enter(Client()), Client()
    forced.force_login(ada)  # a session the devices page does not know
    if redis == "lost":  # deleted sessions live on in the cache that nobody could reach
        monkeypatch.setattr("django.contrib.sessions.backends.cached_db.SessionStore.delete", lambda *a, **k: None)

    assert here.post("/account/sessions/").status_code == 302

    assert is_signed_in(here)
    assert not is_signed_in(there)
    assert not is_signed_in(forced)
    assert UserSession.objects.count() == 1


def test_other_peoples_devices_are_left_alone(ada):
    other = UserFactory(email="grace@example.org")
    here, there, grace = enter(Client()), enter(Client()), enter(Client(), email="grace@example.org")

    here.post("/account/sessions/")

    assert is_signed_in(grace)
    assert UserSession.objects.filter(user=other).count() == 1
    assert not is_signed_in(there)


def test_activity_is_written_once_an_hour(client, ada, time_machine, django_assert_num_queries):
    time_machine.move_to("2026-11-21T09:00:00Z", tick=False)
    enter(client)
    client.get("/account/name/")
    first = UserSession.objects.get()

    time_machine.move_to("2026-11-21T09:59:00Z", tick=False)
    client.get("/account/name/")
    assert UserSession.objects.get().last_seen_at == first.last_seen_at

    time_machine.move_to("2026-11-21T10:00:01Z", tick=False)
    client.get("/account/name/")
    later = UserSession.objects.get()
    assert later.last_seen_at > first.last_seen_at

    with django_assert_num_queries(1):  # the person; the session is cached, and a redirect draws no frame
        client.get("/account/deletion/")
    assert Session.objects.count() == 1


def test_using_the_site_keeps_one_signed_in(client, ada, settings, time_machine):
    time_machine.move_to("2026-11-01T09:00:00Z", tick=False)
    client.post("/account/login/", {"login": "ada@example.org", "password": PASSWORD, "remember": "on"})
    for _ in range(5):
        time_machine.shift(20 * 24 * 3600)
        assert is_signed_in(client)

    time_machine.shift(31 * 24 * 3600)
    assert not is_signed_in(client)
