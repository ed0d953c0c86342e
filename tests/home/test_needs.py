"""The rows of "Needs you": their order and words, what settles them, and setting them aside."""

from datetime import UTC, datetime, timedelta

import pytest

from goals.models import Seen as Nod
from home import services
from home.context import Frame
from home.models import Snooze
from mentors import counts, desk
from mentors.needs import Need, estimate
from tests.factories.goals import GoalCommentFactory, GoalFactory, ProgressUpdateFactory
from tests.factories.home import SnoozeFactory
from tests.factories.journal import EntryCommentFactory, EntryFactory
from tests.factories.mentors import InvitationFactory, RequestFactory, SeenFactory
from tests.factories.sharing import MentorshipFactory

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
TODAY = NOW.date()


def ago(**span):
    return NOW - timedelta(**span)


def text_of(response):
    return response.content.decode()


@pytest.fixture
def mentor(cast, client):
    """A mentor whose only relation has just begun, so that nothing is quiet."""
    client.force_login(cast.mentor)
    cast.mentorship.started_at = ago(days=3)
    cast.mentorship.save()
    return cast.mentor


def rows(reader, **kwargs):
    return desk.lay_desk(reader, now=datetime.now(UTC), **kwargs).needs


def goal_of(cast, title="Learn to say no"):
    return GoalFactory(owner=cast.owner, title=title, shared_with=[cast.mentorship], updated_at=ago(days=2))


def written(cast, goal, text, by="owner", **span):
    author = getattr(cast, by)
    return GoalCommentFactory(
        item=goal, mentorship=cast.mentorship, author=author, text=text, created_at=ago(**span or {"hours": 5})
    )


def test_what_is_older_than_the_relation_waits_since_it_began(client, cast, mentor):
    cast.mentorship.started_at = ago(days=3)
    cast.mentorship.save()
    GoalFactory(owner=cast.owner, shared_with=[cast.mentorship], updated_at=ago(days=40))

    (row,) = rows(mentor)

    assert row.since == cast.mentorship.started_at
    (row,) = client.get(f"/mentees/{cast.mentorship.pk}/").context["needs"]
    assert row.since == cast.mentorship.started_at


def test_oldest_first_each_with_one_act(client, cast, mentor):
    asked = goal_of(cast, "Ask")
    written(cast, asked, "How do you cut someone short?", days=1)
    told = goal_of(cast, "Tell")
    written(cast, told, "It worked.", hours=3)
    EntryFactory(owner=cast.owner, shared_with=[cast.mentorship], finished_at=ago(days=9), text="word " * 500)
    InvitationFactory(email="mentor@example.org", sender=cast.stranger, created_at=ago(days=2))

    text = text_of(client.get("/mentees/"))

    expected = [
        "Olive shared a note",
        "Sten Stranger would like you as a mentor",
        "Olive asked you something about Ask",
        "Olive wrote to you about Tell",
    ]
    assert [row.title for row in rows(mentor, asking=counts.asking(mentor, now=NOW))] == expected
    assert sorted(expected, key=text.index) == expected
    assert "4 things, about 20 minutes" in text  # 2 or 3 to read, three times 5
    for act in ("Read", "See the request", "Reply"):
        assert f">{act}</a>" in text
    assert "minutes to read" in text


@pytest.mark.parametrize(("title", "named"), [("I said no", "“I said no”"), ("", "a note")])
def test_the_title_of_an_entry_stands_in_quotes(cast, mentor, title, named):
    entry = EntryFactory(owner=cast.owner, title=title, shared_with=[cast.mentorship], finished_at=ago(days=2))
    EntryCommentFactory(
        item=entry, mentorship=cast.mentorship, author=cast.owner, text="It worked.", created_at=ago(days=1)
    )

    assert [row.title for row in rows(mentor)] == [f"Olive wrote to you about {named}"]


