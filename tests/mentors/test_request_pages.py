from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from mail.models import Message
from mentors import services
from mentors.models import Profile, Report, Request
from sharing.models import Block, Mentorship
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalFactory
from tests.factories.mentors import ProfileFactory, RequestFactory
from tests.factories.sharing import MentorshipFactory
from tests.mentors.pages import text_of

pytestmark = pytest.mark.django_db
WEN, DANIEL = "Wen Zhao", "Daniel Okafor"


@pytest.fixture
def row():
    row = RequestFactory(
        asker__name=WEN,
        mentor=ProfileFactory(owner__name=DANIEL).owner,
        help_wanted="What do I <show>?",
    )
    row.goals.add(GoalFactory(owner=row.asker, title="Lead a shift"))
    return row


@pytest.fixture
def wen(row):
    return row.asker


@pytest.fixture
def daniel(row):
    return row.mentor


def page(client, user, row):
    client.force_login(user)
    return text_of(client.get(row.get_absolute_url()))


def post(client, user, row, verb, **data):
    client.force_login(user)
    return client.post(f"{row.get_absolute_url()}{verb}/", data)


def test_mentor_reads_what_is_asked(client, row, daniel):
    text = page(client, daniel, row)

    assert "Wen Zhao would like you as a mentor" in text
    assert "Answer by" in text
    assert "What do I &lt;show&gt;?" in text
    assert "Lead a shift" in text
    assert f"/goals/{row.goals.get().pk}/" not in text  # a title, no more
    assert client.get(f"/goals/{row.goals.get().pk}/").status_code == 404
    assert "You moved from nursing into research." in text
    assert "Every 2 weeks" in text
    assert "Take it back" not in text
    for words in ("Say yes to Wen", "Ask something first", "I would rather not", "Block Wen"):
        assert words in text


def test_asker_reads_where_it_stands(client, row, wen):
    text = page(client, wen, row)

    assert "Your request to Daniel Okafor" in text
    assert "Daniel has until" in text
    assert "Take it back" in text
    assert "Say yes" not in text


def test_accept(client, row, daniel, wen):
    answer = post(client, daniel, row, "accept")

    mentorship = Mentorship.objects.get()
    assert answer.url == mentorship.get_absolute_url()
    assert "You and Wen work together now." in text_of(client.get(answer.url))
    assert client.get(f"/goals/{row.goals.get().pk}/").status_code == 200
    assert "You said yes on" in page(client, daniel, row)
    assert "Daniel said yes on" in page(client, wen, row)
    assert f'href="{mentorship.get_absolute_url()}"' in page(client, wen, row)


def test_accept_and_take_no_more(client, row, daniel):
    until = datetime.now(UTC).date() + timedelta(days=60)

    post(client, daniel, row, "accept", then="pause", until=until.isoformat())

    assert Profile.objects.get().paused_until == until


@pytest.mark.parametrize("verb", ["accept", "decline"])
@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"then": "pause"}, "Choose until which day"),
        ({"then": "pause", "until": "2020-01-01"}, "Choose today or a later day."),
        ({"then": "pause", "until": "2190-01-01"}, "A pause can last a year."),
        ({"then": "pause", "until": "soon"}, "Use a date, like"),
        ({"then": "x"}, "That choice is not there any more."),
        ({"note": "x" * 1001}, "1000 characters"),
    ],
)
def test_mistakes_of_a_verdict(client, row, daniel, verb, data, says):
    if verb == "accept" and "note" in data:
        return

    answer = post(client, daniel, row, verb, **data)

    assert answer.status_code == 422
    assert says in text_of(answer)
    assert Request.objects.get().state == "sent"
    assert f'<details class="data{" mb-3" * (verb == "accept")}" open>' in text_of(answer)


def test_decline(client, row, daniel, wen):
    other = ProfileFactory(owner__name="Grace Mbeki")

    answer = post(client, daniel, row, "decline", note="Not this <year>.", then="unlist")

    assert answer.url == "/mentees/"
    assert not Profile.objects.get(owner=daniel).is_listed
    mine = page(client, wen, row)
    assert "Daniel cannot take this on now. You can ask again after" in mine
    assert "Not this &lt;year&gt;." in mine
    assert f'href="/mentors/{other.pk}/request/">Ask Grace Mbeki' in mine
    theirs = page(client, daniel, row)
    assert "You said no on" in theirs
    for words in ("What do I", "Lead a shift", "Not this", "Say yes"):
        assert words not in theirs


