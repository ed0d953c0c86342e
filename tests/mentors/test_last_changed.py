"""The order "Last changed first": exact to the last who fits, and read in stretches of changes."""

import random
import re
from datetime import UTC, datetime, timedelta
from importlib import import_module
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.http import QueryDict

from accounts.models import User
from mentors import directory, services
from mentors.directory import Search, statement
from mentors.models import Mark, Profile
from sharing.models import Block
from tests.factories.accounts import UserFactory
from tests.factories.directory import SlotFactory
from tests.factories.mentors import ProfileFactory
from tests.mentors.test_directory import rows_read

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)


@pytest.fixture
def user():
    return UserFactory(name="Amara Osei", time_zone="Europe/London")


def offers(numbers, zone=lambda place: "UTC", **fields):
    """Make an offer for each number of a change; a field is what a function says of its place."""
    people = User.objects.bulk_create(
        [User(email=f"many{n}@example.org", name=f"Many {n}", time_zone=zone(place)) for place, n in enumerate(numbers)]
    )
    same = {"is_listed": True, "headline": "Writes", "helps_with": "B", "created_at": NOW, "updated_at": NOW}
    rows = Profile.objects.bulk_create(
        [
            Profile(owner=person, changed=number, **same | {name: value(place) for name, value in fields.items()})
            for place, (person, number) in enumerate(zip(people, numbers, strict=True))
        ],
        batch_size=500,  # a statement has only so much time
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE mentors_profile")
    return rows


def pages(user, address):
    """Return the numbers of the changes on all pages, one after the other."""
    seen, older = [], address
    while older:
        found = directory.find(Search.read(QueryDict(older)), directory.viewer_of(user, now=NOW))
        seen += [row.pk for row in found.rows]
        older = found.older.partition("?")[2]
        assert len(seen) < 5000, "goes in circles"
    numbers = dict(Profile.objects.values_list("pk", "changed"))
    return [numbers[pk] for pk in seen]


def spread(kind, rng):
    """Return numbers of changes: one after the other, with wide gaps, or thick in one place after long nothing."""
    if kind == "even":
        return rng.sample(range(1, 501), 400)
    if kind == "sparse":
        return rng.sample(range(1, 3_000_000), 400)
    return rng.sample([*range(700, 1000), *range(40_000, 40_050), *rng.sample(range(200_000, 9_000_000), 50)], 400)


@pytest.mark.parametrize("kind", ["even", "sparse", "thick"])
@pytest.mark.parametrize("luck", [1, 2])
def test_everybody_who_fits_in_exact_order(user, monkeypatch, kind, luck):
    rng = random.Random(luck)
    for module in (statement, directory):
        monkeypatch.setattr(module, "PAGE", 30)
        monkeypatch.setattr(module, "CANDIDATES", 5)  # whatever finds more is read in stretches
    SlotFactory(owner=user)
    halves = directory.viewer_of(user, now=NOW).halves
    rows = offers(
        spread(kind, rng),
        zone=lambda place: rng.choice(["Europe/London", "Asia/Tokyo"]),
        halves=lambda place: [rng.choice(halves)] if rng.random() < 0.3 else [],
        keys=lambda place: ["#research", "#data"] if rng.random() < 0.4 else ["#hiring"],
        languages=lambda place: ["en", "de"] if rng.random() < 0.5 else ["en"],
        industry=lambda place: "Law" if rng.random() < 0.1 else "",
        capacity=lambda place: rng.choice([0, 1, 2]),
        headline=lambda place: rng.choice(["Writes", "Paints", "Builds"]),
        helps_with=lambda place: "In the meadow" if rng.random() < 0.9 else "Indoors",
        is_listed=lambda place: rng.random() < 0.95,
    )
    hidden, blocked = rng.sample(rows, 20), rng.sample(rows, 10)
    Mark.objects.bulk_create([Mark(owner=user, profile=row, kind="hidden", created_at=NOW) for row in hidden])
    Block.objects.bulk_create([Block(blocker=row.owner, blocked=user, created_at=NOW) for row in blocked])
    unseen = {row.pk for row in [*hidden, *blocked]}
    conditions = {
        "free=1": lambda row: row.capacity > 0,
        "topic=research": lambda row: "#research" in row.keys,
        "language=de": lambda row: "de" in row.languages,
        "industry=Law": lambda row: row.industry == "Law",
        "zone=mine": lambda row: row.owner.time_zone == ZoneInfo("Europe/London"),
        "hours=mine": lambda row: bool(row.halves),
        "paints": lambda row: row.headline == "Paints",
        "meadow": lambda row: row.helps_with == "In the meadow",
    }
    for each in range(9):
        asked = rng.sample(sorted(conditions), rng.randrange(4)) + ["meadow"] * (each % 2)
        words, musts = [name for name in asked if "=" not in name], [name for name in asked if "=" in name]
        shown = [row for row in rows if row.is_listed and row.pk not in unseen]
        fits = [row.changed for row in shown if all(conditions[name](row) for name in asked)]

        seen = pages(user, "&".join(["sort=newest", *musts, f"q={'+'.join(words)}"]))

        assert seen == sorted(fits, reverse=True), asked


@pytest.mark.parametrize("few", [100, 101])
def test_a_hundred_are_sorted_and_one_more_is_walked_to(user, few):
    offers(range(1, 1001), keys=lambda place: ["#research"] if place % 9 == 0 and place < 9 * few else [])

    seen = pages(user, "sort=newest&topic=research")

    assert seen == [9 * place + 1 for place in range(few - 1, -1, -1)]


@pytest.mark.parametrize(
    "fits",
    [
        lambda place: place % 40 == 0,  # seldom
        lambda place: place < 1500,  # long ago, as after many came on one day
        lambda place: place < 200,
        lambda place: place >= 2990 or place < 110,  # not a page of late ones, the rest long ago
        lambda place: True,
    ],
)
def test_a_page_reads_few_people_wherever_those_who_fit_lie(user, fits):
    offers(range(1, 3001), keys=lambda place: ["#research"] if fits(place) else ["#hiring"], languages=lambda _: ["de"])
    viewer = directory.viewer_of(user, now=NOW)
    search = Search.read(QueryDict("sort=newest&topic=research&language=de"))
    number = sum(map(fits, range(3000)))

    read = rows_read(search, viewer)

    # Counted, then up to three stretches that held too many, those that were taken, and the page.
    assert read <= 5 * (statement.MOST_AT_ONCE + 1) + statement.PAGE + 1
    assert min(number, statement.CANDIDATES) < read or number <= statement.CANDIDATES


def test_a_word_that_nearly_everybody_uses_is_not_looked_up(user):
    """Its whole list would be read, for each stretch again."""
    offers(
        range(1, 1001),
        languages=lambda place: ["de"] if place % 4 == 0 else ["en"],
        taken=lambda place: 2 * (place % 3 == 0),
        helps_with=lambda place: "In the meadow" if place % 10 else "Indoors",
    )
    viewer = directory.viewer_of(user, now=NOW)

    def indexes_of_the_walk(address):
        part = statement.page_of(Search.read(QueryDict(f"sort=newest&language=de&{address}")), viewer)
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN " + part.sql, part.values)
            plan = "\n".join(line for (line,) in cursor.fetchall())
        read = re.findall(r"Bitmap Index Scan on (mentors_profile_\w+)", plan.partition("CTE walk")[2])
        # The people of the page are read by their keys, in one go or one by one, whichever is cheaper.
        return [name for name in read if name != "mentors_profile_pkey"]

    assert indexes_of_the_walk("q=meadow") == ["mentors_profile_facets"]
    assert indexes_of_the_walk("q=meadow&free=1") == ["mentors_profile_open_facets"]


@pytest.mark.parametrize("order", ["match", "newest"])
def test_a_rare_word_is_not_sought_among_all_who_have_time(user, order):
    SlotFactory(owner=user)
    halves = directory.viewer_of(user, now=NOW).halves
    offers(
        range(1, 2001),
        zone=lambda place: "Europe/London",
        halves=lambda place: halves[:1] if place % 2 else [],
        headline=lambda place: "Painter" if place % 400 == 1 else "Writer",
    )

    search = Search.read(QueryDict(f"sort={order}&q=painter&hours=mine&zone=mine"))

    assert rows_read(search, directory.viewer_of(user, now=NOW)) < 50


def test_a_narrowest_stretch_is_always_taken():
    """Else the walk would not end."""
    assert 2 * statement.SPAN - 1 <= statement.MOST_AT_ONCE


def test_spans_of_the_database_cover_a_stretch():
    rng = random.Random(3)
    with connection.cursor() as cursor:
        for _ in range(200):
            below, level = rng.randrange(1, 10 ** rng.randrange(1, 8)), rng.randrange(statement.HIGHEST_LEVEL + 1)
            cursor.execute("SELECT mentors_spans(%s, %s)", [below, level])
            ((names,),) = cursor.fetchall()
            covered = []
            for name in names:
                _, each, place = name.split(":")
                width = statement.SPAN * statement.WIDER ** int(each)
                covered.append((int(place) * width, (int(place) + 1) * width))
            covered.sort()
            width = statement.SPAN * statement.WIDER**level

            assert covered[0][0] == max(0, (below // width - 1) * width)
            assert covered[-1][1] == -(-below // statement.SPAN) * statement.SPAN
            assert all(one[1] == other[0] for one, other in pairwise(covered))
            assert len(covered) <= 1 + 3 * level + 1


def test_only_a_change_of_the_offer_moves_it_to_the_front(user):
    one, other = ProfileFactory(), ProfileFactory()
    assert pages(user, "sort=newest") == [other.changed, one.changed]

    services.save_profile(profile=one, by=one.owner, at=NOW + timedelta(minutes=1))
    Profile.objects.filter(pk=other.pk).update(capacity=5, changed=one.changed + 1000)

    before = one.changed
    one.refresh_from_db()
    assert one.changed > other.changed > before
    assert pages(user, "sort=newest") == [one.changed, other.changed]
    one.changed = before  # as it stands in the hands of somebody who read it before
    one.save()
    assert pages(user, "sort=newest")[0] > other.changed


def test_old_offers_are_counted_in_batches(monkeypatch):
    rows = [ProfileFactory(updated_at=NOW - timedelta(days=days // 2)) for days in range(7)]
    later = ProfileFactory()
    fill = import_module("mentors.migrations.0026_old_changes_counted")
    monkeypatch.setattr(fill, "BATCH", 2)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE mentors_profile ALTER COLUMN changed DROP NOT NULL")
        cursor.execute("ALTER TABLE mentors_profile DISABLE TRIGGER mentors_profile_counts_changes")
        cursor.execute("UPDATE mentors_profile SET changed = NULL WHERE id <> %s", [later.pk])

    with connection.schema_editor() as editor:
        fill.fill(None, editor)

    numbers = dict(Profile.objects.values_list("pk", "changed"))
    assert numbers.pop(later.pk) == later.changed
    assert sorted(numbers, key=numbers.get) == [
        row.pk for row in sorted(rows, key=lambda row: (row.updated_at, row.pk))
    ]
    assert sorted(numbers.values()) == list(range(1, 8))
