from datetime import date, timedelta

import pytest

from journal.search import SIZE, find, terms_of
from tests.factories.journal import WRITTEN_AT, EntryFactory, IntentionFactory, ReflectionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("saturday")]


def found(user, asked):
    return [hit.entry.pk for hit in find(user, asked).hits]


@pytest.fixture
def note(owner):
    return EntryFactory(
        owner=owner,
        title="Über den Canal",
        text="A **long walk** home.\nShe said: C++ is not for me. education 漢字の本 😀",
        tags=["night shift", "sql"],
    )


@pytest.mark.parametrize(
    "asked",
    [
        "canal",
        "CANAL walk",
        "uber",
        '"long walk"',
        '"walk home"',
        "“long walk” she",
        "educ",
        "c++",
        "😀",
        "字の",
        '"字の"',
        '"long walk',
        "home. she",
        "wal hom",
        "*",
        "#sql",
        "sql walk",
        '"night shift"',
        '"#sql"',
    ],
)
def test_find(owner, note, asked):
    assert found(owner, asked) == [note.pk]


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "   ",
        '"',
        '""',
        '" "',
        "canal zebra",
        "anal",
        '"walk long"',
        '"long wal"',
        '"canal a"',  # no phrase runs from the title into the text
        "cation",
        "lo.g",
        "[",
        "(",
        "\\",
        ".*",
        "a{99999}",
        "\x1e",
    ],
)
def test_find_nothing(owner, note, asked):
    assert find(owner, asked).count == 0


def test_find_in_every_place(owner):
    reflection = ReflectionFactory(
        owner=owner, title="Tired", answers={"What gave you energy?": "The heron.", "B?": "Cake"}
    )
    IntentionFactory(entry=reflection, text="Ask Hannah.")

    for asked in ("tired", "heron", "cake", "hannah", "tired heron cake hannah"):
        assert found(owner, asked) == [reflection.pk]
    assert found(owner, "energy") == []  # asked by Waymark, not written by anybody


def test_find_only_what_is_ones_own_and_there(owner, cast):
    EntryFactory(owner=cast.stranger, text="heron")
    EntryFactory(owner=owner, text="heron", deleted_at=WRITTEN_AT)
    draft = ReflectionFactory(owner=owner, draft=True, answers={"A?": "heron"})

    hits = find(owner, "heron").hits

    assert [hit.entry.pk for hit in hits] == [draft.pk]
    assert hits[0].entry.url == "/journal/write/?week=2026-W46"


def test_find_pages_without_gaps_or_repeats(owner):
    for number in range(2 * SIZE + 3):
        EntryFactory(owner=owner, text="heron", entry_on=date(2026, 11, 1) - timedelta(days=number // 3))

    seen, token, pages = [], "", 0
    while pages == 0 or token:
        found = find(owner, "heron", after=token)
        assert found.count == 2 * SIZE + 3
        seen += [(hit.entry.day, hit.entry.pk) for hit in found.hits]
        token, pages = found.next_token, pages + 1

    assert pages == 3
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) == 2 * SIZE + 3


@pytest.mark.parametrize(
    "after", ["x", "2026-13-01.1", "2026-11-01.", "2026-11-01.٣", "2026-11-01." + "9" * 40, "." * 99]
)
def test_find_bad_token_gives_the_first_page(owner, note, after):
    assert [hit.entry.pk for hit in find(owner, "canal", after=after).hits] == [note.pk]


def test_excerpt_shows_the_hit_and_escapes(owner):
    EntryFactory(
        owner=owner,
        title="<b>Heron</b>",
        text="x " * 300 + "I saw a **héron** <script>alert(1)</script> there. " + "y " * 300,
    )

    hit = find(owner, "heron").hits[0]

    assert hit.title == "&lt;b&gt;<mark>Heron</mark>&lt;/b&gt;"
    assert "I saw a <mark>héron</mark> &lt;script&gt;alert(1)&lt;/script&gt; there." in hit.excerpt
    assert hit.excerpt.startswith("… ")
    assert hit.excerpt.endswith("…")
    assert len(hit.excerpt) < 320


def test_excerpt_of_one_endless_word(owner):
    EntryFactory(owner=owner, text="a" * 20_000)

    assert len(find(owner, "aa").hits[0].excerpt) < 400


def test_excerpt_names_the_question(owner):
    ReflectionFactory(owner=owner, answers={"What was hard?": "The heron.", "Who helped?": "Nobody."})

    assert find(owner, "heron").hits[0].place == "What was hard?"


def test_terms():
    assert len(terms_of('one "two words" three')) == 3
    assert len(terms_of('one"two words"three')) == 3
