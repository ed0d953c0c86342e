import re
from datetime import UTC, datetime, timedelta

import pytest

from mail.models import Message
from mentors.models import Farewell
from sharing.models import Block
from tests.factories.giving import IntroductionFactory, OfferFactory
from tests.factories.goals import GoalFactory
from tests.factories.journal import EntryFactory
from tests.factories.mentors import (
    AgreementFactory,
    CheckInFactory,
    FarewellFactory,
    HandoverFactory,
    InvitationFactory,
    LookBackFactory,
    RequestFactory,
)
from tests.factories.sharing import BlockFactory, MentorshipFactory
from tests.factories.wins import WinFactory
from tests.mentors.pages import text_of

pytestmark = pytest.mark.django_db

NOW = datetime.now(UTC)


@pytest.mark.parametrize("viewer", ["owner", "mentor"])
def test_mentorship_detail(client, cast, viewer):
    GoalFactory(owner=cast.owner, title="Learn to say no", shared_with=[cast.mentorship])
    GoalFactory(owner=cast.owner, title="For Sefa", shared_with=[cast.second_mentorship])
    EntryFactory(owner=cast.owner, title="On the train", shared_with=[cast.mentorship])
    client.force_login(getattr(cast, viewer))

    text = text_of(client.get(cast.mentorship.get_absolute_url()))

    assert "Learn to say no" in text
    assert "On the train" in text
    assert "For Sefa" not in text
    assert (
        "Your mentor since 5 January 2026."
        if viewer == "owner"
        else "You have been Olive’s mentor since 5 January 2026."
    ) in text


CURRENT = re.compile(r'<a class="nav-a" href="(/[a-z]+/)" aria-current')


@pytest.mark.parametrize(("viewer", "entry"), [("owner", "/mentors/"), ("mentor", "/mentees/")])
def test_the_menu_says_from_which_side_a_page_is_looked_at(client, cast, viewer, entry):
    relation = cast.mentorship.get_absolute_url()
    check_in = CheckInFactory(mentorship=cast.mentorship)
    handover = HandoverFactory(mentorship=cast.former_mentorship, shared_with=[cast.mentorship])
    asked = RequestFactory(asker=cast.owner, mentor=cast.mentor)
    client.force_login(getattr(cast, viewer))

    for path in [
        relation,
        f"{relation}check-ins/",
        f"{relation}advice/",
        f"{relation}agreement/",
        check_in.get_absolute_url(),
        handover.get_absolute_url(),
        asked.get_absolute_url(),
    ]:
        assert CURRENT.findall(text_of(client.get(path))) == [entry], path


def test_who_has_no_mentees_any_more_finds_the_page_of_one_under_mentors(client, cast):
    client.force_login(cast.former_mentor)

    page = text_of(client.get(cast.former_mentorship.get_absolute_url()))

    assert CURRENT.findall(page) == ["/mentors/"]


@pytest.mark.parametrize("viewer", ["owner", "former_mentor"])
def test_ended_mentorship_says_that_it_was_and_shows_nothing(client, cast, viewer):
    GoalFactory(owner=cast.owner, title="Learn to say no", shared_with=[cast.former_mentorship])
    EntryFactory(owner=cast.owner, title="On the train", shared_with=[cast.former_mentorship])
    FarewellFactory(mentorship=cast.former_mentorship, words="Thank you for <all>.")
    client.force_login(getattr(cast, viewer))

    text = text_of(client.get(cast.former_mentorship.get_absolute_url()))

    assert "to 1 October 2026." in text
    assert "Nothing is shared between you two through this any more." in text
    assert "Thank you for &lt;all&gt;." in text
    assert "Learn to say no" not in text
    assert "On the train" not in text
    assert "pause" not in text.lower()


FORMER = {
    "pause/": 403,
    "resume/": 403,
    "end/": 302,
    "block/": 302,
}


