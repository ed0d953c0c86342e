"""Introductions: the states, the mails, the pages, the races."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from mail import registry
from mail.letters import compose
from mail.models import Message
from mentors import services
from mentors.models import INTRODUCTION_STEPS, Introduction, IntroductionClosed
from sharing.services import block, end_mentorship
from tests.factories.accounts import UserFactory
from tests.factories.giving import IntroductionFactory
from tests.factories.mentors import InvitationFactory
from tests.factories.sharing import MentorshipFactory
from tests.mentors.pages import text_of

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
GIVEN = {"email": "Hannah@Example.net", "who": "Hannah Weiss, runs a <b>team</b>", "words": "You both ask & wait."}


@pytest.fixture
def pair():
    return MentorshipFactory(
        mentee=UserFactory(name="Leo Marchetti", email="leo@example.org"),
        mentor=UserFactory(name="Amara Osei", email="amara@example.org"),
    )


def offer(pair, **extra):
    return services.offer_introduction(mentorship=pair, by=pair.mentor, now=NOW, **GIVEN | extra)


def letter(kind, *, now=NOW):
    message = Message.objects.filter(kind=kind).order_by("-pk")[0]
    content = registry.find(kind).function(message, now=now)
    return compose(message, content, now=now) if content else None


def asked(pair):
    row = offer(pair)
    services.agree_to_introduction(introduction=row, by=pair.mentee, now=NOW)
    row.refresh_from_db()
    return row


def made(pair):
    row = asked(pair)
    services.accept_introduction(introduction=row, now=NOW)
    row.refresh_from_db()
    return row


VERBS = sorted({verb for verbs in INTRODUCTION_STEPS.values() for verb in verbs})


@pytest.mark.parametrize("state", INTRODUCTION_STEPS)
@pytest.mark.parametrize("verb", VERBS)
def test_steps(state, verb):
    closed = None if state in {"offered", "asked"} else NOW
    row = IntroductionFactory(state=state, closed_at=closed)
    if verb not in INTRODUCTION_STEPS[state]:
        with pytest.raises(IntroductionClosed, match="not waiting for that"):
            row.step(verb, at=NOW)
        return

    row.step(verb, at=NOW)

    row.refresh_from_db()
    assert row.state == INTRODUCTION_STEPS[state][verb]
    assert (row.closed_at is None) is (row.state == "asked")
    assert bool(row.token) is (row.state == "asked")


def test_nobody_outside_hears_of_it_before_the_mentee_said_yes(pair):
    row = offer(pair)

    assert list(Message.objects.values_list("kind", "to")) == [("introduction_offered", "leo@example.org")]
    mail = letter("introduction_offered")
    assert mail.subject == "Amara Osei would like you to meet somebody"
    assert f"http://waymark.test/mentors/introductions/{row.pk}/" in mail.text
    assert "You both ask &amp; wait." in mail.html
    assert "<b>team" not in mail.html
    for body in (mail.text, mail.html):
        assert "Hannah Weiss" in body
        assert "hannah@example.net" not in body.lower()


def test_hidden_texts_are_not_in_the_mail(pair):
    pair.mentee.mails_hide_text = True
    pair.mentee.save()
    offer(pair)

    mail = letter("introduction_offered")

    for body in (mail.text, mail.html):
        assert "You both ask" not in body
        assert "the reason waits for you on the page" in body


def test_the_other_is_asked_by_a_link_and_learns_no_address(pair):
    row = asked(pair)

    mail = letter("introduction_asked")

    assert mail.to == "hannah@example.net"
    assert mail.subject == "Amara Osei would like to introduce Leo Marchetti to you"
    for body in (mail.text, mail.html):
        assert f"http://waymark.test/mentors/introductions/answer/{row.token}/" in body
        assert "leo@example.org" not in body
        assert "Stop all mail from here to this address" in body
    assert row.expires_at == NOW + timedelta(days=14)


def test_two_yeses_give_each_the_others_address_by_mail(pair):
    made(pair)

    to_leo, to_hannah, to_amara = (
        letter(kind) for kind in ("introduction_made", "introduction_made_to_other", "introduction_made_known")
    )
    assert (to_leo.to, to_hannah.to, to_amara.to) == ("leo@example.org", "hannah@example.net", "amara@example.org")
    for body in (to_leo.text, to_leo.html):
        assert "hannah@example.net" in body
    for body in (to_hannah.text, to_hannah.html):
        assert "leo@example.org" in body
    for body in (to_amara.text, to_amara.html):
        assert "hannah@example.net" not in body
        assert "leo@example.org" not in body


@pytest.mark.parametrize("kind", ["introduction_offered", "introduction_asked"])
@pytest.mark.parametrize("what", ["ended", "blocked", "withdrawn", "late", "mentor leaves"])
def test_questions_are_not_mailed_once_they_make_no_sense(pair, kind, what):
    row = offer(pair) if kind == "introduction_offered" else asked(pair)
    now = NOW
    if what == "ended":
        end_mentorship(mentorship=pair, by=pair.mentee, at=NOW)
    elif what == "blocked":
        block(blocker=pair.mentee, blocked=pair.mentor, at=NOW)
    elif what == "withdrawn":
        services.withdraw_introduction(introduction=row, by=pair.mentor, now=NOW)
    elif what == "late":
        now += timedelta(days=15)
    else:
        pair.mentor.ask_deletion(at=NOW)

    assert letter(kind, now=now) is None


@pytest.mark.parametrize("side", ["mentor", "mentee"])
@pytest.mark.parametrize("blocks", [True, False])
def test_a_block_with_the_other_stops_every_mail(pair, side, blocks):
    hannah, person = UserFactory(email="hannah@example.net"), getattr(pair, side)
    made(pair)
    block(blocker=hannah if blocks else person, blocked=person if blocks else hannah, at=NOW)

    for kind in ("introduction_made", "introduction_made_to_other", "introduction_made_known"):
        assert letter(kind) is None


def test_the_mentor_hears_nothing_more_after_the_end(pair, client):
    row = made(pair)
    end_mentorship(mentorship=pair, by=pair.mentee, at=NOW)

    assert letter("introduction_made_known") is None
    assert letter("introduction_made")  # both had said yes
    client.force_login(pair.mentor)
    assert client.get(row.get_absolute_url()).status_code == 404
    client.force_login(pair.mentee)
    assert "hannah@example.net" in text_of(client.get(row.get_absolute_url()))


def test_declining_is_silent_and_looks_like_running_out(pair, client):
    declined, late = asked(pair), IntroductionFactory(mentorship=pair, asked=True)
    services.decline_introduction(introduction=declined, by=None, now=NOW)
    Introduction.objects.filter(pk=late.pk).update(expires_at=NOW - timedelta(minutes=1))

    for viewer in (pair.mentor, pair.mentee):
        client.force_login(viewer)
        for row in (declined, late):
            text = text_of(client.get(row.get_absolute_url()))
            assert "Nothing came of it this time." in text
            assert "declin" not in text.lower()
    assert not Message.objects.filter(kind__startswith="introduction_made").exists()


def test_limits(pair):
    for number in range(services.introduction.INTRODUCTIONS_A_DAY):
        offer(pair, email=f"p{number}@example.net")

    with pytest.raises(ValidationError, match="five introductions in a day"):
        offer(pair, email="p9@example.net")
    with pytest.raises(ValidationError, match="under way already"):
        offer(pair, email="p1@example.net")


@pytest.mark.parametrize("email", ["amara@example.org", "LEO@example.org"])
def test_own_addresses(pair, email):
    with pytest.raises(ValidationError, match="one of you two"):
        offer(pair, email=email)


def test_an_address_gets_its_share_of_mails_whoever_asks(pair):
    for _ in range(2):
        InvitationFactory(email="hannah@example.net", mailed_at=[NOW])

    asked(pair)

    assert Message.objects.get(kind="introduction_asked").not_before >= NOW + timedelta(days=1)


@pytest.mark.parametrize("change", [{"kind": "colleague"}, {"ended": True}])
def test_only_mentors_introduce(change):
    with pytest.raises(PermissionDenied):
        offer(MentorshipFactory(**change))


def test_housekeeping(pair):
    late, fresh = IntroductionFactory(mentorship=pair), IntroductionFactory(mentorship=pair)
    Introduction.objects.filter(pk=late.pk).update(expires_at=NOW - timedelta(minutes=1))
    IntroductionFactory(
        mentorship=pair, state="declined", created_at=NOW - timedelta(days=300), closed_at=NOW - timedelta(days=290)
    )

    assert services.mind_introductions(now=NOW) == 2
    assert services.mind_introductions(now=NOW) == 0
    assert list(Introduction.objects.order_by("pk").values_list("pk", "state")) == [
        (late.pk, "expired"),
        (fresh.pk, "offered"),
    ]


def test_whole_way_by_pages(client, pair):
    client.force_login(pair.mentor)
    page = f"/mentorships/{pair.pk}/introduce/"
    assert client.get(page).status_code == 200
    response = client.post(page, GIVEN, follow=True)
    row = Introduction.objects.get()
    assert "Leo answers first" in text_of(response)
    client.force_login(pair.mentee)
    text = text_of(client.get(row.get_absolute_url()))
    assert "Hannah Weiss, runs a &lt;b&gt;team" in text
    assert "hannah@example.net" not in text
    client.post(f"{row.get_absolute_url()}agree/")
    assert client.post(f"{row.get_absolute_url()}agree/").status_code == 302  # twice is once
    client.logout()
    row.refresh_from_db()
    text = text_of(client.get(row.answer_path))
    assert "Would you like to meet Leo Marchetti?" in text
    assert "leo@example.org" not in text
    answer = row.answer_path
    assert "You two are introduced" in text_of(client.post(f"{answer}accept/"))
    assert client.get(answer).status_code == 410
    client.force_login(pair.mentee)
    assert "hannah@example.net" in text_of(client.get(row.get_absolute_url()))
    client.force_login(pair.mentor)
    assert "hannah@example.net" not in text_of(client.get(row.get_absolute_url()))


def test_introduce_somebody_one_works_with(client, pair):
    other = MentorshipFactory(mentor=pair.mentor, mentee__name="Sofia Almeida").mentee
    client.force_login(pair.mentor)

    client.post(f"/mentorships/{pair.pk}/introduce/", {"person": other.pk, "who": "Sofia", "words": "Same shift."})

    assert Introduction.objects.get().email == other.email


@pytest.mark.parametrize(
    ("posted", "says"),
    [
        ({"email": ""}, "Whom should they meet?"),
        ({"email": "nobody"}, "This is not an email address."),
        ({"who": ""}, "Say who they are."),
        ({"who": "\u200b"}, ""),
        ({"words": "See https://x.example"}, "Leave links out"),
        ({"words": "x" * 1001}, ""),
        ({"email": "leo@example.org"}, "This address belongs to one of you two."),
        ({"person": "999999"}, ""),
    ],
)
def test_bad_input_comes_back(client, pair, posted, says):
    MentorshipFactory(mentor=pair.mentor)
    client.force_login(pair.mentor)

    response = client.post(f"/mentorships/{pair.pk}/introduce/", GIVEN | posted)

    assert response.status_code == 422
    text = text_of(response)
    assert says in text
    if "words" not in posted:
        assert "You both ask &amp; wait." in text
    assert not Introduction.objects.exists()


def test_a_stranger_person_cannot_be_chosen(client, pair):
    stranger = UserFactory()
    MentorshipFactory(mentor=pair.mentor)
    client.force_login(pair.mentor)

    response = client.post(f"/mentorships/{pair.pk}/introduce/", GIVEN | {"email": "", "person": stranger.pk})

    assert response.status_code == 422
    assert not Introduction.objects.exists()


def test_answering_what_is_over(client, pair):
    row = asked(pair)
    services.withdraw_introduction(introduction=row, by=pair.mentor, now=NOW)
    client.force_login(pair.mentee)

    for verb in ("agree", "decline", "withdraw"):
        response = client.post(f"{row.get_absolute_url()}{verb}/")
        assert response.status_code == 409
        assert "not waiting for that any more" in text_of(response)
    for verb in ("accept", "refuse"):
        assert client.post(f"{row.answer_path}{verb}/").status_code == 410
    assert client.get("/mentors/introductions/answer/unknown/").status_code == 404


def test_nothing_is_shared_by_it(pair):
    hannah = UserFactory(email="hannah@example.net")
    made(pair)

    assert not type(pair).objects.involving(hannah).exists()


def test_stop_mails(client, pair):
    row = asked(pair)

    text = text_of(client.post(f"{row.answer_path}stop/"))

    assert "h•••@e•••.net" in text
    assert "hannah@example.net" not in text
