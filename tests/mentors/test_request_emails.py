from datetime import UTC, datetime, timedelta

import pytest

from mail import registry
from mail.letters import compose
from mail.models import Message
from mentors import services
from mentors.models import Profile, Request
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalFactory
from tests.factories.mentors import ProfileFactory, RequestFactory
from tests.factories.sharing import BlockFactory, MentorshipFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
DAY = timedelta(days=1)
KINDS = ["mentor_request", "mentor_request_reminder", "mentor_request_answer"]


@pytest.fixture
def daniel():
    return ProfileFactory(owner__name="Daniel Okafor", owner__email="daniel@example.org").owner


@pytest.fixture
def row(daniel):
    draft = RequestFactory(
        asker=UserFactory(name="Wen Zhao", email="wen@example.org"),
        mentor=daniel,
        draft=True,
        help_wanted="What do I <show>?\nI am stuck.",
        created_at=NOW,
    )
    draft.goals.add(GoalFactory(owner=draft.asker, title="Lead a shift & rest"))
    draft.goals.add(GoalFactory(owner=draft.asker, title="In the bin", deleted_at=NOW))
    return services.send_request(request=draft, by=draft.asker, now=NOW)


def letter(kind, *, now=NOW):
    """Return the last mail of a kind as it would be handed over now; None if it would be skipped."""
    message = Message.objects.filter(kind=kind).select_related("user").order_by("-pk")[0]
    content = registry.find(kind).function(message, now=now)
    return compose(message, content, now=now) if content else None


def queue_to_mentor(row, kind):
    """Bring a request to the point where this mail to its mentor is queued, and return that moment."""
    if kind == "mentor_request_reminder":
        services.sweep_requests(now=NOW + 4 * DAY)
        return NOW + 4 * DAY
    if kind == "mentor_request_answer":
        services.ask_question(request=row, by=row.mentor, words="Which shift?", now=NOW)
        services.answer_question(request=row, by=row.asker, words="The <late> one.\nWhy?", now=NOW + DAY)
        return NOW + DAY
    return NOW


def hide_text(user):
    user.mails_hide_text = True
    user.save()


def test_request(row):
    mail = letter("mentor_request")

    assert mail.to == "daniel@example.org"
    assert mail.subject == "Wen Zhao would like you as a mentor"
    for body in (mail.text, mail.html):
        assert "Wen Zhao asks" in body
        assert "You moved from nursing into research." in body
        assert "I answer calls, and I interview on Fridays." in body
        assert "Something written before each call." in body
        assert "Every 2 weeks, video call, for 3 months." in body
        assert "nswer by 5 December: yes, no, or a question first." in body
        assert f"http://waymark.test/mentors/requests/{row.pk}/" in body
        assert "In the bin" not in body
        assert "your mentor profile is in the list" in body
    assert "What do I <show>?\nI am stuck." in mail.text
    assert "What do I &lt;show&gt;?<br>I am stuck." in mail.html
    assert "- Lead a shift & rest" in mail.text
    assert "Lead a shift &amp; rest" in mail.html
    assert "List-Unsubscribe" in mail.headers


def test_request_without_an_end(row):
    Request.objects.update(term=0, rhythm=91)

    for body in (letter("mentor_request").text, letter("mentor_request").html):
        assert "Every 3 months, video call, without an end date." in body


def test_request_without_private_text(row, daniel):
    hide_text(daniel)

    mail = letter("mentor_request")

    for body in (mail.text, mail.html):
        assert "what Wen asks waits for you on the page" in body
        for words in ("stuck", "nursing", "Fridays", "before each call", "Lead a shift"):
            assert words not in body


def test_request_of_a_name_that_would_break_a_header(row):
    row.asker.name = "Wen\r\nBcc: everybody@example.org"
    row.asker.save()

    assert "\n" not in letter("mentor_request").subject


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "what", ["withdrawn", "accepted", "declined", "question", "late", "expired", "blocked", "blocks", "asker leaves"]
)
def test_nothing_to_the_mentor_once_it_makes_no_sense(row, daniel, kind, what):
    now = queue_to_mentor(row, kind)
    assert letter(kind, now=now) is not None

    if what == "withdrawn":
        services.withdraw_request(request=row, by=row.asker, now=now)
    elif what == "accepted":
        services.accept_request(request=row, by=daniel, no_more=None, now=now)
    elif what == "declined":
        services.decline_request(request=row, by=daniel, note="", no_more=None, now=now)
    elif what == "question":
        services.ask_question(request=row, by=daniel, words="Why?", now=now)
    elif what == "late":
        now += 20 * DAY
    elif what == "expired":
        services.sweep_requests(now=now + 20 * DAY)
    elif what == "blocked":
        BlockFactory(blocker=daniel, blocked=row.asker)
    elif what == "blocks":
        BlockFactory(blocker=row.asker, blocked=daniel)
    else:
        row.asker.deletion_asked_at = now
        row.asker.save()

    assert letter(kind, now=now) is None


