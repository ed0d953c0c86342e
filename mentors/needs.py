"""The rows of "Needs you" on the mentor's desk, each with one clear act."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from accounts.models import User
from core.markdown import plain
from core.timekeeping import at_local, say_day, say_day_within
from journal.models import Entry
from mentors.models import Action, Invitation, Request
from mentors.panels import SharedWords
from mentors.rhythm import Standing
from mentors.threads import EXCERPT_LENGTH, LOGGED, NEW, TITLE_LENGTH, WORDS, State
from sharing.models import Mentorship
from wins.models import Win

# How long each takes, in minutes; what is read counts by its length.
MINUTES = {"reply": 5, "answer": 5, "look": 2, "write": 5, "do": 10}
WORDS_A_MINUTE = 200
ESTIMATES_STEP = 5


@dataclass(frozen=True)
class Need:
    """One thing that waits for the reader, since `since`, and what they can do about it (`act`, at `path`)."""

    key: str  # "goal-5", "entry-7", "invitation-3", "quiet-2": what a tick or a snooze posts
    since: datetime
    person: User
    path: str
    title: str
    act: str
    minutes: int
    on: date
    says: str = ""  # somebody's words
    meta: str = ""  # what stands behind them: the day, or until when
    # When something last happened there: a row that was set aside comes back with what is newer. None: only the day.
    news_at: datetime | None = None
    seen_path: str = ""  # where "Seen" posts; empty where looking settles nothing

    def sleeps(self, asleep: Mapping[str, datetime]) -> bool:
        """Tell whether the reader set this aside, and nothing new has come since."""
        at = asleep.get(self.key)
        return at is not None and (self.news_at is None or self.news_at <= at)


def thread_row(mentorship: Mentorship, item: Any, state: State, since: datetime, reader: User, today: date) -> Need:
    """Return the row of a shared goal, entry or win that waits; `item` is one, or what the desk read of it."""
    why, given = state.waits(mentorship.mentee_id), mentorship.mentee.given_name
    kind, path, title = _named(item)
    on = reader.today(since)
    act, says, meta = "Read", "", say_day(on, today)
    minutes = MINUTES["look"]
    if why == WORDS:
        verb = "asked you something about" if "?" in state.words else "wrote to you about"
        words, says, path = f"{given} {verb} {title}", state.words, f"{path}#conversation"
        act, minutes = "Reply", MINUTES["reply"]
    elif why == LOGGED:
        words, says, path, act = f"{given} has news on {title}", state.logged, f"{path}#log-heading", "Look"
    elif isinstance(item, Entry):
        words, says = f"{given} shared a {item.get_kind_display().lower()}", item.excerpt_for_reader
        minutes = reading_minutes(item)
        meta += f", {minutes} minute{'' if minutes == 1 else 's'} to read"
    elif kind == "win":
        words, says = f"{given} shared a win", item.text
    else:
        words = f"{given} shared {title}"
    return Need(
        key=f"{kind}-{item.pk}",
        since=since,
        person=mentorship.mentee,
        path=path,
        title=words,
        act=act,
        minutes=minutes,
        on=on,
        says=plain(says, EXCERPT_LENGTH),
        meta=meta,
        news_at=None if why == NEW else state.news_at,
        seen_path=f"/mentees/{mentorship.pk}/seen/",
    )


def _named(item: Any) -> tuple[str, str, str]:
    """Return of a thing what the desk calls its kind, where it is, and its name in a sentence."""
    if isinstance(item, Entry):
        heading = item.heading_for_reader
        name = f"“{heading}”" if item.title else heading if item.period else f"a {heading.lower()}"
        return "entry", item.get_absolute_url(), name
    if isinstance(item, (Win, SharedWords)):
        return "win", item.get_absolute_url(), f"“{plain(item.text, TITLE_LENGTH)}”"
    return "goal", f"/goals/{item.pk}/", item.title


def reading_minutes(entry: Entry) -> int:
    """Return how long an entry takes to read, at least a minute."""
    words = sum(len(text.split()) for text in (entry.text, *entry.answers.values()))
    return max(1, round(words / WORDS_A_MINUTE))


def invitation_row(invitation: Invitation, reader: User, today: date) -> Need:
    """Return the row of somebody who asks by an invitation."""
    until = say_day_within(reader.today(invitation.expires_at), today)
    return Need(
        key=f"invitation-{invitation.pk}",
        since=invitation.created_at,
        person=invitation.sender,
        path=invitation.answer_path,
        title=f"{invitation.sender} would like you as a {invitation.role}",
        act="See the request",
        minutes=MINUTES["answer"],
        on=reader.today(invitation.created_at),
        says=plain(invitation.message, EXCERPT_LENGTH),
        meta=f"Answer by {until}",
    )


def request_row(request: Request, reader: User, today: date) -> Need:
    """Return the row of somebody who asks from the directory."""
    since = request.sent_at or request.changed_at
    until = say_day_within(reader.today(request.runs_out_at), today) if request.runs_out_at else ""
    return Need(
        key=f"request-{request.pk}",
        since=since,
        person=request.asker,
        path=request.get_absolute_url(),
        title=f"{request.asker} would like you as a mentor",
        act="See the request",
        minutes=MINUTES["answer"],
        on=reader.today(since),
        says=plain(request.help_wanted, EXCERPT_LENGTH),
        meta=f"Answer by {until}" if until else "",
    )


def proposal_row(mentorship: Any, reader: User, today: date) -> Need:
    """Return the row of a mentee who proposes times (`offer` and `offered_at` of desk.relations_of)."""
    given, on = mentorship.mentee.given_name, reader.today(mentorship.offered_at)
    return Need(
        key=f"checkin-{mentorship.offer}",
        since=mentorship.offered_at,
        person=mentorship.mentee,
        path=f"{mentorship.get_absolute_url()}check-ins/{mentorship.offer}/",
        title=f"{given} proposes times for a check-in",
        act="Pick a time",
        minutes=MINUTES["look"],
        on=on,
        meta=say_day(on, today),
    )


def promise_row(mentorship: Mentorship, action: Action, reader: User, today: date) -> Need:
    """Return the row of something the reader promised in a check-in."""
    since = action.check_in.starts_at or action.check_in.created_at
    on = action.due_on or reader.today(since)
    return Need(
        key=f"action-{action.pk}",
        since=since,
        person=mentorship.mentee,
        path=f"{action.check_in.get_absolute_url()}#agreed",
        title=f"You promised {mentorship.mentee.given_name}: {action.text}",
        act="Open",
        minutes=MINUTES["do"],
        on=on,
        meta=f"By {say_day_within(on, today)}" if action.due_on else f"Agreed {say_day_within(on, today)}",
    )


def quiet_row(mentorship: Mentorship, quiet: Standing, write_path: str, reader: User) -> Need:
    """Return the row of a pair that lost touch; it leads to where one can write, else to what the two have."""
    given, day = mentorship.mentee.given_name, quiet.since or reader.today(mentorship.started_at)
    since = at_local(reader.time_zone, day, time(0))
    return Need(
        key=f"quiet-{mentorship.pk}",
        since=since,
        person=mentorship.mentee,
        path=write_path or mentorship.get_absolute_url(),
        title=f"It has become quiet between {given} and you",
        act=f"Write to {given}" if write_path else "Open",
        minutes=MINUTES["write"],
        on=day,
        meta=quiet.says,
        news_at=since,
    )


def estimate(rows: Iterable[Need]) -> str:
    """Return what the rows come to: "3 things, about 15 minutes"."""
    listed = list(rows)
    minutes = sum(row.minutes for row in listed)
    minutes = -(-minutes // ESTIMATES_STEP) * ESTIMATES_STEP
    return f"{len(listed)} thing{'' if len(listed) == 1 else 's'}, about {minutes} minutes"
