"""A trusted colleague reads and comments: the same relation, without check-ins, agreements and suggestions."""

import re

import pytest
from django.core.exceptions import PermissionDenied

from mentors import services
from tests.factories.goals import GoalFactory
from tests.factories.journal import EntryFactory
from tests.factories.mentors import InvitationFactory
from tests.mentors.pages import text_of
from tests.mentors.test_emails import NOW, letter

pytestmark = pytest.mark.django_db


def words_of(response):
    """The words of a page's main part, without addresses."""
    main = re.search(r"<main.*?</main>", text_of(response), re.DOTALL)[0]
    return re.sub(r"<[^>]+>", " ", main)


@pytest.fixture
def shared(cast):
    goal = GoalFactory(owner=cast.owner, title="Run interviews", shared_with=[cast.colleagueship])
    EntryFactory(owner=cast.owner, shared_with=[cast.colleagueship])
    return goal


@pytest.mark.parametrize("side", ["owner", "colleague"])
def test_page_of_the_relation_calls_nobody_a_mentor(client, cast, shared, side):
    client.force_login(getattr(cast, side))

    words = words_of(client.get(f"/mentorships/{cast.colleagueship.pk}/"))

    assert "colleague since" in words
    assert "Run interviews" in words
    for word in ("mentor ", "mentor.", "Check-in", "check-in", "Agreement", "agreement"):
        assert word not in words


def test_goal_read_by_a_colleague_offers_no_suggestion(client, cast, shared):
    client.force_login(cast.colleague)

    page = text_of(client.get(f"/goals/{shared.pk}/"))

    assert "uggest" not in re.search(r"<main.*?</main>", page, re.DOTALL)[0]


@pytest.mark.parametrize("path", ["agreement/", "check-ins/", "check-ins/new/"])
@pytest.mark.parametrize("side", ["owner", "colleague"])
def test_colleagues_have_no_agreement_and_do_not_meet(client, cast, side, path):
    client.force_login(getattr(cast, side))

    assert client.get(f"/mentorships/{cast.colleagueship.pk}/{path}").status_code == 404


def test_mail_of_a_yes_names_a_colleague(cast):
    invitation = InvitationFactory(sender=cast.owner, email=cast.stranger.email, kind="colleague")
    services.accept_invitation(invitation=invitation, by=cast.stranger, now=invitation.created_at)

    mail = letter("mentor_accepted", now=invitation.created_at)

    for body in (mail.text, mail.html):
        assert "is your colleague now" in body
        assert "mentor" not in re.sub(r"https?://\S+|mentorships?/\S*", "", body.lower())


def test_invitation_of_an_unproven_address_is_nobodys(client, cast):
    """An account that claims an address without having proved it neither reads nor accepts what was sent there."""
    invitation = InvitationFactory(sender=cast.owner, email=cast.stranger.email)
    cast.stranger.emailaddress_set.update(verified=False)
    client.force_login(cast.stranger)

    assert client.get(invitation.answer_path).status_code == 403
    with pytest.raises(PermissionDenied):
        services.accept_invitation(invitation=invitation, by=cast.stranger, now=NOW)
