"""The SMART check: what about a goal could be clearer, and how to mend it. Advice only; nothing here may stop anybody.

Pure functions, no database and no clock. SMART as George Doran put it in 1981 (Management Review 70/11), with the words
most people know today: specific, measurable, achievable, relevant, time-bound. Each hint names one form field, says in a
sentence what is vague and in another how to mend it, with the person's own words where that reads well.
Which English words are vague stands in goals.wording.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from core.timekeeping import say_day, say_day_within
from goals.facts import Facts, Step, above_zero, sane
from goals.numbers import say_hours, say_number, say_pace
from goals.phrases import Wording, blank_in, is_said, matches_start, matches_whole, shorten
from goals.wording import BORROWED_REASONS, DATE, EMPTY_REASONS, NUMBER

Initial = Literal["S", "M", "A", "R", "T"]
NAMES: dict[Initial, str] = {
    "S": "Specific",
    "M": "Measurable",
    "A": "Achievable",
    "R": "Relevant",
    "T": "Time-bound",
}

# Plans and logs differ a little every week; from here on they differ.
HOURS_TOLERANCE = Decimal("1.5")
PACE_TOLERANCE = Decimal("1.1")
# More than this beside everything else is a second job.
MANY_HOURS = Decimal(30)
YEAR = timedelta(days=366)
QUARTER = timedelta(weeks=13)
# A reason of so few words may be nobody's own.
SHORT_REASON = 8


@dataclass(frozen=True)
class Finding:
    """One thing that could be clearer. `code` names the rule, `field` the form field it is about."""

    letter: Initial
    field: str
    code: str
    vague: str
    mend: str

    def __str__(self) -> str:
        return f"{self.vague} {self.mend}"


@dataclass(frozen=True)
class Letter:
    """One of the five: clear, with the fact that makes it so, or with findings, the weightiest first."""

    letter: Initial
    findings: tuple[Finding, ...]
    fact: str

    @property
    def name(self) -> str:
        return NAMES[self.letter]

    @property
    def is_clear(self) -> bool:
        return not self.findings

    @property
    def says(self) -> str:
        """The line beside the letter."""
        return str(self.findings[0]) if self.findings else self.fact


@dataclass(frozen=True)
class Check:
    """The five letters of a goal."""

    letters: tuple[Letter, ...]

    @property
    def clear(self) -> int:
        """How many of the five are clear."""
        return sum(letter.is_clear for letter in self.letters)

    @property
    def findings(self) -> list[Finding]:
        return [finding for letter in self.letters for finding in letter.findings]

    def hint_for(self, field: str) -> Finding | None:
        """Return what to say under a form field, if anything."""
        return next((finding for finding in self.findings if finding.field == field), None)

    def __getitem__(self, letter: str) -> Letter:
        return next(each for each in self.letters if each.letter == letter)


def check(facts: Facts) -> Check:
    """Look at a goal and say which of the five letters are clear."""
    rules = {"S": _specific, "M": _measurable, "A": _achievable, "R": _relevant, "T": _time_bound}
    said = {"S": _say_title, "M": _say_measure, "A": _say_means, "R": _say_reason, "T": _say_date}
    findings = [Finding(*found) for rule in rules.values() for found in rule(facts)]
    letters = []
    for initial in NAMES:
        own = tuple(finding for finding in findings if finding.letter == initial)
        letters.append(Letter(initial, own, "" if own else said[initial](facts)))
    return Check(tuple(letters))


Found = tuple[Initial, str, str, str, str]


def _specific(facts: Facts) -> Iterator[Found]:
    words = facts.words
    if not words.text:
        yield "S", "title", "empty", "There is no goal yet.", "Say in one sentence what you want to reach."
        return
    if blank := blank_in(facts.title):
        yield "S", "title", "blank", *_fill_in(blank)
    found = words.vague()
    if found and found.row.settled_by != DATE and not (found.row.settled_by == NUMBER and _is_counted(facts)):
        yield "S", "title", "vague", found.why, found.instead
    if found and found.row.settled_by == DATE and facts.due_on is None:
        yield "T", "title", "vague_date", found.why, found.instead
    aims = words.aims()
    if len(aims) > 1:
        named = ", ".join(f"“{aim}”" for aim in aims[:4])
        others = (
            "the other can be a goal of its own, or a milestone" if len(aims) == 2 else "the others can be milestones"
        )
        vague = f"These are {_count(len(aims))} aims in one: {named}."
        yield "S", "title", "many_aims", vague, f"Begin with “{aims[0]}”; {others}."
    example = words.heading()
    if example is not None and not found:
        mend = f"Start with a verb, such as “{example}”."
        if not example:
            mend = f"Start with a verb, such as “finish”, “build” or “give”: what will you do with “{shorten(words.text)}”?"
        yield "S", "title", "no_verb", "This names a subject and not yet what you will do.", mend


def _measurable(facts: Facts) -> Iterator[Found]:
    if facts.measure == "number":
        yield from _countable(facts)
    elif facts.measure == "milestones":
        if not facts.milestones:
            mend = (
                "Write two or three things that will be done on the way, such as “A first version is read by a friend”."
            )
            yield "M", "milestones", "no_milestones", "There are no milestones yet.", mend
        elif len(facts.milestones) == 1:
            mend = f"Add one that comes before “{shorten(facts.milestones[0].title)}”."
            yield "M", "milestones", "one_milestone", "With one milestone nothing shows on the way to it.", mend
    elif not is_said(facts.evidence):
        mend = "Name a thing that you could show a friend, such as a letter, a certificate or a link."
        yield "M", "evidence", "no_evidence", "Nothing says what will show that it is done.", mend
    elif blank := blank_in(facts.evidence):
        yield "M", "evidence", "blank", *_fill_in(blank)


def _countable(facts: Facts) -> Iterator[Found]:
    start, target, unit = sane(facts.start_value), sane(facts.target_value), shorten(facts.unit, 40)
    counted = facts.words.counted()
    if start is None and target is None:
        mend = (
            f"Write where you stand and where you want to be, such as “from 0 to 12 {unit or counted or 'interviews'}”."
        )
        yield "M", "target_value", "no_numbers", "There is no number yet.", mend
    elif target is None:
        yield "M", "target_value", "no_target", "The number has no end yet.", "Write the number you want to come to."
    elif start is None:
        yield (
            "M",
            "start_value",
            "no_start",
            "The number has no beginning yet.",
            "Write where you stand now; 0 is fine.",
        )
    elif start == target:
        mend = "Write where you stand now, and then where you want to be."
        yield "M", "target_value", "no_way", f"It goes from {say_number(start)} to {say_number(target)}.", mend
    if not unit:
        what = f"{say_number(target)} of what?" if target is not None else "Nothing says what is counted."
        mend = f"Write “{counted}”." if counted else "Write what you count, such as “interviews”, “pages” or “hours”."
        yield "M", "unit", "no_unit", what, mend


def _achievable(facts: Facts) -> Iterator[Found]:
    planned, logged = above_zero(facts.hours_a_week), above_zero(facts.hours_logged)
    if blank := blank_in(facts.achievable):
        yield "A", "achievable", "blank", *_fill_in(blank)
    if planned is None and not is_said(facts.achievable):
        mend = "Say how many hours a week you have, or who and what helps, such as “Tuesday mornings, and a colleague reads”."
        yield "A", "achievable", "no_means", "Nothing says what makes it possible.", mend
    if planned is not None and logged is not None and planned > logged * HOURS_TOLERANCE:
        vague = f"You plan {say_hours(planned)} a week; of late it was about {say_hours(logged)}."
        yield "A", "hours_a_week", "hours_over", vague, _mend_hours(facts, planned, logged)
    elif planned is not None and logged is not None and logged > planned * HOURS_TOLERANCE:
        vague = f"You plan {say_hours(planned)} a week; of late it took about {say_hours(logged)}."
        mend = f"Plan {say_hours(logged)}, or make the target smaller."
        yield "A", "hours_a_week", "hours_under", vague, mend
    elif planned is not None and planned > MANY_HOURS:
        vague = f"{say_hours(planned)} a week is most of a working week."
        mend = "If this is not your main work, say which hours of an ordinary week are free for it."
        yield "A", "hours_a_week", "many_hours", vague, mend
    yield from _pace(facts)


def _mend_hours(facts: Facts, planned: Decimal, logged: Decimal) -> str:
    if facts.weeks_left is None or facts.due_on is None:
        return f"Plan {say_hours(logged)}, or say what makes room for more."
    later = _after(facts.first_day, facts.weeks_left * planned / logged)
    if later is None:
        return f"Plan {say_hours(logged)} and make the target smaller."
    return f"With {say_hours(logged)} a week the same work would take until {say_day_within(later, facts.today)}."


def _pace(facts: Facts) -> Iterator[Found]:
    """Compare the pace a goal needs with the best that was ever kept up."""
    best, weeks, left = above_zero(facts.best_pace), facts.weeks_left, facts.left
    if best is None or weeks is None or not left or left / weeks <= best * PACE_TOLERANCE:
        return
    unit = f" {shorten(facts.unit, 40)}" if is_said(facts.unit) else ""
    vague = f"By then it takes {say_pace(left / weeks)}; the most so far was {say_pace(best)}."
    later = _after(facts.first_day, left / best)
    possible = int(best * weeks)
    ways = [f"the same target on {say_day_within(later, facts.today)}"] if later else []
    ways += [f"{possible:,}{unit} more by your date"] if possible else []
    mend = (
        f"At that pace it would be {', or '.join(ways)}." if ways else "Make the target smaller, or look for more time."
    )
    yield "A", "target_value", "pace", vague, mend


def _relevant(facts: Facts) -> Iterator[Found]:
    why = shorten(facts.why, 300)
    if not why:
        mend = "Write what would be different for you; you will read it again on the slow days."
        yield "R", "why", "no_reason", "Nothing says why it matters to you.", mend
    elif blank := blank_in(facts.why):
        yield "R", "why", "blank", *_fill_in(blank)
    elif not any(character.isalnum() for character in why):
        mend = "Write one sentence: what would be different for you?"
        yield "R", "why", "no_reason", f"“{shorten(why, 20)}” does not say why it matters.", mend
    elif matches_whole(why, EMPTY_REASONS):
        yield "R", "why", "empty_reason", f"“{shorten(why)}” would fit any goal.", EMPTY_REASONS.instead
    elif matches_start(why, BORROWED_REASONS, longest=SHORT_REASON):
        yield "R", "why", "borrowed_reason", BORROWED_REASONS.why, BORROWED_REASONS.instead
    elif Wording.of(why).words == facts.words.words:
        mend = "Write what would be different for you once you are there."
        yield "R", "why", "same_as_goal", "The reason says the same as the goal.", mend


def _time_bound(facts: Facts) -> Iterator[Found]:
    today, due_on = facts.today, facts.due_on
    if due_on is None:
        mend = f"Choose a day you believe in, such as {say_day(_later(today, QUARTER), today)}. It can move later."
        yield "T", "due_on", "no_date", "It has no date.", mend
    elif due_on <= today:
        vague = "The date is today." if due_on == today else f"{_day_in_full(due_on)} has passed."
        # Where the days between first day and date are over, the date was meant; elsewhere it is a slip of the year.
        is_over = facts.starts_on is not None and facts.starts_on < due_on
        meant = None if is_over else _meant(due_on, today)
        mend = f"Did you mean {_day_in_full(meant)}?" if meant and due_on != today else "Choose a day still ahead."
        yield "T", "due_on", "past", vague, mend
    elif facts.starts_on and due_on <= facts.starts_on:
        mend = f"Choose a day after {_day_in_full(facts.starts_on)}."
        yield "T", "due_on", "before_start", "The date comes before the first day.", mend
    elif due_on - today > YEAR and not any(_is_near(step, today) for step in facts.milestones):
        near = say_day(_later(today, QUARTER), today)
        mend = f"Add a milestone for the months ahead: what will be done by {near}?"
        yield "T", "milestones", "far", f"{_day_in_full(due_on)} is over a year away, with nothing nearer.", mend
    yield from _dated_milestones(facts)


def _dated_milestones(facts: Facts) -> Iterator[Found]:
    open_steps = [step for step in facts.milestones if not step.is_done]
    undated = [step for step in open_steps if step.due_on is None]
    if undated and facts.measure == "milestones":
        others = f" and {len(undated) - 1} more have" if len(undated) > 1 else " has"
        vague = f"“{shorten(undated[0].title, 40)}”{others} no date."
        yield "T", "milestones", "undated_milestone", vague, "Give each a day; a rough one is enough to see if it fits."
    late = next((step for step in open_steps if step.due_on and facts.due_on and step.due_on > facts.due_on), None)
    if late and late.due_on:
        vague = f"“{shorten(late.title, 40)}” comes after the goal's own date."
        mend = "Move the milestone forward, or the date of the goal back."
        yield "T", "milestones", "milestone_after_end", vague, mend


def _say_title(facts: Facts) -> str:
    readable = facts.words.is_readable
    return shorten(facts.title, 90) if readable else "The hints read English only. You know best whether this is clear."


def _say_measure(facts: Facts) -> str:
    if facts.measure == "number" and facts.start_value is not None and facts.target_value is not None:
        return f"{say_number(facts.start_value)} to {say_number(facts.target_value)} {shorten(facts.unit, 40)}"
    if facts.measure == "milestones":
        return f"{len(facts.milestones)} milestones"
    return f"Done or not. It will show by: {shorten(facts.evidence)}"


def _say_means(facts: Facts) -> str:
    planned = above_zero(facts.hours_a_week)
    if planned is None:
        return shorten(facts.achievable, 90)
    if facts.weeks_left is None:
        return f"{say_hours(planned)} a week"
    total = Decimal(round(planned * facts.weeks_left))
    return f"{say_hours(planned)} a week, about {say_hours(total)} in all"


def _say_reason(facts: Facts) -> str:
    return shorten(facts.why, 90)


def _say_date(facts: Facts) -> str:
    if facts.due_on is None:
        return ""
    days = (facts.due_on - facts.today).days
    away = f"{days // 7} weeks away" if days >= 14 else f"{days} days away" if days > 6 else ""
    day = say_day(facts.due_on, facts.today)
    return f"{day}, {away}" if away else day


def _fill_in(blank: str) -> tuple[str, str]:
    return f"“{blank}” is still to be filled in.", "Put your own words there."


def _is_counted(facts: Facts) -> bool:
    return facts.words.says_how_much or (facts.has_numbers and is_said(facts.unit))


def _is_near(step: Step, today: date) -> bool:
    return step.due_on is not None and not step.is_done and step.due_on - today <= YEAR


def _after(day: date, weeks: Decimal) -> date | None:
    """Return the day so many weeks later; None if that is more than ten years away, or off the calendar."""
    days = int(weeks * 7) + 1
    return _later(day, timedelta(days=days)) if days < 3653 else None


def _later(day: date, time: timedelta) -> date:
    return date.max if date.max - day < time else day + time


def _meant(day: date, today: date) -> date | None:
    """Return the next such day of the calendar: 31 July 2025 may have been meant as 31 July 2026."""
    for year in (today.year, today.year + 1):
        try:
            meant = day.replace(year=year)
        except ValueError:  # 29 February, or the end of the calendar
            continue
        if meant > today:
            return meant
    return None


def _day_in_full(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def _count(number: int) -> str:
    return {2: "two", 3: "three", 4: "four"}.get(number, str(number))
