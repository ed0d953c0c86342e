from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.forms import DayField, LineField
from goals.forms.fields import AmountField, before_its_goal
from goals.models import Goal, Milestone
from goals.reading import milestones_in_order
from goals.services import MAX_MILESTONES, MilestoneChanges

# Lines for new milestones: how many a form offers at first, and how many it reads, so that those beyond the room
# of a goal come back with a word instead of being left out.
FIRST_ROWS, MAX_ROWS_READ = 3, 2 * MAX_MILESTONES


_TITLE = LineField(max_length=200, required=False)
_DAY = DayField(required=False)


class MilestoneRow:
    """One line of the goal form: words, a day, whether it is a task, whether it goes. An empty new line is nothing.

    A plain object and no Django form: a goal may have sixty, and a form of each cost more than the page around them.
    `title` and `due_on` are the texts of the line as they stand; `errors` go by their names.
    """

    def __init__(
        self, prefix: str, data: Mapping[str, Any] | None = None, *, milestone: Milestone | None = None
    ) -> None:
        self.prefix, self.milestone, self.is_bound = prefix, milestone, data is not None
        self.is_done = bool(milestone and milestone.done_at)
        self.errors: dict[str, list[str]] = {}
        if data is not None:
            self.title, self.due_on = (str(data.get(f"{prefix}-{name}", "")) for name in ("title", "due_on"))
            self.is_task, self.is_removed = (bool(data.get(f"{prefix}-{name}")) for name in ("task", "remove"))
        else:
            self.title = milestone.title if milestone else ""
            self.due_on = milestone.due_on.isoformat() if milestone and milestone.due_on else ""
            self.is_task, self.is_removed = bool(milestone and milestone.is_task), False
        self._clean: Milestone | None = None

    def is_valid(self, *, starts_on: date | None = None, due_on: date | None = None) -> bool:
        """Read the line; a line that goes may say anything. The days are those of the goal, where they are known."""
        self.errors, self._clean = {}, None
        if self.is_removed:
            return True
        title = self._read("title", _TITLE, self.title)
        day = self._read("due_on", _DAY, self.due_on)
        if starts_on and not _keeps(self.milestone, day):
            odd = before_its_goal(day, starts_on=starts_on, due_on=due_on)
            self.errors |= {"due_on": [odd]} if odd else {}
        if not title and "title" not in self.errors and (self.milestone or day or "due_on" in self.errors):
            self.errors["title"] = ["Say what the milestone is."]
        if title and not self.errors:
            kind = Milestone.Kind.TASK if self.is_task else Milestone.Kind.MILESTONE
            self._clean = Milestone(title=title, due_on=day, kind=kind)
        return not self.errors

    @property
    def wanted(self) -> Milestone | None:
        """The milestone the line describes, not stored; only after `is_valid`."""
        if self._clean and (old := self.milestone):
            self._clean.pk, self._clean.goal, self._clean.position = old.pk, old.goal, old.position
            self._clean.at_value = None if self.is_task else old.at_value
        return self._clean

    @property
    def has_changed(self) -> bool:
        """Tell whether the line says something else than what is stored."""
        if self.is_removed or self.milestone is None:
            return self.is_removed or bool(self.title)
        return self.told(self.wanted) != self.told(self.milestone)

    @staticmethod
    def told(milestone: Milestone | None) -> tuple[Any, ...]:
        """Return what a line says of a milestone."""
        return (milestone.title, milestone.due_on, milestone.kind) if milestone else ()

    def _read(self, name: str, field: forms.Field, text: str) -> Any:
        try:
            return field.clean(text)
        except ValidationError as error:
            self.errors[name] = list(error.messages)
            return None


