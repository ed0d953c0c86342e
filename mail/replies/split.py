"""Tells what a person wrote in a reply from what it quotes and how it is signed.

Mail programs agree on nothing here, so this goes from the sure to the likely: lines marked `>`, the lines that announce
them, blocks of headers, signatures. quotequail is asked where none of that is found. Nothing is thrown away: what is not
an answer is folded, and where nothing would be left that could be an answer, the whole is.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

import quotequail

from mail.registry import Answer, Part
from mail.replies.phrases import (
    DATED,
    HEADER_LINES,
    HEADERS,
    INTRO,
    INTRO_LENGTH,
    INTRO_LINES,
    RULE,
    SENT_FROM,
    SENT_FROM_LENGTH,
    SEPARATOR,
    SIGNED,
)

_MARK = re.compile(r" ?(?:> ?)+")
# A quoted line of this length may have been broken on its way; its end then stands without a mark.
_BROKEN_FROM = 66
# More than this is a text, and quotequail looks at each line in some twenty ways.
_QUOTEQUAIL_LINES = 2000
# A signature of more lines than this is none, unless it stands behind "-- " as RFC 3676 has it.
_SIGNATURE_LINES = 8


@dataclass
class _Line:
    """`role` is "own", "quote", "intro" (announces a quote), "sign" or "tail" (all behind a separator)."""

    text: str
    role: str = "own"


@dataclass
class _Lines:
    all: list[_Line] = field(default_factory=list)

    def mark(self, first: int, last: int, role: str) -> None:
        for line in self.all[first:last]:
            line.role = role

    def text(self, number: int) -> str:
        return self.all[number].text

    def is_blank(self, number: int) -> bool:
        return not self.text(number).strip()

    def __len__(self) -> int:
        return len(self.all)


def split(text: str) -> Answer | None:
    """Return what somebody wrote in a text of a reply; None if there is nothing new in it."""
    if not text.strip():
        return None
    lines = _Lines([_Line(line) for line in text.strip("\n").split("\n")])
    _mark_quotes(lines)
    _mark_tail(lines)
    if all(line.role == "own" for line in lines.all):
        _ask_quotequail(lines)
    _mark_signatures(lines)
    own = [line for line in lines.all if line.role == "own" and line.text.strip()]
    if own:
        return Answer(text=_joined(lines, {"own"}), folded=_folded(lines), parts=tuple(_parts(lines)))
    if _is_surely_nothing_new(lines):
        return None
    return Answer(text=text.strip(), folded="", parts=(Part("", text.strip()),))


def _mark_quotes(lines: _Lines) -> None:
    for line in lines.all:
        if _MARK.match(line.text):
            line.role = "quote"
    for number in range(1, len(lines) - 1):
        before, line, after = lines.all[number - 1 : number + 2]
        if line.role == "own" and before.role == after.role == "quote" and _was_broken_off(before.text, line.text):
            line.role = "quote"
    for number, line in enumerate(lines.all):
        starts = line.role == "quote" and (number == 0 or lines.all[number - 1].role != "quote")
        if starts and (first := _intro_above(lines, number)) is not None:
            lines.mark(first, number, "intro")


def _was_broken_off(before: str, line: str) -> bool:
    words = line.strip()
    return bool(words) and len(before) >= _BROKEN_FROM and (words[0].islower() or "/" in words.split()[0])


def _intro_above(lines: _Lines, end: int) -> int | None:
    """Return where the announcement of what follows at `end` begins, if one stands there."""
    last = end - 1
    while last >= 0 and lines.is_blank(last) and end - last <= 2:
        last -= 1
    for first in range(last, max(last - INTRO_LINES, -1), -1):
        if lines.all[first].role != "own" or lines.is_blank(first):
            return None
        if _is_intro(line.text for line in lines.all[first : last + 1]) or DATED.fullmatch(lines.text(last)):
            return first
    return None


def _is_intro(texts: Iterable[str]) -> bool:
    words = " ".join(text.strip() for text in texts)
    return len(words) <= INTRO_LENGTH and bool(INTRO.fullmatch(words))


def _mark_tail(lines: _Lines) -> None:
    """Fold all behind the first separator: what is answered stands below it without any marks."""
    for number, line in enumerate(lines.all):
        if line.role != "own" or not line.text.strip():
            continue
        if SEPARATOR.fullmatch(line.text) or _are_headers(lines, number):
            first = number
            while first and (lines.is_blank(first - 1) or RULE.fullmatch(lines.text(first - 1))):
                first -= 1
            return _fold_from(lines, first)
        if _announces_rest(lines, number):
            return _fold_from(lines, number)
    return None


def _fold_from(lines: _Lines, first: int) -> None:
    """Fold from a separator on; a marked quote behind it may still be followed by the answer."""
    near = range(first, min(first + HEADER_LINES + 4, len(lines)))
    quote = next((number for number in near if lines.all[number].role == "quote"), None)
    if quote is None:
        lines.mark(first, len(lines), "tail")
    else:
        lines.mark(first, quote, "intro")


def _announces_rest(lines: _Lines, number: int) -> bool:
    """Tell whether an announcement stands here and nothing behind it is marked as quoted."""
    for last in range(number, min(number + INTRO_LINES, len(lines))):
        if lines.is_blank(last) or lines.all[last].role != "own":
            return False
        if lines.text(last).rstrip().endswith((":", "：")) and _is_intro(
            line.text for line in lines.all[number : last + 1]
        ):
            return not any(line.role == "quote" for line in lines.all[last:]) and last + 1 < len(lines)
    return False


def _are_headers(lines: _Lines, number: int) -> bool:
    """Tell whether a block of headers begins here: at least three sorts of them, in a few lines without a blank one."""
    if not any(HEADERS[name].fullmatch(lines.text(number)) for name in ("from", "sent")):
        return False
    found = set()
    for line in lines.all[number : number + HEADER_LINES]:
        if not line.text.strip():
            break
        found |= {name for name, pattern in HEADERS.items() if pattern.fullmatch(line.text)}
    return len(found) >= 3 and "from" in found


def _ask_quotequail(lines: _Lines) -> None:
    if len(lines) > _QUOTEQUAIL_LINES:
        return
    text = "\n".join(line.text for line in lines.all)
    (_, top), *rest = quotequail.quote(text, limit=len(lines) + 1, quote_intro_line=True)
    if rest and top.strip():
        lines.mark(top.count("\n") + 1, len(lines), "tail")


def _mark_signatures(lines: _Lines) -> None:
    for first, last in _own_runs(lines):
        for number in range(first, last):
            text = lines.text(number)
            if len(text) <= SENT_FROM_LENGTH and SENT_FROM.fullmatch(text):
                lines.all[number].role = "sign"
            elif _is_signed_off(lines, number, last):
                lines.mark(number, last, "sign")
                break


def _is_signed_off(lines: _Lines, number: int, last: int) -> bool:
    """Tell whether from here to the end of these lines there is a signature, or the foot of a mailing list."""
    text = lines.text(number)
    if text == "-- ":
        return True
    is_signed = bool(SIGNED.fullmatch(text))
    if not (is_signed or RULE.fullmatch(text)):
        return False
    rest = list(islice((at for at in range(number + 1, last) if not lines.is_blank(at)), _SIGNATURE_LINES + 1))
    return len(rest) <= _SIGNATURE_LINES and (bool(rest) or not is_signed)


def _own_runs(lines: _Lines) -> list[tuple[int, int]]:
    """Return where pieces of own lines begin and end."""
    runs, first = [], None
    for number, line in enumerate([*lines.all, _Line("", "end")]):
        if line.role == "own" and first is None:
            first = number
        elif line.role != "own" and first is not None:
            runs.append((first, number))
            first = None
    return runs


def _parts(lines: _Lines) -> list[Part]:
    """Return the pieces of the answer with what is quoted right above each."""
    parts = []
    for first, last in _own_runs(lines):
        text = "\n".join(line.text for line in lines.all[first:last]).strip()
        if text:
            parts.append(Part(_quoted_above(lines, first), text))
    return parts


def _quoted_above(lines: _Lines, first: int) -> str:
    """Return the quoted lines right above, up to the piece before."""
    found: list[str] = []
    for line in reversed(lines.all[:first]):
        if line.role == "own" and line.text.strip():
            break
        if line.role == "quote":
            found.append(_MARK.sub("", line.text, count=1).strip())
    return "\n".join(reversed(found)).strip()


def _joined(lines: _Lines, roles: set[str]) -> str:
    """Return the lines of these roles; where others stood between them a blank line is left."""
    kept: list[str] = []
    for number, line in enumerate(lines.all):
        if line.role in roles:
            if kept and kept[-1] and number and lines.all[number - 1].role not in roles:
                kept.append("")
            kept.append(line.text.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _folded(lines: _Lines) -> str:
    return _joined(lines, {"quote", "intro", "sign", "tail"})


def _is_surely_nothing_new(lines: _Lines) -> bool:
    """Tell whether every line is marked as quoted, announces a quote, or is a signature as programs write it."""
    seen = {line.role for line in lines.all if line.text.strip() and line.role != "own"}
    if "tail" in seen:
        return False
    signed = [line.text for line in lines.all if line.role == "sign" and line.text.strip()]
    is_formal = not signed or signed[0] == "-- " or all(SENT_FROM.fullmatch(text) for text in signed)
    return is_formal and len(signed) <= _SIGNATURE_LINES
