import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from goals.models import Goal
from tests.factories.goals import GoalFactory, MilestoneFactory, ProgressUpdateFactory

pytestmark = pytest.mark.django_db

# The visitor, the goals with all that is drawn of them, the numbers of the tabs.
LIST_QUERIES = 3


@pytest.fixture
def owner_client(client, cast):
    client.force_login(cast.owner)
    return client


def today():
    return timezone.now().date()


def goal_with_everything(cast, **kwargs):
    goal = GoalFactory(
        owner=cast.owner,
        shared_with=[cast.mentorship],
        **{"starts_on": today() - timedelta(days=59), "due_on": today() + timedelta(days=64)} | kwargs,
    )
    MilestoneFactory.create_batch(3, goal=goal)
    ProgressUpdateFactory(goal=goal)
    return goal


@pytest.mark.parametrize("rows", [1, 3])
def test_goal_list_asks_the_same_number_of_questions_for_any_number_of_rows(
    owner_client, cast, rows, django_assert_num_queries, frame_queries
):
    for _ in range(rows):
        goal_with_everything(cast)
    owner_client.get("/goals/")

    frame = frame_queries(owner_client)

    with django_assert_num_queries(LIST_QUERIES + frame):
        response = owner_client.get("/goals/")

    assert response.content.decode().count('class="goalrow"') == rows


def test_full_page_of_goals_stays_small(owner_client, cast):
    for number in range(26):
        goal_with_everything(cast, title=f"Goal {number} " + "with quite a few words in its title")

    response = owner_client.get("/goals/")

    assert response.content.decode().count('class="goalrow"') == 25
    assert len(response.content) <= 40_000
    assert "after=" in response.content.decode()


def numbers(context):
    """Return the keys of the goals that are drawn, in their order."""
    return [int(pk) for pk in re.findall(r'class="cover" href="/goals/([0-9]+)/"', "".join(context["groups"]))]


def test_pages_hold_every_goal_once(owner_client, cast):
    for number in range(27):
        GoalFactory(owner=cast.owner, title=f"Goal no. {number}.", due_on=today() + timedelta(days=9))

    first = owner_client.get("/goals/").context
    second = owner_client.get(f"/goals/{first['older']}").context

    seen = [*numbers(first), *numbers(second)]
    assert sorted(seen) == sorted(Goal.objects.values_list("pk", flat=True))
    assert second["older"] == ""


def test_order_weighs_urgency_and_importance(owner_client, cast):
    for title, days, importance in (
        ("In six weeks, it matters", 42, 2),
        ("In nine weeks, matters most", 63, 3),
        ("In five weeks, nice to have", 35, 1),
        ("In three weeks, it matters", 21, 2),
    ):
        GoalFactory(
            owner=cast.owner,
            title=title,
            starts_on=today() + timedelta(days=1),
            due_on=today() + timedelta(days=days),
            importance=importance,
        )

    page = owner_client.get("/goals/").content.decode()

    places = [page.index(words) for words in ("In three", "In nine", "In six", "In five")]
    assert places == sorted(places)
    assert page.count("It matters most") == 1


def test_rank_follows_a_moved_date_and_a_changed_importance(cast):
    goal = GoalFactory(owner=cast.owner, due_on=date(2026, 5, 15))
    assert goal.ranked_on == date(2026, 5, 15)

    Goal.objects.update(importance=3)
    assert Goal.objects.get().ranked_on == date(2026, 4, 17)

    Goal.objects.update(due_on=date(2026, 6, 15), importance=1)
    assert Goal.objects.get().ranked_on == date(2026, 7, 13)


def test_five_hundred_goals_come_in_pages_of_the_same_cost(owner_client, cast, django_assert_num_queries):
    GoalFactory.create_batch(500, owner=cast.owner, due_on=today() + timedelta(days=30))
    owner_client.get("/goals/")

    seen, after = [], ""
    while True:
        with CaptureQueriesContext(connection) as asked:
            context = owner_client.get(f"/goals/{after}", headers={"HX-Request": "true"}).context
        assert len(asked) <= 4
        seen += numbers(context)
        after = context["older"]
        if not after:
            break

    assert len(seen) == len(set(seen)) == 500


