"""Postgres and Valkey of this checkout: found, started, adopted, swept up, and never a neighbour's."""

import os
import subprocess
import sys

import psycopg
import pytest

from devstack import migrated, postgres, valkey
from devstack.places import ROOT, PlaceError, checkout_tag, is_abandoned, own_folder, socket_dir
from devstack.postgres import Postgres, PostgresError, find_bindir
from devstack.valkey import Valkey, ValkeyError, find_server

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def dead_pid():
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_checkouts_have_tags_and_sockets_of_their_own(tmp_path):
    assert checkout_tag(tmp_path / "one") != checkout_tag(tmp_path / "two")
    # A unix socket's path may have 103 bytes on macOS; Postgres adds its own file name.
    assert len(str(socket_dir(tmp_path, f"test-{2**22}-own-vk"))) < 60


def test_named_programs_that_are_none_are_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("PG_BINDIR", str(tmp_path))
    monkeypatch.setenv("REDIS_SERVER", str(tmp_path / "none"))

    with pytest.raises(PostgresError, match="PG_BINDIR="):
        find_bindir()
    with pytest.raises(ValkeyError, match="REDIS_SERVER="):
        find_server()


def test_without_any_server_the_error_says_what_to_do(monkeypatch):
    for module in (postgres, valkey):
        monkeypatch.setattr(module.importlib.util, "find_spec", lambda name: None)
        monkeypatch.setattr(module.shutil, "which", lambda name: None)
    monkeypatch.setattr(postgres, "SYSTEM_DIRS", ())
    monkeypatch.delenv("PG_BINDIR", raising=False)
    monkeypatch.delenv("REDIS_SERVER", raising=False)

    with pytest.raises(PostgresError, match="set DATABASE_URL"):
        find_bindir()
    with pytest.raises(ValkeyError, match="set REDIS_URL"):
        find_server()


def test_own_folder_refuses_what_is_not_ours(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path)

    with pytest.raises(PlaceError, match="belongs to another user"):
        own_folder(tmp_path / "link", 0o700)


def test_own_folder_has_its_mode_whatever_the_umask(tmp_path):
    before = os.umask(0o077)
    try:
        assert own_folder(tmp_path / "open", 0o755).stat().st_mode & 0o777 == 0o755
    finally:
        os.umask(before)


@pytest.mark.parametrize(
    "name", ["test-", "test-x", "test-1x", "test-1-", "test-1-OWN", "dev", "test--1", "test-1-a-b"]
)
def test_names_that_are_not_quite_ours_are_never_abandoned(name):
    assert not is_abandoned(name)


def test_a_living_run_is_not_abandoned(dead_pid):
    assert not is_abandoned(f"test-{os.getpid()}")
    assert not is_abandoned("test-1")  # somebody else's process
    assert is_abandoned(f"test-{dead_pid}")
    assert is_abandoned(f"test-{dead_pid}-own")


def test_a_second_start_takes_over_the_server_that_answers(own_postgres, own_valkey):
    again = Postgres(ROOT, own_postgres.name).start()
    once_more = Valkey(ROOT, own_valkey.data.name).start()

    assert again.process is None
    assert once_more.process is None
    with psycopg.connect(again.url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_leftovers_of_a_killed_test_run_are_swept(dead_pid):
    cluster = Postgres(ROOT, f"test-{dead_pid}-own", durable=False).start()
    broker = Valkey(ROOT, f"test-{dead_pid}-own").start()
    (cluster.home / f"pg{cluster.major}-test-{dead_pid}-half.new").mkdir()
    neighbour = cluster.home / f"pg{cluster.major}-test-{os.getpid()}-busy.new"
    neighbour.mkdir()

    postgres.remove_abandoned(ROOT, cluster.home)
    valkey.remove_abandoned(ROOT)

    cluster.process.wait(10)
    broker.process.wait(10)
    assert not cluster.data.exists()
    assert not cluster.socket_dir.exists()
    assert not broker.data.exists()
    assert not list(cluster.home.glob("*-half.new"))
    assert neighbour.exists()
    neighbour.rmdir()


def test_order_and_case_do_not_depend_on_the_machine(own_postgres):
    with psycopg.connect(own_postgres.url) as connection:
        rows = connection.execute(
            "SELECT x FROM (VALUES ('apple'), ('Zebra'), ('Ärger')) AS t(x) ORDER BY x"
        ).fetchall()
        lower = connection.execute("SELECT lower('ÄRGER')").fetchone()

    assert [row[0] for row in rows] == ["Zebra", "apple", "Ärger"]
    assert lower == ("ärger",)


def test_a_cluster_starts_as_a_copy_of_a_stopped_one(own_postgres):
    with psycopg.connect(own_postgres.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'a row' AS text")
    own_postgres.stop()

    copy = Postgres(ROOT, f"test-{os.getpid()}-copy", durable=False, copy_of=own_postgres.data).start()

    try:
        with psycopg.connect(copy.url) as connection:
            assert connection.execute("SELECT text FROM kept").fetchone() == ("a row",)
    finally:
        copy.destroy()


@pytest.mark.parametrize(
    ("path", "same"),
    [
        ("goals/migrations/0001_goal.py", False),
        ("goals/migrations/0002_new.py", False),
        ("requirements/dev.txt", False),
        ("goals/models.py", True),
        ("goals/migrations/notes.txt", True),
    ],
)
def test_migrations_run_anew_where_one_or_a_library_changed(tmp_path, path, same):
    for name in ("goals/migrations/0001_goal.py", "requirements/dev.txt", "goals/models.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("before")
    before = migrated.stamp(tmp_path)

    (tmp_path / path).write_text("after")

    assert (migrated.stamp(tmp_path) == before) is same
