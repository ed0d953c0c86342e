"""The page on which a month is looked back on: the same page as a week's, with its own words and memory."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine

from home.month import spans_of, weeks_of_month
from journal.models import Entry, Intention, Period
from journal.questions.choosing import choose
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalFactory, MilestoneFactory, ProgressUpdateFactory
from tests.factories.journal import EntryFactory, IntentionFactory, PeriodFactory, ReflectionFactory
from tests.home.reflection import URL, sent_from

MONTH = f"{URL}?month=2026-11"
SATURDAY = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def saturday():
    """The first day on which November can be written, in London."""
    with time_machine.travel(SATURDAY, tick=False):
        yield


def test_month_asks_its_own_questions_in_its_own_words(client, owner):
    html = client.get(MONTH).content.decode()

    assert "<title>Reflection, November" in html
    for words in (
        *choose("2026-11"),
        "Mood this month",
        "A title for this month",
        "Skip this month",
        "your monthly mail",
    ):
        assert words in html, words
    for words in ("this week", "next week", "Week 4"):
        assert words not in html.split("To jog your memory")[0], words
    assert "What matters most next month?" in html
    assert not Period.objects.exists()


def test_month_finish_stores_it_once_and_means_the_next_one(client, owner):
    page = client.get(MONTH)

    response = client.post(MONTH, sent_from(page, answer_1="The interviews.", intention="Rest more.", action="finish"))

    entry = Entry.objects.get()
    assert response["Location"] == entry.get_absolute_url()
    assert (entry.period.kind, entry.period.key, entry.period.state) == ("month", "2026-11", "written")
    assert entry.period.questions == choose("2026-11")
    assert entry.entry_on == date(2026, 11, 28)
    meant = Intention.objects.get()
    assert (meant.key, meant.text) == ("2026-12", "Rest more.")
    detail = client.get(entry.get_absolute_url()).content.decode()
    assert "November 2026" in detail
    assert "What matters most next month?" in detail
    assert "November 2026" in client.get("/journal/").content.decode()


def test_month_written_twice_is_one_reflection(client, owner):
    first, second = client.get(MONTH), client.get(MONTH)
    client.post(MONTH, sent_from(first, answer_1="One", action="later"))

    stale = client.post(MONTH, sent_from(second, answer_1="Two", action="later"))

    assert stale.status_code == 409
    assert "One" in stale.content.decode()
    assert Entry.objects.count() == 1


def test_month_and_the_week_in_it_are_two_reflections(client, owner):
    for url in (MONTH, f"{URL}?week=2026-W48"):
        client.post(url, sent_from(client.get(url), answer_1="Something", action="finish"))

    assert sorted(Entry.objects.values_list("period__key", flat=True)) == ["2026-11", "2026-W48"]


def test_month_written_in_the_next_one_stands_on_its_last_day(client, owner):
    with time_machine.travel(datetime(2026, 12, 4, 12, tzinfo=UTC)):
        client.post(MONTH, sent_from(client.get(MONTH), answer_1="Late, and fine", action="finish"))

    assert Entry.objects.get().entry_on == date(2026, 11, 30)


def test_missed_month_can_be_written(client, owner):
    PeriodFactory(owner=owner, key="2026-03", state="missed")
    url = f"{URL}?month=2026-03"

    client.post(url, sent_from(client.get(url), answer_1="After all", action="finish"))

    assert Period.objects.get().state == "written"


def test_month_skip(client, owner):
    response = client.post(MONTH, {"action": "skip"}, follow=True)

    assert Period.objects.get().state == "skipped"
    assert "November: skipped. You can still write it any time." in response.content.decode()


def test_month_is_finished_with_a_reader(client, owner, cast):
    client.post(MONTH, sent_from(client.get(MONTH), answer_1="For you", action="finish", readers=[cast.mentorship.pk]))

    assert Entry.objects.visible_to(cast.mentor).get().heading == "November 2026"


def test_month_autosave(client, owner):
    sent = sent_from(client.get(MONTH), answer_1="Half a thought", number=1)

    response = client.post(MONTH, sent, headers={"hx-request": "true"})

    assert "Saved" in response.content.decode()
    assert Entry.objects.get().period.key == "2026-11"


@pytest.mark.parametrize(
    ("month", "why"),
    [("2026-12", "December can be written about from Tuesday, 29 December 2026. Here is the latest one."),
     ("2026-13", "We could not read which month you meant."), ("x", "We could not read which month you meant."),
     ("2026-W47", "We could not read which month you meant."), ("9999-12", "We could not read which month"),
     ("1" * 5000, "We could not read which month you meant.")],
)  # fmt: skip
def test_month_that_cannot_be_written(client, owner, month, why):
    url = f"{URL}?month={month}"

    shown = client.get(url)
    posted = client.post(url, sent_from(shown, answer_1="From elsewhere"))

    assert shown.status_code == 200
    assert why in shown.content.decode()
    assert shown.context["page"].key == "2026-11"
    assert posted.status_code == 422
    assert "From elsewhere" in posted.content.decode()
    assert not Entry.objects.exists()


@pytest.mark.parametrize(("zone", "key"), [("Pacific/Auckland", "2026-11"), ("America/Los_Angeles", "2026-10")])
def test_month_opens_at_the_owners_midnight(client, owner, zone, key):
    owner.time_zone = zone
    owner.save()

    with time_machine.travel(datetime(2026, 11, 28, 6, tzinfo=UTC)):
        assert client.get(f"{URL}?month=2026-11").context["page"].key == key


def test_month_asks_whether_what_was_meant_came_true(client, owner):
    meant = IntentionFactory(entry__owner=owner, entry__period__key="2026-10", text="Twelve interviews.")
    page = client.get(f"{MONTH}&came_true=partly")
    html = page.content.decode()

    assert "This month you wanted to" in html
    assert "Twelve interviews." in html
    assert re.search(r'value="partly"[^>]*checked', html)
    meant.refresh_from_db()
    assert meant.came_true == ""

    client.post(MONTH, sent_from(page, came_true="partly", answer_1="x", action="later"))
    meant.refresh_from_db()
    assert meant.came_true == "partly"
    assert re.search(r'value="partly"[^>]*checked', client.get(MONTH).content.decode())


def test_spans_cover_a_month_once():
    spans = spans_of("2026-11")

    assert [span.name for span in spans] == [
        "Week 44, 1", "Week 45, 2 to 8", "Week 46, 9 to 15", "Week 47, 16 to 22", "Week 48, 23 to 29", "Week 49, 30",
    ]  # fmt: skip
    assert [span.key for span in spans_of("2027-01")][:2] == ["2026-W53", "2027-W01"]


def lived_month(user):
    goal = GoalFactory(owner=user, title="Run 12 user interviews", starts_on=date(2026, 9, 1), due_on=date(2027, 1, 31))
    for day in (3, 5, 5):
        ProgressUpdateFactory(goal=goal, happened_on=date(2026, 11, day), value=day, note="")
    MilestoneFactory(goal=goal, title="First three done", done_at=datetime(2026, 11, 19, 9, tzinfo=UTC), due_on=None)
    ReflectionFactory(owner=user, entry_on=date(2026, 11, 8), mood=2)
    before = ReflectionFactory(owner=user, entry_on=date(2026, 11, 15), mood=4)
    IntentionFactory(entry=before, text="Ask Hannah.", came_true="yes")
    EntryFactory(owner=user, kind="mood", text="", mood=5, entry_on=date(2026, 11, 24))
    return goal


def test_weeks_of_month_tell_what_moved_what_was_meant_and_how_it_felt(owner):
    lived_month(owner)
    lived_month(UserFactory())

    weeks = {week.name: week for week in weeks_of_month(owner, "2026-11")}

    assert weeks["Week 45, 2 to 8"].lines == ["Run 12 user interviews, 3 times"]
    assert [mood.words for mood in weeks["Week 45, 2 to 8"].moods] == ["Low"]
    assert weeks["Week 46, 9 to 15"].path == f"/journal/{Entry.objects.owned_by(owner).get(period__key='2026-W46').pk}/"
    assert (weeks["Week 47, 16 to 22"].focus, weeks["Week 47, 16 to 22"].outcome) == ("Ask Hannah.", "Came true")
    assert weeks["Week 47, 16 to 22"].reached == ["First three done"]
    assert [mood.words for mood in weeks["Week 48, 23 to 29"].moods] == ["Great on 1 day"]
    assert weeks["Week 44, 1"].is_blank
    assert "Week 49, 30" not in weeks, "a week that has not begun"


@pytest.mark.parametrize("months", [1, 3])
def test_month_query_count(client, owner, months, django_assert_num_queries):
    lived_month(owner)
    for month in range(months):
        ReflectionFactory(owner=owner, period__key=f"2026-0{month + 1}", entry_on=date(2026, month + 1, 28))
    client.get(MONTH)

    with django_assert_num_queries(13):
        client.get(MONTH)
