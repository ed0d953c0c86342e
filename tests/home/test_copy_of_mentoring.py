"""What the copy of one's data holds of agreements and of endings."""

import json
from datetime import UTC, datetime

import pytest

from home.export import copy_of
from tests.factories.goals import GoalFactory
from tests.factories.mentors import AgreementFactory, FarewellFactory, HandoverFactory, LookBackFactory

pytestmark = pytest.mark.django_db


def take_copy(user):
    return json.loads("".join(copy_of(user, now=datetime(2026, 3, 12, 10, tzinfo=UTC))))


def test_agreements_of_a_mentee_and_own_words_of_a_mentor(cast):
    goal = GoalFactory(owner=cast.owner, shared_with=[cast.mentorship])
    AgreementFactory(mentorship=cast.mentorship, state="replaced", goals=[goal])
    AgreementFactory(mentorship=cast.mentorship, number=2, author=cast.mentor, purpose="Hers.", goals=[goal])

    own, hers = take_copy(cast.owner)["agreements"], take_copy(cast.mentor)["agreements"]

    assert [(row["number"], row["state"], row["proposed_by"]) for row in own] == [
        (1, "replaced", "Olive Owner"),
        (2, "agreed", "Mina Mentor"),
    ]
    assert own[0]["about_goals"] == [goal.pk]
    assert [(row["purpose"], row["about_goals"]) for row in hers] == [("Hers.", [])]
    assert take_copy(cast.stranger)["agreements"] == []


def test_endings_hold_own_words_and_those_left_to_one(cast):
    relation = cast.former_mentorship
    FarewellFactory(mentorship=relation, words="Go well.")
    FarewellFactory(mentorship=relation, author=cast.owner, words="Thank you.")
    LookBackFactory(mentorship=relation, words="Mine.", shows_at_once=True)
    handover = HandoverFactory(mentorship=relation, shared_with=[cast.mentorship])

    own, theirs, reader = (take_copy(each) for each in (cast.owner, cast.former_mentor, cast.mentor))

    last = next(row for row in own["relations"] if row["id"] == relation.pk)
    assert last["farewell"] == {"from": "Farid Former", "words": "Go well."}
    assert last["further_farewells"] == [{"from": "Olive Owner", "words": "Thank you."}]
    assert [row["words"] for row in own["look_backs"]] == ["Mine."]
    assert (own["handovers"][0]["id"], own["handovers"][0]["shown_to_relations"]) == (handover.pk, [cast.mentorship.pk])
    assert theirs["look_backs"] == theirs["handovers"] == reader["handovers"] == []


def test_what_one_said_of_an_agreement(cast):
    agreement = AgreementFactory(mentorship=cast.mentorship)
    agreement.reviews.create(author=cast.mentor, said_at=datetime(2026, 3, 1, 9, tzinfo=UTC))

    said = take_copy(cast.mentor)["my_agreement_reviews"]

    assert [(row["relation"], row["version"], row["answer"]) for row in said] == [(cast.mentorship.pk, 1, "keep")]
    assert take_copy(cast.owner)["my_agreement_reviews"] == []
