"""What it costs to find who is due, and whether the hour is kept. Called by `python -m bench due`.

Blocks are those of 8 KB that Postgres touched, in memory or not. The limit for each person is about finding and locking
their row. What one turn costs with all its statements is watched beside it: it reads and writes rows of six more tables
by key, and grows with the height of their indexes.
"""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from bench import seed
from bench.clocks import count_wrong
from bench.figures import Figure

SMALL, LARGE, DUE = 10_000, 1_000_000, 500
PEERS_IDLE = "16,620"
_BLOCKS = """
SELECT coalesce(sum(shared_blks_hit + shared_blks_read), 0) FROM pg_stat_statements
WHERE query NOT LIKE '%pg_stat_statements%'
"""


def blocks_of_a_turn(now: datetime) -> tuple[int, int]:
    """Send what is due now; return how many schedules that were and how many blocks it touched."""
    from django.db import connection

    from reminders import services

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_statements_reset()")
        turned = services.send_due(now=now)
        cursor.execute(_BLOCKS)
        return turned, int(cursor.fetchone()[0])


def blocks_of_finding(now: datetime) -> int:
    """Return the blocks touched by finding and locking the rows that are due, in the query that also looks at people."""
    from django.db import transaction

    from reminders.models import Schedule

    due = Schedule.objects.due(now).with_person().select_for_update(of=("self",), skip_locked=True)[:DUE]
    with transaction.atomic():
        plan = json.loads(due.explain(analyze=True, buffers=True, format="json"))[0]["Plan"]
        transaction.set_rollback(True)
    nodes = list(_nodes(plan))
    [lock] = [node for node in nodes if node["Node Type"] == "LockRows"]
    found = [node for node in nodes if node.get("Relation Name") == "reminders_schedule"]
    return _blocks(lock) - sum(map(_blocks, lock["Plans"])) + sum(map(_blocks, found))


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", []):
        yield from _nodes(child)


def _blocks(node: dict[str, Any]) -> int:
    return int(node["Shared Hit Blocks"]) + int(node["Shared Read Blocks"])


def grow(first: int, last: int, now: datetime) -> None:
    """Add people in every time zone whose hour is still to come, at any time of the next week."""
    seed.verified_people(first, last)
    seed.live_everywhere()
    seed.schedules(first, last, now)
    seed.execute(
        "UPDATE reminders_schedule SET next_due_at = %s + (1 + user_id %% 10000) * interval '1 minute'"
        " WHERE user_id BETWEEN %s AND %s",
        [now, first, last],
    )


def measure(size: int, now: datetime) -> tuple[int, float, float]:
    """Return the blocks of a look with nobody due, those of finding each of a batch, and those of each one's turn."""
    seed.settle()
    for _ in range(2):  # the first look of a connection reads the catalogue
        turned, idle = blocks_of_a_turn(now)
        assert turned == 0
    seed.execute("UPDATE reminders_schedule SET next_due_at = %s WHERE user_id %% %s = 0", [now, size // DUE])
    seed.settle()
    finding = blocks_of_finding(now)
    turned, turning = blocks_of_a_turn(now)
    assert turned == DUE
    seed.execute("TRUNCATE mail_message, journal_period CASCADE")
    return idle, finding / DUE, turning / DUE


def run(services: dict[str, object]) -> list[Figure]:
    """Measure; print as it goes and return the figures."""
    import django

    django.setup()

    seed.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
    now = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
    figures: list[Figure] = []

    def say(figure: Figure) -> None:
        figures.append(figure)
        print(figure, flush=True)

    grow(1, SMALL, now)
    idle, finding, turning = measure(SMALL, now)
    say(Figure("blocks of a look at 10k schedules, nobody due", idle, 5))
    say(Figure("blocks of finding each who is due, 10k schedules", finding, None))
    if not os.environ.get("BENCH_SMALL"):
        grow(SMALL + 1, LARGE, now)
        idle, of_many, turning_of_many = measure(LARGE, now)
        say(Figure("blocks of a look at 1M schedules, nobody due", idle, 5, PEERS_IDLE))
        say(Figure("blocks of finding each who is due, 1M over 10k, times", of_many / finding, 1.1))
        say(Figure("blocks of each whole turn, 1M over 10k, times", turning_of_many / turning, None))
    moved, missed, tried = count_wrong()
    print(f"{tried} cases: every zone, each change of its clock from 2024 to 2030, 7 days, 24 hours")
    say(Figure("hours not kept over a change of the clocks", moved, 0))
    say(Figure("weeks around it with no mail or a second one", missed, 0))
    return figures
