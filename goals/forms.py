import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from core.forms import DayField, LineField, TextField
from core.timekeeping import say_day
from goals.models import Goal, Milestone, ProgressUpdate
from goals.services import MAX_MILESTONES, MilestoneChanges
from sharing.models import Mentorship

NUMBER_HELP = "Use a number, like 2 or 2.5."
# Lines for new milestones: how many a form offers at first, and how many it reads, so that those beyond the room
# of a goal come back with a word instead of being left out.
FIRST_ROWS, MAX_ROWS_READ = 3, 2 * MAX_MILESTONES
# Changes of these are promises moved: the history wants to know why.
REASON_FIELDS = ("start_value", "target_value", "due_on")


class AmountField(forms.DecimalField):
    """A number as people write it: "2,5" and "12 000" are numbers too."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "form-control"})
    default_error_messages = {
        "invalid": NUMBER_HELP,
        "max_digits": "This number is too large. Use at most twelve digits.",
        "max_whole_digits": "This number is too large. Use at most twelve digits.",
        "max_decimal_places": "Two decimals are enough.",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=14, decimal_places=2, **kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = re.sub(r"(?<=\d)[\s,](?=\d{3}(\D|$))", "", value.strip()).replace(",", ".")
            if len(value) > 40:
                raise ValidationError(self.error_messages["max_digits"], code="max_digits")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """Show stored numbers without empty decimals; what was typed comes back as it was."""
        return format(value.normalize(), "f") if isinstance(value, Decimal) else value


class ReadersField(forms.ModelMultipleChoiceField):
    """The people a thing can be shown to: the owner's active relations, by name."""

    widget = forms.CheckboxSelectMultiple(attrs={"data-look": "cards plain"})

    def label_from_instance(self, obj: Mentorship) -> str:
        return f"{obj.mentor_name}, {'your mentor' if obj.is_mentor else 'colleague'}"


