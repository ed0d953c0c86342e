"""Letters that people take for the same when they look for a word: case, accents, and the ways to write ß, æ and œ."""

import re
import unicodedata
from functools import lru_cache

_MARKS = re.compile("[\u0300-\u036f]+")
# Letters that Unicode does not take apart, though keyboards without them do.
_ALIKE = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe"})
# Latin, Greek and Cyrillic, where one letter has accented forms.
_ALPHABETS = ((0x41, 0x250), (0x370, 0x530), (0x1E00, 0x2000))
_APOSTROPHES = "'’"
_TWO = {"ss": "ßẞ", "ae": "æÆ", "oe": "œŒ"}


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """Return a word without case and accents: "Übung", "ubung" and "ÜBUNG" are one.

    Marks of other scripts stay: in Hindi or Hebrew they make other words.
    """
    bare = _MARKS.sub("", unicodedata.normalize("NFD", word.casefold()))
    return unicodedata.normalize("NFC", bare).translate(_ALIKE)


def any_form(word: str) -> str:
    """Return a regular expression for a word in any case, with or without its accents."""
    folded, parts, place = fold(word), [], 0
    while place < len(folded):
        pair = folded[place : place + 2]
        if pair in _TWO:
            parts.append(f"(?:{_letter(pair[0])}{_letter(pair[1])}|[{_TWO[pair]}])")
            place += 2
        else:
            parts.append(_letter(folded[place]))
            place += 1
    return "".join(parts)


def _letter(letter: str) -> str:
    if letter in _APOSTROPHES:
        return f"[{_APOSTROPHES}]"
    forms = "".join(sorted({letter, letter.upper(), *_forms().get(letter, "")} - {"", *_long(letter)}))
    return f"[{re.escape(forms)}][\u0300-\u036f]*" if letter.isalpha() else re.escape(letter)


def _long(letter: str) -> set[str]:
    """Return the capitals that are two letters, which no class of letters holds."""
    return {letter.upper()} if len(letter.upper()) > 1 else set()


@lru_cache(maxsize=1)
def _forms() -> dict[str, str]:
    """Return, by plain letter, every letter that folds to it."""
    found: dict[str, str] = {}
    for first, last in _ALPHABETS:
        for letter in map(chr, range(first, last)):
            if letter.isalpha() and len(plain := fold(letter)) == 1:
                found[plain] = found.get(plain, "") + letter
    return found
