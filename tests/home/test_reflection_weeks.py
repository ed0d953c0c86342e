from datetime import UTC, date, datetime

import pytest
import time_machine

from journal.models import Entry, Period
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalFactory
from tests.factories.journal import PeriodFactory, ReflectionFactory
from tests.home.reflection import URL, WEEK, sent_from

pytestmark = pytest.mark.usefixtures("sunday")


@pytest.mark.parametrize(
    ("day", "week"),
    [(13, "Week 46"), (16, "Week 46"), (19, "Week 46"), (20, "Week 47")],
    ids=["Fri", "Mon", "Thu", "Fri"],
)
def test_reflection_opens_the_week_a_prompt_would_ask_about(client, owner, day, week):
    with time_machine.travel(datetime(2026, 11, day, 12, tzinfo=UTC)):
        assert client.get(URL).context["name"] == week


def test_reflection_after_last_week_was_finished_or_skipped_opens_the_present_one(client, owner):
    with time_machine.travel(datetime(2026, 11, 17, 12, tzinfo=UTC)):
        period = PeriodFactory(owner=owner, key=WEEK, state="skipped")
        assert client.get(URL).context["name"] == "Week 47"
        period.delete()
        ReflectionFactory(owner=owner)
        assert client.get(URL).context["name"] == "Week 47"


def test_reflection_week_turns_at_the_owners_midnight(client, db):
    person = UserFactory(time_zone="Pacific/Auckland")
    client.force_login(person)

    with time_machine.travel(datetime(2026, 11, 12, 11, 30, tzinfo=UTC)):  # Friday 00:30 there, Thursday here
        assert client.get(URL).context["name"] == "Week 46"


def test_reflection_of_a_missed_week_stands_in_that_week(client, owner):
    PeriodFactory(owner=owner, key="2026-W44", state="missed")
    url = f"{URL}?week=2026-W44"

    client.post(url, sent_from(client.get(url), answer_1="Late, and fine", action="finish"))

    entry = Entry.objects.get()
    assert entry.entry_on == date(2026, 11, 1)
    assert entry.period.state == "written"


def test_reflection_future_week_is_refused_kindly(client, owner):
    url = f"{URL}?week=2026-W48"

    shown = client.get(url)
    posted = client.post(url, sent_from(shown, answer_1="From the future"))

    assert shown.status_code == 200
    assert "Week 48 begins on Monday, 23 November 2026. Here is the latest one." in shown.content.decode()
    assert posted.status_code == 422
    assert "From the future" in posted.content.decode()
    assert not Entry.objects.exists()


@pytest.mark.parametrize("week", ["x", "2026-W99", "2026-W00", "0001-W01", "9999-W52", "1" * 5000, "2026-W46 ", "%00"])
def test_reflection_unreadable_week_shows_the_latest(client, owner, week):
    response = client.get(f"{URL}?week={week}")

    assert response.status_code in {200, 400}
    if response.status_code == 200:
        assert "Here is the latest one." in response.content.decode()


def test_reflection_skip(client, owner):
    response = client.post(f"{URL}?week={WEEK}", {"action": "skip"}, follow=True)

    assert Period.objects.get().state == "skipped"
    assert "skipped. You can still write it any time." in response.content.decode()
    client.post(f"{URL}?week={WEEK}", {"answer_1": "After all"})
    assert Period.objects.get().state == "written"


def test_reflection_skip_leaves_a_written_week_alone(client, owner):
    ReflectionFactory(owner=owner)

    response = client.post(f"{URL}?week={WEEK}", {"action": "skip"}, follow=True)

    assert Period.objects.get().state == "written"
    assert "has words in it already" in response.content.decode()


def test_reflection_skip_keeps_what_was_typed(client, owner):
    response = client.post(f"{URL}?week={WEEK}", {"action": "skip", "answer_1": "Half a line"}, follow=True)

    assert "Half a line" in Entry.objects.get().answers.values()
    assert Period.objects.get().state == "written"
    assert "has words in it already, so it was not skipped" in response.content.decode()


def test_reflection_skip_keeps_a_mood(client, owner):
    client.post(f"{URL}?week={WEEK}", {"action": "skip", "mood": "4"})

    assert Entry.objects.get().mood == 4
    assert Period.objects.get().state == "skipped"


@pytest.mark.parametrize(("state", "asks"), [("skipped", False), ("open", True)])
def test_week_that_is_skipped_is_asked_for_nowhere(client, owner, state, asks):
    owner.date_joined = datetime(2026, 9, 1, tzinfo=UTC)
    owner.save()
    GoalFactory(owner=owner)
    PeriodFactory(owner=owner, key=WEEK, state=state)

    journal, week = client.get("/journal/"), client.get("/")

    assert ("Week 46 is waiting for a few lines" in journal.content.decode()) is asks
    assert ("Week 46 is skipped, and can" in journal.content.decode()) is not asks
    assert ("This week is skipped." in week.content.decode()) is not asks
    assert ("Reflection" in [line.label for line in week.context["days"][6].lines]) is asks


def test_reflection_emptied_week_is_open_again(client, owner):
    entry = ReflectionFactory(owner=owner, draft=True)

    client.post(f"{URL}?week={WEEK}", {"version": entry.version})

    assert Period.objects.get().state == "open"
