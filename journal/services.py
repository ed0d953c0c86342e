"""What people do with their journal. Each function is one transaction; mails are rows written in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.models import Break, User
from core.timekeeping import period_bounds
from core.versioned import StaleEdit
from journal import periods
from journal.about import link_goals
from journal.models import Entry, EntryComment, Intention, Period
from journal.proposals import propose
from journal.questions import asking, choosing
from journal.questions.asked import Asked, as_asked
from journal.questions.choosing import last_question
from journal.questions.wishes import erase_removed
from sharing import services as sharing
from sharing.models import Mentorship
from sharing.notices import announce, write_in_threads

KEPT_IN_BIN = timedelta(days=30)
# People whose past weeks are closed in one go.
_BATCH = 500


@dataclass(frozen=True)
class Words:
    """What stands on the page of one reflection. `answers` holds the questions in the order they were shown."""

    answers: dict[str, str] = field(default_factory=dict)
    intention: str = ""
    title: str = ""
    mood: int | None = None
    energy: int | None = None
    # None leaves them as they are: what comes by mail brings none.
    tags: list[str] | None = None
    goals: set[int] | None = None
    text: str | None = None  # what answers no question; None where the page does not show it, and so leaves it

    @property
    def is_blank(self) -> bool:
        """Whether nothing at all was written or chosen."""
        return not (self.has_words or self.mood or self.energy or self.tags or self.goals)

    @property
    def has_words(self) -> bool:
        """Whether anything was written."""
        return bool(self.title or self.intention or self.text or any(self.answers.values()))


class FinishedMeanwhile(Exception):
    """An autosave came for a reflection that was finished: its readers' text changes only when its writer says so."""


@transaction.atomic
def save_reflection(
    *,
    owner: User,
    key: str,
    asked: list[str],
    words: Words,
    expected: int,
    page: str,
    at: datetime,
    number: int = 0,
    is_autosave: bool = False,
) -> Entry | None:
    """Store the words of one week or month and return the entry; None while there is neither an entry nor anything to store.

    `asked` are the questions of the page, kept on the period if this opens it. `expected` is the version the page
    started from, 0 for none. `page` names the open page: a save from the page that saved last is never stale, so an
    answer lost on the way does not look like a second tab. Raises StaleEdit with the stored entry otherwise.

    `number` grows with each save of a page, 0 where nobody counts: an autosave that arrives after a later save of its
    page changes nothing. Raises FinishedMeanwhile for an autosave of a finished reflection.
    """
    if words.is_blank and not Entry.objects.owned_by(owner).of_period(key).exists():
        return None
    answered = {question for question, text in words.answers.items() if text}
    period = periods.open_period(owner, key, asked=asked, answered=answered)
    Period.objects.select_for_update().get(pk=period.pk)  # two tabs take turns
    shown = words.answers
    by_now = dict(zip(asked, asking.present(as_asked(asked), period.questions, answered=answered), strict=True))
    words = replace(words, answers={str(by_now.get(question, question)): text for question, text in shown.items()})
    entry = Entry.objects.owned_by(owner).filter(period=period).select_related("period").first()
    if entry is None:
        entry = Entry(owner=owner, kind=Entry.Kind.REFLECTION, period=period, created_at=at, version=1)
        entry.entry_on = min(owner.today(at), period_bounds(key)[1])
        _put(entry, words, page=page, number=number, at=at)
        entry.save()
    else:
        if expected != entry.version and not (page and entry.saved_from == page):
            raise StaleEdit(entry)
        if is_autosave and entry.is_finished:
            raise FinishedMeanwhile
        if is_autosave and page and entry.saved_from == page and 0 < number <= entry.saved_number:
            return entry
        version = entry.version
        # Answers to questions this page does not show stay as they are.
        hidden = {question: text for question, text in entry.answers.items() if text and question not in shown}
        _put(entry, words, page=page, number=number, at=at, also=hidden)
        entry.save_version(
            expected=version,
            update_fields=[
                "title",
                "text",
                "answers",
                "mood",
                "energy",
                "tags",
                "updated_at",
                "saved_from",
                "saved_number",
            ],
        )
    keep_intention(entry, words.intention, at=at)
    link_goals(entry, words.goals, also=[words.intention])
    if entry.is_finished:
        propose(entry=entry, at=at)
    period.refresh_from_db(fields=["state"])
    period.settle(has_words=words.has_words or entry.has_words)
    return entry


@transaction.atomic
def keep_mood(*, owner: User, mood: int, day: date, at: datetime) -> Entry:
    """Note how a day goes: one mood per local day, the last replaces."""
    User.objects.select_for_update().get(pk=owner.pk)
    found = Entry.objects.owned_by(owner).moods().filter(entry_on=day).first()
    if found is None:
        found = Entry(owner=owner, kind=Entry.Kind.MOOD, entry_on=day, created_at=at, finished_at=at)
    found.mood, found.updated_at = mood, at
    found.save()
    return found