class GoalForm(forms.ModelForm):
    """What, why, how measured, what makes it possible, by when.

    `as_draft` asks only for a title. For a goal that has started, a moved date or number needs a reason.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**31 - 1)
    title = LineField(
        label="What do you want to reach?",
        help_text="One sentence you could tell a friend.",
        max_length=200,
        widget=forms.TextInput(attrs={"data-look": "lg"}),
        error_messages={"required": "Say in one sentence what you want to reach."},
    )
    why = TextField(
        label="Why does it matter to you?",
        help_text="You will read this again on the slow days.",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "words"}),
    )
    measure = forms.ChoiceField(
        label="How will you know you are getting there?",
        choices=Goal.Measure.choices,
        widget=forms.RadioSelect(attrs={"data-look": "seg"}),
        error_messages={"required": "Choose how you will know you are getting there."},
    )
    start_value = AmountField(label="From", error_messages={"required": f"Where do you stand now? {NUMBER_HELP}"})
    target_value = AmountField(label="To", error_messages={"required": f"Where do you want to be? {NUMBER_HELP}"})
    unit = LineField(
        label="Of what", max_length=40, required=False, widget=forms.TextInput(attrs={"class": "form-control"})
    )
    starts_on = DayField(
        label="First day",
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "data-look": "plain"}, format="%Y-%m-%d"),
    )
    due_on = DayField(
        label="By when?",
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control w-date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose a date. It can move later."},
    )
    achievable = TextField(
        label="What makes it possible?",
        help_text="Time, skills, people, money. Be honest rather than heroic.",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    reason = LineField(
        label="What changed?",
        help_text="A few words for the history of this goal. Needed when the date or a number moves.",
        max_length=2000,
        required=False,
    )

    class Meta:
        model = Goal
        fields = (
            "title",
            "why",
            "measure",
            "start_value",
            "target_value",
            "unit",
            "starts_on",
            "due_on",
            "achievable",
        )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, owner: User, today: date, as_draft: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.today, self.as_draft = today, as_draft
        self.is_started = self.instance.pk is not None and not self.instance.is_draft
        for name in ("start_value", "target_value", "due_on"):
            self.fields[name].required = not as_draft
        if not self.is_started:
            del self.fields["reason"]
            # A draft that waited begins on the day it is started, not on the day it was first thought of.
            self.initial["starts_on"] = max(self.initial.get("starts_on") or today, today)
        if self.instance.pk is None:
            self.fields["share"] = ReadersField(
                label="Who can see it?",
                help_text="Only you, unless you tick somebody. They can read it and comment, not change it.",
                queryset=Mentorship.objects.active().of_mentee(owner).with_people().order_by("started_at", "pk"),
                required=False,
                error_messages={
                    "invalid_choice": "You can show it only to people who read with you now.",
                    "invalid_pk_value": "You can show it only to people who read with you now.",
                },
            )

    def clean_starts_on(self) -> date:
        """Begin today unless told."""
        return self.cleaned_data["starts_on"] or self.initial.get("starts_on") or self.today

    def clean_due_on(self) -> date | None:
        """Want a day that is still ahead, unless it stays as it was."""
        due_on = self.cleaned_data["due_on"]
        if due_on is None:
            return None
        is_unchanged = self.is_started and due_on == self.initial.get("due_on")
        if due_on <= self.today and not is_unchanged and not self.as_draft:
            raise ValidationError(_has_passed(due_on, self.today), code="passed")
        return due_on

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("measure") != Goal.Measure.NUMBER:
            cleaned.update(start_value=None, target_value=None, unit="")
            for name in ("start_value", "target_value", "unit"):
                self.errors.pop(name, None)
        if cleaned.get("target_value") is not None and cleaned.get("start_value") == cleaned["target_value"]:
            self.add_error("target_value", "Start and target are the same number. Where do you stand now?")
        starts_on, due_on = cleaned.get("starts_on"), cleaned.get("due_on")
        if starts_on and due_on and due_on <= starts_on:
            self.add_error("due_on", "The date must come after the first day.")
        if self.is_started and not cleaned.get("reason") and self._moves_a_promise(cleaned):
            self.add_error("reason", "Say in a few words why it moves. You will want to know in half a year.")
        return cleaned

    def _post_clean(self) -> None:
        # ModelForm leaves out constraints that name a field which is not on the form, such as the status.
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            self.instance.status = self.instance.status if self.is_started else self.wanted_status
            try:
                self.instance.validate_constraints(exclude={"owner"})
            except ValidationError as error:
                self._update_errors(error)  # type: ignore[attr-defined]

    @property
    def counting_fields(self) -> list[forms.BoundField]:
        """The three fields that stand in one line, whose errors stand below it."""
        return [self["start_value"], self["target_value"], self["unit"]]

    @property
    def wanted_status(self) -> str:
        """The state a new goal or a draft goes to by this form."""
        return Goal.Status.DRAFT if self.as_draft else Goal.Status.ACTIVE

    def _moves_a_promise(self, cleaned: dict[str, Any]) -> bool:
        # Compared with what the editor saw: another version in between is a stale edit, not a reason to ask.
        return any(name in cleaned and cleaned[name] != self.initial.get(name) for name in REASON_FIELDS)


def _has_passed(day: date, today: date) -> str:
    """Say that a day is gone, and which one was probably meant."""
    if day == today:
        return "That is today. Choose a day that is still ahead."
    words = f"{say_day(day, today)} has passed." if day.year != today.year else f"{day.day} {day:%B} has passed."
    for year in (today.year, today.year + 1):
        try:
            meant = day.replace(year=year)
        except ValueError:  # 29 February
            continue
        if meant > today:
            return f"{words} Did you mean {meant.day} {meant:%B} {meant.year}?"
    return f"{words} Choose a day that is still ahead."


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


def _bounded(text: str, limit: int) -> int:
    """Return a small count from a form; nonsense is nought."""
    return min(limit, int(text)) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 4 else 0


class MoveForm(forms.ModelForm):
    """A new date for a goal, and why."""

    due_on = DayField(label="New date")
    reason = LineField(label="What changed?", max_length=2000, error_messages={"required": "A few words are enough."})

    class Meta:
        model = Goal
        fields = ("due_on",)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_due_on(self) -> date:
        due_on: date = self.cleaned_data["due_on"]
        if due_on <= self.today:
            raise ValidationError(_has_passed(due_on, self.today), code="passed")
        if due_on <= self.instance.starts_on:
            raise ValidationError("The date must come after the first day.", code="before_start")
        return due_on


class ShrinkForm(forms.ModelForm):
    """A nearer target for a goal that counts, and why."""

    target_value = AmountField(label="New target")
    reason = LineField(label="What changed?", max_length=2000, error_messages={"required": "A few words are enough."})

    class Meta:
        model = Goal
        fields = ("target_value",)

    def clean_target_value(self) -> Decimal:
        target: Decimal = self.cleaned_data["target_value"]
        if target == self.instance.start_value:
            raise ValidationError("Start and target are the same number. Where do you stand now?", code="start")
        return target


class PauseForm(forms.Form):
    """Why a goal rests; nobody has to say."""

    reason = LineField(label="Why now?", max_length=2000, required=False)


class CloseForm(forms.Form):
    """How a goal ended."""

    outcome = forms.ChoiceField(
        label="How did it end?",
        choices=[
            (Goal.Status.ACHIEVED, "Reached"),
            (Goal.Status.PARTLY, "Partly reached"),
            (Goal.Status.DROPPED, "Let it go"),
        ],
        widget=forms.RadioSelect(attrs={"data-look": "cards"}),
        error_messages={"required": "Choose how it ended."},
    )
    note = TextField(
        label="What stays with you?",
        help_text="One or two sentences for the day you look back. If you let it go, say why.",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("outcome") == Goal.Status.DROPPED and "note" in cleaned and not cleaned["note"]:
            self.add_error("note", "Say in a few words why you let it go.")
        return cleaned


class ProgressForm(forms.ModelForm):
    """What happened: where the number stands, on which day, and a few words."""

    value = AmountField(label="How far now")
    note = TextField(label="What happened?", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    happened_on = DayField(label="Day", required=False)

    class Meta:
        model = ProgressUpdate
        fields = ("value", "note", "happened_on")

    def __init__(self, *args: Any, goal: Goal, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goal, self.today = goal, today
        if goal.counts:
            self.fields["value"].label = (
                f"{goal.unit[:1].upper()}{goal.unit[1:]} so far" if goal.unit else "How far now"
            )
        else:
            del self.fields["value"]
            self.fields["note"].required = True
            self.fields["note"].error_messages["required"] = "Write a few words. That nothing happened counts too."

    def clean_happened_on(self) -> date:
        """Today unless told; a day that is still ahead has not happened."""
        day = self.cleaned_data["happened_on"] or self.today
        if day > self.today:
            raise ValidationError("That day is still ahead.", code="ahead")
        return day


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


class CommentForm(forms.Form):
    """Words for one thread or, from the owner, for all; about the goal or one of its milestones.

    An owner's form always says where the words go, as the page showed it: readers may have changed since, and words
    for one of them must never reach another. `shown` lists who "all" was when the page was drawn.
    """

    text = TextField(
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write a few words first.", "max_length": "That is too long for a comment."},
    )
    to = forms.ChoiceField(
        label="To",
        error_messages={
            "required": "Choose who this goes to.",
            "invalid_choice": "Who can see this goal has changed. Choose again who this goes to.",
        },
    )
    shown = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
    milestone = forms.ChoiceField(
        required=False,
        label="About",
        error_messages={"invalid_choice": "That milestone is no longer there."},
        widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
    )

    def __init__(
        self, *args: Any, threads: list[Mentorship], milestones: list[Milestone], is_owner: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.threads = threads
        if is_owner:
            choices = [(str(each.pk), each.mentor_name) for each in threads]
            if len(threads) > 1:
                choices.append(("all", "Everyone who can see it"))
            self.fields["to"].choices = choices  # type: ignore[attr-defined]
            self.initial.setdefault("to", choices[0][0] if choices else "")
        else:
            del self.fields["to"], self.fields["shown"]
        self.milestones = milestones
        if milestones:
            choices = [(str(each.pk), each.title) for each in milestones]
            self.fields["milestone"].choices = [("", "The goal"), *choices]  # type: ignore[attr-defined]
        else:
            del self.fields["milestone"]

    def chosen_milestone(self) -> Milestone | None:
        """Return what the words are about, if not the goal; only after `is_valid`."""
        pk = self.cleaned_data.get("milestone")
        return next((each for each in self.milestones if str(each.pk) == pk), None)

    def chosen_threads(self) -> list[Mentorship]:
        """Return the threads to write in; only after `is_valid`."""
        if "to" not in self.fields:
            return self.threads
        to = self.cleaned_data["to"]
        wanted = self.cleaned_data["shown"].split(",") if to == "all" else [to]
        return [each for each in self.threads if str(each.pk) in wanted]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("to") == "all":
            shown = set(cleaned.get("shown", "").split(","))
            if not shown <= {str(each.pk) for each in self.threads}:
                self.add_error("to", self.fields["to"].error_messages["invalid_choice"])
        return cleaned

    @property
    def shown_now(self) -> str:
        """Who can be written to as the page is drawn, for `shown`."""
        return ",".join(str(each.pk) for each in self.threads)

    @property
    def is_addressed(self) -> bool:
        """Tell whether there is but one to write to, and nothing to choose again."""
        return len(self.threads) == 1 and not self["to"].errors


class CommentEditForm(forms.Form):
    """New words for a comment."""

    text = TextField(
        label="Your comment",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write a few words, or remove the comment."},
    )
