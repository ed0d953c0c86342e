"""What people type about informational interviews."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms

from accounts.models import User
from contacts.forms.versioned import VersionedForm
from contacts.library import ASKINGS, GROUPS, all_questions
from contacts.models import Interview
from contacts.models.contact import LINE_LENGTH, WORDS_LENGTH
from contacts.models.interview import LONGEST, QUESTION_LENGTH, QUESTIONS_AT_MOST, SHORTEST, USUAL_MINUTES
from contacts.services.interview import Plan
from core.forms import Continued, DayField, HourField, LineField, TextField, moment_of
from core.text import clean_line

# Who plans further ahead means another year.
FURTHEST = timedelta(days=366)
INVITATION_LENGTH = 1000
# Fields that are read: more than may be saved, so that too many come back with a word.
FIELDS_AT_MOST = 2 * QUESTIONS_AT_MOST


class BeginForm(forms.Form):
    """What one wants to learn from somebody, and how one asks."""

    why = TextField(
        label="What you want to learn",
        help_text="For yourself. One sentence keeps twenty minutes together.",
        max_length=WORDS_LENGTH,
        required=False,
        rows=2,
    )
    start = forms.ChoiceField(
        label="Begin your words from",
        choices=[(asking.key, asking.name) for asking in ASKINGS if asking.key != "again"],
        initial="cold",
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose one of these.", "required": "Choose one of these."},
    )


class InterviewForm(VersionedForm):
    """The words of one interview: why, how to ask, what was said."""

    why = TextField(label="What you want to learn", max_length=WORDS_LENGTH, required=False, rows=2)
    asking = TextField(
        label="Your words to ask",
        help_text="You send them yourself, by mail or however you two write.",
        max_length=WORDS_LENGTH,
        required=False,
        rows=9,
    )
    notes = TextField(label="Notes", required=False, rows=6)
    outcome = TextField(
        label="What came of it",
        help_text="For the day on which you tell them.",
        max_length=WORDS_LENGTH,
        required=False,
        rows=3,
    )

    class Meta:
        model = Interview
        fields = ["why", "asking", "notes", "outcome"]


class QuestionsForm(Continued, forms.Form):
    """One's questions in their order, a field each, those to be added, and those of the library that are to join them.

    `move` ("3-up", "3-down") puts one of them a place further before all of it is saved.
    """

    own = TextField(
        label="Your own",
        help_text="One in a line.",
        max_length=QUESTIONS_AT_MOST * (QUESTION_LENGTH + 1),
        required=False,
        rows=3,
    )
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, interview: Interview) -> None:
        super().__init__(data, initial={"version": interview.version})
        self.interview = interview

    @property
    def rows(self) -> list[str]:
        """The questions as their fields show them: those that are stored, or what was typed."""
        if not self.is_bound:
            return self.interview.questions
        names = (f"question-{place}" for place in range(1, FIELDS_AT_MOST + 1))
        return [self.data[name] for name in names if name in self.data]

    @property
    def added(self) -> list[str]:
        """What was ticked in the library, in its order."""
        ticked = set(self.data.getlist("add")) & all_questions() if self.is_bound else set()
        return [question for group in GROUPS for question in group.questions if question in ticked]

    def clean(self) -> dict[str, Any]:
        """Make one list of all; those that stand there already join once, an empty field is one taken away."""
        data = super().clean() or {}
        rows = [clean_line(row) for row in self.rows]
        own = [clean_line(line) for line in data.get("own", "").splitlines()]
        found = list(dict.fromkeys(filter(None, [*rows, *own, *self.added])))
        if any(len(line) > QUESTION_LENGTH for line in found):
            self.add_error(None, f"One of these is long. Keep a question under {QUESTION_LENGTH} characters.")
        if len(found) > QUESTIONS_AT_MOST:
            self.add_error(None, f"That is more than {QUESTIONS_AT_MOST}. Nobody gets through so many.")
        data["found"], data["moved"] = found, self._move(found, rows)
        return data

    def _move(self, found: list[str], rows: list[str]) -> int:
        """Move the question whose button was pressed, and return its new place; 0 where none was moved."""
        number, _, way = self.data.get("move", "").partition("-")
        if way not in {"up", "down"} or not (number.isascii() and number.isdigit() and len(number) < 4):
            return 0
        names = [place for place in range(1, FIELDS_AT_MOST + 1) if f"question-{place}" in self.data]
        words = dict(zip(names, rows, strict=True)).get(int(number), "")
        if words not in found:
            return 0
        old = found.index(words)
        new = min(max(old + (1 if way == "down" else -1), 0), len(found) - 1)
        found.insert(new, found.pop(old))
        return new + 1


class PlanForm(forms.Form):
    """When and where, by one's own clock."""

    day = DayField(label="Day", error_messages={"required": "Choose a day."})
    hour = HourField(label="Time", error_messages={"required": "Choose a time."})
    minutes = forms.IntegerField(
        label="How long, in minutes",
        min_value=SHORTEST,
        max_value=LONGEST,
        initial=USUAL_MINUTES,
        error_messages={"min_value": "Give it ten minutes at least.", "max_value": "Eight hours are the most."},
    )
    place = LineField(
        label="Where",
        help_text="A link to the call, a number or a room. It stands in the invitation, if you send one.",
        max_length=LINE_LENGTH,
        required=False,
    )

    def __init__(self, data: Any = None, *, me: User, now: datetime, interview: Interview) -> None:
        initial: dict[str, Any] = {"minutes": interview.minutes, "place": interview.place}
        if interview.starts_at:
            local = interview.starts_at.astimezone(me.time_zone)
            initial |= {"day": local.date(), "hour": local.time()}
        super().__init__(data, initial=initial)
        self.me, self.now = me, now

    def clean(self) -> dict[str, Any]:
        """Make one moment of day and hour."""
        data = super().clean() or {}
        day, hour = data.get("day"), data.get("hour")
        if day and hour:
            if day > self.me.today(self.now) + FURTHEST:
                self.add_error("day", "Choose a day within a year.")
                return data
            try:
                data["starts_at"] = moment_of(day, hour, self.me.time_zone)
            except forms.ValidationError as error:
                self.add_error("hour", error)
        return data

    def plan(self) -> Plan:
        """Return what a valid form says."""
        data = self.cleaned_data
        return Plan(data["starts_at"], data["minutes"], data["place"])