@transaction.atomic
def set_focus(*, owner: User, key: str, text: str, at: datetime) -> None:
    """Say what matters most in a week: new words for the intention it has, or one that stands by itself.

    Empty words take it away.
    """
    User.objects.select_for_update().get(pk=owner.pk)
    found = Intention.objects.owned_by(owner).for_period(key).select_related("entry").first()
    if not text:
        Intention.objects.owned_by(owner).for_period(key).delete()
    elif found is None:
        Intention.objects.create(owner=owner, key=key, text=text, created_at=at)
    elif found.text != text:
        found.reword(text)
        if found.entry is not None:
            _touch(found.entry)
            link_goals(found.entry, None, also=[text])


def _touch(entry: Entry) -> None:
    """Let an open page of a reflection notice that its intention changed elsewhere."""
    entry.saved_from, entry.saved_number = "", 0
    entry.save_version(expected=entry.version, update_fields=["saved_from", "saved_number"])


def _put(
    entry: Entry, words: Words, *, page: str, number: int, at: datetime, also: dict[str, str] | None = None
) -> None:
    entry.title, entry.mood, entry.energy = words.title, words.mood, words.energy
    entry.answers = words.answers | (also or {})
    entry.tags = entry.tags if words.tags is None else words.tags
    if words.text is not None:
        entry.text = words.text
    entry.saved_from, entry.saved_number, entry.updated_at = page, number, at


def keep_intention(entry: Entry, text: str, *, at: datetime) -> None:
    """Let these words, the last answer of an entry, be what its owner means to do next; empty ones take it away."""
    if not text:
        Intention.objects.filter(entry=entry).delete()
        return
    key = periods.next_period(entry.period.key)  # type: ignore[union-attr]
    Intention.objects.filter(owner=entry.owner, entry=None, key=key).delete()  # this one takes its place
    Intention.objects.update_or_create(
        entry=entry,
        defaults={"text": text},
        create_defaults={"owner": entry.owner, "key": key, "text": text, "created_at": at},
    )


def answer_intention(*, owner: User, key: str, came_true: str) -> None:
    """Note whether what somebody meant to do in that week or month came true; nothing happens if they meant nothing."""
    for intention in Intention.objects.owned_by(owner).for_period(key):
        if intention.came_true != came_true:
            intention.answer(came_true)


@transaction.atomic
def finish_entry(*, entry: Entry, mentorships: Iterable[Mentorship], by: User, at: datetime) -> list[Mentorship]:
    """End a draft: readers may see it from now on. Returns and raises like `share_entry`."""
    if entry.finished_at is None:
        entry.finish(at=at)
        propose(entry=entry, at=at)
    return share_entry(entry=entry, mentorships=mentorships, by=by)


@transaction.atomic
def share_entry(
    *, entry: Entry, mentorships: Iterable[Mentorship], by: User, threads_open: bool | None = None
) -> list[Mentorship]:
    """Make exactly these the readers of a finished entry and return those who will get an email about it.

    A reader it is new to is told by mail, unless a mail told them at an earlier time, before it was taken back.
    `threads_open` None leaves the switch as it is. Raises PermissionDenied unless `by` owns the entry and shows
    things to every one of them now.
    """
    new = sharing.set_shares(item=entry, mentorships=mentorships, by=by)
    if threads_open is not None and threads_open != entry.threads_open:
        entry.threads_open = threads_open
        entry.save(update_fields=["threads_open"])
    return announce("entry_shared", "entry", entry, new)


def comment_on_entry(
    *, entry: Entry, mentorships: Iterable[Mentorship], by: User, text: str, at: datetime
) -> list[EntryComment]:
    """Write the same words into one or several threads of an entry, as sharing.notices.write_in_threads says."""
    return write_in_threads(
        "entry_comment", model=EntryComment, item=entry, mentorships=mentorships, by=by, text=text, at=at
    )


@transaction.atomic
def skip_period(*, owner: User, key: str) -> Period:
    """Leave a week or month out on purpose, unless something was written about it."""
    period = periods.open_period(owner, key)
    period.skip()
    return period


class Unexchanged(Exception):
    """A question stays: it has an answer, its reflection is finished, or no other fits."""


