import os
import socket

import pytest
from django.apps import apps
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.management import create_contenttypes
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.db import connection, connections
from django.db.models.signals import post_migrate

from tests.world import build_cast, build_world

# Playwright's synchronous API keeps an event loop in this thread, which Django takes for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# The real cost, 50 ms a try, would be most of what the tests of sign-in do. The algorithm stays.
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost = 1, 1024


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """Make test databases from the one where all migrations ran, if this run's Postgres has it."""
    connection.settings_dict["TEST"]["TEMPLATE"] = os.environ.get("TEST_DATABASE_TEMPLATE")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Make the test database, and end what still uses it before it goes.

    After each test that commits, the tables are emptied; naming all permissions and content types anew would take
    longer than that. A test that needs them asks for `permissions`.

    A page that a browser left while a part of it was on its way leaves a thread, whose session ends when it likes.
    Asked over a connection of its own: the one of the tests may be what an earlier test's end has cut.
    """
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    post_migrate.disconnect(create_contenttypes)
    yield
    name = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        connections.close_all()
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


@pytest.fixture(autouse=True)
def _clean_caches(request):
    """Neither rate limits of one test nor content types that its end took back must reach the next."""
    ContentType.objects.clear_cache()
    marker = request.node.get_closest_marker("django_db")
    if (marker and marker.kwargs.get("transaction")) or "live_server" in request.fixturenames:
        request.getfixturevalue("transactional_db")
        caches["default"].clear()  # its table belongs to no model, so the end of such a test does not empty it
    yield
    caches["fast"].clear()


@pytest.fixture
def permissions(db):
    """The permissions of all models, whichever tests ran before."""
    for config in apps.get_app_configs():
        create_permissions(config, verbosity=0)
    return Permission.objects.all()


@pytest.fixture
def cast(db):
    """The people of every access test (tests/world.py)."""
    return build_cast()


@pytest.fixture
def world(db):
    """The cast and one of everything (tests/world.py)."""
    return build_world()


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    """Refuse connections that leave this machine."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise RuntimeError(f"A test tried to reach {address}.")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
