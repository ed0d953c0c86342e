import pytest
from django.db import connection

from journal.models import Entry
from journal.tags import split, unique
from tests.factories.journal import EntryFactory


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("SQL, interviews", ["sql", "interviews"]),
        (" #Focus ,, focus;FOCUS ", ["focus"]),
        ("one  two\nthree", ["one two three"]),
        ("E\u0301te\u0301, \u202eété", ["été"]),
        ("", []),
        (" , ; # ", []),
    ],
)
def test_split_spells_each_tag_once(typed, kept):
    assert split(typed) == kept


def test_unique_keeps_the_order():
    assert unique(["b", "A", "a", "B"]) == ["b", "a"]


@pytest.mark.django_db
def test_tags_are_stored_encrypted():
    entry = EntryFactory(tags=["clinic", "sql"])

    with connection.cursor() as cursor:
        cursor.execute("SELECT tags FROM journal_entry WHERE id = %s", [entry.pk])
        (stored,) = cursor.fetchone()

    assert "clinic" not in stored
    assert stored.startswith("2.")
    assert Entry.objects.get(pk=entry.pk).tags == ["clinic", "sql"]


@pytest.mark.django_db
def test_entry_without_tags_needs_no_key(settings):
    entry = EntryFactory(text="")
    settings.FIELD_KEYS = []

    assert Entry.objects.get(pk=entry.pk).tags == []
