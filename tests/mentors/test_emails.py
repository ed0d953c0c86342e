from datetime import UTC, datetime, timedelta

import pytest

from mail import registry
from mail.letters import compose
from mail.models import Message
from mentors import services
from mentors.models import Invitation
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalFactory
from tests.factories.sharing import BlockFactory, MentorshipFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
WORDS = "How do you prepare <b>an</b> interview?\nI freeze & stumble."


@pytest.fixture
def amara():
    return UserFactory(email="amara@example.org", name="Amara Osei")


@pytest.fixture
def ruth():
    return UserFactory(email="ruth@example.org", name="Ruth Lindqvist")


def letter(kind, *, now=NOW):
    """Return the last mail of a kind as it would be handed over now; None if it would be skipped."""
    message = Message.objects.filter(kind=kind).order_by("-pk")[0]
    content = registry.find(kind).function(message, now=now)
    return compose(message, content, now=now) if content else None


def invite(sender, **extra):
    given = {"email": "ruth@example.org", "kind": "mentor", "message": WORDS, "goals": (), "now": NOW}
    return services.invite(sender=sender, **given | extra)


@pytest.mark.parametrize(("kind", "role"), [("mentor", "mentor"), ("colleague", "trusted colleague")])
def test_invitation(amara, kind, role):
    invitation = invite(amara, kind=kind, goals=[GoalFactory(owner=amara, title="Leave my job")])

    mail = letter("mentor_invitation")

    link = f"http://waymark.test/mentors/invitations/{invitation.token}/"
    assert mail.to == "ruth@example.org"
    assert mail.subject == f"Amara Osei would like you as a {role}"
    for body in (mail.text, mail.html):
        assert "Amara Osei (amara@example.org) asks" in body
        assert link in body
        assert role in body
        assert "The link works until 5 December" in body
        assert "decline there with one click" in body
        assert "Leave my job" not in body  # goals are shown by a yes, not by a mail
        assert "You get this because Amara Osei typed your address into Waymark" in body
        assert "Stop all mail from here to this address" in body
    assert WORDS in mail.text
    assert "How do you prepare &lt;b&gt;an&lt;/b&gt; interview?<br>I freeze &amp; stumble." in mail.html
    assert "<b>an</b>" not in mail.html
    assert "List-Unsubscribe" in mail.headers
    assert mail.headers["Auto-Submitted"] == "auto-generated"


def test_invitation_of_somebody_without_a_name():
    invite(UserFactory(email="amara@example.org", name=""))

    mail = letter("mentor_invitation")

    assert mail.subject == "amara@example.org would like you as a mentor"
    for body in (mail.text, mail.html):
        assert "amara@example.org asks" in body
        assert "amara@example.org (" not in body


@pytest.mark.parametrize("what", ["withdrawn", "answered", "late", "blocked", "sender leaves"])
def test_invitation_is_not_sent_once_it_makes_no_sense(amara, ruth, what):
    invitation = invite(amara)
    now = NOW
    if what == "withdrawn":
        services.withdraw_invitation(invitation=invitation, by=amara, now=NOW)
    elif what == "answered":
        services.accept_invitation(invitation=invitation, by=ruth, now=NOW)
    elif what == "late":
        now = NOW + timedelta(days=15)
    elif what == "blocked":
        BlockFactory(blocker=ruth, blocked=amara)
    else:
        amara.deletion_asked_at = NOW
        amara.save()

    assert letter("mentor_invitation", now=now) is None


def test_resent_invitation_has_the_same_link(amara):
    invitation = invite(amara)
    first = letter("mentor_invitation")
    services.resend_invitation(invitation=invitation, by=amara, now=NOW + timedelta(hours=1))

    again = letter("mentor_invitation", now=NOW + timedelta(hours=1))

    assert Message.objects.filter(kind="mentor_invitation").count() == 2
    path = f"/mentors/invitations/{invitation.token}/"
    assert path in first.text
    assert path in again.text


def test_invitation_with_a_name_that_would_break_a_header(amara):
    amara.name = "Amara\r\nBcc: everybody@example.org"
    amara.save()
    invite(amara)

    mail = letter("mentor_invitation")

    assert "\n" not in mail.subject
    assert b"\r\nBcc:" not in mail.as_bytes().split(b"\r\n\r\n")[0]


