import random
from collections import Counter
from datetime import date, timedelta

import pytest

from core.timekeeping import month_key, week_key
from journal.questions.asked import Asked
from journal.questions.choosing import HINTS, LAST_QUESTION, Known, Own, choose, choose_another, reason, reason_in_mail
from journal.questions.library import BY_ID, PLACES, QUESTIONS, TAGS

MONDAY = date(2026, 11, 9)  # of week 46
WEEK = "2026-W46"
OWN = Own("own-7", frozenset(), is_monthly=False)


def ids(asked):
    return [one.id for one in asked[:-1]]


def weeks(number):
    return [week_key(MONDAY + timedelta(weeks=offset)) for offset in range(number)]


def test_choose_gives_four_different_questions_that_end_with_the_same():
    for key in weeks(200):
        chosen = choose(key)
        assert len(set(chosen)) == 4
        assert chosen[-1] == LAST_QUESTION
        assert chosen == choose(key, []) == choose(key, ["weather"])
        assert [BY_ID[one.id].place for one in chosen[:-1]] == list(PLACES)


@pytest.mark.parametrize("seed", range(12))
def test_choose_over_years_of_random_weeks_repeats_nothing_within_eight(seed):
    """Weeks of any kind, opened in any order, by people with wishes and questions of their own."""
    dice = random.Random(seed)
    keys = weeks(156)
    own = [
        Own(f"own-{n}", frozenset(dice.sample(sorted(HINTS), dice.randrange(3))), is_monthly=False) for n in range(5)
    ]
    order = keys[:] if seed % 2 else dice.sample(keys, len(keys))
    asked = {}
    for key in order:
        place = keys.index(key)
        around = [asked.get(near, []) for near in keys[max(0, place - 8) : place + 9] if near != key]
        known = Known(
            recent={one for near in around for one in near},
            aside={dice.choice(QUESTIONS).id for _ in range(dice.randrange(4))},
            wanted=[dice.choice(QUESTIONS).id for _ in range(dice.randrange(3))],
            own=own,
        )
        hints = dice.sample(sorted(HINTS), dice.randrange(len(HINTS)))

        chosen = choose(key, hints, known)

        assert len(chosen) == 4
        assert chosen == choose(key, reversed(hints), known)
        asked[key] = ids(chosen)
    for start in range(len(keys) - 8):
        counted = Counter(one for key in keys[start : start + 9] for one in asked[key])
        assert max(counted.values()) == 1, keys[start]


def test_choose_asks_what_fits_the_week_and_one_question_for_each_reason():
    chosen = choose(WEEK, ["late", "progress"])

    assert sorted(one.why for one in chosen) == ["", "", "late", "progress"]
    for one in chosen:
        assert not one.why or one.why in BY_ID[one.id].tags


@pytest.mark.parametrize("tag", sorted(HINTS - {"month_end"}))
def test_choose_says_why_for_every_kind_of_week(tag):
    found = [one for one in choose(WEEK, [tag]) if one.why == tag]

    assert len(found) == 1
    assert reason(found[0]).endswith(".")


def test_choose_without_hints_asks_nothing_that_needs_one():
    assert all(not BY_ID[one].tags for key in weeks(60) if key != "2026-W49" for one in ids(choose(key))
               if "month_end" not in BY_ID[one].tags)  # fmt: skip


def test_choose_takes_the_weightier_hints_when_a_week_holds_more_than_three():
    chosen = choose(WEEK, HINTS)

    assert sorted(one.why for one in chosen[:-1]) == sorted(list(TAGS)[:3])


@pytest.mark.parametrize(
    ("key", "ends"), [("2026-W48", False), ("2026-W49", True), ("2026-W53", True), ("2026-W44", True)]
)
def test_choose_knows_by_the_calendar_that_a_month_ends(key, ends):
    assert any(one.why == "month_end" for one in choose(key)) is ends


def test_choose_puts_what_was_asked_for_first_then_one_of_ones_own():
    other = Own("own-8", frozenset({"late"}), is_monthly=False)

    chosen = choose(WEEK, ["progress"], Known(wanted=["energy"], own=[OWN, other]))

    assert [(one.id, one.why) for one in chosen if one.why in {"asked", "own"}] == [
        ("energy", "asked"),
        ("own-7", "own"),
    ]
    assert "progress" in {one.why for one in chosen}
    assert choose(WEEK, ["late"], Known(own=[OWN, other]))[2].id == "own-8", "meant for such a week"


def test_choose_finds_room_for_three_wishes_for_the_same_place():
    wanted = ["energy", "proud", "laughed", "remember"]

    assert set(ids(choose(WEEK, (), Known(wanted=wanted)))) == set(wanted[:3])


@pytest.mark.parametrize(
    "known",
    [Known(wanted=["energy"], recent={"energy"}), Known(left_out={"energy"}), Known(wanted=["gone-since", "own-1"])],
    ids=["asked lately", "left out", "unknown"],
)
def test_choose_never_asks_what_was_asked_lately_or_left_out(known):
    assert all("energy" not in ids(choose(key, HINTS, known)) for key in weeks(80))


def test_choose_asks_fewer_rather_than_one_again():
    rest = {question.id for question in QUESTIONS} - {"energy"}

    assert ids(choose(WEEK, HINTS, Known(recent=rest))) == ["energy"]
    assert choose(WEEK, HINTS, Known(left_out=rest | {"energy"})) == [LAST_QUESTION]


def test_choose_for_a_month_asks_about_the_month():
    monthly = Own("own-9", frozenset(), is_monthly=True)
    for offset in range(24):
        chosen = choose(month_key(MONDAY + timedelta(days=30 * offset)), HINTS, Known(own=[OWN, monthly]))

        assert chosen[-1] == "What matters most next month?"
        assert chosen[2].id == "own-9"
        assert all(BY_ID[one].is_monthly for one in ids(chosen)[:2])


def test_choose_another_stays_in_its_place_and_is_not_among_those_asked():
    for key in weeks(30):
        asked = choose(key)
        for one in asked[:-1]:
            another = choose_another(key, asked, one, ["late"])
            assert another.id not in ids(asked)
            assert another.why == "instead"
            assert BY_ID[another.id].place == BY_ID[one.id].place


def test_choose_another_comes_back_to_what_was_exchanged_only_at_the_end():
    asked = choose(WEEK)
    kept = {question.id for question in QUESTIONS} - {"energy", "proud"}

    assert choose_another(WEEK, asked, asked[0], (), Known(recent=kept, aside={"energy"})).id == "proud"
    assert choose_another(WEEK, asked, asked[0], (), Known(recent=kept | {"proud"}, aside={"energy"})).id == "energy"
    assert choose_another(WEEK, asked, asked[0], (), Known(recent=kept | {"proud", "energy"})) is None


def test_reasons_are_said_but_no_mail_tells_how_somebody_felt():
    low, due = Asked("Q?", "held-up", "low_mood"), Asked("Q?", "good-enough", "due")

    assert reason(low) == "Because it was a low week."
    assert reason_in_mail(low) == ""
    assert reason_in_mail(due) == reason(due) == "Because a date comes near."
    assert reason(Asked("From before reasons were kept?")) == reason(Asked(LAST_QUESTION)) == ""
