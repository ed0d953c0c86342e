"""Sorts an answer by mail: which words answer which question, how it felt, and what stands for itself."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from journal.models import Entry
from journal.questions.asked import as_asked
from journal.questions.choosing import reason_in_mail, words_in_mail
from mail.registry import Answer

# "2. Saying no to the second project", "3) Ruth": whoever numbers their answers means our numbers.
_NUMBERED = re.compile(r"\s{0,3}([1-9１-９])(?:\s?[.):](?:\s+|$)|\s?[．）：、]\s*)(.*)")
_FELT = re.compile(
    r"\s*[*_]{0,2}(?:(?P<mood>mood|stimmung|laune|humeur|ánimo|animo|umore|humor)"
    r"|(?P<energy>energy|energie|énergie|energía|energia))[*_]{0,2}\s*[:=][*_]{0,2}\s*[*_]{0,2}(?P<value>\w{1,20}?)[*_]{0,2}\s*[.!]?\s*",
    re.IGNORECASE,
)
_WORDS = {
    "mood": {label.lower(): value for value, label in Entry.Mood.choices},
    "energy": {label.lower(): value for value, label in Entry.Energy.choices},
}
_NO_LETTERS = re.compile(r"[\W_]+")


@dataclass
class Sorted:
    """An answer to a prompt. `answers` holds those questions that were answered; `text` is all the rest."""

    text: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    mood: int | None = None
    energy: int | None = None

    def add(self, question: str, words: str) -> None:
        """Put words to a question, "" for none, behind what is there."""
        if words and question:
            self.answers[question] = joined(self.answers.get(question, ""), words)
        elif words:
            self.text = joined(self.text, words)


def joined(before: str, words: str) -> str:
    """Return words behind others, as a paragraph of their own."""
    return "\n\n".join(filter(None, [before, words]))


def sort_out(answer: Answer, questions: Sequence[str]) -> Sorted:
    """Return an answer by question: those written right below a quoted question, and those with its number.

    Nothing is lost: what fits no question is the text.
    """
    found = Sorted()
    for part in answer.parts:
        question = _asked_last(part.quoted, questions)
        words = _take_feelings(part.text, found)
        if question:
            found.add(question, words)
        else:
            _add_numbered(words, questions, found)
    return found


def _asked_last(quoted: str, questions: Sequence[str]) -> str:
    """Return the question with which quoted lines end; "" if they end with anything else."""
    end = _letters(quoted)
    asked = list(enumerate(as_asked(questions), 1))
    for number in (True, False):  # several of one's own look alike but for their numbers
        for place, one in asked:
            shown = f"{place}. {words_in_mail(one)}" if number else words_in_mail(one)
            if one and end.endswith((_letters(shown), _letters(f"{shown} {reason_in_mail(one)}"))):
                return str(one)
    return ""


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", text).casefold()


def _add_numbered(words: str, questions: Sequence[str], found: Sorted) -> None:
    """Put each numbered paragraph to the question of its number, if the numbers are ours: rising, and none too large."""
    numbers = [int(match[1]) for line in words.split("\n") if (match := _NUMBERED.fullmatch(line))]
    if not numbers or numbers != sorted(set(numbers)) or numbers[-1] > len(questions):
        found.add("", words)
        return
    question = ""
    lines: list[str] = []
    for line in words.split("\n"):
        if match := _NUMBERED.fullmatch(line):
            found.add(question, "\n".join(lines).strip())
            question, lines = str(questions[int(match[1]) - 1]), [match[2] or ""]
        else:
            lines.append(line)
    found.add(question, "\n".join(lines).strip())


def _take_feelings(words: str, found: Sorted) -> str:
    """Return the words without lines such as "mood: 4" or "energy: low", which are noted instead."""
    kept = []
    for line in words.split("\n"):
        match = _FELT.fullmatch(line)
        scale = "mood" if match and match["mood"] else "energy"
        value = _felt(scale, match["value"]) if match else None
        if value is None or getattr(found, scale) is not None:
            kept.append(line)
        else:
            setattr(found, scale, value)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _felt(scale: str, word: str) -> int | None:
    if word in {"1", "2", "3", "4", "5"}:
        return int(word)
    return _WORDS[scale].get(word.lower())
