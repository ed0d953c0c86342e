"""The SMART check with a person's own numbers: of a form as it is typed, and of a goal as it is stored.

A form is read here without Django's forms and without complaint: what cannot be read counts as not there yet. The check
answers every pause in typing, so it does no more than it must.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import JSONField, QuerySet
from django.db.models.expressions import RawSQL

from accounts.models import User
from core.compiled import CompiledQuery
from core.forms import DayField
from goals import plan
from goals.facts import Facts, Step
from goals.forms import GoalForm, MilestoneRows
from goals.forms.fields import AmountField
from goals.models import Goal
from goals.reading import LOGGED
from goals.smart import Check, check
from goals.trail import Step as TrailStep

# Hours are looked at over four weeks: a shorter time is chance, a longer one is another life.
HOURS_WEEKS = 4
# A pace counts as kept up when it lasted this long.
KEPT_UP = timedelta(days=14)
MOST_STEPS = 120
_AMOUNT, _DAY = AmountField(required=False), DayField(required=False)
_STEP = re.compile(r"(m\d{1,19}|new\d{1,3})-title")


class Logged(NamedTuple):
    """One thing somebody logged, with what its goal counts."""

    goal: int
    unit: str
    start: Decimal | None
    target: Decimal | None
    starts_on: date
    day: date
    value: Decimal | None
    hours: Decimal | None

    @classmethod
    def of_row(cls, row: list[Any]) -> "Logged":
        """Take from what goals.reading brings along."""
        goal, unit, start, target, starts_on, day, value, hours = row
        numbers = [None if each is None else Decimal(each) for each in (start, target, value, hours)]
        days = date.fromisoformat(starts_on), date.fromisoformat(day)
        return cls(goal, unit, numbers[0], numbers[1], *days, numbers[2], numbers[3])


@dataclass(frozen=True)
class Habits:
    """What a person really did: hours a week of late, and the best pace a week that was kept up. None if unknown."""

    hours_logged: Decimal | None = None
    best_pace: Decimal | None = None


def own_goal(pk: int, owner: User) -> Goal | None:
    """Return a goal of one's own with the number logged last (`latest_value`), or None."""
    goal: Goal | None = _OWN.one(goal=pk, owner=owner.pk)
    return goal


def _own(goal: int, owner: int) -> QuerySet[Goal]:
    return Goal.objects.editable_by(User(pk=owner)).with_latest_value().filter(pk=goal)


_OWN = CompiledQuery(_own, goal=int, owner=int)


def as_typed(form: GoalForm, rows: MilestoneRows) -> dict[str, Any]:
    """Return what a form shows, as its own page would post it."""
    values: dict[str, Any] = {name: form[name].value() for name in form.fields if name != "share"}
    for row in rows.forms:
        values[f"{row.prefix}-title"], values[f"{row.prefix}-due_on"] = row.title, row.due_on
        values[f"{row.prefix}-task"], values[f"{row.prefix}-remove"] = row.is_task, row.is_removed
        values[f"{row.prefix}-done"] = row.is_done
    return {name: "" if value is None else value for name, value in values.items()}


def look_at(values: Mapping[str, Any], *, owner: User, today: date, goal: Goal | None = None) -> tuple[Check, str]:
    """Check a form as it is typed, and say what follows from two of date, target and pace.

    `goal` is the one it changes, with its `latest_value`.
    """
    typed = Typed.of(values)
    return _check(values, typed, owner=owner, today=today, goal=goal), _say_plan(values, typed, today=today, goal=goal)


