"""Answers by mail to what somebody wrote about a goal."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from goals import services
from goals.models import GoalComment
from mail.models import Inbound, Message
from sharing.mailed import in_pieces
from sharing.services import block, end_mentorship, withdraw
from tests.factories.goals import GoalFactory
from tests.mail.coming_in import DOMAIN, arrive, notices, reply_mail

TITLE = "Learn to say no"
WORDS = "I asked her on Monday, and she said yes."


@pytest.fixture
def goal(cast):
    return GoalFactory(owner=cast.owner, title=TITLE, shared_with=[cast.mentorship, cast.second_mentorship])


@pytest.fixture(autouse=True)
def reply_domain(settings):
    settings.REPLY_DOMAIN = DOMAIN


@pytest.fixture
def to_owner(cast, goal):
    """The mail that tells the owner what their mentor wrote."""
    write(goal, cast.mentorship, cast.mentor)
    return Message.objects.get(kind="goal_comment", user=cast.owner)


@pytest.fixture
def to_mentor(cast, goal):
    """The mail that tells the mentor what the owner wrote."""
    write(goal, cast.mentorship, cast.owner)
    return Message.objects.get(kind="goal_comment", user=cast.mentor)


def write(goal, mentorship, by):
    """Write some time ago, so that what follows is not gathered with it."""
    at = timezone.now() - timedelta(hours=1)
    services.comment_on_goal(goal=goal, mentorships=[mentorship], by=by, text="Have you asked Wen?", at=at)


def answers():
    return GoalComment.objects.filter(mailed_at__isnull=False)


def test_answer_of_the_owner_lands_in_the_same_thread(cast, goal, to_owner):
    arrive(reply_mail(to_owner, f"{WORDS}\n\n> Have you asked Wen?"))

    answer = answers().get()
    assert (answer.author, answer.text, answer.item, answer.mentorship) == (cast.owner, WORDS, goal, cast.mentorship)
    assert answer.folded == "> Have you asked Wen?"
    assert Message.objects.filter(kind="goal_comment", user=cast.mentor).exists()
    assert not Message.objects.filter(kind="goal_comment", user=cast.second_mentor).exists()


def test_answer_of_the_mentor_lands_in_the_same_thread(cast, goal, to_mentor):
    arrive(reply_mail(to_mentor, WORDS))

    answer = answers().get()
    assert (answer.author, answer.mentorship) == (cast.mentor, cast.mentorship)
    assert Message.objects.filter(kind="goal_comment", user=cast.owner).exists()


@pytest.mark.parametrize("who", ["owner", "second_mentor", "former_mentor", "colleague", "stranger", "staff"])
def test_nobody_answers_in_the_name_of_the_mentor(cast, goal, to_mentor, who):
    arrive(reply_mail(to_mentor, WORDS, sender=getattr(cast, who).email))

    assert not answers()
    assert Inbound.objects.get().reason == "sender"


@pytest.mark.parametrize("who", ["mentor", "second_mentor", "former_mentor", "colleague", "stranger", "staff"])
def test_nobody_answers_in_the_name_of_the_owner(cast, goal, to_owner, who):
    arrive(reply_mail(to_owner, WORDS, sender=getattr(cast, who).email))

    assert not answers()
    assert Inbound.objects.get().reason == "sender"


@pytest.mark.parametrize("change", ["ended", "withdrawn", "blocked", "deleted"])
def test_answer_of_a_former_reader_is_refused_without_a_title(cast, goal, to_mentor, change):
    now = timezone.now()
    if change == "ended":
        end_mentorship(mentorship=cast.mentorship, by=cast.owner, at=now)
    elif change == "withdrawn":
        withdraw(item=goal, mentorship=cast.mentorship, by=cast.owner)
    elif change == "blocked":
        block(blocker=cast.owner, blocked=cast.mentor, at=now)
    else:
        goal.put_in_bin(at=now)

    arrive(reply_mail(to_mentor, WORDS))
    arrive(reply_mail(to_mentor, WORDS, message_id="<2@example.org>"))

    assert not answers()
    assert set(Inbound.objects.values_list("reason", "raw_size")) == {("closed", 0)}
    notice = notices().get()
    assert notice.user == cast.mentor
    assert TITLE not in f"{notice.ids}{notice.dedupe}{notice.context}"


def test_answer_of_the_owner_after_the_relation_ended_is_refused(cast, goal, to_owner):
    end_mentorship(mentorship=cast.mentorship, by=cast.mentor, at=timezone.now())

    arrive(reply_mail(to_owner, WORDS))

    assert not answers()
    assert Inbound.objects.get().reason == "closed"


def test_answer_of_somebody_who_is_leaving_is_refused(cast, goal, to_mentor):
    User.objects.filter(pk=cast.mentor.pk).update(deletion_asked_at=timezone.now())

    arrive(reply_mail(to_mentor, WORDS))

    assert not answers()
    assert not notices()


def test_same_answer_sent_twice_within_a_minute_is_one_comment(cast, goal, to_mentor):
    arrive(reply_mail(to_mentor, WORDS))
    arrive(reply_mail(to_mentor, WORDS, message_id="<2@example.org>"))

    assert answers().count() == 1


def test_long_answer_becomes_several_comments_with_every_word(cast, goal, to_mentor):
    text = "\n\n".join(f"Paragraph {number}. " + "word " * 190 for number in range(30)).strip()

    arrive(reply_mail(to_mentor, text))

    written = [comment.text for comment in answers().order_by("pk")]
    assert len(written) == 3
    assert " ".join(written).split() == text.split()


def test_removed_answer_takes_along_what_was_folded(cast, goal, to_owner):
    arrive(reply_mail(to_owner, f"{WORDS}\n\n> Have you asked Wen?"))

    services.remove_comment(comment=answers().get(), by=cast.owner, at=timezone.now())

    assert (answers().get().text, answers().get().folded) == ("", "")


@pytest.mark.parametrize("who", ["owner", "mentor"])
def test_page_says_by_email_and_shows_nobody_what_was_folded(client, cast, goal, to_owner, who):
    arrive(reply_mail(to_owner, f"{WORDS}\n\n> quoted and folded"))
    client.force_login(getattr(cast, who))

    page = client.get(f"/goals/{goal.pk}/").content.decode()

    assert WORDS in page
    assert ", by email" in page
    assert "quoted and folded" not in page


def test_author_finds_what_was_folded_beside_the_comment(client, cast, goal, to_owner):
    arrive(reply_mail(to_owner, f"{WORDS}\n\n> quoted and <b>folded</b>"))
    url = f"/goals/comments/{answers().get().pk}/edit/"
    client.force_login(cast.owner)

    page = client.get(url, headers={"HX-Request": "true"}).content.decode()

    assert "&gt; quoted and &lt;b&gt;folded&lt;/b&gt;" in page
    assert "quoted and" in client.get(url).content.decode()
    client.force_login(cast.mentor)
    assert client.get(url).status_code == 403


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        ("short", ["short"]),
        ("aaaa bbbb", ["aaaa", "bbbb"]),
        ("aaa bb\n\ncc dd", ["aaa bb", "cc dd"]),
        ("a" * 17, ["a" * 8, "a" * 8, "a"]),
    ],
)
def test_in_pieces_cuts_where_a_reader_would(text, pieces):
    assert in_pieces(text, 8) == pieces
