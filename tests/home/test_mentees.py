import re
from datetime import UTC, datetime, timedelta

import pytest

from home.context import Frame
from mentors import counts, desk
from mentors.models import Seen
from sharing.services import end_mentorship
from tests.factories.accounts import UserFactory
from tests.factories.goals import (
    GoalCommentFactory,
    GoalFactory,
    MilestoneFactory,
    ProgressUpdateFactory,
    SuggestionFactory,
)
from tests.factories.journal import EntryCommentFactory, EntryFactory, ReflectionFactory
from tests.factories.mentors import InvitationFactory, RequestFactory, SeenFactory
from tests.factories.sharing import MentorshipFactory
from tests.factories.wins import WinCommentFactory, WinFactory

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)


def text_of(response):
    return response.content.decode()


def life_of(mentor, *, name="Leo Marchetti", goals=2):
    """A mentee who shares goals with progress, entries, and writes."""
    mentorship = MentorshipFactory(mentor=mentor, mentee__name=name)
    for _ in range(goals):
        goal = GoalFactory(owner=mentorship.mentee, shared_with=[mentorship])
        MilestoneFactory.create_batch(2, goal=goal)
        ProgressUpdateFactory(goal=goal)
        GoalCommentFactory(item=goal, mentorship=mentorship, author=mentorship.mentee, text="How would you do it?")
        before = NOW - timedelta(days=400)
        SuggestionFactory(comment__item=goal, comment__mentorship=mentorship, comment__created_at=before)
    entry = ReflectionFactory(owner=mentorship.mentee, shared_with=[mentorship])
    EntryCommentFactory(item=entry, mentorship=mentorship, author=mentorship.mentee)
    EntryFactory(owner=mentorship.mentee, shared_with=[mentorship], title="On the train")
    win = WinFactory(owner=mentorship.mentee, shared_with=[mentorship])
    WinCommentFactory(item=win, mentorship=mentorship, author=mentorship.mentee)
    return mentorship


def waiting(reader, *, now=NOW):
    """Return what people wait for on somebody's desk: not that it is quiet between two."""
    return [row for row in desk.lay_desk(reader, now=now).needs if not row.key.startswith("quiet")]


@pytest.fixture
def mentor(cast, client):
    client.force_login(cast.mentor)
    return cast.mentor


def test_mentee_list_shows_what_is_shared(client, cast, mentor):
    GoalFactory(owner=cast.owner, title="Learn to say no", shared_with=[cast.mentorship])
    GoalFactory(owner=cast.owner, title="Kept for myself")
    GoalFactory(owner=cast.owner, title="For Sefa", shared_with=[cast.second_mentorship])
    GoalFactory(owner=cast.owner, title="Not yet words", draft=True, shared_with=[cast.mentorship])
    EntryFactory(owner=cast.owner, title="Unfinished", draft=True, shared_with=[cast.mentorship])

    text = text_of(client.get("/mentees/"))

    assert "Olive Owner" in text
    assert "Learn to say no" in text
    for private in ("Kept for myself", "For Sefa", "Not yet words", "Unfinished"):
        assert private not in text
    assert "Olive keeps the journal private." in text


def test_mentee_list_with_nothing_shared(client, cast, mentor):
    cast.mentorship.started_at = NOW
    cast.mentorship.save()

    text = text_of(client.get("/mentees/"))

    assert "Olive shares no goal with you yet." in text
    assert "You write to Olive beside what Olive shows you, and that is nothing yet." in text
    assert "Nobody waits for you." in text


@pytest.mark.parametrize(
    ("kinds", "asked", "words"),
    [
        (["mentor"], False, "Your mentees"),
        (["colleague"], False, "Your colleagues"),
        (["colleague"], True, "Mentees and colleagues"),
        (["mentor", "colleague"], False, "Mentees and colleagues"),
    ],
)
def test_the_page_is_called_by_who_shows_something(client, kinds, asked, words):
    reader = UserFactory(name="Ruth Lindqvist")
    for kind in kinds:
        MentorshipFactory(mentor=reader, kind=kind)
    if asked:
        RequestFactory(mentor=reader)
    client.force_login(reader)

    text = text_of(client.get("/mentees/"))

    assert f"<h1>{words}</h1>" in text
    assert f"</svg>{words}" in text  # in the menu
    assert f'<b class="b">{words}</b>' in text_of(client.get("/more/"))
    assert ("Colleagues since" in text) == ("colleague" in kinds)


def test_mentee_list_of_somebody_without_mentees(client, cast):
    client.force_login(cast.stranger)

    text = text_of(client.get("/mentees/"))

    assert "Nobody shows you anything yet" in text


