"""What is said about mood and energy: rarely about nothing, and mostly where something is."""

import random
from datetime import date, timedelta

import pytest

from journal.patterns.feelings import MEASURES, WeekFelt, direction, together, weeks_of

MONDAY = date(2025, 12, 1)
MENTIONS = [f"word {number}" for number in range(16)]


def level(value):
    return float(min(5, max(1, round(value))))


def journal(rng, *, weeks=52, resemblance=0.0, spread=0.8, planted=0.0, rise=0.0, is_even=False, blank=0.15):
    """Make up a year: mood and energy that wander around a middle, and mentions that have nothing to do with them.

    `planted` lowers the mood of weeks with the first mention, `rise` is by how much it climbs over the whole time.
    """
    mood, energy = rng.gauss(0, 1), rng.gauss(0, 1)
    shares, fresh = [rng.uniform(0.1, 0.5) for _ in MENTIONS], (1 - resemblance**2) ** 0.5
    found = []
    for number in range(weeks):
        mood = resemblance * mood + fresh * rng.gauss(0, 1)
        energy = resemblance * energy + fresh * rng.gauss(0, 1)
        said = frozenset(word for word, share in zip(MENTIONS, shares, strict=True) if rng.random() < share)
        felt = 3.3 + spread * mood + rise * (number / weeks - 0.5) - planted * (MENTIONS[0] in said)
        values = (float(rng.randint(1, 5)), float(rng.randint(1, 5))) if is_even else (level(felt), level(3.2 + energy))
        is_blank, has_energy = rng.random() < blank, rng.random() < 0.7
        found.append(
            WeekFelt(
                MONDAY + timedelta(days=7 * number),
                None if is_blank else values[0],
                values[1] if has_energy and not is_blank else None,
                said,
            )
        )
    return found


def claims(weeks):
    return [claim for claim in (*(direction(weeks[-26:], m) for m in MEASURES), together(weeks, MENTIONS)) if claim]


@pytest.mark.parametrize(
    "nothing",
    [{"is_even": True}, {}, {"weeks": 30}, {"resemblance": 0.5}, {"resemblance": 0.6}],
    ids=["even", "around a middle", "few weeks", "like the week before", "in long waves"],
)
def test_random_journals_are_rarely_said_to_hold_anything(nothing):
    rng = random.Random(11)
    number = 300

    said = sum(bool(claims(journal(rng, **nothing))) for _ in range(number))

    assert said <= 0.05 * number


def test_planted_difference_is_found():
    rng, found, wrong = random.Random(12), 0, 0
    for _ in range(60):
        claim = together(journal(rng, planted=1.5, spread=0.6), MENTIONS)
        found += bool(claim and claim.mention == MENTIONS[0] and claim.measure == "mood" and not claim.is_up)
        wrong += bool(claim and claim.mention != MENTIONS[0])

    assert found >= 48
    assert wrong <= 3


@pytest.mark.parametrize(("rise", "is_up"), [(2.5, True), (-2.5, False)])
def test_planted_direction_is_found(rise, is_up):
    rng, found = random.Random(13), 0
    for _ in range(60):
        claim = direction(journal(rng, weeks=26, rise=rise, spread=0.35), "mood")
        found += bool(claim and claim.is_up is is_up)

    assert found >= 48


def week(number, mood=None, energy=None, mentions=()):
    return WeekFelt(MONDAY + timedelta(days=7 * number), mood, energy, frozenset(mentions))


def test_direction_tells_its_numbers():
    claim = direction([week(number, 1.5 + number / 4) for number in range(12)], "mood")

    assert (claim.first, claim.second, claim.weeks, claim.is_up) == (2.125, 3.625, 12, True)


@pytest.mark.parametrize(
    "moods",
    [[], [3] * 30, [1, 5] * 2, [1, 2, 3, 4, 5, 5, 5, 5, 5], [3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3.1, 3.2]],
    ids=["nothing", "always the same", "four", "nine", "too small to notice"],
)
def test_direction_keeps_quiet(moods):
    assert direction([week(number, mood) for number, mood in enumerate(moods)], "mood") is None


def test_together_counts_both_sides():
    weeks = [
        week(number, 2.0 if number % 3 == 0 else 4.0, None, ["rota"] if number % 3 == 0 else []) for number in range(30)
    ]
    weeks += [week(30), week(31, mentions=["rota"])]  # nobody said how these went

    # Every third week goes with rotations by three, so an arrangement as clear as this one is no rarity.
    assert together(weeks, ["rota"]) is None

    rng = random.Random(1)
    rng.shuffle(weeks)
    claim = together(weeks, ["rota"])
    assert (claim.weeks_with, claim.weeks_without) == (10, 20)
    assert (claim.mean_with, claim.mean_without, claim.is_up) == (2.0, 4.0, False)


@pytest.mark.parametrize(
    ("weeks", "mentions"),
    [
        ([], ["rota"]),
        ([week(number, 3.0) for number in range(30)], ["rota"]),
        ([week(number, 1.0 + number % 5, mentions=["rota"]) for number in range(30)], ["rota"]),
        ([week(number, 1.0 + (number < 4), mentions=["rota"] if number < 4 else []) for number in range(30)], ["rota"]),
        ([week(number, 1.0 + number % 2) for number in range(30)], []),
    ],
    ids=["nothing", "never", "always", "four weeks", "no mentions"],
)
def test_together_keeps_quiet(weeks, mentions):
    assert together(weeks, mentions) is None


def test_weeks_of_takes_the_mean_and_leaves_blank_weeks_in():
    noted = [(MONDAY, 2, None), (MONDAY + timedelta(days=6), 4, 3), (MONDAY + timedelta(days=14), None, 5)]

    weeks = weeks_of(noted, {MONDAY: ["a"]}, first=MONDAY + timedelta(days=2), last=MONDAY + timedelta(days=15))

    assert [(each.mood, each.energy) for each in weeks] == [(3.0, 3.0), (None, None), (None, 5.0)]
    assert weeks[0].mentions == {"a"}
