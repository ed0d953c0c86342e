"""Postgres loses a connection, is killed, comes back: nothing acknowledged is lost, nothing is sent twice."""

import http.client
import json
import time
from collections import Counter
from urllib.parse import urlsplit

import psycopg
from django.db import connection

from devstack.faults import python, wait_until
from mail.models import Message
from tests.faults.conftest import ROUNDS


def end_other_backends():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()[0]


def test_connection_ended_in_mid_batch(outbox, forks):
    """F15: the sender's backend is terminated again and again while it sends; it reports over a new connection."""
    for _ in range(ROUNDS):
        before = len(outbox.sink.accepted)
        outbox.queue(40)
        forks.begin()
        assert wait_until(lambda before=before: len(outbox.sink.accepted) > before + 5, pause=0.001)
        assert end_other_backends() >= 1
        forks.end()
        outbox.end_leases()
        while Message.objects.waiting().exists():
            forks.run()

    assert outbox.states() == {"sent": 40 * ROUNDS}
    outbox.check()


def get(url, path, patience=10):
    begun = time.monotonic()
    http_connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=patience)
    http_connection.request("GET", path)
    response = http_connection.getresponse()
    body = response.read()
    http_connection.close()
    return response.status, time.monotonic() - begun, body


def test_connection_of_a_page_ended(outbox, web_process):
    """F15: the page after it is answered as if nothing had been."""
    _, url = web_process()
    for _ in range(ROUNDS):
        assert json.loads(get(url, "/readyz")[2])["database"]
        end_other_backends()
        assert json.loads(get(url, "/readyz")[2])["database"]
        assert get(url, "/account/login/")[0] == 200


def test_postgres_gone_and_back(outbox, worker, web_process, spawn, own_postgres):
    """F16: SIGKILL to the server in the middle of a batch, back after some seconds."""
    env = {"DATABASE_URL": own_postgres.url, "REPORT_SECONDS": "5", "SWEEP_SECONDS": "1", "MAIL_LEASE_SECONDS": "10"}
    assert spawn(python("manage.py", "migrate"), env=env).wait(patience=120) == 0
    queueing = (
        "import django; django.setup()\n"
        "from tests.faults import kinds\n"
        "from mail.services import Draft, queue_many\n"
        "queue_many('fault_fine', [Draft(to=f'r{n}@example.org', dedupe=str(n)) for n in range(300)])"
    )
    assert spawn(python("-c", queueing), env=env).wait(patience=60) == 0
    _, url = web_process(env=env)
    process = worker("-B", "-s", str(outbox.failpoint_file.parent / "beat"), env=env)
    assert wait_until(lambda: len(outbox.sink.accepted) > 20, patience=60, pause=0.001), process.output[-3000:]

    own_postgres.process.kill()
    own_postgres.process.wait()
    try:
        for _ in range(3):
            status, took, _ = get(url, "/readyz")
            assert (status, took < 5) == (503, True)
            assert get(url, "/healthz")[0] == 200
            assert get(url, "/account/login/")[1] < 5
            time.sleep(1)
    finally:
        own_postgres.start()
    back = time.monotonic()

    assert wait_until(lambda: json.loads(get(url, "/readyz")[2])["database"], patience=10)
    assert time.monotonic() - back < 10

    def states():
        with psycopg.connect(own_postgres.url) as direct:
            return Counter(dict(direct.execute("SELECT state, count(*) FROM mail_message GROUP BY state").fetchall()))

    assert wait_until(lambda: states() == {"sent": 300}, patience=90, pause=0.3), (states(), process.output[-3000:])
    accepted = Counter(outbox.sink.message_ids())
    assert len(accepted) == 300
    assert max(accepted.values()) == 1
