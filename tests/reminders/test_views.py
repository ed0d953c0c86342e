import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine

from accounts.models import Break, User
from journal.models import Period
from mail.models import Message, Preference
from mail.services import Draft, queue_many
from reminders.models import Schedule
from tests.factories.accounts import BreakFactory, UserFactory
from tests.factories.journal import PeriodFactory, ReflectionFactory
from tests.factories.reminders import ScheduleFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 12, tzinfo=UTC)  # Thursday
HTMX = {"hx-request": "true"}


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def user(client):
    user = UserFactory(email="amara@example.org", name="Amara Osei")
    client.force_login(user)
    return user


def text_of(response):
    return response.content.decode().replace("&#x27;", "'")


def save(client, part, data, *, htmx=False):
    return client.post(f"/settings/save/{part}/", data, headers=HTMX if htmx else {})


def weekly(**changed):
    """Return what the form of the rhythm sends for a weekly mail."""
    return {"weeks": "1", "weekday": "6", "local_time": "18:00", "month_day": "0"} | changed


def test_settings_page_names_the_next_mail(client, user):
    page = text_of(client.get("/settings/"))

    assert "Next one: Sunday 22 November, 18:00" in page
    assert "It is 12:00 there." in page
    for words in ("Reflection", "When somebody writes", "Mentoring", "No private text in mails", "Take a break"):
        assert words in page
    for words in ("Follow-ups and dates", "When feedback arrives", "Language"):
        assert words not in page, "what no mail asks cannot be switched"


def test_settings_page_writes_nothing(client, user):
    client.get("/settings/")

    assert not Schedule.objects.exists()


def test_weekly_is_saved_and_reckoned_at_once(client, user):
    schedule = ScheduleFactory(user=user, unanswered=7)

    fragment = text_of(save(client, "rhythm", weekly(weekday="4", local_time="07:30"), htmx=True))

    schedule.refresh_from_db()
    assert (schedule.weekday, schedule.local_time, schedule.unanswered) == (4, time(7, 30), 0)
    assert schedule.next_due_at == datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
    assert "Next one: Friday 20 November, 07:30" in fragment
    assert "Saved" in fragment
    assert "<html" not in fragment
    assert fragment.startswith("{#") is False


def test_weekly_without_script(client, user):
    response = client.post("/settings/save/rhythm/", weekly(weekday="0", local_time="9:00"), follow=True)

    assert response.redirect_chain == [("/settings/", 302)]
    assert "Saved." in text_of(response)
    assert Schedule.objects.get(user=user).weekday == 0


def test_rhythm_from_week_to_month_to_both(client, user):
    ScheduleFactory(user=user)

    only_months = text_of(save(client, "rhythm", {"weeks": "0", "month_day": "-1"}, htmx=True))
    month = Schedule.objects.get(user=user)
    assert (month.kind, month.month_day, month.local_time) == ("monthly", -1, time(18))
    assert "Next one: Monday 30 November, 18:00" in only_months
    assert 'name="weekday"' not in only_months
    assert "Send me a monthly one now" in only_months

    both = text_of(save(client, "rhythm", weekly(weeks="2", month_day="2", month_time="7:30"), htmx=True))
    week = Schedule.objects.weekly().get(user=user)
    assert week.fortnight is not None
    assert "Next one: Sunday 22 November, 18:00" in both
    assert "Next one: Wednesday 2 December, 07:30" in both
    assert 'value="2" selected>Every other week' in both


def test_rhythm_of_nothing_turns_the_mails_off_and_keeps_the_hours(client, user):
    ScheduleFactory(user=user, weekday=2)

    fragment = text_of(save(client, "rhythm", {"weeks": "0", "month_day": "0"}, htmx=True))

    assert "Turned off." in fragment
    assert Preference.objects.for_user(user)["weekly"] is False
    assert Schedule.objects.get(user=user).weekday == 2


def test_change_that_would_leave_out_this_week_begins_after_it(client, user):
    ScheduleFactory(user=user, next_due_at=datetime(2026, 11, 22, 18, tzinfo=UTC))

    with time_machine.travel(datetime(2026, 11, 21, 12, tzinfo=UTC), tick=False):
        fragment = text_of(save(client, "rhythm", weekly(weekday="4"), htmx=True))

    assert "Next one: Sunday 22 November, 18:00. What you changed begins after it." in fragment


