"""What the wording of a goal says: vague words, a verb, how much, how many aims. Pure; reads English and keeps quiet
about what it cannot read. The rules stand in goals.wording; here they are only looked up, word by word, so that the time
grows with the number of words and no text can make it explode.
"""

import re
import unicodedata
from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from goals.vocabulary import (
    AFTER_VERBS,
    ALSO_NOUNS,
    BEFORE_NOUNS,
    ED_ADJECTIVES,
    FOREIGN,
    HEADINGS,
    ING_NOUNS,
    LANGUAGE_LEVELS,
    LEARNING,
    MONTHS,
    NOUN_ENDS,
    NUMBER_WORDS,
    POINTING_BACK,
    VERBS,
    listed,
)
from goals.wording import FINE, LEAD_INS, VAGUE, Vague

# A title has 200 characters; of anything longer this much is enough to judge by.
LONGEST_READ = 300
LONGEST_QUOTE = 70
# A heading is short; what is longer and has no verb we know has one we do not know.
LONGEST_HEADING = 7
LONGEST_PHRASE = 6
MOST_PARTS = 8

Phrase = tuple[str, ...]

_WORD = re.compile(r"[^\W_]+(?:['’./+-][^\W_]+)*%?")
_PLACE = re.compile(r"\{(\w+)(?:\|([^{}|]*))?\}")
_PARTING = re.compile(r"[,;]\s+|\s(?:and|plus|as well as)\s|\s[&+]\s", re.IGNORECASE)
_BLANK = re.compile(r"\[[^\[\]\n]{1,60}\](?!\()")
_YEARS = range(1900, 2201)
_LINKS = listed("to in into for from with at on out up down about")
_WHOLE_TIMES = listed("year month quarter week summer autumn winter spring semester term")


@dataclass(frozen=True)
class Found:
    """Vague words that stand in a text: the row of the style guide, the words, and what comes after them."""

    row: Vague
    phrase: str
    rest: str

    @property
    def why(self) -> str:
        return fill(self.row.why, phrase=self.phrase, rest=self.rest)

    @property
    def instead(self) -> str:
        return fill(self.row.instead, phrase=self.phrase, rest=self.rest)


