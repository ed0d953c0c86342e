"""Two people, or two clicks, at the same request or the same mentor at the same moment."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from goals.models import Goal
from mail.models import Message
from mentors import services
from mentors.models import Request, RequestRefused
from sharing.models import Mentorship
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalFactory
from tests.factories.mentors import ProfileFactory, RequestFactory
from tests.mentors.test_races import at_once, now

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


def accept(row):
    return lambda: services.accept_request(request=row, by=row.mentor, no_more=None, now=now())


def kinds():
    return sorted(Message.objects.values_list("kind", flat=True))


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_accepts_of_one_request(_):
    row = RequestFactory()
    row.goals.add(GoalFactory(owner=row.asker))

    first, second = at_once(accept(row), accept(row))

    assert first == second == Mentorship.objects.get()
    assert kinds() == ["mentor_accepted"]
    assert Goal.objects.visible_to(row.mentor).count() == 1


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_accepts_for_the_last_place(_):
    mentor = ProfileFactory(capacity=1).owner
    rows = RequestFactory.create_batch(2, mentor=mentor)

    answers = at_once(*(accept(row) for row in rows))

    assert {type(answer) for answer in answers} == {Mentorship, RequestRefused}
    assert Mentorship.objects.active().count() == 1
    assert sorted(Request.objects.values_list("state", flat=True)) == ["accepted", "sent"]


@pytest.mark.parametrize("_", range(ROUNDS))
def test_six_accepts_for_three_places(_):
    mentor = ProfileFactory(capacity=3).owner
    rows = RequestFactory.create_batch(6, mentor=mentor)

    at_once(*(accept(row) for row in rows))

    assert Mentorship.objects.active().of_mentor(mentor).count() == 3


@pytest.mark.parametrize("_", range(ROUNDS))
def test_accept_while_taking_back(_):
    row = RequestFactory()

    accepted, withdrawn = at_once(accept(row), lambda: services.withdraw_request(request=row, by=row.asker, now=now()))

    row.refresh_from_db()
    if row.state == "accepted":
        assert isinstance(accepted, Mentorship)
        assert isinstance(withdrawn, RequestRefused)
    else:
        assert isinstance(accepted, RequestRefused)
        assert (row.state, withdrawn) == ("withdrawn", None)
    assert Mentorship.objects.count() == (row.state == "accepted")


@pytest.mark.parametrize("_", range(ROUNDS))
def test_accept_while_declining(_):
    row = RequestFactory()

    at_once(
        accept(row),
        lambda: services.decline_request(request=row, by=row.mentor, note="", no_more=None, now=now()),
    )

    row.refresh_from_db()
    assert Mentorship.objects.count() == (row.state == "accepted")
    assert kinds() == ["mentor_accepted" if row.state == "accepted" else "mentor_request_declined"]


@pytest.mark.parametrize("_", range(ROUNDS))
def test_answer_while_taking_back(_):
    row = RequestFactory(question=True)

    at_once(
        lambda: services.answer_question(request=row, by=row.asker, words="So.", now=now()),
        lambda: services.withdraw_request(request=row, by=row.asker, now=now()),
    )

    row.refresh_from_db()
    assert row.state == "withdrawn"


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_clicks_on_send(_):
    draft = RequestFactory(draft=True)

    def send():
        return services.send_request(request=draft, by=draft.asker, now=now())

    answers = at_once(send, send)

    assert {type(answer) for answer in answers} == {Request, RequestRefused}
    assert kinds() == ["mentor_request"]


@pytest.mark.parametrize("_", range(ROUNDS))
def test_six_requests_at_once_do_not_pass_three(_):
    asker = UserFactory()
    drafts = RequestFactory.create_batch(6, asker=asker, draft=True)

    def send(draft):
        return lambda: services.send_request(request=draft, by=asker, now=now())

    answers = at_once(*map(send, drafts))

    assert Request.objects.open().count() == 3
    assert sum(isinstance(answer, ValidationError) for answer in answers) == 3


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_tabs_keep_their_first_words(_):
    asker, mentor = UserFactory(), ProfileFactory().owner

    def keep(words):
        return lambda: services.keep_draft(mentor=mentor, by=asker, fields={"offer": words}, goals=None, now=now())

    answers = at_once(keep("one"), keep("two"))

    assert Request.objects.get().offer in {"one", "two"}
    assert not [answer for answer in answers if isinstance(answer, Exception)]


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_sweeps(_):
    RequestFactory.create_batch(4, created_at=now() - timedelta(days=4))
    RequestFactory.create_batch(4, created_at=now() - timedelta(days=15))

    counts = at_once(*[lambda: services.sweep_requests(now=now())] * 3)

    assert sum(counts) == 8
    assert kinds() == ["mentor_request_expired"] * 4 + ["mentor_request_reminder"] * 4


@pytest.mark.parametrize("_", range(ROUNDS))
def test_sweep_while_accepting_at_the_last_moment(_):
    row = RequestFactory(created_at=now() - timedelta(days=14) + timedelta(milliseconds=30))

    at_once(accept(row), lambda: services.sweep_requests(now=now() + timedelta(seconds=1)))
    services.sweep_requests(now=now() + timedelta(seconds=1))  # the first leaves out what an accept holds at the moment

    row.refresh_from_db()
    assert Mentorship.objects.count() == (row.state == "accepted")
    assert row.state in {"accepted", "expired"}
