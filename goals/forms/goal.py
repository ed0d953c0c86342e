from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from core.forms import DayField, LineField, TextField
from goals import plan
from goals.forms.fields import NUMBER_HELP, AmountField, ReadersField, WeeklyHoursField, has_passed
from goals.models import Goal
from sharing.models import Mentorship

# Changes of these are promises moved: the history wants to know why.
REASON_FIELDS = ("start_value", "target_value", "due_on")
# Which of three follows from the other two, and what it follows from.
GIVEN = {
    "due_on": ("start_value", "target_value", "pace"),
    "target_value": ("start_value", "due_on", "pace"),
}


class GoalForm(forms.ModelForm):
    """What, why, how measured, what makes it possible, by when.

    `as_draft` asks only for a title. For a goal that has started, a moved date or number needs a reason. Of date, target
    and weekly pace two are given, and `computed` names the third; a pace is never stored. `latest` is the number logged
    last, from which a pace counts on. `typed` is what an unsaved form held, shown as it was typed.
    """

    # 0 in the form of a new goal: with it the browser may bring back words that an expired session kept from us.
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)
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
    importance = forms.TypedChoiceField(
        label="How much does it matter?",
        choices=Goal.Importance.choices,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose how much it matters."},
    )
    measure = forms.ChoiceField(
        label="How will you know you are getting there?",
        choices=Goal.Measure.choices,
        widget=forms.RadioSelect(attrs={"data-look": "seg"}),
        error_messages={
            "required": "Choose how you will know you are getting there.",
            "invalid_choice": "Choose how you will know you are getting there.",
        },
    )
    start_value = AmountField(label="From", error_messages={"required": f"Where do you stand now? {NUMBER_HELP}"})
    target_value = AmountField(label="To", error_messages={"required": f"Where do you want to be? {NUMBER_HELP}"})
    unit = LineField(
        label="Of what", max_length=40, required=False, widget=forms.TextInput(attrs={"class": "form-control"})
    )
    evidence = LineField(
        label="What will show it?",
        help_text="Something anyone could see: a signed contract, a recording, a certificate.",
        max_length=400,
        required=False,
    )
    computed = forms.ChoiceField(
        label="What follows from the other two?",
        help_text="Give two of date, target and pace. We work out the third.",
        choices=[("pace", "The pace"), ("due_on", "The date"), ("target_value", "The target")],
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose which of the three we work out."},
    )
    pace = AmountField(
        label="How much a week?",
        help_text="With a minus where the number goes down, like -0.5.",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "data-look": "plain"}),
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
    hours_a_week = WeeklyHoursField(
        label="How much time can you give it?",
        help_text="Be honest rather than heroic. You can change it later.",
        required=False,
    )
    achievable = TextField(
        label="What else makes it possible?",
        help_text="Skills, people, money, a quiet room.",
        max_length=4000,
        required=False,
        rows=2,
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
            "importance",
            "evidence",
            "hours_a_week",
        )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        owner: User,
        today: date,
        as_draft: bool = False,
        latest: Decimal | None = None,
        typed: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.today, self.as_draft, self.latest = today, as_draft, latest
        self.initial.setdefault("computed", "pace")
        self.initial.setdefault("importance", Goal.Importance.NORMAL.value)
        self.is_started = self.instance.pk is not None and not self.instance.is_draft
        for name in ("start_value", "target_value", "due_on"):
            self.fields[name].required = not as_draft
        if not self.is_started:
            del self.fields["reason"]
            # A draft that waited begins on the day it is started, not on the day it was first thought of.
            self.initial["starts_on"] = max(self.initial.get("starts_on") or today, today)
        self.initial.update(typed or {})
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
            raise ValidationError(has_passed(due_on, self.today), code="passed")
        return due_on

    def clean_importance(self) -> int:
        """Leave it as it is unless told."""
        return self.cleaned_data["importance"] or self.instance.importance

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("measure") != Goal.Measure.NUMBER:
            cleaned.update(start_value=None, target_value=None, unit="")
            self._forget_errors("start_value", "target_value", "unit", "pace", "computed")
        else:
            self._work_out(cleaned)
        if cleaned.get("measure") != Goal.Measure.YES_NO:
            cleaned["evidence"] = ""
            self._forget_errors("evidence")
        target = cleaned.get("target_value")
        if target is not None and target == cleaned.get("start_value") and "target_value" not in self.errors:
            self.add_error("target_value", "Start and target are the same number. Where do you stand now?")
        starts_on, due_on = cleaned.get("starts_on"), cleaned.get("due_on")
        if starts_on and due_on and due_on <= starts_on and "due_on" not in self.errors:
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

    def _work_out(self, cleaned: dict[str, Any]) -> None:
        """Put the third of date, target and pace where it belongs; the first two are wanted for that."""
        computed = cleaned.get("computed") or "pace"
        self._forget_errors(computed)
        if computed == "pace":
            return
        cleaned[computed] = None
        if cleaned.get("pace") is None and "pace" not in self.errors and not self.as_draft:
            wanted = "date" if computed == "due_on" else "target"
            self.add_error("pace", f"Say how much a week you can do, and the {wanted} follows from it.")
        given: dict[str, Any] = {name: cleaned.get(name) for name in GIVEN[computed]}
        if None in given.values():
            return
        first = max(self.today, cleaned.get("starts_on") or self.today)
        try:
            cleaned[computed] = self._third(computed, first=first, **given)
        except plan.Unworkable as odd:
            if odd.field not in self.errors:
                self.add_error(odd.field, odd.words)

    def _third(
        self, computed: str, *, first: date, start_value: Decimal, pace: Decimal, **other: Any
    ) -> date | Decimal:
        if computed == "due_on":
            target = other["target_value"]
            return plan.day_reached(start=start_value, target=target, pace=pace, first=first, now=self.latest)
        here = start_value if self.latest is None else self.latest
        return plan.value_reached(start=here, pace=pace, first=first, due=other["due_on"])

    def _forget_errors(self, *names: str) -> None:
        for name in names:
            self.errors.pop(name, None)

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
            raise ValidationError(has_passed(due_on, self.today), code="passed")
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
