"""What finding people costs for somebody with ten thousand of them, as the people of everybody else grow to a million."""

import functools
import json
import os
import time
from collections.abc import Callable
from typing import Any

from bench.figures import Figure

VIEWER, OWN = 1, 10_000
OTHERS, EACH = 9_900, 100
GROWS, FEW = 1.25, 10
MEANT = "what was meant by a word nobody has"
MISSPELT = "Persom Nunber"
# How many times as long as reading one's names and organisations it may take to find the nearest of their words.
MEANT_TIMES, RUNS = 10, 9
# What is found is the same before and after: only the contacts of other people grow.
ADDRESSES = {
    "the first page": "",
    "one name": "q=person5003",
    "inside one name": "q=erson5003",
    "a frequent word": "q=river",
    "inside a frequent word": "q=antern",
    "the beginning of all names": "q=p",
    "two words": "q=river+lantern",
    "an address": "q=mail77.example",
    "a circle": "show=close",
    "a tag and a word": "tag=clinics&q=river",
    "an organisation": "org=river",
    "an organisation by its whole name": "at=river",
    "a topic": "topic=shifts",
    "overdue": "due=overdue",
    "not talked yet, in a circle": "due=notyet&show=wide",
    "the archive": "show=archived",
    "last talked first": "order=talked",
    "last added first": "order=added",
    "a circle, last added first": "show=close&order=added",
    "nobody": "q=quartz",
}


def run(services: dict) -> list[Figure]:
    """Seed, measure, let the others come, measure again; print as it goes and return the figures."""
    import django

    django.setup()
    from django.db import connection

    from bench import seed

    seed.verified_people(VIEWER, VIEWER + OTHERS)
    _grow(VIEWER, VIEWER, OWN)
    seed.settle()
    small = _measure()
    if not os.environ.get("BENCH_SMALL"):
        _grow(VIEWER + 1, VIEWER + OTHERS, EACH)
        seed.settle()
    large = _measure()
    figures = [Figure(f"finding people, {MEANT}, times as long as reading all names", _meant_times(), MEANT_TIMES)]
    connection.close()
    for name, (blocks, _) in small.items():
        # A level more of the index is a few blocks, which are much only where there were almost none.
        most = max(GROWS * blocks, blocks + FEW)
        figures.append(Figure(f"blocks of finding people, {name}, own 10k alone", blocks, None))
        figures.append(Figure(f"blocks of finding people, {name}, at 1M", large[name][0], most))
        figures.append(Figure(f"milliseconds of finding people, {name}, at 1M", large[name][1], None))
    for figure in figures:
        print(figure, flush=True)
    return figures


def _grow(first: int, last: int, each: int) -> None:
    """Give each of these owners that many people: every third with an address, half of them with a tag."""
    from bench import seed

    words = "(%s::text[])[1 + (hashint8(u::bigint * 1000003 + i * 7 + {}) & 2147483647) %% 15]"
    why = " || ' ' || ".join(words.format(number) for number in range(8))
    seed._insert(
        "contacts_contact",
        {
            "owner_id": "u",
            "uid": "'urn:bench:' || u || ':' || i",
            "name": "'Person' || i || ' Number' || u",
            "organisation": words.format(20),
            "why": why,
            "topics": "CASE WHEN i %% 4 = 0 THEN ARRAY['shifts'] ELSE ARRAY[]::text[] END",
            "last_contact_on": "CASE WHEN i %% 3 > 0 THEN current_date - i %% 200 END",
            "tags": "CASE WHEN i %% 2 = 0 THEN ARRAY['clinics'] ELSE ARRAY['at work'] END",
            "circle": "(ARRAY['close', 'regular', 'wide', 'none', 'none'])[1 + i %% 5]",
            "archived_at": "CASE WHEN i %% 10 = 0 THEN now() END",
            "created_at": "now()",
        },
        "generate_series(%s, %s) u, generate_series(1, %s) i",
        [seed.WORDS.split()] * 9,
        [first, last, each],
    )
    seed.execute(
        """
        INSERT INTO contacts_way (contact_id, owner_id, kind, label, value, compared, position)
        SELECT id, owner_id, 'email', '', 'x' || id || '@mail' || id %% 100 || '.example', 'x' || id || '@mail', 0
        FROM contacts_contact WHERE id %% 3 = 0 AND owner_id BETWEEN %s AND %s
        """,
        [first, last],
    )


def _measure() -> dict[str, tuple[float, float]]:
    """Return blocks and milliseconds of each search, in a plan that reads everything anew."""
    from django.http import QueryDict
    from django.utils import timezone

    from accounts.models import User
    from contacts.finding import Search, people_of
    from contacts.nearest import corrected

    owner = User.objects.get(pk=VIEWER)
    today = owner.today(timezone.now())
    found = {
        name: _explain(functools.partial(people_of, Search.read(QueryDict(address)), owner, today=today))
        for name, address in ADDRESSES.items()
    }
    found[MEANT] = _explain(lambda: corrected(Search(q=MISSPELT), owner))
    return found


def _meant_times() -> float:
    """Return how many times as long as the statement alone the whole takes: the best of some runs of each, in turns."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from accounts.models import User
    from contacts.finding import Search
    from contacts.nearest import corrected

    owner = User.objects.get(pk=VIEWER)
    with CaptureQueriesContext(connection) as asked:
        corrected(Search(q=MISSPELT), owner)
    (statement,) = [query["sql"].replace("%", "%%") for query in asked]
    whole, alone = [], []
    for _ in range(RUNS):
        started = time.perf_counter()
        corrected(Search(q=MISSPELT), owner)
        read = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(statement)
            cursor.fetchall()
        whole.append(read - started)
        alone.append(time.perf_counter() - read)
    print(f"{MEANT}: {1000 * min(whole):.0f} ms in all", flush=True)
    return min(whole) / min(alone)


def _explain(ask: Callable[[], Any]) -> tuple[float, float]:
    """Ask once to see the statement, then have Postgres count what it reads; the second of two is warm."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        ask()
    (statement,) = [query["sql"] for query in asked]
    with connection.cursor() as cursor:
        for _ in range(2):
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}".replace("%", "%%"))
            found = cursor.fetchone()[0]
            plan = (json.loads(found) if isinstance(found, str) else found)[0]
    if os.environ.get("BENCH_PLANS"):
        print(statement, json.dumps(plan, indent=1), flush=True)
    top = plan["Plan"]
    return top["Shared Hit Blocks"] + top["Shared Read Blocks"], plan["Execution Time"]
