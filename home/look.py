"""Whose weeks are looked at, for whose eyes, and what is found there: the words in which every app tells of a week."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import QuerySet

from accounts.models import User
from core.compiled import CompiledQuery
from core.forms import FIRST_DAY
from core.timekeeping import period_bounds
from sharing.models import Comment

# What comes into sight as "next up".
AHEAD = timedelta(days=7)
# The last words of a mentor are shown as long as they are still about something.
COMMENTS_STAY = timedelta(days=28)
# Nobody reads more than this of one week; it keeps a hoarder's page as cheap as anybody's.
PLENTY = 100
# The same for a batch of mails, which is at most 500 people.
PLENTY_OF_ALL = 500 * PLENTY


class Thing(NamedTuple):
    """Something of one person's week: done or said on a day (`is_due` False), or to be done by one.

    `title` and `about` are what a list shows, `label` a word or two for the week strip, `sentence` a line of a mail,
    `neutral` the same without anybody's private words, `note` what was written with it, as Markdown. `hint` is one of journal.questions.HINTS.
    No two things that are due have the same `url`: a calendar tells them apart by it. A named tuple, because a batch of
    mails makes thousands and a frozen dataclass takes three times as long.
    """

    owner_id: int
    on: date
    title: str
    sentence: str
    neutral: str
    url: str
    is_due: bool = False
    about: str = ""
    label: str = ""
    note: str = ""
    icon: str = "diamond"
    hint: str = ""
    # What "Next up" offers: a POST that ticks (`done=1`) and unticks it, and pages that move or close it.
    tick_url: str = ""
    move_url: str = ""
    close_url: str = ""
    # False for what is due today whichever day it is looked at: a calendar would move it along day by day.
    has_day: bool = True
    # Its hour and length in minutes, for what has one.
    at: datetime | None = None
    minutes: int = 0

    def days_late(self, today: date) -> int:
        return (today - self.on).days if self.is_due else 0


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote to the owner: plain text, who, where. `is_private` words stand in no mail."""

    owner_id: int
    author: str
    text: str
    where: str
    url: str
    at: datetime
    on: date
    is_mentor: bool
    is_active: bool  # the relation is in force
    is_private: bool

    @property
    def heading(self) -> str:
        return "From your mentor" if self.is_mentor else "From your colleague"


class Span(NamedTuple):
    """The days and moments of a look: wide enough for everybody in it, whatever their zone."""

    first: date
    last: date
    oldest: date
    horizon: date
    this_week: date  # the Monday of today's week, the earliest of them
    start: datetime
    end: datetime
    lately: datetime


@dataclass(frozen=True)
class Look:
    """Whose weeks are gathered and for whose eyes. `viewer` None: everybody looks at their own.

    People in one look may live in different zones and weeks: queries span all of them, `holds` tells them apart.
    A week may as well be a month.
    """

    people: Mapping[int, User]
    weeks: Mapping[int, str]
    today: Mapping[int, date]
    viewer: User | None = None
    # How far due dates come into sight, and how long one that passed stays there (None: until it is done).
    ahead: timedelta = AHEAD
    back: timedelta | None = None
    plenty: int = PLENTY  # rows that one source gives of one person
    # What one source asked and another needs too.
    memo: dict[str, Any] = field(default_factory=dict, compare=False)

    @cached_property
    def spans(self) -> dict[int, tuple[date, date]]:
        bounds = {key: period_bounds(key) for key in set(self.weeks.values())}
        return {pk: bounds[key] for pk, key in self.weeks.items()}

    @cached_property
    def span(self) -> Span:
        first = min(first for first, _ in self.spans.values())
        last = max(last for _, last in self.spans.values())
        # A day before the first begins anywhere, and after the last has ended everywhere.
        start, end = _midnight(first) - timedelta(days=1), _midnight(last) + timedelta(days=2)
        oldest = min(self.today.values()) - self.back if self.back else FIRST_DAY
        this_week = min(day - timedelta(days=day.weekday()) for day in self.today.values())
        horizon = max(self.today.values()) + self.ahead
        return Span(first, last, oldest, horizon, this_week, start, end, start - COMMENTS_STAY)

    def holds(self, owner_id: int, day: date) -> bool:
        """Tell whether a day lies in the week (or month) looked at."""
        first, last = self.spans[owner_id]
        return first <= day <= last

    def is_near(self, owner_id: int, day: date) -> bool:
        """Tell whether a due date is near enough to be shown, ahead or past."""
        today = self.today[owner_id]
        return day <= today + self.ahead and (self.back is None or day >= today - self.back)

    def day_of(self, owner_id: int, moment: datetime) -> date:
        """Return the owner's calendar day of a moment."""
        return self.people[owner_id].today(moment)


Build = Callable[[Any, Span, int], QuerySet]


class Asked:
    """One question about weeks: a model and what to ask of it. Gives plain rows.

    `build(rows, span, limit)` gets a queryset of what may be seen and returns one of values. One's own page and the mails
    of many people ask a compiled form of it, one each; readers and calendars ask the queryset itself.
    """

    def __init__(self, model: Any, build: Build) -> None:
        self.model, self.build = model, build
        days = dict.fromkeys(("first", "last", "oldest", "horizon", "this_week"), date)
        days |= dict.fromkeys(("start", "end", "lately"), datetime)
        self._of_one = CompiledQuery(self._own, owner=int, **days)
        self._of_many = CompiledQuery(self._own_of_many, owners=list, **days)

    def _own(self, owner: int, **days: Any) -> QuerySet:
        return self.build(self._of([User(pk=owner)]), Span(**days), PLENTY)

    def _own_of_many(self, owners: list[int], **days: Any) -> QuerySet:
        return self.build(self._of([User(pk=owner) for owner in owners]), Span(**days), PLENTY_OF_ALL)

    def _of(self, owners: list[User]) -> Any:
        return _rows_of(self.model, owners)

    def _seen(self, rows: Any, viewer: User) -> Any:
        return rows.visible_to(viewer)

    def rows(self, look: Look) -> list[tuple[Any, ...]]:
        """Return the rows of everybody looked at."""
        owners, days = list(look.people), look.span._asdict()
        if look.viewer is not None or look.plenty != PLENTY:
            rows = self._of(list(look.people.values()))
            rows = rows if look.viewer is None else self._seen(rows, look.viewer)
            return list(self.build(rows, look.span, look.plenty * len(owners)))
        if len(owners) == 1:
            return self._of_one.rows(owner=owners[0], **days)
        return self._of_many.rows(owners=owners, **days)


def _rows_of(model: Any, owners: list[User]) -> Any:
    """Return what belongs to these people: their things, or what was said about them."""
    rows = model._default_manager.all()
    if issubclass(model, Comment):
        return rows.filter(item__owner__in=owners, item__deleted_at=None)
    return rows.owned_by_any(owners)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=UTC)


class AskedTogether(Asked):
    """Several short questions in one statement: each a model and what to ask of it, all with the same columns."""

    def __init__(self, *parts: tuple[Any, Build]) -> None:
        self.parts = parts
        super().__init__(None, self._together)

    def _of(self, owners: list[User]) -> Any:
        return [_rows_of(model, owners) for model, _ in self.parts]

    def _seen(self, rows: Any, viewer: User) -> Any:
        return [own.visible_to(viewer) for own in rows]

    def _together(self, rows: Any, span: Span, limit: int) -> QuerySet:
        first, *others = (build(own, span, limit) for own, (_, build) in zip(rows, self.parts, strict=True))
        return first.union(*others, all=True)
