import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from mail.models import Message
from mail.services import is_stopped
from mentors import services
from mentors.models import Farewell, Invitation
from sharing.models import Block, Mentorship
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalFactory
from tests.factories.journal import EntryFactory
from tests.factories.mentors import FarewellFactory, InvitationFactory
from tests.factories.sharing import BlockFactory, MentorshipFactory

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
CSRF = re.compile(r'csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken[^}]+}')
ASK = {"email": "ruth@example.org", "kind": "mentor", "message": "How do you prepare an interview?"}


@pytest.fixture
def owner(cast, client):
    client.force_login(cast.owner)
    return cast.owner


def text_of(response):
    return CSRF.sub("", response.content.decode())


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
    assert "Your mentor from January 2026 to October 2026" in text


def test_mentor_list_empty(client):
    client.force_login(UserFactory())

    text = text_of(client.get("/mentors/"))

    assert "Nobody reads along yet" in text
    assert 'href="/mentors/invite/"' in text


@pytest.mark.parametrize("number", [1, 3])
def test_mentor_list_queries(client, number, django_assert_num_queries):
    user = UserFactory()
    for _ in range(number):
        GoalFactory(owner=user, shared_with=[MentorshipFactory(mentee=user)])
        MentorshipFactory(mentee=user, ended=True)
        InvitationFactory(sender=user)
        InvitationFactory(email=user.email)
    client.force_login(user)
    client.get("/mentors/")

    with django_assert_num_queries(7):
        client.get("/mentors/")


def test_invitation_new(client, owner):
    goal, _ = GoalFactory(owner=owner, title="Leave my job"), GoalFactory(title="Somebody else's")
    form = text_of(client.get("/mentors/invite/"))
    assert "Leave my job" in form
    assert "Somebody else" not in form

    response = client.post("/mentors/invite/", ASK | {"goals": [goal.pk]}, follow=True)

    invitation = Invitation.objects.get()
    assert (invitation.sender, invitation.email, list(invitation.goals.all())) == (owner, "ruth@example.org", [goal])
    assert "Invitation on its way to ruth@example.org." in text_of(response)


def test_invitation_new_of_a_goal_of_somebody_else(client, owner):
    other = GoalFactory()
    GoalFactory(owner=owner)

    response = client.post("/mentors/invite/", ASK | {"goals": [other.pk]})

    assert response.status_code == 200
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"email": ""}, "This field is required."),
        ({"email": "ruth"}, "This is not an email address."),
        ({"email": "ruth@example.org\r\nBcc: all@example.org"}, "This is not an email address."),
        ({"email": "a" * 290 + "@example.org.example"}, "at most 254 characters"),
        ({"email": "r\x00uth@example.org"}, "Null characters are not allowed."),
        ({"email": "owner@example.org"}, "This is your own address."),
        ({"message": ""}, "This field is required."),
        ({"message": "\u200b \u202e"}, "This field is required."),
        ({"message": "x" * 1001}, "at most 1000 characters"),
        ({"message": "Look at https://example.org"}, "Leave links out"),
        ({"message": "Look at www.example.org"}, "Leave links out"),
        ({"kind": "boss"}, "Select a valid choice."),
        ({"goals": "abc"}, "is not a valid value"),
        ({"goals": "9" * 5000}, "alid"),
        ({"goals": "-1"}, "Select a valid choice."),
    ],
)
def test_invitation_new_bad_input(client, owner, change, says):
    GoalFactory(owner=owner)

    response = client.post("/mentors/invite/", ASK | change)

    text = text_of(response)
    assert response.status_code == 200
    assert "This has not been sent yet" in text
    assert says in text
    for kept in (ASK | change).values():  # what was typed comes back
        if kept in ASK.values() and kept != "mentor":
            assert kept in text
    assert not Invitation.objects.exists()


def test_invitation_new_keeps_a_message_as_text(client, owner):
    client.post("/mentors/invite/", ASK | {"message": "<script>alert(1)</script> \u202eevil"})

    invitation = Invitation.objects.get()
    assert invitation.message == "<script>alert(1)</script> evil"
    client.force_login(UserFactory(email="ruth@example.org"))
    page = client.get(invitation.answer_path).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; evil" in page


def test_invitation_new_answers_the_same_whoever_the_address_is(cast):
    """The pages a sender sees are equal for an address with an account, without one, blocked, and stopped."""
    seen = set()
    for case in ("known", "unknown", "blocked", "stopped"):
        sender, address = UserFactory(email="amara@example.org", name="Amara"), f"{case}@example.org"
        if case in {"known", "blocked"}:
            other = UserFactory(email=address)
        if case == "blocked":
            BlockFactory(blocker=other, blocked=sender)
        if case == "stopped":
            services.stop_mails(invitation=InvitationFactory(email=address))
        client = Client()
        client.force_login(sender)
        answer = client.post("/mentors/invite/", ASK | {"email": address}, follow=True)
        page = text_of(answer).replace(address, "X").replace(f"/{Invitation.objects.owned_by(sender).get().pk}/", "/N/")
        page = re.sub(r'data-user="\d+"', "", page)
        seen.add((answer.status_code, tuple(answer.redirect_chain), page))
        sender.delete()

    assert len(seen) == 1


