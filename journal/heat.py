"""Half a year of a journal as a picture: a column for each week, a waymark for each day with something on it."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

WEEKS = 26
# Units of the drawing: where the first Monday stands, and the way to the next column and row.
_LEFT, _TOP, _RIGHT, _DOWN = 34, 24, 25, 22
# Half the width of a diamond: one note, several, a reflection. Size says it for those who do not see the tones.
_SIZES = {1: 5.0, 2: 7.2, 3: 9.4}


def first_day(today: date) -> date:
    """Return the Monday the calendar begins with."""
    return today - timedelta(days=today.weekday() + 7 * (WEEKS - 1))


def draw(entries: Iterable[tuple[date, bool]], today: date) -> SafeString:
    """Return the calendar as inline SVG, with a sentence that says the same.

    `entries` are pairs of a day and whether what was written is a reflection.
    """
    marks: dict[date, int] = {}
    reflections = 0
    for day, is_reflection in entries:
        if is_reflection:
            reflections += 1
            marks[day] = 3
        elif marks.get(day) != 3:
            marks[day] = min(2, marks.get(day, 0) + 1)
    monday = first_day(today)
    drawn = {day: level for day, level in marks.items() if monday <= day <= today}
    paths = [
        f'<path class="hm{level}" d="{"".join(_diamond(day, monday, size) for day in drawn if drawn[day] == level)}"/>'
        for level, size in _SIZES.items()
        if level in drawn.values()
    ]
    x, y = _place(today, monday)
    return format_html(
        '<svg class="heat" viewBox="-2 -2 682 174" role="img" aria-label="{}">{}{}{}{}</svg>',
        _sentence(len(drawn), reflections),
        mark_safe(_labels(monday)),  # noqa: S308 - month names and numbers
        mark_safe(_dots(today)),  # noqa: S308 - numbers
        mark_safe("".join(paths)),  # noqa: S308 - numbers
        mark_safe(f'<path class="hmT" d="M{x} {y - 11}l11 11-11 11-11-11z"/>'),  # noqa: S308 - numbers
    )


def _dots(today: date) -> str:
    """Return a dot for every day up to today, as a pattern: full weeks, then the days of the present one."""
    left, top = _LEFT - _RIGHT / 2, _TOP - _DOWN / 2
    full, rest = _RIGHT * (WEEKS - 1), _DOWN * (today.weekday() + 1)
    return (
        f'<pattern id="heat-dot" x="{left}" y="{top}" width="{_RIGHT}" height="{_DOWN}" patternUnits="userSpaceOnUse">'
        f'<circle class="hm0" cx="{_RIGHT / 2}" cy="{_DOWN / 2}" r="1.6"/></pattern>'
        f'<rect x="{left}" y="{top}" width="{full}" height="{_DOWN * 7}" fill="url(#heat-dot)"/>'
        f'<rect x="{left + full}" y="{top}" width="{_RIGHT}" height="{rest}" fill="url(#heat-dot)"/>'
    )


def _sentence(days: int, reflections: int) -> str:
    if not days:
        return "Calendar of the last 26 weeks. Nothing written yet."
    return (
        f"Calendar of the last 26 weeks. You wrote on {days} day{'s' * (days != 1)}, "
        f"{reflections} of the entries {'is a reflection' if reflections == 1 else 'are reflections'}."
    )


def _place(day: date, monday: date) -> tuple[int, int]:
    offset = (day - monday).days
    return _LEFT + _RIGHT * (offset // 7), _TOP + _DOWN * (offset % 7)


def _diamond(day: date, monday: date, size: float) -> str:
    x, y = _place(day, monday)
    return f"M{x} {y - size:g}l{size:g} {size:g}-{size:g} {size:g}-{size:g}-{size:g}z"


def _labels(monday: date) -> str:
    parts = [
        f'<text class="hm-t" x="0" y="{_TOP + 4 + _DOWN * row}">{name}</text>'
        for row, name in ((0, "Mon"), (2, "Wed"), (4, "Fri"), (6, "Sun"))
    ]
    month, last_x = 0, -100
    for week in range(WEEKS):
        day, x = monday + timedelta(days=7 * week), _LEFT - 8 + _RIGHT * week
        if day.month != month and x - last_x > _RIGHT * 2:
            parts.append(f'<text class="hm-t" x="{x}" y="10">{day:%b}</text>')
            month, last_x = day.month, x
    return "".join(parts)
