"""The conversation about a goal."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from goals.models import Goal, GoalComment, Milestone, Suggestion
from goals.services.steps import REPEAT_WINDOW
from goals.services.suggestions import attach_suggestion, says_same
from sharing import services as sharing
from sharing.models import Mentorship
from sharing.notices import notify_thread


@transaction.atomic
def comment_on_goal(
    *,
    goal: Goal,
    mentorships: Iterable[Mentorship],
    by: User,
    text: str,
    at: datetime,
    milestone: Milestone | None = None,
    suggestion: Suggestion | None = None,
) -> list[GoalComment]:
    """Write the same words into one or several threads of a goal; each thread's other person gets a mail.

    `suggestion` is what a mentor proposes with these words, to the one thread they write in.
    Sent twice within a minute they are one comment and one mail.
    Raises PermissionDenied where `by` may not write or suggest now, and for a milestone of another goal.
    """
    if milestone is not None and milestone.goal_id != goal.pk:
        raise PermissionDenied("That milestone belongs to another goal.")
    comments: list[GoalComment] = []
    for mentorship in sorted(mentorships, key=lambda each: each.pk):  # one order of locks for all
        Mentorship.objects.select_for_update().get(pk=mentorship.pk)
        same = goal.comments.in_thread(mentorship.pk).filter(author=by, text=text, milestone=milestone)
        lately = same.filter(created_at__gt=at - REPEAT_WINDOW).select_related("suggestion")
        if found := next((each for each in lately if says_same(each, suggestion)), None):
            comments.append(found)
            continue
        comment: Any = sharing.add_comment(
            model=GoalComment, item=goal, mentorship=mentorship, by=by, text=text, at=at, milestone=milestone
        )
        if suggestion is not None:
            attach_suggestion(comment=comment, suggestion=suggestion, by=by)
        notify_thread("goal_comment", comment=comment, at=at)
        comments.append(comment)
    return comments


@transaction.atomic
def edit_comment(*, comment: GoalComment, by: User, text: str, at: datetime) -> None:
    """Change one's own words, in every thread they were written to at once."""
    for each in _same_words(comment):
        sharing.edit_comment(comment=each, by=by, text=text, at=at)


@transaction.atomic
def remove_comment(*, comment: GoalComment, by: User, at: datetime) -> None:
    """Take words away, from every thread they were written to at once, and what they proposed with them."""
    for each in _same_words(comment):
        sharing.remove_comment(comment=each, by=by, at=at)
        Suggestion.objects.filter(comment=each).delete()


@transaction.atomic
def thank_for_comment(*, comment: GoalComment, is_thanks: bool, by: User, at: datetime) -> None:
    """Say thanks for words one was written, or take it back; no mail goes out. Twice is once.

    Raises PermissionDenied for anybody but the other person of the thread, and for words that were removed.
    """
    GoalComment.objects.select_for_update().filter(pk=comment.pk).values_list("pk").first()
    row = GoalComment.objects.addressed_to(by).filter(pk=comment.pk).first()
    if row is None:
        raise PermissionDenied("Only whom the words were written to says thanks for them.")
    if (row.thanked_at is not None) != is_thanks:
        row.thank(at=at if is_thanks else None)


def _same_words(comment: GoalComment) -> list[GoalComment]:
    """Return the rows that one sending made: an owner's words to several threads share author and moment."""
    same = GoalComment.objects.filter(
        item=comment.item, author=comment.author, created_at=comment.created_at, removed_at=None
    )
    return list(same.order_by("pk"))