@pytest.mark.same_statements
@pytest.mark.parametrize(
    "data",
    [
        {},
        {"weeks": "1"},
        {"weeks": "1", "month_day": "4"},
        {"weeks": "1", "month_day": "x"},
        {"weeks": "3", "month_day": "0"},
        {"weeks": "9" * 5000, "month_day": "0"},
        {"weeks": "0", "month_day": "1", "month_time": "18"},
        *({"weeks": "1", "month_day": "0", "weekday": day} for day in ("7", "-1", "9" * 5000, "x")),
        *(
            {"weeks": "1", "month_day": "0", "local_time": hour}
            for hour in ("24:00", "18", "1e:00", "٣:٠٠", "18:00\x00")
        ),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_weekly_bad_input(client, user, data, htmx):
    response = save(client, "rhythm", data, htmx=htmx)

    assert response.status_code == 422
    assert not Schedule.objects.exists()
    assert "rhythm-problem" in text_of(response)


def test_unknown_part(client, user):
    assert save(client, "everything", {}).status_code == 404


@pytest.mark.parametrize("kind", ["weekly", "comments", "mentoring"])
def test_switch_off_and_on(client, user, kind):
    off = text_of(save(client, "switch", {"kind": kind}, htmx=True))
    assert Preference.objects.get(user=user, kind=kind).is_on is False
    assert "Saved" in off

    save(client, "switch", {"kind": kind, "on": "on"}, htmx=True)
    assert Preference.objects.get(user=user, kind=kind).is_on is True


def test_switching_the_weekly_mail_on_again_starts_afresh(client, user):
    schedule = ScheduleFactory(user=user, unanswered=17)
    save(client, "switch", {"kind": "weekly"})

    page = text_of(client.get("/settings/"))
    assert "Turned off." in page
    assert "Send me one now" not in page

    save(client, "switch", {"kind": "weekly", "on": "on"})
    schedule.refresh_from_db()
    assert schedule.unanswered == 0


@pytest.mark.parametrize("kind", ["", "feedback", "dates", "nonsense", "weekly\x00"])
def test_switch_bad_input(client, user, kind):
    assert save(client, "switch", {"kind": kind, "on": "on"}, htmx=True).status_code == 422
    assert not Preference.objects.exists()


def test_hide_text(client, user):
    save(client, "hide-text", {"mails_hide_text": "on"})
    user.refresh_from_db()
    assert user.mails_hide_text

    save(client, "hide-text", {})
    user.refresh_from_db()
    assert not user.mails_hide_text


def test_zone_moves_the_next_mail_at_once(client, user):
    schedule = ScheduleFactory(user=user)

    fragment = text_of(save(client, "zone", {"time_zone": "America/New_York"}, htmx=True))

    user.refresh_from_db()
    schedule.refresh_from_db()
    assert str(user.time_zone) == "America/New_York"
    assert user.time_zone_is_guess is False
    assert schedule.next_due_at == datetime(2026, 11, 22, 23, tzinfo=UTC)
    assert "It is 07:00 there." in fragment


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd", "posix/UTC", "x" * 5000])
def test_zone_bad_input(client, user, zone):
    response = save(client, "zone", {"time_zone": zone}, htmx=True)

    assert response.status_code == 422
    user.refresh_from_db()
    assert str(user.time_zone) == "Europe/London"


@pytest.mark.parametrize(
    ("theme", "status"), [("dark", 200), ("light", 200), ("system", 200), ("pink", 422), ("", 422)]
)
def test_theme(client, user, theme, status):
    assert save(client, "theme", {"theme": theme}, htmx=True).status_code == status
    user.refresh_from_db()
    assert user.theme == (theme if status == 200 else "system")


@pytest.mark.parametrize(
    ("name", "stored"),
    [("  Ámara  Osei ", "Ámara Osei"), ("", "Amara Osei"), ("\u200d\u200d", "Amara Osei"), ("x" * 81, "Amara Osei")],
)
def test_name(client, user, name, stored):
    response = save(client, "name", {"name": name})

    assert response.status_code == (422 if stored == "Amara Osei" else 302)
    user.refresh_from_db()
    assert user.name == stored


def test_nothing_else_can_be_set(client, user):
    save(client, "name", {"name": "Eve", "is_staff": "on", "email": "eve@example.org", "time_zone": "UTC"})

    user.refresh_from_db()
    assert (user.is_staff, user.email, str(user.time_zone)) == (False, "amara@example.org", "Europe/London")


def test_sample_is_queued_three_times_a_day(client, user):
    for _ in range(3):
        assert "On its way to amara@example.org." in text_of(client.post("/settings/sample/", follow=True))

    response = client.post("/settings/sample/")

    assert response.status_code == 429
    assert response["Retry-After"] == str(12 * 3600)
    assert "That was three for today." in text_of(response)
    assert Message.objects.filter(kind="weekly_sample").count() == 3
    assert Period.objects.get(owner=user).key == "2026-W46"

    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        client.force_login(user)
        assert client.post("/settings/sample/").status_code == 302


def test_sample_does_not_take_the_place_of_the_weekly_mail(client, user):
    from reminders import services

    ScheduleFactory(user=user)
    with time_machine.travel(datetime(2026, 11, 22, 9, tzinfo=UTC), tick=False):
        client.force_login(user)
        client.post("/settings/sample/")
    services.send_due(now=datetime(2026, 11, 22, 18, tzinfo=UTC))

    assert sorted(Message.objects.values_list("kind", flat=True)) == ["weekly_prompt", "weekly_sample"]


def test_take_change_and_end_a_break(client, user):
    ScheduleFactory(user=user)
    page = text_of(client.post("/settings/break/", {"from_on": "2026-11-19", "until_on": "2026-11-30"}, follow=True))
    assert "You are on a break until 30 November." in page
    assert "Next one: Sunday 6 December, 18:00" in page

    client.post("/settings/break/", {"from_on": "2026-11-19", "until_on": ""})
    assert [(pause.from_on, pause.until_on) for pause in Break.objects.all()] == [(date(2026, 11, 19), None)]
    assert "None while you are on a break." in text_of(client.get("/settings/"))

    client.post("/settings/break/end/")
    assert not Break.objects.exists(), "it began today, so nothing of it is left"
    assert "Next one: Sunday 22 November, 18:00" in text_of(client.get("/settings/"))


@pytest.mark.parametrize("state", ["written", "skipped"])
def test_next_mail_is_not_about_a_week_that_is_done_with(client, user, state):
    ScheduleFactory(user=user)
    period = PeriodFactory(owner=user, key="2026-W47", state=state)
    if state == "written":
        ReflectionFactory(owner=user, period=period)

    page = text_of(client.get("/settings/"))

    assert "Next one: Sunday 29 November, 18:00" in page


def test_ending_a_break_keeps_the_days_that_were_away(client, user):
    BreakFactory(user=user, from_on=date(2026, 11, 2), until_on=None)

    client.post("/settings/break/end/")

    assert Break.objects.get().until_on == date(2026, 11, 18)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "This is still empty."),
        ({"from_on": "yesterday"}, "Use a date, like 2027-03-15."),
        ({"from_on": "0001-01-01"}, "Use a date between 1900 and 2200."),
        ({"from_on": "9999-12-31"}, "Use a date between 1900 and 2200."),
        ({"from_on": "2026-01-01"}, "A break can begin in the last month or the coming year."),
        ({"from_on": "2026-11-20", "until_on": "2026-11-19"}, "A break ends after it begins, and not in the past."),
        ({"from_on": "2026-11-10", "until_on": "2026-11-12"}, "A break ends after it begins, and not in the past."),
        ({"from_on": "2026-11-20", "until_on": "2028-11-19"}, "A break lasts a year at most."),
    ],
)
def test_break_bad_input(client, user, data, words):
    response = client.post("/settings/break/", data)

    assert response.status_code == 422
    assert words in text_of(response)
    if data.get("from_on", "").startswith("2026"):
        assert f'value="{data["from_on"]}"' in text_of(response), "what was typed comes back"
    assert not Break.objects.exists()