def test_reading_takes_as_long_as_the_words(cast, mentor):
    EntryFactory(owner=cast.owner, shared_with=[cast.mentorship], text="word " * 900)
    EntryFactory(owner=cast.owner, shared_with=[cast.mentorship], text="word")

    assert sorted(row.minutes for row in rows(mentor)) == [1, 4]


@pytest.mark.parametrize(
    ("minutes", "says"), [([2], "1 thing, about 5 minutes"), ([5, 5, 3], "3 things, about 15 minutes")]
)
def test_estimate(minutes, says, cast):
    made = [Need("goal-1", NOW, cast.owner, "/", "", "", each, TODAY) for each in minutes]

    assert estimate(made) == says


def test_a_log_since_one_looked_waits_and_a_nod_settles_it(client, cast, mentor):
    goal = goal_of(cast)
    SeenFactory(mentorship=cast.mentorship, goal=goal, at=ago(hours=5))
    assert not rows(mentor)
    update = ProgressUpdateFactory(goal=goal, note="Two more **talks**", created_at=ago(hours=2))

    [row] = rows(mentor)
    assert (row.title, row.says, row.act) == ("Olive has news on Learn to say no", "Two more talks", "Look")
    assert list(counts.waiting_goals(mentor, day=TODAY)) == [goal]

    client.post(f"/goals/progress/{update.pk}/seen/", {"seen": "1"})

    assert Nod.objects.exists()
    assert not rows(mentor)
    assert not counts.waiting_goals(mentor, day=TODAY).exists()


def test_a_nod_means_that_one_has_looked(cast, mentor):
    goal = goal_of(cast)
    update = ProgressUpdateFactory(goal=goal, created_at=ago(hours=4))
    assert [row.title for row in rows(mentor)] == ["Olive shared Learn to say no"]

    Nod.objects.create(update=update, mentorship=cast.mentorship, seen_at=ago(hours=1))

    assert not rows(mentor)
    assert not counts.waiting_goals(mentor, day=TODAY).exists()


def test_a_nod_answers_no_question(cast, mentor):
    goal = goal_of(cast)
    update = ProgressUpdateFactory(goal=goal, created_at=ago(hours=4))
    written(cast, goal, "And now?", hours=3)
    Nod.objects.create(update=update, mentorship=cast.mentorship, seen_at=ago(hours=1))

    assert [row.act for row in rows(mentor)] == ["Reply"]
    assert counts.waiting_goals(mentor, day=TODAY).exists()


@pytest.mark.parametrize(("logged", "waits"), [(2, True), (6, False)])
def test_ones_own_words_are_a_look(cast, mentor, logged, waits):
    goal = goal_of(cast)
    written(cast, goal, "Well done.", by="mentor", hours=4)
    ProgressUpdateFactory(goal=goal, created_at=ago(hours=logged))

    assert bool(rows(mentor)) is waits
    assert counts.waiting_goals(mentor, day=TODAY).exists() is waits


def test_a_nod_of_somebody_else_settles_nothing(cast, mentor):
    goal = goal_of(cast)
    goal.shared_with.add(cast.second_mentorship)
    update = ProgressUpdateFactory(goal=goal)
    Nod.objects.create(update=update, mentorship=cast.second_mentorship, seen_at=NOW)

    assert rows(mentor)
    assert counts.waiting_goals(mentor, day=TODAY).exists()


@pytest.mark.parametrize(
    ("posted", "days"),
    [
        ({"when": "tomorrow"}, 1),
        ({"when": "week"}, 7 - TODAY.weekday()),
        ({"when": "day", "until": str(TODAY + timedelta(days=40))}, 40),
    ],
)
def test_snooze_and_undo(client, cast, mentor, posted, days):
    goal = goal_of(cast)
    key = f"goal-{goal.pk}"
    assert Frame(mentor, NOW).mentees_waiting == 1

    response = client.post("/mentees/snooze/", {"item": key} | posted, follow=True)

    assert Snooze.objects.get().until_on == mentor.today(NOW) + timedelta(days=days)
    text = text_of(response)
    assert "1 set aside" in text
    assert "Set aside until" in text
    assert f'action="/mentees/snooze/{key}/wake/"' in text
    assert Frame(mentor, NOW).mentees_waiting == 0

    text = text_of(client.post(f"/mentees/snooze/{key}/wake/", follow=True))

    assert not Snooze.objects.exists()
    assert "set aside" not in text
    assert "Olive shared Learn to say no" in text
    assert client.post(f"/mentees/snooze/{key}/wake/").status_code == 302


