from datetime import date

import pytest

from journal.patterns.recurring import Counted, Words

TODAY = date(2026, 11, 21)


def words_of(*texts, day=TODAY):
    words = Words()
    for text in texts:
        words.add(day, [text])
    words.join_plurals()
    return words


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("The interview was about the canal", {"interview", "canal"}),
        ("Die Übung mit dem Team war schön", {"ubung", "team"}),
        ("Je suis allé au marché avec l'équipe", {"marche", "equipe"}),
        ("Ayer hablé con el equipo de diseño", {"hable", "equipo", "diseno"}),
        ("don't won't I'll we've", set()),
        ("stand-up at 9, 2026 and a1b2", {"stand-up"}),
        ("write to ann@example.org or https://example.org/canal", {"write"}),
        ("漢字の本 😀 ок", {"漢字の本"}),
        ("<b>bold</b> **strong** [link](https://example.org)", {"bold", "strong", "link"}),
        ("", set()),
    ],
)
def test_words(text, keys):
    assert words_of(text).entries[0][1] == keys


def test_words_count_an_entry_once_and_plurals_as_one():
    words = words_of("Interview interview INTERVIEWS", "an interview", "the bus", "class act")

    assert [sorted(keys) for _, keys in words.entries] == [["interview"], ["interview"], ["bus"], ["act", "class"]]


@pytest.mark.parametrize(
    ("texts", "spelled"),
    [
        (["Gespräch", "Gespräch"], "Gespräch"),
        (["Canal walk", "the canal"], "canal"),
        (["Äpfel", "apfel", "apfel"], "apfel"),
    ],
)
def test_words_are_spelled_as_written(texts, spelled):
    words = words_of(*texts)
    key = next(iter(words.entries[0][1] - {"walk"}))

    assert words.spelled([key]) == {key: spelled}


def counted(*rows):
    """Count rows of (months ago, key, times), beside as many entries about nothing."""
    counter = Counted(TODAY)
    for ago, key, times in rows:
        month = 11 - ago
        day = date(2026 + (month - 1) // 12, (month - 1) % 12 + 1, 3)
        for _ in range(times):
            counter.add(day, [key] if key else [])
    return counter


def test_counted_by_month():
    found = counted((0, "a", 2), (2, "a", 1), (11, "a", 1), (12, "a", 5), (3, "b", 2)).recurring(str.upper)

    assert [(each.words, each.entries, each.last_months) for each in found] == [("A", 4, 3)]
    assert found[0].by_month == (1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2)


def test_new_and_gone_are_told_where_there_is_something_to_compare():
    many = [(0, "", 5), (6, "", 10)]
    rows = [(1, "new", 3), (5, "gone", 3), (1, "both", 2), (5, "both", 2)]

    found = {each.key: (each.is_new, each.is_gone) for each in counted(*many, *rows).recurring(str)}
    early = {each.key: (each.is_new, each.is_gone) for each in counted(*rows).recurring(str)}

    assert found == {"new": (True, False), "gone": (False, True), "both": (False, False)}
    assert set(early.values()) == {(False, False)}