@pytest.mark.parametrize(("verb", "status"), FORMER.items())
def test_former_mentor_verbs(client, cast, verb, status):
    """What a former mentor may still do: leave, and refuse contact; nothing that touches what was shared."""
    goal = GoalFactory(owner=cast.owner, shared_with=[cast.former_mentorship])
    client.force_login(cast.former_mentor)

    until = (NOW + timedelta(days=9)).date()
    response = client.post(
        f"{cast.former_mentorship.get_absolute_url()}{verb}", {"until": until, "words": "Hello again"}
    )

    assert response.status_code == status
    cast.former_mentorship.refresh_from_db()
    assert cast.former_mentorship.status == "ended"
    assert cast.former_mentorship.paused_until is None
    assert not Farewell.objects.exists()
    assert not Message.objects.exists()
    assert not type(goal).objects.visible_to(cast.former_mentor).exists()


def test_former_member_page(client, cast, owner):
    cast.former_mentor.delete()

    response = client.get(cast.former_mentorship.get_absolute_url())

    assert response.status_code == 200
    assert "former member" in text_of(response)
    assert "former member" in text_of(client.get("/mentors/earlier/"))


@pytest.mark.parametrize(
    ("until", "says"),
    [
        ("", "This is still empty."),
        ("soon", "Use a date, like 2027-03-15."),
        ("0001-01-01", "Use a date between 1900 and 2200."),
        ("9999-12-31", "Use a date between 1900 and 2200."),
        ("2020-01-01", "Choose a day after today."),
        ("2199-01-01", "A pause can last a year."),
        ("2\x00", "date"),
    ],
)
def test_mentorship_pause_bad_input(client, cast, owner, until, says):
    response = client.post(f"{cast.mentorship.get_absolute_url()}pause/", {"until": until})

    assert response.status_code == 200
    assert says in text_of(response)
    cast.mentorship.refresh_from_db()
    assert cast.mentorship.paused_until is None


def test_mentorship_pause_and_resume(client, cast, owner):
    until = (NOW + timedelta(days=400 - 365)).date()

    rests = client.post(f"{cast.mentorship.get_absolute_url()}pause/", {"until": until}, follow=True)
    goes_on = client.post(f"{cast.mentorship.get_absolute_url()}resume/", follow=True)

    assert "Resting until" in text_of(rests)
    assert "Resting until" not in text_of(goes_on)


def test_mentorship_end_asks_first(client, cast, owner):
    goal = GoalFactory(owner=owner, shared_with=[cast.mentorship])
    url = f"{cast.mentorship.get_absolute_url()}end/"
    assert "End with Mina?" in text_of(client.get(url))
    assert type(goal).objects.visible_to(cast.mentor).exists()

    long = client.post(url, {"words": "x" * 1001})
    done = client.post(url, {"words": "Thank you."}, follow=True)

    assert "at most 1000 characters" in text_of(long)
    assert "Nothing is shared between you two any more." in text_of(done)
    assert not type(goal).objects.visible_to(cast.mentor).exists()
    assert Farewell.objects.get().words == "Thank you."
    assert client.get(url).status_code == 302


def test_ending_says_what_becomes_of_check_ins(client, cast, owner):
    ahead = CheckInFactory(mentorship=cast.mentorship)
    passed = CheckInFactory(mentorship=cast.mentorship, starts_at=ahead.starts_at - timedelta(days=9))
    url = cast.mentorship.get_absolute_url()

    asked = text_of(client.get(f"{url}end/"))
    client.post(f"{url}end/", {"words": ""})

    assert re.search(r"Your check-in on \w+ \d+ \w+( \d+)?, \d\d:\d\d is called off\. Both calendars are told\.", asked)
    assert "Nobody said how it was" in text_of(client.get(f"{url}check-ins/"))
    assert "You two parted before either said how it was." in text_of(client.get(passed.get_absolute_url()))
    assert "Cancelled." in text_of(client.get(ahead.get_absolute_url()))