@pytest.mark.parametrize(
    ("posted", "says"),
    [
        ({"when": "day"}, "Choose the day on which it comes back."),
        ({"when": "day", "until": str(TODAY)}, "Choose a day after today."),
        ({"when": "day", "until": str(TODAY + timedelta(days=800))}, "Choose a day within a year."),
        ({"when": "day", "until": "soon<b>"}, "Use a date, like 2027-03-15."),
        ({"when": "never"}, "Choose the day on which it comes back."),
        ({}, "Choose the day on which it comes back."),
    ],
)
def test_snooze_bad_input(client, cast, mentor, posted, says):
    goal = goal_of(cast)

    response = client.post("/mentees/snooze/", {"item": f"goal-{goal.pk}"} | posted)

    assert response.status_code == 422
    text = text_of(response)
    assert says in text
    assert "<b>" not in text.partition("soon")[2][:20]
    assert not Snooze.objects.exists()


@pytest.mark.parametrize("item", ["", "goal-", "goal-x", "goal-99999", "x-1", "\x00", "goal-" + "9" * 400, "entry-1"])
def test_snooze_of_what_is_not_on_the_desk(client, cast, mentor, item):
    response = client.post("/mentees/snooze/", {"item": item, "when": "tomorrow"})

    assert response.status_code in {400, 404}
    assert client.post(f"/mentees/snooze/goal-{'9' * 400}/wake/").status_code == 302
    assert not Snooze.objects.exists()


def test_snooze_of_a_row_beyond_what_the_desk_draws(client, cast, mentor):
    goals = [goal_of(cast, f"Goal {number}") for number in range(desk.MOST_NEEDS + 1)]
    drawn = {row.key for row in rows(mentor)}
    (key,) = {f"goal-{goal.pk}" for goal in goals} - drawn
    assert f'name="item" value="{key}"' in text_of(client.get(f"/mentees/{cast.mentorship.pk}/"))

    refused = client.post("/mentees/snooze/", {"item": key, "when": "day", "until": ""})
    accepted = client.post("/mentees/snooze/", {"item": key, "when": "tomorrow"})

    assert refused.status_code == 422
    assert "Choose the day on which it comes back." in text_of(refused)
    assert accepted.status_code == 302
    assert Snooze.objects.get().key == key


def test_snooze_of_what_one_may_not_see(client, cast, mentor):
    goal = GoalFactory(owner=cast.owner, shared_with=[cast.second_mentorship])

    response = client.post("/mentees/snooze/", {"item": f"goal-{goal.pk}", "when": "tomorrow"})

    assert response.status_code == 404
    assert not Snooze.objects.exists()


def test_one_persons_snooze_is_nobody_elses(client, cast, mentor):
    goal = goal_of(cast)
    goal.shared_with.add(cast.second_mentorship)
    SnoozeFactory(owner=cast.second_mentor, kind="goal", number=goal.pk)
    client.force_login(cast.mentor)

    assert "Olive shared Learn to say no" in text_of(client.get("/mentees/"))
    client.post(f"/mentees/snooze/goal-{goal.pk}/wake/")
    assert Snooze.objects.exists()


