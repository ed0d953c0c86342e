"""Notes: what somebody writes about any day, saved while they write and open to readers once they say so."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from core.versioned import StaleEdit
from journal.about import link_goals
from journal.models import Entry
from journal.proposals import propose
from journal.services import FinishedMeanwhile

_COLUMNS = [
    "kind", "entry_on", "title", "text", "mood", "energy", "tags", "updated_at", "finished_at", "saved_from", "saved_number",
]  # fmt: skip


@dataclass(frozen=True)
class NoteWords:
    """What stands on the page of a note."""

    entry_on: date
    title: str = ""
    text: str = ""
    mood: int | None = None
    energy: int | None = None
    tags: list[str] = field(default_factory=list)
    goals: set[int] = field(default_factory=set)

    @property
    def is_blank(self) -> bool:
        """Whether nothing at all was written or chosen."""
        return not (self.title or self.text or self.mood or self.energy or self.tags or self.goals)


@transaction.atomic
def save_note(
    *,
    owner: User,
    pk: int | None,
    words: NoteWords,
    expected: int,
    at: datetime,
    page: str = "",
    number: int = 0,
    is_autosave: bool = False,
    is_done: bool = False,
) -> Entry | None:
    """Store a note and return it; None while there is neither a note nor anything to store.

    `pk` None is the page of a new note: what that `page` stored before is the same note, so a first save whose answer
    got lost makes no second one. `expected`, `page` and `number` are those of `services.save_reflection`, and so are the
    exceptions. `is_done` ends the draft. A mood to which words are added becomes a note.
    """
    User.objects.select_for_update().get(pk=owner.pk)  # two tabs, or two saves of one page, take turns
    mine = Entry.objects.owned_by(owner)
    entry = (mine.filter(pk=pk) if pk else mine.notes().from_page(page)).first()
    if entry is None:
        if words.is_blank:
            return None
        entry = Entry(owner=owner, created_at=at, version=1)
        _put(entry, words, page=page, number=number, is_done=is_done, at=at)
        entry.save()
    else:
        is_same_page = bool(page) and entry.saved_from == page
        if expected != entry.version and not is_same_page:
            raise StaleEdit(entry)
        if is_autosave and entry.is_finished:
            raise FinishedMeanwhile
        if is_autosave and is_same_page and 0 < number <= entry.saved_number:
            return entry
        _put(entry, words, page=page, number=number, is_done=is_done, at=at)
        entry.save_version(expected=entry.version, update_fields=_COLUMNS)
    link_goals(entry, words.goals)
    if entry.is_finished:
        propose(entry=entry, at=at)
    return entry


def _put(entry: Entry, words: NoteWords, *, page: str, number: int, is_done: bool, at: datetime) -> None:
    entry.kind, entry.entry_on = Entry.Kind.NOTE, words.entry_on
    entry.title, entry.text, entry.tags = words.title, words.text, words.tags
    entry.mood, entry.energy = words.mood, words.energy
    entry.saved_from, entry.saved_number, entry.updated_at = page, number, at
    if is_done and entry.finished_at is None:
        entry.finished_at = at
