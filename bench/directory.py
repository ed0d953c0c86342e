"""What finding a mentor costs as their number grows: blocks read at 100,000 profiles against 10,000.

"Last changed first" goes on from page to page, and a page takes as many looks into the index as chance wants: there it is
the mean of the first pages that is compared, and no page may read more than MOST_LATER.
"""

import json
import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from bench.figures import Figure

if TYPE_CHECKING:
    from mentors.directory.statement import Viewer

SMALL, LARGE = 10_000, 100_000
VIEWER = 1
SEED = 7
ADDRESSES = {
    "the first page": "",
    "a frequent word": "q=research",
    "a word that nearly everybody uses": "q=meadow",
    "one person's name": "q=number5003",
    "three must-haves": "free=1&topic=research&language=de",
    "a rare language and a topic": "language=eu&topic=data",
    "hours and zone in common": "hours=mine&zone=mine",
    "hours in common": "hours=mine",
    "an industry and a language": "industry=Law&language=de",
    "soonest free": "sort=soonest",
    "last changed first": "sort=newest",
    "last changed first, three must-haves": "sort=newest&free=1&topic=research&language=de",
    "last changed first, hours in common": "sort=newest&hours=mine",
    "last changed first, hours and zone": "sort=newest&hours=mine&zone=mine",
    "last changed first, such a word": "sort=newest&q=meadow",
    "last changed first, such a word and a free place": "sort=newest&q=meadow&free=1",
    "last changed first, such a word and a language": "sort=newest&q=meadow&language=de",
    "last changed first, such a word, a language and a topic": "sort=newest&q=meadow&language=de&topic=research",
    "last changed first, a rare language": "sort=newest&language=eu",
}
# What finds hardly anybody among ten thousand finds more among a hundred thousand, and reads them: up to as many as are
# compared. It has no ratio to keep, but the same limit.
FEW = {
    "one person's name",
    "a rare language and a topic",
    "what to leave out where nobody fits",
    "last changed first, hours and zone",
    "last changed first, a rare language",
}
RATIO = 1.25
MOST_BLOCKS = 700
# Who fits is counted, then the index is looked into a few times, each look as dear as the counting.
MOST_LATER = 1000
PAGES = 12


def run(services: dict) -> list[Figure]:
    """Seed, measure, grow, measure again; print as it goes and return the figures."""
    import django

    django.setup()
    from django.db import connection

    from bench import seed
    from goals.models import Goal
    from mentors import services as mentors
    from mentors.models import Slot

    now = datetime.now(UTC)
    rng = random.Random(SEED)
    seed.verified_people(VIEWER, VIEWER)
    for title in ("Move into a user research role", "Give a short talk", "Get comfortable with SQL"):
        today = now.date()
        Goal.objects.create(
            owner_id=VIEWER,
            title=title,
            measure="yes_no",
            status="active",
            due_on=now.date() + timedelta(days=90),
            starts_on=today,
            created_at=now,
            updated_at=now,
        )
    for weekday in (1, 3):
        Slot.objects.create(owner_id=VIEWER, weekday=weekday, starts_at="17:00", ends_at="19:00")
    _grow(2, SMALL + 1, rng, now)
    mentors.tidy_directory(now=now)
    seed.settle()
    small = _measure(now)
    _grow(SMALL + 2, LARGE + 1, rng, now)
    mentors.tidy_directory(now=now)
    seed.settle()
    large = _measure(now)
    connection.close()
    figures = []
    for name, few in small.items():
        many, of = large[name], f"blocks of finding a mentor, {name}"
        figures.append(Figure(f"{of}, at 10k", few.first, MOST_BLOCKS))
        figures.append(Figure(f"{of}, at 100k", many.first, MOST_BLOCKS))
        if len(many.pages) > 1:
            figures.append(Figure(f"{of}, the most of {len(many.pages)} pages, at 100k", max(many.pages), MOST_LATER))
        if name not in FEW:
            figures.append(Figure(f"{of}, 100k over 10k", many.mean / few.mean, RATIO))
        figures.append(Figure(f"milliseconds of finding a mentor, {name}, at 100k", many.milliseconds, None))
    for figure in figures:
        print(figure, flush=True)
    return figures


