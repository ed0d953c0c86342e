"""What follows from an entry, as its owner's page shows and asks it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from core.compiled import CompiledQuery
from core.forms import DayField, LineField
from core.timekeeping import say_day_within, week_key
from goals.forms.fields import before_its_goal
from goals.models import Goal
from journal import periods
from journal.follow import focus_key
from journal.models import INTENTION_LENGTH, Entry, EntryGoal, Outcome, Proposal
from journal.proposals import LENGTHS
from wins.forms import GoalField

GOALS_SHOWN, PROPOSALS_SHOWN, ASKED_AT_MOST = 8, 20, 6
# How long it is asked whether something was done, and how long an answer stands where it was asked.
ASKED_FOR, ANSWER_STAYS = timedelta(days=45), timedelta(days=7)
_NEEDED = {"required": "Write a few words first."}


class WinForm(forms.Form):
    """One line that is kept as a win."""

    text = LineField(label="What went well?", max_length=LENGTHS["win"], error_messages=_NEEDED)


class TaskForm(forms.Form):
    """Something to do for one of the goals on the way."""

    text = LineField(label="What will you do?", max_length=LENGTHS["task"], error_messages=_NEEDED)
    goal = GoalField(
        Goal.objects.none(),
        label="For which goal?",
        empty_label="Choose a goal",
        error_messages={
            "required": "Choose the goal it is for.",
            "invalid_choice": "That goal is no longer on the way. Choose another.",
        },
    )
    due_on = DayField(label="By when?", required=False)

    def __init__(self, *args: Any, entry: Entry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = EntryGoal.objects.filter(entry=entry, goal=OuterRef("pk"))
        own = Goal.objects.owned_by(entry.owner).on_the_way().annotate(is_named=Exists(named))
        # Those the entry is about first; asked once for the field and for the page around it.
        self.goals: list[Any] = list(own.order_by("-is_named", "ranked_on", "pk"))
        field: Any = self.fields["goal"]
        field.queryset = own
        field.choices = [("", field.empty_label), *((goal.pk, goal.title) for goal in self.goals)]
        self.initial["goal"] = next((goal for goal in self.goals if goal.is_named), None)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if goal := cleaned.get("goal"):
            odd = before_its_goal(cleaned.get("due_on"), starts_on=goal.starts_on, due_on=goal.due_on)
            if odd:
                self.add_error("due_on", odd)
        return cleaned


class FocusForm(forms.Form):
    """What matters most in this week or the next."""

    text = LineField(label="What matters most?", max_length=INTENTION_LENGTH, error_messages=_NEEDED)
    week = forms.ChoiceField(label="In which week?", widget=forms.RadioSelect(attrs={"data-look": "seg plain"}))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this = week_key(today)
        self.fields["week"].choices = [(this, "This week"), (periods.next_week(this), "Next week")]  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Came:
    """One thing that came of an entry, as a line."""

    words: str
    about: str
    url: str
    icon: str


def came_of(entry: Entry, *, today: date) -> list[Came]:
    """Return what came of an entry, the oldest first; without what was taken away since."""
    return [_came(row, today) for row in Outcome.objects.filter(entry=entry).standing().with_things()]


def _came(row: Outcome, today: date) -> Came:
    if row.win is not None:
        return Came(row.win.text, "A win you kept", row.win.get_absolute_url(), "trophy")
    if row.milestone is not None:
        done = ", done" if row.milestone.done_at else ""
        about = f"A task in {row.milestone.goal.title}{done}"
        return Came(row.milestone.title, about, row.milestone.get_absolute_url(), "check2")
    if row.goal is not None:
        return Came(row.goal.title, row.get_how_display(), row.goal.get_absolute_url(), "diamond")
    meant: Any = row.intention  # a constraint: one of the four is there
    return Came(meant.text, f"Focus of {periods.say_period(meant.key, today)}", "/", "signpost-split")


def forms_of(entry: Entry, data: Any = None, *, today: date) -> dict[str, forms.Form]:
    """Return the forms by what they make; the one that `data` names by its `kind` is filled with it."""
    sent = data.get("kind") if data else None

    def given(kind: str) -> Any:
        return data if sent == kind else None

    return {
        "win": WinForm(given("win"), auto_id="id_win_%s"),
        "task": TaskForm(given("task"), entry=entry, auto_id="id_task_%s"),
        "focus": FocusForm(
            given("focus"), today=today, auto_id="id_focus_%s", initial={"week": focus_key(entry, today)}
        ),
    }


def follow_context(entry: Entry, filled: dict[str, Any], *, today: date) -> dict[str, Any]:
    """Return what the owner of an entry is shown: what it proposes, what came of it, and what can be made of it."""
    goals = filled["task"].goals
    return {
        "entry": entry,
        "proposals": list(Proposal.objects.filter(entry=entry).open()[:PROPOSALS_SHOWN]),
        "came": came_of(entry, today=today),
        "forms": filled,
        "goals": goals[:GOALS_SHOWN],
        "goals_left": max(0, len(goals) - GOALS_SHOWN),
        "choices": goals,
        "focus_week": focus_key(entry, today),
    }


def _to_ask(owner: int, key: str, made_after: datetime, answered_after: datetime) -> QuerySet[Outcome]:
    rows = Outcome.objects.owned_by(User(pk=owner)).to_ask(made_after=made_after, answered_after=answered_after)
    return rows.exclude(entry__period__key=key).select_related("milestone__goal", "goal")[:ASKED_AT_MOST]


_TO_ASK = CompiledQuery(_to_ask, owner=int, key=str, made_after=datetime, answered_after=datetime)


@dataclass(frozen=True, slots=True)
class Question:
    """Whether something that followed from an earlier entry was done, or helped. `asks` is empty where that is plain."""

    PREFIX: ClassVar[str] = "came_of_"

    outcome: Outcome
    words: str
    asks: str
    when: str

    @property
    def name(self) -> str:
        """The name of its field."""
        return f"{self.PREFIX}{self.outcome.pk}"

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """What can be said, with whether it was."""
        return [(value, label, value == self.outcome.answer) for value, label in Outcome.Answer.choices]


def questions_of(owner: User, key: str, *, now: datetime) -> list[Question]:
    """Return what the reflection of a week or month asks about the entries before it."""
    today = owner.today(now)
    since = {"made_after": now - ASKED_FOR, "answered_after": now - ANSWER_STAYS}
    asked = _TO_ASK.objects(owner=owner.pk, key=key, **since)
    return [_question(row, say_day_within(owner.today(row.created_at), today)) for row in asked]


def _question(row: Outcome, when: str) -> Question:
    if row.milestone is not None:
        is_done = row.milestone.done_at is not None and not row.answer
        return Question(row, row.milestone.title, "" if is_done else "Done?", when)
    goal: Any = row.goal
    return Question(row, f"{goal.title}: {row.get_how_display().lower()}", "Did it help?", when)


def answers_in(data: Any, asked: list[Question]) -> list[tuple[Outcome, str]]:
    """Return what a form says about each of them; what it does not say, or says in other words, is left out."""
    said = [(each.outcome, data.get(each.name, "")) for each in asked if each.asks]
    return [(outcome, answer) for outcome, answer in said if answer in Outcome.Answer.values]
