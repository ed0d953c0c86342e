"""What a comment suggests, as the people of its thread read it: before, after, and what became of it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.models import User
from core.timekeeping import say_day_within
from goals.models import Goal, GoalComment, Suggestion
from goals.services import may_suggest, was_of
from goals.trail import say_number

_WHAT = {"title": "Another wording", "due_on": "Another date", "target": "Another target", "milestone": "A milestone"}


@dataclass(frozen=True)
class Proposal:
    """One suggestion in finished strings; `before` is empty where nothing stands yet, and once it was taken up.

    `was` goes with the owner's answer, so that nothing is replaced that they did not see.
    """

    pk: str
    what: str
    before: str
    after: str
    fate: str
    was: str
    is_answerable: bool
    is_declined: bool


def proposal_of(
    comment: GoalComment, goal: Goal, *, viewer: User, today: date, may_act: bool = True
) -> Proposal | None:
    """Present what a comment suggests; None where it suggests nothing, or was removed."""
    suggestion: Suggestion | None = getattr(comment, "suggestion", None)
    if suggestion is None or comment.removed_at is not None:
        return None
    is_owner, is_taken = goal.owner_id == viewer.pk, suggestion.state == Suggestion.State.ACCEPTED
    return Proposal(
        pk=str(suggestion.pk),
        what=_WHAT[suggestion.kind],
        before="" if is_taken else _before(suggestion, goal, today),
        after=say_after(suggestion, goal, today),
        fate=_fate(suggestion, goal, is_owner=is_owner),
        was=was_of(suggestion, goal),
        is_answerable=is_owner and may_act and not is_taken and may_suggest(goal),
        is_declined=suggestion.state == Suggestion.State.DECLINED,
    )


def say_after(suggestion: Suggestion, goal: Goal, today: date) -> str:
    """Say what it would be: "1 June", "10 interviews", "Finish the guide, 13 March", or the wording."""
    day = say_day_within(suggestion.day, today) if suggestion.day else ""
    if suggestion.kind == Suggestion.Kind.DUE_ON:
        return day
    if suggestion.kind == Suggestion.Kind.TARGET:
        return _count(suggestion.number, goal)
    return f"{suggestion.words}, {day}" if day else suggestion.words


def say_what(suggestion: Suggestion, goal: Goal, today: date) -> str:
    """Say it in one line, for mails and lists: "Another date: 1 June"."""
    return f"{_WHAT[suggestion.kind]}: {say_after(suggestion, goal, today)}"


def _before(suggestion: Suggestion, goal: Goal, today: date) -> str:
    if suggestion.kind == Suggestion.Kind.TITLE:
        return goal.title
    if suggestion.kind == Suggestion.Kind.DUE_ON:
        return say_day_within(goal.due_on, today) if goal.due_on else ""
    return _count(goal.target_value, goal) if suggestion.kind == Suggestion.Kind.TARGET else ""


def _count(number: Decimal | None, goal: Goal) -> str:
    return f"{say_number(number)} {goal.unit}".rstrip() if number is not None else ""


def _fate(suggestion: Suggestion, goal: Goal, *, is_owner: bool) -> str:
    if suggestion.state == Suggestion.State.ACCEPTED:
        return "You took it up." if is_owner else f"{goal.owner.given_name} took it up."
    if suggestion.state == Suggestion.State.DECLINED:
        return "You left it as it is." if is_owner else f"{goal.owner.given_name} left it as it is for now."
    if not may_suggest(goal):
        return "The goal is closed."
    return "" if is_owner else f"{goal.owner.given_name} decides."
