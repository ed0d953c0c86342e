"""What comes back in a journal: words, tags and goals, counted by the entries they stand in. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from journal.folding import fold
from journal.patterns.stop_words import STOP_WORDS

# A word has to stand in so many entries to come back at all.
FEWEST = 3
# Newness is only told once there was something to compare with, before and lately.
FEWEST_BEFORE, FEWEST_LATELY = 10, 5
MONTHS, LATELY = 12, 3
_WORD = re.compile(r"[^\W\d_]{3,}(?:-[^\W\d_]+)*")
# Addresses are not words.
_ADDRESS = re.compile(r"\w+://\S+|\S+@\S+")


@dataclass(frozen=True)
class Recurring:
    """Something that comes back, and in how many entries: in all, and by month, the oldest first."""

    key: str
    words: str
    by_month: tuple[int, ...]
    entries: int
    is_new: bool  # of the last three months only
    is_gone: bool  # of the months before those only

    @property
    def last_months(self) -> int:
        """In how many entries of the last three months it stands."""
        return sum(self.by_month[-LATELY:])


class Counted:
    """Counts what entries name, month by month."""

    def __init__(self, today: date) -> None:
        self.newest = today.year * 12 + today.month
        self.months: list[Counter[str]] = [Counter() for _ in range(MONTHS)]
        self.entries = [0] * MONTHS

    def add(self, day: date, keys: Iterable[str]) -> None:
        """Count one entry and what it names, each key once; entries of earlier years are left out."""
        place = MONTHS - 1 - (self.newest - day.year * 12 - day.month)
        if 0 <= place < MONTHS:
            self.months[place].update(keys)
            self.entries[place] += 1

    def recurring(self, say: Callable[[str], str], *, fewest: int = FEWEST) -> list[Recurring]:
        """Return what stands in at least `fewest` entries, the most frequent first; `say` spells a key."""
        total: Counter[str] = Counter()
        for month in self.months:
            total.update(month)
        before, lately = sum(self.entries[:-LATELY]), sum(self.entries[-LATELY:])
        is_comparable = before >= FEWEST_BEFORE and lately >= FEWEST_LATELY
        found = []
        for key, count in total.items():
            if count >= fewest:
                by_month = tuple(month[key] for month in self.months)
                recent = sum(by_month[-LATELY:])
                is_often = is_comparable and count >= FEWEST
                is_new, is_gone = is_often and recent == count, is_often and not recent
                found.append(Recurring(key, say(key), by_month, count, is_new, is_gone))
        return sorted(found, key=lambda each: (-each.entries, each.words))


class Words:
    """Takes texts apart into words that say something, and remembers how they are spelled."""

    def __init__(self) -> None:
        self._keys: dict[str, str] = {}  # by what was written; empty for a stop word
        self._spelled: Counter[str] = Counter()
        self.entries: list[tuple[date, set[str]]] = []

    def add(self, day: date, texts: Sequence[str]) -> None:
        """Take one entry."""
        text = "\n".join(texts)
        if "://" in text or "@" in text:
            text = _ADDRESS.sub(" ", text)
        written = set(_WORD.findall(text))
        self._spelled.update(written)
        keys = {self._keys[word] if word in self._keys else self._key(word) for word in written}
        keys.discard("")
        self.entries.append((day, keys))

    def _key(self, word: str) -> str:
        folded = fold(word)
        key = "" if len(folded) < 3 or folded in STOP_WORDS else folded
        self._keys[word] = key
        return key

    def join_plurals(self) -> None:
        """Count "interviews" as "interview" where both were written."""
        known = set(self._keys.values())
        plural = {key: key[:-1] for key in known if key.endswith("s") and len(key) > 4 and key[:-1] in known}
        self.entries = [(day, {plural.get(key, key) for key in keys}) for day, keys in self.entries]
        self._keys = {word: plural.get(key, key) for word, key in self._keys.items()}

    def spelled(self, keys: Iterable[str]) -> dict[str, str]:
        """Return each key the way it was written most often; with a capital only where it nearly always has one."""
        forms: dict[str, Counter[str]] = {key: Counter() for key in keys}
        for word, key in self._keys.items():
            if key in forms:
                forms[key][word] = self._spelled[word]
        return {key: _most_usual(found) for key, found in forms.items()}


def _most_usual(forms: Counter[str]) -> str:
    small = {word: count for word, count in forms.items() if word.islower()}
    is_small = sum(small.values()) * 5 >= sum(forms.values())
    return max(small if is_small else forms, key=lambda word: (forms[word], word))
