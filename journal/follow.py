"""What somebody does about an entry. Each function is one transaction, and keeps where the thing came from."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from core.timekeeping import week_key
from goals import services as goals
from goals.models import Goal, Milestone
from journal import periods
from journal.models import Entry, Intention, Outcome, Proposal
from journal.services import set_focus
from wins.models import Win
from wins.services import add_win


class AlreadyAnswered(Exception):
    """The proposal was taken up or left before, by a first press or in another tab."""


def focus_key(entry: Entry, today: date) -> str:
    """Return the week a line of an entry is meant for: the one after a week's reflection, unless that is over; else this one."""
    present = week_key(today)
    if entry.period is None or periods.is_month(entry.period.key):
        return present
    return max(periods.next_period(entry.period.key), present)


@transaction.atomic
def keep_win(*, entry: Entry, text: str, day: date, at: datetime, proposal: Proposal | None = None) -> Win:
    """Keep something an entry tells of as a win; raises like all here, see `_turn`."""
    _turn(entry, proposal, at=at)
    win = add_win(win=Win(text=text, happened_on=day), by=entry.owner, at=at)
    Outcome.objects.get_or_create(entry=entry, kind=Outcome.Kind.WIN, win=win, defaults={"created_at": at})
    return win


@transaction.atomic
def make_task(
    *, entry: Entry, goal: Goal, text: str, due_on: date | None, at: datetime, proposal: Proposal | None = None
) -> Milestone:
    """Make a task of a goal out of an entry; raises ValidationError where the goal has very many steps."""
    _turn(entry, proposal, at=at)
    task = Milestone(kind=Milestone.Kind.TASK, title=text, due_on=due_on)
    task = goals.add_milestone(goal=goal, milestone=task, by=entry.owner, at=at, is_alone=True)
    Outcome.objects.get_or_create(entry=entry, kind=Outcome.Kind.TASK, milestone=task, defaults={"created_at": at})
    return task


@transaction.atomic
def mean_to(*, entry: Entry, key: str, text: str, at: datetime, proposal: Proposal | None = None) -> None:
    """Set the focus of a week from an entry."""
    _turn(entry, proposal, at=at)
    set_focus(owner=entry.owner, key=key, text=text, at=at)
    for meant in Intention.objects.owned_by(entry.owner).for_period(key)[:1]:
        kept = {"entry": entry, "kind": Outcome.Kind.FOCUS, "intention": meant}
        Outcome.objects.get_or_create(**kept, defaults={"created_at": at})


def note_adjusted(*, entry: Entry, goal: Goal, how: str, at: datetime) -> None:
    """Note that a goal was adjusted because of an entry; a second time is the same."""
    kept = {"entry": entry, "kind": Outcome.Kind.GOAL, "goal": goal, "how": how}
    Outcome.objects.get_or_create(**kept, defaults={"created_at": at})


@transaction.atomic
def leave_proposal(*, proposal: Proposal, at: datetime) -> None:
    """Make nothing of a line. It stays in the entry; one that was answered before stays as it was."""
    row = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if row.answered_at is None:
        row.settle(Proposal.Answer.LEFT, at=at)


@transaction.atomic
def answer_outcomes(*, owner: User, answers: Iterable[tuple[Outcome, str]], at: datetime) -> None:
    """Note whether what followed from earlier entries was done, or helped. A task that was done is ticked."""
    for outcome, answer in answers:
        if outcome.answer == answer:
            continue
        if outcome.milestone is not None and (answer == "yes" or outcome.answer == "yes"):
            goals.tick_milestone(milestone=outcome.milestone, is_done=answer == "yes", by=owner, at=at)
        outcome.answer, outcome.answered_at = answer, at
        outcome.save(update_fields=["answer", "answered_at"])


def _turn(entry: Entry, proposal: Proposal | None, *, at: datetime) -> None:
    """Let whoever else does something about the entry finish first, and take up the proposal.

    Raises Entry.DoesNotExist once it was deleted, and AlreadyAnswered for a proposal that was answered before.
    """
    Entry.objects.owned_by(entry.owner).select_for_update(no_key=True).get(pk=entry.pk)
    if proposal is None:
        return
    proposal.refresh_from_db(fields=["answered_at"])
    if proposal.answered_at is not None:
        raise AlreadyAnswered
    proposal.settle(Proposal.Answer.TAKEN, at=at)
