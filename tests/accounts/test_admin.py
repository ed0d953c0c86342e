import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib import admin
from django.urls import reverse

from accounts.models import User
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(db):
    return UserFactory(email="operator@example.org", is_staff=True, is_superuser=True)


@pytest.fixture
def in_admin(client, operator):
    """A client of an operator with a second factor who proved who it is a moment ago."""
    TOTP.activate(operator, generate_totp_secret())
    client.force_login(operator)
    client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/admin/"})
    return client


def pages():
    """The url names of every list and form of the admin."""
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield from (f"{name}_changelist", f"{name}_add")


def test_visitor_is_sent_to_everybodys_sign_in(client):
    response = client.get("/admin/", follow=True)

    assert response.redirect_chain[-1][0].startswith("/account/login/?next=")
    assert "Welcome back" in response.content.decode()


def test_admin_has_no_password_form_of_its_own(client, operator):
    response = client.post("/admin/login/", {"username": "operator@example.org", "password": PASSWORD})

    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/")
    assert "_auth_user_id" not in client.session


def test_person_who_is_not_staff_gets_403(client):
    client.force_login(UserFactory())

    assert client.get("/admin/", follow=True).status_code == 403


def test_staff_without_second_factor_are_told_to_set_one_up(client, operator):
    client.force_login(operator)

    response = client.get("/admin/accounts/user/", follow=True)

    assert response.status_code == 403
    assert "A second factor first" in response.content.decode()


def test_recovery_codes_alone_are_no_second_factor(client, operator):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    RecoveryCodes.activate(operator)
    client.force_login(operator)

    assert client.get("/admin/", follow=True).status_code == 403


def test_every_page_opens_for_an_operator_and_for_nobody_else(in_admin, client):
    from django.test import Client

    stranger = Client()
    stranger.force_login(UserFactory())
    for name in pages():
        url = reverse(name)
        assert in_admin.get(url).status_code in {200, 403}, name
        assert stranger.get(url).status_code == 302, name
    assert in_admin.get("/admin/").status_code == 200


def test_registry_holds_no_keys_tokens_or_devices():
    names = {model._meta.label for model in admin.site._registry}

    assert not {
        name for name in names if name.split(".")[0] in {"account", "mfa", "socialaccount", "usersessions", "auth"}
    }


def test_changes_ask_again_who_it_is(client, operator):
    TOTP.activate(operator, generate_totp_secret())
    person = UserFactory()
    client.force_login(operator)
    url = reverse("admin:accounts_user_change", args=[person.pk])
    assert client.get(url).status_code == 200

    response = client.post(url, {"name": "Changed"})

    assert response["Location"].startswith("/account/reauthenticate/")


def form_of(client, person, **changes):
    url = reverse("admin:accounts_user_change", args=[person.pk])
    form = client.get(url).context["adminform"].form
    data = {name: form.initial.get(name) for name in form.fields}
    data = {k: v for k, v in data.items() if v not in (None, False)}
    data |= {
        "breaks-TOTAL_FORMS": 0,
        "breaks-INITIAL_FORMS": 0,
        "emailaddress_set-TOTAL_FORMS": 0,
        "emailaddress_set-INITIAL_FORMS": 0,
    }
    return url, data | changes


def test_closing_the_door_on_somebody_signs_them_out(in_admin):
    from django.test import Client

    person, theirs = UserFactory(), Client()
    theirs.force_login(person)
    url, data = form_of(in_admin, person)
    data.pop("is_active")

    assert in_admin.post(url, data).status_code == 302

    person.refresh_from_db()
    assert person.is_active is False
    assert person.session_epoch == 1
    assert theirs.get("/account/").status_code == 302


def test_operator_does_not_take_the_own_rights_away(in_admin, operator):
    url, data = form_of(in_admin, operator)

    in_admin.post(url, data)

    operator.refresh_from_db()
    assert (operator.is_active, operator.is_staff, operator.is_superuser) == (True, True, True)


def test_staff_give_no_rights(client, permissions):
    staff = UserFactory(is_staff=True)
    staff.user_permissions.set(permissions.filter(codename__in=["change_user", "view_user"]))
    TOTP.activate(staff, generate_totp_secret())
    client.force_login(staff)
    client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/admin/"})
    url, data = form_of(client, staff, is_superuser="on", is_staff="on")

    client.post(url, data)

    staff.refresh_from_db()
    assert staff.is_superuser is False


def test_no_password_add_or_delete(in_admin):
    person = UserFactory()
    page = in_admin.get(reverse("admin:accounts_user_change", args=[person.pk])).content.decode()

    assert 'name="password' not in page
    assert in_admin.get("/admin/accounts/user/add/").status_code == 403
    assert in_admin.get(f"/admin/accounts/user/{person.pk}/delete/").status_code == 403
    assert in_admin.get("/admin/password_change/")["Location"] == "/account/password/change/"
    assert User.objects.filter(pk=person.pk).exists()


@pytest.mark.parametrize(
    "query", ["?q=%00", "?q=" + "x" * 5000, "?o=abc", "?p=-1", "?is_active__exact=zz", "?e=1", "?nonsense=1"]
)
def test_odd_addresses_do_not_break_the_list(in_admin, query):
    assert in_admin.get("/admin/accounts/user/" + query).status_code in {200, 302, 400}


def test_search_finds_people_by_address(in_admin):
    UserFactory(email="grace@example.org", name="Grace")

    assert "grace@example.org" in in_admin.get("/admin/accounts/user/?q=grace").content.decode()


def test_signing_out_of_admin_needs_no_proof(client, operator):
    TOTP.activate(operator, generate_totp_secret())
    client.force_login(operator)

    assert client.post("/admin/logout/").status_code == 200
    assert "_auth_user_id" not in client.session
