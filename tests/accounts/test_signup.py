import pytest
from allauth.account.models import EmailAddress

from accounts import signup
from accounts.models import User
from tests.accounts.postman import without_tokens
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def sign_up(client, email="ada@example.org", **data):
    return client.post("/account/signup/", {"email": email, **data})


def confirm(client, code):
    return client.post("/account/confirm-email/", {"code": code})


@pytest.mark.parametrize("password", ["", "a long enough passphrase"])
def test_sign_up_with_or_without_password(client, post, password):
    response = sign_up(client, password1=password)
    assert (response.status_code, response["Location"]) == (302, "/account/confirm-email/")
    assert "_auth_user_id" not in client.session

    response = confirm(client, post.code())

    user = User.objects.get()
    assert response["Location"] == "/account/welcome/"
    assert client.session["_auth_user_id"] == str(user.pk)
    assert user.has_usable_password() is bool(password)
    assert EmailAddress.objects.get().verified


def test_account_is_useless_before_its_address_is_confirmed(client, post):
    sign_up(client, password1=PASSWORD)

    response = client.post("/account/login/", {"login": "ada@example.org", "password": PASSWORD})

    assert response["Location"] == "/account/confirm-email/"
    assert client.get("/account/").status_code == 302


def test_wrong_code_three_times_ends_the_sign_up(client, post):
    sign_up(client)
    code = post.code()
    answers = [confirm(client, "BBBB-BBBB") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 302]
    assert "does not fit" in answers[0].content.decode()
    assert confirm(client, code)["Location"] == "/account/login/"
    assert not EmailAddress.objects.get().verified


def test_code_is_not_case_sensitive_and_needs_no_dash(client, post):
    sign_up(client)

    assert confirm(client, post.code().replace("-", " ").lower())["Location"] == "/account/welcome/"


@pytest.mark.parametrize("verified", [True, False])
@pytest.mark.parametrize("path", ["/account/signup/", "/account/signup/passkey/"])
def test_known_and_new_address_look_the_same(client, post, verified, path):
    UserFactory(email="known@example.org", verified=verified)
    answers = []
    for email in ("known@example.org", "new@example.org"):
        client.cookies.clear()
        first = client.post(path, {"email": email, "password1": ""})
        page = client.get(first["Location"])
        wrong = confirm(client, "BBBB-BBBB")
        texts = [r.content.decode().replace(email, "ADDRESS") for r in (page, wrong)]
        answers.append([first.status_code, first["Location"], *map(without_tokens, texts)])

    assert answers[0] == answers[1]
    assert [mail.to for mail in post.outbox] == ["known@example.org", "new@example.org"]


def test_address_is_unique_in_any_case(client, post):
    UserFactory(email="ada@example.org")

    sign_up(client, "ADA@Example.org")

    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("a" * 64 + "@" + ("b" * 50 + ".") * 4 + "example.org", "at most 254 characters"),
        ("a" * 64 + "@" + ("b" * 60 + ".") * 4 + "org", "at most"),  # 313 characters
        ("not an address", "valid email"),
        ("", "This is still empty."),
        ("a\x00b@example.org", "valid email"),
        ("a@b@c", "valid email"),
    ],
)
@pytest.mark.parametrize("page", ["signup", "login/code", "password/reset", "login"])
def test_bad_addresses_are_refused_with_a_message(client, post, page, email, words):
    data = {"email": email, "login": email, "password": "x", "password1": ""}

    response = client.post(f"/account/{page}/", data)

    assert response.status_code == 200
    assert words in response.content.decode()
    assert not post.outbox
    assert not User.objects.exists()


def test_longest_address_is_kept_whole(client, post):
    email = "a" * 64 + "@" + "b" * 63 + "." + "c" * 63 + "." + "d" * 57 + ".org"
    assert len(email) == 254

    sign_up(client, email)

    assert User.objects.get().email == email
    assert post.last.to == email


@pytest.mark.parametrize("password", ["short", "password12345"[:9], "qwertyuiop"])
def test_weak_password_is_refused(client, password):
    response = sign_up(client, password1=password)

    assert response.status_code == 200
    assert not User.objects.exists()
    assert "ada@example.org" in response.content.decode()  # what was typed comes back


def test_mistakes_in_the_form_do_not_use_up_the_mails(client, post):
    for _ in range(8):
        assert sign_up(client, password1="short").status_code == 200

    assert sign_up(client).status_code == 302
    assert len(post.outbox) == 1


def test_second_sign_up_of_an_unconfirmed_address_can_go_on_by_code(client, post):
    sign_up(client, password1=PASSWORD)
    client.cookies.clear()

    sign_up(client)
    client.post("/account/login/code/", {"email": "ada@example.org"})
    client.post("/account/login/code/confirm/", {"code": post.code()})

    assert client.session["_auth_user_id"] == str(User.objects.get().pk)


def test_password_of_a_stranger_who_used_my_address_dies_when_i_come(client, post):
    sign_up(client, "victim@example.org", password1="the stranger's own")
    client.cookies.clear()

    client.post("/account/login/code/", {"email": "victim@example.org"})
    client.post("/account/login/code/confirm/", {"code": post.code()})
    user = User.objects.get()

    assert client.session["_auth_user_id"] == str(user.pk)
    assert not user.has_usable_password()


def test_own_password_survives_confirming_the_address(client, post):
    sign_up(client, password1=PASSWORD)
    confirm(client, post.code())

    assert User.objects.get().check_password(PASSWORD)


# --- by invitation only ---


@pytest.fixture
def _by_invitation(settings, monkeypatch):
    settings.SIGNUP_OPEN = False
    monkeypatch.setattr(signup, "_checks", [lambda email: email == "invited@example.org"])


@pytest.mark.usefixtures("_by_invitation")
@pytest.mark.parametrize("query", ["", "?email=invited@example.org", "?invite=forged", "?invite=a:b:c"])
@pytest.mark.parametrize("path", ["/account/signup/", "/account/signup/passkey/"])
def test_closed_sign_up_says_how_to_get_in(client, post, path, query):
    page = client.get(path + query)
    answer = client.post(path + query, {"email": "invited@example.org"})

    for response in (page, answer):
        assert "By invitation" in response.content.decode()
        assert "operator@waymark.test" in response.content.decode()
    assert not User.objects.exists()
    assert not post.outbox


@pytest.mark.usefixtures("_by_invitation")
def test_invited_person_signs_up_with_the_invited_address_only(client, post):
    url = signup.invited_signup_url("invited@example.org", "/mentors/invitations/abc/")
    assert 'value="invited@example.org"' in client.get(url).content.decode()

    other = sign_up(client, "other@example.org")
    invited = client.post("/account/signup/", {"email": "Invited@example.org", "next": "/mentors/invitations/abc/"})
    response = client.post("/account/confirm-email/", {"code": post.code(), "next": "/mentors/invitations/abc/"})

    assert "another address" in other.content.decode()
    assert invited.status_code == 302
    assert response["Location"] == "/account/welcome/?next=%2Fmentors%2Finvitations%2Fabc%2F"


@pytest.mark.usefixtures("_by_invitation")
def test_withdrawn_invitation_closes_the_sign_up_again(client, monkeypatch):
    client.get(signup.invited_signup_url("invited@example.org"))
    monkeypatch.setattr(signup, "_checks", [])

    assert "By invitation" in sign_up(client, "invited@example.org").content.decode()


def test_checks_are_registered_once():
    def check(email):
        return False

    before = list(signup._checks)
    try:
        signup.register_invited_check(check)
        signup.register_invited_check(check)
        assert signup._checks == [*before, check]
    finally:
        signup._checks[:] = before
