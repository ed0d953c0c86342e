import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from goals.facts import Facts, Step
from goals.smart import check
from tests.goals.clear import CLEAR, MILESTONES, TODAY, YES_NO, codes, only


def test_clear_goals_have_five_clear_letters_and_say_their_facts():
    for facts in (CLEAR, YES_NO, MILESTONES):
        assert codes(facts) == []
        assert check(facts).clear == 5
    found = check(replace(CLEAR, hours_a_week=Decimal("2.5")))
    assert [letter.letter for letter in found.letters] == ["S", "M", "A", "R", "T"]
    assert found["M"].says == "0 to 12 interviews"
    assert found["A"].says == "2 h 30 a week, about 23 h in all"
    assert found["T"].says == "15 May, 9 weeks away"
    assert check(MILESTONES)["M"].says == "2 milestones"
    assert check(YES_NO)["M"].says == "Done or not. It will show by: A letter"
    assert "read English only" in check(replace(YES_NO, title="学习日语"))["S"].says


def test_empty_form_names_what_each_letter_wants():
    found = check(Facts(today=TODAY))

    assert found.clear == 0
    assert codes(Facts(today=TODAY)) == ["empty", "no_numbers", "no_unit", "no_means", "no_reason", "no_date"]
    assert found.hint_for("due_on").mend == "Choose a day you believe in, such as 11 June. It can move later."
    assert found.hint_for("evidence") is None


@pytest.mark.parametrize(
    ("changes", "code", "field", "words"),
    [
        ({"start_value": None, "target_value": None}, "no_numbers", "target_value", "“from 0 to 12 interviews”"),
        ({"start_value": None}, "no_start", "start_value", "where you stand now"),
        ({"target_value": None}, "no_target", "target_value", "no end yet"),
        ({"start_value": Decimal(12)}, "no_way", "target_value", "It goes from 12 to 12."),
        ({"unit": " "}, "no_unit", "unit", "12 of what? Write what you count"),
        ({"unit": "", "title": "Read 12 books"}, "no_unit", "unit", "12 of what? Write “books”."),
        ({"achievable": ""}, "no_means", "achievable", "hours a week"),
        ({"achievable": "With [who helps]"}, "blank", "achievable", "“[who helps]”"),
        ({"why": ""}, "no_reason", "why", "slow days"),
        ({"why": "..."}, "no_reason", "why", "“...” does not say"),
        ({"why": "because"}, "empty_reason", "why", "“because” would fit any goal"),
        ({"why": "It is important."}, "empty_reason", "why", "would fit any goal"),
        ({"why": "My boss wants me to"}, "borrowed_reason", "why", "somebody else's reason"),
        ({"why": "run 12 user interviews"}, "same_as_goal", "why", "says the same"),
        ({"why": "Because [what changes]"}, "blank", "why", "“[what changes]”"),
        ({"due_on": None}, "no_date", "due_on", "such as 11 June"),
        ({"due_on": TODAY}, "past", "due_on", "The date is today."),
        ({"due_on": date(2025, 7, 31)}, "past", "due_on", "31 July 2025 has passed. Did you mean 31 July 2026?"),
        (
            {"starts_on": date(2026, 1, 12), "due_on": date(2026, 3, 1)},
            "past",
            "due_on",
            "1 March 2026 has passed. Choose a day still ahead.",
        ),
        ({"due_on": date(2024, 2, 29)}, "past", "due_on", "29 February 2024 has passed. Choose a day still ahead."),
        ({"starts_on": date(2026, 6, 1)}, "before_start", "due_on", "Choose a day after 1 June 2026."),
        ({"due_on": date(2027, 5, 15)}, "far", "milestones", "what will be done by 11 June?"),
        (
            {"hours_a_week": Decimal(6), "hours_logged": Decimal(2)},
            "hours_over",
            "hours_a_week",
            "You plan 6 h a week; of late it was about 2 h. With 2 h a week the same work would take until 21 September.",
        ),
        (
            {"hours_a_week": Decimal(2), "hours_logged": Decimal("3.34")},
            "hours_under",
            "hours_a_week",
            "You plan 2 h a week; of late it took about 3 h 20.",
        ),
        ({"hours_a_week": Decimal(60)}, "many_hours", "hours_a_week", "most of a working week"),
        (
            {"best_pace": Decimal("0.5")},
            "pace",
            "target_value",
            "By then it takes 1.4 a week; the most so far was one every 14 days."
            " At that pace it would be the same target on 28 August, or 4 interviews more by your date.",
        ),
    ],
)
def test_counting_goal_finding(changes, code, field, words):
    found = only(replace(CLEAR, **changes))

    assert (found.code, found.field) == (code, field)
    assert words in str(found)


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"milestones": []}, "no_milestones", "no milestones yet"),
        ({"milestones": [Step("The talk", TODAY + timedelta(days=9))]}, "one_milestone", "before “The talk”"),
        ({"milestones": [Step("A"), Step("B")]}, "undated_milestone", "“A” and 1 more have no date."),
        (
            {"milestones": [Step("A", date(2026, 4, 1)), Step("B", date(2026, 6, 1))]},
            "milestone_after_end",
            "“B” comes after the goal's own date.",
        ),
    ],
)
def test_milestone_goal_finding(changes, code, words):
    found = only(replace(MILESTONES, **changes))

    assert (found.code, found.field) == (code, "milestones")
    assert words in str(found)


