"""Answers to an introduction at the same moment, on the real database."""

import pytest

from mail.models import Message
from mentors import services
from mentors.models import Introduction, IntroductionClosed
from sharing.services import end_mentorship
from tests.factories.giving import IntroductionFactory
from tests.mentors.test_races import at_once, now

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_yeses_of_the_other(_):
    row = IntroductionFactory(asked=True)

    def accept():
        return services.accept_introduction(introduction=row, now=now())

    assert at_once(accept, accept) == [None, None]
    assert Message.objects.filter(kind__startswith="introduction_made").count() == 3


@pytest.mark.parametrize("_", range(ROUNDS))
def test_yes_and_withdrawal(_):
    row = IntroductionFactory(asked=True)

    results = at_once(
        lambda: services.accept_introduction(introduction=row, now=now()),
        lambda: services.withdraw_introduction(introduction=row, by=row.mentorship.mentor, now=now()),
    )

    row.refresh_from_db()
    assert sorted(type(each) for each in results if each is not None) == [IntroductionClosed]
    assert row.state in {"made", "withdrawn"}
    assert Message.objects.exists() is (row.state == "made")


@pytest.mark.parametrize("_", range(ROUNDS))
def test_yes_of_the_mentee_and_the_end(_):
    row = IntroductionFactory()

    at_once(
        lambda: services.agree_to_introduction(introduction=row, by=row.mentorship.mentee, now=now()),
        lambda: end_mentorship(mentorship=row.mentorship, by=row.mentorship.mentor, at=now()),
    )

    assert not Introduction.objects.open(now()).exists()


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_offers_of_the_same(_):
    relation = IntroductionFactory(made=True).mentorship

    def offer():
        given = {"email": "hannah@example.net", "who": "Hannah", "words": "Because."}
        return services.offer_introduction(mentorship=relation, by=relation.mentor, now=now(), **given)

    at_once(offer, offer)

    assert Introduction.objects.filter(state="offered").count() == 1