def test_reminder(row):
    now = queue_to_mentor(row, "mentor_request_reminder")

    mail = letter("mentor_request_reminder", now=now)

    assert mail.to == "daniel@example.org"
    assert mail.subject == "Wen Zhao waits for your answer"
    for body in (mail.text, mail.html):
        assert "asked you on 21 November to be their mentor" in body
        assert "It stays open until 5 December." in body
        assert "A no is a good answer too" in body
        assert f"http://waymark.test/mentors/requests/{row.pk}/" in body
        assert "stuck" not in body


def test_the_last_reminder_says_so(row):
    services.sweep_requests(now=NOW + 10 * DAY)

    mail = letter("mentor_request_reminder", now=NOW + 10 * DAY)

    assert mail.subject == "Wen Zhao waits for your answer until Saturday"
    for body in (mail.text, mail.html):
        assert "It stays open until Saturday and then closes by itself; this is the last reminder." in body


def test_question(row, daniel):
    services.ask_question(request=row, by=daniel, words="Which <shift>?", now=NOW)

    mail = letter("mentor_request_question")

    assert mail.to == "wen@example.org"
    assert mail.subject == "Daniel Okafor asks you something first"
    for body in (mail.text, mail.html):
        assert "stands still until you" in body
        assert f"http://waymark.test/mentors/requests/{row.pk}/" in body
    assert "Which <shift>?" in mail.text
    assert "Which &lt;shift&gt;?" in mail.html


@pytest.mark.parametrize("what", ["withdrawn", "answered", "declined"])
def test_question_that_needs_no_answer_any_more(row, daniel, what):
    services.ask_question(request=row, by=daniel, words="Which?", now=NOW)
    if what == "withdrawn":
        services.withdraw_request(request=row, by=row.asker, now=NOW)
    elif what == "answered":
        services.answer_question(request=row, by=row.asker, words="That.", now=NOW)
    else:
        services.decline_request(request=row, by=daniel, note="", no_more=None, now=NOW)

    assert letter("mentor_request_question") is None


def test_answer(row):
    now = queue_to_mentor(row, "mentor_request_answer")

    mail = letter("mentor_request_answer", now=now)

    assert mail.to == "daniel@example.org"
    assert mail.subject == "Wen Zhao answered your question"
    for body in (mail.text, mail.html):
        assert "Your time to answer runs on, until 6 December." in body
    assert "The <late> one.\nWhy?" in mail.text
    assert "The &lt;late&gt; one.<br>Why?" in mail.html


@pytest.mark.parametrize("kind", ["mentor_request_question", "mentor_request_answer"])
def test_question_and_answer_without_private_text(row, daniel, kind):
    hide_text(daniel)
    hide_text(row.asker)
    services.ask_question(request=row, by=daniel, words="Which shift?", now=NOW)
    if kind == "mentor_request_answer":
        services.answer_question(request=row, by=row.asker, words="The late one.", now=NOW)

    mail = letter(kind)

    for body in (mail.text, mail.html):
        assert "waits for you on the page" in body
        assert "shift" not in body
        assert "late one" not in body


@pytest.mark.parametrize("kind", ["mentor_request_question", "mentor_request_answer"])
def test_words_that_are_gone(row, kind):
    services.ask_question(request=row, by=row.mentor, words="Which?", now=NOW)
    if kind == "mentor_request_answer":
        services.answer_question(request=row, by=row.asker, words="That.", now=NOW)
    row.messages.all().delete()

    assert letter(kind) is None


def test_accepted(row, daniel):
    mentorship = services.accept_request(request=row, by=daniel, no_more=None, now=NOW)

    mail = letter("mentor_accepted")

    assert mail.subject == "Daniel Okafor said yes"
    for body in (mail.text, mail.html):
        assert "can read 1 goal of yours" in body
        assert f"http://waymark.test/mentorships/{mentorship.pk}/" in body
        assert "because you asked whether they would" in body


