"""What the desk knows of one person who shows the reader something."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from goals.models import Goal
from goals.trail import Standing
from journal.models import Entry
from mentors import rhythm
from mentors.threads import State
from sharing.models import Mentorship


class SharedGoal(NamedTuple):
    """What the desk asks of every goal that is shared with the reader; `owner` is a key."""

    pk: int
    owner: int
    title: str
    status: str
    moved_at: datetime


class SharedWords(NamedTuple):
    """What the desk asks of every entry ("entry") and win ("win") that is shared with the reader; `text` of wins only."""

    what: str
    pk: int
    owner: int
    moved_at: datetime
    on: date
    text: str

    def get_absolute_url(self) -> str:
        return f"/wins/{self.pk}/" if self.what == "win" else f"/journal/{self.pk}/"


@dataclass(frozen=True)
class GoalLine:
    """A shared goal as the desk draws it; `says` are the first words of the last comment."""

    goal: Goal
    standing: Standing
    says: str = ""
    said_on: date | None = None
    said_by: int | None = None


@dataclass(frozen=True)
class SuggestedLine:
    """Something the reader suggested, and what became of it: "Waiting since 3 March", "Taken up yesterday"."""

    path: str
    title: str  # of the goal
    says: str
    fate: str


class PointLine(NamedTuple):
    """Something to talk about next time, and from whom: "you", "Leo"."""

    words: str
    by: str


@dataclass
class Panel:
    """What one mentee shows the reader, in short."""

    mentorship: Mentorship
    moved_at: datetime
    is_resting: bool
    wrote_at: datetime | None = None
    wrote: int | None = None
    goal_count: int = 0
    entry_count: int = 0
    goals: list[GoalLine] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    win_count: int = 0
    wins: list[SharedWords] = field(default_factory=list)
    moved_on: date | None = None
    wrote_on: date | None = None
    quiet: rhythm.Standing = rhythm.STEADY
    # Where the reader can write to this person: the newest goal they share, else entry, else win; "" where nothing is.
    write_path: str = ""
    suggested: list[SuggestedLine] = field(default_factory=list)
    met_on: date | None = None
    next_said: str = ""  # when they meet next; empty where nothing is planned
    next_path: str = ""
    points: list[PointLine] = field(default_factory=list)

    @property
    def more_goals(self) -> int:
        """How many shared goals the panel leaves out: further ones, and those that are closed."""
        return self.goal_count - len(self.goals)

    @property
    def more_entries(self) -> int:
        return self.entry_count - len(self.entries)

    @property
    def more_wins(self) -> int:
        return self.win_count - len(self.wins)

    def note(self, state: State, moved_at: datetime | None) -> None:
        """Take into account one more shared thing: when it moved and who wrote about it last."""
        if state.at is not None and (self.wrote_at is None or state.at > self.wrote_at):
            self.wrote_at, self.wrote = state.at, state.author
        by_mentee = state.at if state.author == self.mentorship.mentee_id else None
        self.moved_at = max(at for at in (self.moved_at, moved_at, by_mentee) if at is not None)
