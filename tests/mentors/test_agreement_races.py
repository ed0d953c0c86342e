"""Both of a pair at the same moment: one wins, the other is told, on the real database."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied

from mentors import services
from mentors.models import Agreement
from mentors.services import AgreementMoved
from tests.factories.mentors import AgreementFactory
from tests.factories.sharing import MentorshipFactory
from tests.mentors.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


def now():
    return datetime.now(UTC)


def proposal(mentorship, by, purpose, seen=""):
    def act():
        version = Agreement(purpose=purpose, confidentiality="All.", stopping="So.", review_on=date(2199, 1, 1))
        return services.propose_agreement(
            mentorship=mentorship, agreement=version, goals=(), seen=seen, by=by, now=now()
        )

    return act


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_proposals(_):
    pair = MentorshipFactory()

    answers = at_once(proposal(pair, pair.mentee, "Mine."), proposal(pair, pair.mentor, "Yours."))

    assert {type(answer) for answer in answers} == {Agreement, AgreementMoved}
    assert Agreement.objects.get().state == "proposed"


@pytest.mark.parametrize("_", range(ROUNDS))
def test_accept_while_withdrawing(_):
    pair = MentorshipFactory()
    version = AgreementFactory(mentorship=pair, proposed=True)

    accepted, withdrawn = at_once(
        lambda: services.accept_agreement(mentorship=pair, number=1, by=pair.mentor, now=now()),
        lambda: services.withdraw_agreement(mentorship=pair, number=1, by=pair.mentee, now=now()),
    )

    version.refresh_from_db()
    if version.state == "agreed":
        assert (accepted, type(withdrawn)) == (True, AgreementMoved)
    else:
        assert (version.state, type(accepted), withdrawn) == ("withdrawn", AgreementMoved, None)


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_clicks_on_accept(_):
    pair = MentorshipFactory()
    AgreementFactory(mentorship=pair, proposed=True)

    def accept():
        return services.accept_agreement(mentorship=pair, number=1, by=pair.mentor, now=now())

    assert sorted(at_once(accept, accept)) == [False, True]


@pytest.mark.parametrize("_", range(ROUNDS))
def test_accept_while_its_author_changes_it(_):
    pair = MentorshipFactory()
    AgreementFactory(mentorship=pair, proposed=True)

    accepted, changed = at_once(
        lambda: services.accept_agreement(mentorship=pair, number=1, by=pair.mentor, now=now()),
        proposal(pair, pair.mentee, "Better words.", seen="1-proposed"),
    )

    if accepted is True:
        assert isinstance(changed, AgreementMoved)
        assert [row.state for row in Agreement.objects.all()] == ["agreed"]
    else:
        assert isinstance(accepted, AgreementMoved)
        assert {row.number: row.state for row in Agreement.objects.all()} == {1: "withdrawn", 2: "proposed"}


@pytest.mark.parametrize("_", range(ROUNDS))
def test_accept_while_it_ends(_):
    pair = MentorshipFactory()
    version = AgreementFactory(mentorship=pair, proposed=True)

    accepted, _ended = at_once(
        lambda: services.accept_agreement(mentorship=pair, number=1, by=pair.mentor, now=now()),
        lambda: services.end_with_words(mentorship=pair, by=pair.mentee, words="", now=now()),
    )

    version.refresh_from_db()
    pair.refresh_from_db()
    assert not pair.is_active
    assert isinstance(accepted, PermissionDenied) is (version.state == "proposed")
