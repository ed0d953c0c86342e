"""What waits for a mentee from their mentors, and what they promised: the mirror of the mentor's desk.

An answer waits until one writes or says thanks there, and for four weeks at most: then it is no longer about something.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField, DateTimeField, Exists, F, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Left

from accounts.models import User
from core.compiled import CompiledQuery
from core.markdown import plain
from core.timekeeping import say_day, say_day_within
from goals.models import GoalComment
from journal.models import EntryComment
from mentors.models import Action, Introduction
from mentors.threads import EXCERPT_LENGTH, LONGEST_READ, TITLE_LENGTH
from wins.models import WinComment

WORDS_STAY = timedelta(days=28)
MOST_SHOWN = 12


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for a mentee, with the one thing to do about it."""

    path: str
    title: str
    act: str
    meta: str
    says: str = ""


def waiting_for(user: User, *, now: datetime) -> list[Waiting]:
    """Return what waits for a mentee from their mentors, the oldest first: answers, suggestions, promises,
    introductions; one query."""
    today = user.today(now)
    rows = _WAITING.rows(user=user.pk, since=now - WORDS_STAY, now=now)
    return [_row(user, today, *row) for row in sorted(rows, key=lambda row: (row[5], row[0], row[1]))[:MOST_SHOWN]]


def _row(
    user: User,
    today: date,
    what: str,
    number: int,
    of: int,
    title: str,
    words: str,
    at: datetime,
    name: str,
    email: str,
) -> Waiting:
    who = name.split(" ", maxsplit=1)[0] if name else email.partition("@")[0]
    day = say_day(user.today(at), today)
    if what == "action":
        due = (
            f"You said you would, by {say_day_within(date.fromisoformat(words), today)}"
            if words
            else "You said you would"
        )
        return Waiting(f"/mentorships/{of}/check-ins/{number}/", title, "Open", f"{due}, to {who}")
    if what == "introduction":
        return Waiting(f"/mentors/introductions/{number}/", f"{who} would like you to meet {title}", "Answer", day)
    if what == "win":
        about, path = f"“{plain(title, TITLE_LENGTH)}”", f"/wins/{of}/#comment-{number}"
    elif what == "entry":
        about, path = f"your entry of {date.fromisoformat(title):%-d %B}", f"/journal/{of}/#comment-{number}"
    else:
        about, path = title, f"/goals/{of}/#comment-{number}"
    verb = "suggested something about" if what == "suggestion" else "wrote to you about"
    act = "See it" if what == "suggestion" else "Read"
    return Waiting(path, f"{who} {verb} {about}", act, day, plain(words, EXCERPT_LENGTH))


def _last_words(comments: type[GoalComment] | type[EntryComment] | type[WinComment], user: int, since: datetime) -> Any:
    """Return what a reader wrote last in a thread about one's own thing."""
    newer = comments._default_manager.filter(
        item=OuterRef("item"), mentorship=OuterRef("mentorship"), removed_at=None, created_at__gt=OuterRef("created_at")
    )
    mine = comments._default_manager.filter(
        item__owner=user,
        item__deleted_at=None,
        mentorship__mentee=user,
        mentorship__status="active",
        removed_at=None,
        author=F("mentorship__mentor"),
    )
    return mine.filter(~Exists(newer), created_at__gte=since)


def _values(rows: Any, what: str, number: str, of: str, title: Any, words: Any, at: str, person: str) -> Any:
    named = rows.order_by().annotate(
        w_what=Value(what, CharField()),
        w_title=Cast(title, TextField()),
        w_words=Cast(words, TextField()),
        w_at=Cast(F(at), DateTimeField()),
    )
    return named.values_list("w_what", number, of, "w_title", "w_words", "w_at", f"{person}__name", f"{person}__email")


def _waiting(user: int, since: datetime, now: datetime) -> QuerySet:
    answers = _last_words(GoalComment, user, since).filter(thanked_at=None)
    suggests = Q(suggestion__state="open", item__status__in=["active", "paused"])
    on_entries, on_wins = _last_words(EntryComment, user, since), _last_words(WinComment, user, since)
    promised = Action.objects.open().filter(
        owner=user, check_in__mentorship__mentee=user, check_in__mentorship__status="active"
    )
    asked = Introduction.objects.asking(User(pk=user), now).filter(state="offered")
    excerpt, mentor = Left("text", LONGEST_READ), "mentorship__mentor"
    pieces = [
        _values(
            answers.filter(suggestion=None), "goal", "pk", "item", F("item__title"), excerpt, "created_at", "author"
        ),
        _values(
            answers.filter(suggests), "suggestion", "pk", "item", F("item__title"), excerpt, "created_at", "author"
        ),
        _values(on_entries, "entry", "pk", "item", F("item__entry_on"), excerpt, "created_at", "author"),
        _values(on_wins, "win", "pk", "item", F("item__text"), excerpt, "created_at", "author"),
        _values(
            promised,
            "action",
            "check_in",
            "check_in__mentorship",
            F("text"),
            F("due_on"),
            "check_in__created_at",
            f"check_in__{mentor}",
        ),
        _values(asked, "introduction", "pk", "mentorship", F("who"), F("words"), "created_at", mentor),
    ]
    return pieces[0].union(*pieces[1:], all=True)


_WAITING = CompiledQuery(_waiting, user=int, since=datetime, now=datetime)
