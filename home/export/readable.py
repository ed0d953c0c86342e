"""The journal as one Markdown file: to read, to print, to keep beside other notes. The JSON copy holds more of it."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Prefetch

from accounts.models import User
from home.export.document import CHUNK
from journal.models import Entry, EntryComment, Intention
from journal.questions.choosing import last_question
from sharing.models import Comment


def journal_in_markdown(user: User, *, today: date) -> Iterator[str]:
    """Yield the journal entry by entry, the oldest first, drafts too and without the bin.

    What was written stands as it was written, Markdown included, so headings of one's own may go across ours.
    """
    yield f"# The journal of {user}\n\nTaken with you on {_say(today)}.\n"
    comments = Prefetch("comments", EntryComment.objects.with_people().order_by("created_at", "pk"))
    entries = Entry.objects.owned_by(user).with_week().prefetch_related(comments).order_by("entry_on", "pk")
    year = None
    for entry in entries.iterator(CHUNK):
        if entry.entry_on.year != year:
            year = entry.entry_on.year
            yield f"\n## {year}\n"
        yield "\n".join(["", *_paragraphs(entry, user)])


def _paragraphs(entry: Entry, user: User) -> Iterator[str]:
    yield f"### {_say(entry.entry_on)}: {entry.heading}\n"
    if facts := list(_facts(entry)):
        yield " · ".join(facts) + "\n"
    for question, words in entry.answers.items():
        if words:
            yield f"#### {question}\n\n{words}\n"
    meant: Intention | None = getattr(entry, "intention", None)
    if meant is not None and entry.period is not None:
        yield f"#### {last_question(entry.period.key)}\n\n{meant.text}\n"
    if entry.text:
        yield f"{entry.text}\n"
    for comment in entry.comments.all():
        if comment.text:
            yield _quoted(comment, user.today(comment.created_at))


def _facts(entry: Entry) -> Iterator[str]:
    if entry.title and entry.period is not None:
        yield entry.plain_name
    if not entry.is_finished:
        yield "Draft"
    if entry.mood:
        yield f"Mood {entry.get_mood_display().lower()}"
    if entry.energy:
        yield f"Energy {entry.get_energy_display().lower()}"
    if entry.tags:
        yield f"Tags: {', '.join(entry.tags)}"
    if entry.is_starred:
        yield "Starred"


def _quoted(comment: Comment, day: date) -> str:
    """Return a comment as a quote under its writer's name."""
    said = f"**{comment.author_name}**, {_say(day)}"
    return "\n".join(f"> {line}".rstrip() for line in f"{said}\n\n{comment.text}".split("\n")) + "\n"


def _say(day: date) -> str:
    return f"{day:%A}, {day.day} {day:%B %Y}"
