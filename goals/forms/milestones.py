from collections.abc import Mapping
from typing import Any

from django import forms

from core.forms import DayField, LineField
from goals.forms.fields import AmountField
from goals.models import Goal, Milestone
from goals.services import MAX_MILESTONES, MilestoneChanges

# Lines for new milestones: how many a form offers at first, and how many it reads, so that those beyond the room
# of a goal come back with a word instead of being left out.
FIRST_ROWS, MAX_ROWS_READ = 3, 2 * MAX_MILESTONES


class MilestoneRowForm(forms.Form):
    """One line of the goal form. An empty new line is no milestone."""

    title = LineField(label="Milestone", max_length=200, required=False)
    due_on = DayField(label="Date", required=False)
    remove = forms.BooleanField(label="Remove", required=False)

    def __init__(self, *args: Any, milestone: Milestone | None = None, **kwargs: Any) -> None:
        self.milestone = milestone
        if milestone:
            kwargs["initial"] = {"title": milestone.title, "due_on": milestone.due_on}
        super().__init__(*args, **kwargs)
        if milestone is None:
            del self.fields["remove"]

    @property
    def is_removed(self) -> bool:
        return bool(self.milestone and self.cleaned_data.get("remove"))

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("remove"):
            self.errors.clear()
        elif not cleaned.get("title") and "title" in cleaned and (self.milestone or cleaned.get("due_on")):
            self.add_error("title", "Say what the milestone is.")
        return cleaned


class MilestoneRows:
    """The milestone lines of a goal form: those there are (prefix `m<pk>`) and empty ones (`new<n>`).

    The keys of existing rows come from the goal, never from the form, so no posted id can reach another's row.
    """

    def __init__(self, data: Mapping[str, Any] | None = None, *, goal: Goal | None = None) -> None:
        existing = list(goal.milestones.all()) if goal and goal.pk else []
        self.limit = max(0, MAX_MILESTONES - len(existing))
        self.error = ""
        self.total = FIRST_ROWS if not existing else min(1, self.limit)
        if data is not None:
            self.total = _bounded(data.get("rows", ""), MAX_ROWS_READ)
            if "more_rows" in data:
                self.total = max(self.total, min(self.limit, self.total + 2))
        # A milestone the form does not know was added in another tab: it stays as it is.
        rows = [
            MilestoneRowForm(
                data if data and f"m{each.pk}-title" in data else None, prefix=f"m{each.pk}", milestone=each
            )
            for each in existing
        ]
        new = [MilestoneRowForm(data, prefix=f"new{number}") for number in range(self.total)]
        self.forms = rows + new
        self.has_existing = bool(rows)
        self.template_row = MilestoneRowForm(prefix="new__prefix__")

    def is_valid(self) -> bool:
        valid = [
            form.is_valid() for form in self.forms if form.is_bound
        ]  # every line says what is wrong with it, not only the first
        if all(valid):
            found = self.changes()
            kept = sum(form.milestone is not None for form in self.forms) - len(found.removed)
            if found.added and kept + len(found.added) > MAX_MILESTONES:
                self.error = (
                    f"A goal has room for {MAX_MILESTONES} milestones. With these it would have"
                    f" {kept + len(found.added)}: empty some of the new lines, or remove others."
                )
        return all(valid) and not self.error

    def clear_errors(self) -> None:
        """Forget what is wrong: only more room was asked for."""
        self.error = ""
        for form in self.forms:
            form.errors.clear()

    def changes(self) -> MilestoneChanges:
        """Return what to do; only after `is_valid`."""
        found = MilestoneChanges()
        for form in self.forms:
            if not form.is_bound:
                continue
            title, due_on = form.cleaned_data.get("title", ""), form.cleaned_data.get("due_on")
            if form.milestone is None:
                if title:
                    found.added.append(Milestone(title=title, due_on=due_on))
            elif form.is_removed:
                found.removed.append(form.milestone)
            elif (title, due_on) != (form.milestone.title, form.milestone.due_on):
                old = form.milestone
                new = Milestone(
                    pk=old.pk, goal=old.goal, title=title, due_on=due_on, at_value=old.at_value, position=old.position
                )
                found.changed.append((old, new))
        return found


class MilestoneForm(forms.ModelForm):
    """A step on the way; `is_short` leaves out the number at which it is reached."""

    title = LineField(label="Milestone", max_length=200, error_messages={"required": "Say what the milestone is."})
    due_on = DayField(label="Date", required=False)
    at_value = AmountField(label="At which number", required=False, help_text="Reached by itself when you log it.")

    class Meta:
        model = Milestone
        fields = ("title", "due_on", "at_value")

    def __init__(self, *args: Any, goal: Goal, is_short: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not goal.counts or is_short:
            del self.fields["at_value"]


class MilestoneMoveForm(forms.ModelForm):
    """Another day for a milestone."""

    due_on = DayField(label="New date", error_messages={"required": "Choose a day."})

    class Meta:
        model = Milestone
        fields = ("due_on",)


def _bounded(text: str, limit: int) -> int:
    """Return a small count from a form; nonsense is nought."""
    return min(limit, int(text)) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 4 else 0
