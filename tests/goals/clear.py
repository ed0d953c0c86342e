"""Facts of goals that are clear in all five letters, and what the check finds in others."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from goals.facts import Facts, Step
from goals.smart import check

TODAY = date(2026, 3, 12)

# Clear in all five letters; each test spoils one thing.
CLEAR = Facts(
    today=TODAY,
    title="Run 12 user interviews",
    why="I want to stop guessing what clinic receptionists struggle with.",
    achievable="Two hours a week, mostly Tuesday mornings.",
    measure="number",
    unit="interviews",
    start_value=Decimal(0),
    target_value=Decimal(12),
    starts_on=TODAY,
    due_on=date(2026, 5, 15),
)

YES_NO = replace(CLEAR, measure="yes_no", unit="", start_value=None, target_value=None, evidence="A letter")
MILESTONES = replace(
    YES_NO,
    measure="milestones",
    evidence="",
    milestones=[Step("Ask for a slot", date(2026, 4, 1)), Step("Give the talk", date(2026, 5, 15))],
)


def codes(facts, *letters):
    return [finding.code for finding in check(facts).findings if not letters or finding.letter in letters]


def only(facts):
    """The one finding there is."""
    found = check(facts).findings

    assert len(found) == 1, [finding.code for finding in found]

    return found[0]