def _grow(first: int, last: int, rng: random.Random, now: datetime) -> None:
    """Make people `first` to `last` and an offer of each: two or three topics, a skewed choice of languages and zones."""
    from bench import seed
    from mentors.match import keys_of_topics
    from mentors.models import Profile
    from mentors.vocabulary import INDUSTRIES, TOPICS

    seed.verified_people(first, last)
    zones = ["Europe/London", "Europe/Berlin", "America/New_York", "Africa/Lagos", "Asia/Tokyo"]
    seed.execute(
        "UPDATE accounts_user SET time_zone = (%s::text[])[1 + id %% %s] WHERE id BETWEEN %s AND %s",
        [zones, len(zones), first, last],
    )
    labels = [topic.label for topic in TOPICS]
    keys = {label: keys_of_topics([label]) for label in labels}
    words = seed.WORDS.split()
    rows = []
    # Who changed their offer one after the other does not stand together in the table.
    turns = random.Random(SEED).sample(range(first, last + 1), last + 1 - first)
    for number, turn in zip(range(first, last + 1), turns, strict=True):
        chosen = rng.sample(labels, rng.choice([2, 3]))
        start = rng.randrange(0, 332)
        changed = now - timedelta(minutes=5 * (LARGE + 1 - turn))
        created = changed - timedelta(minutes=rng.randrange(500_000))
        rows.append(
            Profile(
                owner_id=number,
                is_listed=True,
                headline=" ".join(rng.sample(words, 4)),
                helps_with=" ".join(rng.choices(words, k=30)),
                topics=chosen,
                keys=sorted({key for label in chosen for key in keys[label]}),
                halves=list(range(start, start + 4)),
                industry=rng.choice(INDUSTRIES),
                languages=["en", *(["de"] if rng.random() < 0.2 else []), *(["eu"] if rng.random() < 0.002 else [])],
                capacity=rng.choice([0, 1, 2]),
                created_at=created,
                updated_at=changed,
                changed=turn,
            )
        )
    Profile.objects.bulk_create(rows, batch_size=2000)


class Cost(NamedTuple):
    """What a search cost: blocks of each page that was full, or of the only one; milliseconds of the first."""

    pages: list[float]
    milliseconds: float

    @property
    def first(self) -> float:
        return self.pages[0]

    @property
    def mean(self) -> float:
        return sum(self.pages) / len(self.pages)


def _measure(now: datetime) -> dict[str, Cost]:
    """Return what each search cost, and each of the ways out of an empty one."""
    from django.http import QueryDict

    from accounts.models import User
    from mentors import directory
    from mentors.directory import Search, statement

    viewer = directory.viewer_of(User.objects.get(pk=VIEWER), now=now)
    found = {name: _pages(address, viewer) for name, address in ADDRESSES.items()}
    nobody = Search.read(QueryDict("free=1&topic=research&topic=law&topic=data&language=eu&q=zebra"))
    part = statement.counts_of([other for _, other in nobody.relaxed()], viewer)
    found["what to leave out where nobody fits"] = _explain(part.sql, part.values)
    found["the nearest word"] = _explain(directory.NEAREST, ["lantrn", "lantrn%", "lantrn"])
    return found


def _pages(address: str, viewer: "Viewer") -> Cost:
    """Return what the first page of a search cost, and of one that goes on to the last who fits also the next pages."""
    from django.http import QueryDict

    from mentors import directory
    from mentors.directory import Search, statement

    costs: list[Cost] = []
    while True:
        search = Search.read(QueryDict(address))
        part = statement.page_of(search, viewer)
        cost = _explain(part.sql, part.values)
        older = directory.find(search, viewer).older if search.sort == "newest" else ""
        if older or not costs:
            costs.append(cost)
        if not older or len(costs) == PAGES:
            return Cost([each.first for each in costs], costs[0].milliseconds)
        address = older.partition("?")[2]


def _explain(sql: str, values: list[Any]) -> Cost:
    from django.db import connection

    with connection.cursor() as cursor:
        for _ in range(2):  # the second on warm caches
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", values)
            (plan,) = cursor.fetchone()
    top = (json.loads(plan) if isinstance(plan, str) else plan)[0]
    blocks = top["Plan"]["Shared Hit Blocks"] + top["Plan"]["Shared Read Blocks"]
    return Cost([float(blocks)], float(top["Execution Time"]))
