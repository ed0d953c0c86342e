"""Looking for words in a person's own journal, which lies encrypted: everything is read in memory, nothing is indexed.

Case and accents do not count. A word finds what begins with it, words in quotation marks what says exactly this; all of
them have to stand somewhere in the entry: its title, its text, an answer, the intention, a tag.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from accounts.models import User
from core.markup import fill
from journal import archive
from journal.archive import Piece, Written
from journal.folding import any_form

LONGEST = 200
SIZE = 25
# How much of an entry a row shows, and how much of that stands before the first hit.
EXCERPT, BEFORE = 220, 70
_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))
_ASKED = re.compile(r'"([^"]*)"?|([^\s"]+)')
# Scripts that set no spaces between words: there is no beginning of a word to look for.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
# The marks of Markdown, where they stand at the edge of a word.
_MARKUP = re.compile(r"(?<!\w)[*_`~#>]+|[*_`~]+(?!\w)|!?\[(?=[^\]]*\]\()|\]\([^)\s]*\)")


@dataclass(frozen=True)
class Term:
    """One thing looked for. `loose` finds it anywhere and is quick to say no; `strict` asks where the word begins."""

    loose: re.Pattern[str]
    strict: re.Pattern[str]

    @classmethod
    def of(cls, words: Sequence[str], *, is_whole: bool) -> "Term":
        """Return what finds these words one behind the other, from the beginning of a word on."""
        pattern = r"[^\w\x1e]+".join(any_form(word) for word in words)
        first, last = words[0][0], words[-1][-1]
        begin = "" if _UNSPACED.match(first) or not first.isalnum() else r"(?<!\w)"
        end = r"(?!\w)" if is_whole and last.isalnum() and not _UNSPACED.match(last) else ""
        return cls(re.compile(pattern), re.compile(begin + pattern + end))

    def stands_in(self, text: str) -> bool:
        place = self.loose.search(text)
        return place is not None and bool(
            self.strict.match(text, place.start()) or self.strict.search(text, place.start() + 1)
        )


@dataclass(frozen=True)
class Hit:
    """An entry that was found, with its words drawn: escaped, and marked where they are what was looked for."""

    entry: Written
    title: SafeString
    excerpt: SafeString
    place: str  # the question the excerpt answers, if any
    tags: list[SafeString]


@dataclass(frozen=True)
class Found:
    """How many entries were found, one page of them, and where the next begins (empty at the end)."""

    count: int
    hits: list[Hit]
    next_token: str


def terms_of(asked: str) -> list[Term]:
    """Return what a search asks for: words, and phrases in quotation marks; nothing for blanks and bare quotes."""
    found = []
    for phrase, word in _ASKED.findall(asked.translate(_QUOTES)):
        words = phrase.split() if phrase else [word]
        if words and words[0]:
            found.append(Term.of(words, is_whole=bool(phrase)))
    return found


def find(user: User, asked: str, *, after: str = "") -> Found:
    """Return a page of the person's own entries in which all that is asked for stands, newest first.

    `after` is the token of the page before; anything else gives the first page.
    """
    terms = terms_of(asked)
    found = [entry for entry in archive.all_of(user) if _fits(entry, terms)] if terms else []
    begin = _read_token(after)
    rest = [entry for entry in found if (entry.day, entry.pk) < begin] if begin else found
    is_more = len(rest) > SIZE
    token = f"{rest[SIZE - 1].day}.{rest[SIZE - 1].pk}" if is_more else ""
    return Found(len(found), [_hit(entry, terms) for entry in rest[:SIZE]], token)


def _fits(entry: Written, terms: list[Term]) -> bool:
    # The separator belongs to no word and no gap between words: no phrase runs from one place into the next.
    text = "\x1e".join([entry.title, *[piece.words for piece in entry.pieces], *[f"#{tag}" for tag in entry.tags]])
    return all(term.stands_in(text) for term in terms)


def _read_token(token: str) -> tuple[date, int] | None:
    day, _, pk = token.partition(".")
    if not (pk.isascii() and pk.isdigit() and len(pk) <= 18):
        return None
    try:
        return date.fromisoformat(day), int(pk)
    except ValueError:
        return None


def _hit(entry: Written, terms: list[Term]) -> Hit:
    any_term = re.compile("|".join(term.strict.pattern for term in terms))
    piece = _best(entry.pieces, terms)
    excerpt = _around(piece.words, any_term) if piece else ""
    return Hit(
        entry,
        title=_marked(entry.title, any_term),
        excerpt=_marked(excerpt, any_term),
        place=piece.place if piece else "",
        tags=[_marked(f"#{tag}", any_term) for tag in entry.tags],
    )


def _best(pieces: Sequence[Piece], terms: list[Term]) -> Piece | None:
    """Return the place in which most of the terms stand, the first of equals."""
    return max(pieces, key=lambda piece: sum(term.stands_in(piece.words) for term in terms), default=None)


def _around(words: str, term: re.Pattern[str]) -> str:
    """Return some words around the first hit, as one line and without the marks of Markdown."""
    line = " ".join(_MARKUP.sub("", words).split())
    hit = term.search(line)
    if hit is None:  # the marks were what was looked for, or the title has it
        line = " ".join(words.split())
        hit = term.search(line)
    begin = hit.start() - BEFORE if hit else 0
    begin = line.find(" ", begin, hit.start() if hit else 0) + 1 if begin > 0 else 0
    end = begin + EXCERPT
    if end < len(line):
        end = max(line.rfind(" ", begin, end), hit.end() if hit else 0)
        end = end if end > begin else begin + EXCERPT
    return ("… " if begin else "") + line[begin:end].strip() + ("…" if end < len(line) else "")


def _marked(text: str, term: re.Pattern[str]) -> SafeString:
    parts, at = [], 0
    for hit in term.finditer(text):
        if hit.end() > hit.start():
            parts.append(fill("{}<mark>{}</mark>", text[at : hit.start()], hit[0]))
            at = hit.end()
    return SafeString("".join([*parts, fill("{}", text[at:])]))