def test_what_sleeps_comes_back_on_its_day_or_with_news(cast, mentor):
    goal = goal_of(cast)
    written(cast, goal, "And now?", hours=9)
    key = f"goal-{goal.pk}"
    services.snooze(owner=mentor, key=key, until=TODAY + timedelta(days=5), today=TODAY, at=ago(hours=6))
    asleep = {key: ago(hours=6)}
    assert not rows(mentor, asleep=asleep)
    assert Frame(mentor, NOW).mentees_waiting == 0
    assert Frame(mentor, NOW + timedelta(days=6)).mentees_waiting == 1

    written(cast, goal, "It is urgent", hours=2)

    assert [row.says for row in rows(mentor, asleep=asleep)] == ["It is urgent"]
    assert Frame(mentor, NOW).mentees_waiting == 1


def test_snoozed_invitation(client, cast, mentor):
    invitation = InvitationFactory(email="mentor@example.org", sender=cast.stranger)

    client.post("/mentees/snooze/", {"item": f"invitation-{invitation.pk}", "when": "week"})

    assert Frame(mentor, NOW).mentees_waiting == 0
    assert "1 set aside" in text_of(client.get("/mentees/"))


def test_requests_wait_and_can_be_set_aside(client, cast, mentor):
    ask = RequestFactory(mentor=mentor, asker=cast.stranger, help_wanted="Which parts to show?")
    RequestFactory(mentor=mentor, question=True)
    assert Frame(mentor, NOW).mentees_waiting == 1
    text = text_of(client.get("/mentees/"))
    assert "Sten Stranger would like you as a mentor" in text
    assert "Which parts to show?" in text

    client.post("/mentees/snooze/", {"item": f"request-{ask.pk}", "when": "week"})

    assert Frame(mentor, NOW).mentees_waiting == 0
    assert "1 set aside" in text_of(client.get("/mentees/"))


def test_quiet_pairs_can_be_set_aside_and_lead_to_where_one_writes(client, cast):
    client.force_login(cast.mentor)
    goal = GoalFactory(owner=cast.owner, shared_with=[cast.mentorship])
    SeenFactory(mentorship=cast.mentorship, goal=goal)

    assert f'href="/goals/{goal.pk}/#conversation" aria-label="Write to Olive: It has' in text_of(
        client.get("/mentees/")
    )
    client.post("/mentees/snooze/", {"item": f"quiet-{cast.mentorship.pk}", "when": "tomorrow"})

    assert "Needs you" not in text_of(client.get("/mentees/"))


@pytest.mark.parametrize("what", ["goal", "closed goal", "entry", "nothing"])
def test_write_to_somebody_leads_to_the_newest_thing(client, cast, mentor, what):
    entry = EntryFactory(owner=cast.owner, shared_with=[cast.mentorship]) if what != "nothing" else None
    old = goal_of(cast) if "goal" in what else None
    if old:
        old.updated_at = ago(days=30)
        old.save()
        closed = GoalFactory(owner=cast.owner, shared_with=[cast.mentorship], reached=True)
        if what == "closed goal":
            old.shared_with.clear()
    for url in ("/mentees/", f"/mentees/{cast.mentorship.pk}/"):
        text = text_of(client.get(url))
        if what == "nothing":
            assert "Write to Olive" not in text
            assert "You write to Olive beside what Olive shows you" in text
            continue
        thing = {"goal": old, "closed goal": old and closed, "entry": entry}[what]
        assert f'href="{thing.get_absolute_url()}#conversation">Write to Olive</a>' in text


def test_over_the_most_rows_the_rest_is_counted(client, cast, mentor):
    for number in range(desk.MOST_NEEDS + 3):
        goal_of(cast, f"Goal {number}")

    text = text_of(client.get("/mentees/"))

    assert "3 more come up as you go." in text
    assert text.count(">Olive shared Goal") == desk.MOST_NEEDS


def test_a_second_person_costs_no_statement_more(cast, mentor, django_assert_num_queries):
    for _ in range(3):
        mentorship = MentorshipFactory(mentor=mentor)
        goal = GoalFactory(owner=mentorship.mentee, shared_with=[mentorship])
        ProgressUpdateFactory(goal=goal)
    rows(mentor)

    with django_assert_num_queries(9):  # no entries, so neither they nor their comments
        rows(mentor)
