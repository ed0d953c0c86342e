"""What people type when they ask a mentor, and when they answer."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from django import forms
from django.http import QueryDict

from accounts.models import User
from core.forms import DayField, TextField
from core.text import clean_text
from core.timekeeping import say_day_within
from goals.models import Goal
from goals.models.goal import PROGRESS
from goals.trail import standing_of
from mentors.forms.invitation import GoalChoiceField, offered_goals
from mentors.models import MAX_MESSAGE_LENGTH, MAX_NOTE_LENGTH, Request
from mentors.services import NoMore
from mentors.terms import Channel, Rhythm, Term

WORDS = ("help_wanted", "why_you", "about_me", "offer")
TERMS = ("rhythm", "channel", "term")
# A draft is kept as typed, also where it is too long to be sent; beyond this it is not.
MOST_KEPT = 20_000
LONGEST_PAUSE = timedelta(days=366)


class TooMuch(Exception):
    """More was typed than is kept."""


class GoalCard(NamedTuple):
    """One own goal to tick: `about` is "1 of 4 milestones, by 30 September"."""

    pk: int
    title: str
    about: str
    is_ticked: bool


def _words(rows: int, **kwargs: Any) -> TextField:
    widget = forms.Textarea(attrs={"rows": rows, "class": "words"})
    return TextField(max_length=MAX_MESSAGE_LENGTH, widget=widget, **kwargs)


def _radios(label: str, choices: Sequence[tuple[Any, str]], initial: Any) -> forms.TypedChoiceField:
    def coerce(value: Any) -> Any:
        return type(initial.value)(value)

    widget = forms.RadioSelect(attrs={"data-look": "seg"})
    return forms.TypedChoiceField(label=label, choices=choices, coerce=coerce, initial=initial.value, widget=widget)


class RequestForm(forms.Form):
    """The whole ask: which goals, what help, why this person, how to work together, what one brings."""

    goals = GoalChoiceField(
        label="Which goals is this about?",
        queryset=Goal.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    help_wanted = _words(
        4,
        label="What would you like help with?",
        help_text="One or two things. A moment you got stuck is a good start.",
    )
    why_you = _words(3, label="Why this person?", help_text="What made you think of them, in a line or two.")
    about_me = _words(2, label="Who are you?", help_text="A line or two, for somebody who has not met you.")
    # Whoever meets every three months is not looked after yet; an agreement may say that later.
    rhythm = _radios("How often", Rhythm.choices[:3], Rhythm.FORTNIGHTLY)
    channel = _radios("How", Channel.choices, Channel.VIDEO)
    term = _radios(
        "For how long", sorted(Term.choices, key=lambda choice: choice[0] or 1000), Term.THREE_MONTHS
    )  # open comes last
    offer = _words(3, label="What will you bring?")

    def __init__(self, *args: Any, asker: User, mentor: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asker, self.today = asker, today
        name = mentor.given_name
        self.fields["goals"].queryset = offered_goals(asker)  # type: ignore[attr-defined]
        self.fields["goals"].help_text = f"{name} can read the ones you tick after a yes, and nothing else."
        self.fields["why_you"].label = f"Why {name}?"
        self.fields["offer"].help_text = f"What {name} can count on from you."

    def goal_cards(self) -> list[GoalCard]:
        """Return the own goals to choose from, with where they stand."""
        ticked = {str(pk) for pk in self["goals"].value() or ()}
        return [
            GoalCard(goal.pk, goal.title, _about(goal, self.today), str(goal.pk) in ticked)
            for goal in offered_goals(self.asker).annotate(**PROGRESS)
        ]

    def together(self) -> list[forms.BoundField]:
        """Return the fields that stand in lines of their own under one heading."""
        return [self[name] for name in TERMS]


def kept_fields(posted: QueryDict, owner: User) -> tuple[dict[str, Any], list[Goal]]:
    """Return what was typed into a RequestForm as a draft keeps it, judging nothing. Raises TooMuch."""
    fields: dict[str, Any] = {name: clean_text(posted.get(name, "")) for name in WORDS}
    if sum(map(len, fields.values())) > MOST_KEPT:
        raise TooMuch
    for name in TERMS:
        allowed = {str(value): value for value, _ in Request._meta.get_field(name).flatchoices}  # type: ignore[union-attr]
        if (chosen := posted.get(name)) in allowed:
            fields[name] = allowed[chosen]
    keys = {key for key in posted.getlist("goals") if key.isascii() and key.isdigit()}
    return fields, [goal for goal in offered_goals(owner).only("pk") if str(goal.pk) in keys]


def as_typed(draft: Request) -> dict[str, Any]:
    """Return a kept draft as the initial values of a RequestForm."""
    kept = {name: getattr(draft, name) for name in (*WORDS, *TERMS)}
    return kept | {"goals": list(draft.goals.values_list("pk", flat=True))}


def _about(goal: Goal, today: date) -> str:
    now = standing_of(goal, today=today)
    if goal.status == Goal.Status.PAUSED:
        return f"{now.count}, resting"
    if goal.due_on is None:
        return now.count
    return f"{now.count}, {'past its date' if goal.due_on < today else f'by {say_day_within(goal.due_on, today)}'}"


class MessageForm(forms.Form):
    """A question about a request, or the answer to it."""

    text = TextField(max_length=MAX_MESSAGE_LENGTH, widget=forms.Textarea(attrs={"rows": 3, "class": "words"}))

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label


class VerdictForm(forms.Form):
    """A yes or a no, and whether others may go on asking."""

    then = forms.ChoiceField(
        label="And others who would like to ask you?",
        choices=[
            ("", "They may go on asking"),
            ("pause", "I take nobody new until a day"),
            ("unlist", "Take my profile off the list"),
        ],
        required=False,
        widget=forms.RadioSelect(attrs={"data-look": "plain"}),
    )
    until = DayField(label="The last day without anybody new", required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        # The page shows it once the pause is chosen, and then it is needed.
        self.fields["until"].widget.attrs |= {"min": str(today), "data-look": "plain"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        until = cleaned.get("until")
        if cleaned.get("then") == "pause" and "until" not in self.errors:
            if until is None:
                self.add_error("until", "Choose until which day you take nobody new.")
            elif until < self.today:
                self.add_error("until", "Choose today or a later day.")
            elif until > self.today + LONGEST_PAUSE:
                self.add_error("until", "A pause can last a year. For longer, take your profile off the list.")
        return cleaned

    @property
    def no_more(self) -> NoMore | None:
        """What to do with the profile, from a valid form."""
        then = self.cleaned_data["then"]
        return None if not then else NoMore(self.cleaned_data["until"] if then == "pause" else None)


class AcceptForm(VerdictForm):
    """A yes."""


class DeclineRequestForm(VerdictForm):
    """A no, with a kind word if one has it."""

    note = TextField(
        label="A word for them",
        help_text="They get it by mail. A no without a word is fine too.",
        max_length=MAX_NOTE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "words"}),
    )
    field_order = ["note", "then", "until"]
