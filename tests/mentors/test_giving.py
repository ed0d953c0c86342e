"""Offers and thanks: pages, mails, and what is left after the end."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from mail import registry
from mail.letters import compose
from mail.models import Message
from mentors import services
from mentors.models import Offer, Thanks
from sharing.services import block, end_all_mentorships, end_mentorship
from tests.factories.giving import OfferFactory, ThanksFactory
from tests.factories.sharing import MentorshipFactory
from tests.mentors.pages import text_of

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
WORDS = "Your “see what silence gives you” <b>changed</b> it & me."


def letter(thanks):
    message = Message.objects.get(kind="mentor_thanks", ids__thanks=thanks.pk)
    content = registry.find("mentor_thanks").function(message, now=NOW)
    return compose(message, content, now=NOW) if content else None


@pytest.mark.parametrize(("sender", "recipient"), [("owner", "mentor"), ("mentor", "owner")])
def test_thanks_by_page_mail_and_list(client, cast, sender, recipient):
    client.force_login(getattr(cast, sender))
    page = f"/mentorships/{cast.mentorship.pk}/"
    assert f'action="{page}thanks/"' in text_of(client.get(page))

    response = client.post(f"{page}thanks/", {"thanks": WORDS})

    assert response.url == page
    [thanks] = Thanks.objects.all()
    mail = letter(thanks)
    to, by = getattr(cast, recipient), getattr(cast, sender)
    assert (mail.to, mail.subject) == (to.email, f"{by} says thank you")
    assert WORDS in mail.text
    assert "&lt;b&gt;changed&lt;/b&gt; it &amp; me." in mail.html
    assert "http://waymark.test/mentors/thanks/" in mail.text
    client.force_login(to)
    assert "&lt;b&gt;changed&lt;/b&gt;" in text_of(client.get("/mentors/thanks/"))


def test_mail_without_private_text(cast):
    cast.mentor.mails_hide_text = True
    cast.mentor.save()

    mail = letter(services.say_thanks(mentorship=cast.mentorship, by=cast.owner, words=WORDS, at=NOW))

    for body in (mail.text, mail.html):
        assert "silence" not in body
        assert "the words wait for you on the page" in body


@pytest.mark.parametrize(("what", "sends"), [("ended", True), ("blocked", False), ("removed", False), ("left", False)])
def test_mail_after_something_happened(cast, what, sends):
    thanks = services.say_thanks(mentorship=cast.mentorship, by=cast.owner, words=WORDS, at=NOW)
    if what == "ended":
        end_mentorship(mentorship=cast.mentorship, by=cast.owner, at=NOW)
    elif what == "blocked":
        block(blocker=cast.mentor, blocked=cast.owner, at=NOW)
    elif what == "removed":
        thanks.delete()
        thanks.pk = Message.objects.get().ids["thanks"]
    else:
        Thanks.objects.update(sender=None)

    assert bool(letter(thanks)) is sends


@pytest.mark.parametrize("posted", ["", "   ", "x" * 1001])
def test_thanks_bad_input_comes_back(client, cast, posted):
    client.force_login(cast.owner)

    response = client.post(f"/mentorships/{cast.mentorship.pk}/thanks/", {"thanks": posted})

    assert response.status_code == 422
    assert posted.strip() in text_of(response)
    assert not Thanks.objects.exists()


def test_thanks_sent_twice_are_one(cast):
    for minutes in (0, 0, 2):
        at = NOW + timedelta(minutes=minutes)
        services.say_thanks(mentorship=cast.mentorship, by=cast.owner, words=WORDS, at=at)

    assert Thanks.objects.count() == Message.objects.filter(kind="mentor_thanks").count() == 2


def test_three_thanks_a_day(client, cast):
    ThanksFactory.create_batch(3, mentorship=cast.mentorship)
    client.force_login(cast.owner)

    response = client.post(f"/mentorships/{cast.mentorship.pk}/thanks/", {"thanks": "And this"})

    assert response.status_code == 422
    assert "You have thanked Mina three times today." in text_of(response)
    assert "And this" in text_of(response)


def test_thanks_outlast_the_relation_and_the_account(client, cast):
    ThanksFactory(mentorship=cast.mentorship, words="Kept for good")
    end_all_mentorships(user=cast.owner, at=NOW)
    cast.owner.delete()
    client.force_login(cast.mentor)

    text = text_of(client.get("/mentors/thanks/"))

    assert "Kept for good" in text
    assert "former member" in text


def test_thanks_of_somebody_one_blocked_are_not_shown(client, cast):
    ThanksFactory(mentorship=cast.mentorship, words="Please answer me")
    block(blocker=cast.mentor, blocked=cast.owner, at=NOW)
    client.force_login(cast.mentor)

    assert "Please answer me" not in text_of(client.get("/mentors/thanks/"))


def test_thanks_can_be_removed_by_whoever_got_them(client, cast):
    thanks = ThanksFactory(mentorship=cast.mentorship)
    for who, status in (("owner", 404), ("stranger", 404), ("mentor", 302)):
        client.force_login(getattr(cast, who))
        assert client.post(f"/mentors/thanks/{thanks.pk}/remove/").status_code == status
    assert not Thanks.objects.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_thanks_list_queries(client, cast, number, django_assert_num_queries):
    ThanksFactory.create_batch(number, recipient=cast.mentor)
    client.force_login(cast.mentor)
    client.get("/mentors/thanks/")

    with django_assert_num_queries(3):
        text = text_of(client.get("/mentors/thanks/"))

    assert text.count("<blockquote") == number


def test_thanks_come_a_page_at_a_time(client, cast):
    ThanksFactory.create_batch(27, recipient=cast.mentor)
    client.force_login(cast.mentor)

    text = text_of(client.get("/mentors/thanks/"))

    assert text.count("<blockquote") == 25
    assert "?after=" in text
    assert client.get("/mentors/thanks/?after=%00").status_code in {200, 400}


def test_offer(client, cast):
    client.force_login(cast.owner)
    page = f"/mentorships/{cast.mentorship.pk}/"
    client.post(f"{page}offer/", {"offer": "Italian <i>and</i> testing"})

    for who, sees in (("owner", True), ("mentor", True)):
        client.force_login(getattr(cast, who))
        assert ("Italian &lt;i&gt;and" in text_of(client.get(page))) is sees
    client.force_login(cast.second_mentor)
    assert "Italian" not in text_of(client.get(f"/mentorships/{cast.second_mentorship.pk}/"))

    client.force_login(cast.owner)
    client.post(f"{page}offer/", {"offer": " "})
    assert not Offer.objects.exists()


def test_offer_bad_input_comes_back(client, cast):
    client.force_login(cast.owner)

    response = client.post(f"/mentorships/{cast.mentorship.pk}/offer/", {"offer": "y" * 501})

    assert response.status_code == 422
    assert "y" * 501 in text_of(response)


def test_offer_ends_with_the_relation(client, cast):
    OfferFactory(mentorship=cast.mentorship, words="Italian")
    end_mentorship(mentorship=cast.mentorship, by=cast.owner, at=NOW)
    client.force_login(cast.mentor)

    assert "Italian" not in text_of(client.get(f"/mentorships/{cast.mentorship.pk}/"))
    with pytest.raises(PermissionDenied):
        services.set_offer(mentorship=cast.mentorship, by=cast.owner, words="More", at=NOW + timedelta(days=1))
    with pytest.raises(PermissionDenied):
        services.say_thanks(mentorship=cast.mentorship, by=cast.owner, words="More", at=NOW)


def test_only_the_mentee_offers():
    mentorship = MentorshipFactory()

    with pytest.raises(PermissionDenied):
        services.set_offer(mentorship=mentorship, by=mentorship.mentor, words="More", at=NOW)
