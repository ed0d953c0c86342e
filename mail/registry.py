"""Which mails there are. Each app lists its own in `<app>/emails.py`; this registry is what the outbox knows of them.

    @kind("goal_comment", words="A comment on a goal", preference="comments")
    def goal_comment(message: Message, *, now: datetime) -> Content | None:
        ...

The function is called when the mail is sent, not when it is queued, so it says what is true and allowed then. It
returns None when the reader may no longer see what the mail is about; the row is then skipped. It reads and never
writes. With `batch=True` it takes a list of messages, asks a constant number of queries, and returns a dict from
message pk to Content or None.

Some mails can be answered by replying:

    @reply("goal_comment", about="a comment on a goal")
    def goal_comment_reply(message: Message, answer: Answer, *, at: datetime) -> None:
        ...

This function gets the mail that was answered and what its recipient wrote. It writes, in the transaction that marks
the answer as used, and asks again whether its author may still do so; it raises ReplyRefusedError where not.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from mail.models import Message

Function = TypeVar("Function", bound=Callable[..., Any])

# What a person can switch, with the words of the settings page and of the page behind "stop these emails".
PREFERENCES = {
    "weekly": "Reflections",
    "comments": "New comments",
    "dates": "Dates coming up",
    "mentoring": "Mentoring",
    "feedback": "Feedback",
}

# The order in which due mails leave: someone waits for a sign-in code, nobody waits for the weekly mail.
ACCOUNT, EVENT, SCHEDULED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """An event that comes with a mail, for the reader's calendar program (iMIP, RFC 6047).

    `method` is that of the iCalendar object `file`, such as "REQUEST" or "CANCEL".
    """

    method: str
    file: bytes


@dataclass(frozen=True, slots=True)
class Content:
    """What one mail says: a template folder, what goes into it, and why the reader gets it (for the footer).

    `template` is a path such as "goals/emails/comment_added", holding subject.txt, body.txt and body.html.

    A mail that thousands get at once gives the `words` that stand in it as they are apart: its templates are then drawn
    once and filled in (mail.stencils), and in `context` is only what many of these mails share, all of it hashable.
    """

    template: str
    context: dict[str, Any]
    why: str
    calendar: CalendarPart | None = None
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of mail, as its app registered it."""

    name: str
    words: str
    function: Callable[..., Any]
    preference: str | None
    is_batch: bool
    priority: int

    def contents(self, messages: "list[Message]", *, now: datetime) -> "dict[int, Content | None]":
        """Return what each message says by its pk; None, or no entry, for one that must not be sent any more."""
        if self.is_batch:
            found: dict[int, Content | None] = self.function(messages, now=now)
            return found
        return {message.pk: self.function(message, now=now) for message in messages}


@dataclass(frozen=True, slots=True)
class Part:
    """Lines of an answer, and the quoted ones right above them, without their marks; empty at the top of a mail."""

    quoted: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person wrote in a reply, told from what it quotes and how it is signed.

    `text` is never empty. `folded` is all the rest, for its author to look at. `parts` are the pieces of `text` between
    quoted lines, in their order; one with nothing quoted above it where everything stands on top.
    """

    text: str
    folded: str
    parts: "tuple[Part, ...]" = ()


class ReplyRefusedError(Exception):
    """The author of a reply may no longer write there, or there is nothing to write to any more."""


_kinds: dict[str, Kind] = {}
_replies: dict[str, tuple[Callable[..., None], str]] = {}


def kind(
    name: str, *, preference: str | None, words: str = "", batch: bool = False, priority: int | None = None
) -> Callable[[Function], Function]:
    """Register the decorated function as what the mails queued under `name` say.

    `words` is what such a mail is called in the list of mails (a test wants them). `preference` is the switch that stops
    them (a key of PREFERENCES), or None for a mail nobody can switch off, such as an invitation. Raises ValueError for an unknown switch or a name given twice.
    """
    if preference is not None and preference not in PREFERENCES:
        raise ValueError(f"{name}: there is no mail preference {preference!r}")

    def register(function: Function) -> Function:
        known = _kinds.get(name)
        if known and known.function.__module__ != function.__module__:
            raise ValueError(f"two mails are called {name!r}")
        order = priority if priority is not None else SCHEDULED if preference == "weekly" else EVENT
        _kinds[name] = Kind(name, words, function, preference, batch, order)
        return function

    return register


def find(name: str) -> Kind:
    """Return the kind of that name; raise ValueError if no app registered it."""
    try:
        return _kinds[name]
    except KeyError:
        raise ValueError(f"no app registered a mail kind {name!r}") from None


def reply(name: str, *, about: str) -> Callable[[Function], Function]:
    """Register the decorated function as what becomes of answers to mails of this kind; raise ValueError for a second.

    `about` names such a mail without a word of what it said: "a comment on a goal".
    """

    def register(function: Function) -> Function:
        known = _replies.get(name)
        if known and known[0].__module__ != function.__module__:
            raise ValueError(f"two functions take answers to {name!r}")
        _replies[name] = function, about
        return function

    return register


def takes_replies(name: str) -> bool:
    """Tell whether mails of this kind can be answered by replying."""
    return name in _replies


def find_reply(name: str) -> tuple[Callable[..., None], str]:
    """Return what becomes of answers to mails of this kind, and what such a mail is called; raise ValueError for others."""
    try:
        return _replies[name]
    except KeyError:
        raise ValueError(f"mails of kind {name!r} cannot be answered") from None


def words_of(name: str) -> str:
    """Return what a mail is called in lists; its name, made readable, for one whose app is gone."""
    known = _kinds.get(name)
    return (known.words if known else "") or name.replace("_", " ").capitalize()


def names() -> list[str]:
    """Return the names of all kinds of mail."""
    return sorted(_kinds)


def switches() -> dict[str, str]:
    """Return the preferences that some mail of this server asks, with their words: what can be switched here."""
    asked = {kind.preference for kind in _kinds.values()}
    return {name: words for name, words in PREFERENCES.items() if name in asked}
