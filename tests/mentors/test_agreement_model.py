from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError

from mentors.models import Agreement, half_way
from tests.factories.mentors import AgreementFactory
from tests.factories.sharing import MentorshipFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 12, 10, tzinfo=UTC)
VERBS = ["accept", "decline", "withdraw", "replace"]
STEPS = {
    ("proposed", "accept"): "agreed",
    ("proposed", "decline"): "declined",
    ("proposed", "withdraw"): "withdrawn",
    ("agreed", "replace"): "replaced",
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", Agreement.State.values)
def test_every_step(state, verb):
    version = AgreementFactory(state=state, answered_at=None if state == "proposed" else NOW)
    wanted = STEPS.get((state, verb))

    assert version.can(verb) is (wanted is not None)
    if wanted is None:
        with pytest.raises(ValueError, match=f"a version that is {state} does not {verb}"):
            version.move(verb, at=NOW)
    else:
        version.move(verb, at=NOW)
    version.refresh_from_db()

    assert version.state == (wanted or state)
    assert (version.answered_at is None) is (version.state == "proposed")


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"number": 1}, "number"),
        ({"number": 2, "state": "agreed"}, "one_agreed"),
        ({"number": 2, "state": "lost"}, "state_known"),
        ({"number": 2, "state": "proposed"}, "answer_has_a_time"),
        ({"number": 2, "state": "declined", "answered_at": None}, "answer_has_a_time"),
        ({"number": 2, "state": "withdrawn", "decline_note": "No."}, "note_was_declined"),
        ({"number": 2, "state": "declined", "purpose": ""}, "has_words"),
        ({"number": 2, "state": "declined", "ends_on": date(2026, 1, 1)}, "review_before_end"),
        ({"number": 2, "state": "declined", "minutes": 14}, "sizes"),
        ({"number": 2, "state": "declined", "answers_within": 31}, "sizes"),
    ],
)
def test_constraints(change, name):
    first = AgreementFactory()

    with pytest.raises(IntegrityError, match=f"mentors_agreement_{name}"):
        AgreementFactory(mentorship=first.mentorship, **({"state": "declined"} | change))


def test_one_proposed_at_a_time():
    first = AgreementFactory(proposed=True)

    with pytest.raises(IntegrityError, match="one_proposed"):
        AgreementFactory(mentorship=first.mentorship, number=2, proposed=True)


def test_visible_to_the_two_and_after_the_end_to_the_mentee(cast):
    AgreementFactory(mentorship=cast.mentorship)
    AgreementFactory(mentorship=cast.former_mentorship)
    AgreementFactory(mentorship=cast.colleagueship)

    seen = {
        name: Agreement.objects.visible_to(getattr(cast, name)).count()
        for name in ("owner", "mentor", "second_mentor", "former_mentor", "colleague", "stranger", "anonymous")
    }

    assert seen == {
        "owner": 2,
        "mentor": 1,
        "second_mentor": 0,
        "former_mentor": 0,
        "colleague": 0,
        "stranger": 0,
        "anonymous": 0,
    }


def test_half_way():
    assert half_way(date(2026, 1, 1), date(2026, 7, 2)) == date(2026, 4, 2)
    assert half_way(date(2026, 1, 1), None) == date(2026, 4, 2)
    assert half_way(date(2026, 1, 1), date(2026, 1, 2)) == date(2026, 1, 1)


def test_author_whose_account_is_gone():
    version = AgreementFactory(mentorship=MentorshipFactory(ended=True), author=None)

    assert version.author_name == "former member"
    assert version.author_given == "A former member"
