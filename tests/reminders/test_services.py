import json
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import zones
from accounts.models import User
from accounts.zones import change_zone
from core.timekeeping import next_local
from journal.models import Period
from mail.models import Message, Preference
from reminders import services
from reminders.models import Schedule
from tests.factories.accounts import BreakFactory, UserFactory
from tests.factories.goals import GoalFactory, MilestoneFactory, ProgressUpdateFactory
from tests.factories.journal import EntryFactory, PeriodFactory
from tests.factories.reminders import ScheduleFactory

pytestmark = pytest.mark.django_db


def utc(*args):
    return datetime(*args, tzinfo=UTC)


DUE = utc(2026, 11, 22, 18)
LATER = DUE + timedelta(seconds=40)


def weeks_asked(user):
    return [message.ids["week"] for message in Message.objects.filter(user=user, kind="weekly_prompt").order_by("pk")]


def test_send_due_queues_the_mail_and_moves_on():
    schedule = ScheduleFactory()

    assert services.send_due(now=LATER) == 1

    message = Message.objects.get()
    assert (message.kind, message.user, message.preference) == ("weekly_prompt", schedule.user, "weekly")
    assert message.ids == {"week": 202647}
    assert message.expires_at == DUE + timedelta(days=1)
    assert Period.objects.get().state == "open"
    assert len(Period.objects.get().questions) == 4
    schedule.refresh_from_db()
    assert schedule.next_due_at == DUE + timedelta(days=7)
    assert schedule.unanswered == 1


def test_send_due_before_the_hour():
    ScheduleFactory()

    assert services.send_due(now=DUE - timedelta(seconds=1)) == 0
    assert not Message.objects.exists()


def test_send_due_twice_sends_once():
    ScheduleFactory()

    assert [services.send_due(now=LATER), services.send_due(now=LATER)] == [1, 0]
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("weekday", "due", "week"),
    [
        (3, utc(2026, 11, 19, 18), 202646),  # Thursday: the week before
        (4, utc(2026, 11, 20, 18), 202647),  # Friday: its own
        (0, utc(2026, 11, 23, 18), 202647),
        (0, utc(2027, 1, 4, 18), 202653),
    ],
)
def test_prompt_asks_about_the_week_that_ends(weekday, due, week):
    schedule = ScheduleFactory(weekday=weekday, next_due_at=due)

    services.send_due(now=due)

    assert weeks_asked(schedule.user) == [week]


def test_outage_of_three_hours_sends_one_mail():
    schedule = ScheduleFactory()

    services.send_due(now=DUE + timedelta(hours=3))
    services.send_due(now=DUE + timedelta(hours=3, minutes=1))

    assert weeks_asked(schedule.user) == [202647]


def test_more_than_a_day_late_is_skipped_and_the_week_stays_open():
    schedule = ScheduleFactory()

    services.send_due(now=DUE + timedelta(days=1, seconds=1))

    assert not Message.objects.exists()
    assert not Period.objects.exclude(state="open").exists()
    schedule.refresh_from_db()
    assert schedule.next_due_at == DUE + timedelta(days=7)
    assert schedule.unanswered == 0


def test_outage_of_five_weeks_sends_nothing_late():
    schedule = ScheduleFactory()

    services.send_due(now=DUE + timedelta(days=35, hours=30))
    schedule.refresh_from_db()

    assert not Message.objects.exists()
    assert schedule.next_due_at == DUE + timedelta(days=42)


def test_changed_zone_is_recomputed_and_not_sent():
    schedule = ScheduleFactory()
    User.objects.filter(pk=schedule.user_id).update(time_zone="America/New_York")

    services.send_due(now=LATER)

    assert not Message.objects.exists()
    schedule.refresh_from_db()
    assert schedule.next_due_at == utc(2026, 11, 22, 23)
    services.send_due(now=schedule.next_due_at)
    assert weeks_asked(schedule.user) == [202647]


def sweep(begin, end):
    """Sweep every half hour."""
    now = begin
    while now <= end:
        services.send_due(now=now)
        now += timedelta(minutes=30)


