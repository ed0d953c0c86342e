"""How often the stated range of a forecast holds the true finish, over histories made up here.

Called by `python -m bench`, and by tests/goals/test_forecast_coverage.py with fewer histories. Each history is a whole
way to a target. It is cut at a random day, the forecast is made from what had been logged by then, and the true finish
is known. Everything follows from a seed of letters: the same histories every time, on every machine.
"""

import math
import random
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile

from bench.figures import Figure
from goals.forecast import COVERAGE, Course, State, forecast

HISTORIES = 1500
FIRST_DAY = date(2025, 1, 6)
LONGEST = 2500  # days; what takes longer is made up anew
# Milliseconds for one forecast.
LIMIT_30, LIMIT_500 = 0.3, 2.0


def _steady(rng: random.Random, span: float) -> Iterator[float]:
    """Most days a little, some more than others."""
    shape = 1 / rng.uniform(0.3, 2) ** 2
    while True:
        yield rng.gammavariate(shape, 1 / shape) / span / 0.7 if rng.random() < 0.7 else 0.0


def _bursty(rng: random.Random, span: float) -> Iterator[float]:
    """Nothing for days or weeks, then much at once."""
    between = rng.uniform(4, 21)
    while True:
        yield rng.expovariate(1) * between / span if rng.random() < 1 / between else 0.0


def _counted(rng: random.Random, span: float) -> Iterator[float]:
    """A few whole things, one at a time: twelve interviews."""
    things = rng.randint(6, 40)
    while True:
        yield 1 / things if rng.random() < things / span else 0.0


def _stalled(rng: random.Random, span: float) -> Iterator[float]:
    """Weeks of work, then weeks of nothing, without a rest being declared."""
    working, stalling = rng.uniform(10, 50), rng.uniform(7, 35)
    steps = _steady(rng, span * working / (working + stalling))
    is_working, left = True, rng.expovariate(1 / working)
    while True:
        left -= 1
        if left < 0:
            is_working = not is_working
            left = rng.expovariate(1 / (working if is_working else stalling))
        yield next(steps) if is_working else 0.0


def _changing(rng: random.Random, span: float) -> Iterator[float]:
    """A pace that itself wanders, by half for months: what no history foretells."""
    tempo, steps = 0.0, _steady(rng, span)
    while True:
        tempo = 0.93 * tempo + rng.gauss(0, 0.2)
        for step in (next(steps) for _ in range(7)):
            yield step * math.exp(tempo)


# What each kind of history moves by, as a share of the way per active day.
KINDS: dict[str, Callable[[random.Random, float], Iterator[float]]] = {
    "steady": _steady,
    "bursty": _bursty,
    "stalled": _stalled,
    "counted one by one": _counted,
    "measured with noise": _steady,
    "one wild value": _steady,
    "with rests": _steady,
    "changing pace": _changing,
}


@dataclass(frozen=True)
class History:
    """What was known on the day of the cut, and the day on which the target was truly reached."""

    course: Course
    finish: date


def histories(kind: str, number: int) -> Iterator[History]:
    """Yield that many histories of a kind, rising or falling, logged daily, weekly, now and then or when things move."""
    rng = random.Random(kind)
    while number:
        found = _history(kind, rng)
        if found:
            number -= 1
            yield found


def _history(kind: str, rng: random.Random) -> History | None:
    span = rng.uniform(60, 540)
    rests = []
    if kind == "with rests":
        starts = [rng.randint(5, int(span)) for _ in range(rng.randint(1, 3))]
        rests = [(start, start + rng.randint(5, 45)) for start in starts]
    resting = {day for first, until in rests for day in range(first, until)}
    steps, way = KINDS[kind](rng, span), [0.0]
    while way[-1] < 1 - 1e-9 and len(way) < LONGEST:
        way.append(way[-1] + (0.0 if len(way) in resting else next(steps)))
    finish = len(way) - 1
    cut = rng.randrange(1, finish)
    if finish < 20 or len(way) == LONGEST or cut in resting:
        return None
    logged = [(day, way[day]) for day in takewhile(lambda day: day <= cut, _days_logged(rng, way))]
    if kind == "measured with noise":
        noise = rng.uniform(0.01, 0.06)
        logged = [(day, value + rng.gauss(0, noise)) for day, value in logged]
    if kind == "one wild value" and logged:
        place = rng.randrange(len(logged))
        day, value = logged[place]
        logged[place] = day, rng.choice([value * 10, value / 10, 0.0, value + rng.uniform(0.5, 3), -value])
    return History(_course(rng, logged, rests, cut), FIRST_DAY + timedelta(finish))


