"""What people type about check-ins."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms

from accounts.models import User
from core.forms import DayField, HourField, LineField, TextField, moment_of
from mentors.models import Advice, CheckIn, Repeat
from mentors.models.advice import MAX_ADVICE_LENGTH, MAX_ADVICE_NOTE_LENGTH
from mentors.models.checkin import LONGEST, MAX_PLACE_LENGTH, MAX_TAKEAWAYS_LENGTH, MAX_TIMES, SHORTEST, USUAL_MINUTES
from mentors.models.minutes import MAX_ACTION_LENGTH, MAX_NOTES_LENGTH, MAX_POINT_LENGTH
from mentors.services import Promise, Terms
from mentors.terms import Channel

# Who plans further ahead means another year.
FURTHEST = timedelta(days=366)
# The oldest conversation somebody still writes down.
LONGEST_AGO = timedelta(days=5 * 366)
MOST_ADVICE = 10
ACTION_ROWS = 3


class TermsForm(forms.Form):
    """How long two people talk, by which way and where."""

    minutes = forms.IntegerField(
        label="How long, in minutes",
        min_value=SHORTEST,
        max_value=LONGEST,
        initial=USUAL_MINUTES,
        error_messages={"min_value": "Give it ten minutes at least.", "max_value": "Eight hours are the most."},
    )
    channel = forms.ChoiceField(
        label="By which way",
        choices=Channel.choices,
        initial=Channel.VIDEO,
        widget=forms.RadioSelect(attrs={"data-look": "seg"}),
    )
    place = LineField(
        label="Where",
        help_text="A link to the call, a number or a room. It stands in the invitation.",
        max_length=MAX_PLACE_LENGTH,
        required=False,
    )

    def terms(self) -> Terms:
        """Return what a valid form says."""
        data = self.cleaned_data
        repeats = data.get("repeats_every")
        return Terms(data["minutes"], data["channel"], data["place"], int(repeats) if repeats else None)


class ProposalForm(TermsForm):
    """Up to three times, by the proposer's own clock."""

    repeats_every = forms.ChoiceField(
        label="And again",
        choices=[("", "Only this once"), *Repeat.choices],
        required=False,
        help_text="The next one is then planned when this one was held, at the same hour of your clock.",
    )
    field_order = [name for row in range(1, MAX_TIMES + 1) for name in (f"day_{row}", f"time_{row}")]

    def __init__(
        self, data: Any = None, *, me: User, now: datetime, check_in: CheckIn | None = None, **kwargs: Any
    ) -> None:
        if check_in is not None:
            names = ("minutes", "channel", "place", "repeats_every")
            kwargs["initial"] = {name: getattr(check_in, name) for name in names} | kwargs.get("initial", {})
        super().__init__(data, **kwargs)
        self.me, self.now, self.today = me, now, me.today(now)
        # Where and how can change alone once a time stands.
        self.needs_time = check_in is None or check_in.starts_at is None
        limits = {"min": str(self.today), "max": str(self.today + FURTHEST)}
        for row in range(1, MAX_TIMES + 1):
            is_needed = self.needs_time and row == 1
            self.fields[f"day_{row}"] = DayField(
                label="Day", required=is_needed, error_messages={"required": "Choose a day."}
            )
            self.fields[f"day_{row}"].widget.attrs |= limits | {"data-look": "plain"}
            self.fields[f"time_{row}"] = HourField(
                label="Time", required=is_needed, error_messages={"required": "Choose a time."}
            )
            self.fields[f"time_{row}"].widget.attrs["data-look"] = "plain"
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.found: dict[int, datetime] = {}
        for row in range(1, MAX_TIMES + 1):
            day, hour = data.get(f"day_{row}"), data.get(f"time_{row}")
            if day and hour:
                self._add(row, day, hour)
            elif day and f"time_{row}" not in self.errors:
                self.add_error(f"time_{row}", "Choose a time too, or leave the day empty.")
            elif hour and f"day_{row}" not in self.errors:
                self.add_error(f"day_{row}", "Choose a day too, or leave the time empty.")
        return data

    def _add(self, row: int, day: date, hour: time) -> None:
        try:
            at = moment_of(day, hour, self.me.time_zone)
        except forms.ValidationError as error:
            self.add_error(f"time_{row}", error)
            return
        if at <= self.now:
            self.add_error(f"day_{row}" if day < self.today else f"time_{row}", "This has passed. Choose a time ahead.")
        elif day > self.today + FURTHEST:
            self.add_error(f"day_{row}", "Choose a day within a year.")
        elif at in self.found.values():
            self.add_error(f"time_{row}", "You propose this time already.")
        else:
            self.found[row] = at

    @property
    def times(self) -> list[datetime]:
        """The proposed moments of a valid form, the first choice first."""
        return [self.found[row] for row in sorted(self.found)]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The fields of the times, row by row, with the moment of each that can be read."""
        found = getattr(self, "found", {})
        return [
            {"number": row, "day": self[f"day_{row}"], "time": self[f"time_{row}"], "at": found.get(row)}
            for row in range(1, MAX_TIMES + 1)
        ]


class PastForm(TermsForm):
    """A conversation that took place without having been planned here."""

    day = DayField(label="Day")
    time = HourField(label="Time")
    takeaways = TextField(
        label="What you two take from it",
        help_text="You both see this.",
        max_length=MAX_TAKEAWAYS_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "words"}),
    )
    field_order = ["day", "time"]

    def __init__(self, *args: Any, me: User, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.me, self.now = me, now
        self.fields["day"].widget.attrs |= {"max": str(me.today(now))}
        self.fields["place"].help_text = ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        day, hour = data.get("day"), data.get("time")
        if day and hour:
            try:
                at = moment_of(day, hour, self.me.time_zone)
            except forms.ValidationError as error:
                self.add_error("time", error)
                return data
            if at > self.now:
                self.add_error("day", "This is still ahead. Propose it instead.")
            elif at < self.now - LONGEST_AGO:
                self.add_error("day", "Choose a day within the last five years.")
            data["starts_at"] = at
        return data


class PointForm(forms.Form):
    """Something to talk about."""

    text = LineField(label="Add a point", max_length=MAX_POINT_LENGTH)


class NoteForm(forms.Form):
    """What one of the two writes down; `version` is the one it began from, 0 for the first words."""

    text = TextField(label="Notes", required=False, max_length=MAX_NOTES_LENGTH)
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)


class AfterForm(forms.Form):
    """What a check-in brought: takeaways, advice, things to do, and when the two meet again."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    takeaways = TextField(
        label="What you two take from it",
        help_text="You both see this.",
        max_length=MAX_TAKEAWAYS_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "words"}),
    )
    advice = TextField(
        label="Advice",
        help_text="One piece on each line. The mentee can say later what came of it.",
        max_length=MOST_ADVICE * (MAX_ADVICE_LENGTH + 1),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    next_day = DayField(label="Next check-in", required=False)
    next_time = HourField(label="Time", required=False)

    def __init__(self, *args: Any, me: User, other: User, now: datetime, has_next: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.me, self.now, self.people = me, now, {"me": me, "other": other}
        self.next_at: datetime | None = None
        if has_next:
            del self.fields["next_day"], self.fields["next_time"]
        else:
            today = me.today(now)
            self.fields["next_day"].widget.attrs |= {"min": str(today), "max": str(today + FURTHEST)}
        for row in range(1, ACTION_ROWS + 1):
            self.fields[f"action_{row}"] = LineField(label="What", max_length=MAX_ACTION_LENGTH, required=False)
            self.fields[f"owner_{row}"] = forms.ChoiceField(
                label="Who", choices=[("me", "You"), ("other", other.given_name)], required=False
            )
            self.fields[f"due_{row}"] = DayField(label="By", required=False)
        for field in self.fields.values():
            field.widget.attrs.setdefault("data-look", "plain")

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            {"number": row, "text": self[f"action_{row}"], "owner": self[f"owner_{row}"], "due": self[f"due_{row}"]}
            for row in range(1, ACTION_ROWS + 1)
        ]

    def clean_advice(self) -> list[str]:
        lines = [line.strip().lstrip("-*• ").strip() for line in self.cleaned_data["advice"].split("\n")]
        found = [line for line in lines if line]
        if len(found) > MOST_ADVICE:
            raise forms.ValidationError(f"Keep it to {MOST_ADVICE} pieces at a time.")
        if any(len(line) > MAX_ADVICE_LENGTH for line in found):
            raise forms.ValidationError(f"Keep each piece under {MAX_ADVICE_LENGTH} characters.")
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for row in range(1, ACTION_ROWS + 1):
            if data.get(f"due_{row}") and not data.get(f"action_{row}") and f"action_{row}" not in self.errors:
                self.add_error(f"action_{row}", "Say what is to be done by then.")
        day, hour = data.get("next_day"), data.get("next_time")
        if day and hour:
            try:
                self.next_at = moment_of(day, hour, self.me.time_zone)
            except forms.ValidationError as error:
                self.add_error("next_time", error)
                return data
            if self.next_at <= self.now:
                self.add_error("next_day", "This has passed. Choose a time ahead.")
            elif day > self.me.today(self.now) + FURTHEST:
                self.add_error("next_day", "Choose a day within a year.")
        elif day and "next_time" not in self.errors:
            self.add_error("next_time", "Choose a time too, or leave the day empty.")
        elif hour and "next_day" not in self.errors:
            self.add_error("next_day", "Choose a day too, or leave the time empty.")
        return data

    def promises(self) -> list[Promise]:
        """Return what is to be done, of a valid form."""
        data = self.cleaned_data
        return [
            Promise(self.people[data[f"owner_{row}"] or "me"], data[f"action_{row}"], data[f"due_{row}"])
            for row in range(1, ACTION_ROWS + 1)
            if data[f"action_{row}"]
        ]

    @property
    def written(self) -> list[str]:
        """The words of a valid form, to be shown again where they cannot be kept."""
        data = self.cleaned_data
        return [
            words for words in (data["takeaways"], *data["advice"], *(each.text for each in self.promises())) if words
        ]


class AdviceNoteForm(forms.Form):
    """The month's note to a mentor; `told` are the pieces of advice it was proposed for."""

    text = TextField(
        label="Your note",
        max_length=MAX_ADVICE_NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 12, "class": "words"}),
        error_messages={"required": "Write a line, or leave it out this month."},
    )
    told = forms.TypedMultipleChoiceField(coerce=int, required=False, widget=forms.MultipleHiddenInput)

    def __init__(self, *args: Any, advice: list[Advice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["told"].choices = [(row.pk, row.pk) for row in advice]  # type: ignore[attr-defined]
        self.initial["told"] = [row.pk for row in advice]