@pytest.mark.same_statements
@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Tokyo", "America/New_York"])
@pytest.mark.parametrize("joined", [utc(2026, 11, 18, 9), utc(2026, 11, 22, 8, 30)])
def test_new_person_gets_the_mail_of_their_first_sunday_at_their_own_hour(client, time_machine, zone, joined):
    user = UserFactory(name="", time_zone="UTC", time_zone_is_guess=True, date_joined=joined)
    services.give_rows(now=joined + timedelta(minutes=1))
    client.force_login(user)
    time_machine.move_to(joined + timedelta(minutes=5), tick=False)
    client.post("/account/welcome/", {"name": "Ada", "time_zone": zone})

    due = next_local(ZoneInfo(zone), 6, time(18), joined)
    assert Schedule.objects.get().next_due_at == due
    sweep(joined + timedelta(minutes=6), due + timedelta(days=2))

    assert weeks_asked(user) == [202647]


@pytest.mark.same_statements
@pytest.mark.parametrize("moved", [utc(2026, 11, 20, 9), utc(2026, 11, 22, 17, 30), utc(2026, 11, 22, 22, 59)])
def test_traveller_to_the_east_is_asked_also_if_the_hour_is_over_there(client, time_machine, moved):
    user = UserFactory(time_zone="America/New_York", date_joined=utc(2026, 1, 1))
    ScheduleFactory(user=user, next_due_at=utc(2026, 11, 22, 23), unanswered=5)
    client.force_login(user)
    time_machine.move_to(moved, tick=False)

    client.post("/account/time-zone/", {"time_zone": "Europe/Berlin"})
    assert Schedule.objects.get().next_due_at == utc(2026, 11, 22, 17)
    sweep(moved, utc(2026, 11, 24, 18))

    assert weeks_asked(user) == [202647]
    assert Schedule.objects.get().next_due_at == utc(2026, 11, 29, 17)


@pytest.mark.same_statements
@pytest.mark.parametrize("moved", [utc(2026, 11, 22, 16), utc(2026, 11, 22, 17, 1), utc(2026, 11, 23, 9)])
def test_traveller_to_the_west_is_asked_once(moved):
    user = UserFactory(time_zone="Europe/Berlin", date_joined=utc(2026, 1, 1))
    ScheduleFactory(user=user, next_due_at=utc(2026, 11, 22, 17))

    sweep(utc(2026, 11, 22, 15), moved)
    change_zone(user=user, zone=ZoneInfo("America/New_York"), at=moved)
    sweep(moved, utc(2026, 11, 25))

    assert weeks_asked(user) == [202647]


def test_nobody_is_asked_about_an_hour_before_they_signed_up():
    joined = utc(2026, 11, 22, 15)
    user = UserFactory(time_zone="UTC", date_joined=joined)
    services.give_rows(now=joined)

    change_zone(user=user, zone=ZoneInfo("Asia/Tokyo"), at=joined + timedelta(minutes=2))

    assert Schedule.objects.get().next_due_at == utc(2026, 11, 29, 9)


def test_row_whose_person_moved_unnoticed_is_asked_at_once():
    user = UserFactory(time_zone="America/New_York", date_joined=utc(2026, 1, 1))
    ScheduleFactory(user=user, next_due_at=utc(2026, 11, 22, 23))
    User.objects.filter(pk=user.pk).update(time_zone="Europe/Berlin")

    sweep(utc(2026, 11, 22, 23), utc(2026, 11, 24))

    assert weeks_asked(user) == [202647]
    assert Schedule.objects.get().next_due_at == utc(2026, 11, 29, 17)


def test_zone_and_hour_change_together_or_not_at_all(monkeypatch):
    schedule = ScheduleFactory()

    def fail(*, user, at):
        raise RuntimeError

    monkeypatch.setattr(zones, "_hooks", [*zones._hooks, fail])
    with pytest.raises(RuntimeError):
        change_zone(user=schedule.user, zone=ZoneInfo("Asia/Tokyo"), at=DUE - timedelta(days=2))

    assert str(User.objects.get().time_zone) == "Europe/London"
    assert Schedule.objects.get().next_due_at == DUE


def test_changing_the_day_never_asks_twice_about_one_week():
    schedule = ScheduleFactory()
    services.send_due(now=LATER)

    services.change_schedule(user=schedule.user, weekday=0, local_time=time(9), now=LATER)
    for hours in range(0, 24 * 7, 12):
        services.send_due(now=LATER + timedelta(hours=hours))

    assert weeks_asked(schedule.user) == [202647]
    services.send_due(now=utc(2026, 11, 30, 10))
    assert weeks_asked(schedule.user) == [202647, 202648]