def test_invitation_resend_and_withdraw(client, owner):
    invitation = InvitationFactory(sender=owner)

    again = client.post(f"/mentors/invitations/{invitation.pk}/resend/", follow=True)
    too_soon = client.post(f"/mentors/invitations/{invitation.pk}/resend/", follow=True)
    withdrawn = client.post(f"/mentors/invitations/{invitation.pk}/withdraw/", follow=True)
    twice = client.post(f"/mentors/invitations/{invitation.pk}/withdraw/", follow=True)
    late = client.post(f"/mentors/invitations/{invitation.pk}/resend/", follow=True)

    assert f"Sent again to {invitation.email}." in text_of(again)
    assert "Give the mail three minutes to arrive." in text_of(too_soon)
    assert "Invitation withdrawn." in text_of(withdrawn)
    assert "closed already" in text_of(twice)
    assert "This invitation is closed." in text_of(late)
    assert Message.objects.filter(kind="mentor_invitation").count() == 1


def test_invitation_detail_before_sign_in(client, cast):
    invitation = InvitationFactory(sender=cast.owner, email="new@example.org", message="Would you read my drafts?")
    invitation.goals.add(GoalFactory(owner=cast.owner, title="Leave my job"))

    response = client.get(invitation.answer_path)

    text = text_of(response)
    assert "Olive Owner (owner@example.org) asks" in text
    assert "Would you be my mentor?" in text
    assert "Would you read my drafts?" in text
    assert "You can read 1 goal of Olive" in text
    assert "Leave my job" not in text  # the link may have been passed on
    assert "no journal, contact, draft or other goal" in text
    assert "Either of you can end it at any time" in text
    assert "Sign in with a code" in text
    assert "/accept/" not in text
    assert 'name="robots" content="noindex"' in text
    assert response["Referrer-Policy"] == "strict-origin"
    assert response["Cache-Control"] == "no-store, private"
    assert "noindex" in response["X-Robots-Tag"]
    assert "sessionid" not in response.cookies
    assert not any("session" in name for name in response.cookies)


def test_invitation_detail_leads_to_sign_in_and_back(client, cast):
    invitation = InvitationFactory(sender=cast.owner, email="new@example.org")
    text = client.get(invitation.answer_path).content.decode().replace("&amp;", "&")

    sign_in = re.search(r'href="(/account/login/code/[^"]+)"', text)[1]
    sign_up = re.search(r'href="(/account/signup/[^"]+)"', text)[1]

    for url in (sign_in, sign_up):
        page = client.get(url).content.decode()
        assert 'value="new@example.org"' in page
        assert f'value="{invitation.answer_path}"' in page


def test_invited_people_sign_up_where_sign_up_is_closed(client, cast, settings):
    settings.SIGNUP_OPEN = False
    invitation = InvitationFactory(sender=cast.owner, email="new@example.org")
    text = client.get(invitation.answer_path).content.decode().replace("&amp;", "&")
    sign_up = re.search(r'href="(/account/signup/[^"]+)"', text)[1]
    assert 'value="new@example.org"' in client.get(sign_up).content.decode()

    services.withdraw_invitation(invitation=invitation, by=cast.owner, now=NOW)

    assert 'value="new@example.org"' not in Client().get(sign_up).content.decode()


def test_invitation_detail_as_the_addressed_person(client, cast):
    invitation = InvitationFactory(sender=cast.owner, email=cast.stranger.email)
    invitation.goals.add(GoalFactory(owner=cast.owner, title="Leave my job"))
    client.force_login(cast.stranger)

    text = text_of(client.get(invitation.answer_path))

    assert "Leave my job" in text
    assert f"{invitation.answer_path}accept/" in text
    assert "Say yes to Olive" in text


def test_invitation_detail_as_somebody_else(client, cast):
    invitation = InvitationFactory(sender=cast.owner, email="ruth.lindqvist@mail.example.org", message="Secret words")
    client.force_login(cast.stranger)

    response = client.get(invitation.answer_path)

    text = text_of(response)
    assert response.status_code == 403
    assert "r•••@m•••.org" in text
    assert "stranger@example.org" in text
    for hidden in ("lindqvist", "Secret words", "Olive"):
        assert hidden not in text


def test_invitation_accept(client, cast):
    invitation = InvitationFactory(sender=cast.owner, email=cast.stranger.email)
    goal = GoalFactory(owner=cast.owner, title="Leave my job")
    invitation.goals.add(goal)
    client.force_login(cast.stranger)

    response = client.post(f"{invitation.answer_path}accept/", follow=True)

    mentorship = Mentorship.objects.get(mentor=cast.stranger)
    assert response.redirect_chain == [(f"/mentorships/{mentorship.pk}/", 302)]
    text = text_of(response)
    assert "You and Olive work together now." in text
    assert "Leave my job" in text
    assert client.get(goal.get_absolute_url()).status_code in {200, 404}  # 404 until goals has its pages