def _course(
    rng: random.Random, logged: Iterable[tuple[int, float]], rests: Iterable[tuple[int, int]], cut: int
) -> Course:
    """Return a way from 0 to 1 as one of any size, from anywhere, up or down."""
    size = 10 ** rng.uniform(-1, 4) * rng.choice([1, 1, -1])
    start = size * rng.choice([0, rng.uniform(-5, 5)])
    return Course(
        start=start,
        target=start + size,
        starts_on=FIRST_DAY,
        today=FIRST_DAY + timedelta(cut),
        updates=[(FIRST_DAY + timedelta(day), start + size * value) for day, value in logged],
        rests=[(FIRST_DAY + timedelta(first), FIRST_DAY + timedelta(until)) for first, until in rests],
    )


def _days_logged(rng: random.Random, way: list[float]) -> Iterator[int]:
    """Yield the days on which somebody logs: in a rhythm of their own, or whenever a 30th of the way is behind them."""
    if rng.random() < 1 / 6:
        said = 0.0
        for day, value in enumerate(way):
            if value > said + 1 / 30:
                said = value
                yield day
        return
    rhythm: Callable[[], float] = rng.choice(
        [
            lambda: 1,
            lambda: rng.randint(1, 5),
            lambda: 7 if rng.random() < 0.85 else 14,
            lambda: rng.randint(10, 18),
            lambda: 1 + rng.expovariate(1 / 9),
        ]
    )
    day = 0
    while day < len(way):
        day += int(rhythm())
        yield day


@dataclass(frozen=True)
class Coverage:
    """How a kind's forecasts turned out, in per cent of those that named a day."""

    held: float
    too_soon: float  # the finish came after the range
    too_late: float  # the finish came before it
    open_ended: float  # no latest day was named
    by_likely: float  # the finish came by the likely day
    width: float  # of the range as a multiple of the time truly left, the median; inf where it has no end
    dated: int
    undated: int  # "at this pace it does not get there", though it did


def coverage(kind: str, number: int = HISTORIES) -> Coverage:
    """Return how often the range held over that many histories of a kind."""
    after = before = open_ended = by_likely = undated = 0
    widths = []
    for history in histories(kind, number):
        found, finish = forecast(history.course), history.finish
        undated += found.state == State.DOES_NOT_ARRIVE
        if found.likely is None or found.earliest is None or found.state != State.ARRIVES:
            continue
        after += found.latest is not None and finish > found.latest
        before += finish < found.earliest
        open_ended += found.latest is None
        by_likely += finish <= found.likely
        left = (finish - history.course.today).days
        widths.append((found.latest - found.earliest).days / left if found.latest else math.inf)
    dated = len(widths)
    return Coverage(
        held=100 * (dated - after - before) / dated,
        too_soon=100 * after / dated,
        too_late=100 * before / dated,
        open_ended=100 * open_ended / dated,
        by_likely=100 * by_likely / dated,
        width=sorted(widths)[dated // 2],
        dated=dated,
        undated=undated,
    )


def milliseconds(updates: int, rounds: int = 40) -> float:
    """Return what one forecast costs, the best of some rounds."""
    course = Course(
        start=0,
        target=1000,
        starts_on=FIRST_DAY,
        today=FIRST_DAY + timedelta(updates + 1),
        updates=[(FIRST_DAY + timedelta(day + 1), day + day % 7 / 2) for day in range(updates)],
        rests=[(FIRST_DAY + timedelta(day), FIRST_DAY + timedelta(day + 2)) for day in range(3, updates, 50)],
        due_on=FIRST_DAY + timedelta(2000),
    )
    best = math.inf
    for _ in range(rounds):
        started = time.perf_counter()
        forecast(course)
        best = min(best, time.perf_counter() - started)
    return best * 1000


def run(running: dict[str, object]) -> list[Figure]:
    """Return a figure for each kind of history, their mean, and what a forecast costs."""
    claim = f"finishes in the {COVERAGE} % range"
    figures = []
    for kind in KINDS:
        found = coverage(kind)
        figures.append(Figure(f"{claim}, {kind}, %", found.held, None, claimed=COVERAGE))
        print(figures[-1], flush=True)
    mean = sum(figure.value for figure in figures) / len(figures)
    figures.append(Figure(f"{claim}, all kinds alike, %", mean, None, claimed=COVERAGE))
    for updates, limit in ((30, LIMIT_30), (500, LIMIT_500)):
        figures.append(Figure(f"one forecast from {updates} updates, ms", milliseconds(updates), limit))
    for figure in figures[len(KINDS) :]:
        print(figure, flush=True)
    return figures