@pytest.mark.parametrize("note", ["", "Not this <year>.\nAsk me again."])
def test_declined(row, daniel, note):
    services.decline_request(request=row, by=daniel, note=note, no_more=None, now=NOW)

    mail = letter("mentor_request_declined")

    assert mail.to == "wen@example.org"
    assert mail.subject == "Daniel Okafor cannot take this on now"
    for body in (mail.text, mail.html):
        assert ("wrote you a line" in body) is bool(note)
        assert "You can ask Daniel again after 19 February 2027." in body
        assert "Who else could help" not in body
    assert note in mail.text
    assert "<year>" not in mail.html


def test_declined_without_private_text(row, daniel):
    hide_text(row.asker)
    services.decline_request(request=row, by=daniel, note="Not this year.", no_more=None, now=NOW)

    mail = letter("mentor_request_declined")

    for body in (mail.text, mail.html):
        assert "Not this year." not in body
        assert "it waits for you on the page" in body


@pytest.mark.parametrize("number", [0, 1, 4])
def test_expired(row, number):
    others = [ProfileFactory(owner__name=f"Grace{n} Mbeki", headline=f"Designer {n}") for n in range(number)]
    services.sweep_requests(now=NOW + 14 * DAY)

    mail = letter("mentor_request_expired", now=NOW + 14 * DAY)

    assert mail.to == "wen@example.org"
    assert mail.subject == "Your request to Daniel Okafor has closed without an answer"
    for body in (mail.text, mail.html):
        assert "That says nothing about you" in body
        assert ("has a place free" in body) is bool(number)
        assert ("who else offers their time" in body) is not bool(number)
        named = [other for other in others if f"http://waymark.test/mentors/{other.pk}/request/" in body]
        assert len(named) == min(number, 3)
        assert all(other.headline in body for other in named)


@pytest.mark.parametrize("kind", ["mentor_request_expired", "mentor_request_declined"])
def test_mail_to_the_asker_of_what_is_not_so(row, daniel, kind):
    services.decline_request(request=row, by=daniel, note="", no_more=None, now=NOW)
    if kind == "mentor_request_expired":
        Message.objects.update(kind=kind)
    else:
        Request.objects.all().delete()

    assert letter(kind) is None


@pytest.mark.parametrize(
    "what", ["unlisted", "paused", "full", "blocked", "blocks", "reads already", "asked", "said no"]
)
def test_alternatives_are_asked_again_at_sending(row, what):
    other = ProfileFactory(owner__name="Grace Mbeki", capacity=1)
    services.sweep_requests(now=NOW + 14 * DAY)
    assert "Grace Mbeki" in letter("mentor_request_expired", now=NOW + 14 * DAY).text

    if what == "unlisted":
        Profile.objects.filter(pk=other.pk).update(is_listed=False)
    elif what == "paused":
        Profile.objects.filter(pk=other.pk).update(paused_until=(NOW + 20 * DAY).date())
    elif what == "full":
        MentorshipFactory(mentor=other.owner)
    elif what == "blocked":
        BlockFactory(blocker=other.owner, blocked=row.asker)
    elif what == "blocks":
        BlockFactory(blocker=row.asker, blocked=other.owner)
    elif what == "reads already":
        MentorshipFactory(mentor=other.owner, mentee=row.asker, kind="colleague")
    elif what == "asked":
        RequestFactory(asker=row.asker, mentor=other.owner, question=True)
    else:
        RequestFactory(asker=row.asker, mentor=other.owner, declined=True)

    assert "Grace Mbeki" not in letter("mentor_request_expired", now=NOW + 14 * DAY).text


def test_alternatives_are_the_best_matches_of_the_directory(row):
    """By the topics of the one that was asked, and by the asker's own goals; whoever has a place stands in for nobody."""
    GoalFactory(owner=row.asker, title="Get comfortable with SQL")
    nothing = ProfileFactory(owner__name="None Shared", topics=["Healthcare"])
    goal = ProfileFactory(owner__name="Own Goal", topics=["SQL", "Healthcare"])
    two = ProfileFactory(owner__name="Two Topics", topics=["CHANGING careers", "Interviewing", "interviewing"])
    ProfileFactory(owner__name="No Place", topics=["Interviewing", "Changing careers", "SQL"], capacity=0)
    ProfileFactory(owner=row.asker)
    services.sweep_requests(now=NOW + 14 * DAY)

    text = letter("mentor_request_expired", now=NOW + 14 * DAY).text

    at = [text.index(f"/mentors/{profile.pk}/") for profile in (two, goal, nothing)]
    assert at == sorted(at)
    assert "No Place" not in text
    assert "Wen Zhao," not in text


@pytest.mark.parametrize(
    "kind", [*KINDS, "mentor_request_question", "mentor_request_declined", "mentor_request_expired"]
)
def test_people_can_switch_these_off(kind):
    assert registry.find(kind).preference == "mentoring"