def test_mentee_list_names_who_asks(client, cast):
    client.force_login(cast.stranger)
    InvitationFactory(email="stranger@example.org", sender=cast.owner, message="I am stuck with shifts.")

    text = text_of(client.get("/mentees/"))

    assert "Olive Owner would like you as a mentor" in text
    assert "I am stuck with shifts." in text


WAITING = {
    "goal": (GoalFactory, GoalCommentFactory, counts.waiting_goals),
    "entry": (EntryFactory, EntryCommentFactory, counts.waiting_entries),
    "win": (WinFactory, WinCommentFactory, counts.waiting_wins),
}


@pytest.mark.parametrize(
    ("written", "waits"),
    [
        ([], True),  # never looked at
        (["mentor"], False),
        (["mentee"], True),
        (["mentor", "mentee"], True),
        (["mentee", "mentor"], False),
        (["mentor", "mentee removed"], False),
    ],
)
@pytest.mark.parametrize("kind", WAITING)
def test_what_waits(cast, written, waits, kind):
    item, comments, of_frame = WAITING[kind]
    thing = item(owner=cast.owner, shared_with=[cast.mentorship])
    for number, who in enumerate(written):
        comments(
            item=thing,
            mentorship=cast.mentorship,
            author=cast.mentor if who == "mentor" else cast.owner,
            created_at=NOW - timedelta(hours=9 - number),
            **({"removed_at": NOW, "text": ""} if "removed" in who else {}),
        )

    key = f"{kind}-{thing.pk}"

    assert list(of_frame(cast.mentor, day=NOW.date())) == ([thing] if waits else [])
    assert [row.key for row in waiting(cast.mentor)] == ([key] if waits else [])
    assert Frame(cast.mentor, NOW).mentees_waiting == int(waits)


def test_words_in_other_threads_do_not_wait_for_me(cast):
    goal = GoalFactory(owner=cast.owner, shared_with=[cast.mentorship, cast.second_mentorship])
    GoalCommentFactory(item=goal, mentorship=cast.mentorship)
    GoalCommentFactory(item=goal, mentorship=cast.second_mentorship, author=cast.owner, text="Only for Sefa")

    assert not waiting(cast.mentor)
    assert [row.says for row in waiting(cast.second_mentor)] == ["Only for Sefa"]


def test_a_tick_lasts_until_there_is_something_new(cast):
    goal = GoalFactory(owner=cast.owner, shared_with=[cast.mentorship])
    SeenFactory(mentorship=cast.mentorship, goal=goal, at=NOW - timedelta(hours=2))
    assert not waiting(cast.mentor)

    GoalCommentFactory(item=goal, mentorship=cast.mentorship, author=cast.owner, created_at=NOW - timedelta(hours=1))

    assert [row.key for row in waiting(cast.mentor)] == [f"goal-{goal.pk}"]
    assert Frame(cast.mentor, NOW).mentees_waiting == 1


def test_a_shared_win_waits_until_it_is_seen_or_set_aside(client, cast, mentor):
    cast.mentorship.started_at = NOW - timedelta(days=3)
    cast.mentorship.save()
    win = WinFactory(owner=cast.owner, text="Spoke <up> in the canteen.", shared_with=[cast.mentorship])
    WinFactory(owner=cast.owner, text="SECRETKEPT")
    for url in ("/mentees/", f"/mentees/{cast.mentorship.pk}/"):
        text = text_of(client.get(url))
        assert "Olive shared a win" in text
        assert "Spoke &lt;up&gt; in the canteen." in text
        assert f'href="/wins/{win.pk}/#conversation">Write to Olive</a>' in text
        assert "SECRETKEPT" not in text

    client.post("/mentees/snooze/", {"item": f"win-{win.pk}", "when": "tomorrow"})
    assert "1 set aside" in text_of(client.get("/mentees/"))
    assert Frame(mentor, NOW).mentees_waiting == 0
    WinCommentFactory(
        item=win, mentorship=cast.mentorship, author=cast.owner, text="What would you?", created_at=datetime.now(UTC)
    )
    assert [row.title for row in waiting(mentor)] == ["Olive asked you something about “Spoke <up> in the canteen.”"]
    assert Frame(mentor, NOW).mentees_waiting == 1
    client.post(f"/mentees/{cast.mentorship.pk}/seen/", {"item": f"win-{win.pk}"})

    assert Seen.objects.get().win == win
    assert not waiting(mentor)
    assert Frame(mentor, NOW).mentees_waiting == 0