def _check(values: Mapping[str, Any], typed: "Typed", *, owner: User, today: date, goal: Goal | None) -> Check:
    unit, planned = str(values.get("unit", ""))[:200], _number(values.get("hours_a_week"))
    habits = habits_of(owner.pk, unit=unit, goal=goal, today=today)
    hours = habits.hours_logged
    if goal is None and hours is not None and planned is not None and planned < hours:
        hours = None  # what other goals take says how much time there is, not how much this one needs
    target, due_on = typed.target_and_due(today=today, now=_latest(goal))
    return check(
        Facts(
            today=today,
            title=str(values.get("title", "")),
            why=str(values.get("why", "")),
            achievable=str(values.get("achievable", "")),
            measure=str(values.get("measure", "")),
            unit=unit,
            start_value=typed.start,
            target_value=target,
            value_now=_latest(goal),
            evidence=str(values.get("evidence", "")),
            starts_on=typed.starts_on,
            due_on=due_on,
            milestones=list(_steps(values)),
            hours_a_week=planned,
            hours_logged=hours,
            best_pace=habits.best_pace,
        )
    )


def smart_context(goal: Goal, *, steps: Sequence[TrailStep], latest: Decimal | None, today: date) -> dict[str, Any]:
    """Return what goals/_goal_smart.html shows of a stored goal, for its owner.

    One query, unless what was logged came along with the goal (`goals.reading`).
    """
    row = getattr(goal, "habits_row", None)
    habits = habits_of(goal.owner_id, unit=goal.unit, goal=goal, today=today, row=row)
    facts = Facts(
        today=today,
        title=goal.title,
        why=goal.why,
        achievable=goal.achievable,
        measure=goal.measure,
        unit=goal.unit,
        start_value=goal.start_value,
        target_value=goal.target_value,
        value_now=latest,
        evidence=goal.evidence,
        starts_on=goal.starts_on,
        due_on=goal.due_on,
        milestones=[Step(each.title, each.due_on, each.is_done) for each in steps],
        hours_a_week=goal.hours_a_week,
        hours_logged=habits.hours_logged,
        best_pace=habits.best_pace,
    )
    return {"smart": panel(check(facts))}


def panel(found: Check) -> dict[str, Any]:
    """Return the five letters as a template draws them."""
    letters = [
        {"letter": each.letter, "name": each.name, "is_clear": each.is_clear, "says": each.says}
        for each in found.letters
    ]
    return {"clear": found.clear, "letters": letters}


def _say_plan(values: Mapping[str, Any], typed: "Typed", *, today: date, goal: Goal | None) -> str:
    """Return what follows from two of the three; where they do not go together, why."""
    try:
        return plan.say_result(
            computed=typed.computed,
            start=typed.start,
            now=_latest(goal),
            target=typed.target,
            pace=typed.pace,
            due=typed.due,
            unit=str(values.get("unit", ""))[:40],
            first=typed.first_day(today),
            today=today,
        )
    except plan.Unworkable as odd:
        return odd.words


class Typed(NamedTuple):
    """The numbers and days of a form as far as they can be read; those of a goal that counts nothing are None."""

    computed: str
    start: Decimal | None
    target: Decimal | None
    pace: Decimal | None
    due: date | None
    starts_on: date | None

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Typed":
        due, starts_on = _day(values.get("due_on")), _day(values.get("starts_on"))
        if values.get("measure") != Goal.Measure.NUMBER:
            return cls("pace", None, None, None, due, starts_on)
        computed = str(values.get("computed") or "pace")
        start, target, pace = (_number(values.get(name)) for name in ("start_value", "target_value", "pace"))
        computed = computed if computed in {"due_on", "target_value"} else "pace"
        return cls(computed, start, target, pace, due, starts_on)

    def first_day(self, today: date) -> date:
        return max(today, self.starts_on or today)

    def target_and_due(self, *, today: date, now: Decimal | None) -> tuple[Decimal | None, date | None]:
        """Return both, the one that follows from the others worked out; None where that cannot be."""
        first, start, pace = self.first_day(today), self.start, self.pace
        try:
            if self.computed == "due_on":
                if start is None or self.target is None or pace is None:
                    return self.target, None
                return self.target, plan.day_reached(start=start, target=self.target, pace=pace, first=first, now=now)
            if self.computed == "target_value":
                here = start if now is None else now
                if here is None or self.due is None or pace is None:
                    return None, self.due
                return plan.value_reached(start=here, pace=pace, first=first, due=self.due), self.due
        except plan.Unworkable:
            return (None, self.due) if self.computed == "target_value" else (self.target, None)
        return self.target, self.due


