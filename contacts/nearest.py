"""What was meant by words that nobody has: the nearest ones in the names and organisations of one's own people."""

import unicodedata
from difflib import SequenceMatcher
from typing import Any

from django.db import connection

from accounts.models import User
from contacts.finding import Search

# Shorter words have too many neighbours, and no more names than these are looked at.
SHORTEST, MOST_WORDS, LOOKED_AT, COMPARED = 4, 4, 20_000, 8
# How much of two words is the same (0 to 1): Schönbreger and Schönberger 0.9, Meier and Mayer 0.6.
ALIKE = 0.68
_ACCENTED = "àáâãäåāăąçćčďèéêëēėęěğìíîïīįıłľñńňòóôõöøōőŕřśşšșťțùúûüūůűýÿźżž"
_PLAIN = "".join(unicodedata.normalize("NFKD", letter)[0] for letter in _ACCENTED).translate(
    str.maketrans("ıłø", "ilo")
)
_SIGNS = "-.,/()&\"'’"

# Names and organisations come out of an index alone (contacts_by_name, contacts_by_organisation).
_NEAREST = f"""
WITH known AS MATERIALIZED (
    SELECT DISTINCT word FROM (
        (SELECT sort_name AS said FROM contacts_contact
        WHERE owner_id = %(owner)s AND deleted_at IS NULL AND archived_at IS NULL LIMIT {LOOKED_AT})
        UNION ALL
        (SELECT DISTINCT lower(organisation) FROM contacts_contact
        WHERE owner_id = %(owner)s AND deleted_at IS NULL AND archived_at IS NULL AND organisation <> '' LIMIT {LOOKED_AT})
    ) told, unnest(string_to_array(translate(said, %(signs)s, %(blanks)s), ' ')) word
    WHERE length(word) BETWEEN {SHORTEST - 1} AND 60
), plain AS MATERIALIZED (SELECT word, translate(word, %(accented)s, %(unaccented)s) AS plain FROM known)
SELECT asked.word, near.word, near.plain FROM unnest(%(words)s::text[]) asked(word), LATERAL (
    SELECT plain.word, plain.plain, greatest(
        similarity(plain.plain, asked.word), similarity(left(plain.plain, length(asked.word)), asked.word)
    ) AS likeness FROM plain ORDER BY likeness DESC, plain.word LIMIT {COMPARED}
) near WHERE near.likeness > 0.2
"""  # noqa: S608 - built of constants, all else apart


def corrected(search: Search, owner: User) -> Search | None:
    """Return the search with the words that nobody has replaced by the nearest ones; None where nothing is near."""
    asked = {word: _plain(word) for word in search.words}
    long = [plain for plain in asked.values() if len(plain) >= SHORTEST and plain.isalpha()][:MOST_WORDS]
    if not long:
        return None
    values: dict[str, Any] = {"owner": owner.pk, "words": long, "signs": _SIGNS, "blanks": " " * len(_SIGNS),
              "accented": _ACCENTED, "unaccented": _PLAIN}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST, values)
        rows = cursor.fetchall()
    meant: dict[str, str] = {}
    for plain in long:
        near = [(_likeness(plain, other), word) for word_asked, word, other in rows if word_asked == plain]
        likeness, word = max(near, key=lambda each: each[0], default=(0.0, ""))
        if ALIKE <= likeness < 1:
            meant[plain] = word.capitalize()
    words = [meant.get(plain, word) for word, plain in asked.items()]
    return search.with_(q=" ".join(words)) if meant else None


def _likeness(asked: str, known: str) -> float:
    """Return how alike two words are; one that is not finished yet is compared with as much of the other."""
    whole = SequenceMatcher(None, asked, known).ratio()
    begun = SequenceMatcher(None, asked, known[: len(asked)]).ratio() if len(known) > len(asked) + 1 else 0.0
    return max(whole, begun * 0.95)


def _plain(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word.lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).replace("ß", "ss")
