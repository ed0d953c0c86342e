"""Search beside a slow one that takes every letter apart, over made-up journals and questions."""

import itertools
import random

import pytest

from journal.folding import fold
from journal.models import Entry
from journal.search import find
from tests.factories.journal import EntryFactory, IntentionFactory, ReflectionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("saturday")]
SYLLABLES = (
    "Mü", "mu", "ßen", "ss", "Straß", "trass", "é", "E\u0301", "ère", "łó", "ØR", "ör", "o\u0308r", "Cœur", "coe", "æ", "AE",
    "n’t", "n't", "ё", "Е", "Σο", "φός", "ñ", "ing", "LAN", "tern", "7", "c++", "_x", "字", "の", "हि", "😀", "İ", "ı", "q",
)  # fmt: skip
BETWEEN = (" ", " ", " ", "\n", " – ", ", ", "“", "” ", "-", "\u00a0", " **")


class Writer:
    """Makes up words that resemble each other, texts of them, and questions that often fit."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.words = ["".join(self.rng.choices(SYLLABLES, k=self.rng.randint(1, 3))) for _ in range(25)]

    def text(self, most):
        some = self.rng.choices(self.words, k=self.rng.randint(0, most))
        return "".join(itertools.chain.from_iterable((word, self.rng.choice(BETWEEN)) for word in some)).strip()

    def asked(self):
        """Return what is looked for: words, and phrases of two."""
        parts = []
        for _ in range(self.rng.randint(1, 3)):
            words = [self._as_typed(word) for word in self.rng.choices(self.words, k=self.rng.randint(1, 2))]
            parts.append(" ".join(words))
        return parts

    def _as_typed(self, word):
        whole = self.rng.choice([str, str.upper, str.lower, fold])(word)
        return whole[: self.rng.choice([1, 2, 3, 99])]


def is_word(letter):
    return letter.isalnum() or letter == "_"


def ends(text, at, letters):
    """Return where letters without case and accents may end that begin at this place of a text."""
    if not letters:
        return {at}
    folded = fold(text[at : at + 1].replace("’", "'"))
    if not folded or not letters.startswith(folded):
        return set()
    found, rest = set(), letters[len(folded) :]
    while True:
        at += 1
        found |= ends(text, at, rest)
        if not ("\u0300" <= text[at : at + 1] <= "\u036f"):
            return found


def stands_in(text, words, *, is_whole):
    """Tell whether words stand in a text one behind the other, from the beginning of a word on; the slow way."""
    for begin in range(len(text)):
        is_free = words[0][0] in "字の" or not words[0][0].isalnum()
        if begin and is_word(text[begin - 1]) and not is_free:
            continue
        places = {begin}
        for number, word in enumerate(words):
            if number:
                places = {at for place in places for at in behind_gap(text, place)}
            letters = fold(word).replace("’", "'")
            places = {end for place in places for end in ends(text, place, letters)}
        is_open = not is_whole or words[-1][-1] in "字の" or not words[-1][-1].isalnum()
        if any(is_open or not is_word(text[place : place + 1]) for place in places):
            return True
    return False


def behind_gap(text, at):
    while at < len(text) and not is_word(text[at]):
        at += 1
        yield at


def fits(entry, asked):
    intention = entry.intention.text if hasattr(entry, "intention") else ""
    places = [entry.title, entry.text, intention, *entry.answers.values(), *[f"#{tag}" for tag in entry.tags]]
    return all(any(stands_in(place, part.split(), is_whole=" " in part) for place in places) for part in asked)


@pytest.mark.parametrize("seed", range(6))
def test_find_as_the_slow_way(owner, seed):
    writer = Writer(seed)
    for _ in range(12):
        EntryFactory(owner=owner, title=writer.text(2), text=writer.text(9), tags=writer.rng.choices(["uno", "dos"]))
    reflection = ReflectionFactory(owner=owner, answers={"A?": writer.text(5), "B?": writer.text(1), "C?": ""})
    IntentionFactory(entry=reflection, text=writer.text(3) or "x")
    entries = list(Entry.objects.owned_by(owner).select_related("intention"))
    counted = 0

    for _ in range(60):
        asked = writer.asked()
        question = " ".join(f'"{part}"' if " " in part else part for part in asked)
        expected = {entry.pk for entry in entries if fits(entry, asked)}
        assert {hit.entry.pk for hit in find(owner, question).hits} == expected, question
        counted += bool(expected)

    assert 10 < counted < 60  # the questions are neither all in vain nor all too easy
