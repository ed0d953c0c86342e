from datetime import UTC, datetime, timedelta

import pytest

from mentors.models import Profile
from mentors.times import say_time
from tests.factories.accounts import UserFactory
from tests.factories.directory import MarkFactory, SlotFactory
from tests.factories.goals import GoalCommentFactory, GoalFactory
from tests.factories.journal import EntryFactory
from tests.factories.mentors import (
    AgendaPointFactory,
    CheckInFactory,
    HandoverFactory,
    InvitationFactory,
    ProfileFactory,
    RequestFactory,
)
from tests.factories.sharing import MentorshipFactory
from tests.factories.wins import WinFactory
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
    assert ">1 goal and 1 journal entry</a>." in text
    assert "Sees nothing of yours yet." in text  # the second mentor and the colleague
    assert "Your colleague since January 2026" in text
    assert "asked@example.org" in text
    assert "Alas." in text
    assert "late@example.org" not in text
    assert "Sten Stranger would like you as a mentor" in text
    assert "Your mentor from January 2026 to October 2026" in text_of(client.get("/mentors/earlier/"))


def test_an_invitation_nobody_answered_is_said(client, owner):
    def invitation(email, days, **more):
        return InvitationFactory(sender=owner, email=email, created_at=NOW - timedelta(days=days), **more)

    invitation("silent@example.org", 16)
    invitation("tidied@example.org", 17, state="expired", closed_at=NOW - timedelta(days=3))
    invitation("again@example.org", 17, state="expired", closed_at=NOW - timedelta(days=3))
    invitation("again@example.org", 1)
    invitation("said-yes@example.org", 16)
    invitation("said-yes@example.org", 1, accepted=True)
    invitation("long-ago@example.org", 30)

    context = client.get("/mentors/").context

    assert {row.email for row in context["ran_out"]} == {"silent@example.org", "tidied@example.org"}
    assert [row.email for row in context["sent"]] == ["again@example.org"]


def test_each_reader_is_named_with_all_they_can_see(client, cast):
    share = {"owner": cast.owner, "shared_with": [cast.mentorship]}
    GoalFactory.create_batch(2, **share)
    EntryFactory(**share)
    WinFactory.create_batch(3, **share)
    WinFactory(owner=cast.owner, shared_with=[cast.colleagueship])
    WinFactory(owner=cast.owner, shared_with=[cast.second_mentorship], deleted_at=NOW)
    client.force_login(cast.owner)

    text = text_of(client.get("/mentors/"))

    assert ">2 goals, 1 journal entry and 3 wins</a>." in text
    assert ">1 win</a>." in text
    assert text.count("Sees nothing of yours yet.") == 1
    HandoverFactory(mentorship=cast.former_mentorship, owner=cast.owner).shared_with.add(cast.second_mentorship)
    assert ">1 handover</a>." in text_of(client.get("/mentors/"))


@pytest.mark.parametrize(
    ("points", "says"), [(0, ""), (1, "put 1 thing on the list."), (2, "put 2 things on the list.")]
)
def test_each_mentor_says_when_the_two_meet_next(client, cast, points, says):
    later, sooner = (NOW + timedelta(days=days) for days in (9, 2))
    CheckInFactory(mentorship=cast.mentorship, starts_at=later)
    next_one = CheckInFactory(mentorship=cast.mentorship, starts_at=sooner)
    CheckInFactory(mentorship=cast.mentorship, held=True)
    AgendaPointFactory.create_batch(points, mentorship=cast.mentorship)
    AgendaPointFactory(mentorship=cast.mentorship, author=cast.mentor)
    AgendaPointFactory(mentorship=cast.mentorship, done_at=NOW)
    client.force_login(cast.owner)

    text = text_of(client.get("/mentors/"))

    assert f"Next check-in {say_time(next_one.starts_at, cast.owner, cast.owner.today(NOW))}." in text
    assert f'href="{next_one.get_absolute_url()}" aria-label="Prepare the check-in with Mina Mentor"' in text
    assert text.count("Next check-in") == 1
    assert text.count(">Suggest a time<") == 1  # to the second mentor; a colleague meets nobody
    assert ("You have put" in text) is bool(points)
    assert says in text


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
def test_mentor_list_queries_of_a_full_page(client, number, django_assert_num_queries):
    user = UserFactory()
    SlotFactory(owner=user)
    ProfileFactory(owner=user)
    for _ in range(number):
        mentorship = MentorshipFactory(mentee=user)
        goal = GoalFactory(owner=user, title="Move into user research", shared_with=[mentorship])
        GoalCommentFactory(item=goal, mentorship=mentorship, author=mentorship.mentor, created_at=NOW)
        MentorshipFactory(mentee=user, ended=True)
        MentorshipFactory(mentor=user)
        InvitationFactory(sender=user)
        InvitationFactory(email=user.email)
        RequestFactory(asker=user)
        RequestFactory(mentor=user)
        MarkFactory(owner=user, profile=ProfileFactory(topics=["User research"]), kind="watched")
        SlotFactory(owner=Profile.objects.latest("pk").owner)
    client.force_login(user)
    text = text_of(client.get("/mentors/"))

    with django_assert_num_queries(8):
        client.get("/mentors/")

    assert "wrote to you about Move into user research" in text
    assert "Matches Move into user research" in text
    assert text.count("a week in common") == number
