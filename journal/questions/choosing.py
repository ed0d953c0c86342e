"""Which questions a week or a month asks: three that fit it, and the one it ends with."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from zlib import crc32

from core.timekeeping import week_bounds
from journal.periods import is_month
from journal.questions.asked import Asked
from journal.questions.library import BY_ID, PLACES, QUESTIONS, TAGS, Question

LAST_QUESTION = "What matters most next week?"
LAST_QUESTION_OF_MONTH = "What matters most next month?"

# What a week can hold; home.week says which of them fit, and the calendar adds the end of a month.
HINTS = frozenset(TAGS)
# Weeks and months around a period in which none of its questions is asked: both ways, since they are opened out of order.
WEEKS_APART, MONTHS_APART = 8, 3
# Where one's own questions stand, if these places are free.
_OWN_PLACES = tuple(reversed(PLACES))

# Why a question was chosen, as a line below it. The tags of the library have their own.
REASONS = {
    "": "It fits any time, and you were not asked it lately.",
    "asked": "Because you asked for it.",
    "own": "One of your own.",
    "instead": "In place of another one.",
    "first_week": "Because it is your first week here.",
    "after_break": "Because you had a break.",
    "low_mood": "Because it was a low week.",
    "late": "Because something is past its date.",
    "win": "Because you noted a win.",
    "milestone": "Because you reached something.",
    "new_mentor": "Because you have a new mentor.",
    "comment": "Because somebody wrote to you.",
    "interview": "Because somebody told you about their work.",
    "event": "Because you went to an event.",
    "due": "Because a date comes near.",
    "no_contact": "Because it has been quiet between you and your mentor.",
    "out_of_touch": "Because somebody you know has not heard from you for a while.",
    "month_end": "Because the month ends.",
    "talk": "Because you spoke with people you know.",
    "progress": "Because something moved.",
    "quiet": "Because it was a quiet week.",
}
OWN_IN_MAIL = "One of your own questions"
# How somebody felt is said on their own pages only.
_UNSAID_IN_MAILS = {"", "low_mood", "own"}


@dataclass(frozen=True)
class Own:
    """One of a person's own questions: its id ("own-12"), when it fits, what it is asked in, its words as stored."""

    id: str
    tags: frozenset[str]
    is_monthly: bool
    token: str = ""


@dataclass
class Known:
    """What the choice for one person heeds.

    `recent` was asked in the weeks or months around, `aside` was exchanged for another there, `left_out` is not to be
    asked at all, `wanted` was asked for, the longest waiting first.
    """

    recent: set[str] = field(default_factory=set)
    aside: set[str] = field(default_factory=set)
    left_out: set[str] = field(default_factory=set)
    wanted: list[str] = field(default_factory=list)
    own: list[Own] = field(default_factory=list)


def last_question(period_key: str) -> str:
    """Return the question that ends every week, or every month."""
    return LAST_QUESTION_OF_MONTH if is_month(period_key) else LAST_QUESTION


def reason(asked: str) -> str:
    """Say why a question was chosen; nothing for one whose reason was not kept, and for the last."""
    if not isinstance(asked, Asked) or not asked.id:
        return ""
    return REASONS.get(asked.why, "")


def words_in_mail(asked: Asked) -> str:
    """Return a question as a mail shows it: one's own are journal text, so that it only says there is one."""
    return OWN_IN_MAIL if asked.is_own else str(asked)


def reason_in_mail(asked: str) -> str:
    """Say the same in a mail, where it tells nobody how the person feels: empty if nothing is to be said."""
    return "" if not isinstance(asked, Asked) or asked.why in _UNSAID_IN_MAILS else reason(asked)


def choose(period_key: str, hints: Iterable[str] = (), known: Known | None = None) -> list[Asked]:
    """Return the questions of an ISO week such as "2026-W47" or of a month such as "2026-11"; the last is always the same.

    What the person asked for comes first, then one of their own, then what fits the `hints` (some of HINTS; others are
    ignored), one question for each, then any. Nothing of `known.recent` is asked, even if that leaves fewer than four.
    The same arguments always give the same questions.
    """
    page = _Page(period_key, hints, known or Known())
    page.put_wanted()
    page.put_own()
    page.put_hinted()
    page.fill()
    return [*(page.asked[place] for place in PLACES if place in page.asked), Asked(last_question(period_key))]


