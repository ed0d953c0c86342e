"""The weekly mail and its goodbye. What they say is gathered when they are sent, a constant number of queries a batch."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import Break, User
from core.compiled import CompiledQuery
from core.timekeeping import say_day, week_bounds, week_key
from home.week import GoalLine, Thing, Week, weeks_of
from journal.models import Entry, Period
from journal.questions import choose
from mail.letters import piece
from mail.models import Message
from mail.registry import EVENT, Content, kind
from reminders.models import Schedule
from reminders.services import week_of

Contents = dict[int, Content | None]
LINES_A_DAY, GOALS, AHEAD = 3, 3, 5


@kind("weekly_prompt", preference="weekly", batch=True)
def weekly_prompt(messages: list[Message], *, now: datetime) -> Contents:
    """Ask about a week, unless it was written or skipped since, or a break began."""
    return _each_person_once(messages, now=now, is_asked_for=False)


@kind("weekly_sample", preference="weekly", batch=True, priority=EVENT)
def weekly_sample(messages: list[Message], *, now: datetime) -> Contents:
    """Show the weekly mail to somebody who pressed "Send me one now"."""
    return _each_person_once(messages, now=now, is_asked_for=True)


@kind("weekly_farewell", preference="weekly", batch=True)
def weekly_farewell(messages: list[Message], *, now: datetime) -> Contents:
    """Say that no more mails come until somebody writes again, unless they just did, or a break began."""
    why = "You get this because the weekly reflection is on for your account."
    people = {message.user.pk: message.user for message in messages if message.user}
    leave = _back(people) | _away(people, now=now) if people else set()
    return {
        message.pk: Content(
            "reminders/emails/weekly_farewell", {"name": message.user.given_name if message.user.name else ""}, why
        )
        if message.user and message.user_id not in leave
        else None
        for message in messages
    }


def _back(people: dict[int, User]) -> set[int]:
    """Return who wrote, or set their weekly hour anew, since the turn that said goodbye to them."""
    schedules = Schedule.objects.filter(user__in=people).with_person()
    return {row.user_id for row in schedules if row.has_written or not row.unanswered}  # type: ignore[attr-defined]


def _each_person_once(messages: list[Message], *, now: datetime, is_asked_for: bool) -> Contents:
    """Gather in rounds that hold each person once: two weeks of one person may wait in the same batch."""
    found: Contents = dict.fromkeys((message.pk for message in messages), None)
    while messages:
        turn = {message.user_id: message for message in reversed(messages) if message.user_id}
        found |= _gather(turn, now=now, is_asked_for=is_asked_for)
        done = {message.pk for message in turn.values()}
        messages = [message for message in messages if message.user_id and message.pk not in done]
    return found


def _gather(messages: dict[int, Message], *, now: datetime, is_asked_for: bool) -> Contents:
    people = {pk: message.user for pk, message in messages.items() if message.user}
    weeks = {pk: week_of(message.ids["week"]) for pk, message in messages.items()}
    keys = sorted(weeks.values())
    periods = {
        owner: (state, questions)
        for owner, key, state, questions in _PERIODS.rows(people=list(people), first=keys[0], last=keys[-1])
        if weeks[owner] == key
    }
    if not is_asked_for:
        settled = {pk for pk, (state, _) in periods.items() if state in {"written", "skipped"}}
        leave = settled | _away(people, now=now)
        people = {pk: person for pk, person in people.items() if pk not in leave}
        weeks = {pk: week for pk, week in weeks.items() if pk in people}
    hours = {pk: (weekday, hour) for pk, weekday, hour in _HOURS.rows(people=list(people))}
    gathered = weeks_of(people, weeks, now=now)
    return {
        messages[pk].pk: Content(
            "reminders/emails/weekly_prompt",
            WeeklyMail(week, periods[pk][1] if pk in periods else choose(week.key)).context(),
            "You asked for this one on your settings page." if is_asked_for else _why(*hours.get(pk, (None, None))),
        )
        for pk, week in gathered.items()
    }


def _periods(people: list[int], first: str, last: str) -> QuerySet:
    rows = Period.objects.weeks().filter(owner__in=people).between(first, last)
    return rows.values_list("owner_id", "key", "state", "questions")


def _hours(people: list[int]) -> QuerySet:
    return Schedule.objects.filter(user__in=people).values_list("user_id", "weekday", "local_time")


def _pauses(people: list[int], first: date, last: date) -> QuerySet[Break]:
    return Break.objects.touching(first, last).filter(user__in=people)


_PERIODS = CompiledQuery(_periods, people=list, first=str, last=str)
_HOURS = CompiledQuery(_hours, people=list)
_PAUSES = CompiledQuery(_pauses, people=list, first=date, last=date)


def _away(people: dict[int, User], *, now: datetime) -> set[int]:
    days = {pk: person.today(now) for pk, person in people.items()}
    pauses = _PAUSES.objects(people=list(people), first=min(days.values()), last=max(days.values()))
    return {pause.user_id for pause in pauses if pause.covers(days[pause.user_id])}


@lru_cache(maxsize=256)
def _why(weekday: int | None, hour: time | None) -> str:
    if weekday is None:
        return "You get this once a week."
    return f"You get this on {Schedule.Weekday(weekday).label}s at {hour:%H:%M}, your time."


@dataclass(frozen=True)
class Asking:
    """What asks about one week, the same in every mail about it."""

    moods_html: str
    moods_text: str
    write_html: str


@lru_cache(maxsize=16)
def _asking(week: str, base_url: str) -> Asking:
    """Return what asks about this week, rendered once; the pieces begin their links with `base_url`."""
    folder = "reminders/emails/weekly_prompt"
    moods = Entry.Mood.choices
    return Asking(
        moods_html=piece(f"{folder}/_moods.html", week_key=week, moods=moods),
        moods_text=piece(f"{folder}/_moods.txt", week_key=week, moods=moods),
        write_html=piece(f"{folder}/_write.html", week_key=week),
    )


@lru_cache(maxsize=101)
def _bar(percent: int) -> str:
    return piece("mail/emails/_bar.html", percent=percent)


class WeeklyMail:
    """What one weekly mail says. With "no private text in mails" it counts, names who wrote, and leaves the rest out."""

    def __init__(self, week: Week, questions: list[str]) -> None:
        self.week, self.questions = week, questions
        self.is_hidden = week.owner.mails_hide_text

    def context(self) -> dict[str, Any]:
        """Return what the templates show."""
        week = self.week
        asked = "your week" if week.key == week_key(week.today) else "last week"
        name = f", {week.owner.given_name}" if week.owner.name else ""
        return {
            "week_number": int(week.key[-2:]),
            "heading": f"How was {asked}{name}?",
            "question": f"how was {asked}{name}?",
            "week_key": week.key,
            "asking": _asking(week.key, settings.BASE_URL),
            "intention": "" if self.is_hidden else week.intention,
            "intended": f"Last {week_bounds(week.key)[0] - timedelta(days=1):%A} you wanted to",
            "days": list(self._days()),
            "words": self._words(),
            "goals": [] if self.is_hidden else [self._goal(line) for line in week.goals[:GOALS]],
            "goals_hidden": len(week.goals) if self.is_hidden else 0,
            "questions": self.questions,
            "ahead": [self._ahead(thing) for thing in week.due[:AHEAD]],
            "is_hidden": self.is_hidden,
        }

    def _days(self) -> Iterator[dict[str, str]]:
        for day in self.week.days:
            things = [
                thing for thing in self.week.moved_on(day) if thing.hint != "comment" or not self._is_quoted(thing)
            ]
            if things and self.is_hidden:
                yield {
                    "when": f"{day:%a}",
                    "words": f"{len(things)} thing{'s' * (len(things) > 1)} in Waymark",
                }
            elif things:
                lines = list(dict.fromkeys(thing.sentence.removesuffix(".") for thing in things))
                more = len(lines) - LINES_A_DAY
                said = ". ".join(lines[:LINES_A_DAY])
                yield {
                    "when": f"{day:%a}",
                    "words": f"{said}. And {more} more" if more > 0 else said,
                }

    def _is_quoted(self, thing: Thing) -> bool:
        return self._quoted() is not None and thing.url == self.week.words.url  # type: ignore[union-attr]

    def _quoted(self) -> Any:
        """Return the last words of a reader if they are of this week (or of the evening after the mail before)."""
        words = self.week.words
        return words if words and words.on >= week_bounds(self.week.key)[0] - timedelta(days=1) else None

    def _words(self) -> dict[str, str] | None:
        words = self._quoted()
        if words is None:
            return None
        is_told = not (self.is_hidden or words.is_private)
        return {
            "heading": f"{words.author} wrote to you",
            "text": words.text if is_told else "",
            "where": "" if self.is_hidden else words.where,
            "path": words.url,
        }

    def _goal(self, line: GoalLine) -> dict[str, Any]:
        return {
            "title": line.goal.title,
            "path": line.goal.get_absolute_url(),
            "sentence": line.standing.sentence,
            "bar": _bar(round(line.standing.walked)),
        }

    def _ahead(self, thing: Thing) -> dict[str, str]:
        late = thing.days_late(self.week.today)
        words = thing.neutral if self.is_hidden else thing.sentence
        return {"when": self._when(thing.on, late), "words": words, "path": thing.url}

    def _when(self, day: date, late: int) -> str:
        if late > 0:
            return f"{late} day{'s' * (late > 1)} late"
        return say_day(day, self.week.today)
