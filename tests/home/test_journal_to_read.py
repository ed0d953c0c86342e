"""The journal as one Markdown file."""

from datetime import UTC, date, datetime

import pytest

from home.export import journal_in_markdown
from journal.services import Words, comment_on_entry, finish_entry, save_reflection
from tests.factories.accounts import PASSWORD
from tests.factories.journal import EntryFactory

NOW = datetime(2026, 11, 29, 18, tzinfo=UTC)


def read(user):
    return "".join(journal_in_markdown(user, today=date(2026, 11, 29)))


def test_journal_is_read_from_the_oldest_entry_on(cast):
    EntryFactory(owner=cast.owner, entry_on=date(2026, 1, 2), title="A new year", text="It *snowed*.\n\n- twice")
    EntryFactory(owner=cast.owner, entry_on=date(2025, 12, 31), title="", text="Late.", mood=4, tags=["sleep", "home"])
    EntryFactory(owner=cast.owner, entry_on=date(2026, 1, 3), title="Unfinished", finished_at=None, text="But")

    assert (
        read(cast.owner)
        == f"""\
# The journal of {cast.owner}

Taken with you on Sunday, 29 November 2026.

## 2025

### Wednesday, 31 December 2025: Note

Mood good · Tags: sleep, home

Late.

## 2026

### Friday, 2 January 2026: A new year

It *snowed*.

- twice

### Saturday, 3 January 2026: Unfinished

Draft

But
"""
    )


def test_reflection_has_its_questions_its_focus_and_what_was_said(cast):
    words = Words(answers={"What gave you energy?": "The workshop.", "Who helped?": ""}, intention="Ask Wen", energy=2)
    asked = [*words.answers, "What matters most next week?"]
    entry = save_reflection(owner=cast.owner, key="2026-W48", asked=asked, words=words, expected=0, page="", at=NOW)
    finish_entry(entry=entry, mentorships=[cast.mentorship], by=cast.owner, at=NOW)
    said = "Well done.\n\nReally."
    comment_on_entry(entry=entry, mentorships=[cast.mentorship], by=cast.mentor, text=said, at=NOW)

    told = read(cast.owner)

    assert "### Sunday, 29 November 2026: Week 48" in told
    assert "\nEnergy low\n\n#### What gave you energy?\n\nThe workshop.\n\n#### What matters most" in told
    assert "next week?\n\nAsk Wen\n" in told
    assert "Who helped?" not in told
    assert f"> **{cast.mentor}**, Sunday, 29 November 2026\n>\n> Well done.\n>\n> Really.\n" in told


def test_journal_holds_neither_the_bin_nor_what_others_wrote(cast):
    EntryFactory(owner=cast.owner, text="Thrown away", deleted_at=NOW)
    other = EntryFactory(owner=cast.stranger, text="Of somebody else")
    other.shared_with.add(cast.mentorship)

    told = read(cast.owner)

    assert "Thrown away" not in told
    assert "somebody else" not in told


def test_journal_of_many_entries_asks_the_same(cast, django_assert_num_queries):
    EntryFactory(owner=cast.owner)
    with django_assert_num_queries(2):
        read(cast.owner)
    EntryFactory.create_batch(30, owner=cast.owner)

    with django_assert_num_queries(2):
        read(cast.owner)


@pytest.mark.parametrize(("what", "is_journal"), [("journal", True), ("", False), ("elsewhere", False)])
def test_download(client, cast, what, is_journal):
    EntryFactory(owner=cast.owner, text="The canteen was quiet")
    client.post("/account/login/", {"login": cast.owner.email, "password": PASSWORD})
    client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/settings/export/"})

    response = client.post("/settings/export/", {"what": what})

    assert ("waymark-journal-" in response.headers["Content-Disposition"]) is is_journal
    assert response.headers["Content-Type"].startswith("text/markdown" if is_journal else "application/json")
    assert response.headers["Cache-Control"] == "no-store, private"
    assert "The canteen was quiet" in b"".join(response.streaming_content).decode()
