"""The range of a forecast keeps what it claims, over histories whose finish is known (bench.forecast makes them up)."""

import math
import random
from functools import cache

import pytest

from bench import forecast as bench
from goals import forecast as module

HISTORIES = 250  # of each kind: good for about 2.5 points either way

coverage = cache(bench.coverage)


@pytest.mark.parametrize("kind", [kind for kind in bench.KINDS if kind != "changing pace"])
def test_range_holds_the_finish_about_as_often_as_it_claims(kind):
    found = coverage(kind, HISTORIES)

    assert module.COVERAGE - 8 <= found.held <= module.COVERAGE + 13
    assert found.dated > 0.8 * HISTORIES
    assert found.undated <= 0.04 * HISTORIES


def test_range_holds_less_where_the_pace_itself_changes():
    """What it cannot know, and docs/decisions/0071 says so: nobody should believe it does."""
    assert 55 <= coverage("changing pace", HISTORIES).held <= module.COVERAGE


def test_range_holds_what_it_claims_over_all_kinds():
    kinds = [coverage(kind, HISTORIES).held for kind in bench.KINDS]

    assert module.COVERAGE - 3 <= sum(kinds) / len(kinds) <= module.COVERAGE + 4


@pytest.mark.parametrize("kind", bench.KINDS)
def test_likely_day_is_in_the_middle(kind):
    assert 42 <= coverage(kind, HISTORIES).by_likely <= 66


def test_range_says_something():
    """Holding the finish is easy for a range of ten years."""
    assert coverage("steady", HISTORIES).width < 1
    assert coverage("with rests", HISTORIES).width < 1
    assert coverage("stalled", HISTORIES).width < 3.5
    assert max(coverage(kind, HISTORIES).open_ended for kind in bench.KINDS) < 30


@pytest.mark.parametrize("steps", [3, 4, 8, 30])
def test_quantile_is_that_of_a_random_walk(steps):
    """Of walks without any pace, so many land within the band as it claims, however few their steps."""
    rng, held, rounds = random.Random(steps), 0, 3000
    for _ in range(rounds):
        walk = [(0, 0.0)]
        for at in range(1, steps + 1):
            walk.append((at, walk[-1][1] + rng.gauss(0, 1)))
        variance, even_steps = module._long_run_variance(walk)
        quantile = module.QUANTILE + module.QUANTILE_FEW / (even_steps - 1)
        ahead = rng.uniform(1, 2 * steps)
        error = rng.gauss(0, math.sqrt(ahead)) - ahead * walk[-1][1] / steps
        held += error**2 <= quantile**2 * variance * (ahead + ahead**2 / steps)

    assert held / rounds * 100 == pytest.approx(module.COVERAGE, abs=3)


def test_histories_are_the_same_every_time():
    first, again = (list(bench.histories("stalled", 3)) for _ in range(2))

    assert first == again
    assert len({history.finish for history in first}) == 3
