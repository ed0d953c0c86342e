"""What the page of a counting goal says about its pace: a sentence, a drawing, the numbers, and what could give way."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from math import ceil

from django.utils.safestring import SafeString

from accounts.models import Break
from core.timekeeping import say_day_within
from goals import forecast as fc
from goals.chart import Drawing, draw, svg
from goals.forecast import Course, Forecast, State
from goals.models import Goal, Rest
from goals.numbers import say_hours, say_number
from goals.outlook import Lever, course_of, levers, rate_of, sentence
from goals.pace import Figure, Paces
from goals.reading import Series

# The numbers behind the drawing, newest first; the log has them all.
NUMBERS_SHOWN = 20
MAX_UNIT = 14
MOST_HOURS = 100  # as Goal.hours_a_week


@dataclass(frozen=True)
class Offer:
    """A lever, and where it is pulled: `url` is a form that is filled in already, empty where there is none."""

    kind: str
    sentence: str
    url: str = ""
    words: str = ""

    @property
    def is_small(self) -> bool:
        """Tell whether its form fits in the place of the button."""
        return self.kind != "pace"


@dataclass(frozen=True)
class Row:
    """A line of the table: what was logged, and what the plan said that day."""

    day: str
    value: str
    plan: str


@dataclass(frozen=True)
class Ahead:
    """The pace of a goal on a day. What is drawn is worked out only where it is asked for."""

    goal: Goal
    series: Series
    today: date

    @cached_property
    def course(self) -> Course:
        return course_of(
            self.goal,
            today=self.today,
            updates=[(day, value) for day, value, _ in self.series.updates],
            rests=[Rest(starts_on=first, ends_on=until) for first, until in self.series.rests],
            breaks=[Break(from_on=first, until_on=until) for first, until in self.series.breaks],
        )

    @cached_property
    def found(self) -> Forecast:
        return fc.forecast(self.course)

    @property
    def is_told(self) -> bool:
        """Tell whether there is a forecast to speak of: not for what rests or has ended."""
        return self.goal.is_active

    @cached_property
    def sentence(self) -> str:
        if self.is_told:
            return sentence(self.course, self.found, unit=self.goal.unit)
        if self.goal.paused_on:
            since = say_day_within(self.goal.paused_on, self.today)
            return f"It rests since {since}. Where it leads shows again once it is taken up."
        return "What was logged, beside the plan."

    @cached_property
    def figure(self) -> Figure | None:
        """When it will be there at this pace, as a figure beside the others."""
        found = self.found if self.is_told else None
        if found is None or found.state != State.ARRIVES or found.likely is None:
            return None
        late = found.days_late
        days = f"{abs(late or 0)} day{'' if abs(late or 0) == 1 else 's'}"
        said = "" if late is None else f", {days} late" if late > 0 else f", {days} early" if late < 0 else ", on time"
        return Figure(_day(found.likely, self.today), "", f"at this pace{said}")

    @property
    def paces(self) -> Paces | None:
        """The paces of the forecast, for the figures; None where there is no forecast."""
        found = self.found
        if not self.is_told or found.pace is None:
            return None
        so_far = Figure(*rate_of(found.pace, self.course), "") if found.pace > 0 else None
        needed = Figure(*rate_of(found.needed, self.course, is_needed=True), "") if found.needed else None
        return so_far, needed

    @cached_property
    def is_late(self) -> bool:
        """Tell whether something has to give way."""
        found = self.found
        return found.state == State.DOES_NOT_ARRIVE or (found.days_late or 0) > 0

    @cached_property
    def offers(self) -> list[Offer]:
        if not self.is_told or self.found.state == State.TOO_EARLY:
            return []
        hours = self.series.weekly_hours(self.goal, self.today)
        return [
            self._offer(lever) for lever in levers(self.course, self.found, unit=self.goal.unit, weekly_hours=hours)
        ]

    @cached_property
    def drawing(self) -> Drawing | None:
        """None until something was logged."""
        if not any(value is not None for _, value, _ in self.series.updates) or self.goal.target_value is None:
            return None
        lines = self.lines
        if not self.is_told:
            lines = fc.Chart(lines.points, lines.plan)
        return draw(
            lines,
            target=float(self.goal.target_value),
            today=self.today,
            due_on=self.goal.due_on,
            here=self._here(lines.points[-1][1]),
            likely=self.found.likely if self.is_told and self.found.state == State.ARRIVES else None,
            is_open=not self.goal.is_closed,
        )

    @cached_property
    def picture(self) -> SafeString:
        """The drawing as markup, empty until something was logged."""
        return svg(self.drawing, self.label) if self.drawing else SafeString("")

    @property
    def label(self) -> str:
        """The drawing in words."""
        goal = self.goal
        target = say_number(goal.target_value) if goal.target_value is not None else ""
        plan = f", against a steady plan to {target} by {_day(goal.due_on, self.today)}" if goal.due_on else ""
        unit = f"{goal.unit} " if goal.unit else ""
        return f"Line chart: {unit}since {_day(goal.starts_on, self.today)}{plan}. {self.sentence}"

    @cached_property
    def rows(self) -> list[Row]:
        """The newest numbers, each beside the plan of its day."""
        known = [(day, value) for day, value, _ in self.series.updates if value is not None][-NUMBERS_SHOWN:]
        return [Row(_day(day, self.today), say_number(value), self._plan_on(day)) for day, value in reversed(known)]

    @property
    def has_more_rows(self) -> bool:
        return sum(value is not None for _, value, _ in self.series.updates) > NUMBERS_SHOWN

    @cached_property
    def outlook(self) -> list[tuple[str, str]]:
        """The forecast as rows of the table."""
        found = self.found
        if not self.is_told or found.state != State.ARRIVES or not (found.likely and found.earliest):
            return []
        days = [("At the earliest", _day(found.earliest, self.today)), ("Most likely", _day(found.likely, self.today))]
        return [*days, ("At the latest", _day(found.latest, self.today) if found.latest else "Not to be said")]

    @cached_property
    def lines(self) -> fc.Chart:
        return fc.chart(self.course)

    @cached_property
    def _plan(self) -> list[tuple[int, float]]:
        return [(date.fromisoformat(at).toordinal(), value) for at, value in self.lines.plan]

    def _plan_on(self, day: date) -> str:
        """Read the plan's line at a day."""
        ordinal = day.toordinal()
        for (before, low), (after, high) in pairwise(self._plan):
            if before <= ordinal <= after:
                value = low + (high - low) * (ordinal - before) / max(1, after - before)
                return say_number(Decimal(str(round(value, 1))))
        return ""

    def _here(self, value: float) -> str:
        number = say_number(Decimal(str(round(value, 2))))
        if not self.goal.start_value and not self.goal.is_falling:
            return f"{number} done"
        return f"{number} {self.goal.unit}".rstrip() if len(self.goal.unit) <= MAX_UNIT else number

    def _offer(self, lever: Lever) -> Offer:
        pk, found = self.goal.pk, self.found
        if lever.kind == "date" and lever.day and (found.days_late or 0) > 0:
            url, words = (
                f"/goals/{pk}/move/?due_on={lever.day.isoformat()}",
                f"Move the date to {_day(lever.day, self.today)}",
            )
        elif lever.kind == "target" and lever.value is not None and self._is_smaller(lever.value):
            number = format(Decimal(str(round(lever.value, 2))).normalize(), "f")
            url, words = f"/goals/{pk}/shrink/?target_value={number}", f"Make it {say_number(Decimal(number))}"
        elif lever.kind == "pace" and lever.hours and (hours := ceil(round(lever.hours * 2, 6)) / 2) <= MOST_HOURS:
            url = f"/goals/{pk}/edit/?hours_a_week={hours:g}#id_hours_a_week"
            words = f"Plan {say_hours(Decimal(str(hours)))} a week"
        else:
            url = words = ""
        return Offer(lever.kind, lever.sentence, url, words)

    def _is_smaller(self, value: float) -> bool:
        """Tell whether this is a nearer target that is still ahead."""
        start, target = self.course.start, self.course.target
        low, high = sorted((self.found.level, float(target)))
        return low < value < high and value != float(start)


def _day(day: date, today: date) -> str:
    return f"{day.day} {day:%B}" + ("" if day.year == today.year else f" {day.year}")
