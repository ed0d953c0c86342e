"""Suggestions as a mentor makes them and the owner takes them up."""

from datetime import date, timedelta
from decimal import Decimal

from goals import services
from tests.factories.goals import NOW, GoalCommentFactory, SuggestionFactory

PROPOSALS = {
    "title": {"kind": "title", "words": "Run 12 interviews with receptionists"},
    "due_on": {"kind": "due_on", "words": "", "day": date(2026, 6, 30)},
    "target": {"kind": "target", "words": "", "number": Decimal(10)},
    "milestone": {"kind": "milestone", "words": "Write the guide", "day": date(2026, 4, 1)},
}


def propose(goal, cast, kind="title", text="Narrower is easier to start.", **changes):
    comment = GoalCommentFactory(item=goal, mentorship=cast.mentorship, text=text)
    return SuggestionFactory(comment=comment, **PROPOSALS[kind] | changes)


def accept(suggestion, cast, *, was=None, minutes=0):
    goal = suggestion.comment.item
    goal.refresh_from_db()
    return services.accept_suggestion(
        suggestion=suggestion,
        was=services.was_of(suggestion, goal) if was is None else was,
        by=cast.owner,
        at=NOW + timedelta(minutes=minutes),
    )
