from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import OperationalError
from django.test import RequestFactory

from core import views
from core.failpoints import FailpointError, failpoint


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/%00", "/healthz?a=%00", "/healthz?%00=1", "/goals/%00/"])
def test_nul_is_a_bad_request(client, path):
    response = client.get(path)

    assert response.status_code == 400
    assert "Waymark" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/%ff",
        "/goals/" + "9" * 5000 + "/",
        "/goals/" + "1" * 30 + "/",
        "/" + "a" * 5000,
        "/%F0%9F%98%80/",
        "/..%2f..%2fetc",
    ],
)
def test_odd_paths_are_not_found(client, cast, path):
    client.force_login(cast.owner, backend="accounts.backends.AuthenticationBackend")

    assert client.get(path).status_code == 404


def test_content_security_policy_is_strict(client):
    policy = client.get("/healthz").headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.django_db
def test_wrong_host_is_refused_and_not_echoed(client):
    response = client.get("/", headers={"host": "evil.example"})

    assert response.status_code == 400
    assert "evil.example" not in response.content.decode()


def test_dead_database_is_503_with_retry_after():
    request = RequestFactory().get("/")
    try:
        raise OperationalError("server closed the connection")
    except OperationalError:
        response = views.server_error(request)

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "20"


def test_other_failures_are_500_without_a_trace():
    request = RequestFactory().get("/")
    try:
        raise ZeroDivisionError("secret detail")
    except ZeroDivisionError:
        response = views.server_error(request)

    assert response.status_code == 500
    assert "secret detail" not in response.content.decode()


def test_failpoint_acts_only_where_it_is_named(settings):
    settings.FAILPOINT = "outbox.after_claim:raise,other:sleep=0"

    failpoint("somewhere")
    failpoint("other")
    with pytest.raises(FailpointError):
        failpoint("outbox.after_claim")


POINT = "/mentorships/1/check-ins/points/new/"


@pytest.mark.django_db
def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(client):
    response = client.post(POINT, headers={"referer": "http://testserver/mentorships/1/check-ins/?after=3"})

    assert response.status_code == 302
    assert parse_qs(urlsplit(response["Location"]).query) == {
        "next": ["/mentorships/1/check-ins/?after=3"],
        "ended": ["1"],
    }


@pytest.mark.django_db
@pytest.mark.parametrize("referer", ["http://evil.example/goals/", "//evil.example/", "/goals/", "http://[", ""])
def test_a_form_sent_from_elsewhere_leads_nowhere_else(client, referer):
    response = client.post(POINT, headers={"referer": referer})

    assert parse_qs(urlsplit(response["Location"]).query) == {"next": [POINT]}


@pytest.mark.django_db
def test_an_address_that_takes_forms_only_says_so(client, cast):
    client.force_login(cast.owner, backend="accounts.backends.AuthenticationBackend")

    response = client.get(POINT)

    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert "Nothing to open here" in response.content.decode()