def test_only_a_win_that_is_shown_is_ticked(client, cast, mentor):
    win = WinFactory(owner=cast.owner, shared_with=[cast.second_mentorship])

    assert client.post(f"/mentees/{cast.mentorship.pk}/seen/", {"item": f"win-{win.pk}"}).status_code == 404
    assert client.post("/mentees/snooze/", {"item": f"win-{win.pk}", "when": "tomorrow"}).status_code == 404
    assert not Seen.objects.exists()


def test_what_rests_does_not_wait(cast):
    GoalFactory(owner=cast.owner, shared_with=[cast.mentorship])
    cast.mentorship.paused_until = NOW.date() + timedelta(days=3)
    cast.mentorship.save()

    assert not waiting(cast.mentor)
    assert waiting(cast.mentor, now=NOW + timedelta(days=5))


def test_mentee_list_says_that_it_is_quiet_or_resting(client, cast, mentor):
    cast.mentorship.started_at = NOW - timedelta(days=50)
    cast.mentorship.save()
    text = text_of(client.get("/mentees/"))
    assert text.count("You two have not written to each other yet, and it has been seven weeks.") == 2  # row and panel
    assert "It has become quiet between Olive and you" in text

    cast.mentorship.paused_until = NOW.date() + timedelta(days=3)
    cast.mentorship.save()
    text = text_of(client.get("/mentees/"))

    assert "quiet between" not in text
    assert "You two have not" not in text
    assert "Nothing is expected of either of you." in text


def suggest(goal, mentorship, words, *, days=1, **fields):
    at = NOW - timedelta(days=days)
    SuggestionFactory(comment__item=goal, comment__mentorship=mentorship, comment__created_at=at, words=words, **fields)


def test_mentee_list_says_what_became_of_ones_suggestions(client, cast, mentor):
    goal = GoalFactory(owner=cast.owner, title="Learn to say no", shared_with=[cast.mentorship, cast.second_mentorship])
    suggest(goal, cast.mentorship, "Open <b>words</b>")
    suggest(goal, cast.mentorship, "Taken words", days=3, state="accepted", answered_at=NOW - timedelta(days=1))
    suggest(goal, cast.mentorship, "Left words", days=4, state="declined", answered_at=NOW - timedelta(days=2))
    suggest(goal, cast.mentorship, "Old news", days=40, state="accepted", answered_at=NOW - timedelta(days=39))
    suggest(goal, cast.second_mentorship, "Of somebody else")

    text = text_of(client.get("/mentees/"))

    assert text.count("You suggested") == 1
    for said in (
        "Another wording: Open &lt;b&gt;words",
        "Learn to say no. Waiting since yesterday",
        "Taken up yesterday",
        "Left as it is for now",
    ):
        assert said in text
    assert "Old news" not in text
    assert "Of somebody else" not in text


@pytest.mark.parametrize("change", ["withdrawn", "ended", "closed", "removed"])
def test_suggestions_one_may_not_see_or_that_are_moot_are_not_listed(cast, change):
    goal = GoalFactory(owner=cast.owner, shared_with=[cast.mentorship])
    suggest(goal, cast.mentorship, "Open words")
    [panel] = desk.lay_desk(cast.mentor, now=NOW).panels
    assert [line.says for line in panel.suggested] == ["Another wording: Open words"]
    if change == "withdrawn":
        goal.shared_with.clear()
    elif change == "ended":
        end_mentorship(mentorship=cast.mentorship, by=cast.mentor, at=NOW)
    elif change == "closed":
        type(goal).objects.update(status="achieved", closed_at=NOW)
    else:
        goal.comments.update(removed_at=NOW)

    assert not any(panel.suggested for panel in desk.lay_desk(cast.mentor, now=NOW).panels)


def test_frame_counts_what_the_page_lists(cast):
    life_of(cast.mentor)
    InvitationFactory(email="mentor@example.org")

    # Two goals, a reflection and a win with a last word of the mentee, a note nobody looked at, and somebody who asks.
    assert Frame(cast.mentor, NOW).counts == {
        "goals_late": 0,
        "mentees": 2,
        "colleagues": 0,
        "mentees_waiting": 5,
        "invitations": 1,
        "requests": 0,
        "asleep": 0,
        **dict.fromkeys(("mail_bounced", "mail_refused", "mail_resting"), 0),
        **dict.fromkeys(("plans_past", "promises_late", "turns_late", "dealt", "pace"), 0),
    }
    assert not Frame(cast.stranger, NOW).mentoring
    assert len(waiting(cast.mentor)) == 5


@pytest.mark.parametrize("number", [1, 3])
def test_mentee_list_queries(client, mentor, number, django_assert_num_queries):
    for n in range(number):
        life_of(mentor, name=f"Mentee {n}", goals=n + 1)
    client.get("/mentees/")

    with django_assert_num_queries(13):
        text = text_of(client.get("/mentees/"))

    assert text.count('class="mentee"') == number + 1