@dataclass(frozen=True)
class Wording:
    """A text of one line, read word by word."""

    text: str

    @classmethod
    def of(cls, text: str) -> "Wording":
        """Read what somebody typed: invisible characters do not count, nor what comes after the first 300."""
        return cls(clean(text[: 2 * LONGEST_READ])[:LONGEST_READ])

    @cached_property
    def _matches(self) -> list[re.Match[str]]:
        return list(_WORD.finditer(self.text))

    @cached_property
    def words(self) -> list[str]:
        """The words in small letters, with plain apostrophes."""
        return [match[0].lower().replace("’", "'") for match in self._matches]

    @cached_property
    def is_readable(self) -> bool:
        """Tell whether the English rules can say anything about this text."""
        if not self.words or any(word in FOREIGN for word in self.words):
            return False
        letters = [character for character in self.text if character.isalpha()]
        latin = sum(character < "\u0250" for character in letters)
        return bool(letters) and latin * 2 > len(letters)

    @cached_property
    def begin(self) -> int:
        """The place of the first word behind "I want to", "by June," and the like."""
        at = 0
        if self.words and self.words[0] in {"by", "in", "before", "until", "within", "this", "next"}:
            comma = self.text.find(",")
            at = sum(match.end() <= comma for match in self._matches) if 0 < comma <= 40 else 0
        while at < len(self.words):
            longest = _longest(self.words, at, _LEAD_INS)
            if not longest or at + longest >= len(self.words):
                break
            at += longest
        return at

    def vague(self) -> Found | None:
        """Return the vague words this begins with, else the longest it holds."""
        if not self.is_readable or self._is_fine:
            return None
        found = self._found_at(self.begin, _STARTS, _FINE_STARTS)
        if found:
            return found
        lengths = [_longest(self.words, at, _ANYWHERE) for at in range(len(self.words))]
        return self._found_at(lengths.index(max(lengths)), _ANYWHERE, frozenset())

    @cached_property
    def _is_fine(self) -> bool:
        return any(_longest(self.words, at, _FINE_ANYWHERE) for at in range(len(self.words)))

    def _found_at(self, at: int, rows: dict[Phrase, Vague], fine: frozenset[Phrase]) -> Found | None:
        length = _longest(self.words, at, rows)
        if not length or _longest(self.words, at, fine) >= length:
            return None
        last = at + length - 1
        phrase = self.text[self._matches[at].start() : self._matches[last].end()]
        return Found(rows[tuple(self.words[at : at + length])], phrase, self._rest_after(last))

    def _rest_after(self, last: int) -> str:
        """Return the words up to the next date or reason: "my English" of "improve my English by summer"."""
        end = len(self.words)
        for at in range(last + 2, end):
            follows = self.words[at + 1] if at + 1 < end else ""
            is_time = self.words[at] in {"this", "next"} and follows in _WHOLE_TIMES
            if is_time or self.words[at] in {"by", "until", "before", "because", "so"}:
                end = at
                break
        if last + 1 >= end:
            return ""
        return shorten(self.text[self._matches[last + 1].start() : self._matches[end - 1].end()])

    @cached_property
    def says_how_much(self) -> bool:
        """Tell whether there is a number that measures, or "every week"; years, days and "Q3" measure nothing."""
        for at, word in enumerate(self.words):
            if word in NUMBER_WORDS or word in LANGUAGE_LEVELS:
                return True
            if word[0].isdecimal() and not self._is_date(at):
                return True
        return False

    def _is_date(self, at: int) -> bool:
        word = self.words[at]
        is_year = len(word) == 4 and word.isascii() and word.isdigit() and int(word) in _YEARS
        around = self.words[max(0, at - 1) : at] + self.words[at + 1 : at + 2]
        return is_year or any(other in MONTHS for other in around)

    def counted(self) -> str:
        """Return what a number in the text counts: "books" of "Read 12 books"; empty if nothing."""
        for at, word in enumerate(self.words[:-1]):
            following = self.words[at + 1]
            if word.isdecimal() and not self._is_date(at) and len(following) > 3 and following.endswith("s"):
                return following
        return ""

    @cached_property
    def has_verb(self) -> bool:
        """Tell whether a word is, or may well be, a verb. In doubt it is one."""
        return any(self._may_be_verb(at) for at in range(len(self.words)))

    def _may_be_verb(self, at: int) -> bool:
        word, is_first = self.words[at], at in {0, self.begin}
        follows = self.words[at + 1] if at + 1 < len(self.words) else ""
        if word in {"i", "we"} and is_first and follows:
            return True
        if word in VERBS:
            return is_first or word not in ALSO_NOUNS or self.words[at - 1] in {"to", "i", "we", "not", "will"}
        if word.endswith("ing") and len(word) > 4:
            return is_first and bool(follows) and (word not in ING_NOUNS or follows in AFTER_VERBS)
        if word.endswith("ed") and len(word) > 4 and word not in ED_ADJECTIVES:
            return True
        # "Dogfood the new app": a word we do not know, with an object behind it
        return is_first and follows in AFTER_VERBS and word not in BEFORE_NOUNS and not word[0].isdecimal()

    def heading(self) -> str | None:
        """Return what a mere heading ("AWS certificate") could say instead, empty if we know no example.

        None where there is a verb, or no sign that it is a heading.
        """
        if not self.is_readable or self.has_verb or len(self.words) > LONGEST_HEADING:
            return None
        for word in reversed(self.words):
            if word in _EXAMPLES:
                return fill(_EXAMPLES[word], it=self._with_article(word))
        is_heading = (
            len(self.words) == 1
            or self.words[0] in BEFORE_NOUNS
            or self.words[0][0].isdecimal()
            or any(len(word) > 6 and word.endswith(NOUN_ENDS) for word in self.words)
        )
        return "" if is_heading else None

    def _with_article(self, noun: str) -> str:
        first, text = self.words[0], shorten(self.text.strip(" .,;:"))
        start = text[:1] if text[1:2].isupper() or len(text) == 1 else text[:1].lower()
        text = start + text[1:]
        has_one = first in AFTER_VERBS or first in {"more", "any", "some", "better"} or first[0].isdecimal()
        if has_one or noun.endswith("s") or noun in {"pay", "income", "cto", "ceo"}:
            return text
        vowels = "aefhilmnorsx" if self.text[:2].isupper() else "aeiou"
        return f"{'an' if first[0] in vowels else 'a'} {text}"

    def aims(self) -> list[str]:
        """Return the separate aims in it, if there are several: each with a verb and an object of its own."""
        if not self.is_readable:
            return []
        parts = [Wording(part) for part in _PARTING.split(self.text, maxsplit=MOST_PARTS)]
        parts = [part for part in parts if part.words]
        aims: list[Wording] = []
        for part in parts:
            previous = aims[-1].words if aims else []
            is_shared = previous and (len(previous) == 1 or previous[-1] in VERBS - ALSO_NOUNS or previous[-1] == "for")
            if not aims or (part._is_sentence and not is_shared):
                aims.append(part)
        if len(aims) > 1 and aims[0]._is_sentence:
            return [shorten(aim.text.strip(" .,;")) for aim in aims]
        first = parts[0].words if parts else []
        is_list = len(parts) > 3 or (len(parts) == 3 and first[0] in LEARNING)
        short = all(len(part.words) <= 4 for part in parts[1:])
        return [shorten(part.text.strip(" .,;")) for part in parts] if is_list and short else []

    @property
    def _is_sentence(self) -> bool:
        """Tell whether this part of a text has a verb first, an object, and does not point back to another part."""
        at = self.begin
        if len(self.words) < at + 2 or self.words[at] not in VERBS:
            return False
        if any(word in POINTING_BACK for word in self.words[at + 1 :]):
            return False
        return self.words[at] not in ALSO_NOUNS or self.words[at + 1] in AFTER_VERBS or self.words[at + 1] in _LINKS