class HoldForm(Continued, forms.Form):
    """That two people talked, and what passed between them."""

    day = DayField(label="Day", error_messages={"required": "On which day did you two talk?"})
    notes = TextField(label="Notes", required=False, rows=6)
    received = TextField(label="What I received", max_length=WORDS_LENGTH, required=False, rows=2)
    gave = TextField(label="What I gave", max_length=WORDS_LENGTH, required=False, rows=2)
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, today: date, interview: Interview, me: User) -> None:
        planned = interview.starts_at.astimezone(me.time_zone).date() if interview.starts_at else today
        initial = {"day": min(planned, today), "notes": interview.notes, "version": interview.version}
        super().__init__(data, initial=initial)
        self.today = today
        self.other: list[tuple[str, str]] = []  # as of a VersionedForm
        self.fields["day"].widget.attrs["max"] = str(today)

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError("That day has not come yet. Choose today or one before.", code="future")
        return day

    def show_other(self, stored: Interview) -> None:
        """Show the other notes, and let what was typed be saved over them."""
        self.other = [("Notes", stored.notes)]
        self.continue_from(stored.version)


class InviteForm(forms.Form):
    """To which address the event goes, and a few words with it."""

    to = forms.ChoiceField(label="To", error_messages={"invalid_choice": "Choose one of the addresses you noted."})
    words = TextField(
        label="A few words with it",
        help_text="They read this and the time, nothing else of what you noted.",
        max_length=INVITATION_LENGTH,
        required=False,
        rows=3,
    )

    def __init__(self, data: Any = None, *, addresses: list[str]) -> None:
        super().__init__(data)
        field: Any = self.fields["to"]
        field.choices = [(address, address) for address in addresses]


class CallOffForm(forms.Form):
    """Whether the other person hears by mail that it is off."""

    tells = forms.BooleanField(required=False, initial=True)
