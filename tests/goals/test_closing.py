"""Rests with past days, the closing page, and words about the end."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.versioned import StaleEdit
from goals import services
from goals.history import lines
from goals.models import Goal, Rest, Revision
from tests.factories.goals import NOW, GoalFactory, ProgressUpdateFactory, RestFactory
from tests.goals.pages import page_of

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 12)


@pytest.fixture
def today():
    return timezone.now().date()


@pytest.fixture
def goal(cast, today):
    return GoalFactory(
        owner=cast.owner,
        title="Run 12 user interviews",
        starts_on=today - timedelta(days=59),
        due_on=today + timedelta(days=64),
        shared_with=[cast.mentorship],
    )


@pytest.fixture
def owner(client, cast):
    client.force_login(cast.owner)
    return client


def test_rest_that_began_some_days_ago(owner, goal, today):
    since = today - timedelta(days=8)

    owner.post(f"/goals/{goal.pk}/pause/", {"since": since.isoformat(), "reason": "Flu"})

    goal.refresh_from_db()
    assert (goal.status, goal.paused_on) == ("paused", since)
    kept = list(Revision.objects.order_by("pk").values_list("field", "new", "reason"))
    assert kept == [("status", "paused", "Flu"), ("rest", f"since {since}", "")]

    owner.post(f"/goals/{goal.pk}/resume/")
    goal.refresh_from_db()
    rest = Rest.objects.get()
    assert (goal.rested_days, rest.starts_on, rest.ends_on) == (8, since, today)


def test_rest_from_today_needs_no_day(owner, goal, today):
    owner.post(f"/goals/{goal.pk}/pause/")

    goal.refresh_from_db()
    assert goal.paused_on == today
    assert not Revision.objects.filter(field="rest").exists()


@pytest.mark.parametrize(
    ("ago", "said"),
    [(-1, "That day is still ahead."), (60, "This goal began on"), (25, "It rested from")],
)
def test_rest_cannot_begin_on(owner, goal, today, ago, said):
    RestFactory(goal=goal, starts_on=today - timedelta(days=30), ends_on=today - timedelta(days=20))
    since = (today - timedelta(days=ago)).isoformat()

    response = owner.post(f"/goals/{goal.pk}/pause/", {"since": since, "reason": "My words"})
    page = page_of(response)

    assert response.status_code == 422
    assert said in page
    assert f'value="{since}"' in page
    assert 'value="My words"' in page
    goal.refresh_from_db()
    assert goal.is_active


def test_rest_that_is_over(owner, goal, today):
    first, last = today - timedelta(days=20), today - timedelta(days=11)
    data = {"first": first.isoformat(), "last": last.isoformat(), "reason": "Moved house"}

    owner.post(f"/goals/{goal.pk}/rests/", data)

    goal.refresh_from_db()
    rest = Rest.objects.get()
    assert (goal.status, goal.rested_days) == ("active", 10)
    assert (rest.starts_on, rest.ends_on) == (first, last + timedelta(days=1))
    kept = Revision.objects.get()
    assert (kept.new, kept.reason) == (f"{first} to {last}", "Moved house")
    page = page_of(owner.get(f"/goals/{goal.pk}/rests/"))
    assert "10 days" in page

    owner.post(f"/goals/rests/{rest.pk}/remove/")
    goal.refresh_from_db()
    assert (goal.rested_days, Rest.objects.count()) == (0, 0)
    assert Revision.objects.latest("pk").old == f"{first} to {last}"


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (60, 50, "This goal began on"),
        (5, -1, "That day is still ahead."),
        (5, 0, "If it still rests today"),
        (5, 8, "The last day comes after the first."),
        (25, 22, "It rested from"),
        (40, 10, "It rested from"),
        (21, 15, "It rested from"),
        (None, 15, "When did it begin to rest?"),
        (15, None, "Until when did it rest?"),
    ],
)
def test_days_that_cannot_be_rest(owner, goal, today, first, last, said):
    RestFactory(goal=goal, starts_on=today - timedelta(days=30), ends_on=today - timedelta(days=20))
    days = {
        name: (today - timedelta(days=ago)).isoformat()
        for name, ago in (("first", first), ("last", last))
        if ago is not None
    }

    response = owner.post(f"/goals/{goal.pk}/rests/", days | {"reason": "My words"})
    page = page_of(response)

    assert response.status_code == 422
    assert said in page
    assert all(f'value="{day}"' in page for day in days.values())
    assert 'value="My words"' in page
    assert Rest.objects.count() == 1


def test_rests_that_touch_do_not_overlap(cast, goal, today):
    RestFactory(goal=goal, starts_on=today - timedelta(days=30), ends_on=today - timedelta(days=20))

    first, last = today - timedelta(days=20), today - timedelta(days=19)
    services.add_rest(goal=goal, first=first, last=last, by=cast.owner, at=NOW)
    assert services.add_rest(goal=goal, first=first, last=last, by=cast.owner, at=NOW) is None  # sent twice

    assert Rest.objects.count() == 2


def test_rest_before_the_one_going_on(owner, goal, today):
    services.pause_goal(goal=goal, by=goal.owner, day=today - timedelta(days=3), at=NOW)
    late = {"first": (today - timedelta(days=5)).isoformat(), "last": (today - timedelta(days=3)).isoformat()}
    early = late | {"last": (today - timedelta(days=4)).isoformat()}

    assert "It rests since" in page_of(owner.post(f"/goals/{goal.pk}/rests/", late))
    owner.post(f"/goals/{goal.pk}/rests/", early)

    assert Rest.objects.get().days == 2


def test_rest_stored_meanwhile_is_a_stale_edit(cast, goal, today):
    RestFactory(goal=goal, starts_on=today - timedelta(days=30), ends_on=today - timedelta(days=20))

    with pytest.raises(StaleEdit):
        services.pause_goal(goal=goal, by=cast.owner, day=today - timedelta(days=25), at=NOW)
    with pytest.raises(StaleEdit):
        first = today - timedelta(days=21)
        services.add_rest(goal=goal, first=first, last=today - timedelta(days=1), by=cast.owner, at=NOW)


@pytest.mark.parametrize("trait", ["draft", "reached"])
def test_rest_needs_a_goal_on_the_way(owner, cast, trait):
    goal = GoalFactory(owner=cast.owner, **{trait: True})

    assert owner.get(f"/goals/{goal.pk}/rests/").status_code == 409


@pytest.mark.parametrize("rests", [1, 3])
def test_rests_page_costs_the_same_however_many(owner, goal, today, rests, frame_queries, django_assert_num_queries):
    for number in range(rests):
        RestFactory(
            goal=goal,
            starts_on=today - timedelta(days=50 - 9 * number),
            ends_on=today - timedelta(days=48 - 9 * number),
        )
    with django_assert_num_queries(frame_queries(owner) + 3):  # the visitor, the goal, its rests
        owner.get(f"/goals/{goal.pk}/rests/")


def test_closing_page_shows_the_way_walked(owner, goal, today):
    ProgressUpdateFactory(goal=goal, value=1, happened_on=today - timedelta(days=40), note="The first of them")
    ProgressUpdateFactory(goal=goal, value=12, happened_on=today - timedelta(days=1), note="The last of them")

    page = page_of(owner.get(f"/goals/{goal.pk}/close/?outcome=partly"))

    assert "1 of 12" in page
    assert "The first of them" in page
    assert "The last of them" in page
    assert "can read this: a goal is shared whole" in page
    assert "You said this would show it" not in page
    assert page.count("optional") >= 3


def test_closing_page_recalls_the_evidence(owner, cast):
    goal = GoalFactory(owner=cast.owner, yes_no=True, evidence="A <signed> letter")

    page = page_of(owner.get(f"/goals/{goal.pk}/close/"))

    assert "You said this would show it:</b> A &lt;signed&gt; letter" in page
    assert "Only you can read this." in page


def test_three_answers_are_kept_shown_and_printed_to_readers_too(owner, goal, client, cast):
    answers = {"note": "Ten clinics", "helped": "Ruth's list", "differently": "Begin in spring"}
    owner.post(f"/goals/{goal.pk}/close/", {"outcome": "partly", **answers})

    goal.refresh_from_db()
    assert (goal.status, goal.closing_helped, goal.closing_differently) == ("partly", "Ruth's list", "Begin in spring")
    kept = Revision.objects.get(field="status")
    assert kept.reason == "Ten clinics\n\nWhat helped: Ruth's list\n\nNext time: Begin in spring"
    for viewer in (cast.owner, cast.mentor):
        client.force_login(viewer)
        for path in ("", "print/"):
            page = page_of(client.get(f"/goals/{goal.pk}/{path}"))
            assert all(answer.replace("'", "&#x27;") in page for answer in answers.values())


def test_nothing_is_forced_but_a_reason_for_letting_go(owner, goal):
    refused = owner.post(f"/goals/{goal.pk}/close/", {"outcome": "dropped", "helped": "My words"})

    assert refused.status_code == 422
    assert "Say in a few words why you let it go." in page_of(refused)
    assert "My words" in page_of(refused)

    owner.post(f"/goals/{goal.pk}/close/", {"outcome": "achieved"})
    goal.refresh_from_db()
    assert goal.status == "achieved"


def test_words_about_the_end_can_be_put_anew(owner, goal):
    owner.post(f"/goals/{goal.pk}/close/", {"outcome": "dropped", "note": "No time"})

    assert "No time</textarea>" in page_of(owner.get(f"/goals/{goal.pk}/close/"))
    assert owner.post(f"/goals/{goal.pk}/close/", {"note": ""}).status_code == 422
    owner.post(f"/goals/{goal.pk}/close/", {"note": "No wish", "helped": "A talk"})

    goal.refresh_from_db()
    assert (goal.status, goal.closing_note, goal.closing_helped) == ("dropped", "No wish", "A talk")

    owner.post(f"/goals/{goal.pk}/reopen/")
    goal.refresh_from_db()
    assert (goal.status, goal.closing_note, goal.closing_helped) == ("active", "", "")
    assert Revision.objects.latest("pk").reason == "No wish\n\nWhat helped: A talk"


def test_reopening_does_not_tell_the_same_words_twice(cast, goal):
    services.close_goal(goal=goal, outcome="achieved", note="Done", by=cast.owner, day=TODAY, at=NOW)
    services.reopen_goal(goal=goal, by=cast.owner, at=NOW)

    assert list(Revision.objects.order_by("pk").values_list("reason", flat=True)) == ["Done", ""]


def test_words_of_a_goal_opened_meanwhile_are_stale(cast, goal):
    with pytest.raises(StaleEdit):
        services.reword_ending(goal=goal, note="x", helped="", differently="", by=cast.owner, at=NOW)


@pytest.mark.parametrize("updates", [1, 3])
def test_closing_page_costs_the_same_however_much_was_logged(
    owner, goal, updates, frame_queries, django_assert_num_queries
):
    for number in range(updates):
        ProgressUpdateFactory(goal=goal, value=number)
    # The visitor, the goal, what was logged first and last, who reads it.
    with django_assert_num_queries(frame_queries(owner) + 5):
        owner.get(f"/goals/{goal.pk}/close/")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "2026-02-02 to 2026-02-08", "Rested from 2 February to 8 February"),
        ("", "since 2025-12-30", "Rests since 30 December 2025"),
        ("2026-02-02 to 2026-02-08", "", "No rest after all: 2 February to 8 February"),
    ],
)
def test_rests_in_the_history(goal, old, new, said):
    row = Revision(goal=goal, field="rest", old=old, new=new, changed_at=datetime.fromisoformat("2026-03-12T10:00Z"))

    assert lines([row], zone=goal.owner.time_zone, today=TODAY)[0].said == said


def test_nobody_but_the_owner_writes_rests_and_endings(cast, goal):
    goal_before = Goal.objects.values().get(pk=goal.pk)
    for verb, extra in (
        (services.add_rest, {"first": TODAY, "last": TODAY}),
        (services.reword_ending, {"note": "", "helped": "", "differently": ""}),
    ):
        with pytest.raises(PermissionDenied):
            verb(goal=goal, by=cast.mentor, at=NOW, **extra)
    assert Goal.objects.values().get(pk=goal.pk) == goal_before