def test_skip_asks_first_and_skips_by_post(client, user):
    page = text_of(client.get("/settings/skip/?week=2026-W47"))
    assert "Skip Week 47, 16 to 22 November?" in page
    assert not Period.objects.exists()

    done = text_of(client.post("/settings/skip/?week=2026-W47", follow=True))
    assert "is skipped. You can still write it." in done
    assert Period.objects.get(owner=user).state == "skipped"
    assert "is skipped" in text_of(client.get("/settings/skip/?week=2026-W47"))


def test_skip_of_a_month(client, user):
    page = text_of(client.get("/settings/skip/?month=2026-10"))
    assert "Skip October?" in page
    assert "Skip this month" in page
    assert "/journal/write/?month=2026-10" in page

    client.post("/settings/skip/?month=2026-10")

    period = Period.objects.get(owner=user)
    assert (period.kind, period.key, period.state) == ("month", "2026-10", "skipped")


@pytest.mark.parametrize("month", ["2026-13", "x", "2026-11", "2027-01", "2026-W46"])
def test_skip_of_no_month_means_the_latest(client, user, month):
    assert "Skip October?" in text_of(client.get(f"/settings/skip/?month={month}"))


@pytest.mark.parametrize(
    ("query", "day"), [("2", "2026-12-02"), ("1", "2026-11-25"), ("0", ""), ("x", ""), ("9" * 5000, ""), ("", "")]
)
def test_break_from_a_mail_is_only_preselected(client, user, query, day):
    page = text_of(client.get(f"/settings/break/?weeks={query}"))

    shown = re.search(r'name="until_on"[^>]*value="([^"]*)"|name="until_on"', page)
    assert (shown.group(1) or "") == day
    assert not user.breaks.exists()


