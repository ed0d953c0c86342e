from datetime import UTC, datetime

import pytest

from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalFactory
from tests.factories.journal import EntryFactory
from tests.factories.mentors import InvitationFactory, RequestFactory
from tests.factories.sharing import MentorshipFactory
from tests.mentors.pages import text_of

pytestmark = pytest.mark.django_db

NOW = datetime.now(UTC)


def test_mentor_list(client, cast, owner):
    for mentorship in (cast.mentorship, cast.former_mentorship):
        GoalFactory(owner=owner, shared_with=[mentorship])
    EntryFactory(owner=owner, shared_with=[cast.mentorship])
    InvitationFactory(sender=owner, email="asked@example.org")
    InvitationFactory(sender=owner, email="declined@example.org", state="declined", closed_at=NOW, decline_note="Alas.")
    InvitationFactory(sender=owner, email="late@example.org", overdue=True)
    InvitationFactory(sender=cast.stranger, email="owner@example.org", message="Would you read my drafts?")

    text = text_of(client.get("/mentors/"))

    assert "Your mentor since January 2026" in text
    assert "Can see 1 goal and 1 journal entry." in text
    assert "Sees nothing of yours yet." in text  # the second mentor and the colleague
    assert "Your colleague since January 2026" in text
    assert "asked@example.org" in text
    assert "Alas." in text
    assert "late@example.org" not in text
    assert "Sten Stranger would like you as a mentor" in text
    assert "Your mentor from January 2026 to October 2026" in text_of(client.get("/mentors/earlier/"))


def test_mentor_list_empty(client):
    client.force_login(UserFactory())

    text = text_of(client.get("/mentors/"))

    assert "Nobody reads along yet" in text
    assert 'href="/mentors/invite/"' in text
    assert "Nobody offers their time here yet" in text


def test_earlier_empty(client, owner):
    client.force_login(UserFactory())

    assert "Nobody yet" in text_of(client.get("/mentors/earlier/"))


@pytest.mark.parametrize("number", [1, 3])
def test_earlier_queries(client, number, django_assert_num_queries):
    user = UserFactory()
    for _ in range(number):
        MentorshipFactory(mentee=user, ended=True)
    client.force_login(user)
    client.get("/mentors/earlier/")

    with django_assert_num_queries(3):
        client.get("/mentors/earlier/")


@pytest.mark.parametrize("number", [1, 3])
def test_mentor_list_queries(client, number, django_assert_num_queries):
    user = UserFactory()
    for _ in range(number):
        GoalFactory(owner=user, shared_with=[MentorshipFactory(mentee=user)])
        MentorshipFactory(mentee=user, ended=True)
        InvitationFactory(sender=user)
        InvitationFactory(email=user.email)
        RequestFactory(asker=user)
    client.force_login(user)
    client.get("/mentors/")

    with django_assert_num_queries(9):
        client.get("/mentors/")
