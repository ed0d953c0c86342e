"""Two clicks at the same moment about one check-in: real threads on the real database."""

from datetime import UTC, datetime, timedelta

import pytest

from core.versioned import StaleEdit
from mail.models import Message
from mentors import services
from mentors.models import Advice, CheckIn, Note, StepRefused
from mentors.services import Terms
from tests.factories.accounts import UserFactory
from tests.factories.mentors import CheckInFactory, ProposedTimeFactory
from tests.factories.sharing import MentorshipFactory
from tests.mentors.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5
TERMS = Terms(45, "video", "")


def now():
    return datetime.now(UTC)


@pytest.fixture
def offered():
    check_in = CheckInFactory(mentorship=MentorshipFactory(mentee=UserFactory(), mentor=UserFactory()), proposed=True)
    for place in (1, 2, 3):
        ProposedTimeFactory(check_in=check_in, place=place)
    return check_in


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_different_times_picked_at_once(offered, _):
    mentee, times = offered.mentorship.mentee, list(offered.times.all())

    answers = at_once(
        *(lambda time=time: services.pick_time(check_in=offered, by=mentee, time=time.pk, now=now()) for time in times)
    )

    assert [type(answer) for answer in answers].count(CheckIn) == 1
    assert [type(answer) for answer in answers].count(StepRefused) == 2
    winner = next(answer for answer in answers if isinstance(answer, CheckIn))
    assert CheckIn.objects.get().starts_at == winner.starts_at
    assert Message.objects.filter(kind="checkin_planned").count() == 2


@pytest.mark.parametrize("_", range(ROUNDS))
def test_picked_while_other_times_are_proposed(offered, _):
    relation, time = offered.mentorship, offered.times.first()
    later = now() + timedelta(days=9)

    picked, _moved = at_once(
        lambda: services.pick_time(check_in=offered, by=relation.mentee, time=time.pk, now=now()),
        lambda: services.propose_other_times(
            check_in=offered, by=relation.mentor, times=[later], terms=TERMS, now=now()
        ),
    )

    row = CheckIn.objects.get()
    assert row.times.count() == 1
    assert row.state == ("planned" if isinstance(picked, CheckIn) else "proposed")


@pytest.mark.parametrize("_", range(ROUNDS))
def test_picked_while_cancelled(offered, _):
    relation, time = offered.mentorship, offered.times.first()

    at_once(
        lambda: services.pick_time(check_in=offered, by=relation.mentee, time=time.pk, now=now()),
        lambda: services.cancel_check_in(check_in=offered, by=relation.mentor, now=now()),
    )

    assert CheckIn.objects.get().state == "cancelled"


@pytest.mark.parametrize("_", range(ROUNDS))
def test_picked_while_the_relation_ends(offered, _):
    relation, time = offered.mentorship, offered.times.first()

    at_once(
        lambda: services.pick_time(check_in=offered, by=relation.mentee, time=time.pk, now=now()),
        lambda: services.end_with_words(mentorship=relation, by=relation.mentor, words="", now=now()),
    )

    assert CheckIn.objects.get().state == "cancelled"


@pytest.mark.parametrize("_", range(ROUNDS))
def test_both_write_down_what_it_brought(_):
    check_in = CheckInFactory(starts_at=now() - timedelta(hours=1), repeats_every=14)
    relation = check_in.mentorship

    def hold(person):
        return lambda: services.hold_check_in(
            check_in=check_in, by=person, expected=1, takeaways=str(person), advice=["One"], promises=[],
            next_at=None, now=now(),
        )  # fmt: skip

    answers = at_once(hold(relation.mentee), hold(relation.mentor))

    assert {type(answer) for answer in answers} == {CheckIn, StaleEdit}
    assert Advice.objects.count() == 1
    assert CheckIn.objects.filter(follows=check_in).count() == 1


@pytest.mark.parametrize("_", range(ROUNDS))
def test_the_first_words_from_two_tabs(_):
    check_in = CheckInFactory()

    def save(text):
        return lambda: services.save_note(
            check_in=check_in, by=check_in.mentorship.mentee, is_shared=False, text=text, expected=0, now=now()
        )

    answers = at_once(save("one"), save("two"))

    assert {type(answer) for answer in answers} == {Note, StaleEdit}
    assert Note.objects.count() == 1
