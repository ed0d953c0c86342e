"""Where a goal leads, on its page: figures, sentence, chart, numbers, what could give way; history lines beside it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Break
from goals import check, reading
from goals.history import lines
from goals.models import Goal, ProgressUpdate, Revision
from tests.factories.goals import (
    GoalCommentFactory,
    GoalFactory,
    MilestoneFactory,
    ProgressUpdateFactory,
    RestFactory,
    RevisionFactory,
)

pytestmark = pytest.mark.django_db

STEADY = ((47, 1), (38, 2), (26, 3), (15, 4), (2, 5))


@pytest.fixture
def today():
    return timezone.now().date()


@pytest.fixture
def make(cast, today):
    def make(logged=STEADY, **values):
        known = {"starts_on": today - timedelta(days=59), "due_on": today + timedelta(days=64)}
        goal = GoalFactory(**{"owner": cast.owner, "shared_with": [cast.mentorship]} | known | values)
        for ago, value in logged:
            ProgressUpdateFactory(goal=goal, value=value, happened_on=today - timedelta(days=ago), note="")
        return goal

    return make


@pytest.fixture
def see(client, cast):
    def see(goal, *, viewer="owner", path=""):
        client.force_login(getattr(cast, viewer))
        return client.get(f"/goals/{goal.pk}/{path}").content.decode()

    return see


def say(day, today):
    return f"{day.day} {day:%B}" + ("" if day.year == today.year else f" {day.year}")


def test_figures_sentence_and_chart_say_the_same(make, see, today):
    page = see(make())

    likely = say(today + timedelta(days=78), today)
    assert f'<dd class="fig">{likely}</dd>' in page
    assert "at this pace, 14 days late" in page
    assert '<dt class="k">between interviews so far</dt><dd class="fig">11 <small>days</small></dd>' in page
    assert '<dt class="k">between them to be on time</dt><dd class="fig">9 <small>days</small></dd>' in page
    assert f"At your pace, one every 11 days, you are there around {likely}." in page
    assert 'class="pc" role="img" aria-label="Line chart: interviews since' in page
    assert "Show the numbers" in page
    assert page.count("style=") == 0
    assert "<script>" not in page


def test_reader_sees_the_same_without_anything_to_press(make, see):
    goal = make()
    own, theirs, preview = see(goal), see(goal, viewer="mentor"), see(goal, path=f"?as={goal.shared_with.get().pk}")

    for page in (theirs, preview):
        for part in ("at this pace, 14 days late", 'role="img" aria-label="Line chart', "Keep the date and the pace"):
            assert part in own
            assert part in page
        assert "/move/" not in page
        assert 'name="confidence"' not in page


def test_levers_open_forms_that_are_filled_in(make, see, client, today):
    goal = make()
    likely = today + timedelta(days=78)
    page = see(goal)

    assert f'href="/goals/{goal.pk}/move/?due_on={likely.isoformat()}"' in page
    assert f'href="/goals/{goal.pk}/shrink/?target_value=10"' in page
    assert f'value="{likely.isoformat()}"' in see(goal, path=f"move/?due_on={likely.isoformat()}")
    assert 'value="10"' in see(goal, path="shrink/?target_value=10")
    assert "&quot;&gt;&lt;b&gt;" in see(goal, path='shrink/?target_value="><b>')
    assert Goal.objects.get().due_on == goal.due_on
    assert not Revision.objects.exists()


@pytest.mark.parametrize("logged", [(), ((9, 1),), ((9, 1), (8, 2)), ((9, 1), (6, 2), (1, 3))])
def test_too_early_to_say(make, see, today, logged):
    page = see(make(logged, starts_on=today - timedelta(days=10)))

    assert "Too early to say." in page
    assert "at this pace" not in page
    assert ('role="img" aria-label="Line chart' in page) is bool(logged)


def test_resting_goal_shows_what_was_and_promises_nothing(make, see, today):
    page = see(make(status="paused", paused_on=today - timedelta(days=3)))

    assert "It rests since" in page
    assert 'aria-label="Line chart' in page
    assert "at this pace" not in page
    assert "could give way" not in page


def test_closed_goal_shows_what_was(make, see):
    page = see(make(status="achieved", closed_at=timezone.now()))

    assert "What was logged, beside the plan." in page
    assert 'aria-label="Line chart' in page
    assert ">Today<" not in page.partition('class="pc"')[2].partition("</section>")[0]


def test_goal_past_its_date(make, see, today):
    page = see(make(due_on=today - timedelta(days=5)))

    assert "days late" in page
    assert "Move the date to" in page
    assert "/shrink/?target_value" not in page


def test_falling_goal(make, see):
    values = ((47, "89"), (38, "88.2"), (26, "87"), (15, "86.1"), (2, "85"))
    page = see(make(values, start_value=Decimal(90), target_value=Decimal(75), unit="kg"))

    assert 'class="pc falling"' in page
    assert "kg a week" in page


@pytest.mark.parametrize("trait", ["by_milestones", "yes_no", "draft"])
def test_nothing_is_said_where_nothing_is_counted(make, see, trait):
    page = see(make((), **{trait: True, "shared_with": []} | ({"due_on": None} if trait == "draft" else {})))

    assert ">Pace<" not in page
    assert 'id="_goal_pace" hidden' in page


def test_rests_and_breaks_do_not_count(make, see, cast, today):
    goal = make()
    slow = see(goal)
    RestFactory(goal=goal, starts_on=today - timedelta(days=24), ends_on=today - timedelta(days=17))
    rested = see(goal)
    Break.objects.create(user=cast.owner, from_on=today - timedelta(days=12), until_on=today - timedelta(days=6))

    assert len({slow, rested, see(goal)}) == 3
    assert "one every 10 days" in rested


def test_hours_given_speak_before_hours_planned(make, see):
    goal = make(hours_a_week=Decimal(2))
    assert "instead of 2 h." in see(goal)

    for update in ProgressUpdate.objects.all():
        update.hours = Decimal(6)
        update.save(update_fields=["hours"])

    assert "instead of 3 h 45." in see(goal)  # 30 hours in 59 days


def test_log_says_how_sure_how_long_and_when_it_was_written(make, see, today):
    goal = make(())
    values = {"happened_on": today - timedelta(days=9), "confidence": 0, "hours": Decimal("1.5")}
    ProgressUpdateFactory(goal=goal, created_at=timezone.now() - timedelta(days=5), **values)

    written = say(today - timedelta(days=5), today)
    for path in ("", "log/"):
        assert f"How sure: 0 of 10, 1 h 30, written {written}" in see(goal, path=path)


def test_print_says_the_pace_and_draws_no_chart(make, see):
    page = see(make(), path="print/")

    assert "At your pace, one every 11 days" in page
    assert 'class="pc"' not in page
    assert "could give way" not in page


def test_logging_draws_the_pace_anew(make, client, cast):
    goal = make()
    client.force_login(cast.owner)

    page = client.post(
        f"/goals/{goal.pk}/progress/new/", {"value": "6"}, headers={"hx-request": "true"}
    ).content.decode()

    assert 'id="_goal_pace" aria-labelledby="pace" hx-swap-oob="true"' in page
    assert ">6 done<" in page


def test_goal_with_very_much_of_everything_stays_small(
    make, client, cast, today, frame_queries, django_assert_num_queries
):
    goal = make((), target_value=Decimal(1000))
    at = timezone.now()
    ProgressUpdate.objects.bulk_create(
        ProgressUpdate(
            goal=goal,
            value=number,
            happened_on=today - timedelta(days=58 - number // 10),
            note="x" * 200,
            created_at=at,
        )
        for number in range(500)
    )
    for number in range(200):
        GoalCommentFactory(item=goal, mentorship=cast.mentorship, created_at=at - timedelta(hours=number))
    MilestoneFactory.create_batch(10, goal=goal)
    RevisionFactory.create_batch(50, goal=goal)
    client.force_login(cast.owner)
    client.get(f"/goals/{goal.pk}/")
    frame = frame_queries(client)

    with django_assert_num_queries(7 + frame):
        page = client.get(f"/goals/{goal.pk}/").content.decode()

    drawn = page.partition('class="pc-l pc-done" d="')[2].partition('"')[0]
    assert drawn.count("L") <= 60
    assert page.count('<tr><th scope="row">') <= 23
    assert len(page) < 80_000


def test_history_puts_back_what_was_taken_out(make, see, client, today):
    goal = make()
    taken_out = RevisionFactory(
        goal=goal, field="progress", old="5 on 2026-03-10: x", new="", changed_at=timezone.now()
    )
    old = RevisionFactory(
        goal=goal, field="progress", old="4 on 2026-03-09", new="", changed_at=timezone.now() - timedelta(days=31)
    )

    page = see(goal, path="history/")
    assert f"/goals/log/{taken_out.pk}/restore/" in page
    assert f"/goals/log/{old.pk}/restore/" not in page
    assert "/restore/" not in see(goal, viewer="mentor", path="history/")

    see(goal)
    client.post(f"/goals/log/{taken_out.pk}/restore/")
    assert f"/goals/log/{taken_out.pk}/restore/" not in see(goal, path="history/")


@pytest.mark.parametrize("rows", [1, 3])
def test_history_asks_once_for_those_who_suggested(make, client, cast, rows, frame_queries, django_assert_num_queries):
    goal = make()
    RevisionFactory.create_batch(rows, goal=goal, suggested_by=cast.mentor, was_suggested=True)
    client.force_login(cast.owner)
    client.get(f"/goals/{goal.pk}/history/")
    frame = frame_queries(client)

    with django_assert_num_queries(4 + frame):  # the visitor, the goal, its history, what was removed
        client.get(f"/goals/{goal.pk}/history/")


def test_lines_without_a_viewer_offer_nothing(make):
    row = RevisionFactory(goal=make(), field="progress", old="5 on 2026-03-10", new="")

    assert lines([row], zone=row.goal.owner.time_zone, today=row.changed_at.date())[0].restore_url == ""


def test_third_lever_proposes_hours(make, see):
    goal = make(hours_a_week=Decimal(2))
    page = see(goal)

    assert f'href="/goals/{goal.pk}/edit/?hours_a_week=2.5#id_hours_a_week"' in page
    assert "Plan 2 h 30 a week" in page
    form = see(goal, path="edit/?hours_a_week=2.5")
    assert (
        'value="2.5"'
        in form.partition('name="hours_a_week"')[2].partition(">")[0]
        + form.partition('name="hours_a_week"')[0].rpartition("<")[2]
    )
    goal.refresh_from_db()
    assert goal.hours_a_week == 2


def test_smart_check_is_for_the_owner_of_a_goal_that_goes_on(make, see):
    goal = make()
    other = make(status="achieved", closed_at=timezone.now())

    assert 'id="_goal_smart"' in see(goal)
    assert 'id="_goal_smart"' not in see(goal, viewer="mentor")
    assert 'id="_goal_smart"' not in see(goal, path=f"?as={goal.shared_with.get().pk}")
    assert 'id="_goal_smart"' not in see(other)


def test_smart_check_knows_the_same_with_and_without_its_query(make, cast, today):
    goal = make(unit="talks", hours_a_week=Decimal(5))
    make(((30, 4), (9, 9)), unit="Talks")
    make(((30, 40), (9, 90)), unit="talks", deleted_at=timezone.now())
    ProgressUpdate.objects.filter(goal=goal).update(hours=Decimal("1.5"))

    came = reading.visible_goal(goal.pk, cast.owner, with_series=True)
    values = {"steps": [], "latest": Decimal(5), "today": today}

    assert len(came.habits_row) == 7
    assert check.smart_context(came, **values) == check.smart_context(goal, **values)
    assert check.habits_of(cast.owner.pk, unit="talks", goal=goal, today=today).best_pace is not None
    assert reading.visible_goal(goal.pk, cast.mentor, with_series=True).habits_row is None


def test_evidence_and_hours_are_told_to_readers_too(make, see):
    goal = make((), yes_no=True, evidence="A <signed> letter", hours_a_week=Decimal("1.5"))

    for viewer in ("owner", "mentor"):
        for path in ("", "print/"):
            page = see(goal, viewer=viewer, path=path)
            assert "A &lt;signed&gt; letter" in page
            assert "1 h 30 a week" in page