def test_changing_the_zone_never_asks_twice_about_one_week():
    schedule = ScheduleFactory()
    services.send_due(now=LATER)

    for zone in ("Pacific/Kiritimati", "Pacific/Niue", "Asia/Tokyo"):
        User.objects.filter(pk=schedule.user_id).update(time_zone=zone)
        schedule.user.refresh_from_db()
        services.change_schedule(user=schedule.user, weekday=6, local_time=time(18), now=LATER)
        for hours in range(0, 72, 3):
            services.send_due(now=LATER + timedelta(hours=hours))

    assert weeks_asked(schedule.user) == [202647]


def test_change_reckons_at_once_and_counts_as_a_sign_of_life():
    schedule = ScheduleFactory(unanswered=9, next_due_at=DUE + timedelta(days=7))

    changed = services.change_schedule(user=schedule.user, weekday=4, local_time=time(7, 30), now=LATER)

    assert changed.pk == schedule.pk
    assert changed.next_due_at == utc(2026, 11, 27, 7, 30)
    assert changed.unanswered == 0


@pytest.mark.parametrize("state", ["written", "skipped"])
def test_nobody_is_asked_about_a_settled_week(state):
    schedule = ScheduleFactory(unanswered=2)
    PeriodFactory(owner=schedule.user, key="2026-W47", state=state)

    services.send_due(now=LATER)

    assert not Message.objects.exists()
    schedule.refresh_from_db()
    assert schedule.unanswered == (0 if state == "written" else 2)


def test_nobody_is_asked_on_a_break():
    schedule = ScheduleFactory(unanswered=2)
    BreakFactory(user=schedule.user, from_on=date(2026, 11, 20), until_on=date(2026, 11, 22))

    services.send_due(now=LATER)

    assert not Message.objects.exists()
    assert not Period.objects.exists()
    schedule.refresh_from_db()
    assert schedule.unanswered == 2


def test_a_break_that_ended_yesterday_is_over():
    schedule = ScheduleFactory()
    BreakFactory(user=schedule.user, from_on=date(2026, 11, 1), until_on=date(2026, 11, 21))

    services.send_due(now=LATER)

    assert weeks_asked(schedule.user) == [202647]


def test_nobody_is_asked_who_turned_it_off_or_has_no_confirmed_address():
    off = ScheduleFactory()
    Preference.objects.create(user=off.user, kind="weekly", is_on=False, changed_at=DUE)
    ScheduleFactory(user=UserFactory(verified=False))
    ScheduleFactory(user=UserFactory(is_active=False))

    assert services.send_due(now=LATER) == 3
    assert not Message.objects.exists()


def test_silence_thins_out_the_mails_says_goodbye_and_any_entry_restores_them():
    schedule = ScheduleFactory(next_due_at=utc(2026, 1, 4, 18), turned_at=utc(2026, 1, 1))
    sent = []
    for week in range(24):
        now = utc(2026, 1, 4, 18) + timedelta(days=7 * week)
        now = next_local(schedule.user.time_zone, 6, time(18), now - timedelta(days=1))
        before = set(Message.objects.values_list("pk", flat=True))
        services.send_due(now=now)
        sent += [(week, message.kind) for message in Message.objects.exclude(pk__in=before)]

    assert [week for week, kind in sent if kind == "weekly_prompt"] == [0, 1, 2, 3, 4, 6, 8, 12]
    assert [week for week, kind in sent if kind == "weekly_farewell"] == [16]

    schedule.refresh_from_db()
    EntryFactory(owner=schedule.user, updated_at=schedule.turned_at + timedelta(days=2), draft=True)
    services.send_due(now=schedule.next_due_at)
    assert Message.objects.latest("pk").kind == "weekly_prompt"
    schedule.refresh_from_db()
    assert schedule.unanswered == 1


