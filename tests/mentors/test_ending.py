"""Parting: last words, looking back together, and what of it stays when an account is gone."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from accounts.deletion import erase
from mail import registry
from mail.models import Message
from mentors import services
from mentors.models import Farewell, LookBack
from sharing.models import Mentorship
from tests.factories.contacts import ContactFactory
from tests.factories.goals import GoalFactory
from tests.factories.mentors import AgreementFactory, FarewellFactory, LookBackFactory
from tests.factories.sharing import BlockFactory, MentorshipFactory
from tests.mentors.letters import letter
from tests.mentors.pages import text_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def page(cast, verb=""):
    return f"{cast.former_mentorship.get_absolute_url()}{verb}"


def look_back(mentorship, by, words="It was good.", *, shows_at_once=False):
    return services.look_back(mentorship=mentorship, by=by, words=words, shows_at_once=shows_at_once, now=NOW)


@pytest.mark.parametrize("side", ["owner", "former_mentor"])
def test_thanks_of_either_side_once(client, cast, side):
    client.force_login(getattr(cast, side))
    assert "Leave" in text_of(client.get(page(cast)))

    for _ in range(2):
        done = client.post(page(cast, "thank/"), {"words": "For <all>."}, follow=True)

    assert "For &lt;all&gt;." in text_of(done)
    assert "some last words</summary>" not in text_of(done)
    assert Farewell.objects.count() == Message.objects.filter(kind="mentor_thanked").count() == 1


def test_last_words_of_both_stand_side_by_side(client, cast, owner):
    FarewellFactory(mentorship=cast.former_mentorship, words="Go well.")
    FarewellFactory(mentorship=cast.former_mentorship, author=owner, words="Thank you.")

    text = text_of(client.get(page(cast)))

    assert "Last words from Farid Former" in text
    assert "Your last words" in text
    with pytest.raises(IntegrityError, match="farewell_once"):
        FarewellFactory(mentorship=cast.former_mentorship)


@pytest.mark.parametrize("words", ["", "x" * 1001, "\x00"])
def test_thanks_with_bad_input(client, cast, owner, words):
    response = client.post(page(cast, "thank/"), {"words": words})

    assert response.status_code == 200
    assert "This has not been sent yet" in text_of(response)
    assert not Farewell.objects.exists()


@pytest.mark.parametrize("hides", [False, True])
def test_thanks_by_mail(cast, hides):
    cast.former_mentor.mails_hide_text = hides
    cast.former_mentor.save()
    services.thank(mentorship=cast.former_mentorship, by=cast.owner, words="For <all>.", now=NOW)

    mail = letter("mentor_thanked", now=NOW)

    assert (mail.to, mail.subject) == ("former@example.org", "Olive Owner left you some last words")
    assert ("For <all>." in mail.text, "For &lt;all&gt;." in mail.html) == (not hides, not hides)
    assert f"http://waymark.test{page(cast)}" in mail.text


def test_who_blocks_the_other_reads_and_hears_nothing_of_them(client, cast, owner):
    BlockFactory(blocker=owner, blocked=cast.former_mentor)
    services.thank(mentorship=cast.former_mentorship, by=cast.former_mentor, words="Do not go.", now=NOW)
    look_back(cast.former_mentorship, cast.former_mentor, "You will miss me.", shows_at_once=True)
    look_back(cast.former_mentorship, owner)

    assert letter("mentor_thanked", now=NOW) is None
    assert letter("look_back_written", now=NOW, user=owner) is None
    assert letter("look_back_written", now=NOW, user=cast.former_mentor) is None
    for verb in ("", "look-back/"):
        text = text_of(client.get(page(cast, verb)))
        assert "Do not go." not in text
        assert "miss me" not in text
        assert "has written" not in text
    client.force_login(cast.former_mentor)
    text = text_of(client.get(page(cast, "look-back/"))) + text_of(client.get(page(cast)))
    assert "It was good." not in text
    assert "Do not go." in text
    assert "blocked" not in text.lower()


def test_look_back_is_read_once_both_have_written(client, cast, owner):
    look_back(cast.former_mentorship, cast.former_mentor, "She asks better questions.")
    before = text_of(client.get(page(cast, "look-back/")))
    assert "Farid has written what came of it." in before
    assert "She asks better questions." not in before
    assert "without writing too" not in before

    after = client.post(page(cast, "look-back/"), {"words": "I learned to wait."}, follow=True)

    assert "She asks better questions." in text_of(after)
    assert "without writing too" not in text_of(after)
    client.force_login(cast.former_mentor)
    assert "I learned to wait." in text_of(client.get(page(cast, "look-back/")))


def test_look_back_can_be_shown_at_once_and_taken_away(client, cast, owner):
    client.post(page(cast, "look-back/"), {"words": "I learned to wait.", "shows_at_once": "on"})
    assert "Farid may read it without writing too" in text_of(client.get(page(cast, "look-back/")))
    client.force_login(cast.former_mentor)
    assert "I learned to wait." in text_of(client.get(page(cast, "look-back/")))
    client.force_login(owner)

    client.post(page(cast, "look-back/remove/"))

    assert not LookBack.objects.exists()


def test_look_back_changed_later_says_so(client, cast, owner):
    LookBackFactory(mentorship=cast.former_mentorship, author=cast.former_mentor, shows_at_once=True)
    look_back(cast.former_mentorship, cast.former_mentor, "On second thought.", shows_at_once=True)

    text = text_of(client.get(page(cast, "look-back/")))

    assert "On second thought." in text
    assert "changed on 21 November 2026" in text


@pytest.mark.parametrize("words", ["", "x" * 2001])
def test_look_back_bad_input(client, cast, owner, words):
    response = client.post(page(cast, "look-back/"), {"words": words, "shows_at_once": "on"})

    assert response.status_code == 200
    assert not LookBack.objects.exists()
    assert "checked" in text_of(response)


def test_look_back_is_for_ended_mentorships(cast):
    for mentorship in (cast.mentorship, MentorshipFactory(mentee=cast.owner, kind="colleague", ended=True)):
        with pytest.raises(PermissionDenied):
            look_back(mentorship, cast.owner)


def test_the_start_is_the_mentees_until_they_show_it(client, cast, owner):
    goal = GoalFactory(owner=owner, title="Learn to say no", shared_with=[cast.former_mentorship])
    AgreementFactory(mentorship=cast.former_mentorship, purpose="Leave my job.", goals=[goal])
    own = text_of(client.get(page(cast, "look-back/")))
    assert "Leave my job." in own
    assert "Learn to say no" in own
    client.force_login(cast.former_mentor)
    assert "Leave my job." not in text_of(client.get(page(cast, "look-back/")))
    look_back(cast.former_mentorship, owner)
    look_back(cast.former_mentorship, cast.former_mentor)

    theirs = text_of(client.get(page(cast, "look-back/")))

    assert "Leave my job." in theirs
    assert "Learn to say no" not in theirs


def test_a_mentor_still_reads_the_start_in_their_own_words(client, cast):
    AgreementFactory(mentorship=cast.former_mentorship, author=cast.former_mentor, purpose="My own words.")
    client.force_login(cast.former_mentor)

    assert "My own words." in text_of(client.get(page(cast, "look-back/")))


@pytest.mark.parametrize("can_read", [False, True])
def test_look_back_by_mail_says_no_word_of_it(cast, can_read):
    look_back(cast.former_mentorship, cast.owner, "PRIVATE", shows_at_once=can_read)
    look_back(cast.former_mentorship, cast.owner, "PRIVATE too", shows_at_once=can_read)

    mail = letter("look_back_written", now=NOW)

    assert Message.objects.filter(kind="look_back_written").count() == 1
    assert mail.subject == "Olive Owner looked back at your time together"
    for body in (mail.text, mail.html):
        assert ("You can read it now." in body) is can_read
        assert "PRIVATE" not in body


def test_look_back_taken_away_is_not_told(cast):
    look_back(cast.former_mentorship, cast.owner)
    services.forget_look_back(mentorship=cast.former_mentorship, by=cast.owner)

    assert letter("look_back_written", now=NOW) is None


@pytest.mark.parametrize("is_read", [False, True])
def test_an_erased_mentor_leaves_what_the_mentee_could_read(client, cast, owner, is_read):
    look_back(cast.former_mentorship, cast.former_mentor, "She waits now.", shows_at_once=is_read)
    FarewellFactory(mentorship=cast.former_mentorship, words="Go well.")
    AgreementFactory(mentorship=cast.former_mentorship, author=cast.former_mentor, purpose="To begin.")

    erase(user=cast.former_mentor, at=NOW + timedelta(days=8))

    text = text_of(client.get(page(cast, "look-back/")))
    assert ("She waits now." in text) is is_read
    assert LookBack.objects.exists() is is_read
    detail = text_of(client.get(page(cast)))
    assert "Last words from former member" in detail
    assert "Farid" not in detail + text + text_of(client.get(page(cast, "agreement/")))
    assert "To begin." in text_of(client.get(page(cast, "agreement/")))


def test_looking_back_when_the_other_account_is_gone(client, cast, owner):
    erase(user=cast.former_mentor, at=NOW + timedelta(days=8))

    form = text_of(client.get(page(cast, "look-back/")))
    client.post(page(cast, "look-back/"), {"words": "I can say no.", "shows_at_once": "on"})

    assert "You and a former member, " in form
    assert "Only you can read it." in form
    assert "may read it" not in form
    assert LookBack.objects.get().shows_at_once is False


def test_a_time_within_one_month_names_it_once(client, cast, owner):
    october = datetime(2026, 10, 5, tzinfo=UTC)
    Mentorship.objects.filter(pk=cast.former_mentorship.pk).update(started_at=october, ended_at=october)

    assert "You and Farid, October 2026." in text_of(client.get(page(cast, "look-back/")))
    assert "Was your mentor on 5 October 2026." in text_of(client.get(page(cast, "")))
    assert "Your mentor in October 2026" in text_of(client.get("/mentors/earlier/"))


@pytest.mark.parametrize("kind", ["mentor_thanked", "look_back_written", "handover_shown"])
def test_people_can_switch_these_off(kind):
    assert registry.find(kind).preference == "mentoring"


@pytest.mark.parametrize(
    ("side", "name", "role"), [("owner", "Farid Former", "my mentor"), ("former_mentor", "Olive Owner", "my mentee")]
)
def test_either_side_keeps_the_other_as_a_contact(client, cast, side, name, role):
    user = getattr(cast, side)
    client.force_login(user)
    link = re.search(r'href="(/contacts/new/[^"]+)"', text_of(client.get(page(cast)))).group(1)

    form = text_of(client.get(html.unescape(link)))

    assert f'value="{name}"' in form
    assert f'value="as {role}, ' in form
    assert "@example.org" not in html.unescape(link)
    contact = ContactFactory(owner=user, name=name.upper())
    ContactFactory(name=name)  # of somebody else
    again = text_of(client.get(page(cast)))
    assert f'href="{contact.get_absolute_url()}"' in again
    assert "Stay in touch" not in again


@pytest.mark.parametrize("gone", ["blocked", "erased"])
def test_nobody_to_stay_in_touch_with(client, cast, owner, gone):
    if gone == "blocked":
        BlockFactory(blocker=owner, blocked=cast.former_mentor)
    else:
        erase(user=cast.former_mentor, at=NOW)

    assert "Stay in touch" not in text_of(client.get(page(cast)))


@pytest.mark.parametrize("side", ["owner", "former_mentor"])
def test_either_side_blocks_the_other_after_the_end(client, cast, side):
    client.force_login(getattr(cast, side))

    assert f'action="{page(cast, "block/")}"' in text_of(client.get(page(cast)))


@pytest.mark.parametrize(("who", "has_written", "queries"), [("owner", True, 7), ("former_mentor", False, 8)])
def test_look_back_queries(client, cast, who, has_written, queries, django_assert_num_queries):
    goals = [GoalFactory(owner=cast.owner) for _ in range(3)]
    AgreementFactory(mentorship=cast.former_mentorship, author=cast.owner, goals=goals)
    look_back(cast.former_mentorship, cast.owner)
    if has_written:
        look_back(cast.former_mentorship, cast.former_mentor)
    client.force_login(getattr(cast, who))
    client.get(page(cast, "look-back/"))

    with django_assert_num_queries(queries):
        client.get(page(cast, "look-back/"))
