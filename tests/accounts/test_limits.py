from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client, RequestFactory

from accounts import limits
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(db):
    return UserFactory(email="ada@example.org")


def visitor(ip, **extra):
    return Client(REMOTE_ADDR=ip, **extra)


def try_password(client, email="ada@example.org", password="wrong"):
    return client.post("/account/login/", {"login": email, "password": password})


def test_sixth_try_is_429_with_retry_after_in_our_look(ada):
    client = visitor("192.0.2.1")
    answers = [try_password(client) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert int(answers[-1]["Retry-After"]) == 300
    assert "get a sign-in code" in answers[-1].content.decode()
    assert "ada@example.org" in answers[-1].content.decode()
    assert try_password(client, password=PASSWORD).status_code == 429  # also the right one


def test_owner_enters_from_elsewhere_meanwhile(ada):
    attacker = visitor("192.0.2.1")
    for _ in range(30):
        try_password(attacker)

    owner = visitor("198.51.100.7")

    assert try_password(owner, password=PASSWORD).status_code == 302


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Client-IP", "True-Client-IP"])
def test_rotating_headers_do_not_help(ada, header):
    answers = [
        try_password(visitor("192.0.2.1", headers={header: f"203.0.113.{number}"})).status_code for number in range(8)
    ]

    assert answers[-1] == 429


def test_limit_holds_with_a_trusted_proxy_and_forged_entries_before_its_own(ada, settings):
    settings.TRUSTED_PROXY_COUNT = settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    answers = [
        try_password(visitor("10.0.0.1", headers={"x-forwarded-for": f"203.0.113.{number}, 192.0.2.1"})).status_code
        for number in range(8)
    ]
    neighbour = visitor("10.0.0.1", headers={"x-forwarded-for": "192.0.2.2"})

    assert answers[-1] == 429
    assert try_password(neighbour, password=PASSWORD).status_code == 302  # one proxy, but not one visitor


@pytest.mark.parametrize(
    ("count", "forwarded", "expected"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (2, "1.1.1.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.1"),
        (1, "", "0.0.0.0"),
        (1, "unknown", "0.0.0.0"),
        (1, "203.0.113.9:443", "203.0.113.9"),
        (1, "[2001:db8::1]:443", "2001:db8::1"),
    ],
)
def test_client_ip(settings, count, forwarded, expected):
    settings.TRUSTED_PROXY_COUNT = count

    request = RequestFactory(headers={"x-forwarded-for": forwarded}).get("/", REMOTE_ADDR="192.0.2.1")

    assert limits.client_ip(request) == expected


def test_visitor_without_address_is_counted_too(ada):
    answers = [try_password(visitor("")).status_code for _ in range(7)]

    assert answers[-1] == 429


def test_one_household_of_ipv6_is_one_visitor(ada):
    answers = [try_password(visitor(f"2001:db8:1:2::{number:x}")).status_code for number in range(1, 9)]

    assert answers[-1] == 429
    assert try_password(visitor("2001:db8:1:3::1"), password=PASSWORD).status_code == 302


def test_one_network_is_stopped_for_a_day_before_the_account_is(ada, time_machine):
    time_machine.move_to("2026-11-21T09:00:00Z", tick=False)
    tries = 0
    for _ in range(12):
        time_machine.shift(301)
        for _ in range(5):
            tries += try_password(visitor("192.0.2.1")).status_code == 200

    assert tries == 20


def test_distributed_attack_is_stopped_and_the_owner_is_not(ada, post):
    home = visitor("198.51.100.7")
    try_password(home, password=PASSWORD)
    counted = [try_password(visitor(f"192.0.2.{number}")).status_code for number in range(105)]

    assert counted[99] == 200
    assert counted[100] == 429
    assert try_password(visitor("203.0.113.5"), password=PASSWORD).status_code == 429
    assert try_password(visitor("198.51.100.7"), password=PASSWORD).status_code == 302  # signed in from there
    abroad = visitor("203.0.113.6")
    abroad.post("/account/login/code/", {"email": "ada@example.org"})
    assert abroad.post("/account/login/code/confirm/", {"code": post.code()}).status_code == 302


def test_unknown_accounts_are_limited_alike(ada):
    answers = [
        [try_password(visitor(ip), email).status_code for _ in range(7)]
        for ip, email in [("192.0.2.1", "ada@example.org"), ("192.0.2.2", "nobody@example.org")]
    ]

    assert answers[0] == answers[1]


def test_right_passwords_are_not_counted(ada):
    for _ in range(12):
        client = visitor("192.0.2.1")
        assert try_password(client, password=PASSWORD).status_code == 302
        client.post("/account/logout/")


def test_many_accounts_from_one_address(ada):
    answers = [try_password(visitor("192.0.2.1"), f"person{number}@example.org").status_code for number in range(25)]

    assert 429 in answers[20:]


def test_one_network_cannot_send_an_address_many_mails(ada, post):
    client = visitor("192.0.2.1")
    for _ in range(4):
        for path in ("login/code/", "password/reset/"):
            client.cookies.clear()
            answer = client.post(f"/account/{path}", {"email": "ada@example.org"})

    assert len(post.outbox) == 6
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) == 3600
    assert "several mails" in answer.content.decode()

    elsewhere = visitor("198.51.100.7")
    elsewhere.post("/account/login/code/", {"email": "ada@example.org"})
    assert elsewhere.post("/account/login/code/confirm/", {"code": post.code()}).status_code == 302


def test_many_networks_cannot_either(ada, post):
    for number in range(40):
        visitor(f"192.0.2.{number}").post("/account/password/reset/", {"email": "ada@example.org"})

    assert len(post.outbox) == 30


def test_sign_ups_with_many_addresses_from_one_place(post):
    answers = [
        visitor("192.0.2.1").post("/account/signup/", {"email": f"p{number}@example.org"}).status_code
        for number in range(22)
    ]

    assert answers[-1] == 429


def test_allauths_429_is_in_our_look(ada):
    client = visitor("192.0.2.1")
    for number in range(35):
        answer = try_password(client, f"a{number}@example.org", "")

    assert answer.status_code == 429
    assert "That was a lot at once" in answer.content.decode()
    assert answer["Retry-After"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("redis", ["there", "dead"])
def test_fifty_tries_at_once(settings, redis):
    if redis == "dead":
        settings.CACHES = settings.CACHES | {
            "fast": {"BACKEND": "core.cache.ForgivingRedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
        }
    UserFactory(email="ada@example.org")
    checked = []

    def attempt(number):
        try:
            client = visitor("192.0.2.1", headers={"x-forwarded-for": f"203.0.113.{number}"})
            return try_password(client, password=f"wrong {number}").status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=10) as pool:
        checked = list(pool.map(attempt, range(50)))

    assert checked.count(200) <= 5
    assert set(checked) <= {200, 429}


def test_limits_live_in_postgres(ada):
    try_password(visitor("192.0.2.1"))

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cache_entries WHERE cache_key LIKE %s", ["%login_failed%"])
        assert cursor.fetchone()[0] >= 1
    cache.clear()


def test_limit_is_logged_without_address(ada, caplog):
    for _ in range(6):
        try_password(visitor("192.0.2.1"))

    lines = [record.getMessage() for record in caplog.records if record.name == "waymark.security"]
    assert lines == ["rate.limited path=/account/login/ ip=192.0.2.1"]
