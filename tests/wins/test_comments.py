"""What two people write to each other about a win: on its page, by mail, and back."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from mail.letters import compose
from mail.models import Inbound, Message
from mail.registry import find
from sharing.services import block, end_mentorship, withdraw
from tests.factories.wins import WinCommentFactory, WinFactory
from tests.mail.coming_in import DOMAIN, arrive, notices, reply_mail
from wins import services
from wins.models import WinComment

pytestmark = pytest.mark.django_db
HTMX = {"hx-request": "true"}
NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
WORDS = "Well done, **truly**."


@pytest.fixture
def win(cast):
    return WinFactory(owner=cast.owner, text="Spoke up in the canteen.", shared_with=[cast.mentorship])


def write(win, mentorship, by, text=WORDS, at=None):
    at = at or timezone.now() - timedelta(hours=1)
    services.comment_on_win(win=win, mentorships=[mentorship], by=by, text=text, at=at)


def letter(user, *, now=None):
    """Return the mail about a comment on a win as it would leave now, or None."""
    message = Message.objects.with_recipient().get(kind="win_comment", user=user)
    content = find("win_comment").contents([message], now=now or timezone.now())[message.pk]
    return content and compose(message, content, now=now or timezone.now())


def test_a_reader_writes_and_the_owner_is_told(client, cast, win):
    client.force_login(cast.mentor)
    assert 'placeholder="Write to Olive Owner"' in client.get(win.get_absolute_url()).content.decode()

    response = client.post(f"/wins/{win.pk}/comments/?thread={cast.mentorship.pk}", {"text": WORDS})

    comment = WinComment.objects.get()
    assert response["Location"] == f"/wins/{win.pk}/#conversation"
    assert (comment.author, comment.mentorship, comment.item) == (cast.mentor, cast.mentorship, win)
    assert Message.objects.get().user == cast.owner
    client.force_login(cast.owner)
    page = client.get(win.get_absolute_url()).content.decode()
    assert "<strong>truly</strong>" in page
    assert '<span class="role">Your mentor</span>' in page
    assert f"/mentors/report/?about=win-comment&amp;id={comment.pk}" in page


def test_the_owner_writes_to_one_or_to_all(client, cast, win):
    win.shared_with.add(cast.colleagueship)
    client.force_login(cast.owner)

    client.post(f"/wins/{win.pk}/comments/?thread={cast.colleagueship.pk}", {"text": "For Cora"})
    client.post(f"/wins/{win.pk}/comments/?thread=all", {"text": "For both"})

    client.force_login(cast.mentor)
    page = client.get(win.get_absolute_url()).content.decode()
    assert "For both" in page
    assert "For Cora" not in page


def test_threads_can_be_opened_to_each_other(client, cast, win):
    win.shared_with.add(cast.colleagueship)
    WinCommentFactory(item=win, mentorship=cast.colleagueship, text="From Cora")
    client.force_login(cast.owner)
    shares = {"share": [cast.mentorship.pk, cast.colleagueship.pk]}
    assert 'name="threads_open"' in client.get(f"/wins/{win.pk}/share/").content.decode()

    client.post(f"/wins/{win.pk}/share/", shares | {"threads_open": "on"})
    client.force_login(cast.mentor)
    assert "From Cora" in client.get(win.get_absolute_url()).content.decode()
    client.force_login(cast.owner)
    client.post(f"/wins/{win.pk}/share/", shares)

    client.force_login(cast.mentor)
    assert "From Cora" not in client.get(win.get_absolute_url()).content.decode()


def test_by_htmx_the_conversation_comes_back(client, cast, win):
    client.force_login(cast.mentor)
    url = f"/wins/{win.pk}/comments/?thread={cast.mentorship.pk}"

    good, empty = (client.post(url, {"text": text}, headers=HTMX) for text in ("Here", "  "))

    assert '<section id="win-conversation"' in good.content.decode()
    assert "Here" in good.content.decode()
    assert empty.status_code == 422
    assert "Write a line first." in empty.content.decode()


@pytest.mark.parametrize("text", ["", "   ", "x" * 10_001, "\x00"])
def test_bad_words_come_back_on_the_page(client, cast, win, text):
    client.force_login(cast.mentor)

    response = client.post(f"/wins/{win.pk}/comments/?thread={cast.mentorship.pk}", {"text": text})

    assert response.status_code == 422
    assert "Spoke up in the canteen." in response.content.decode()
    assert not WinComment.objects.exists()


def test_sent_twice_is_one_comment_and_one_mail(client, cast, win):
    client.force_login(cast.mentor)

    for text in ("Here", "Here", "And here"):
        client.post(f"/wins/{win.pk}/comments/?thread={cast.mentorship.pk}", {"text": text})

    assert [comment.text for comment in win.comments.all()] == ["Here", "And here"]
    assert Message.objects.filter(kind="win_comment").count() == 1, "the mail that waits holds both"


@pytest.mark.parametrize("thread", ["x", "9" * 30, "-1", "", "1e3"])
def test_in_no_thread_of_mine_is_forbidden(client, cast, win, thread):
    client.force_login(cast.owner)

    assert client.post(f"/wins/{win.pk}/comments/?thread={thread}", {"text": "Words"}).status_code == 403


def test_edit_and_remove(client, cast, win):
    comment = WinCommentFactory(item=win, mentorship=cast.mentorship, text="Regretted")
    url = f"/wins/comments/{comment.pk}/"
    client.force_login(cast.mentor)
    assert "Regretted" in client.get(f"{url}edit/").content.decode()
    assert f'id="comment-{comment.pk}"' in client.get(f"{url}edit/", headers=HTMX).content.decode()
    assert client.post(f"{url}edit/", {"text": ""}).status_code == 422

    changed = client.post(f"{url}edit/", {"text": "Changed"}, headers=HTMX).content.decode()
    client.force_login(cast.owner)
    removed = client.post(f"{url}remove/", headers=HTMX).content.decode()

    assert "Changed" in changed
    assert ", edited" in changed
    assert "Removed by Olive Owner." in removed
    assert "Changed" not in removed
    assert client.post(f"{url}remove/").status_code == 302, "in another tab: it is gone, as was wished"
    client.force_login(cast.mentor)
    assert client.post(f"{url}edit/", {"text": "Back again"}).status_code == 403


def test_a_reader_removes_only_their_own_words(client, cast, win):
    comment = WinCommentFactory(item=win, mentorship=cast.mentorship, author=cast.owner, text="Mine")
    client.force_login(cast.mentor)

    assert client.post(f"/wins/comments/{comment.pk}/remove/").status_code == 403
    assert WinComment.objects.get().text == "Mine"


@pytest.mark.parametrize("how", ["ended", "withdrawn", "blocked"])
@pytest.mark.parametrize("verb", ["edit", "remove"])
def test_a_former_reader_touches_nothing_and_the_owner_keeps_the_words(client, cast, win, how, verb):
    comment = WinCommentFactory(item=win, mentorship=cast.mentorship, text="Long ago")
    if how == "ended":
        end_mentorship(mentorship=cast.mentorship, by=cast.owner, at=NOW)
    elif how == "withdrawn":
        withdraw(item=win, mentorship=cast.mentorship, by=cast.owner)
    else:
        block(blocker=cast.owner, blocked=cast.mentor, at=NOW)
    client.force_login(cast.mentor)

    assert client.post(f"/wins/comments/{comment.pk}/{verb}/", {"text": "Changed"}).status_code == 404
    assert client.post(f"/wins/{win.pk}/comments/", {"text": "Again"}).status_code == 404
    assert client.get(win.get_absolute_url()).status_code == 404
    client.force_login(cast.owner)
    page = client.get(win.get_absolute_url()).content.decode()
    assert "Long ago" in page
    assert ("Your mentor until lately" in page) is (how != "withdrawn")
    assert "Write to Mina" not in page


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_asks_the_same_for_any_number_of_comments(client, cast, win, number, django_assert_num_queries):
    WinCommentFactory.create_batch(number, item=win, mentorship=cast.mentorship)
    client.force_login(cast.owner)
    client.get(win.get_absolute_url())

    with django_assert_num_queries(5):  # user, win, comments, threads, frame
        client.get(win.get_absolute_url())


def test_only_the_newest_are_shown_at_first(client, cast, win):
    for number in range(52):
        at = NOW + timedelta(minutes=number)
        WinCommentFactory(item=win, mentorship=cast.mentorship, text=f"Line {number}.", created_at=at)
    client.force_login(cast.owner)

    newest = client.get(win.get_absolute_url()).content.decode()
    whole = client.get(f"{win.get_absolute_url()}?comments=all").content.decode()

    assert "Line 1." not in newest
    assert f'href="/wins/{win.pk}/?comments=all#conversation"' in newest
    assert "Line 0." in whole


def test_a_preview_shows_the_thread_of_that_reader_and_nothing_to_press(client, cast, win):
    win.shared_with.add(cast.colleagueship)
    WinCommentFactory(item=win, mentorship=cast.mentorship, text="From Mina")
    WinCommentFactory(item=win, mentorship=cast.colleagueship, text="From Cora")
    client.force_login(cast.owner)

    page = client.get(f"{win.get_absolute_url()}?as={cast.mentorship.pk}").content.decode()

    assert "From Mina" in page
    assert "From Cora" not in page
    assert "<textarea" not in page


def test_mail_brings_the_words_in_both_forms(cast, win):
    write(win, cast.mentorship, cast.mentor, "First, **truly**.\n\nThen <b>more</b>.")

    mail = letter(cast.owner)

    assert mail.subject == "Mina wrote about “Spoke up in the canteen.”"
    assert "First, **truly**." in mail.text
    assert "Mina Mentor, your mentor, wrote about" in mail.text
    assert "<strong>truly</strong>" in mail.html
    assert "Then &lt;b&gt;more&lt;/b&gt;." in mail.html
    for body in (mail.text, mail.html):
        assert f"http://waymark.test/wins/{win.pk}/#comment-{WinComment.objects.get().pk}" in body


def test_mail_without_private_text(cast, win):
    cast.owner.mails_hide_text = True
    cast.owner.save()
    write(win, cast.mentorship, cast.mentor)

    mail = letter(cast.owner)

    assert mail.subject == "Mina wrote to you"
    for body in (mail.text, mail.html):
        assert "canteen" not in body
        assert "truly" not in body


@pytest.mark.parametrize("how", ["withdrawn", "deleted", "ended", "removed"])
@pytest.mark.parametrize("reader", ["owner", "mentor"])
def test_mail_is_not_sent_to_who_may_not_read_it_now(cast, win, how, reader):
    write(win, cast.mentorship, cast.mentor if reader == "owner" else cast.owner)
    if how == "withdrawn":
        withdraw(item=win, mentorship=cast.mentorship, by=cast.owner)
    elif how == "deleted":
        services.delete_win(win=win, at=NOW)
    elif how == "ended":
        end_mentorship(mentorship=cast.mentorship, by=cast.mentor, at=NOW)
    else:
        WinComment.objects.update(removed_at=NOW, text="")

    keeps = reader == "owner" and how in {"withdrawn", "ended"}  # what was written to the owner stays theirs
    assert (letter(getattr(cast, reader)) is not None) is keeps


@pytest.fixture
def replies(settings):
    settings.REPLY_DOMAIN = DOMAIN


def test_an_answer_by_mail_lands_in_the_thread(cast, win, replies):
    write(win, cast.mentorship, cast.mentor)
    assert "Or just reply to this email." in letter(cast.owner).html

    arrive(reply_mail(Message.objects.get(kind="win_comment"), "It was easier than I thought.\n\n> Well done"))

    answer = WinComment.objects.get(mailed_at__isnull=False)
    assert (answer.author, answer.mentorship, answer.item) == (cast.owner, cast.mentorship, win)
    assert (answer.text, answer.folded) == ("It was easier than I thought.", "> Well done")
    assert Message.objects.filter(kind="win_comment", user=cast.mentor).exists()


@pytest.mark.parametrize("who", ["mentor", "second_mentor", "former_mentor", "colleague", "stranger", "staff"])
def test_nobody_answers_in_the_name_of_the_owner(cast, win, replies, who):
    write(win, cast.mentorship, cast.mentor)

    arrive(reply_mail(Message.objects.get(kind="win_comment"), sender=getattr(cast, who).email))

    assert not WinComment.objects.filter(mailed_at__isnull=False)
    assert Inbound.objects.get().reason == "sender"


@pytest.mark.parametrize("how", ["ended", "withdrawn", "blocked", "deleted"])
def test_an_answer_of_a_former_reader_is_refused_without_the_win(cast, win, replies, how):
    write(win, cast.mentorship, cast.owner)
    message = Message.objects.get(kind="win_comment", user=cast.mentor)
    if how == "ended":
        end_mentorship(mentorship=cast.mentorship, by=cast.owner, at=NOW)
    elif how == "withdrawn":
        withdraw(item=win, mentorship=cast.mentorship, by=cast.owner)
    elif how == "blocked":
        block(blocker=cast.owner, blocked=cast.mentor, at=NOW)
    else:
        services.delete_win(win=win, at=NOW)

    arrive(reply_mail(message))

    assert not WinComment.objects.filter(mailed_at__isnull=False)
    assert Inbound.objects.get().reason == "closed"
    assert "canteen" not in f"{notices().get().ids}{notices().get().context}"


def test_a_deleted_account_leaves_its_words_to_the_owner(client, cast, win):
    WinCommentFactory(item=win, mentorship=cast.mentorship, text="Well done")
    end_mentorship(mentorship=cast.mentorship, by=cast.mentor, at=NOW)
    cast.mentor.delete()
    client.force_login(cast.owner)

    page = client.get(win.get_absolute_url()).content.decode()

    assert "Well done" in page
    assert "Former member" in page
