"""What was meant by words that nobody has: the nearest ones in the names and organisations of one's own people."""

import unicodedata
from collections import Counter
from difflib import SequenceMatcher
from heapq import nlargest
from itertools import pairwise

from django.db import connection

from accounts.models import User
from contacts.finding import WORD_LENGTH, Search

# Shorter words have too many neighbours; no more names than these are looked at, and no more words weighed.
SHORTEST, MOST_WORDS, LOOKED_AT, WEIGHED = 4, 4, 20_000, 60
# How much of two words is the same (0 to 1): Schönbreger and Schönberger 0.9, Meier and Mayer 0.6.
ALIKE = 0.68
_SIGNS = "-.,/()&\"'’"
_BLANKS = str.maketrans(_SIGNS, " " * len(_SIGNS))
_LETTERS = str.maketrans({"ß": "ss", "ı": "i", "ł": "l", "ø": "o"})

# Names and organisations come out of an index alone (contacts_by_name, contacts_by_organisation). What is alike is found
# here: ten thousand words are compared in a tenth of the time that similarity() of pg_trgm takes.
_KNOWN = f"""
(SELECT sort_name FROM contacts_contact
WHERE owner_id = %(owner)s AND deleted_at IS NULL AND archived_at IS NULL LIMIT {LOOKED_AT})
UNION ALL
(SELECT DISTINCT lower(organisation) FROM contacts_contact
WHERE owner_id = %(owner)s AND deleted_at IS NULL AND archived_at IS NULL AND organisation <> '' LIMIT {LOOKED_AT})
"""  # noqa: S608 - built of constants, all else apart


def corrected(search: Search, owner: User) -> Search | None:
    """Return the search with the words that nobody has replaced by the nearest ones; None where nothing is near."""
    asked = {word: _plain(word) for word in search.words}
    long = [plain for plain in asked.values() if len(plain) >= SHORTEST and plain.isalpha()][:MOST_WORDS]
    if not long:
        return None
    known = _words_of(owner)
    meant: dict[str, str] = {}
    for plain in long:
        likeness, near = max(((_likeness(plain, other), other) for other in _nearest(plain, known)), default=(0.0, ""))
        if ALIKE <= likeness < 1:
            meant[plain] = known[near].capitalize()
    words = [meant.get(plain, word) for word, plain in asked.items()]
    return search.with_(q=" ".join(words)) if meant else None


def _words_of(owner: User) -> dict[str, str]:
    """Return the words of names and organisations as they are written, by how they are compared."""
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, {"owner": owner.pk})
        told = " ".join(said for (said,) in cursor.fetchall())
    words = (word for word in set(told.translate(_BLANKS).split()) if SHORTEST - 1 <= len(word) <= WORD_LENGTH)
    return {word if word.isascii() else _plain(word): word for word in sorted(words, reverse=True)}


def _nearest(asked: str, known: dict[str, str]) -> list[str]:
    """Return the words that share the most pairs of letters with this one, of equals those of its length."""
    shared: Counter[str] = Counter()
    for pair in dict.fromkeys(map("".join, pairwise(asked))):
        shared.update([word for word in known if pair in word])
    return nlargest(WEIGHED, shared, key=lambda word: (shared[word], -abs(len(word) - len(asked))))


def _likeness(asked: str, known: str) -> float:
    """Return how alike two words are; one that is not finished yet is compared with as much of the other."""
    whole = SequenceMatcher(None, asked, known).ratio()
    begun = SequenceMatcher(None, asked, known[: len(asked)]).ratio() if len(known) > len(asked) + 1 else 0.0
    return max(whole, begun * 0.95)


def _plain(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word.lower().translate(_LETTERS))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
