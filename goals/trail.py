"""Where a goal stands: how far it has come, beside where its plan says today. Pure functions, no query and no clock.

A goal's axis runs from 0 to 100 %. For a counting goal that is the share of the number, for a goal of milestones the
share of time at which each of them is due. Days of rest do not count as time gone.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import NamedTuple, Self

from core.timekeeping import say_day
from core.trail import Mark, Trail
from goals.models import Goal, Milestone
from goals.numbers import say_number

# Within three points or three days of the plan somebody is on pace: life is not a metronome.
TOLERANCE_POINTS = 3.0
TOLERANCE_DAYS = 3
# Labels nearer to each other than this (per cent of the width) would run into each other.
LABEL_GAP = 14.0

# What each state is drawn as ({% status %}) and says, where the plan does not decide.
_SETTLED = {
    Goal.Status.DRAFT: ("draft", "Draft"),
    Goal.Status.PAUSED: ("rest", "Resting"),
    Goal.Status.ACHIEVED: ("done", "Reached"),
    Goal.Status.PARTLY: ("done", "Partly reached"),
    Goal.Status.DROPPED: ("dropped", "Let go"),
}


class Step(NamedTuple):
    """A milestone, as far as a trail is concerned."""

    title: str
    due_on: date | None = None
    is_done: bool = False
    at_value: Decimal | None = None

    @classmethod
    def of(cls, milestone: Milestone) -> Self:
        """Take from a row of the table."""
        return cls(milestone.title, milestone.due_on, milestone.done_at is not None, milestone.at_value)

    @classmethod
    def of_row(cls, row: Sequence[str | None]) -> Self:
        """Take from what `Goal.objects.with_progress()` brings along."""
        title, due_on, is_done, value = row
        day = date.fromisoformat(due_on) if due_on else None
        return cls(title or "", day, is_done == "true", None if value is None else Decimal(value))


class GoalFacts(NamedTuple):
    """A goal as far as a mail tells of it: what it is called and what says where it stands, as plain values.

    A row of `Goal.objects.with_progress().values_list(*GoalFacts._fields)`: thousands of goals are told in an hour, and an
    instance takes five times as long.
    """

    pk: int
    owner_id: int
    title: str
    status: str
    measure: str
    unit: str
    start_value: Decimal | None
    target_value: Decimal | None
    starts_on: date
    due_on: date | None
    rested_days: int
    latest_value: Decimal | None
    logged_on: date | None
    milestone_rows: Sequence[Sequence[str | None]]

    @property
    def counts(self) -> bool:
        return self.measure == Goal.Measure.NUMBER

    @property
    def is_active(self) -> bool:
        return self.status == Goal.Status.ACTIVE

    def value_now(self, latest: Decimal | None) -> Decimal | None:
        return self.start_value if latest is None else latest

    def get_absolute_url(self) -> str:
        return f"/goals/{self.pk}/"


AnyGoal = Goal | GoalFacts


@dataclass(frozen=True)
class Standing:
    """Where a goal stands on a day.

    `kind` names the drawing of the status, `words` say it ("A little behind"), `count` gives the number ("5 of 12
    interviews"), `walked` and `plan` are per cent of the way.
    """

    kind: str
    words: str
    count: str
    walked: float
    plan: float | None
    draw: Callable[..., Trail] = field(repr=False, compare=False)

    @property
    def trail(self) -> Trail:
        """What a list draws of it, worked out when asked for: a mail only says it."""
        return self.draw(is_labelled=False)

    @property
    def labelled_trail(self) -> Trail:
        """The same with the labels of its marks, for a big drawing."""
        return self.draw(is_labelled=True)

    @property
    def needs_a_look(self) -> bool:
        return self.kind in {"late", "slow"}

    @property
    def sentence(self) -> str:
        """The count and the status in one line: "5 of 12 interviews, a little behind"."""
        return f"{self.count}, {self.words[:1].lower()}{self.words[1:]}"


def standing_of(goal: AnyGoal, *, today: date) -> Standing:
    """Return where a goal stands that came from `Goal.objects.with_progress()`."""
    steps = [Step.of_row(row) for row in goal.milestone_rows]  # type: ignore[union-attr]
    latest, logged_on = goal.latest_value, goal.logged_on  # type: ignore[union-attr]
    return standing(goal, today=today, steps=steps, latest=latest, is_logged=logged_on is not None)


def standing(
    goal: AnyGoal, *, today: date, steps: Sequence[Step] = (), latest: Decimal | None = None, is_logged: bool = False
) -> Standing:
    """Return where a goal stands on a day, from its milestones and the number logged last.

    `is_logged` says whether anything was logged at all.
    """
    places = [] if goal.counts else sorted(_place(step, number, len(steps), goal) for number, step in enumerate(steps))
    walked = _walked(goal, steps, places, latest)
    plan = _plan(goal, today)
    kind, words = _status(goal, steps, places, walked=walked, plan=plan, is_logged=is_logged, today=today)
    count = say_count(goal, steps, latest)
    if goal.status == Goal.Status.ACHIEVED:
        walked = 100.0
    is_moving = kind in {"ahead", "ok", "slow"}

    def draw(*, is_labelled: bool) -> Trail:
        return Trail(
            walked=walked,
            label=f"{count}, {words[:1].lower()}{words[1:]}.",
            plan=plan if is_moving else None,
            marks=_marks(goal, steps, walked=walked, is_late=kind == "late", is_labelled=is_labelled, today=today),
            here=is_moving or kind == "late",
            faded=kind in {"late", "rest", "dropped"},
        )

    return Standing(kind, words, count, walked, plan, draw)


def share_gone(goal: AnyGoal, day: date) -> float:
    """Return how much of the time between first day and date has gone on `day`, in per cent from 0 to 100.

    Days of rest are taken out of both sides, so that a rest neither hurries nor excuses what comes after it.
    """
    if goal.due_on is None:
        return 0.0
    total = (goal.due_on - goal.starts_on).days - goal.rested_days
    gone = (day - goal.starts_on).days - goal.rested_days
    return 100.0 if total <= 0 else _clamp(gone / total * 100)


def say_count(goal: AnyGoal, steps: Sequence[Step] = (), latest: Decimal | None = None) -> str:
    """Return how far a goal is as people say it: "5 of 12 interviews", "82 kg, from 90 to 75", "2 of 4 milestones"."""
    now = goal.value_now(latest)
    if goal.counts and now is not None and goal.target_value is not None:
        return say_share(now, goal.start_value, goal.target_value, goal.unit)
    if steps:
        done = sum(step.is_done for step in steps)
        return f"{done} of {len(steps)} milestone{'' if len(steps) == 1 else 's'}"
    return "No milestones yet" if goal.measure == Goal.Measure.MILESTONES else "Done or not"


def say_share(now: Decimal, start: Decimal | None, target: Decimal, unit: str) -> str:
    """Return how far a number has come: "5 of 12 interviews", "82 kg, from 90 to 75"."""
    if not start:
        return f"{say_number(now)} of {say_number(target)} {unit}".rstrip()
    return f"{say_number(now)} {unit}".rstrip() + f", from {say_number(start)} to {say_number(target)}"


def _walked(goal: AnyGoal, steps: Sequence[Step], places: list[float], latest: Decimal | None) -> float:
    """Return the per cent walked: the share of the number, else the place of the last milestone reached.

    Milestones done out of order count as the first so many: three of five done is the way to the third.
    """
    if goal.counts:
        return _share_of_value(goal, goal.value_now(latest))
    done = sum(step.is_done for step in steps)
    if not done:
        return 0.0
    return 100.0 if done == len(steps) else places[done - 1]


def _share_of_value(goal: AnyGoal, value: Decimal | None) -> float:
    if value is None or goal.start_value is None or goal.target_value is None:
        return 0.0
    return _clamp(float((value - goal.start_value) / (goal.target_value - goal.start_value)) * 100)


def _place(step: Step, number: int, total: int, goal: AnyGoal) -> float:
    """Return where a milestone lies in time; one without a date takes an even share."""
    if step.due_on is None or goal.due_on is None:
        return (number + 1) / total * 100
    whole = (goal.due_on - goal.starts_on).days
    return _clamp((step.due_on - goal.starts_on).days / whole * 100) if whole > 0 else 100.0


def _plan(goal: AnyGoal, today: date) -> float | None:
    return share_gone(goal, today) if goal.is_active and goal.due_on is not None else None


def _status(
    goal: AnyGoal,
    steps: Sequence[Step],
    places: list[float],
    *,
    walked: float,
    plan: float | None,
    is_logged: bool,
    today: date,
) -> tuple[str, str]:
    """Return the kind of the status and its words.

    A goal of milestones moves in leaps, so it is behind only when the next milestone lies behind the plan, not
    whenever the plan has left the last one.
    """
    if goal.status in _SETTLED or goal.due_on is None or plan is None:
        return _SETTLED.get(Goal.Status(goal.status), ("draft", "Draft"))
    late = (today - goal.due_on).days
    if late > 0:
        return "late", f"{late} day{'' if late == 1 else 's'} past its date"
    whole = max(1, (goal.due_on - goal.starts_on).days - goal.rested_days)
    tolerance = max(TOLERANCE_POINTS, TOLERANCE_DAYS / whole * 100)
    done = sum(step.is_done for step in steps)
    has_begun = is_logged or done > 0 or walked > 0
    if today < goal.starts_on or (not has_begun and plan <= tolerance):
        return "new", "Not started"
    if not goal.counts and not steps:
        return "ok", "On the way"
    is_ahead = walked > plan + tolerance
    reach = walked if goal.counts or done == len(places) else places[done]
    if is_ahead:
        return "ahead", "Ahead of plan"
    return ("slow", "A little behind") if reach < plan - tolerance else ("ok", "On pace")


def _marks(
    goal: AnyGoal, steps: Sequence[Step], *, walked: float, is_late: bool, is_labelled: bool, today: date
) -> tuple[Mark, ...]:
    """Return the waymarks in order, the last of them the goal itself; labels that would collide are left out."""
    marks, counts, is_active = [], goal.counts, goal.is_active
    for number, step in enumerate(steps):
        if counts and step.at_value is None:
            continue
        at = _share_of_value(goal, step.at_value) if counts else _place(step, number, len(steps), goal)
        is_missed = is_active and not step.is_done and step.due_on is not None and step.due_on < today
        state = "done" if step.is_done else "late" if is_missed else ""
        if at < 99.5:
            marks.append(Mark(at, state, _label(goal, step, today) if is_labelled else ""))
    marks.sort(key=attrgetter("at"))
    end = Mark(100.0, "done" if walked >= 100 else "late" if is_late else "")
    return (*_spaced(marks), end._replace(label=_end_label(goal, today))) if is_labelled else (*marks, end)


def _end_label(goal: AnyGoal, today: date) -> str:
    if goal.counts:
        return "" if goal.target_value is None else say_number(goal.target_value)
    return say_day(goal.due_on, today) if goal.due_on else ""


def _label(goal: AnyGoal, step: Step, today: date) -> str:
    if goal.counts:
        number = say_number(step.at_value) if step.at_value is not None else ""
        return number if step.at_value == 1 else f"{number} {goal.unit}".rstrip()
    return say_day(step.due_on, today) if step.due_on else ""


def _spaced(marks: Iterable[Mark]) -> Iterable[Mark]:
    last = -LABEL_GAP
    for mark in marks:
        if not mark.label:
            yield mark
        elif mark.at - last >= LABEL_GAP and 100 - mark.at >= LABEL_GAP:
            last = mark.at
            yield mark
        else:
            yield Mark(mark.at, mark.state)


def _clamp(share: float) -> float:
    return min(100.0, max(0.0, share))
