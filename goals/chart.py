"""The pace of a goal as a drawing: lines in a square of 1000 by 1000, labels and marks in per cent. Pure.

The square is stretched to the width there is; labels, marks and the thickness of lines are not
(docs/decisions/0074-chart.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import ceil, floor, log10

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from goals.forecast import Chart, Line
from goals.numbers import say_number

SIDE = 1000
# More points than pixels to tell them apart are noise, and bytes.
MOST_POINTS = 60
# How far beyond the date (or today) the picture goes for a forecast: further, and the past is squeezed to a corner.
REACH = 2.2
# Labels along the time nearer than this (per cent) would touch on a phone.
LABEL_GAP, FIRST_GAP = 13.0, 18.0
# More dots than these would run into each other.
MOST_DOTS = 30
# Two uprights nearer than this have words that would touch.
TOUCHING = 24.0
# Beyond this share of the width a label stands on the left of what it names.
TURN = 72.0
# Within so many days a date needs no year.
NEAR = 300
_SIZES = ((1e6, "M"), (1e3, "k"))
_STEPS = (1.0, 2.0, 2.5, 3.0, 5.0, 10.0)


@dataclass(frozen=True)
class Label:
    """Words at a place; `anchor` says which of their ends stands there."""

    x: str
    y: str
    words: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Drawing:
    """What `svg` writes. Paths are those of SVG in the square; places are per cent of the whole."""

    done: str
    dots: str
    plan: str
    ahead: str
    band: str
    heights: list[Label]
    days: list[Label]
    today: Label | None
    due: Label | None
    here: Label
    end: Label | None
    is_wide: bool  # numbers along the side need more room
    is_here_low: bool  # the mark lies on the ground: its words stand above it
    is_due_beside_today: bool  # their words would touch in one line
    is_falling: bool


def draw(
    lines: Chart,
    *,
    target: float,
    today: date,
    due_on: date | None,
    here: str,
    likely: date | None = None,
    is_open: bool = True,
) -> Drawing:
    """Return the drawing of these lines; `here` says where one stands ("5 done"), `is_open` whether it goes on."""
    points = thinned(_read(lines.points))
    frame = _Frame.of(points, lines, target=target, today=today if is_open else None, due_on=due_on, likely=likely)
    last = points[-1]
    is_falling = target < points[0][1]
    here_at, here_now = frame.x(last[0]), frame.x(today.toordinal())
    likely_at = frame.x(likely.toordinal()) if likely else 101.0
    heights = frame.heights(is_whole=all(float(value).is_integer() for value in (target, *(y for _, y in points))))
    return Drawing(
        done=frame.path(points),
        dots=frame.dots(points[:-1]) if len(points) <= MOST_DOTS else "",
        plan=frame.path(_read(lines.plan)),
        ahead=frame.path(_read(lines.forecast)),
        band=frame.area(_read(lines.early), _read(lines.late)),
        heights=heights,
        days=frame.days(),
        today=frame.upright(today, "Today") if is_open else None,
        due=frame.upright(due_on, f"Due {_say(due_on, today)}") if due_on else None,
        is_due_beside_today=due_on is not None and is_open and abs(frame.x(due_on.toordinal()) - here_now) < TOUCHING,
        here=Label(_cent(here_at), _cent(frame.y(last[1])), here, "end" if here_at > 30 else "start"),
        is_here_low=frame.y(last[1]) > 85,
        end=Label(_cent(likely_at), _cent(frame.y(target)), _say(likely, today), "end" if likely_at > 88 else "middle")
        if likely and likely_at <= 100
        else None,
        is_wide=any(len(label.words) > 4 for label in heights),
        is_falling=is_falling,
    )


def svg(drawing: Drawing, label: str) -> SafeString:
    """Return the drawing as markup; `label` says it in words. Built here, as trails are: templates are slow at this."""
    parts = [
        *(
            f'<line class="pc-grid" x1="0" x2="100%" y1="{each.y}" y2="{each.y}"/>'
            f'<text class="pc-n" x="0" y="{each.y}" dx="-9" dy="4">{each.words}</text>'
            for each in drawing.heights
        ),
        *(_text("pc-d", each, y="100%", dx=0, dy=20) for each in drawing.days),
        _square(
            _path("pc-band", drawing.band), _path("pc-l pc-plan", drawing.plan), _path("pc-l pc-ahead", drawing.ahead)
        ),
    ]
    if drawing.due:
        parts.append(f'<line class="pc-due" x1="{drawing.due.x}" x2="{drawing.due.x}" y1="0" y2="100%"/>')
        height = (28 if drawing.is_due_beside_today else 10) if drawing.is_falling else -8
        parts.append(_text("pc-t", drawing.due, y="0" if drawing.is_falling else "100%", dx=7, dy=height))
    if drawing.today:
        parts.append(f'<line class="pc-today" x1="{drawing.today.x}" x2="{drawing.today.x}" y1="-4" y2="100%"/>')
        parts.append(_text("pc-t", drawing.today, y="0", dx=6, dy=10))
    parts.append(_square(_path("pc-l pc-done", drawing.done), _path("pc-l pc-dots", drawing.dots), css="ov"))
    if drawing.end:
        words = _words(drawing.end, x=0, y=-14)
        parts.append(_mark(drawing.end, f'<path class="pc-end" d="M0-6.5 6.5 0 0 6.5-6.5 0z"/>{words}'))
    is_left = drawing.here.anchor == "end"
    height = -12 if drawing.is_here_low else 20 if drawing.is_falling else -9 if is_left else 18
    words = _words(drawing.here, x=-13 if is_left else 13, y=height)
    parts.append(
        _mark(
            drawing.here,
            f'<path class="pc-halo" d="M0-11 11 0 0 11-11 0z"/><path class="pc-here" d="M0-8 8 0 0 8-8 0z"/>{words}',
        )
    )
    css = f"pc{' wide' if drawing.is_wide else ''}{' falling' if drawing.is_falling else ''}"
    return mark_safe(  # noqa: S308 -- numbers are formatted here, words are escaped
        f'<svg class="{css}" role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>'
    )


def _text(css: str, label: Label, *, y: str, dx: int, dy: int) -> str:
    dx = -dx if label.anchor == "end" else dx
    return (
        f'<text class="{css}" x="{label.x}" y="{y}" dx="{dx}" dy="{dy}" text-anchor="{label.anchor}">'
        f"{escape(label.words)}</text>"
    )


def _words(label: Label, *, x: int, y: int) -> str:
    return f'<text class="pc-w" x="{x}" y="{y}" text-anchor="{label.anchor}">{escape(label.words)}</text>'


def _path(css: str, path: str) -> str:
    return f'<path class="{css}" d="{path}"/>' if path else ""


def _square(*paths: str, css: str = "cut") -> str:
    """Return the stretched square with these lines in it; what lies outside is cut off unless it is told to show."""
    return (
        f'<svg class="{css}" width="100%" height="100%" viewBox="0 0 {SIDE} {SIDE}" preserveAspectRatio="none">'
        f"{''.join(paths)}</svg>"
    )


def _mark(at: Label, drawn: str) -> str:
    return f'<svg class="ov" x="{at.x}" y="{at.y}">{drawn}</svg>'


def thinned(points: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """Return at most MOST_POINTS of them: the first, the last, and the least and the most of each stretch between."""
    if len(points) <= MOST_POINTS:
        return list(points)
    inside, stretches = points[1:-1], (MOST_POINTS - 2) // 2
    kept = [points[0]]
    for number in range(stretches):
        part = inside[len(inside) * number // stretches : len(inside) * (number + 1) // stretches]
        kept += sorted({min(part, key=lambda point: point[1]), max(part, key=lambda point: point[1])})
    return [*kept, points[-1]]


@dataclass(frozen=True)
class _Frame:
    """From days and values to places."""

    first: int
    last: int
    low: float
    high: float

    @classmethod
    def of(
        cls,
        points: Sequence[tuple[int, float]],
        lines: Chart,
        *,
        target: float,
        today: date | None,
        due_on: date | None,
        likely: date | None,
    ) -> "_Frame":
        first = points[0][0]
        known = [points[-1][0], first + 1, *(day.toordinal() for day in (today, due_on) if day)]
        furthest = first + floor((max(known) - first) * REACH)
        ahead = [date.fromisoformat(line[-1][0]).toordinal() for line in (lines.forecast, lines.late) if line]
        end = max([*known, *(min(day, furthest) for day in ahead)])
        # What was logged before the first day of the plan may lie above its start.
        values = [target, *(value for _, value in (*points, *_read(lines.plan)))]
        return cls(first, end + ceil((end - first) * 0.02), min(values), max(values))

    def x(self, day: int) -> float:
        return (day - self.first) / (self.last - self.first) * 100

    def y(self, value: float) -> float:
        return (self.high - value) / (self.high - self.low) * 100 if self.high > self.low else 50.0

    def path(self, points: Sequence[tuple[int, float]]) -> str:
        return "M" + "L".join(map(self._at, points)) if len(points) > 1 else ""

    def dots(self, points: Sequence[tuple[int, float]]) -> str:
        """Return lines of no length, which round ends make dots of, however the square is stretched."""
        return "".join(f"M{self._at(point)}h.01" for point in points)

    def area(self, upper: Sequence[tuple[int, float]], lower: Sequence[tuple[int, float]]) -> str:
        return f"{self.path([*upper, *reversed(lower)])}z" if upper and lower else ""

    def heights(self, *, is_whole: bool) -> list[Label]:
        """Return three to six round numbers along the side; where things are counted, no parts of one."""
        step = _step(self.high - self.low, is_whole=is_whole)
        numbers = range(ceil(self.low / step - 1e-9), floor(self.high / step + 1e-9) + 1)
        size, letter = next(((size, letter) for size, letter in _SIZES if self.high >= 10 * size), (1.0, ""))
        return [
            Label("0", _cent(self.y(number * step)), f"{_short(number * step / size)}{letter if number else ''}")
            for number in numbers
        ]

    def days(self) -> list[Label]:
        """Return the first day, and months, quarters or years behind it as far as there is room."""
        first, last = date.fromordinal(self.first), date.fromordinal(self.last)
        found = [Label("0%", "100%", f"{first.day} {first:%b}", "start")]
        at = FIRST_GAP - LABEL_GAP
        for day, words in _marks(first, last):
            x = self.x(day.toordinal())
            if x - at >= LABEL_GAP and x <= 97:
                found.append(Label(_cent(x), "100%", words))
                at = x
        return found

    def upright(self, day: date, words: str) -> Label:
        x = self.x(day.toordinal())
        return Label(_cent(x), "0%", words, "end" if x > TURN else "start")

    def _at(self, point: tuple[int, float]) -> str:
        return f"{round(self.x(point[0]) * SIDE / 100)} {round(self.y(point[1]) * SIDE / 100)}"


def _read(line: Line) -> list[tuple[int, float]]:
    return [(date.fromisoformat(day).toordinal(), value) for day, value in line]


def _marks(first: date, last: date) -> list[tuple[date, str]]:
    """Return the days worth a label: Mondays in a few weeks, months, else years."""
    whole = (last - first).days
    if whole <= 45:
        days = [first + timedelta(days=7 * week) for week in range(1, whole // 7 + 1)]
        return [(day, f"{day.day} {day:%b}") for day in days]
    if whole > 1100:
        return [(date(year, 1, 1), str(year)) for year in range(first.year + 1, last.year + 1)]
    months = [
        date(first.year + number // 12, number % 12 + 1, 1)
        for number in range(first.month, first.month + whole // 28 + 1)
    ]
    return [(day, f"{day.year}" if day.month == 1 else f"{day:%b}") for day in months]


def _step(span: float, *, is_whole: bool) -> float:
    """Return the distance of the numbers along the side: round, and best a whole part of the span."""
    if span <= 0:
        return 1.0
    size = 10.0 ** floor(log10(span / 4))
    steps = [step * size for step in _STEPS if 3 <= span / (step * size) <= 6.001] or [span]
    if is_whole:
        steps = [step for step in steps if step.is_integer()] or [1.0]
    return min(steps, key=lambda step: (abs(span / step - round(span / step)) > 1e-6, abs(span / step - 4), -step))


def _short(value: float) -> str:
    return say_number(Decimal(str(round(value, 2))))


def _say(day: date, today: date) -> str:
    """Say a day in few letters; the year only where nobody could guess it."""
    return f"{day.day} {day:%b}" + ("" if abs((day - today).days) < NEAR else f" {day.year}")


def _cent(share: float) -> str:
    return f"{share:.2f}".rstrip("0").rstrip(".") + "%"