def choose_another(
    period_key: str, asked: Iterable[Asked], question: Asked, hints: Iterable[str] = (), known: Known | None = None
) -> Asked | None:
    """Return a question to ask in place of one of those asked in a period; None where no other fits."""
    known = known or Known()
    page = _Page(period_key, hints, known, barred={one.id for one in asked} | {question.id})
    place = BY_ID[question.id].place if question.id in BY_ID else PLACES[-1]
    found = next(page.others(place), None)
    return Asked(found.text, found.id, "instead") if found else None


class _Page:
    """The places of one period while they are filled."""

    def __init__(self, key: str, hints: Iterable[str], known: Known, *, barred: Iterable[str] = ()) -> None:
        self.key, self.known, self.barred = key, known, {*barred, *known.recent, *known.left_out}
        self.hints = HINTS.intersection(hints) | ({"month_end"} if _ends_a_month(key) else set())
        # What was exchanged lately comes once nothing else is left.
        self.pool = sorted(_order(key), key=lambda one: one.id in known.aside) if known.aside else _order(key)
        self.asked: dict[str, Asked] = {}

    @property
    def free(self) -> list[str]:
        return [place for place in PLACES if place not in self.asked]

    def put(self, question: Question | Own, why: str, *places: str) -> None:
        """Ask a question in the first free of these places, else in any that is free."""
        place = next(place for place in (*places, *PLACES) if place not in self.asked)
        self.asked[place] = Asked(question.text if isinstance(question, Question) else "", question.id, why)
        self.barred.add(question.id)

    def put_wanted(self) -> None:
        own = {one.id: one for one in self.known.own}
        for name in self.known.wanted:
            question = own.get(name) or BY_ID.get(name)
            if question and self.free and name not in self.barred and question.is_monthly == is_month(self.key):
                places = _OWN_PLACES if isinstance(question, Own) else (question.place,)
                self.put(question, "asked", *places)

    def put_own(self) -> None:
        fitting = [
            one
            for one in self.known.own
            if one.id not in self.barred
            and one.is_monthly == is_month(self.key)
            and (not one.tags or one.tags & self.hints)
        ]
        if fitting and self.free:
            # What is meant for such a week goes before what fits any.
            question = min(fitting, key=lambda one: (not one.tags, _turn(self.key, one.id)))
            self.put(question, "own", *_OWN_PLACES)

    def put_hinted(self) -> None:
        for tag in TAGS:
            if tag in self.hints:
                fitting = (one for one in self.allowed() if tag in one.tags and one.place in self.free)
                if question := next(fitting, None):
                    self.put(question, tag, question.place)

    def fill(self) -> None:
        for place in self.free:
            anywhere = (one for one in self.allowed() if not one.tags)
            question = next((one for one in self.allowed() if not one.tags and one.place == place), None)
            if question := question or next(anywhere, None):
                self.put(question, "", place)

    def others(self, place: str) -> Iterator[Question]:
        """Yield what fits this period besides what it asks: first in this place, then in any."""
        fitting = [one for one in self.allowed() if not one.tags or one.tags & self.hints]
        return iter(sorted(fitting, key=lambda one: one.place != place))

    def allowed(self) -> Iterator[Question]:
        """Yield what may be asked, in the order of this period."""
        return (one for one in self.pool if one.id not in self.barred)


@lru_cache(maxsize=64)
def _order(period_key: str) -> tuple[Question, ...]:
    """Return the questions for this kind of period in an order of its own, so that people meet them in all orders."""
    kind = [question for question in QUESTIONS if question.is_monthly == is_month(period_key)]
    return tuple(sorted(kind, key=lambda question: _turn(period_key, question.id)))


def _turn(period_key: str, name: str) -> int:
    return crc32(f"{period_key} {name}".encode())


def _ends_a_month(period_key: str) -> bool:
    if is_month(period_key):
        return False
    first, last = week_bounds(period_key)
    return (last + timedelta(days=1)).month != first.month
