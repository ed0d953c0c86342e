import pytest

from journal import follow
from journal.mailed import write_by_mail
from journal.models import Entry, Proposal
from journal.notes import NoteWords, save_note
from journal.proposals import MOST, propose, read
from mail.replies import split
from tests.factories.accounts import UserFactory
from tests.factories.journal import EntryFactory, ReflectionFactory
from tests.journal.clock import NOW
from tests.races import at_once

LINES = [
    ("win: Spoke up", "win", "Spoke up"),
    ("Win : spoke up.", "win", "spoke up."),
    ("- **WIN:** Spoke up", "win", "Spoke up"),
    ("• Erfolg: Den Bericht abgegeben", "win", "Den Bericht abgegeben"),
    ("Réussite : j'ai parlé", "win", "j'ai parlé"),
    ("Re\u0301ussite: j'ai parlé", "win", "j'ai parlé"),
    ("logro: hablé primero", "win", "hablé primero"),
    ("éxito：hablé primero", "win", "hablé primero"),
    ("next: Book the room", "next", "Book the room"),
    ("Next week: Book the room: both days", "next", "Book the room: both days"),
    ("Nächste  Woche: Raum buchen", "next", "Raum buchen"),
    ("Prochaine semaine : réserver", "next", "réserver"),
    ("Próxima semana: reservar", "next", "reservar"),
    ("todo: write to Hannah", "task", "write to Hannah"),
    ("To do: write to Hannah", "task", "write to Hannah"),
    ("Aufgabe: Hannah schreiben", "task", "Hannah schreiben"),
    ("tâche: écrire", "task", "écrire"),
    ("tarea: escribir", "task", "escribir"),
]
NOT_LINES = [
    "", "win", "win:", "win:   ", "win: ...", "I win: always", "The next: one", "winner: me", "window: shut", "week: slow",
    "so to say, next: no", "http://win: x", "> win: quoted", "        win: code", "nächste: Frau", "win\x00: x",
]  # fmt: skip


@pytest.mark.parametrize(("line", "kind", "words"), LINES)
def test_read_knows_a_line_in_four_languages(line, kind, words):
    assert list(read([line])) == [(kind, words)]


@pytest.mark.parametrize("line", NOT_LINES)
def test_read_leaves_other_lines_alone(line):
    assert list(read([line])) == []


def test_read_cuts_what_is_too_long_between_words():
    ((_, win), (_, focus)) = read(["win: " + "word " * 2000, "next: " + "word " * 2000])

    assert len(win) <= 300
    assert len(focus) <= 200
    assert win.endswith("word…")


def test_read_gives_the_same_line_once():
    assert list(read(["win: a", "Win: a", "win: b"])) == [("win", "a"), ("win", "b")]


@pytest.mark.django_db
def test_propose_twice_is_once_whatever_came_of_it(cast):
    entry = EntryFactory(owner=cast.owner)
    first = propose(entry=entry, lines="win: a\nsome words\r\nnext: b", at=NOW)
    follow.leave_proposal(proposal=first[0], at=NOW)

    again = propose(entry=entry, lines=["win: a", "next: b", "task: c"], at=NOW)

    assert [(row.kind, row.text) for row in first] == [("win", "a"), ("next", "b")]
    assert [(row.kind, row.text) for row in again] == [("task", "c")]


@pytest.mark.django_db
def test_propose_is_encrypted_at_rest_and_has_an_end(cast):
    from django.db import connection

    entry = EntryFactory(owner=cast.owner)
    propose(entry=entry, lines=[f"win: ostrich {number}" for number in range(50)], at=NOW)

    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM journal_proposal")
        stored = [text for (text,) in cursor.fetchall()]
    assert len(stored) == MOST
    assert not [text for text in stored if "ostrich" in text]
    assert "ostrich" not in str(Proposal.objects.first())


@pytest.mark.django_db
def test_reply_by_mail_proposes(db):
    owner = UserFactory(time_zone="UTC")

    for _ in range(2):
        write_by_mail(owner=owner, key="2026-W47", answer=split("A week.\nwin: spoke up\n\n> win: quoted"), at=NOW)

    assert [(row.kind, row.text) for row in Proposal.objects.owned_by(owner)] == [("win", "spoke up")]


@pytest.mark.django_db
@pytest.mark.parametrize("is_done", [True, False])
def test_note_proposes_once_it_is_finished(cast, is_done):
    words = NoteWords(entry_on=NOW.date(), text="A day.\nwin: spoke up")

    save_note(owner=cast.owner, pk=None, words=words, expected=0, at=NOW, is_done=is_done)

    assert Proposal.objects.exists() is is_done


@pytest.mark.django_db
def test_proposals_of_a_deleted_entry_are_nobodys(cast):
    entry = ReflectionFactory(owner=cast.owner)
    propose(entry=entry, lines="win: a", at=NOW)

    entry.put_in_bin(at=NOW)

    assert not Proposal.objects.owned_by(cast.owner).exists()


@pytest.mark.django_db(transaction=True)
def test_two_proposals_at_once_are_one(cast):
    entry = EntryFactory(owner=cast.owner)

    def act():
        return propose(entry=Entry.objects.get(pk=entry.pk), lines="win: a", at=NOW)

    at_once(act, act)

    assert Proposal.objects.count() == 1
