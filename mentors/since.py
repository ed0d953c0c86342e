"""What changed between two people since they last met: of what one shares with the other at this moment, and no more."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, DateTimeField, F, OuterRef, QuerySet, Subquery, Sum, TextField, Value
from django.db.models.functions import Cast, Coalesce

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


class _Row(NamedTuple):
    """A step that was done (`what` is its kind, `of` its goal), an entry or a win; `at` orders those of a kind."""

    what: str
    pk: int
    of: int
    at: datetime
    words: str


def changes_since(mentorship: Mentorship, since: datetime) -> list[Change]:
    """Return what moved in the shared things of a relation after a moment; two queries.

    Goals give way to what was written: it is a line or two, and nothing else on the page leads there.
    """
    goals = Goal.objects.shared_through(mentorship)
    rows = sorted(_rows(mentorship, goals, since), key=lambda row: (row.at, row.pk), reverse=True)
    moved = [*_progress(goals, since), *(_step(row) for row in rows if row.what in Milestone.Kind)]
    entries = [row for row in rows if row.what == "entry"]
    wins = [Change(f"A win: {row.words}", f"/wins/{row.pk}/") for row in rows if row.what == "win"]
    written = [*_counted(entries, mentorship), *wins]
    return moved[: MOST - len(written)] + written


def _rows(mentorship: Mentorship, goals: QuerySet[Goal], since: datetime) -> list[_Row]:
    """Return the newest steps, entries and wins, in no order."""
    steps = Milestone.objects.done().filter(goal__in=goals.values("pk"), done_at__gt=since)
    entries = Entry.objects.shared_through(mentorship).filter(finished_at__gt=since)
    wins = Win.objects.shared_through(mentorship).filter(created_at__gt=since)
    pieces = [
        _newest(steps, F("kind"), "goal", "done_at", F("title"))[:MOST],
        _newest(entries, Value("entry"), "pk", "entry_on", Value(""))[:MOST],
        _newest(wins, Value("win"), "pk", "happened_on", F("text"))[:MOST_WINS],
    ]
    return [_Row(*row) for row in pieces[0].union(*pieces[1:], all=True)]


def _newest(rows: Any, what: Any, of: str, day: str, words: Any) -> Any:
    named = rows.annotate(
        a_what=Cast(what, TextField()), an_at=Cast(F(day), DateTimeField()), some_words=Cast(words, TextField())
    )
    return named.order_by(f"-{day}", "-pk").values_list("a_what", "pk", of, "an_at", "some_words")


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


def _step(row: _Row) -> Change:
    verb = "Done" if row.what == Milestone.Kind.TASK else "Reached"
    return Change(f"{verb}: {row.words}", f"/goals/{row.of}/#milestone-{row.pk}")


def _counted(entries: list[_Row], mentorship: Mentorship) -> Iterator[Change]:
    """Count them in words that hold for both, who see the same list."""
    if entries:
        number = "One shared entry" if len(entries) == 1 else f"{len(entries)} shared entries"
        url = f"/journal/{entries[0].pk}/" if len(entries) == 1 else mentorship.get_absolute_url()
        yield Change(f"{number} of the journal", url)
