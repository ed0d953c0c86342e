import pytest
from django.core.signing import Signer
from django.db import OperationalError, ProgrammingError
from django.utils import timezone

from mail import outbox, services, views
from mail.links import Stop, read_stop_token, stop_token, unsubscribe_url
from mail.models import OutboxState, Preference, Suppression, address_hash
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def url_for(**stop):
    return f"/mail/unsubscribe/{stop_token(Stop(**stop))}/"


def switches(user):
    return [kind for kind, is_on in Preference.objects.for_user(user).items() if not is_on]


def test_get_asks_and_changes_nothing(client):
    user = UserFactory()

    response = client.get(url_for(user_id=user.pk, preference="comments"))

    assert response.status_code == 200
    assert "Stop “New comments” mails?" in response.content.decode()
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert not Preference.objects.exists()


def test_head_changes_nothing(client):
    assert client.head(url_for(user_id=UserFactory().pk, preference="comments")).status_code == 200
    assert not Preference.objects.exists()


def test_one_click_stops_just_this_kind(client):
    user = UserFactory()
    url = url_for(user_id=user.pk, preference="comments")

    for _ in range(2):
        response = client.post(url, {"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200  # RFC 8058, 3.1: no redirect
        assert switches(user) == ["comments"]


def test_one_click_as_a_provider_sends_it(client):
    user = UserFactory()

    response = client.post(
        url_for(user_id=user.pk, preference="weekly"),
        "List-Unsubscribe=One-Click",
        content_type="application/x-www-form-urlencoded",
        headers={"user-agent": "provider"},
    )

    assert response.status_code == 200
    assert switches(user) == ["weekly"]


def test_one_click_needs_no_csrf_token():
    from django.test import Client

    user = UserFactory()
    client = Client(enforce_csrf_checks=True)

    client.post(url_for(user_id=user.pk, preference="weekly"), {"List-Unsubscribe": "One-Click"})

    assert switches(user) == ["weekly"]


def test_button_stops_and_starts_again(client):
    user = UserFactory()
    url = url_for(user_id=user.pk, preference="weekly")

    page = client.post(url, {"stop": "1"}, follow=True)
    assert switches(user) == ["weekly"]
    assert "mails are stopped" in page.content.decode()
    page = client.post(url, {"again": "1"}, follow=True)
    assert switches(user) == []
    assert "Stop “Reflections” mails?" in page.content.decode()


def test_stranger_stops_all_mail(client):
    url = url_for(to_hash=address_hash("ann@example.org"))

    page = client.get(url).content.decode()
    client.post(url, {"List-Unsubscribe": "One-Click"})

    assert "Stop all mail from Waymark?" in page
    assert services.is_stopped("ann@example.org")
    client.post(url, {"again": "1"})
    assert not services.is_stopped("ann@example.org")
    assert Suppression.objects.count() == 1


@pytest.mark.parametrize(
    "token", ["x", "weekly.1", "weekly.1~forged", "all.~", "weekly.99999999999999999999~x", "~", "…"]
)
def test_unknown_token(client, token):
    for method in (client.get, client.post):
        assert method(f"/mail/unsubscribe/{token}/").status_code == 404


def test_token_signed_for_something_else(client):
    for value in ("tulips.1", "weekly.x", "weekly.", "nothing"):
        token = Signer(salt="mail.unsubscribe", sep="~").sign(value)
        assert read_stop_token(token) is None
    assert read_stop_token(Signer(salt="other", sep="~").sign("weekly.1")) is None


def test_token_of_a_deleted_person(client):
    user = UserFactory()
    url = url_for(user_id=user.pk, preference="weekly")
    user.delete()

    assert client.get(url).status_code == 404
    assert client.post(url).status_code == 404


def test_token_outlives_a_new_secret_key(client, settings):
    user = UserFactory()
    url = url_for(user_id=user.pk, preference="weekly")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 10

    assert client.get(url).status_code == 200


def test_link_in_the_mail_works(client, says):
    user = UserFactory()
    message = services.queue("test_note", user=user, ids={}, dedupe="1")

    client.post(unsubscribe_url(message).removeprefix("http://waymark.test"), {"List-Unsubscribe": "One-Click"})

    assert switches(user) == ["comments"]


def test_readyz_before_the_first_sweep(client):
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"ready": False, "database": True, "migrations": True, "sweep": False}


def test_readyz_after_a_sweep(client):
    outbox.sweep()

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json()["ready"] is True


def test_readyz_when_nobody_sweeps(client):
    outbox.sweep()
    OutboxState.objects.update(swept_at=timezone.now() - views.SWEEP_MAX_AGE)

    assert client.get("/readyz").status_code == 503


def test_readyz_without_database(client, monkeypatch):
    def fail(*args):
        raise OperationalError

    monkeypatch.setattr(outbox, "outbox_state", fail)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"ready": False, "database": False, "migrations": False, "sweep": False}


def test_readyz_before_the_first_migration(client, monkeypatch):
    def fail(*args):
        raise ProgrammingError

    monkeypatch.setattr(outbox, "outbox_state", fail)

    assert client.get("/readyz").json() == {"ready": False, "database": True, "migrations": False, "sweep": False}


def test_readyz_with_missing_migrations(client, monkeypatch):
    monkeypatch.setattr(views, "_migrations_are_applied", False)
    monkeypatch.setattr("django.db.migrations.executor.MigrationExecutor.migration_plan", lambda *args: ["one"])
    outbox.sweep()

    assert client.get("/readyz").json()["migrations"] is False