def test_mentorship_block_and_unblock(client, cast, owner):
    url = cast.mentorship.get_absolute_url()

    blocked = client.post(f"{url}block/", follow=True)
    assert "You have blocked Mina." in text_of(blocked)
    assert Block.objects.get().blocker == owner
    assert "Mina Mentor" in text_of(client.get("/mentors/blocks/"))
    client.post(f"/mentors/blocks/{Block.objects.get().pk}/remove/")

    assert not Block.objects.exists()
    cast.mentorship.refresh_from_db()
    assert cast.mentorship.status == "ended"


def test_invitation_block(client, cast):
    invitation = InvitationFactory(sender=cast.owner, email=cast.stranger.email)
    client.force_login(cast.stranger)
    assert "Block Olive" in text_of(client.get(invitation.answer_path))

    response = client.post(f"{invitation.answer_path}block/", follow=True)

    text = text_of(response)
    assert "They cannot reach you here any more" in text
    assert "would like you as a mentor" not in text
    assert "Olive Owner" in text_of(client.get("/mentors/blocks/"))


def test_block_list_empty(client, owner):
    assert "Nobody." in text_of(client.get("/mentors/blocks/"))


def test_block_of_somebody_else(client, cast, owner):
    block = BlockFactory(blocker=cast.mentor)

    assert client.post(f"/mentors/blocks/{block.pk}/remove/").status_code == 404
    assert Block.objects.exists()


def test_a_block_is_known_to_the_blocker_only(client, cast):
    BlockFactory(blocker=cast.owner, blocked=cast.former_mentor)
    client.force_login(cast.former_mentor)

    text = text_of(client.get(cast.former_mentorship.get_absolute_url()))

    assert "You have blocked" not in text
    assert "has blocked" not in text


@pytest.mark.parametrize("query", ["?goals=x&entries=y", "?readers=%F0%9F%99%82", "?earlier=" + "a" * 3000])
def test_bad_page_tokens(client, cast, owner, query):
    assert client.get("/mentors/" + query).status_code == 200
    assert client.get(cast.mentorship.get_absolute_url() + query).status_code == 200


@pytest.mark.parametrize("pk", ["0", "9" * 30, "9" * 5000])
def test_unknown_relation(client, owner, pk):
    assert client.get(f"/mentorships/{pk}/").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("viewer", ["owner", "mentor"])
def test_queries(client, cast, number, viewer, django_assert_num_queries):
    relation = cast.mentorship
    for each in range(1, number + 1):
        GoalFactory(owner=cast.owner, shared_with=[relation])
        EntryFactory(owner=cast.owner, shared_with=[relation])
        WinFactory(owner=cast.owner, shared_with=[relation])
        former = MentorshipFactory(mentee=cast.owner, ended=True)
        HandoverFactory(mentorship=former, shared_with=[relation])
        IntroductionFactory(mentorship=relation)
        AgreementFactory(mentorship=relation, number=each, state="replaced")
    AgreementFactory(mentorship=relation, number=number + 1)
    AgreementFactory(mentorship=relation, number=number + 2, proposed=True)
    OfferFactory(mentorship=relation)
    client.force_login(getattr(cast, viewer))
    client.get(relation.get_absolute_url())

    with django_assert_num_queries(8):
        client.get(relation.get_absolute_url())


@pytest.mark.parametrize("viewer", ["owner", "former_mentor"])
def test_queries_of_one_that_ended(client, cast, viewer, django_assert_num_queries):
    relation = cast.former_mentorship
    FarewellFactory(mentorship=relation, author=cast.owner)
    FarewellFactory(mentorship=relation, author=cast.former_mentor)
    LookBackFactory(mentorship=relation, author=cast.owner)
    HandoverFactory(mentorship=relation)
    AgreementFactory(mentorship=relation)
    client.force_login(getattr(cast, viewer))
    client.get(relation.get_absolute_url())

    with django_assert_num_queries(7):
        client.get(relation.get_absolute_url())