def test_sample_of_a_month(client, user):
    client.post("/settings/sample/", {"kind": "monthly"})

    message = Message.objects.get(kind="monthly_sample")
    assert message.ids == {"month": 202610}
    assert Period.objects.get(owner=user).key == "2026-10"


def test_skip_of_a_written_week_changes_nothing(client, user):
    PeriodFactory(owner=user, key="2026-W47", state="written")

    assert "is written" in text_of(client.get("/settings/skip/?week=2026-W47"))
    client.post("/settings/skip/?week=2026-W47")
    assert Period.objects.get(owner=user).state == "written"


@pytest.mark.parametrize("week", ["", "x", "2026-W99", "9999-W01", "2027-W30", "%F0%9F%99%82"])
def test_skip_of_no_week_means_the_latest(client, user, week):
    assert "Skip Week 46" in text_of(client.get(f"/settings/skip/?week={week}"))


def test_mail_list_says_what_became_of_each(client, user):
    queue_many("weekly_sample", [Draft(dedupe=f"s:{n}", user=user, ids={"week": 202647}) for n in range(4)])
    queue_many("weekly_sample", [Draft(dedupe="other", user=UserFactory(), ids={"week": 202647})])
    own = Message.objects.filter(user=user).order_by("pk")
    for message, state, reason in zip(own, ("sent", "skipped", "dead"), ("", "expired", "boom"), strict=False):
        Message.objects.filter(pk=message.pk).update(state=state, reason=reason, finished_at=NOW)

    page = text_of(client.get("/settings/mails/"))

    assert page.count("Weekly reflection, as you asked") == 4
    for words in ("Waiting to be sent", "Not sent: it came too late to be useful", "Could not be sent", "Today, 12:00"):
        assert words in page
    assert "boom" not in page


def test_mail_list_when_empty(client, user):
    assert "No emails yet" in text_of(client.get("/settings/mails/"))


def test_mail_list_pages(client, user):
    queue_many("weekly_sample", [Draft(dedupe=f"s:{n}", user=user, ids={"week": 202647}) for n in range(30)])

    first = text_of(client.get("/settings/mails/"))
    token = first.split("?after=")[1].split('"')[0]

    assert first.count('class="row-w"') == 25
    assert text_of(client.get(f"/settings/mails/?after={token}")).count('class="row-w"') == 5


@pytest.mark.parametrize("rows", [1, 3])
def test_mail_list_query_count(client, user, rows, django_assert_num_queries):
    queue_many("weekly_sample", [Draft(dedupe=f"s:{n}", user=user, ids={"week": 202647}) for n in range(rows)])
    client.get("/settings/mails/")

    with django_assert_num_queries(8):
        client.get("/settings/mails/")


def test_switches_on_the_list_of_mails_lead_back_to_it(client, user):
    data = {"kind": "comments", "into": "kinds"}

    assert client.post("/settings/save/switch/", data)["Location"] == "/settings/mails/"
    assert 'id="kinds"' in text_of(client.post("/settings/save/switch/", data, headers=HTMX))


def test_settings_page_query_count(client, user, django_assert_num_queries):
    ScheduleFactory(user=user)
    client.get("/settings/")

    with django_assert_num_queries(5):
        client.get("/settings/")


def test_settings_of_others_stay_theirs(client, user):
    other = ScheduleFactory().user

    save(client, "rhythm", weekly(weekday="1", local_time="10:00") | {"user": other.pk})
    save(client, "theme", {"theme": "dark", "user": other.pk})

    assert Schedule.objects.get(user=other).weekday == 6
    assert User.objects.get(pk=other.pk).theme == "system"
