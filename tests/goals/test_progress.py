"""Logging: number, how sure, hours, words, day; no change; put right, taken out and put back."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core.versioned import StaleEdit
from goals import services
from goals.history import lines
from goals.logged import Logged, say_change
from goals.models import ProgressUpdate, Revision
from tests.factories.goals import NOW, GoalFactory, ProgressUpdateFactory
from tests.goals.pages import HTMX

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 12)


@pytest.fixture
def goal(cast):
    today = timezone.now().date()
    return GoalFactory(
        owner=cast.owner,
        starts_on=today - timedelta(days=59),
        due_on=today + timedelta(days=64),
        shared_with=[cast.mentorship],
    )


@pytest.fixture
def owner(client, cast):
    client.force_login(cast.owner)
    return client


def log(client, goal, headers=None, **data):
    return client.post(f"/goals/{goal.pk}/progress/new/", data, headers=headers or {})


def test_number_sureness_hours_and_words_are_kept(owner, goal):
    log(owner, goal, value="6", note="Two wards", confidence="7", hours="1,5")

    update = ProgressUpdate.objects.get()
    assert (update.value, update.confidence, update.hours, update.note) == (6, 7, Decimal("1.5"), "Two wards")


@pytest.mark.parametrize(
    ("data", "typed", "said"),
    [
        ({"value": "6", "confidence": "11"}, "6", "Choose a number from 0 to 10."),
        ({"value": "6", "hours": "many"}, "many", "Use hours like 1 or 2.5."),
        ({"value": "6", "hours": "-1"}, "-1", "Use hours like 1 or 2.5."),
        ({"value": "6", "hours": "701"}, "701", "Use hours like 1 or 2.5."),
        ({"value": "6", "hours": "1.255"}, "1.255", "Two decimals are enough."),
        ({"value": "", "note": "", "hours": "2"}, "2", "Log a number or a few words."),
        ({"value": "6", "happened_on": "2190-01-01"}, "2190-01-01", "That day is still ahead."),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_bad_input_is_named_and_comes_back(owner, goal, headers, data, typed, said):
    page = log(owner, goal, headers, **data).content.decode()

    assert said in page
    assert f'value="{typed}"' in page
    assert not ProgressUpdate.objects.exists()


@pytest.mark.parametrize(("typed", "hours"), [("1:30", "1.5"), ("0", "0"), ("2.25", "2.25"), ("12:20", "12.33")])
def test_hours_are_read_as_people_write_them(owner, goal, typed, hours):
    log(owner, goal, value="6", hours=typed)

    assert ProgressUpdate.objects.get().hours == Decimal(hours)


def test_words_are_enough_without_a_number(owner, goal):
    log(owner, goal, value="", note="Rescheduled")

    update = ProgressUpdate.objects.get()
    assert (update.value, update.note) == (None, "Rescheduled")


def test_no_change_keeps_the_number_whatever_the_field_says(owner, goal):
    ProgressUpdateFactory(goal=goal, value=5, happened_on=timezone.now().date() - timedelta(days=9))

    log(owner, goal, value="6", no_change="1")
    log(owner, goal, value="junk", note="Flu", no_change="1", confidence="4")

    kept = ProgressUpdate.objects.order_by("pk").values_list("value", "note", "confidence")[1:]
    assert list(kept) == [(5, "No change this week.", None), (5, "Flu", 4)]


def test_no_change_on_an_earlier_day_is_what_it_was_then(owner, goal):
    today = timezone.now().date()
    ProgressUpdateFactory(goal=goal, value=5, happened_on=today - timedelta(days=2))

    day = today - timedelta(days=10)
    log(owner, goal, no_change="1", happened_on=day.isoformat())

    assert ProgressUpdate.objects.get(happened_on=day).value == 0


@pytest.mark.parametrize("trait", ["by_milestones", "yes_no"])
def test_goal_without_a_number_logs_words_hours_and_no_change(owner, cast, trait):
    goal = GoalFactory(owner=cast.owner, due_on=date(2190, 1, 1), **{trait: True})

    assert "Write a few words" in log(owner, goal, hours="1").content.decode()
    log(owner, goal, note="Asked", hours="1", confidence="0")
    log(owner, goal, no_change="1")

    kept = ProgressUpdate.objects.order_by("pk").values_list("value", "note", "hours", "confidence")
    assert list(kept) == [(None, "Asked", 1, 0), (None, "No change this week.", None, None)]


def test_form_offers_everything_without_script(owner, goal):
    page = owner.get(f"/goals/{goal.pk}/").content.decode()

    for field in ("value", "note", "confidence", "hours", "happened_on", "no_change"):
        assert f'name="{field}"' in page


def test_edit_keeps_how_it_was_and_why(owner, goal):
    update = ProgressUpdateFactory(goal=goal, value=5, happened_on=date(2026, 3, 10), note="Phone desk")
    data = {"value": "4", "note": "Phone desk", "happened_on": "2026-03-01", "confidence": "", "hours": ""}

    owner.post(f"/goals/progress/{update.pk}/edit/", data | {"reason": "Counted twice"})
    owner.post(f"/goals/progress/{update.pk}/edit/", data | {"reason": "Again"})  # nothing changes

    kept = Revision.objects.get(field="progress")
    assert kept.old == "5 on 2026-03-10: Phone desk"
    assert kept.new == "4 on 2026-03-01: Phone desk"
    said = lines([kept], zone=goal.owner.time_zone, today=TODAY)[0]
    assert said.said == "Log of 10 March: 5 became 4, moved to 1 March"
    assert said.reason == "Counted twice"


def test_edit_of_what_was_taken_out_meanwhile_is_stale(cast, goal):
    update = ProgressUpdateFactory(goal=goal)
    ProgressUpdate.objects.all().delete()

    with pytest.raises(StaleEdit):
        services.change_progress(update=update, by=cast.owner, at=NOW)


def test_taken_out_can_be_put_back_whole(owner, goal):
    update = ProgressUpdateFactory(
        goal=goal, value=5, confidence=7, hours=Decimal("1.5"), note="Phone desk: at 9, sure 3", happened_on=TODAY
    )
    owner.post(f"/goals/progress/{update.pk}/delete/", {"reason": "Wrong goal"})
    assert not ProgressUpdate.objects.exists()
    taken_out = Revision.objects.get()
    page = owner.get(f"/goals/{goal.pk}/").content.decode()
    assert f'action="/goals/log/{taken_out.pk}/restore/"' in page  # the toast's Undo

    owner.post(f"/goals/log/{taken_out.pk}/restore/")
    owner.post(f"/goals/log/{taken_out.pk}/restore/")  # a second click

    back = ProgressUpdate.objects.get()
    assert (back.value, back.confidence, back.hours, back.happened_on) == (5, 7, Decimal("1.5"), TODAY)
    assert back.note == "Phone desk: at 9, sure 3"
    said = [line.said for line in lines(list(goal.revisions.newest_first()), zone=goal.owner.time_zone, today=TODAY)]
    assert said == ["Put back in the log: 5 on 12 March", "Taken out of the log: 5 on 12 March"]


def test_after_thirty_days_nothing_comes_back_and_the_words_are_erased(cast, goal):
    update = ProgressUpdateFactory(goal=goal, value=5, happened_on=TODAY, note="Private: words")
    kept = services.delete_progress(update=update, by=cast.owner, at=NOW)

    assert services.erase_old_words(now=NOW + timedelta(days=29)) == 0
    assert not services.restore_progress(revision=kept, by=cast.owner, at=NOW + timedelta(days=31))
    assert services.erase_old_words(now=NOW + timedelta(days=31)) == 1

    kept.refresh_from_db()
    assert kept.old == "5 on 2026-03-12"
    assert services.erase_old_words(now=NOW + timedelta(days=31)) == 0


def test_other_lines_of_history_put_nothing_back(cast, goal):
    kept = Revision.objects.create(goal=goal, field="title", old="5 on 2026-03-12", new="", changed_at=NOW)

    assert not services.restore_progress(revision=kept, by=cast.owner, at=NOW)
    assert not ProgressUpdate.objects.exists()


@pytest.mark.parametrize(
    "logged",
    [
        Logged(TODAY),
        Logged(TODAY, value=Decimal("12000.50")),
        Logged(TODAY, value=Decimal(-3), confidence=0),
        Logged(TODAY, hours=Decimal("0.25"), note="a: b\nc, sure 3"),
        Logged(TODAY, value=Decimal(100), confidence=10, hours=Decimal(20), note=": "),
    ],
)
def test_line_says_all_of_it(logged):
    assert Logged.read(logged.line) == logged


@pytest.mark.parametrize("text", ["", "5", "on 2026-13-45", "5 in March", "on 2026-03-12 and so on"])
def test_other_text_is_no_entry(text):
    assert Logged.read(text) is None


def test_changes_are_told_without_the_words():
    before = Logged(TODAY, note="SECRET", confidence=3)
    after = Logged(TODAY, note="Other", confidence=None, hours=Decimal(2))

    said = say_change(before.line, after.line, today=TODAY)

    assert said == "Log of 12 March: how sure: 3 became not said, hours: none became 2, other words"
    assert "SECRET" not in say_change(before.line, "", today=TODAY)
