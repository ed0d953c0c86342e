"""What the weekly and the monthly mail have in common: whom they are for, when they come, and pieces drawn once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from itertools import islice

from django.conf import settings
from django.db.models import QuerySet
from django.utils.safestring import SafeString

from accounts.models import Break, User
from core.compiled import CompiledQuery
from core.timekeeping import say_day
from home.week import GoalLine, Thing
from journal.models import Entry, Intention, Period
from journal.questions.asked import as_asked
from journal.questions.choosing import reason_in_mail, words_in_mail
from mail.models import Message
from mail.registry import Content
from mail.stencils import Stencil
from mail.templates import piece
from reminders.models import Schedule

Contents = dict[int, Content | None]
LINES, GOALS, AHEAD = 3, 3, 5
FOLDER = "reminders/emails/prompt"
COUNTS = ("", "One question", "Two questions", "Three questions", "Four questions")
ASKED_FOR = "You asked for this one on your settings page."


def each_person_once(messages: list[Message], tell: Callable[[dict[int, Message]], Contents]) -> Contents:
    """Gather in rounds that hold each person once: two weeks of one person may wait in the same batch."""
    found: Contents = dict.fromkeys((message.pk for message in messages), None)
    while messages:
        turn = {message.user_id: message for message in reversed(messages) if message.user_id}
        found |= tell(turn)
        done = {message.pk for message in turn.values()}
        messages = [message for message in messages if message.user_id and message.pk not in done]
    return found


def asked(
    messages: dict[int, Message], keys: dict[int, str], *, now: datetime, is_asked_for: bool
) -> tuple[dict[int, User], dict[int, list[str]]]:
    """Return who is to be asked, and the stored questions, by user id.

    Left out is who wrote or skipped it since, and who is on a break; nobody if they asked for the mail themselves.
    """
    people = {pk: message.user for pk, message in messages.items() if message.user}
    ordered = sorted(keys.values())
    found = {
        owner: (state, questions)
        for owner, key, state, questions in _PERIODS.rows(people=list(people), first=ordered[0], last=ordered[-1])
        if keys[owner] == key
    }
    if not is_asked_for:
        leave = {pk for pk, (state, _) in found.items() if state in {"written", "skipped"}} | away(people, now=now)
        people = {pk: person for pk, person in people.items() if pk not in leave}
    return people, {pk: questions for pk, (_, questions) in found.items()}


def away(people: dict[int, User], *, now: datetime) -> set[int]:
    """Return who is on a break."""
    days = {pk: person.today(now) for pk, person in people.items()}
    pauses = _PAUSES.objects(people=list(people), first=min(days.values()), last=max(days.values()))
    return {pause.user_id for pause in pauses if pause.covers(days[pause.user_id])}


def hours_of(people: Iterable[int], kind: str) -> dict[int, tuple[int | None, int | None, int | None, time]]:
    """Return weekday, fortnight, day of the month and hour of the schedules of that kind."""
    return {pk: tuple(row) for pk, *row in _HOURS.rows(people=list(people), kind=kind)}


@lru_cache(maxsize=1024)
def why(weekday: int | None, fortnight: int | None, month_day: int | None, hour: time) -> str:
    """Say when the mail comes, for its footer."""
    if month_day is not None:
        return f"You get this on the {Schedule.MonthDay(month_day).label} at {hour:%H:%M}, your time."
    day = Schedule.Weekday(weekday or 0).label
    often = f"on {day}s" if fortnight is None else f"every other {day}"
    return f"You get this {often} at {hour:%H:%M}, your time."


def _periods(people: list[int], first: str, last: str) -> QuerySet:
    rows = Period.objects.filter(owner__in=people).between(first, last)
    return rows.values_list("owner_id", "key", "state", "questions")


def _hours(people: list[int], kind: str) -> QuerySet:
    rows = Schedule.objects.filter(user__in=people, kind=kind)
    return rows.values_list("user_id", "weekday", "fortnight", "month_day", "local_time")


def _pauses(people: list[int], first: date, last: date) -> QuerySet[Break]:
    return Break.objects.touching(first, last).filter(user__in=people)


_PERIODS = CompiledQuery(_periods, people=list, first=str, last=str)
_HOURS = CompiledQuery(_hours, people=list, kind=str)
_PAUSES = CompiledQuery(_pauses, people=list, first=date, last=date)


@dataclass(frozen=True)
class Asking:
    """What asks about one week or month, the same in every mail about it."""

    moods_html: str
    moods_text: str
    outcome_html: str
    outcome_text: str
    write_html: str
    write_text: str


@lru_cache(maxsize=32)
def asking(query: str, base_url: str) -> Asking:
    """Return what asks about "week=2026-W47" or "month=2026-11", drawn once; links begin with `base_url`."""
    unit = query.partition("=")[0]
    shared = {"query": query, "unit": unit, "moods": Entry.Mood.choices, "outcomes": Intention.CameTrue.choices}
    return Asking(
        moods_html=piece(f"{FOLDER}/_moods.html", **shared),
        moods_text=piece(f"{FOLDER}/_moods.txt", **shared),
        outcome_html=piece(f"{FOLDER}/_outcome.html", **shared),
        outcome_text=piece(f"{FOLDER}/_outcome.txt", **shared),
        write_html=piece(f"{FOLDER}/_write.html", **shared),
        write_text=piece(f"{FOLDER}/_write.txt", **shared),
    )


@lru_cache(maxsize=101)
def _bar(percent: int) -> str:
    return piece("mail/emails/_bar.html", percent=percent)


SAID = {"yes": "You said it came true.", "partly": "You said it partly came true.", "no": "You said not yet."}


@dataclass(frozen=True)
class Rows:
    """A list of a mail, in both its forms."""

    html: str
    text: str

    def under(self, name: str) -> dict[str, str]:
        """Return both as words of a mail whose templates call the list so."""
        return {f"{name}.html": self.html, f"{name}.text": self.text}


NO_ROWS = Rows("", "")


@lru_cache(maxsize=64)
def _stencils(name: str, fields: tuple[str, ...], base_url: str) -> tuple[Stencil, Stencil]:
    return Stencil(f"{FOLDER}/{name}.html", *fields), Stencil(f"{FOLDER}/{name}.txt", *fields)


def _rows(name: str, fields: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Rows:
    """Fill the pieces of that name for each row."""
    if not rows:
        return NO_ROWS
    html, text = _stencils(name, fields, settings.BASE_URL)
    return Rows(html.fill(rows), text.fill(rows))


def day_rows(rows: Iterable[tuple[str, str]]) -> Rows:
    """Return what happened: (day or week, words)."""
    return _rows("_day", ("when", "words"), list(rows))


def win_rows(wins: Iterable[str]) -> Rows:
    return _rows("_win", ("words",), [(win,) for win in wins])


def question_rows(questions: Iterable[str]) -> Rows:
    """Return the questions and, where a mail may say it, why each is asked."""
    asked = enumerate(as_asked(questions), 1)
    rows = [_question(f"{number}", words_in_mail(one), reason_in_mail(one)) for number, one in asked]
    return Rows(SafeString("".join([row.html for row in rows])), "".join([row.text for row in rows]))


@lru_cache(maxsize=4096)
def _question(number: str, words: str, reason: str) -> Rows:
    """Return one question, drawn once: they are those of the library, and of one's own a mail shows no word."""
    if reason:
        return _rows("_question_why", ("number", "words", "why"), [(number, words, reason)])
    return _rows("_question", ("number", "words"), [(number, words)])


def goal_rows(lines: Iterable[GoalLine]) -> Rows:
    """Return the first goals and where they stand."""
    fields = ("title", "path", "sentence", "bar", "above")
    rows: list[tuple[str, ...]] = []
    for line in islice(lines, GOALS):
        goal, standing = line.goal, line.standing
        bar = _bar(round(standing.walked))
        rows.append((goal.title, goal.get_absolute_url(), standing.sentence, bar, "18" if rows else "0"))
    return _rows("_goal", fields, rows)


def ahead_rows(things: Iterable[Thing], today: date, *, is_hidden: bool) -> Rows:
    """Return the first of what is due, late or to come."""
    rows: list[tuple[str, ...]] = []
    for thing in islice(things, AHEAD):
        late = thing.days_late(today)
        when = f"{late} day{'s' * (late > 1)} late" if late > 0 else say_day(thing.on, today)
        rows.append((when, thing.neutral if is_hidden else thing.sentence, thing.url))
    return _rows("_ahead", ("when", "words", "path"), rows)
