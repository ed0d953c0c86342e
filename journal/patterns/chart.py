"""Mood and energy by week as a drawing, by the technique of docs/decisions/0074-chart.md: lines in a stretched square,
labels and marks beside it. Mood is a solid line with dots, energy a dashed one with hollow diamonds. Pure.
"""

from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from journal.patterns.feelings import WeekFelt

SIDE = 1000
# After so many weeks without a word a line ends, and begins anew.
LONGEST_GAP = 3
# Labels nearer than this (per cent) would touch.
MONTH_GAP, NAME_GAP = 9.0, 11.0
_HEIGHTS = ((5, "Highest"), (3, "Middle"), (1, "Lowest"))


def svg(weeks: Sequence[WeekFelt], label: str) -> SafeString:
    """Return the drawing as markup; `label` says it in words."""
    mood, energy = (_noted(weeks, measure) for measure in ("mood", "energy"))
    step = 100 / max(len(weeks) - 1, 1)
    grid = [
        f'<line class="pc-grid" x1="0" x2="100%" y1="{_cent(_y(value))}" y2="{_cent(_y(value))}"/>'
        f'<text class="pc-n" x="0" y="{_cent(_y(value))}" dx="-9" dy="4">{words}</text>'
        for value, words in _HEIGHTS
    ]
    dots = "".join(f"M{_at(place, value, step)}h.01" for place, value in mood)
    square = (
        f'<svg class="ov" width="100%" height="100%" viewBox="0 0 {SIDE} {SIDE}" preserveAspectRatio="none">'
        f"{_path('fc-energy', _curve(energy, step))}{_path('fc-mood', _curve(mood, step))}{_path('fc-dots', dots)}</svg>"
    )
    diamonds = [
        f'<svg class="ov" x="{_cent(place * step)}" y="{_cent(_y(value))}">'
        f'<path class="fc-dia" d="M0-4.5 4.5 0 0 4.5-4.5 0z"/></svg>'
        for place, value in energy
    ]
    parts = [*grid, *_months(weeks, step), square, *diamonds, *_names(mood, energy)]
    return mark_safe(  # noqa: S308 -- numbers and month names made here, the label is escaped
        f'<svg class="pc fc" role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>'
    )


def _noted(weeks: Sequence[WeekFelt], measure: str) -> list[tuple[int, float]]:
    """Return the places of the weeks of which something is known, with what it is."""
    return [(place, value) for place, week in enumerate(weeks) if (value := week.of(measure)) is not None]


def _y(value: float) -> float:
    return (5 - value) / 4 * 100


def _at(place: int, value: float, step: float) -> str:
    return f"{round(place * step * SIDE / 100)} {round(_y(value) * SIDE / 100)}"


def _curve(points: Sequence[tuple[int, float]], step: float) -> str:
    """Return a line through the points, level at each of them: what lies between never goes beyond either."""
    path = ""
    for number, (place, value) in enumerate(points):
        before, level = points[number - 1] if number else (place - LONGEST_GAP - 1, value)
        if place - before > LONGEST_GAP:
            path += f"M{_at(place, value, step)}"
        else:
            middle = (before + place) / 2
            ends = [round(middle * step * SIDE / 100), round(_y(level) * SIDE / 100), round(_y(value) * SIDE / 100)]
            path += f"C{ends[0]} {ends[1]} {ends[0]} {ends[2]} {_at(place, value, step)}"
    return path


def _path(css: str, path: str) -> str:
    return f'<path class="pc-l {css}" d="{path}"/>' if path else ""


def _months(weeks: Sequence[WeekFelt], step: float) -> list[str]:
    """Return the names of months where they begin, as far as there is room."""
    found, last = [], -100.0
    for place, week in enumerate(weeks):
        is_first = place == 0 or week.monday.month != weeks[place - 1].monday.month
        if is_first and place * step - last >= MONTH_GAP and place * step <= 97:
            words = week.monday.strftime("%Y" if week.monday.month == 1 and place else "%b")
            anchor = "start" if place == 0 else "middle"
            found.append(
                f'<text class="pc-d" x="{_cent(place * step)}" y="100%" dy="24" text-anchor="{anchor}">{words}</text>'
            )
            last = place * step
    return found


def _names(mood: Sequence[tuple[int, float]], energy: Sequence[tuple[int, float]]) -> list[str]:
    """Return the names of the lines, right of where they end and never over each other."""
    heights = {name: _y(points[-1][1]) for name, points in (("Mood", mood), ("Energy", energy)) if points}
    if len(heights) == 2 and abs(heights["Mood"] - heights["Energy"]) < NAME_GAP:
        upper, lower = sorted(heights, key=lambda name: (heights[name], name != "Mood"))
        middle = min(max(sum(heights.values()) / 2, NAME_GAP / 2), 100 - NAME_GAP / 2)
        heights = {upper: middle - NAME_GAP / 2, lower: middle + NAME_GAP / 2}
    return [
        f'<text class="pc-w fc-{name.lower()}-n" x="100%" y="{_cent(height)}" dx="12" dy="4">{name}</text>'
        for name, height in heights.items()
    ]


def _cent(share: float) -> str:
    return f"{share:.2f}".rstrip("0").rstrip(".") + "%"