def test_goal_behind_its_plan_says_what_would_bring_it_there(owner_client, cast):
    behind = goal_with_everything(cast, title="Behind")
    ProgressUpdateFactory(goal=behind, value=4, happened_on=today())
    goal_with_everything(cast, title="Overdue", due_on=today() - timedelta(days=6))
    ahead = goal_with_everything(cast, title="Ahead")
    ProgressUpdateFactory(goal=ahead, value=11, happened_on=today())
    day = timedelta(days=1)
    slow = GoalFactory(owner=cast.owner, by_milestones=True, starts_on=today() - 60 * day, due_on=today() + 60 * day)
    MilestoneFactory(goal=slow, due_on=today() - 30 * day)
    MilestoneFactory(goal=slow, due_on=today() + 30 * day)

    page = owner_client.get("/goals/").content.decode()

    assert page.count("A little behind") == 2
    assert page.count(", at one every 8 days</span>") == 1  # 8 interviews in 64 days
    assert page.count(", at ") == 1


def test_what_needs_a_look_stands_first(owner_client, cast):
    fine = goal_with_everything(cast, title="Going well", due_on=today() + timedelta(days=5))
    ProgressUpdateFactory(goal=fine, value=12, happened_on=today())
    goal_with_everything(cast, title="Overdue", due_on=today() - timedelta(days=6))

    page = owner_client.get("/goals/").content.decode()

    assert page.index("Needs a look") < page.index("Overdue") < page.index("On the way</h2>") < page.index("Going well")
    assert "6 days past its date" in page
    assert "What would help?" in page
    assert "Two goals on the way, one of them past its date." in page


@pytest.mark.parametrize(
    ("state", "title"),
    [
        ("active", "Is active"),
        ("drafts", "Is draft"),
        ("resting", "Is resting"),
        ("reached", "Is reached"),
        ("let_go", "Is let go"),
        ("shared", "Is shared"),
    ],
)
def test_each_tab_shows_its_goals(owner_client, cast, state, title):
    GoalFactory(owner=cast.owner, title="Is active")
    GoalFactory(owner=cast.owner, title="Is draft", draft=True, shared_with=[cast.mentorship])
    GoalFactory(owner=cast.owner, title="Is resting", resting=True)
    GoalFactory(owner=cast.owner, title="Is reached", reached=True)
    GoalFactory(owner=cast.owner, title="Is let go", let_go=True, closing_note="The clinic closed.")
    GoalFactory(owner=cast.owner, title="Is shared", resting=True, shared_with=[cast.mentorship])
    GoalFactory(title="Is somebody else's", shared_with=[])

    page = owner_client.get(f"/goals/?state={state}").content.decode()

    assert title in page
    assert "somebody else" not in page
    shown = {name for name in ("Is active", "Is draft", "Is let go") if name in page}
    assert shown == {title} & shown


@pytest.mark.parametrize(
    "query", ["?state=nonsense", "?state=%00x", "?after=xyz", "?state=reached&after=W10", "?state="]
)
def test_odd_queries_give_a_list_or_a_400(owner_client, query):
    assert owner_client.get(f"/goals/{query}").status_code in {200, 400}


def test_first_day_has_a_written_empty_state(owner_client):
    page = owner_client.get("/goals/").content.decode()

    assert "No goals yet" in page
    assert 'href="/goals/new/"' in page


def test_hostile_titles_are_text(owner_client, cast):
    GoalFactory(owner=cast.owner, title="<script>alert(1)</script>\"'><b>", why="<img src=x onerror=alert(1)>")

    page = owner_client.get("/goals/").content.decode()

    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_names_of_readers_are_told_to_the_owner(owner_client, cast):
    goal_with_everything(cast)

    assert "Shared with Mina Mentor" in owner_client.get("/goals/").content.decode()


def test_bin_lists_what_was_deleted_with_its_days(owner_client, cast):
    goal = GoalFactory(owner=cast.owner, title="Deleted one")
    goal.put_in_bin(at=timezone.now() - timedelta(days=4))
    GoalFactory(title="Of another", deleted_at=timezone.now())

    page = owner_client.get("/goals/bin/").content.decode()

    assert "Deleted one" in page
    assert "Kept for 26 more days" in page
    assert "Of another" not in page
