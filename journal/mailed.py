"""Answers to a prompt that come by mail, as they become part of the journal."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from core.text import clean_line
from core.timekeeping import period_bounds
from journal import periods
from journal.about import link_goals
from journal.answers import Sorted, joined, sort_out
from journal.forms import ANSWER_LENGTH, NOTE_LENGTH, TEXT_LENGTH
from journal.models import INTENTION_LENGTH, Entry, Intention, MailedAnswer, Period
from journal.proposals import propose
from journal.questions import asking
from journal.questions.asked import Asked
from journal.questions.choosing import last_question
from journal.services import keep_intention
from mail.registry import Answer


@transaction.atomic
def write_by_mail(*, owner: User, key: str, answer: Answer, at: datetime) -> Entry:
    """Put an answer to a prompt into the reflection it asked about, behind what is there; return the entry.

    Where that reflection is shown to somebody, the answer becomes a note of its own: what comes by mail is private until
    its writer says otherwise. Nothing that was written before is changed, and open pages notice that they are stale.
    """
    period = periods.open_period(owner, key)
    Period.objects.select_for_update().get(pk=period.pk)  # takes turns with the page
    questions = asking.worded(owner, period.questions)
    found = sort_out(answer, questions)
    entry = Entry.objects.owned_by(owner).filter(period=period).select_related("period").first()
    if entry is not None and entry.is_finished and entry.readers().exists():
        entry, beyond = _as_note(owner, key, found, at=at)
    else:
        is_new = entry is None
        entry = entry or _new_reflection(owner, period, questions, at=at)
        _take_intention(entry, found, is_new=is_new, at=at)
        beyond = _append(entry, found)
        _save(entry, is_new=is_new, at=at)
        period.refresh_from_db(fields=["state"])
        period.settle(has_words=True)
    link_goals(entry, None, also=Intention.objects.filter(entry=entry).values_list("text", flat=True))
    folded = joined(beyond, answer.folded)
    propose(entry=entry, at=at, lines="\n".join(part.text for part in answer.parts))
    MailedAnswer.objects.create(entry=entry, received_at=at, folded=folded)
    return entry


def _new_reflection(owner: User, period: Period, questions: list[Asked], *, at: datetime) -> Entry:
    day = min(owner.today(at), period_bounds(period.key)[1])
    answers = {str(one): "" for one in questions if one and one != last_question(period.key)}
    return Entry(
        owner=owner,
        kind=Entry.Kind.REFLECTION,
        period=period,
        entry_on=day,
        answers=answers,
        created_at=at,
        updated_at=at,
        finished_at=at,
    )


def _take_intention(entry: Entry, found: Sorted, *, is_new: bool, at: datetime) -> None:
    """Let the answer to the last question be the intention, if it is as short as one and none was meant before."""
    question = last_question(entry.period.key)  # type: ignore[union-attr] # a reflection has one
    words = clean_line(found.answers.get(question, ""))
    if not words or len(words) > INTENTION_LENGTH:
        return
    meant = Intention.objects.owned_by(entry.owner).for_period(periods.next_period(entry.period.key))  # type: ignore[union-attr]
    if before := meant.first():
        if before.text == words:  # the same sent again
            del found.answers[question]
        return
    if is_new:
        entry.save()
    del found.answers[question]
    keep_intention(entry, words, at=at)


def _append(entry: Entry, found: Sorted) -> str:
    """Put the words behind those of the entry; return what is too long for its page."""
    last = last_question(entry.period.key)  # type: ignore[union-attr] # a reflection has one
    rest = found.text
    for question, words in found.answers.items():
        together = joined(entry.answers.get(question, ""), words)
        if question == last or len(together) > ANSWER_LENGTH:
            rest = joined(rest, _headed(question, words))
        elif not _holds(entry.answers.get(question, ""), words):
            entry.answers[question] = together
    for scale in ("mood", "energy"):
        value = getattr(found, scale)
        if value is not None and getattr(entry, scale) is None:
            setattr(entry, scale, value)
        elif value is not None and getattr(entry, scale) != value:
            rest = joined(rest, f"{scale.capitalize()}: {value}")
    if not rest or _holds(entry.text, rest):
        return ""
    entry.text, beyond = _cut(joined(entry.text, rest), TEXT_LENGTH)
    return beyond


def _holds(text: str, words: str) -> bool:
    """Tell whether these words stand there as paragraphs of their own, so that the same was sent again."""
    return f"\n\n{words}\n\n" in f"\n\n{text}\n\n"


def _as_note(owner: User, key: str, found: Sorted, *, at: datetime) -> tuple[Entry, str]:
    """Return a private note with the answer, and what is too long for its page."""
    day = owner.today(at)
    said = [_headed(question, words) for question, words in found.answers.items()]
    text, beyond = _cut(joined("\n\n".join(said), found.text), NOTE_LENGTH)
    note = Entry(
        owner=owner,
        kind=Entry.Kind.NOTE,
        entry_on=day,
        title=f"{periods.say_period(key, day)}, by email",
        text=text,
        mood=found.mood,
        energy=found.energy,
        created_at=at,
        updated_at=at,
        finished_at=at,
        mailed_at=at,
    )
    note.save()
    return note, beyond


def _headed(question: str, words: str) -> str:
    return f"**{question}**\n\n{words}"


def _cut(text: str, length: int) -> tuple[str, str]:
    return (text, "") if len(text) <= length else (text[:length], text[length:])


def _save(entry: Entry, *, is_new: bool, at: datetime) -> None:
    entry.updated_at = entry.mailed_at = at
    # Its open page, if there is one, no longer saved last: its next save meets the new version.
    entry.saved_from, entry.saved_number = "", 0
    if is_new:
        entry.save()
        return
    fields = ["text", "answers", "mood", "energy", "updated_at", "mailed_at", "saved_from", "saved_number"]
    entry.save_version(expected=entry.version, update_fields=fields)