class MilestoneRows:
    """The milestone lines of a goal form: those there are (prefix `m<pk>`) and empty ones (`new<n>`).

    The keys of existing rows come from the goal, never from the form, so no posted id can reach another's row.
    """

    def __init__(self, data: Mapping[str, Any] | None = None, *, goal: Goal | None = None) -> None:
        existing = milestones_in_order(goal) if goal and goal.pk else []
        for each in existing:
            each.goal = goal  # type: ignore[assignment]
        self.limit = max(0, MAX_MILESTONES - len(existing))
        self.error = ""
        self.total = FIRST_ROWS if not existing else min(1, self.limit)
        if data is not None:
            self.total = _bounded(data.get("rows", ""), MAX_ROWS_READ)
            if "more_rows" in data:
                self.total = max(self.total, min(self.limit, self.total + 2))
        # A milestone the form does not know was added in another tab: it stays as it is.
        rows = [
            MilestoneRow(f"m{each.pk}", data if data and f"m{each.pk}-title" in data else None, milestone=each)
            for each in existing
        ]
        self.forms = rows + [MilestoneRow(f"new{number}", data) for number in range(self.total)]
        self.has_existing = bool(rows)
        self.template_row = MilestoneRow("new__prefix__")

    def is_valid(self, *, starts_on: date | None = None, due_on: date | None = None) -> bool:
        """Read every line, and say of each what is wrong; the days are those of the goal, where they are known."""
        valid = [row.is_valid(starts_on=starts_on, due_on=due_on) for row in self.forms if row.is_bound]
        if all(valid):
            found = self.changes()
            kept = sum(row.milestone is not None for row in self.forms) - len(found.removed)
            if found.added and kept + len(found.added) > MAX_MILESTONES:
                self.error = (
                    f"A goal has room for {MAX_MILESTONES} milestones. With these it would have"
                    f" {kept + len(found.added)}: empty some of the new lines, or remove others."
                )
        return all(valid) and not self.error

    def clear_errors(self) -> None:
        """Forget what is wrong: only more room was asked for."""
        self.error = ""
        for row in self.forms:
            row.errors = {}

    def changes(self) -> MilestoneChanges:
        """Return what to do; only after `is_valid`."""
        found = MilestoneChanges()
        for row in self.forms:
            old, new = row.milestone, row.wanted
            if not row.is_bound:
                continue
            if old is None:
                found.added += [new] if new else []
            elif row.is_removed:
                found.removed.append(old)
            elif new and row.has_changed:
                found.changed.append((old, new))
        return found


class MilestoneForm(forms.ModelForm):
    """A place on the way, or a thing to do; `is_short` leaves out the number at which a milestone is reached."""

    kind = forms.ChoiceField(
        label="What is it?",
        choices=Milestone.Kind.choices,
        initial=Milestone.Kind.MILESTONE,
        required=False,
        error_messages={"invalid_choice": "It is a milestone or a task."},
        widget=forms.RadioSelect(attrs={"data-look": "seg plain"}),
    )
    title = LineField(label="In a few words", max_length=200, error_messages={"required": "Say what the milestone is."})
    due_on = DayField(label="Date", required=False)
    at_value = AmountField(label="At which number", required=False, help_text="Reached by itself when you log it.")

    class Meta:
        model = Milestone
        fields = ("kind", "title", "due_on", "at_value")

    def __init__(self, *args: Any, goal: Goal, is_short: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goal = goal
        if not goal.counts or is_short:
            del self.fields["at_value"]

    def clean_kind(self) -> str:
        """Stay what it is where nothing was chosen."""
        return self.cleaned_data["kind"] or self.instance.kind

    def clean_due_on(self) -> date | None:
        return _checked_day(self.cleaned_data["due_on"], self.instance, self.goal)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == Milestone.Kind.TASK and cleaned.get("at_value") is not None:
            self.add_error("at_value", "Only a milestone lies at a number. Empty this, or make it a milestone.")
        return cleaned


class MilestoneMoveForm(forms.ModelForm):
    """Another day for a milestone."""

    due_on = DayField(label="New date", error_messages={"required": "Choose a day."})

    class Meta:
        model = Milestone
        fields = ("due_on",)

    def clean_due_on(self) -> date | None:
        return _checked_day(self.cleaned_data["due_on"], self.instance, self.instance.goal)


def _keeps(milestone: Milestone | None, day: date | None) -> bool:
    """Tell whether a milestone keeps its day, or is behind its owner already: neither is asked about."""
    return milestone is not None and (milestone.done_at is not None or milestone.due_on == day)


def _checked_day(day: date | None, milestone: Milestone, goal: Goal) -> date | None:
    odd = before_its_goal(day, starts_on=goal.starts_on, due_on=goal.due_on)
    if odd and not _keeps(milestone, day):
        raise ValidationError(odd, code="before_its_goal")
    return day


def _bounded(text: str, limit: int) -> int:
    """Return a small count from a form; nonsense is nought."""
    return min(limit, int(text)) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 4 else 0
