"""The advice loop: noted or kept, marked, and told once a month if the mentee likes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from home.week import week_for
from mail import registry
from mail.letters import compose
from mail.models import Message
from mentors import services
from mentors.models import Advice, AdviceNote
from tests.factories.goals import GoalCommentFactory, GoalFactory
from tests.factories.journal import EntryCommentFactory, EntryFactory
from tests.factories.mentors import AdviceFactory, CheckInFactory
from tests.factories.wins import WinCommentFactory, WinFactory
from tests.mentors.pages import text_of
from tests.mentors.test_races import at_once

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def advice(cast):
    return AdviceFactory(check_in=CheckInFactory(mentorship=cast.mentorship, held=True))


@pytest.fixture
def url(cast):
    return f"/mentorships/{cast.mentorship.pk}/advice/"


def comment_on(cast, **more):
    goal = GoalFactory(owner=cast.owner, shared_with=[cast.mentorship], title="SECRET-GOAL")
    return GoalCommentFactory(
        **{"item": goal, "mentorship": cast.mentorship, "author": cast.mentor, "text": "Ask fewer questions."} | more
    )


@pytest.mark.parametrize("state", ["tried", "worked", "did_not", "not_me"])
def test_mark_and_take_back(client, owner, advice, url, state):
    client.post(f"{url}{advice.pk}/mark/", {"state": state})
    advice.refresh_from_db()
    assert (advice.state, advice.marked_at is None) == (state, False)

    client.post(f"{url}{advice.pk}/mark/", {"state": ""})
    advice.refresh_from_db()
    assert (advice.state, advice.marked_at) == ("open", None)


@pytest.mark.parametrize("state", ["done", "x" * 5000, "\x00"])
def test_an_unknown_mark_is_none(client, owner, advice, url, state):
    assert client.post(f"{url}{advice.pk}/mark/", {"state": state}).status_code == 302
    advice.refresh_from_db()
    assert advice.state == "open"


def test_a_comment_of_the_mentor_is_kept_once(client, cast, owner, url):
    comment = comment_on(cast)
    assert "Keep as advice" in text_of(client.get(f"/goals/{comment.item_id}/"))

    for _ in range(2):
        page = text_of(client.post(f"{url}comments/{comment.pk}/", follow=True))

    assert Advice.objects.get().comment == comment
    assert "Ask fewer questions." in page


THINGS = {
    "goal": (GoalFactory, GoalCommentFactory),
    "entry": (EntryFactory, EntryCommentFactory),
    "win": (WinFactory, WinCommentFactory),
}


@pytest.mark.parametrize("kind", THINGS)
def test_a_kept_comment_says_so_to_its_owner_alone(client, cast, owner, url, kind):
    thing, words = THINGS[kind]
    item = thing(owner=owner, shared_with=[cast.mentorship], threads_open=True)
    comment = words(item=item, mentorship=cast.mentorship, author=cast.mentor)
    page = item.get_absolute_url()

    answer = text_of(client.post(f"{url}comments/{comment.pk}/?about={kind}-comment", headers={"hx-request": "true"}))

    assert answer.strip().startswith(f'<a class="btn btn-quiet btn-sm" href="{url}">')
    assert "Kept as advice" in answer
    again = text_of(client.get(page))
    assert "Keep as advice" not in again
    assert f'href="{url}"' in again
    assert "Kept as advice" in again
    assert "Kept as advice" not in text_of(client.get(f"{page}?as={cast.mentorship.pk}"))
    client.force_login(cast.mentor)
    assert "Kept as advice" not in text_of(client.get(page))


@pytest.mark.parametrize("kind", THINGS)
def test_what_htmx_draws_again_still_says_that_it_is_kept(client, cast, owner, url, kind):
    thing, words = THINGS[kind]
    item = thing(owner=owner, shared_with=[cast.mentorship])
    comment = words(item=item, mentorship=cast.mentorship, author=cast.mentor)
    services.keep_comment(comment=comment, by=owner, now=NOW)
    send = f"{item.get_absolute_url()}comments/?thread={cast.mentorship.pk}"

    drawn = text_of(client.post(send, {"text": "Thank you."}, headers={"hx-request": "true"}))

    assert "Keep as advice" not in drawn
    assert "Kept as advice" in drawn or kind == "goal", "a goal's answer is the new comment alone"


def test_a_kept_comment_that_is_thanked_for_stays_kept(client, cast, owner, url):
    comment = comment_on(cast)
    services.keep_comment(comment=comment, by=owner, now=NOW)

    drawn = text_of(
        client.post(f"/goals/comments/{comment.pk}/thanks/", {"thanks": "1"}, headers={"hx-request": "true"})
    )

    assert 'aria-pressed="true"' in drawn
    assert "Kept as advice" in drawn


def test_keeping_it_twice_keeps_the_first_time(cast):
    comment = comment_on(cast)
    services.keep_comment(comment=comment, by=cast.owner, now=NOW)
    services.keep_comment(comment=comment, by=cast.owner, now=NOW + timedelta(days=1))

    comment.refresh_from_db()
    assert comment.kept_at == NOW


@pytest.mark.parametrize("kind", THINGS)
def test_a_kept_comment_still_says_so_after_the_end(client, cast, owner, url, kind):
    thing, words = THINGS[kind]
    item = thing(owner=owner, shared_with=[cast.mentorship])
    comment = words(item=item, mentorship=cast.mentorship, author=cast.mentor)
    services.keep_comment(comment=comment, by=owner, now=NOW)
    cast.mentorship.end(at=NOW)

    page = text_of(client.get(item.get_absolute_url()))

    assert "Keep as advice" not in page
    assert "Kept as advice" in page


BESIDE = {"entry": (EntryFactory, EntryCommentFactory), "win": (WinFactory, WinCommentFactory)}


@pytest.mark.parametrize("kind", BESIDE)
def test_what_was_said_beside_an_entry_or_a_win_is_kept_too(client, cast, owner, url, kind):
    thing, words = BESIDE[kind]
    item = thing(owner=owner, shared_with=[cast.mentorship, cast.colleagueship])
    comment = words(item=item, mentorship=cast.mentorship, text="Ask fewer questions.")
    words(item=item, mentorship=cast.colleagueship)
    words(item=item, mentorship=cast.mentorship, author=owner)
    page = text_of(client.get(item.get_absolute_url()))
    action = f"{url}comments/{comment.pk}/?about={kind}-comment"
    assert page.count("Keep as advice") == 1, "of the mentor alone"
    assert f'action="{action}"' in page

    fragment = text_of(client.post(action, headers={"hx-request": "true"}))
    again = text_of(client.post(action, follow=True))

    advice = Advice.objects.get()
    assert (advice.said, advice.mentorship) == (comment, cast.mentorship)
    assert "Kept as advice" in fragment
    assert "Ask fewer questions." in again
    assert f'href="{comment.get_absolute_url()}"' in again
    client.force_login(cast.mentor)
    assert "Ask fewer questions." in text_of(client.get(url))
    item.shared_with.clear()
    assert "Ask fewer questions." not in text_of(client.get(url))


@pytest.mark.parametrize("kind", BESIDE)
@pytest.mark.parametrize("who", ["mentor", "second_mentor", "former_mentor", "colleague", "stranger"])
def test_nobody_else_keeps_it(client, cast, url, kind, who):
    thing, words = BESIDE[kind]
    comment = words(item=thing(owner=cast.owner, shared_with=[cast.mentorship]), mentorship=cast.mentorship)
    client.force_login(getattr(cast, who))

    response = client.post(f"{url}comments/{comment.pk}/?about={kind}-comment")

    assert response.status_code == (403 if who == "mentor" else 404)
    assert not Advice.objects.exists()


@pytest.mark.parametrize("about", ["profile", "entry", "", "x" * 5000])
def test_what_is_no_comment_is_not_kept(client, cast, owner, url, about):
    comment = comment_on(cast)

    assert client.post(f"{url}comments/{comment.pk}/?about={about}").status_code == 404


def test_the_note_names_what_was_said_beside_a_journal_and_does_not_quote_it(client, cast, owner, url):
    item = EntryFactory(owner=owner, shared_with=[cast.mentorship], entry_on=date(2026, 11, 20))
    comment = EntryCommentFactory(item=item, mentorship=cast.mentorship, text="SECRET-BESIDE")
    services.keep_comment(comment=comment, by=owner, now=NOW).mark("worked", at=NOW)

    page = text_of(client.get(f"{url}note/"))

    assert "What you wrote about my journal entry of 20 November:" in page
    assert "SECRET-BESIDE" not in page


def test_what_is_around_an_entry_shows_what_is_kept(client, cast, owner):
    item = EntryFactory(owner=owner, shared_with=[cast.mentorship])
    comment = EntryCommentFactory(item=item, mentorship=cast.mentorship)
    services.keep_comment(comment=comment, by=owner, now=NOW)

    brought = text_of(client.get(f"/around/entry/{item.pk}/", headers={"hx-request": "true"}))

    assert "Advice you keep, from Mina Mentor" in brought


def test_only_a_mentors_words_on_ones_own_goal_are_advice(cast):
    own = comment_on(cast, author=cast.owner)
    gone = comment_on(cast, removed_at=NOW)
    colleague = comment_on(cast, author=cast.colleague, mentorship=cast.colleagueship)

    for comment in (own, gone, colleague):
        with pytest.raises(PermissionDenied):
            services.keep_comment(comment=comment, by=cast.owner, now=NOW)
    with pytest.raises(PermissionDenied):
        services.keep_comment(comment=comment_on(cast), by=cast.mentor, now=NOW)


def test_the_colleagues_words_have_no_such_button(client, cast, owner):
    goal = GoalFactory(owner=cast.owner, shared_with=[cast.colleagueship])
    GoalCommentFactory(item=goal, mentorship=cast.colleagueship, author=cast.colleague)

    assert "Keep as advice" not in text_of(client.get(f"/goals/{goal.pk}/"))


def test_the_mentor_sees_the_words_and_not_what_came_of_them(client, cast, advice, url):
    advice.mark("did_not", at=NOW)
    client.force_login(cast.mentor)

    page = text_of(client.get(url))

    assert advice.text in page
    assert "Did not work" not in page


def test_a_kept_comment_leaves_the_mentors_page_with_the_share(client, cast, url):
    comment = comment_on(cast)
    services.keep_comment(comment=comment, by=cast.owner, now=NOW)
    client.force_login(cast.mentor)
    assert "Ask fewer" in text_of(client.get(url))

    comment.item.shared_with.clear()

    assert "Ask fewer" not in text_of(client.get(url))


def test_the_note_is_proposed_changed_and_sent(client, cast, owner, advice, url):
    advice.mark("worked", at=NOW)
    other = AdviceFactory(check_in=advice.check_in, text="Not marked yet")
    page = text_of(client.get(f"{url}note/"))
    assert "See what silence gives you." in page
    assert "It worked." in page
    assert "Not marked yet" not in page
    assert not Message.objects.exists()

    client.post(f"{url}note/", {"text": "It did, twice.", "told": [advice.pk, other.pk]})
    assert AdviceNote.objects.count() == 0, "what was not offered cannot be told"

    client.post(f"{url}note/", {"text": "It did, twice.", "told": [advice.pk]})
    advice.refresh_from_db()
    assert advice.told_at is not None
    assert AdviceNote.objects.get().text == "It did, twice."
    assert [mail.user for mail in Message.objects.filter(kind="advice_note")] == [cast.mentor]
    client.force_login(cast.mentor)
    assert "It did, twice." in text_of(client.get(url))


@pytest.mark.parametrize("text", ["", "   ", "x" * 5001])
def test_bad_notes_come_back(client, cast, owner, advice, url, text):
    advice.mark("worked", at=NOW)

    response = client.post(f"{url}note/", {"text": text, "told": [advice.pk]})

    assert response.status_code == 422
    assert not AdviceNote.objects.exists()


def test_one_note_a_month(client, cast, owner, advice, url):
    advice.mark("worked", at=NOW)
    client.post(f"{url}note/", {"skip": "1"})
    assert not Message.objects.exists()
    assert client.get(f"{url}note/").status_code == 302

    response = client.post(f"{url}note/", {"text": "Typed in another tab", "told": [advice.pk]})

    assert response.status_code == 409
    assert "Typed in another tab" in text_of(response)
    advice.refresh_from_db()
    assert advice.told_at is None, "it is offered again next month"


def test_a_change_of_mind_is_told_again(cast, advice):
    advice.mark("worked", at=NOW)
    services.send_advice_note(mentorship=cast.mentorship, by=cast.owner, text="x", advice=[advice.pk], now=NOW)
    advice.refresh_from_db()

    advice.mark("did_not", at=NOW)

    assert advice.told_at is None


def test_the_mentor_writes_no_note_about_their_own_advice(cast):
    with pytest.raises(PermissionDenied):
        services.send_advice_note(mentorship=cast.mentorship, by=cast.mentor, text="x", advice=[], now=NOW)


def offers(user, today):
    week = week_for(user, viewer=user, week="2026-W48", today=today)
    return [thing.title for thing in week.due if "advice" in thing.title]


def test_it_is_offered_in_the_last_week_of_the_month(cast, advice):
    assert offers(cast.owner, date(2026, 11, 26)) == []
    advice.mark("worked", at=NOW)

    assert offers(cast.owner, date(2026, 11, 10)) == []
    assert offers(cast.owner, date(2026, 11, 26)) == ["Tell Mina what came of their advice"]
    assert offers(cast.mentor, date(2026, 11, 26)) == []
    services.leave_out_note(mentorship=cast.mentorship, by=cast.owner, now=NOW)
    assert offers(cast.owner, date(2026, 11, 26)) == []
    assert offers(cast.owner, date(2026, 12, 28)) == ["Tell Mina what came of their advice"]


def letter_of(message):
    content = registry.find(message.kind).contents([message], now=NOW)[message.pk]
    return None if content is None else compose(message, content, now=NOW)


def test_the_mail_says_what_the_mentee_approved_and_is_dropped_with_the_relation(cast, advice):
    advice.mark("worked", at=NOW)
    services.send_advice_note(
        mentorship=cast.mentorship, by=cast.owner, text="It did,\ntwice <b>.", advice=[advice.pk], now=NOW
    )
    message = Message.objects.get(kind="advice_note")
    letter = letter_of(message)

    assert letter.subject == "Olive tells you what came of your advice"
    assert "It did,\ntwice <b>." in letter.text
    assert "twice &lt;b&gt;." in letter.html
    cast.mentor.mails_hide_text = True
    cast.mentor.save()
    hidden = letter_of(Message.objects.select_related("user").get(pk=message.pk))
    assert "twice" not in hidden.text + hidden.html
    assert "no private text" in hidden.text
    cast.mentorship.end(at=NOW)
    assert letter_of(message) is None


def test_after_the_end_the_mentee_reads_and_marks_nothing(client, cast, owner, advice, url):
    advice.mark("worked", at=NOW)
    cast.mentorship.end(at=NOW)

    page = text_of(client.get(url))

    assert advice.text in page
    assert "Worked" in page
    assert "Tell " not in page
    assert client.post(f"{url}{advice.pk}/mark/", {"state": "tried"}).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_as_much_for_one_as_for_three(client, owner, advice, url, rows, django_assert_max_num_queries):
    for number in range(rows):
        AdviceFactory(check_in=advice.check_in, created_at=NOW - timedelta(days=number))
    client.get(url)

    with django_assert_max_num_queries(8):
        client.get(url)


@pytest.mark.parametrize(
    "broken", [{"text": ""}, {"state": "worked"}, {"marked_at": NOW}, {"state": "maybe", "marked_at": NOW}]
)
def test_the_database_keeps_the_promise(advice, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        AdviceFactory(check_in=advice.check_in, **broken)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_", range(5))
def test_the_note_sent_from_two_tabs_goes_once(cast, advice, _):
    advice.mark("worked", at=NOW)

    def send():
        return services.send_advice_note(
            mentorship=cast.mentorship, by=cast.owner, text="x", advice=[advice.pk], now=NOW
        )

    answers = at_once(send, send)

    assert {type(answer) for answer in answers} == {AdviceNote, ValidationError}
    assert Message.objects.filter(kind="advice_note").count() == 1