@pytest.mark.parametrize("number", [1, 3])
def test_mentee_detail_queries(client, mentor, number, django_assert_num_queries):
    mentorship = life_of(mentor, goals=number)
    client.get(f"/mentees/{mentorship.pk}/")

    with django_assert_num_queries(10):
        text = text_of(client.get(f"/mentees/{mentorship.pk}/"))

    assert text.count('class="goalrow"') == number
    assert "How would you do it?" in text
    assert "On the train" in text


def test_many_people_come_a_page_at_a_time(client, mentor):
    for number in range(12):
        MentorshipFactory(mentor=mentor, mentee__name=f"Mentee {number}")

    first = text_of(client.get("/mentees/"))
    after = re.search(r'href="(\?after=\d+)"', first)[1]
    second = text_of(client.get("/mentees/" + after))

    assert first.count('class="mentee"') == 10
    assert second.count('class="mentee"') == 3
    assert "?after=" not in second


def test_panels_show_the_first_goals_and_lead_to_the_others(client, cast, mentor):
    GoalFactory.create_batch(6, owner=cast.owner, shared_with=[cast.mentorship])
    GoalFactory(owner=cast.owner, shared_with=[cast.mentorship], reached=True, title="Reached long ago")

    panel = desk.lay_desk(mentor, now=NOW).panels[0]
    text = text_of(client.get("/mentees/"))

    assert (len(panel.goals), panel.more_goals) == (4, 3)
    assert "3 more goals" in text


@pytest.mark.parametrize("status", ["ended", "withdrawn", "deleted"])
def test_nothing_is_left_on_the_desk(client, cast, mentor, status):
    goal = GoalFactory(owner=cast.owner, title="Learn to say no", shared_with=[cast.mentorship])
    GoalCommentFactory(item=goal, mentorship=cast.mentorship, author=cast.owner, text="Between us")
    if status == "ended":
        end_mentorship(mentorship=cast.mentorship, by=cast.owner, at=NOW)
    elif status == "withdrawn":
        goal.shared_with.clear()
    else:
        goal.put_in_bin(at=NOW)

    for url in ("/mentees/", f"/mentees/{cast.mentorship.pk}/"):
        response = client.get(url)
        assert response.status_code == (404 if status == "ended" and url != "/mentees/" else 200)
        assert "Learn to say no" not in text_of(response)
        assert "Between us" not in text_of(response)
    post = client.post(f"/mentees/{cast.mentorship.pk}/seen/", {"item": f"goal-{goal.pk}"})
    assert post.status_code == 404
    assert not Seen.objects.exists()


def test_opening_the_desk_ticks_nothing(client, cast, mentor):
    GoalFactory(owner=cast.owner, shared_with=[cast.mentorship])

    client.get("/mentees/")
    client.get(f"/mentees/{cast.mentorship.pk}/")

    assert not Seen.objects.exists()
    assert waiting(mentor)


@pytest.mark.parametrize("kind", ["goal", "entry"])
def test_mentee_seen(client, cast, mentor, kind):
    factory = GoalFactory if kind == "goal" else EntryFactory
    item = factory(owner=cast.owner, shared_with=[cast.mentorship])

    for _ in range(2):
        response = client.post(f"/mentees/{cast.mentorship.pk}/seen/", {"item": f"{kind}-{item.pk}"})

    assert response.status_code == 302
    assert getattr(Seen.objects.get(), kind) == item
    assert not waiting(mentor, now=datetime.now(UTC))


@pytest.mark.parametrize(
    "item", ["", "goal", "goal-", "goal-abc", "goal-" + "9" * 5000, "goal--1", "entry-²", "x-\x00", "entry-0"]
)
def test_mentee_seen_bad_input(client, cast, mentor, item):
    response = client.post(f"/mentees/{cast.mentorship.pk}/seen/", {"item": item})

    assert response.status_code in {400, 404}


def test_mentee_seen_of_somebody_else(client, cast, mentor):
    goal = GoalFactory(owner=cast.owner, shared_with=[cast.second_mentorship])

    response = client.post(f"/mentees/{cast.mentorship.pk}/seen/", {"item": f"goal-{goal.pk}"})

    assert response.status_code == 404


@pytest.mark.parametrize("token", ["x", "%00", "abc" * 400, "🙂"])
def test_bad_page_tokens(client, cast, mentor, token):
    for query in (f"?after={token}", f"?goals={token}&entries={token}"):
        for url in ("/mentees/", f"/mentees/{cast.mentorship.pk}/"):
            assert client.get(url + query).status_code in {200, 400}