@pytest.mark.parametrize("number", [0, 1, 2])
def test_accepted(amara, ruth, number):
    goals = GoalFactory.create_batch(number, owner=amara, title="Leave my job")
    mentorship = services.accept_invitation(invitation=invite(amara, goals=goals), by=ruth, now=NOW)

    mail = letter("mentor_accepted")

    assert mail.to == "amara@example.org"
    assert mail.subject == "Ruth Lindqvist said yes"
    says = ["sees nothing of yours yet", "can read 1 goal of yours", "can read 2 goals of yours"][number]
    for body in (mail.text, mail.html):
        assert "Ruth is your mentor now." in body
        assert says in body
        assert f"http://waymark.test/mentorships/{mentorship.pk}/" in body
        assert "Leave my job" not in body


def test_accepted_is_not_sent_after_the_end(amara, ruth):
    mentorship = services.accept_invitation(invitation=invite(amara), by=ruth, now=NOW)
    services.end_with_words(mentorship=mentorship, by=ruth, words="", now=NOW)

    assert letter("mentor_accepted") is None


@pytest.mark.parametrize("note", ["", "Not this year.\nAsk me <again>."])
def test_declined(amara, ruth, note):
    services.decline_invitation(invitation=invite(amara), note=note, now=NOW)

    mail = letter("mentor_declined")

    assert mail.to == "amara@example.org"
    assert mail.subject == "ruth@example.org cannot take this on now"
    for body in (mail.text, mail.html):
        assert "You asked ruth@example.org to be your mentor." in body
        assert ("wrote you a line" in body) is bool(note)
        assert "Ruth Lindqvist" not in body  # her name was never told
        assert "http://waymark.test/mentors/" in body
    assert note in mail.text
    assert "<again>" not in mail.html


def test_declined_without_private_text(amara):
    amara.mails_hide_text = True
    amara.save()
    services.decline_invitation(invitation=invite(amara), note="Not this year.", now=NOW)

    mail = letter("mentor_declined")

    for body in (mail.text, mail.html):
        assert "Not this year." not in body
        assert "waits for you on your mentors page" in body


def test_declined_and_forgotten(amara):
    services.decline_invitation(invitation=invite(amara), note="", now=NOW)
    Invitation.objects.all().delete()

    assert letter("mentor_declined") is None


@pytest.mark.parametrize("side", ["mentee", "mentor"])
@pytest.mark.parametrize("words", ["", "Thank you for <everything>."])
def test_ended(amara, ruth, side, words):
    mentorship = MentorshipFactory(mentee=amara, mentor=ruth)
    by = getattr(mentorship, side)
    services.end_with_words(mentorship=mentorship, by=by, words=words, now=NOW)

    mail = letter("mentorship_ended")

    other = mentorship.other(by)
    assert mail.to == other.email
    assert mail.subject == f"{by} and you no longer work together here"
    for body in (mail.text, mail.html):
        assert f"{by.given_name} has ended" in body
        assert ("left you these words" in body) is bool(words)
        assert f"http://waymark.test/mentorships/{mentorship.pk}/" in body
        keeps = "What you wrote stays with Amara" if other == ruth else "What Ruth wrote to you stays with you"
        assert keeps in body
    assert words in mail.text
    assert "<everything>" not in mail.html


def test_ended_without_private_text(amara, ruth):
    ruth.mails_hide_text = True
    ruth.save()
    mentorship = MentorshipFactory(mentee=amara, mentor=ruth)
    services.end_with_words(mentorship=mentorship, by=amara, words="Thank you, Ruth.", now=NOW)

    mail = letter("mentorship_ended")

    for body in (mail.text, mail.html):
        assert "Thank you, Ruth." not in body
        assert "they wait for you on the page" in body


def test_ended_by_a_block_says_no_more_than_an_end(amara, ruth):
    mentorship = MentorshipFactory(mentee=amara, mentor=ruth)
    services.block_person(mentorship=mentorship, by=amara, now=NOW)

    mail = letter("mentorship_ended")

    assert mail.subject == "Amara Osei and you no longer work together here"
    for body in (mail.text, mail.html):
        assert "blocked" not in body.lower()


@pytest.mark.parametrize("kind", ["mentor_accepted", "mentor_declined", "mentorship_ended"])
def test_people_can_switch_these_off(kind):
    assert registry.find(kind).preference == "mentoring"