@transaction.atomic
def exchange_question(*, owner: User, key: str, asked: Sequence[Asked], question: Asked, hints: Iterable[str]) -> None:
    """Ask another question in place of one of those on the page (`asked`), which keeps everything else as it is.

    Raises Unexchanged with the reason, as a sentence.
    """
    period = periods.open_period(owner, key, asked=asked)
    period = Period.objects.select_for_update().get(pk=period.pk)
    entry = Entry.objects.owned_by(owner).filter(period=period).first()
    if entry and entry.answers.get(question):
        raise Unexchanged("That question has an answer. Empty its field first, then ask for another one.")
    if entry and entry.is_finished:
        raise Unexchanged("This reflection is finished, so its questions stay.")
    answered = {one for one, text in entry.answers.items() if text} if entry else set()
    asked = asking.present(asked, period.questions, answered=answered)
    if question not in asked:
        return  # it gave way already
    known = asking.known_of({owner.pk: key})[owner.pk]
    another = choosing.choose_another(key, asked, question, hints, known)
    if another is None:
        raise Unexchanged("No other question fits this time. You can leave this one blank.")
    period.questions = [another if one == question else one for one in asked]
    period.aside = [*period.aside, *filter(None, [question.id])]
    period.save(update_fields=["questions", "aside"])
    if entry and question in entry.answers:
        entry.answers = {another if one == question else one: text for one, text in entry.answers.items()}
        entry.save_version(expected=entry.version, update_fields=["answers"])


@transaction.atomic
def delete_entry(*, entry: Entry, at: datetime) -> None:
    """Put an entry into the bin for 30 days: gone for every reader at once, its week or month no longer written."""
    entry.put_in_bin(at=at)
    if entry.period is not None:
        entry.period.settle(has_words=False)


@transaction.atomic
def restore_entry(*, entry: Entry, at: datetime) -> None:
    """Bring an entry back from the bin, private. If its period was written anew since, it comes back as a note."""
    if entry.is_mood and Entry.objects.owned_by(entry.owner).moods().filter(entry_on=entry.entry_on).exists():
        entry.kind = Entry.Kind.NOTE  # the day has a mood since
        entry.save(update_fields=["kind"])
    if entry.period is not None:
        Period.objects.select_for_update().get(pk=entry.period.pk)
        if Entry.objects.owned_by(entry.owner).filter(period=entry.period).exists():
            _turn_into_note(entry, at=at)
        else:
            entry.period.settle(has_words=entry.has_words or Intention.objects.filter(entry=entry).exists())
    entry.take_from_bin()


def _turn_into_note(entry: Entry, *, at: datetime) -> None:
    name, key = entry.plain_name, entry.period.key  # type: ignore[union-attr]
    said = [f"**{question}**\n\n{answer}" for question, answer in entry.answers.items() if answer]
    said += [f"**{last_question(key)}**\n\n{row.text}" for row in Intention.objects.filter(entry=entry)]
    entry.kind, entry.period = Entry.Kind.NOTE, None
    entry.title = entry.title or f"{name}, an earlier version"
    entry.text = "\n\n".join([*said, *filter(None, [entry.text])])
    entry.answers = {}
    entry.finished_at = entry.finished_at or at
    entry.save(update_fields=["kind", "period", "title", "text", "answers", "finished_at"])
    Intention.objects.filter(entry=entry).delete()


def erase_deleted(*, now: datetime) -> int:
    """Erase what has lain in a bin for 30 days; return how many entries."""
    erase_removed(before=now - KEPT_IN_BIN)
    return Entry.objects.deleted_before(now - KEPT_IN_BIN).delete()[1].get(Entry._meta.label, 0)


def close_past_periods(*, now: datetime) -> int:
    """Mark weeks and months that nobody wrote and no prompt asks about any more as missed, or as away; return how many.

    Only for lists and for the rhythm of the mails: a page derives the state anew, and a missed one can be written.
    """
    # Somewhere it may still be the day before: nothing is closed early.
    day = (now - timedelta(days=1)).date()
    asked = {"week": periods.asked_about(day), "month": periods.month_asked_about(day)}
    closed = 0
    while rows := list(Period.objects.open_before(**asked).order_by("pk")[:_BATCH]):
        closed += _close(rows)
    return closed


def _close(rows: list[Period]) -> int:
    first = min(row.days[0] for row in rows)
    last = max(row.days[1] for row in rows)
    breaks: dict[int, list[Break]] = {}
    for row in Break.objects.touching(first, last).filter(user__in={row.owner_id for row in rows}):
        breaks.setdefault(row.user_id, []).append(row)
    away = [row.pk for row in rows if periods.is_away(row.key, breaks.get(row.owner_id, []))]
    still_open = Period.objects.filter(pk__in=[row.pk for row in rows], state=Period.State.OPEN)
    count = still_open.filter(pk__in=away).update(state=Period.State.AWAY)
    return count + still_open.exclude(pk__in=away).update(state=Period.State.MISSED)
