"""The questions as their page shows them: one's own, and those of the library that fit what was looked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import User
from journal.models import OwnQuestion, QuestionWish
from journal.periods import say_period
from journal.questions.asking import asked_lately
from journal.questions.library import QUESTIONS, STRATEGIES, TAGS, Question

SIZE = 20
ANY_WEEK, ANY_MONTH = "Any week", "Any month"
SHOWN = {"wanted": "Coming next", "left": "Not for me"}


@dataclass(frozen=True)
class Chosen:
    """Which questions of the library are looked for: of one strategy (0: all), of one kind of week, by one's wish."""

    about: int = 0
    fits: str = ""
    show: str = ""
    start: int = 0

    @classmethod
    def read(cls, query: Any) -> "Chosen":
        """Read an address; what is no filter of ours is left out."""
        about, start = (query.get(name, "") for name in ("about", "from"))
        fits, show = query.get("fits", ""), query.get("show", "")
        return cls(
            int(about) if about in {str(number) for number in STRATEGIES} else 0,
            fits if fits in TAGS or fits == "month" else "",
            show if show in SHOWN else "",
            int(start) if start.isascii() and start.isdigit() and len(start) < 4 else 0,
        )

    def path(self, **changed: Any) -> str:
        """Return the address with these filters changed."""
        values = {"about": self.about, "fits": self.fits, "show": self.show, "from": self.start} | changed
        query = "&".join(f"{name}={value}" for name, value in values.items() if value)
        return f"/journal/questions/?{query}" if query else "/journal/questions/"

    def holds(self, question: Question, wishes: dict[str, str]) -> bool:
        """Tell whether a question is one of those looked for."""
        by_wish = {"wanted": "ask", "left": "leave"}.get(self.show)
        return (
            (not self.about or question.strategy == self.about)
            and (not self.fits or (question.is_monthly if self.fits == "month" else self.fits in question.tags))
            and (by_wish is None or wishes.get(question.id) == by_wish)
        )


@dataclass(frozen=True)
class Row:
    """One question and what there is to do with it."""

    name: str
    text: str
    facts: list[str]
    wish: str
    url: str = ""  # where one's own is changed

    @property
    def state(self) -> str:
        """What was wished of it, in words."""
        if self.wish == QuestionWish.Wish.LEAVE and self.url:
            return "Paused"
        return QuestionWish.Wish(self.wish).label if self.wish else ""


def say_fits(tags: Iterable[str], *, is_monthly: bool) -> str:
    """Say when a question fits: "Any week", "Something is late, a low week"."""
    words = [word for tag, word in TAGS.items() if tag in tags]
    said = ", ".join([*words[:1], *(f"{word[0].lower()}{word[1:]}" for word in words[1:])])
    return said or (ANY_MONTH if is_monthly else ANY_WEEK)


def shelf_of(user: User, chosen: Chosen, *, today: date) -> dict[str, Any]:
    """Return what the page shows: three queries."""
    wishes = dict(QuestionWish.objects.owned_by(user).values_list("question", "wish"))
    lately = {name: f"Asked in {_say(key, today)}" for name, key in asked_lately(user, today=today).items()}
    mine = list(OwnQuestion.objects.filter(owner=user).order_by("-pk"))
    own = [_own_row(one, wishes, lately) for one in mine if one.deleted_at is None]
    found = [question for question in QUESTIONS if chosen.holds(question, wishes)]
    rows = found[chosen.start : chosen.start + SIZE]
    more = chosen.start + SIZE
    return {
        "own": own,
        "removed": [one for one in mine if one.deleted_at is not None],
        "library": [_row(question, wishes, lately) for question in rows],
        "count": len(found),
        "more": chosen.path(**{"from": more}) if len(found) > more else "",
        "is_start": not chosen.start,
    }


def _say(key: str, today: date) -> str:
    words = say_period(key, today)
    return words.partition(",")[0].replace("Week", "week")


def _own_row(question: OwnQuestion, wishes: dict[str, str], lately: dict[str, str]) -> Row:
    is_monthly = question.kind == OwnQuestion.Kind.MONTH
    facts = [say_fits(question.fits, is_monthly=is_monthly), lately.get(question.name, "")]
    wish = wishes.get(question.name, "")
    return Row(question.name, question.text, [*filter(None, facts)], wish, question.get_absolute_url())


def _row(question: Question, wishes: dict[str, str], lately: dict[str, str]) -> Row:
    fits = say_fits(question.tags, is_monthly=question.is_monthly)
    facts = [STRATEGIES[question.strategy], fits, lately.get(question.id, "")]
    return Row(question.id, question.text, [*filter(None, facts)], wishes.get(question.id, ""))
