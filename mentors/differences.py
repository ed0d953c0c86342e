"""What an agreement says, and what another version of it would change, in words.

Facts are told as sentences, as the history of a goal tells them; of texts the words that came and went are marked.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from goals.models import Goal
from mentors.models import Agreement

SAME, GONE, NEW = "same", "gone", "new"
_TEXTS = {
    "purpose": "What it is for",
    "confidentiality": "What stays between you",
    "mentor_gets": "What the mentor gets",
    "stopping": "How to stop",
}
_FACTS = {
    "rhythm": "How often",
    "channel": "How",
    "minutes": "Length of a talk",
    "answers_within": "An answer comes within",
    "review_on": "Looking at it together",
    "ends_on": "The end",
}
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Piece:
    """Some words of a text: the same in both versions, gone, or new."""

    kind: str
    text: str
    is_instead: bool = False  # it stands in the place of the words that went right before it


@dataclass(frozen=True)
class Change:
    """One thing that differs: a sentence, or the words of a text under its heading."""

    heading: str
    said: str = ""
    pieces: tuple[Piece, ...] = ()


def say_minutes(minutes: int) -> str:
    """Return a length as people say it: 45 minutes, 1 hour, 1 h 10."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} minutes"
    if rest:
        return f"{hours} h {rest:02d}"
    return "1 hour" if hours == 1 else f"{hours} hours"


def facts(version: Agreement) -> list[tuple[str, str]]:
    """Return what a version fixes, as (heading, words), in the order of the page."""
    return [(heading, _say(name, version)) for name, heading in _FACTS.items()]


def differences(
    old: Agreement, new: Agreement, *, goals: tuple[Iterable[Goal], Iterable[Goal]] = ((), ())
) -> list[Change]:
    """Return what `new` would change of `old`; `goals` are those of each that the reader may see."""
    found = [
        Change(heading, pieces=compare(getattr(old, name), getattr(new, name)))
        for name, heading in _TEXTS.items()
        if getattr(old, name) != getattr(new, name)
    ]
    before, after = ({goal.pk: goal.title for goal in each} for each in goals)
    found += [Change("Goals", said=f"{title} comes in") for pk, title in after.items() if pk not in before]
    found += [Change("Goals", said=f"{title} goes out") for pk, title in before.items() if pk not in after]
    for name, heading in _FACTS.items():
        if getattr(old, name) != getattr(new, name):
            found.append(
                Change(heading, said=f"{_say(name, new)} instead of {_say(name, old)[:1].lower()}{_say(name, old)[1:]}")
            )
    return found


def compare(old: str, new: str) -> tuple[Piece, ...]:
    """Return both texts as one: which words stayed, which are gone, which are new."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    blocks: list[list[tuple[str, str]]] = []  # runs of (gone, new); a run of equal words has both the same
    for tag, i, j, k, m in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        blocks.append([("".join(before[i:j]), "".join(after[k:m]))])
        is_island = len(blocks) > 2 and tag != "equal" and len(_WORDS.findall(blocks[-2][0][0].strip())) <= 1
        if is_island:  # one word left standing between two changes makes neither easier to read
            blocks[-3:] = [blocks[-3] + blocks[-2] + blocks[-1]]
    pieces: list[Piece] = []
    for block in blocks:
        gone, come = ("".join(pair[side] for pair in block) for side in (0, 1))
        if gone == come:
            pieces.append(Piece(SAME, gone))
            continue
        if gone:
            pieces.append(Piece(GONE, gone))
        if come:
            pieces.append(Piece(NEW, come, is_instead=bool(gone)))
    return tuple(pieces)


def say_day_plainly(day: date) -> str:
    """Say a day that stands in a document, which is read on other days too."""
    return f"{day.day} {day:%B %Y}"


def _say(name: str, version: Agreement) -> str:
    value = getattr(version, name)
    if name in {"rhythm", "channel"}:
        return str(getattr(version, f"get_{name}_display")())
    if name == "minutes":
        return say_minutes(value)
    if name == "answers_within":
        return "1 day" if value == 1 else f"{value} days"
    return say_day_plainly(value) if value else "Open, until one of you ends it"


def headings(changes: Sequence[Change]) -> list[str]:
    """Return what changed by name only, each once: for where the words themselves are not said."""
    return list(dict.fromkeys(change.heading for change in changes))