def habits_of(owner: int, *, unit: str, goal: Goal | None, today: date, row: list[Any] | None = None) -> Habits:
    """Return what this person did of late: for a goal with its own hours, else with those of all goals together.

    `row`, what came along with a goal, spares the query.
    """
    if row is None:
        ((row,),) = _LOGGED.rows(owner=owner)
    logged = [each for each in map(Logged.of_row, row) if each.day <= today]
    since = today - timedelta(weeks=HOURS_WEEKS)
    own = logged if goal is None else [each for each in logged if each.goal == goal.pk]
    hours = [each.hours for each in own if each.hours is not None and each.day > since]
    begun = goal is None or goal.starts_on <= since  # the first weeks of a goal are no habit yet
    wanted = unit.strip().casefold()
    same = [each for each in logged if (goal and each.goal == goal.pk) or (wanted and each.unit.casefold() == wanted)]
    return Habits(
        hours_logged=sum(hours, Decimal(0)) / HOURS_WEEKS if hours and begun else None,
        best_pace=best_pace(same),
    )


def best_pace(logged: Iterable[Logged]) -> Decimal | None:
    """Return the most that one goal moved towards its target in two weeks or more, per week; None if it never did."""
    points: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
    for each in logged:
        if each.value is None or each.start is None or each.target is None:
            continue
        sign = -1 if each.target < each.start else 1
        own = points[each.goal]
        if not own:
            own.append((each.starts_on, sign * each.start))
        own.append((each.day, sign * each.value))
    best = max((_fastest(sorted(own)) for own in points.values()), default=Decimal(0))
    return best or None


def _fastest(points: list[tuple[date, Decimal]]) -> Decimal:
    best, first = Decimal(0), 0
    for day, value in points:
        while first + 1 < len(points) and day - points[first + 1][0] >= KEPT_UP:
            first += 1
            best = max(best, _pace(points[first], (day, value)))
        best = max(best, _pace(points[first], (day, value)))
    return best


def _pace(before: tuple[date, Decimal], after: tuple[date, Decimal]) -> Decimal:
    days = (after[0] - before[0]).days
    return (after[1] - before[1]) * 7 / days if days >= KEPT_UP.days else Decimal(0)


_LOGGED = CompiledQuery(
    lambda owner: User.objects.filter(pk=owner).order_by().values_list(RawSQL(LOGGED, (), output_field=JSONField())),  # noqa: S611 - constant
    owner=int,
)


def _steps(values: Mapping[str, Any]) -> Iterable[Step]:
    """Read the milestone lines; tasks are only ticked, and lines that go are gone."""
    names = [name[: -len("-title")] for name in values if _STEP.fullmatch(name)]
    for name in names[:MOST_STEPS]:
        title = str(values.get(f"{name}-title", "")).strip()[:200]
        if title and not values.get(f"{name}-remove") and not values.get(f"{name}-task"):
            yield Step(title, _day(values.get(f"{name}-due_on")), is_done=bool(values.get(f"{name}-done")))


def _number(text: Any) -> Decimal | None:
    try:
        found: Decimal | None = _AMOUNT.clean(text) if text not in {None, ""} else None
    except ValidationError:
        return None
    return found


def _day(text: Any) -> date | None:
    if isinstance(text, date) or text in {None, ""}:
        return text or None
    try:
        found: date | None = _DAY.clean(text)
    except ValidationError:
        return None
    return found


def _latest(goal: Goal | None) -> Decimal | None:
    latest: Decimal | None = getattr(goal, "latest_value", None)
    return latest
