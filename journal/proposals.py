"""Lines of an entry that ask to become something: "win: spoke up", "next: book the room", "task: write to Hannah"."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import transaction

from core.text import clean_line
from goals.models import Milestone
from journal.models import INTENTION_LENGTH, Entry, Proposal
from journal.rows import cut
from wins.models import TEXT_LENGTH

# What people call the three, in small letters without accents: English, German, French, Spanish.
WORDS = {
    "win": "win wins erfolg erfolge victoire victoires reussite reussites logro logros exito exitos victoria",
    "next": "next next week focus nachste woche als nachstes fokus prochaine semaine prochain ensuite priorite "
    "siguiente proxima semana proximo enfoque",
    "task": "task todo to do aufgabe aufgaben tache taches a faire tarea tareas pendiente",
}
_PHRASES = ("next week", "nachste woche", "als nachstes", "prochaine semaine", "proxima semana", "to do", "a faire")
LENGTHS = {"win": TEXT_LENGTH, "next": INTENTION_LENGTH, "task": Milestone._meta.get_field("title").max_length or 0}
# More than this of one entry is a text about wins, and not a list of them.
MOST = 20
_LINE = re.compile(r"\s{0,3}(?:[-*+•–]\s+)?[*_]{0,2}([^\W\d_][^\n:：*_]{1,18}?)[*_]{0,2}\s?[:：][*_]{0,2}\s*(\S.*)")


def _kinds() -> dict[str, str]:
    found: dict[str, str] = {}
    for kind, words in WORDS.items():
        phrases = [phrase for phrase in _PHRASES if phrase in words]
        for phrase in phrases:
            words = words.replace(phrase, "")
        found |= dict.fromkeys((*phrases, *words.split()), kind)
    return found


_KINDS = _kinds()


def read(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the kind and the words of each line that asks to become something, each once."""
    seen = set()
    for line in lines:
        match = _LINE.fullmatch(line.rstrip()[:2000])
        kind = _KINDS.get(_plain(match[1])) if match else None
        if match is None or kind is None:
            continue
        words = cut(clean_line(match[2]).strip("*_ "), LENGTHS[kind])
        if any(character.isalnum() for character in words) and (kind, words) not in seen:
            seen.add((kind, words))
            yield kind, words


def _plain(word: str) -> str:
    parted = unicodedata.normalize("NFKD", " ".join(word.split()).casefold())
    return "".join(character for character in parted if not unicodedata.combining(character))


def lines_of(entry: Entry) -> Iterator[str]:
    """Yield all that an entry says, line by line."""
    for text in (*entry.answers.values(), entry.text):
        yield from text.split("\n")


@transaction.atomic
def propose(*, entry: Entry, at: datetime, lines: str | Iterable[str] | None = None) -> list[Proposal]:
    """Keep those lines of an entry that ask to become something, for its owner to take up or leave; return the new ones.

    `lines` are the words to look at, all of the entry where it is None. What was proposed before, in the same words, is
    not proposed again, whatever came of it. Call it in the transaction that stored the words.
    """
    wanted = list(read(lines_of(entry) if lines is None else lines.split("\n") if isinstance(lines, str) else lines))
    if not wanted:
        return []
    Entry.objects.select_for_update(no_key=True).get(pk=entry.pk)  # the same words sent twice take turns
    known = {(row.kind, row.text) for row in Proposal.objects.filter(entry=entry)}
    fresh = [(kind, words) for kind, words in wanted if (kind, words) not in known][: max(0, MOST - len(known))]
    return Proposal.objects.bulk_create(
        [Proposal(entry=entry, kind=kind, text=words, created_at=at) for kind, words in fresh]
    )
