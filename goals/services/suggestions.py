"""What a mentor suggests in a comment, and what its owner makes of it."""

from copy import copy
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import User
from goals.models import Goal, GoalComment, Milestone, Suggestion
from goals.services.goal import change_goal
from goals.services.history import locked, stored_text
from goals.services.steps import MAX_MILESTONES, add_milestone
from mail.models import Message
from mail.services import queue

# The field of a goal that each kind of suggestion changes, and the column of the suggestion that says to what.
FIELDS = {"title": ("title", "words"), "due_on": ("due_on", "day"), "target": ("target_value", "number")}
# Several answers given in one sitting are told in one mail.
TELL_AFTER = timedelta(minutes=10)


def may_suggest(goal: Goal) -> bool:
    """Tell whether there is still something to change about a goal."""
    return goal.status in {Goal.Status.ACTIVE, Goal.Status.PAUSED}


def was_of(suggestion: Suggestion, goal: Goal) -> str:
    """Return what now stands where the suggestion would put something else, as the history keeps it."""
    if suggestion.kind == Suggestion.Kind.MILESTONE:
        return ""
    return stored_text(getattr(goal, FIELDS[suggestion.kind][0]))


def check_suggestion(suggestion: Suggestion, goal: Goal, *, today: date, count: int) -> None:
    """Raise ValidationError, by column of the suggestion, where the goal cannot become what it says.

    `count` is the number of milestones there are, `today` the owner's day.
    """
    kind = suggestion.kind
    if not may_suggest(goal):
        raise ValidationError({"kind": "This goal is closed. Opened again, it can change."})
    if kind == Suggestion.Kind.MILESTONE:
        if count >= MAX_MILESTONES:
            raise ValidationError({"words": f"A goal has room for {MAX_MILESTONES} milestones, and this one is full."})
        return
    if kind == Suggestion.Kind.TARGET and not goal.counts:
        raise ValidationError({"number": "This goal counts nothing now, so it has no target."})
    if kind == Suggestion.Kind.DUE_ON and suggestion.day and suggestion.day <= today:
        raise ValidationError({"day": "This day is no longer ahead."})
    if kind == Suggestion.Kind.DUE_ON and suggestion.day and suggestion.day <= goal.starts_on:
        raise ValidationError({"day": "The date must come after the first day."})
    if kind == Suggestion.Kind.TARGET and suggestion.number == goal.start_value:
        raise ValidationError({"number": "Start and target are the same number."})
    name, column = FIELDS[kind]
    if getattr(goal, name) == getattr(suggestion, column):
        raise ValidationError({column: "It says so already."})


def attach_suggestion(*, comment: GoalComment, suggestion: Suggestion, by: User) -> Suggestion:
    """Store what a comment proposes; raises PermissionDenied for anybody but a mentor in their own thread."""
    mentorship = comment.mentorship
    if mentorship.mentor_id != by.pk or not mentorship.is_mentor or not may_suggest(comment.item):
        raise PermissionDenied("Only a mentor suggests changes, and only to a goal that is not closed.")
    suggestion.comment = comment
    suggestion.save(force_insert=True)
    return suggestion


def says_same(comment: GoalComment, suggestion: Suggestion | None) -> bool:
    """Tell whether a comment proposes exactly this, or, with None, nothing."""
    there = getattr(comment, "suggestion", None)
    if there is None or suggestion is None:
        return there is suggestion
    return all(getattr(there, name) == getattr(suggestion, name) for name in ("kind", "words", "day", "number"))


@transaction.atomic
def accept_suggestion(*, suggestion: Suggestion, was: str, by: User, at: datetime) -> bool:
    """Change the goal as its mentor proposed, credit them in its history, and tell them; False if it was done before.

    `was` is what the owner saw as standing now (`was_of`). Raises ValidationError, and changes nothing, where that is
    no longer so, where the goal cannot become what is proposed, or where the comment was removed meanwhile.
    """
    row = locked(suggestion.comment.item, by)
    current = _locked_suggestion(suggestion)
    if current.state == Suggestion.State.ACCEPTED:
        return False
    check_suggestion(current, row, today=row.owner.today(at), count=row.milestones.count())
    if was_of(current, row) != was:
        raise ValidationError("The goal changed in the meantime. Look at what it says now, then decide.", code="stale")
    credit: dict[str, Any] = {"reason": current.comment.text[:2000], "suggested_by": current.comment.author}
    if current.kind == Suggestion.Kind.MILESTONE:
        milestone = Milestone(title=current.words, due_on=current.day)
        add_milestone(goal=row, milestone=milestone, by=by, at=at, **credit)
    else:
        before, (name, column) = copy(row), FIELDS[current.kind]
        setattr(row, name, getattr(current, column))
        row.validate_constraints(exclude={"owner"})
        change_goal(goal=row, before=before, expected=row.version, by=by, at=at, **credit)
    current.answer(Suggestion.State.ACCEPTED, at=at)
    _tell_mentor(current, at=at)
    return True


@transaction.atomic
def decline_suggestion(*, suggestion: Suggestion, by: User, at: datetime) -> None:
    """Leave the goal as it is; nobody is told. What was taken up stays taken up."""
    locked(suggestion.comment.item, by)
    current = _locked_suggestion(suggestion)
    if current.is_open:
        current.answer(Suggestion.State.DECLINED, at=at)


def _locked_suggestion(suggestion: Suggestion) -> Suggestion:
    """Return it as it stands now; its comment stays locked until the end of the transaction, as for its removal."""
    GoalComment.objects.select_for_update().filter(pk=suggestion.comment_id).values_list("pk").first()
    current = Suggestion.objects.with_comment().filter(pk=suggestion.pk, comment__removed_at=None).first()
    if current is None:
        raise ValidationError("That was taken back in the meantime.", code="gone")
    return current


def _tell_mentor(suggestion: Suggestion, *, at: datetime) -> None:
    """Queue the mail that says what was taken up; one that still waits tells this too."""
    comment = suggestion.comment
    mentor = comment.author
    if mentor is None or not comment.mentorship.is_active:
        return
    pair = f"suggestion_taken:{comment.item_id}:{comment.mentorship_id}:"
    if Message.objects.select_for_update().filter(dedupe__startswith=pair, state=Message.State.QUEUED).exists():
        return
    ids = {"item": comment.item_id, "mentorship": comment.mentorship_id, "since": int(at.timestamp())}
    key = f"{pair}{at:%Y%m%dT%H%M%S%f}"
    queue("suggestion_taken", user=mentor, ids=ids, dedupe=key, not_before=at + TELL_AFTER)
