"""When a counting goal is likely to arrive, from the person's own updates. Pure functions: no query, no clock, no chance.

**The method** is the drift method (Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., 5.2 and
5.5): the pace is the line from the first value to the last, and after `h` more days the value lies around it with the
variance s² · (h + h²/T), where T days of history bear both the ups and downs to come and the doubt about the pace
itself. The range of the finish runs from the day on which the upper edge of that band crosses the target to that of
the lower edge: a quadratic equation, so there is nothing to resample. Three things are different from the book:

- s² is the long-run variance, measured by how far the history wanders from its own straight line (the area under the
  squared Brownian bridge), and the quantile is that of the ratio, not of the normal distribution. Such a
  *self-normalised* range (Lobato 2001, JASA 96; Shao 2010, JRSS B 72) keeps what it claims for bursts and stalls too,
  whose weeks resemble their neighbours. The variance of single steps misses that and promises too much.
- A running median of three (Tukey 1977, Exploratory Data Analysis, 7A) takes the edge off single wild values and leaves
  a history that only rises as it is; values out of all proportion are left out. A wild *last* value cannot be told from
  a leap until the next update: it is set aside, and said to be.
- Progress is seen only at updates, so the finish is never known better than the usual time between two of them.

docs/decisions/0071-forecast.md tells what else was tried on simulated histories; `make bench` prints how often the
range holds.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import accumulate, pairwise
from math import ceil, floor, inf, sqrt

# Below either of these it is too early to say.
LEAST_UPDATES = 3
LEAST_DAYS = 14
# How many of a hundred finishes lie in the stated range.
COVERAGE = 80
# A date further away than this is silly, not a forecast.
MOST_DAYS = 3652
LAST_DAY = date(2200, 12, 31)  # as core.forms, which needs Django
_LAST = LAST_DAY.toordinal()
# A last step so many times the largest before it does not fit the rest, once there are so many to compare with.
WILD_STEP, STEPS_TO_COMPARE = 4, 3

# The quantile of a normal variable over the long-run deviation as measured here, by the number of steps: 80 % of |N| / sqrt(6 ∫B²), B a Brownian bridge, has no closed form. Fitted to a simulation; a test repeats it.
QUANTILE, QUANTILE_FEW = 1.55, 1.2
CHART_STEPS = 10

Value = Decimal | float
# ISO days and values.
Line = list[tuple[str, float]]


class State(StrEnum):
    TOO_EARLY = "too_early"
    ARRIVES = "arrives"
    DOES_NOT_ARRIVE = "does_not_arrive"
    REACHED = "reached"


@dataclass(frozen=True)
class Course:
    """What a forecast is made from.

    `updates` are days and the whole so far, in any order of days but in the order they were logged within a day; of
    several on one day the last counts. `rests` are the first day and the day after the last one (None: until further
    notice), past and to come, overlapping or not; a rest without an end is taken to end today.
    """

    start: Value
    target: Value
    starts_on: date
    today: date
    updates: Sequence[tuple[date, Value]] = ()
    due_on: date | None = None
    rests: Iterable[tuple[date, date | None]] = ()

    @cached_property
    def places(self) -> int:
        """With how many decimals this person counts, 0 to 2."""
        values = [float(value) for value in (self.start, self.target, *(value for _, value in self.updates))]
        return next((places for places in (0, 1) if all(round(value, places) == value for value in values)), 2)


@dataclass(frozen=True)
class Forecast:
    """Where a course leads.

    `pace` and `needed` are units a week in the direction of the target (a falling goal has a positive pace too), days
    of rest left out. `likely` has even odds; the finish lies between `earliest` and `latest` in `coverage` of 100
    cases, and `latest` is None where no last day can be honestly named. When the goal is reached all three are the day
    it was. `days_late` is negative for early. `fits` is the value that this pace reaches by the date. `level` is the
    value the forecast starts from, on the day `from_on`: where one stands now, unless the last value was set aside.
    """

    state: State
    level: float
    from_on: date
    walked: float  # per cent of the way, 0 to 100
    updates_missing: int = 0
    days_missing: int = 0
    pace: float | None = None
    needed: float | None = None
    fits: float | None = None
    likely: date | None = None
    earliest: date | None = None
    latest: date | None = None
    days_late: int | None = None
    set_aside: tuple[date, float] | None = None
    coverage: int = COVERAGE


@dataclass(frozen=True)
class Chart:
    """Lines to draw. `early` and `late`, the edges of the range, share their days.

    `plan` runs from the first day to the date, `needed` from here to the date, `forecast` from here to the likely day
    (or, where that is none, to the date). Rests are flat.
    """

    points: Line
    plan: Line
    needed: Line = field(default_factory=list)
    forecast: Line = field(default_factory=list)
    early: Line = field(default_factory=list)
    late: Line = field(default_factory=list)


def forecast(course: Course) -> Forecast:
    """Return where a course leads. Any updates will do: none, one, wild ones, standing still, backwards."""
    return _Reading(course).forecast()


def chart(course: Course) -> Chart:
    """Return the lines of a course; those that nothing true can be said about are empty."""
    return _Reading(course).chart()


class _ActiveDays:
    """Calendar days as days of activity and back: the count stands still during a rest."""

    def __init__(self, rests: Iterable[tuple[date, date | None]], today: date) -> None:
        # First and last day as ordinals, in order and apart from each other.
        self.rests: list[tuple[int, int]] = []
        for first, last in sorted((first.toordinal(), (until or today).toordinal() - 1) for first, until in rests):
            if last < first:
                continue
            if self.rests and first <= self.rests[-1][1] + 1:
                self.rests[-1] = (self.rests[-1][0], max(last, self.rests[-1][1]))
            else:
                self.rests.append((first, last))
        self._firsts = [first for first, _ in self.rests]
        self._lengths = list(accumulate((last - first + 1 for first, last in self.rests), initial=0))

    def count(self, day: date) -> int:
        """Return a number that grows by one with each day, but not with a day of rest."""
        ordinal = day.toordinal()
        begun = bisect_right(self._firsts, ordinal)
        if not begun:
            return ordinal
        return ordinal - self._lengths[begun] + max(0, self.rests[begun - 1][1] - ordinal)

    def day(self, count: float) -> date | None:
        """Return the first day with at least that count; None where the calendar ends before."""
        if count > _LAST:
            return None
        ordinal = ceil(count)
        for first, last in self.rests:
            if first > ordinal:
                break
            ordinal += last - first + 1
        return date.fromordinal(ordinal) if ordinal <= _LAST else None

    def borders(self, first: date, last: date) -> list[date]:
        """Return the days between these two at which a line bends: the one before each rest and its last one."""
        ordinals = [day for rest in self.rests for day in (rest[0] - 1, rest[1])]
        return [date.fromordinal(day) for day in ordinals if first.toordinal() < day < last.toordinal()]


class _Reading:
    """A course read once: progress towards the target over active days, tidied, and what follows from it."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.days = _ActiveDays(course.rests, course.today)
        self.start, self.target = float(course.start), float(course.target)
        self.sign = -1.0 if self.target < self.start else 1.0
        self.goal = abs(self.target - self.start)
        self.values = sorted({day: float(value) for day, value in course.updates if day <= course.today}.items())
        self.latest = self._progress(self.values[-1][1]) if self.values else 0.0
        self.set_aside: tuple[date, float] | None = None
        self._lay_out()

    def _lay_out(self) -> None:
        """Find `points`, (count of active days, progress), and from them where the forecast starts and its pace."""
        count, first_day = self.days.count, min(self.course.starts_on, self.course.today)
        has_start = not self.values or first_day < self.values[0][0]
        raw = {count(first_day): 0.0} if has_start else {}
        raw |= {count(day): self._progress(value) for day, value in self.values}
        points = list(raw.items())
        if _ends_wild(points) and points[-2][1] < self.goal:
            points.pop()
            self.set_aside = self.values[-1]
        elif not has_start and _ends_wild(points[::-1]):
            points.pop(0)
            self.set_aside = self.values[0]
        points = _without_spikes(points)
        last, self.level = points[-1]
        # The usual time between two updates. Silence beyond it counts as no progress.
        gaps = sorted(after[0] - before[0] for before, after in pairwise(points))
        self.usual_gap = gaps[len(gaps) // 2] if gaps else 0
        silence = count(self.course.today) - last - self.usual_gap
        if gaps and silence > 0:
            last += silence
            points.append((last, self.level))
        self.points, self.last, self.span = points, last, last - points[0][0]
        self.pace = (self.level - points[0][1]) / self.span if self.span else 0.0  # per active day

    def _progress(self, value: float) -> float:
        return self.sign * (value - self.start)

    def _value(self, progress: float) -> float:
        return self.start + self.sign * progress

    @cached_property
    def state(self) -> State:
        if self.latest >= self.goal:
            return State.REACHED
        if len(self.values) < LEAST_UPDATES or len(self.points) < LEAST_UPDATES or self.span < LEAST_DAYS:
            return State.TOO_EARLY
        return State.DOES_NOT_ARRIVE if self.likely is None else State.ARRIVES

    @cached_property
    def here(self) -> date:
        """The day the forecast starts from: of the last update, later after a long silence."""
        return self.days.day(self.last) or LAST_DAY

    @cached_property
    def likely(self) -> date | None:
        left = max(0.0, self.goal - self.level)
        if self.pace <= 0 or self.pace * MOST_DAYS < left:
            return None
        return self._not_before_today(self.days.day(self.last + left / self.pace))

    @cached_property
    def spread(self) -> tuple[float, float]:
        """Half the width of the range of values after h days, squared, is spread[0] · (h + h²/span) + spread[1]."""
        variance, steps = _long_run_variance(self.points)
        square = (QUANTILE + QUANTILE_FEW / (steps - 1)) ** 2
        return square * variance, square * (self.pace * self.usual_gap) ** 2 / 12

    def finish_range(self, likely: date) -> tuple[date, date | None]:
        """Return the days on which the edges of the band cross the target."""
        left = self.goal - self.level
        wander, blur = self.spread
        a = self.pace**2 - wander / self.span
        b = 2 * self.pace * left + wander
        c = left**2 - blur
        root = sqrt(max(0.0, b * b - 4 * a * c))
        earliest = self._not_before_today(self.days.day(floor(self.last + max(0.0, 2 * c / (b + root)))))
        latest = None
        # Where a is not positive, the lower edge turns before it crosses: the finish may be any time away.
        if a > 0 and (b + root) / (2 * a) <= MOST_DAYS:
            latest = self._not_before_today(self.days.day(self.last + (b + root) / (2 * a)))
        return min(likely, earliest or likely), latest and max(likely, latest)

    def _not_before_today(self, day: date | None) -> date | None:
        return day and max(day, self.course.today)

    def forecast(self) -> Forecast:
        due_on, likely = self.course.due_on, self.likely
        if self.state == State.REACHED:
            return self._reached()
        found = Forecast(
            state=self.state,
            level=self._value(self.level),
            from_on=self.here,
            walked=min(100.0, max(0.0, self.level / self.goal * 100)) if self.goal else 0.0,
            needed=self._needed(),
            set_aside=self.set_aside,
        )
        if self.state == State.TOO_EARLY:
            missing = max(0, LEAST_UPDATES - len(self.values)), max(0, LEAST_DAYS - self.span)
            return replace(found, updates_missing=missing[0], days_missing=missing[1])
        found = replace(found, pace=self.pace * 7, fits=self._fits())
        if likely is None:
            return found
        earliest, latest = self.finish_range(likely)
        late = (likely - due_on).days if due_on else None
        return replace(found, likely=likely, earliest=earliest, latest=latest, days_late=late)

    def _reached(self) -> Forecast:
        """Say since when the target has been reached without falling back."""
        reached_on = min(self.course.starts_on, self.course.today)
        for day, value in reversed(self.values):
            if self._progress(value) < self.goal:
                break
            reached_on = day
        due_on = self.course.due_on
        return Forecast(
            state=State.REACHED,
            level=self._value(self.latest),
            from_on=self.values[-1][0] if self.values else reached_on,
            walked=100.0,
            likely=reached_on,
            earliest=reached_on,
            latest=reached_on,
            days_late=(reached_on - due_on).days if due_on else None,
        )

    def _needed(self) -> float | None:
        """Return the pace per week that reaches the target by the date, from today on."""
        due_on, today = self.course.due_on, self.course.today
        days = self.days.count(due_on) - self.days.count(today) if due_on else 0
        return (self.goal - self.level) / days * 7 if days > 0 else None

    def _fits(self) -> float | None:
        due_on = self.course.due_on
        if due_on is None or due_on <= self.course.today:
            return None
        return self._value(self.level + self.pace * (self.days.count(due_on) - self.last))

    def chart(self) -> Chart:
        course, level, likely = self.course, self._value(self.level), self.likely
        is_open = self.state not in {State.REACHED, State.TOO_EARLY}
        due_on = course.due_on
        points = [(day.isoformat(), value) for day, value in self.values]
        if not self.values or course.starts_on < self.values[0][0]:
            points.insert(0, (course.starts_on.isoformat(), self.start))
        lines = Chart(points, plan=self._line(course.starts_on, self.start, due_on, self.target))
        if self.state != State.REACHED:
            lines = replace(lines, needed=self._line(course.today, level, due_on, self.target))
        if is_open and likely is None:
            fits = self._fits()
            return replace(lines, forecast=[] if fits is None else self._line(self.here, level, due_on, fits))
        if not is_open or likely is None:
            return lines
        early, late = self._edges(likely)
        return replace(lines, forecast=self._line(self.here, level, likely, self.target), early=early, late=late)

    def _line(self, first: date, start: float, last: date | None, end: float) -> Line:
        """Return a line that is straight over active days, and flat in rests."""
        if last is None or last <= first:
            return []
        count = self.days.count
        at, span = count(first), count(last) - count(first)
        if span == 0:
            return []
        inside = [(day, start + (end - start) * (count(day) - at) / span) for day in self.days.borders(first, last)]
        return [(day.isoformat(), round(value, 2)) for day, value in [(first, start), *inside, (last, end)]]

    def _edges(self, likely: date) -> tuple[Line, Line]:
        """Return the edges of the range of values, up to the last day of the finish; twice as far if there is none.

        They end at the target and never fall below where the person stands.
        """
        earliest, latest = self.finish_range(likely)
        here = self.here
        end = latest or date.fromordinal(min(_LAST, 2 * likely.toordinal() - here.toordinal()))
        far = end.toordinal() - here.toordinal()
        steps = {here.toordinal() + far * step // CHART_STEPS for step in range(CHART_STEPS + 1)}
        days = sorted({*map(date.fromordinal, steps), max(here, earliest), *self.days.borders(here, end)})
        wander, blur = self.spread
        early: Line = []
        late: Line = []
        for day in days:
            ahead = self.days.count(day) - self.last
            half = sqrt(wander * (ahead + ahead**2 / self.span) + blur) if ahead > 0 else 0.0
            for edge, progress in ((early, self.pace * ahead + half), (late, self.pace * ahead - half)):
                value = self._value(min(self.goal, self.level + max(0.0, progress)))
                edge.append((day.isoformat(), round(value, 2)))
        return early, late


def _long_run_variance(points: Sequence[tuple[int, float]]) -> tuple[float, float]:
    """Return the variance per day of the way away from its own straight line, and how many even steps it is worth.

    The area under the squared bridge is that of straight lines between the points, which hide what happened in between:
    in a random walk just what the squares of the gaps take off.
    """
    (first, origin), (last, end) = points[0], points[-1]
    pace = (end - origin) / (last - first)
    area = squares = before = 0.0
    at = first
    for count, progress in points[1:]:
        gap, away = count - at, progress - origin - pace * (count - first)
        area += gap * (before * before + before * away + away * away) / 3
        squares += gap * gap
        at, before = count, away
    whole = (last - first) ** 2
    return 6 * area / (whole - squares), whole / squares


def _ends_wild(points: Sequence[tuple[int, float]]) -> bool:
    """Tell whether the last step is out of all proportion to those before it."""
    before = _without_spikes(points)[:-1]
    return bool(before) and abs(points[-1][1] - before[-1][1]) > _largest_likely_step(before)


def _largest_likely_step(points: Sequence[tuple[int, float]]) -> float:
    """Return what a step must exceed to be called wild. Standing still says nothing about the size of steps."""
    steps = [step for step in (abs(after[1] - before[1]) for before, after in pairwise(points)) if step]
    return WILD_STEP * max(steps) if len(steps) >= STEPS_TO_COMPARE else inf


def _without_spikes(points: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """Return the points without wild ones, each value but the first and the last the median of three."""
    tidied = _medians_of_three(points)
    limit = _largest_likely_step(tidied)
    calm = [point for point, (_, value) in zip(points, tidied, strict=True) if abs(point[1] - value) <= limit]
    return tidied if len(calm) == len(points) else _medians_of_three(calm)


def _medians_of_three(points: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    tidied = list(points)
    for place, ((_, before), (at, value), (_, after)) in enumerate(
        zip(points, points[1:], points[2:], strict=False), 1
    ):
        if not before <= value <= after:
            tidied[place] = (at, sorted((before, value, after))[1])
    return tidied
