"""Every url, as each of the cast, with something that could leak."""

import re

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access import all_rows, everyone
from tests.budgets import check_budget
from tests.world import CAST, build_world

ROWS = all_rows()
# Admin pages are covered by tests/accounts/test_admin.py, one by one as they are registered.
EXEMPT = re.compile(r"^(admin:|djdt:|devstack:)")
READS = re.compile(r"^[\s(]*(SELECT|SAVEPOINT|RELEASE|ROLLBACK|DECLARE|FETCH|CLOSE|SET|EXPLAIN|WITH)", re.IGNORECASE)
# Sessions and the counters of rate limits are the plumbing of a request, not the state of anything.
PLUMBING = re.compile(r'"(django_session|cache_entries|usersessions_usersession)"')
CSRF = re.compile(r'csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken[^}]+}')


@pytest.fixture(scope="module")
def one_world(django_db_setup, django_db_blocker):
    """One of everything, made once for all tests here, as making it takes longer than trying a url."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = build_world()
        world.session_keys = {viewer: session_key_of(world, viewer) for viewer in CAST if viewer != "anonymous"}
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def world(one_world, db):
    """Return that world as it was made: `db` takes back to it whatever a test wrote."""
    return one_world


@pytest.fixture
def viewers_of(request):
    """Who tries a url: the cast; in a second round one of those who get the most of it, which runs its statements."""
    if request.config.getoption("--second-round"):
        return lambda statuses: [min(CAST, key=statuses.__getitem__)]
    return lambda statuses: CAST


def url_names(resolver: URLResolver | None = None, prefix: str = "") -> set[str]:
    """Return every url name of the project, namespaced."""
    names = set()
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                names.add(prefix + pattern.name)
        else:
            names |= url_names(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
    return names


def test_every_url_has_a_row():
    missing = {name for name in url_names() if not EXEMPT.match(name)} - {row.name for row in ROWS}

    assert not missing, f"add rows in tests/<app>/url_rows.py for {sorted(missing)}"


def session_key_of(world, viewer):
    client = Client()
    client.force_login(getattr(world.cast, viewer), backend="accounts.backends.AuthenticationBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def client_of(world, viewer, **extra):
    """Return a browser that signed in when the world was made: doing that for each try costs more than most pages."""
    caches[settings.SESSION_CACHE_ALIAS].clear()  # may hold what an earlier try wrote into the session
    client = Client(raise_request_exception=True, **extra)
    if viewer in world.session_keys:
        client.cookies[settings.SESSION_COOKIE_NAME] = world.session_keys[viewer]
    return client


def check_secrets(row, viewer, response):
    if row.may_know(viewer):
        return
    text = b"".join(response.streaming_content) if response.streaming else response.content
    for secret in row.secrets:
        assert secret not in text.decode(errors="replace"), f"{viewer} is told {secret!r}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name + row.query)
def test_get(world, viewers_of, row):
    url = reverse(row.name, kwargs=row.args(world)) + row.query
    for viewer in viewers_of(row.get or everyone(405)):
        client = client_of(world, viewer)
        if row.get is None:
            if viewer != "anonymous":
                assert client.get(url).status_code == 405, viewer
            continue
        with CaptureQueriesContext(connection) as queries:
            response = client.get(url)
        assert response.status_code == row.get[viewer], f"GET as {viewer}"
        check_secrets(row, viewer, response)
        asked = [query["sql"] for query in queries if not PLUMBING.search(query["sql"])]
        writes = [sql for sql in asked if not READS.match(sql)]
        assert not writes, f"GET as {viewer} writes: {writes}"
        if response.status_code == 200:
            check_budget(row.name, asked)

        fragment = client.get(url, headers={"hx-request": "true"})
        if row.get[viewer] == 302 and viewer == "anonymous":
            assert fragment.headers.get("HX-Redirect") or fragment.status_code == 302
        else:
            assert fragment.status_code in {row.get[viewer], 200}, f"htmx GET as {viewer}"
            assert row.get[viewer] != 404 or fragment.status_code == 404
        check_secrets(row, viewer, fragment)


@pytest.mark.parametrize("row", [row for row in ROWS if row.post is not None], ids=lambda row: row.name + row.query)
def test_post(world, viewers_of, row):
    url = reverse(row.name, kwargs=row.args(world)) + row.query
    for viewer in viewers_of(row.post):
        with transaction.atomic():
            response = client_of(world, viewer).post(url, row.data(world))
            assert response.status_code == row.post[viewer], f"POST as {viewer}"
            check_secrets(row, viewer, response)
            transaction.set_rollback(True)
        with transaction.atomic():
            client = client_of(world, viewer)
            fragment = client.post(url, row.data(world), headers={"hx-request": "true"})
            wanted = {row.post[viewer]} if row.post[viewer] >= 400 else {row.post[viewer], 200, 204}
            assert fragment.status_code in wanted, f"htmx POST as {viewer}"
            check_secrets(row, viewer, fragment)
            transaction.set_rollback(True)


@pytest.mark.once
@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.unknown and row.get and 404 in row.get.values()], ids=lambda row: row.name
)
def test_unknown_id_looks_like_one_that_may_not_be_seen(world, row):
    args = row.args(world)
    if not any(isinstance(value, int) for value in args.values()):
        return
    unknown = {key: 10**9 + 7 if isinstance(value, int) else value for key, value in args.items()}
    viewer = next(name for name in CAST if row.get[name] == 404)
    client = client_of(world, viewer)

    real = client.get(reverse(row.name, kwargs=args))
    missing = client.get(reverse(row.name, kwargs=unknown))

    assert missing.status_code == 404
    assert CSRF.sub("", real.content.decode()) == CSRF.sub("", missing.content.decode())


@pytest.mark.once
@pytest.mark.parametrize("row", [row for row in ROWS if row.post is not None], ids=lambda row: row.name + row.query)
def test_post_without_csrf_token_is_refused(world, row):
    viewer = next((name for name in CAST if row.post[name] not in {302, 404, 405}), "owner")
    client = client_of(world, viewer, enforce_csrf_checks=True)

    response = client.post(reverse(row.name, kwargs=row.args(world)) + row.query, row.data(world))

    allowed = {403, 302, 404} if row.name not in CSRF_EXEMPT else {200, 302, 400}
    assert response.status_code in allowed


# RFC 8058: the mail program that posts the one-click body has no cookie.
CSRF_EXEMPT = {"mail:unsubscribe"}