@pytest.mark.same_statements
@pytest.mark.parametrize(
    ("zone", "first", "last"),
    [
        # Both clock changes of a year lie between: the hour stays 02:30 or moves to the end of the gap.
        ("Europe/Berlin", date(2026, 3, 15), date(2026, 4, 12)),
        ("Europe/Berlin", date(2026, 10, 11), date(2026, 11, 8)),
        ("America/New_York", date(2026, 2, 22), date(2026, 3, 22)),
        ("America/New_York", date(2026, 10, 18), date(2026, 11, 15)),
        ("Australia/Lord_Howe", date(2026, 3, 22), date(2026, 4, 19)),
        ("Australia/Lord_Howe", date(2026, 9, 20), date(2026, 10, 18)),
        ("Asia/Kathmandu", date(2026, 3, 15), date(2026, 4, 12)),
    ],
)
@pytest.mark.parametrize("hour", [time(1, 45), time(2, 15), time(18)])
def test_one_mail_a_week_over_the_clock_changes(zone, first, last, hour):
    user = UserFactory(time_zone=zone)
    begin = datetime.combine(first, time(0), tzinfo=UTC) - timedelta(days=1)
    services.change_schedule(user=user, weekday=6, local_time=hour, now=begin)

    queued = []
    now = begin
    while user.today(now) <= last:
        due = Schedule.objects.get(user=user).next_due_at
        for at in (due - timedelta(seconds=1), due, due + timedelta(minutes=1), due + timedelta(hours=2)):
            if services.send_due(now=at):
                queued.append(at.astimezone(user.time_zone))
        now = due + timedelta(days=1)

    weeks = (last - first).days // 7 + 1
    assert len(queued) == weeks
    assert Message.objects.filter(user=user, kind="weekly_prompt").count() == weeks
    for wall in queued:
        assert wall.weekday() == 6
        assert timedelta(0) <= wall.replace(tzinfo=None) - datetime.combine(wall.date(), hour) <= timedelta(minutes=60)
        assert wall.fold == 0


def test_send_due_asks_the_same_number_of_queries_for_one_and_for_twenty():
    def cost(number):
        for _ in range(number):
            user = ScheduleFactory().user
            goal = GoalFactory(owner=user, due_on=date(2026, 12, 1), starts_on=date(2026, 1, 1))
            MilestoneFactory(goal=goal, due_on=date(2026, 11, 24))
            ProgressUpdateFactory(goal=goal, happened_on=date(2026, 11, 18))
        with CaptureQueriesContext(connection) as queries:
            assert services.send_due(now=LATER) == number
        return len(queries)

    one, twenty = cost(1), cost(20)

    assert one == twenty
    assert twenty <= 22  # 500 mails: 0.05 statements each


def test_send_due_with_nobody_due_reads_next_to_nothing():
    """At most 5 blocks, however many schedules there are.

    Each row of a test before this one, rolled back, leaves an entry in the index that is read once more: the table
    begins anew. The first look of a connection reads the catalogue too, so the second one counts.
    """
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE reminders_schedule")
    users = User.objects.bulk_create(User(email=f"many{number}@example.org") for number in range(5000))
    Schedule.objects.bulk_create(Schedule(user=user, next_due_at=DUE, turned_at=DUE) for user in users)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE reminders_schedule")

    _, found = blocks_of_a_poll(), blocks_of_a_poll()

    assert 0 < found <= 5


def blocks_of_a_poll():
    due = Schedule.objects.due(DUE - timedelta(hours=1)).with_person()
    plan = due.select_for_update(of=("self",), skip_locked=True)[:500].explain(
        analyze=True, buffers=True, format="json"
    )
    found = json.loads(plan)[0]["Plan"]
    return found["Shared Hit Blocks"] + found["Shared Read Blocks"]


def test_give_rows_to_new_people():
    old = ScheduleFactory().user
    new = UserFactory(time_zone="Asia/Kathmandu")

    assert services.give_rows(now=LATER) == 1
    assert services.give_rows(now=LATER) == 0

    schedule = Schedule.objects.get(user=new)
    assert (schedule.weekday, schedule.local_time) == (6, time(18))
    assert schedule.next_due_at == utc(2026, 11, 29, 12, 15)
    assert Schedule.objects.filter(user=old).count() == 1


def test_housekeeping_finds_whoever_slipped_past():
    slipped = UserFactory()
    ScheduleFactory()

    assert services.give_rows(now=LATER) == 0
    assert services.give_rows(now=LATER, since=0) == 1
    assert Schedule.objects.filter(user=slipped).exists()


def test_dry_decision_writes_nothing():
    ScheduleFactory()

    claims = services.decide(list(Schedule.objects.due(LATER).with_person()), now=LATER)

    assert [(claim.reason, claim.key) for claim in claims] == [(None, "2026-W47")]
    assert not Message.objects.exists()
    assert not Period.objects.exists()
