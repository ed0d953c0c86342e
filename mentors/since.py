"""What changed between two people since they last met: of what one shares with the other at this moment, and no more."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from goals.models import Goal, Milestone, ProgressUpdate
from goals.trail import say_number, say_share
from journal.models import Entry
from sharing.models import Mentorship
from wins.models import Win

MOST = 8
MOST_WINS = 3


@dataclass(frozen=True, slots=True)
class Change:
    """One line: what, and where it stands."""

    words: str
    url: str = ""


def changes_since(mentorship: Mentorship, since: datetime) -> list[Change]:
    """Return what moved in the shared things of a relation after a moment; four queries.

    Goals give way to what was written: it is a line or two, and nothing else on the page leads there.
    """
    goals, entries = Goal.objects.shared_through(mentorship), Entry.objects.shared_through(mentorship)
    wins = Win.objects.shared_through(mentorship)
    moved = [*_progress(goals, since), *_milestones(goals, since)]
    written = [*_entries(entries, since, mentorship), *_wins(wins, since)]
    return moved[: MOST - len(written)] + written


def _progress(goals: QuerySet[Goal], since: datetime) -> Iterator[Change]:
    updates = ProgressUpdate.objects.filter(goal=OuterRef("pk"), value__isnull=False).order_by("-happened_on", "-pk")
    moved = goals.filter(updates__created_at__gt=since).annotate(
        times=Count("updates"),
        hours=Sum("updates__hours"),
        newest=Subquery(updates.values("value")[:1]),
        older=Coalesce(Subquery(updates.filter(created_at__lte=since).values("value")[:1]), "start_value"),
    )
    for goal in moved.order_by("-updated_at", "-pk")[:MOST]:
        for words in _said_of(goal):
            yield Change(words, f"/goals/{goal.pk}/")


def _said_of(goal: Goal) -> Iterable[str]:
    row: Any = goal  # with the columns of _progress
    now, then, hours = row.newest, row.older, row.hours
    if goal.counts and now is not None and goal.target_value is not None:
        gained = now - (then or Decimal(0))
        share = say_share(now, goal.start_value, goal.target_value, goal.unit)
        yield f"{goal.title}: {say_number(gained)} more, now {share}" if gained > 0 else f"{goal.title}: now {share}"
    if hours:
        whole, minutes = divmod(round(hours * 60), 60)
        yield f"{whole} h {minutes:02d} on {goal.title}" if minutes else f"{whole} h on {goal.title}"
    elif not goal.counts or now is None:
        times = row.times
        yield f"{goal.title}: logged {'once' if times == 1 else f'{times} times'}"


def _milestones(goals: QuerySet[Goal], since: datetime) -> Iterator[Change]:
    done = Milestone.objects.done().filter(goal__in=goals.values("pk"), done_at__gt=since)
    for step in done.order_by("-done_at", "-pk")[:MOST]:
        yield Change(f"{'Done' if step.is_task else 'Reached'}: {step.title}", step.get_absolute_url())


def _entries(entries: QuerySet[Entry], since: datetime, mentorship: Mentorship) -> Iterator[Change]:
    """Count them in words that hold for both, who see the same list."""
    found = list(entries.filter(finished_at__gt=since).order_by("-entry_on", "-pk")[:MOST])
    if found:
        number = "One shared entry" if len(found) == 1 else f"{len(found)} shared entries"
        url = found[0].get_absolute_url() if len(found) == 1 else mentorship.get_absolute_url()
        yield Change(f"{number} of the journal", url)


def _wins(wins: QuerySet[Win], since: datetime) -> Iterator[Change]:
    for win in wins.filter(created_at__gt=since).order_by("-happened_on", "-pk")[:MOST_WINS]:
        yield Change(f"A win: {win.text}", win.get_absolute_url())