def test_question_and_answer(client, row, daniel, wen):
    assert post(client, daniel, row, "ask", text="Which <shift>?").url == row.get_absolute_url()
    theirs = page(client, daniel, row)
    assert "You asked Wen something." in theirs
    assert "Ask something first" not in theirs
    mine = page(client, wen, row)
    assert "Which &lt;shift&gt;?" in mine
    assert "stands still until you do" in mine

    assert post(client, wen, row, "answer", text="The late one.").url == row.get_absolute_url()

    assert "The late one." in page(client, daniel, row)
    assert Request.objects.get().state == "sent"


@pytest.mark.parametrize(("verb", "who"), [("ask", "mentor"), ("answer", "asker")])
@pytest.mark.parametrize("text", ["", " \u200b", "x" * 1001])
def test_mistakes_of_a_message(client, verb, who, text):
    row = RequestFactory(**({"question": True} if verb == "answer" else {}))

    answer = post(client, getattr(row, who), row, verb, text=text)

    assert answer.status_code == 422
    assert text.strip(" \u200b") in text_of(answer)
    assert not row.messages.exists()


def test_take_back(client, row, daniel, wen):
    answer = post(client, wen, row, "withdraw")

    assert answer.url == row.get_absolute_url()
    assert "You took this back on" in page(client, wen, row)
    theirs = page(client, daniel, row)
    assert "Wen took this back on" in theirs
    assert "What do I" not in theirs
    assert "Lead a shift" not in theirs


@pytest.mark.parametrize(
    ("verb", "who", "says"),
    [
        ("accept", "mentor", "was taken back, so it cannot be accepted"),
        ("decline", "mentor", "was taken back, so it cannot be declined"),
        ("ask", "mentor", "was taken back, so it cannot be asked about"),
        ("answer", "asker", "was taken back, so it cannot be answered"),
        ("withdraw", "asker", "was taken back, so it cannot be taken back"),
        ("send", "asker", "was taken back, so it cannot be sent"),
    ],
)
def test_whoever_is_late_reads_why(client, verb, who, says):
    row = RequestFactory(withdrawn=True)

    typed = {"note" if verb == "decline" else "text": "Typed in vain"}
    answer = post(client, getattr(row, who), row, verb, **typed)

    assert answer.status_code == 409
    assert "Typed in vain" in text_of(answer)
    assert says in text_of(answer)
    assert "Nothing was changed." in text_of(answer)


def test_accept_without_a_place(client, row, daniel):
    MentorshipFactory.create_batch(2, mentor=daniel)

    answer = post(client, daniel, row, "accept")

    assert answer.status_code == 409
    assert "Your profile has 2 places, and all are taken." in text_of(answer)


def test_block(client, row, daniel, wen):
    answer = post(client, daniel, row, "block")

    assert answer.url == "/mentees/"
    assert Block.objects.get().blocked == wen
    assert client.get(row.get_absolute_url()).status_code == 404
    for verb in ("accept", "decline", "ask", "block"):
        assert post(client, daniel, row, verb, text="x").status_code == 404
    assert "Daniel has until" in page(client, wen, row)


def test_report(client, row, daniel, wen):
    for user, other in ((daniel, WEN), (wen, DANIEL)):
        text = page(client, user, row)
        url = f"/mentors/report/?about=request&id={row.pk}"
        assert url.replace("&", "&amp;") in text
        assert f"Report {other}" in text_of(client.get(url))
        client.post(url, {"kind": "selling", "words": "Wants money."})
    client.force_login(UserFactory())
    assert client.get(url).status_code == 404

    assert {report.person for report in Report.objects.all()} == {daniel, wen}
    assert all(report.about_id == row.pk for report in Report.objects.all())


def test_draft_is_no_reason_to_report(client, wen, daniel):
    draft = RequestFactory(asker=wen, mentor=UserFactory(), draft=True)

    assert "/mentors/report/" not in page(client, wen, draft)
    assert client.get(f"/mentors/report/?about=request&id={draft.pk}").status_code == 404


def test_former_mentor_finds_nothing(client, row, daniel, wen):
    mentorship = services.accept_request(request=row, by=daniel, no_more=None, now=datetime.now(UTC))
    services.end_with_words(mentorship=mentorship, by=wen, words="", now=datetime.now(UTC))

    client.force_login(daniel)
    assert client.get(row.get_absolute_url()).status_code == 404
    assert post(client, daniel, row, "accept").status_code == 404
    assert "Daniel said yes on" in page(client, wen, row)


