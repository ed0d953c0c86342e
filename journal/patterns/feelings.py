"""Mood and energy over weeks, and what may be said about them: only what the weeks carry. Pure.

Two kinds of claims, and a budget of 5 % for both together of saying something about a journal in which nothing is:

- **A direction** over half a year, of mood and of energy: the Mann-Kendall test (Kendall's tau against time, with ties;
  https://doi.org/10.2307/1907187), whose variance is widened by how much a week resembles the one before (Yue and Wang
  2004, https://doi.org/10.1023/B:WARM.0000043140.61082.60). 0.3 % each, from 10 weeks on: what is
  estimated from so few weeks still takes long waves for a direction now and then.
- **What comes together**: weeks that mention a word, tag or goal against those that do not, by the sum of ranks. All of
  them are tried at once and the largest difference is compared with the largest in each rearrangement of the weeks
  (Westfall and Young's maximum, so that trying many finds no more by chance). The rearrangements are the rotations of
  the row of weeks, and those of the row read backwards: they leave neighbours beside each other, so a low month is not
  taken for four low weeks that happened to agree. 2 %, from 25 weeks on, 5 with and 5 without.

Whatever is said has to be large enough to notice too. What comes together is said as that, never as a cause.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import erfc, sqrt
from statistics import fmean
from typing import Any

DIRECTION_WEEKS, TOGETHER_WEEKS = 10, 25
FEWEST_EACH_SIDE = 5
DIRECTION_LEVEL, TOGETHER_LEVEL = 0.003, 0.02
# Steps of the five-step scales.
DIRECTION_SIZE, TOGETHER_SIZE = 0.4, 0.5
MEASURES = ("mood", "energy")


@dataclass(frozen=True)
class WeekFelt:
    """How one week went: the mean of what was noted in it, from 1 to 5, None where nothing was; and what it mentions."""

    monday: date
    mood: float | None = None
    energy: float | None = None
    mentions: frozenset[Hashable] = frozenset()

    def of(self, measure: str) -> float | None:
        """Return one of MEASURES."""
        return self.mood if measure == "mood" else self.energy


@dataclass(frozen=True)
class Direction:
    """Mood or energy rose or fell over the weeks: the means of their first and second half, and how many they are."""

    measure: str
    first: float
    second: float
    weeks: int

    @property
    def is_up(self) -> bool:
        return self.second > self.first


@dataclass(frozen=True)
class Together:
    """Weeks that mention something went otherwise than the others: the means and numbers of both."""

    measure: str
    mention: Any
    mean_with: float
    mean_without: float
    weeks_with: int
    weeks_without: int

    @property
    def is_up(self) -> bool:
        return self.mean_with > self.mean_without


def weeks_of(
    noted: Iterable[tuple[date, int | None, int | None]],
    mentions: Mapping[date, Iterable[Hashable]],
    *,
    first: date,
    last: date,
) -> list[WeekFelt]:
    """Return every week from `first` to `last`, oldest first.

    `noted` are days with the mood and the energy of an entry, `mentions` what is named, by the Monday of its week.
    """
    moods: dict[date, list[int]] = {}
    energies: dict[date, list[int]] = {}
    for day, mood, energy in noted:
        if mood:
            moods.setdefault(_monday(day), []).append(mood)
        if energy:
            energies.setdefault(_monday(day), []).append(energy)
    begin = _monday(first)
    return [
        WeekFelt(
            monday,
            fmean(moods[monday]) if monday in moods else None,
            fmean(energies[monday]) if monday in energies else None,
            frozenset(mentions.get(monday, ())),
        )
        for monday in (begin + timedelta(days=7 * number) for number in range((last - begin).days // 7 + 1))
    ]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def direction(weeks: Sequence[WeekFelt], measure: str) -> Direction | None:
    """Return where mood or energy goes over these weeks, or None where that cannot be told."""
    values = [value for week in weeks if (value := week.of(measure)) is not None]
    if len(values) < DIRECTION_WEEKS:
        return None
    half = len(values) // 2
    first, second = fmean(values[:half]), fmean(values[-half:])
    is_carried = abs(second - first) >= DIRECTION_SIZE and _chance_of_trend(values) <= DIRECTION_LEVEL
    return Direction(measure, first, second, len(values)) if is_carried else None


def _chance_of_trend(values: Sequence[float]) -> float:
    """Return how often weeks without a direction look as ordered as these (two-sided Mann-Kendall)."""
    number = len(values)
    pairs = [(values[j] > values[i]) - (values[j] < values[i]) for i in range(number) for j in range(i + 1, number)]
    score = sum(pairs)
    ties = sum(size * (size - 1) * (2 * size + 5) for size in (values.count(value) for value in set(values)))
    variance = (number * (number - 1) * (2 * number + 5) - ties) / 18 * _resemblance(values)
    if variance <= 0 or abs(score) < 2:
        return 1.0
    return erfc((abs(score) - 1) / sqrt(2 * variance))


def _resemblance(values: Sequence[float]) -> float:
    """Return by how much weeks that resemble their neighbours widen the variance: (1 + r) / (1 - r), at least 1.

    r is the correlation of each week with the next once a straight line is taken out, set right for few weeks.
    """
    number = len(values)
    middle, mean = (number - 1) / 2, fmean(values)
    slope = sum((place - middle) * value for place, value in enumerate(values)) / sum(
        (place - middle) ** 2 for place in range(number)
    )
    rest = [value - mean - slope * (place - middle) for place, value in enumerate(values)]
    spread = sum(value * value for value in rest)
    if spread < 1e-12:
        return 1.0
    raw = sum(one * other for one, other in pairwise(rest)) / spread
    share = min(0.9, max(0.0, (number * raw + 2) / (number - 4)))
    return (1 + share) / (1 - share)


def together(weeks: Sequence[WeekFelt], mentions: Iterable[Hashable]) -> Together | None:
    """Return the clearest of what goes with a better or worse mood or energy, or None where nothing is clear."""
    known = [week for week in weeks if week.mood is not None or week.energy is not None]
    if len(known) < TOGETHER_WEEKS:
        return None
    rows = {mention: [place for place, week in enumerate(known) if mention in week.mentions] for mention in mentions}
    ranks = {measure: _ranks([week.of(measure) for week in known]) for measure in MEASURES}
    claims = [
        (_score(ranks[measure], row), claim)
        for measure in MEASURES
        for mention, row in rows.items()
        if (claim := _compared(measure, mention, known, row))
    ]
    if not claims:
        return None
    best, claim = max(claims, key=lambda each: each[0])
    tried = {(claim.measure, claim.mention) for _, claim in claims}
    reached = sum(
        max(_score(turned[measure], rows[mention]) for measure, mention in tried) >= best - 1e-9
        for turned in _rearranged(ranks)
    )
    is_carried = reached / (2 * len(known)) <= TOGETHER_LEVEL
    is_large = abs(claim.mean_with - claim.mean_without) >= TOGETHER_SIZE
    return claim if is_carried and is_large else None


def _compared(measure: str, mention: Hashable, weeks: Sequence[WeekFelt], places: Sequence[int]) -> Together | None:
    inside = set(places)
    both: tuple[list[float], list[float]] = [], []
    for place, week in enumerate(weeks):
        if (value := week.of(measure)) is not None:
            both[place not in inside].append(value)
    with_it, without = both
    if min(len(with_it), len(without)) < FEWEST_EACH_SIDE:
        return None
    return Together(measure, mention, fmean(with_it), fmean(without), len(with_it), len(without))


def _rearranged(ranks: dict[str, list[float | None]]) -> Iterator[dict[str, list[float | None]]]:
    """Yield the rows in every rotation, forwards and backwards, mood and energy of a week always together."""
    for step in (1, -1):
        rows = {measure: row[::step] for measure, row in ranks.items()}
        for shift in range(len(rows[MEASURES[0]])):
            yield {measure: row[shift:] + row[:shift] for measure, row in rows.items()}


def _score(ranks: Sequence[float | None], places: Sequence[int]) -> float:
    """Return by how many standard deviations the ranks at these places differ from any as many (Wilcoxon's sum)."""
    known = [rank for rank in ranks if rank is not None]
    chosen = [rank for place in places if (rank := ranks[place]) is not None]
    total, count = len(known), len(chosen)
    middle = (total + 1) / 2
    spread = sum((rank - middle) ** 2 for rank in known) / total if total else 0
    deviation = sqrt(spread * count * (total - count) / (total - 1)) if 0 < count < total else 0
    return abs(sum(chosen) - count * middle) / deviation if deviation else 0.0


def _ranks(values: Sequence[float | None]) -> list[float | None]:
    """Return the place of each value in their order, the middle one of those that are equal; None stays."""
    ordered = sorted(value for value in values if value is not None)
    places = {value: ordered.index(value) + (ordered.count(value) + 1) / 2 for value in set(ordered)}
    return [None if value is None else places[value] for value in values]