def test_done_milestones_need_no_date():
    assert codes(replace(MILESTONES, milestones=[Step("A", is_done=True), Step("B", date(2026, 5, 1))])) == []


def test_counting_goal_may_have_milestones_without_dates():
    assert codes(replace(CLEAR, milestones=[Step("Find three people")])) == []


def test_yes_no_without_evidence():
    assert only(replace(YES_NO, evidence="")).code == "no_evidence"
    assert only(replace(YES_NO, evidence="[what it is]")).code == "blank"


def test_far_goal_with_nearer_milestone_is_clear():
    far = replace(MILESTONES, due_on=date(2028, 1, 1))

    assert codes(far) == []
    assert codes(replace(far, milestones=[Step("A", date(2027, 6, 1)), Step("B", date(2028, 1, 1))])) == ["far"]


@pytest.mark.parametrize(
    "why",
    [
        "Important people in my field read that journal.",
        "My manager leaves in May, and somebody has to hold the team together.",
        "I have to earn the rent.",
        "Money is tight since the move.",
        "我想更有信心",
        "Weil ich es kann.",
    ],
)
def test_reasons_of_ones_own_are_clear(why):
    assert codes(replace(CLEAR, why=why)) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"best_pace": Decimal("1.25")}, []),  # 1.3 a week is within a tenth of it
        ({"best_pace": Decimal(0)}, []),
        ({"best_pace": Decimal("0.5"), "value_now": Decimal(9)}, []),  # only three to go
        ({"best_pace": Decimal("0.5"), "value_now": Decimal(14)}, []),  # there already
        ({"best_pace": Decimal("0.5"), "start_value": Decimal(24)}, ["pace"]),  # falling
        ({"best_pace": Decimal("0.5"), "starts_on": date(2026, 5, 8), "value_now": Decimal(10)}, ["pace"]),
    ],
)
def test_pace_is_measured_from_where_it_stands(changes, expected):
    assert codes(replace(CLEAR, **changes)) == expected


def test_hours_a_little_off_the_plan_are_no_finding():
    assert codes(replace(CLEAR, hours_a_week=Decimal(2), hours_logged=Decimal("1.4"))) == []
    assert codes(replace(CLEAR, hours_a_week=Decimal(2), hours_logged=None)) == []
    assert codes(replace(CLEAR, hours_a_week=Decimal(2), achievable="")) == []


def test_check_needs_no_django():
    code = "import sys, goals.smart; sys.exit('django' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