def test_mentor_who_is_gone(client, row, wen, daniel):
    services.leave(user=daniel, at=datetime.now(UTC))
    User.objects.filter(pk=daniel.pk).delete()

    text = page(client, wen, row)

    assert "Your request to former member" in text
    assert "It closed without an answer on" in text


def test_a_draft_says_which_words_it_lacks(client, wen):
    words = {"help_wanted": "Which parts?", "why_you": "", "about_me": "", "offer": "Two hours."}
    draft = RequestFactory(asker=wen, mentor=UserFactory(), draft=True, **words)

    assert page(client, wen, draft).count("Still empty. It is needed to send this.") == 2


def test_draft_to_somebody_who_is_gone(client, wen):
    draft = RequestFactory(asker=wen, mentor=None, draft=True)

    assert "is not in the list of mentors any more" in page(client, wen, draft)
    assert post(client, wen, draft, "send").status_code == 409


def test_title_of_a_goal_that_is_gone(client, row, daniel):
    row.goals.update(deleted_at=datetime.now(UTC))

    assert "Lead a shift" not in page(client, daniel, row)


@pytest.mark.parametrize("verb", ["accept", "decline", "ask", "block", "withdraw", "answer", "send", "discard"])
def test_opening_a_link_changes_nothing(client, row, daniel, verb):
    client.force_login(daniel)

    assert client.get(f"{row.get_absolute_url()}{verb}/").status_code == 405


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("who", "queries"), [("mentor", 5), ("asker", 5)])
def test_queries(client, row, number, who, queries, django_assert_num_queries):
    for _ in range(number):
        row.goals.add(GoalFactory(owner=row.asker))
        row.messages.create(author=row.mentor, text="Why?", created_at=row.created_at)
    page(client, getattr(row, who), row)

    with django_assert_num_queries(queries):
        client.get(row.get_absolute_url())


@pytest.mark.parametrize("has_other", [True, False])
def test_a_request_that_came_to_nothing_leads_on(client, owner, has_other):
    asked = ProfileFactory(topics=["Interviewing"])
    row = RequestFactory(asker=owner, mentor=asked.owner, expired=True, closed_at=datetime.now(UTC))
    other = ProfileFactory(owner__name="Grace Mbeki", capacity=int(has_other))

    text = page(client, owner, row)

    assert (f'href="/mentors/{other.pk}/request/">Ask Grace Mbeki' in text) is has_other
    assert ('href="/mentors/">See who offers their time' in text) is not has_other


def test_lists(client, owner):
    for name, traits in {
        "Dora Draft": {"draft": True},
        "Sid Sent": {},
        "Quin Question": {"question": True},
        "Dee Declined": {"declined": True, "closed_at": datetime.now(UTC), "decline_note": "Alas."},
        "Eve Expired": {"expired": True, "closed_at": datetime.now(UTC)},
        "Wim Withdrawn": {"withdrawn": True, "closed_at": datetime.now(UTC)},
        "Olaf Old": {"declined": True, "closed_at": datetime.now(UTC) - timedelta(days=15)},
    }.items():
        RequestFactory(asker=owner, mentor=UserFactory(name=name), **traits)

    text = text_of(client.get("/mentors/"))

    assert "Your requests" in text
    for words in (
        "A draft, kept",
        "Has until",
        "Asks you something first",
        "Cannot take this on now, and wrote you a line",
        "Closed without an answer on",
    ):
        assert words in text
    assert "Wim Withdrawn" not in text
    assert "Olaf Old" not in text
    assert "Nobody reads along yet" not in text


def test_desk(client, row, daniel):
    blocked = RequestFactory(mentor=daniel, asker__name="Bea Blocked")
    Block.objects.create(blocker=daniel, blocked=blocked.asker, created_at=datetime.now(UTC))
    RequestFactory(mentor=daniel, asker__name="Quin Question", question=True)
    client.force_login(daniel)

    text = text_of(client.get("/mentees/"))

    assert "Wen Zhao would like you as a mentor" in text
    assert "“What do I &lt;show&gt;?” Answer by" in text
    assert "Bea Blocked" not in text
    assert "Quin Question" not in text
    assert "Nobody shows you anything yet" not in text
    assert '<span class="visually-hidden">, 1 waiting' in text or ">1<" in text


def test_mails_are_asked_for_once_a_verb(client, row, daniel, wen):
    post(client, daniel, row, "ask", text="Why?")
    post(client, wen, row, "answer", text="So.")
    post(client, daniel, row, "accept")
    post(client, daniel, row, "accept")

    kinds = sorted(Message.objects.values_list("kind", flat=True))
    assert kinds == ["mentor_accepted", "mentor_request_answer", "mentor_request_question"]
