import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from mail.models import Message
from mail.services import is_stopped
from mentors import services
from mentors.models import Invitation
from sharing.models import Mentorship
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalFactory
from tests.factories.mentors import InvitationFactory
from tests.factories.sharing import BlockFactory
from tests.mentors.pages import text_of

pytestmark = pytest.mark.django_db

NOW = datetime.now(UTC)

ASK = {"email": "ruth@example.org", "kind": "mentor", "message": "How do you prepare an interview?"}


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
        ({"email": ""}, "This is still empty."),
        ({"email": "ruth"}, "This is not an email address."),
        ({"email": "ruth@example.org\r\nBcc: all@example.org"}, "This is not an email address."),
        ({"email": "a" * 290 + "@example.org.example"}, "at most 254 characters"),
        ({"email": "r\x00uth@example.org"}, "Null characters are not allowed."),
        ({"email": "owner@example.org"}, "This is your own address."),
        ({"message": ""}, "This is still empty."),
        ({"message": "\u200b \u202e"}, "This is still empty."),
        ({"message": "x" * 1001}, "at most 1000 characters"),
        ({"message": "Look at https://example.org"}, "Leave links out"),
        ({"message": "Look at www.example.org"}, "Leave links out"),
        ({"kind": "boss"}, "That choice is not there any more."),
        ({"goals": "abc"}, "That choice is not there any more."),
        ({"goals": "9" * 5000}, "alid"),
        ({"goals": "-1"}, "That choice is not there any more."),
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
