from zoneinfo import ZoneInfo

import pytest

from accounts.forms import zone_choices
from accounts.models import User
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer(client):
    user = UserFactory(email="new@example.org", name="", time_zone="UTC", time_zone_is_guess=True)
    client.force_login(user)
    return user


def sign_in(client, **data):
    return client.post("/account/login/", {"login": "new@example.org", "password": PASSWORD, **data})


@pytest.mark.parametrize(
    ("data", "location"),
    [({}, "/account/welcome/"), ({"next": "/goals/7/"}, "/account/welcome/?next=%2Fgoals%2F7%2F")],
)
def test_person_without_a_name_is_asked_first(client, data, location):
    UserFactory(email="new@example.org", name="")

    assert sign_in(client, **data)["Location"] == location


def test_person_with_a_name_goes_where_they_wanted(client):
    UserFactory(email="new@example.org")

    assert sign_in(client, next="/goals/7/")["Location"] == "/goals/7/"


def test_welcome_takes_name_and_zone_and_goes_on(client, newcomer):
    data = {"name": "  Ada\tLovelace ", "time_zone": "Asia/Kathmandu", "next": "/goals/7/"}

    response = client.post("/account/welcome/", data)

    newcomer.refresh_from_db()
    assert response["Location"] == "/goals/7/"
    assert newcomer.name == "Ada Lovelace"
    assert newcomer.time_zone == ZoneInfo("Asia/Kathmandu")
    assert newcomer.time_zone_is_guess is False


@pytest.mark.parametrize(
    "target", ["//evil.org", r"/\evil.org", "\t//evil.org", "javascript:alert(1)", "https://evil.org/"]
)
def test_welcome_goes_nowhere_else(client, newcomer, target):
    data = {"name": "Ada", "time_zone": "UTC", "next": target}

    assert client.post("/account/welcome/", data)["Location"] == "/"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": "", "time_zone": "UTC"}, "This is still empty."),
        ({"name": "\u200b\u202e", "time_zone": "UTC"}, "This is still empty."),
        ({"name": "\u200d", "time_zone": "UTC"}, "at least one letter"),
        ({"name": "x" * 81, "time_zone": "UTC"}, "at most 80"),
        ({"name": "Ada", "time_zone": "Mars/Olympus"}, "nearest city"),
        ({"name": "Ada", "time_zone": "../../etc/passwd"}, "nearest city"),
        ({"name": "Ada", "time_zone": "\x00"}, "nearest city"),
        ({"name": "Ada"}, "Choose one of these."),
        ({}, "This is still empty."),
    ],
)
def test_welcome_bad_input(client, newcomer, data, words):
    response = client.post("/account/welcome/", data)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert User.objects.get().name == ""


def test_every_zone_a_browser_may_name_is_offered():
    names = {name for name, _ in zone_choices()}

    # Old names that browsers still give.
    assert {"Asia/Calcutta", "Europe/Kiev", "America/Buenos_Aires", "Asia/Katmandu", "UTC"} <= names
    for name in names:
        assert ZoneInfo(name)


def test_zone_is_guessed_only_while_nobody_chose(client, newcomer):
    assert "data-browser-zone" in client.get("/account/welcome/").content.decode()

    client.post("/account/welcome/", {"name": "Ada", "time_zone": "Europe/Berlin"})

    assert "data-browser-zone" not in client.get("/account/welcome/").content.decode()


def test_offered_zone_is_taken(client, newcomer):
    response = client.post("/account/time-zone/", {"time_zone": "Europe/Berlin", "next": "/settings/"})

    newcomer.refresh_from_db()
    assert response["Location"] == "/settings/"
    assert newcomer.time_zone == ZoneInfo("Europe/Berlin")


def test_offered_zone_by_htmx_answers_with_a_toast(client, newcomer):
    response = client.post("/account/time-zone/", {"time_zone": "Europe/Berlin"}, headers={"hx-request": "true"})

    assert response.status_code == 200
    assert "Europe/Berlin" in response["HX-Trigger"]


@pytest.mark.parametrize("zone", ["", "Nowhere", "\x00", "x" * 5000])
def test_unknown_offered_zone_changes_nothing(client, newcomer, zone):
    response = client.post("/account/time-zone/", {"time_zone": zone}, follow=False)

    newcomer.refresh_from_db()
    assert response.status_code == 302
    assert newcomer.time_zone == ZoneInfo("UTC")


def test_name_is_changed(client, newcomer):
    response = client.post("/account/name/", {"name": "Grace"})

    newcomer.refresh_from_db()
    assert response["Location"] == "/account/"
    assert newcomer.name == "Grace"


def test_name_bad_input_comes_back(client, newcomer):
    response = client.post("/account/name/", {"name": "y" * 81})

    assert response.status_code == 422
    assert "y" * 81 in response.content.decode()
