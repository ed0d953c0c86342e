"""Two people, or two clicks, at the same moment: real threads on the real database."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from goals.models import Goal
from mail.models import Message
from mentors import services
from mentors.models import Invitation
from mentors.services import InvitationClosed
from sharing.models import Mentorship
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalFactory
from tests.factories.mentors import InvitationFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


def now():
    return datetime.now(UTC)


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_accepts(_):
    ruth = UserFactory(email="ruth@example.org")
    invitation = InvitationFactory(email="ruth@example.org")
    invitation.goals.add(GoalFactory(owner=invitation.sender))

    def accept():
        return services.accept_invitation(invitation=invitation, by=ruth, now=now())

    first, second = at_once(accept, accept)

    assert first == second == Mentorship.objects.get()
    assert Message.objects.filter(kind="mentor_accepted").count() == 1
    assert Goal.objects.visible_to(ruth).count() == 1


@pytest.mark.parametrize("_", range(ROUNDS))
def test_accept_of_both_kinds(_):
    ruth = UserFactory(email="ruth@example.org")
    mentor = InvitationFactory(email="ruth@example.org")
    colleague = InvitationFactory(email="ruth@example.org", sender=mentor.sender, kind="colleague")

    answers = at_once(
        lambda: services.accept_invitation(invitation=mentor, by=ruth, now=now()),
        lambda: services.accept_invitation(invitation=colleague, by=ruth, now=now()),
    )

    assert {type(answer) for answer in answers} == {Mentorship, ValidationError}
    assert Mentorship.objects.active().count() == 1
    assert Invitation.objects.filter(state="accepted").count() == 1


@pytest.mark.parametrize("_", range(ROUNDS))
def test_accept_while_withdrawing(_):
    ruth = UserFactory(email="ruth@example.org")
    invitation = InvitationFactory(email="ruth@example.org")

    accepted, withdrawn = at_once(
        lambda: services.accept_invitation(invitation=invitation, by=ruth, now=now()),
        lambda: services.withdraw_invitation(invitation=invitation, by=invitation.sender, now=now()),
    )

    invitation.refresh_from_db()
    if invitation.state == "accepted":
        assert isinstance(accepted, Mentorship)
        assert isinstance(withdrawn, InvitationClosed)
    else:
        assert isinstance(accepted, InvitationClosed)
        assert (invitation.state, withdrawn) == ("withdrawn", None)
    assert Mentorship.objects.count() == (invitation.state == "accepted")


@pytest.mark.parametrize("_", range(ROUNDS))
def test_accept_while_declining(_):
    ruth = UserFactory(email="ruth@example.org")
    invitation = InvitationFactory(email="ruth@example.org")

    at_once(
        lambda: services.accept_invitation(invitation=invitation, by=ruth, now=now()),
        lambda: services.decline_invitation(invitation=invitation, note="", now=now()),
    )

    invitation.refresh_from_db()
    assert Mentorship.objects.count() == (invitation.state == "accepted")
    assert Message.objects.filter(kind__in=["mentor_accepted", "mentor_declined"]).count() == 1


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_clicks_on_send(_):
    sender = UserFactory()

    def invite():
        return services.invite(
            sender=sender, email="ruth@example.org", kind="mentor", message="Please.", goals=(), now=now()
        )

    answers = at_once(invite, invite)

    assert {type(answer) for answer in answers} == {Invitation, ValidationError}
    assert Message.objects.filter(kind="mentor_invitation").count() == 1


@pytest.mark.parametrize("_", range(ROUNDS))
def test_ten_parallel_invitations_do_not_pass_the_limit(_):
    sender = UserFactory()

    def invite(number):
        return lambda: services.invite(
            sender=sender, email=f"ruth{number}@example.org", kind="mentor", message="Please.", goals=(), now=now()
        )

    at_once(*(invite(number) for number in range(14)))

    assert Invitation.objects.count() == services.MAILS_PER_SENDER_AND_DAY


@pytest.mark.parametrize("_", range(ROUNDS))
def test_end_from_both_sides(_):
    ruth = UserFactory(email="ruth@example.org")
    mentorship = services.accept_invitation(invitation=InvitationFactory(email="ruth@example.org"), by=ruth, now=now())

    at_once(
        lambda: services.end_with_words(mentorship=mentorship, by=ruth, words="Farewell", now=now()),
        lambda: services.end_with_words(mentorship=mentorship, by=mentorship.mentee, words="Thanks", now=now()),
    )

    mentorship.refresh_from_db()
    assert not mentorship.is_active
    assert Message.objects.filter(kind="mentorship_ended").count() == 1
