import re
from dataclasses import replace
from datetime import date

import pytest

from goals.facts import Facts
from goals.phrases import Wording, blank_in
from goals.smart import check
from goals.starters import GROUPS, STARTERS, find
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalFactory, MilestoneFactory

TODAY = date(2026, 3, 12)
ALL = list(STARTERS.values())
TEXT_FIELDS = ("title", "why", "achievable", "evidence")
# DESIGN: plain, short, warm; no praise without a reason.
BANNED = re.compile(r"!|\b(journey|unlock|leverage|amazing|awesome|passion|simply|just do|utili[sz]e|empower)", re.I)
each = pytest.mark.parametrize("starter", ALL, ids=lambda starter: starter.slug)


def facts_of(starter, today=TODAY):
    return Facts(today=today, milestones=starter.steps(today), **starter.fields(today))


def words_of(starter):
    """Everything in it that somebody reads."""
    return [
        starter.name,
        starter.for_whom,
        *(getattr(starter, name) for name in TEXT_FIELDS),
        *(title for _, title in starter.milestones),
        starter.count[2] if starter.count else "",
    ]


def filled(text):
    """The words with every blank filled in, as a person would."""
    return re.sub(r"\[[^\]]+\]", "Lisbon", text)


def test_there_are_enough_and_each_is_found_by_its_slug():
    assert len(ALL) >= 14
    assert sum(len(group.starters) for group in GROUPS) == len(STARTERS)
    assert all(find(starter.slug) is starter for starter in ALL)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", slug) for slug in STARTERS)
    assert find("nothing-like-it") is None
    assert len({starter.name for starter in ALL}) == len({starter.title for starter in ALL}) == len(ALL)


@each
def test_check_finds_only_what_is_the_persons_own(starter):
    findings = check(facts_of(starter)).findings

    assert {finding.code for finding in findings} == {"blank"}
    assert sorted(finding.field for finding in findings) == sorted(starter.yours)
    assert [name for name in TEXT_FIELDS if blank_in(getattr(starter, name))] == [
        name for name in TEXT_FIELDS if name in starter.yours
    ]


@each
def test_check_is_clear_once_the_blanks_are_filled(starter):
    facts = facts_of(starter)

    made_own = replace(facts, **{name: filled(getattr(facts, name)) for name in TEXT_FIELDS})

    assert check(made_own).clear == 5, check(made_own).findings


@each
def test_reason_is_always_the_persons_own(starter):
    assert "why" in starter.yours


@pytest.mark.django_db
def test_model_takes_each_as_a_goal_on_the_way():
    owner = UserFactory()

    for starter in ALL:
        goal = GoalFactory(owner=owner, status="active", **starter.fields(TODAY))
        goal.full_clean()
        for step in starter.steps(TODAY):
            MilestoneFactory(goal=goal, title=step.title, due_on=step.due_on).full_clean()


@each
@pytest.mark.parametrize("today", [TODAY, date(2026, 12, 31), date(2028, 2, 29)])
def test_days_are_ahead_and_in_order(starter, today):
    fields, days = starter.fields(today), [step.due_on for step in starter.steps(today)]

    assert fields["starts_on"] == today
    assert 3 <= len(days) <= 8
    assert [today, *days] == sorted({today, *days})
    assert days[-1] <= fields["due_on"]
    assert 4 <= starter.weeks <= 52


@each
def test_words_are_calm_and_short(starter):
    for words in words_of(starter):
        assert not BANNED.search(words), words
        assert words == words.strip()
        assert "  " not in words
    assert len(starter.name) <= 40
    assert len(starter.for_whom) <= 120
    assert len(filled(starter.title)) <= 90
    assert starter.for_whom.endswith(".")
    assert not starter.title.endswith(".")
    assert all(not title.endswith(".") and len(title) <= 100 for _, title in starter.milestones)
    assert not any(blank_in(title) for _, title in starter.milestones)


@each
def test_number_in_the_title_is_the_target(starter):
    if starter.count:
        start, target, unit = starter.count
        numbers = {"three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10, "twelve": 12}
        in_title = [numbers[word] for word in Wording.of(starter.title).words if word in numbers]

        assert start == 0
        # "four days a week" and "one request a week" add up over the weeks
        a_week = starter.title.endswith("a week")
        assert target == (in_title[0] if in_title else 1) * (starter.weeks if a_week else 1)
        assert unit
