"""Who asks whom to be their mentor among the demo people."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from accounts.models import User
from goals.models import Goal
from goals.services import add_goal
from mentors.models import Request


def fill(cast: Any, today: date) -> None:
    """Let Wen ask Amara and owe Daniel an answer, Leo have waited in vain, and Amara write to Daniel."""
    if Request.objects.exists():
        return
    lead = Goal(
        owner=cast.wen,
        title="Lead the late shift",
        why="I know what goes wrong there, and I would like to be asked before it does.",
        measure=Goal.Measure.YES_NO,
        evidence="My name stands on the plan for a month.",
        starts_on=today - timedelta(days=20),
        due_on=today + timedelta(days=150),
        status=Goal.Status.ACTIVE,
    )
    add_goal(goal=lead, by=cast.wen, at=_morning(today, 20))
    asks = _ask(
        cast.wen,
        cast.amara,
        _morning(today, 2),
        help_wanted="I would like to move from support agent to shift lead, and I do not know what of my days to show.",
        why_you="You went from the support desk to research, and two of us have learned from you how to ask.",
        about_me="I have been an agent for two years, mostly on the late shift.",
        offer="One written page before each talk, and I tell you what I tried.",
        rhythm=30,
        term=6,
    )
    asks.step("send", at=_morning(today, 2))
    owes = _ask(
        cast.wen,
        cast.daniel,
        _morning(today, 5),
        help_wanted="I would like to learn how to read a call for what was not said.",
        why_you="You came from nursing and ask why three times.",
        about_me="I have been an agent for two years, mostly on the late shift.",
        offer="A call of mine, written down, before each talk.",
        channel="writing",
    )
    owes.step("send", at=_morning(today, 5))
    owes.step("ask", at=_morning(today, 1))
    owes.messages.create(
        author=cast.daniel,
        text="Happy to think about it. Are you allowed to write down calls and show them to somebody outside?",
        created_at=_morning(today, 1),
    )
    waited = _ask(
        cast.leo,
        cast.daniel,
        _morning(today, 17),
        help_wanted="I train two new colleagues and would like to see how you plan such weeks.",
        why_you="Your profile says you read drafts. I have one.",
        about_me="Support agent, and a trainer since spring.",
        offer="The draft of the handbook, and an hour a week.",
    )
    waited.step("send", at=_morning(today, 17))
    waited.step("expire", at=_morning(today, 3))
    draft = _ask(
        cast.amara,
        cast.daniel,
        _morning(today, 0),
        help_wanted="You moved from nursing into research. I am moving from a support desk, and I do not know which parts "
        "of that experience to show and which to leave out.",
        offer="Two hours a week, something written before each call, and a note afterwards on what I tried.",
    )
    draft.goals.set(Goal.objects.owned_by(cast.amara).for_readers().filter(title__icontains="research role")[:1])


def _ask(asker: User, mentor: User, at: datetime, **fields: Any) -> Request:
    row = Request.objects.create(asker=asker, mentor=mentor, created_at=at, changed_at=at, **fields)
    row.goals.set(Goal.objects.owned_by(asker).for_readers()[:1])
    return row


def _morning(today: date, days_ago: int) -> datetime:
    return datetime.combine(today - timedelta(days=days_ago), time(8, 30), UTC)
