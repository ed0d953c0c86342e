"""The mails about goals. Each asks again, when it is sent, whether its reader may still see the goal."""

from datetime import UTC, date, datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from core.markdown import plain, render_for_mail
from core.timekeeping import say_day_within
from goals.models import Goal, GoalComment, Milestone, Suggestion
from goals.models.goal import PROGRESS
from goals.pace import needed
from goals.proposals import say_what
from goals.services import comment_on_goal
from goals.trail import say_number, standing_of
from mail.models import Message
from mail.registry import Answer, Content, ReplyRefusedError, kind, reply
from sharing.mailed import answer_in_thread
from sharing.models import Mentorship
from sharing.notices import gathered

PREHEADER_LENGTH = 120
# More than anybody takes up in one sitting.
MAX_TAKEN = 20


@kind("goal_comment", words="A comment on a goal", preference="comments")
def goal_comment(message: Message, *, now: datetime) -> Content | None:
    """Bring what somebody wrote about a goal, in full, and where the goal stands; one mail per thread."""
    user = message.user
    if user is None:
        return None
    comments = gathered(GoalComment, message, bring=_with_goal)
    author = comments[-1].author if comments else None
    if author is None:
        return None
    goal = _goal_of(comments[-1])
    is_owner = goal.owner_id == user.pk
    today = goal.owner.today(now)
    context: dict[str, Any] = {
        "author": author,
        "role": _role(comments[-1], is_owner=is_owner),
        "path": f"/goals/{goal.pk}/#conversation",
        "more": len(comments) - 1,
        "hides_text": user.mails_hide_text,
    }
    if not user.mails_hide_text:
        context |= {
            "title": goal.title,
            "comments": [_quoted(each, each.place, goal, today) for each in comments],
            "preheader": plain(comments[-1].text, PREHEADER_LENGTH),
            **_standing(goal, now),
        }
    return Content(template="goals/emails/comment_added", context=context, why=_why_comment(is_owner=is_owner))


@reply("goal_comment", about="a comment on a goal")
def goal_comment_reply(message: Message, answer: Answer, *, at: datetime) -> None:
    """Write the answer into the same thread of the same goal, as its page does."""
    user = message.user
    goal = _visible_goal(user, message.ids["item"]) if user else None
    if user is None or goal is None:
        raise ReplyRefusedError

    def write(thread: Mentorship, text: str) -> list[GoalComment]:
        return comment_on_goal(goal=goal, mentorships=[thread], by=user, text=text, at=at)

    answer_in_thread(item=goal, user=user, message=message, answer=answer, at=at, write=write)


@kind("goal_shared", words="A goal shared with you", preference="mentoring")
def goal_shared(message: Message, *, now: datetime) -> Content | None:
    """Tell a reader that somebody showed them a goal, and why it matters to that person."""
    user = message.user
    mentorship = Mentorship.objects.active().filter(pk=message.ids["mentorship"], mentor=user).first()
    goal = _visible_goal(user, message.ids["goal"]) if user and mentorship else None
    if user is None or goal is None or goal.owner_id == user.pk:
        return None
    context: dict[str, Any] = {
        "owner": goal.owner,
        "path": goal.get_absolute_url(),
        "hides_text": user.mails_hide_text,
    }
    if not user.mails_hide_text:
        context |= {
            "title": goal.title,
            "goal_why": goal.why,
            "due": say_day_within(goal.due_on, goal.owner.today(now)) if goal.due_on else "",
            **_standing(goal, now),
        }
    why = f"You get this because {goal.owner.given_name} shows you a goal and you said yes to reading with them."
    return Content(template="goals/emails/goal_shared", context=context, why=why)


@kind("suggestion_taken", words="Your suggestion was taken up", preference="comments")
def suggestion_taken(message: Message, *, now: datetime) -> Content | None:
    """Tell a mentor what of their suggestions was taken up since this mail was queued."""
    user, ids = message.user, message.ids
    goal = _visible_goal(user, ids["item"]) if user else None
    if user is None or goal is None:
        return None
    rows = Suggestion.objects.visible_to(user).filter(
        state="accepted",
        answered_at__gte=datetime.fromtimestamp(ids["since"], UTC),
        comment__item=goal,
        comment__mentorship=ids["mentorship"],
        comment__author=user,
        comment__removed_at=None,
    )
    taken = list(rows.order_by("answered_at", "pk")[:MAX_TAKEN])
    if not taken:
        return None
    context: dict[str, Any] = {"owner": goal.owner, "path": goal.get_absolute_url(), "hides_text": user.mails_hide_text}
    if not user.mails_hide_text:
        today = goal.owner.today(now)
        context |= {
            "title": goal.title,
            "taken": [say_what(each, goal, today) for each in taken],
            **_standing(goal, now),
        }
    why = "You get an email when somebody takes up what you suggested."
    return Content(template="goals/emails/suggestion_taken", context=context, why=why)


def _with_goal(rows: QuerySet[GoalComment]) -> QuerySet[GoalComment]:
    """Bring along what a mail says beside the words: who may see a comment may see its goal."""
    return rows.select_related("item__owner", "milestone", "suggestion").annotate(**PROGRESS)


def _goal_of(comment: GoalComment) -> Goal:
    """Return the goal as `with_progress()` gives it."""
    for name in PROGRESS:
        setattr(comment.item, name, getattr(comment, name))
    return comment.item


def _visible_goal(user: User, pk: int) -> Goal | None:
    return Goal.objects.visible_to(user).with_progress().with_owner().filter(pk=pk).first()


def _standing(goal: Goal, now: datetime) -> dict[str, Any]:
    """Return where the goal stands, as the foot of a mail says it."""
    today = goal.owner.today(now)
    where = standing_of(goal, today=today)
    pace = needed(goal, today=today, latest=goal.latest_value)  # type: ignore[attr-defined]
    sentence = ""
    if pace and goal.due_on and goal.target_value is not None:
        sentence = f"{pace} gets to {say_number(goal.target_value)} by {say_day_within(goal.due_on, today)}."
    return {"standing": where.sentence, "walked": round(where.walked), "pace": sentence}


def _quoted(comment: GoalComment, milestone: Milestone | None, goal: Goal, today: date) -> dict[str, Any]:
    about = ""
    if milestone is not None:
        due = (
            f", due {say_day_within(milestone.due_on, today)}" if milestone.due_on and milestone.done_at is None else ""
        )
        about = f"On the {milestone.kind} {milestone.title}{due}"
    proposed: Suggestion | None = getattr(comment, "suggestion", None)
    return {
        "author": comment.author_name,
        "html": render_for_mail(comment.text),
        "text": comment.text,
        "about": about,
        "suggested": say_what(proposed, goal, today) if proposed else "",
    }


def _role(comment: GoalComment, *, is_owner: bool) -> str:
    if not is_owner:
        return ""
    return "your mentor" if comment.mentorship.is_mentor else "your colleague"


def _why_comment(*, is_owner: bool) -> str:
    if is_owner:
        return "You get an email when somebody who reads with you writes."
    return "You get an email when somebody answers you about a goal they show you."