@pytest.mark.parametrize("ended", [False, True])
def test_accepted_invitation_leads_to_the_relation_while_it_lasts(client, cast, ended):
    invitation = InvitationFactory(sender=cast.owner, email=cast.stranger.email)
    path = invitation.answer_path
    client.force_login(cast.stranger)
    client.post(f"{path}accept/")
    mentorship = Mentorship.objects.get(mentor=cast.stranger)
    if ended:
        mentorship.end(at=NOW)

    response = client.get(path)

    assert response.status_code == 410
    assert (mentorship.get_absolute_url() in text_of(response)) is not ended
    assert client.post(f"{path}accept/").status_code == 302  # a second click of the same person


def test_invitation_accept_without_sign_in_tells_the_link_to_nobody(client, cast):
    invitation = InvitationFactory(sender=cast.owner, email="new@example.org")
    path = invitation.answer_path

    response = client.post(f"{path}accept/")

    assert response.status_code == 302
    assert invitation.token not in response["Location"]
    assert not Mentorship.objects.filter(mentor__email="new@example.org").exists()


def test_invitation_accept_when_the_two_work_together(client, cast):
    invitation = InvitationFactory(sender=cast.owner, email=cast.mentor.email, kind="colleague")
    client.force_login(cast.mentor)

    response = client.post(f"{invitation.answer_path}accept/")

    assert response.status_code == 409
    assert "You two already work together here." in text_of(response)


def test_invitation_decline_without_an_account(client, cast):
    invitation = InvitationFactory(sender=cast.owner, email="new@example.org")
    path = invitation.answer_path

    long = client.post(f"{path}decline/", {"note": "x" * 1001})
    response = client.post(f"{path}decline/", {"note": "Not this year."})
    after = client.get(path)

    assert "at most 1000 characters" in text_of(long)
    assert "x" * 1001 in text_of(long)
    assert "Thank you for answering" in text_of(response)
    invitation.refresh_from_db()
    assert (invitation.state, invitation.decline_note) == ("declined", "Not this year.")
    assert after.status_code == 410
    assert "This invitation was declined" in text_of(after)
    assert "Not this year." not in text_of(after)


@pytest.mark.parametrize("when", ["open", "closed"])
def test_invitation_stop(client, when):
    invitation = InvitationFactory(email="new@example.org")
    path = invitation.answer_path
    if when == "closed":
        invitation.withdraw(at=NOW)

    response = client.post(f"{path}stop/")

    assert response.status_code == 200
    assert "No more mail to your address" in text_of(response)
    assert is_stopped("new@example.org")


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("accepted", "was accepted"),
        ("declined", "was declined"),
        ("withdrawn", "was withdrawn"),
        ("expired", "has run out"),
        ("overdue", "has run out"),
    ],
)
@pytest.mark.parametrize("viewer", ["anonymous", "stranger", "owner"])
def test_closed_invitation_is_gone(client, cast, state, says, viewer):
    closed = {"overdue": True} if state == "overdue" else {"state": state, "closed_at": NOW}
    invitation = InvitationFactory.build(sender=cast.owner, email=cast.stranger.email, message="Secret words", **closed)
    invitation.new_token()
    token = invitation.token
    invitation.token = "" if state != "overdue" else token
    invitation.save()
    if viewer != "anonymous":
        client.force_login(getattr(cast, viewer))

    page = client.get(f"/mentors/invitations/{token}/")
    declined = client.post(f"/mentors/invitations/{token}/decline/")

    assert page.status_code == declined.status_code == 410
    assert says in text_of(page)
    for hidden in ("Secret words", "Olive Owner would", "owner@example.org asks"):
        assert hidden not in text_of(page)
    if viewer == "stranger":
        assert client.post(f"/mentors/invitations/{token}/accept/").status_code == 410


@pytest.mark.parametrize("token", ["x", "a" * 22, "a" * 5000, "-_-_", "%00", "é"])
@pytest.mark.parametrize("verb", ["", "accept/", "decline/", "stop/"])
def test_unknown_token(client, cast, token, verb):
    client.force_login(cast.stranger)
    url = f"/mentors/invitations/{token}/{verb}"

    response = client.post(url) if verb else client.get(url)

    assert response.status_code in {404, 400}
    assert response.status_code == 404 or token == "%00"


def test_opening_the_page_changes_nothing(client, cast):
    invitation = InvitationFactory(sender=cast.owner, email="new@example.org")
    for _ in range(3):
        client.get(invitation.answer_path)
        client.head(invitation.answer_path)

    fresh = Invitation.objects.get(pk=invitation.pk)
    assert (fresh.state, fresh.token, fresh.mailed_at) == ("sent", invitation.token, invitation.mailed_at)


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
    assert "former member" in text_of(client.get("/mentors/"))


@pytest.mark.parametrize(
    ("until", "says"),
    [
        ("", "This field is required."),
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
