"""The wall of wins as its page draws it: cards under their months, and the last half year as a path."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncWeek
from django.utils.safestring import SafeString

from accounts.models import User
from core.compiled import CompiledQuery
from core.markup import fill, fill_each
from core.timekeeping import month_key, say_day
from wins.models import Win, WinQuerySet

WEEKS = 26
FIRST_X, LAST_X, Y = 12, 908, 16


@dataclass(frozen=True, slots=True)
class Card:
    """One win on the wall, in finished strings."""

    pk: int
    text: str
    when: str
    goal_title: str
    goal_url: str
    readers: str
    has_note: bool
    is_starred: bool


@dataclass(frozen=True, slots=True)
class Month:
    """Cards of one month, the newest first; `key` is like "2026-11"."""

    key: str
    name: str
    cards: list[Card]


def card_of(win: Win, today: date) -> Card:
    """Return a win of one's own as its card; asked with its goal, and `reader_names` where somebody may read it."""
    goal = win.goal if win.goal and win.goal.deleted_at is None else None
    names: list[str] = getattr(win, "reader_names", [])
    return Card(
        pk=win.pk,
        text=win.text,
        when=say_day(win.happened_on, today),
        goal_title=goal.title if goal else "",
        goal_url=goal.get_absolute_url() if goal else "",
        readers=", ".join(name.split(" ")[0] for name in names),
        has_note=bool(win.note),
        is_starred=win.is_starred,
    )


def months_of(wins: Iterable[Win], today: date) -> list[Month]:
    """Return the cards under their months, in the order of `wins`."""
    by_month = groupby(wins, key=lambda win: month_key(win.happened_on))
    return [month_of(key, list(rows), today) for key, rows in by_month]


def month_of(key: str, wins: list[Win], today: date) -> Month:
    """Return one month; its name has a year where it is not this one."""
    first = wins[0].happened_on
    name = f"{first:%B}" if first.year == today.year else f"{first:%B %Y}"
    return Month(key, name, [card_of(win, today) for win in wins])


def _listed(owner: int) -> WinQuerySet:
    return Win.objects.owned_by(User(pk=owner)).select_related("goal").with_reader_names()


def listed(owner: int, show: str) -> WinQuerySet:
    """Return a person's wins with what cards need; `show` narrows them to "starred" or "shared" ones."""
    wins = _listed(owner)
    return wins.starred() if show == "starred" else wins.shown_to_someone() if show == "shared" else wins


def _weeks(owner: int, first: date) -> QuerySet:
    rows = Win.objects.owned_by(User(pk=owner)).filter(happened_on__gte=first).order_by()
    return rows.annotate(week=TruncWeek("happened_on")).values("week").annotate(n=Count("pk")).values_list("week", "n")


_WEEKS = CompiledQuery(_weeks, owner=int, first=date)


@dataclass(frozen=True, slots=True)
class HalfYear:
    """How many wins the last 26 weeks hold, and the path that shows them."""

    count: int
    weeks: int
    drawing: SafeString

    @property
    def says(self) -> str:
        """Say it in a sentence."""
        wins = f"{self.count} win{'s' * (self.count != 1)}"
        return f"{wins} in {self.weeks} of the last {WEEKS} weeks"


def half_year(owner: User, today: date) -> HalfYear:
    """Return the last half year of a person's wins; one query."""
    monday = today - timedelta(days=today.weekday())
    mondays = [monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    found = dict(_WEEKS.rows(owner=owner.pk, first=mondays[0]))
    numbers = [found.get(day, 0) for day in mondays]
    return HalfYear(sum(numbers), sum(map(bool, numbers)), _draw(mondays, numbers))


def _draw(mondays: list[date], numbers: list[int]) -> SafeString:
    """Draw a diamond for each week with a win, larger with more; a dot for one without."""
    step = (LAST_X - FIRST_X) / (WEEKS - 1)
    marks, names, month = [], [], 0
    for place, (day, number) in enumerate(zip(mondays, numbers, strict=True)):
        x = round(FIRST_X + place * step, 1)
        if day.month != month and (month or day.day <= 21):
            names.append((x - 6, f"{day:%b}"))
        month = day.month
        if number:
            r = 5 + 1.9 * min(number, 3)
            css = "yr-d now" if place == WEEKS - 1 else "yr-d"
            path = f"M{x} {Y - r:.1f}l{r:.1f} {r:.1f}-{r:.1f} {r:.1f}-{r:.1f}-{r:.1f}z"
            marks.append(fill('<path class="{}" d="{}"/>', css, path))
        else:
            marks.append(fill('<circle class="hm0b" cx="{}" cy="{}" r="2.6"/>', x, Y))
    return SafeString("".join(marks) + fill_each('<text class="hm-t" x="{}" y="39">{}</text>', names))
