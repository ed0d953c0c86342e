"""Half a year or a whole one of a journal as a picture: a column for each week, a waymark for each day with something on it."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

WEEKS = 26
# Units of the drawing: where the first Monday stands, and the way to the next column and row. Words of a whole year are
# drawn larger, as it is shrunk more.
_LEFT, _LEFT_OF_YEAR, _TOP, _RIGHT, _DOWN = 34, 52, 24, 25, 22
# Half the width of a diamond: one note, several, a reflection. Size says it for those who do not see the tones.
_SIZES = {1: 5.0, 2: 7.2, 3: 9.4}


class Span(NamedTuple):
    """What the picture shows: so many weeks from a Monday on, with days up to `last`; `name` says it in words."""

    monday: date
    weeks: int
    last: date
    name: str

    @property
    def is_year(self) -> bool:
        return self.weeks > WEEKS

    def place(self, day: date) -> tuple[int, int]:
        """Return where a day stands."""
        offset = (day - self.monday).days
        left = _LEFT_OF_YEAR if self.is_year else _LEFT
        return left + _RIGHT * (offset // 7), _TOP + _DOWN * (offset % 7)


def first_day(today: date) -> date:
    """Return the Monday the calendar of half a year begins with."""
    return today - timedelta(days=today.weekday() + 7 * (WEEKS - 1))


def half_year(today: date) -> Span:
    """Return the 26 weeks that end with this one."""
    return Span(first_day(today), WEEKS, today, "the last 26 weeks")


def twelve_months(today: date) -> Span:
    """Return the 53 weeks that end with this one."""
    return Span(today - timedelta(days=today.weekday() + 7 * 52), 53, today, "the last 12 months")


def whole_year(year: int, today: date) -> Span:
    """Return the weeks of a calendar year, as far as it has come."""
    first, last = date(year, 1, 1), min(date(year, 12, 31), today)
    monday = first - timedelta(days=first.weekday())
    return Span(monday, (date(year, 12, 31) - monday).days // 7 + 1, last, str(year))


def draw(entries: Iterable[tuple[date, bool]], today: date, span: Span | None = None) -> SafeString:
    """Return the calendar as inline SVG, with a sentence that says the same.

    `entries` are pairs of a day and whether what was written is a reflection. Half a year unless another span is given.
    """
    span = span or half_year(today)
    marks: dict[date, int] = {}
    reflections = 0
    for day, is_reflection in entries:
        if not span.monday <= day <= span.last:
            continue
        if is_reflection:
            reflections += 1
            marks[day] = 3
        elif marks.get(day) != 3:
            marks[day] = min(2, marks.get(day, 0) + 1)
    paths = [
        f'<path class="hm{level}" d="{"".join(_diamond(day, span, size) for day in marks if marks[day] == level)}"/>'
        for level, size in _SIZES.items()
        if level in marks.values()
    ]
    x, y = span.place(today)
    here = f'<path class="hmT" d="M{x} {y - 11}l11 11-11 11-11-11z"/>' if span.last == today else ""
    left, _ = span.place(span.monday)
    return format_html(
        '<svg class="heat{}" viewBox="-2 -2 {} 174" role="img" aria-label="{}">{}{}{}{}</svg>',
        " year" if span.is_year else "",
        left + _RIGHT * span.weeks - 2,
        _sentence(span, len(marks), reflections),
        mark_safe(_labels(span)),  # noqa: S308 - month names and numbers
        mark_safe(_dots(span)),  # noqa: S308 - numbers
        mark_safe("".join(paths)),  # noqa: S308 - numbers
        mark_safe(here),  # noqa: S308 - numbers
    )


def _dots(span: Span) -> str:
    """Return a dot for every day up to the last, as a pattern: full weeks, then the days of the one it lies in."""
    x, y = span.place(span.monday)
    left, top = x - _RIGHT / 2, y - _DOWN / 2
    weeks, days = divmod((span.last - span.monday).days, 7)
    full, rest = _RIGHT * weeks, _DOWN * (days + 1)
    return (
        f'<pattern id="heat-dot" x="{left}" y="{top}" width="{_RIGHT}" height="{_DOWN}" patternUnits="userSpaceOnUse">'
        f'<circle class="hm0" cx="{_RIGHT / 2}" cy="{_DOWN / 2}" r="1.6"/></pattern>'
        f'<rect x="{left}" y="{top}" width="{full}" height="{_DOWN * 7}" fill="url(#heat-dot)"/>'
        f'<rect x="{left + full}" y="{top}" width="{_RIGHT}" height="{rest}" fill="url(#heat-dot)"/>'
    )


def _sentence(span: Span, days: int, reflections: int) -> str:
    if not days:
        return f"Calendar of {span.name}. Nothing written{' yet' if not span.name.isdigit() else ''}."
    return (
        f"Calendar of {span.name}. You wrote on {days} day{'s' * (days != 1)}, "
        f"{reflections} of the entries {'is a reflection' if reflections == 1 else 'are reflections'}."
    )


def _diamond(day: date, span: Span, size: float) -> str:
    x, y = span.place(day)
    return f"M{x} {y - size:g}l{size:g} {size:g}-{size:g} {size:g}-{size:g}-{size:g}z"


def _labels(span: Span) -> str:
    parts = [
        f'<text class="hm-t" x="0" y="{_TOP + 4 + _DOWN * row}">{name}</text>'
        for row, name in ((0, "Mon"), (2, "Wed"), (4, "Fri"), (6, "Sun"))
    ]
    month, last_x = 0, -100
    for week in range(span.weeks):
        day = span.monday + timedelta(days=7 * week)
        x = span.place(day)[0] - 8
        if day.month != month and x - last_x > _RIGHT * 2:
            parts.append(f'<text class="hm-t" x="{x}" y="10">{day:%b}</text>')
            month, last_x = day.month, x
    return "".join(parts)


def months(counts: Iterable[int]) -> SafeString:
    """Return a row of months, each with a dot or a waymark: one entry, two or three, more. What it says stands beside it."""
    drawn: list[str] = []
    for place, count in enumerate(counts):
        x, level = 9 + 18 * place, 0 if not count else 1 if count == 1 else 2 if count <= 3 else 3
        size = (0, 3.6, 5.2, 7)[level]
        drawn.append(
            f'<path class="hm{level}" d="M{x} {9 - size:g}l{size:g} {size:g}-{size:g} {size:g}-{size:g}-{size:g}z"/>'
            if level
            else f'<circle class="hm0" cx="{x}" cy="9" r="1.5"/>'
        )
    width = 18 * len(drawn)
    return mark_safe(  # noqa: S308 - numbers
        f'<svg class="strip" viewBox="0 0 {width} 18" width="{width}" height="18" aria-hidden="true">{"".join(drawn)}</svg>'
    )
