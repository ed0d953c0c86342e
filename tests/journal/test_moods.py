from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from journal import services
from journal.models import Entry, Intention
from journal.notes import NoteWords, save_note
from journal.recalled import Meant, recalled
from tests.factories.accounts import UserFactory
from tests.factories.journal import EntryFactory, PeriodFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 12, tzinfo=UTC)
DAY = date(2026, 11, 19)


def test_one_mood_a_day():
    user = UserFactory()
    EntryFactory(owner=user, kind="mood", entry_on=DAY, mood=3)

    with pytest.raises(IntegrityError, match="journal_entry_one_mood_a_day"), transaction.atomic():
        EntryFactory(owner=user, kind="mood", entry_on=DAY, mood=4)


def test_latest_mood_of_a_day_counts():
    user = UserFactory()
    services.keep_mood(owner=user, mood=4, day=DAY, at=NOW)
    EntryFactory(owner=user, entry_on=DAY, mood=2, updated_at=datetime(2026, 11, 19, 15, tzinfo=UTC))
    EntryFactory(owner=user, entry_on=date(2026, 11, 18), mood=5)
    EntryFactory(entry_on=DAY, mood=1)

    assert recalled(user, "2026-W47", "2026-W47").moods == {date(2026, 11, 18): 5, DAY: 2}
    assert recalled(user, "2026-W46", "2026-W46").moods == {}


def test_recalled_tells_what_was_meant_and_what_is_done_with():
    user = UserFactory()
    PeriodFactory(owner=user, key="2026-W45", state="skipped")
    EntryFactory(owner=user, kind="reflection", period=PeriodFactory(owner=user, key="2026-W46"))
    PeriodFactory(owner=user, key="2026-W47", state="written")
    PeriodFactory(key="2026-W47", state="skipped")
    services.set_focus(owner=user, key="2026-W46", text="Call the clinic", at=NOW)
    services.set_focus(owner=user, key="2026-W47", text="Rest", at=NOW)
    services.answer_intention(owner=user, key="2026-W46", came_true="partly")

    found = recalled(user, "2026-W46", "2026-W47")

    assert found.meant == {"2026-W46": Meant("Call the clinic", "partly"), "2026-W47": Meant("Rest", "")}
    assert found.done_with == {"2026-W46"}


def test_mood_with_words_is_a_note_and_the_day_may_have_another():
    user = UserFactory()
    mood = services.keep_mood(owner=user, mood=4, day=DAY, at=NOW)
    words = NoteWords(entry_on=DAY, text="The clinic called back.", mood=4)
    save_note(owner=user, pk=mood.pk, words=words, expected=mood.version, is_done=True, at=NOW)

    services.keep_mood(owner=user, mood=2, day=DAY, at=NOW)

    assert sorted(Entry.objects.filter(owner=user).values_list("kind", "mood")) == [("mood", 2), ("note", 4)]


def test_mood_comes_back_from_the_bin_beside_a_newer_one():
    user = UserFactory()
    old = services.keep_mood(owner=user, mood=4, day=DAY, at=NOW)
    services.delete_entry(entry=old, at=NOW)
    services.keep_mood(owner=user, mood=2, day=DAY, at=NOW)

    services.restore_entry(entry=old, at=NOW)

    assert Entry.objects.owned_by(user).count() == 2


def test_journal_lists_a_mood_in_one_line(client):
    user = UserFactory()
    services.keep_mood(owner=user, mood=4, day=DAY, at=NOW)
    client.force_login(user)

    page = client.get("/journal/").content.decode()

    assert "Mood: good" in page


def test_focus_gives_way_to_the_intention_of_a_reflection():
    user = UserFactory()
    services.set_focus(owner=user, key="2026-W47", text="Set on Monday", at=NOW)

    services.save_reflection(
        owner=user,
        key="2026-W46",
        asked=[],
        words=services.Words(intention="Written later"),
        expected=0,
        page="p",
        at=NOW,
    )

    assert [row.text for row in Intention.objects.for_period("2026-W47")] == ["Written later"]