def fill(sentence: str, **values: str) -> str:
    """Put words into a sentence of the style guide; a capital in the name asks for one at the beginning."""

    def value(match: re.Match[str]) -> str:
        name, fallback = match[1], match[2]
        chosen = values.get(name.lower(), "") or fallback or ""
        if name[0].isupper():
            return chosen[:1].upper() + chosen[1:]
        return chosen[:1].lower() + chosen[1:] if name == "phrase" and not chosen[1:2].isupper() else chosen

    return " ".join(_PLACE.sub(value, sentence).replace(" ”", "”").split())


def blank_in(text: str) -> str:
    """Return the first place in square brackets, which somebody is still to fill: "[the event]"; empty if none."""
    found = _BLANK.search(text[:4000])
    return clean(found[0]) if found else ""


def matches_start(text: str, row: Vague, *, longest: int) -> bool:
    """Tell whether a text of at most so many words begins with one of the phrases of a row."""
    words = Wording.of(text).words
    return len(words) <= longest and bool(_longest(words, 0, _keys(row)))


def matches_whole(text: str, row: Vague) -> bool:
    """Tell whether a text is one of the phrases of a row and nothing else."""
    return tuple(Wording.of(text).words) in _keys(row)


def clean(text: str) -> str:
    """Return a text as one line without invisible characters; joiners stay, Persian and emoji need them."""
    text = " ".join(text.split())
    if text.isprintable():  # nothing of the kind in it, as almost always
        return text
    kept = (
        character
        for character in text
        if character in "\u200c\u200d" or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    return "".join(kept).strip()


def is_said(text: str) -> bool:
    """Tell whether there is anything to see in a text."""
    return any(character.isprintable() and not character.isspace() for character in text)


def shorten(text: str, longest: int = LONGEST_QUOTE) -> str:
    """Return at most so many characters of a text, ended at a word and with an ellipsis."""
    text = clean(text[: 2 * longest + 2])
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    return f"{cut.rsplit(' ', 1)[0] if ' ' in cut[longest // 2 :] else cut}…"


def _longest(words: Sequence[str], at: int, phrases: Container[Phrase]) -> int:
    """Return how many words from `at` on are a phrase, the longest one; 0 if none."""
    most = min(LONGEST_PHRASE, len(words) - at)
    return next((length for length in range(most, 0, -1) if tuple(words[at : at + length]) in phrases), 0)


def _split(phrases: str) -> list[str]:
    return [phrase.strip() for line in phrases.strip().splitlines() for phrase in line.split(" / ") if phrase.strip()]


def _key(phrase: str) -> Phrase:
    return tuple(word[0] for word in _WORD.finditer(phrase))


@cache
def _keys(row: Vague) -> frozenset[Phrase]:
    return frozenset(_key(phrase) for phrase in _split(row.phrases))


def _ing(verb: str) -> set[str]:
    """Return how a verb may look with "ing"; forms that do not exist do no harm."""
    return {f"{verb}ing", f"{verb[:-1]}ing", f"{verb}{verb[-1]}ing"}


def _starts() -> dict[Phrase, Vague]:
    found: dict[Phrase, Vague] = {}
    for row in VAGUE:
        for phrase in _split(row.phrases):
            if not phrase.startswith("… "):
                first, *others = _key(phrase)
                found |= {(form, *others): row for form in {first} | _ing(first)}
    return found


_STARTS = _starts()
_ANYWHERE = {_key(phrase): row for row in VAGUE for phrase in _split(row.phrases) if phrase.startswith("… ")}
_FINE_STARTS = frozenset(_key(phrase) for phrase in _split(FINE) if not phrase.startswith("… "))
_FINE_ANYWHERE = frozenset(_key(phrase) for phrase in _split(FINE) if phrase.startswith("… "))
_LEAD_INS = frozenset(_key(phrase) for phrase in _split(LEAD_INS))
_EXAMPLES = {noun: heading.example for heading in HEADINGS for noun in heading.nouns.split()}
