from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mail.letters import compose
from mail.models import Message
from mail.registry import find
from mail.services import Draft, queue_many
from reminders import services
from tests.factories.accounts import BreakFactory, UserFactory
from tests.factories.goals import GoalFactory, MilestoneFactory, ProgressUpdateFactory
from tests.factories.journal import IntentionFactory, PeriodFactory, ReflectionFactory
from tests.factories.reminders import ScheduleFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 30, 18, tzinfo=UTC)


def lived_month(**fields):
    """Return somebody with a month worth a mail."""
    user = UserFactory(name="Amara Osei", **fields)
    goal = GoalFactory(owner=user, title="Run 12 user interviews", starts_on=date(2026, 9, 1), due_on=date(2027, 1, 31))
    for day in (3, 5, 17):
        ProgressUpdateFactory(goal=goal, happened_on=date(2026, 11, day), value=day, note="A note on the train.")
    MilestoneFactory(goal=goal, title="First three done", done_at=datetime(2026, 11, 19, 9, tzinfo=UTC), due_on=None)
    MilestoneFactory(goal=goal, title="Finish the interview guide", due_on=date(2026, 12, 2))
    before = ReflectionFactory(owner=user, period__key="2026-10", entry_on=date(2026, 10, 31))
    IntentionFactory(entry=before, text="Twelve interviews by Christmas.")
    return user


def letter_to(user, *, name="monthly_prompt", month=202611, now=NOW):
    queue_many(name, [Draft(dedupe=f"{name}:{user.pk}:{month}", user=user, ids={"month": month})])
    message = Message.objects.with_recipient().get(user=user, kind=name)
    content = find(name).contents([message], now=now)[message.pk]
    return content and compose(message, content, now=now)


@pytest.mark.parametrize("part", ["text", "html"])
def test_monthly_prompt_carries_the_persons_own_month(part):
    user = lived_month()
    ScheduleFactory(user=user, monthly=True)
    PeriodFactory(owner=user, key="2026-11", questions=["First?", "Second?", "Third?", "What matters most next month?"])

    letter = letter_to(user)
    body = getattr(letter, part)

    assert letter.subject == "November: how was your month, Amara?"
    for words in (
        "How was your month, Amara?",
        "Twelve interviews by Christmas.",
        "came_true=partly",
        "Week 45, 2 to 8",
        "Run 12 user interviews, 2 times",
        "Reached: First three done",
        "Finish the interview guide (Run 12 user interviews)",
        "First?",
        "What matters most next month?",
        "You get this on the last day of the month at 18:00, your time.",
        "/settings/skip/?month=2026-11",
        "/settings/break/?weeks=2",
        "/mail/unsubscribe/",
        "Skip this month",
    ):
        assert words in body, words
    assert "For this month you wanted to".upper() in body.upper()
    assert "week=" not in body
    assert "Tuesday's interview." not in body, "a line of the journal stands in a mail"
    assert len(letter.html) < 30_000


@pytest.mark.parametrize("part", ["text", "html"])
def test_monthly_prompt_without_private_text(part):
    body = getattr(letter_to(lived_month(mails_hide_text=True)), part)

    for words in ("interview", "Christmas", "First three", "train"):
        assert words not in body, words
    assert "2 things in Waymark" in body
    assert "1 goal" in body


@pytest.mark.parametrize("part", ["text", "html"])
def test_monthly_prompt_after_an_empty_month(part):
    letter = letter_to(UserFactory(name=""))

    assert letter.subject == "November: how was your month?"
    assert "Nothing noted in these weeks. The questions are enough." in getattr(letter, part)


def test_monthly_prompt_in_the_next_month_names_the_one_that_ended():
    letter = letter_to(UserFactory(name="Amara Osei"), now=datetime(2026, 12, 2, 9, tzinfo=UTC))

    assert letter.subject == "November: how was your November, Amara?"


@pytest.mark.parametrize("state", ["written", "skipped"])
def test_monthly_prompt_is_not_sent_about_a_settled_month(state):
    period = PeriodFactory(key="2026-11", state=state)

    assert letter_to(period.owner) is None
    assert letter_to(period.owner, name="monthly_sample").text


def test_monthly_prompt_is_not_sent_into_a_break():
    user = UserFactory()
    BreakFactory(user=user, from_on=date(2026, 11, 30), until_on=None)

    assert letter_to(user) is None


@pytest.mark.parametrize("part", ["text", "html"])
def test_goodbye_of_the_monthly_mail(part):
    user = UserFactory()
    ScheduleFactory(user=user, monthly=True, unanswered=5, turned_at=NOW)
    ScheduleFactory(user=user, unanswered=0, turned_at=NOW)

    letter = letter_to(user, name="weekly_farewell", now=NOW + timedelta(minutes=1))

    assert letter.subject == "The monthly question rests now"
    assert "this is the last monthly email" in getattr(letter, part)


def test_monthly_prompt_from_the_hour_to_the_letter():
    user = lived_month()
    ScheduleFactory(user=user, monthly=True)

    services.send_due(now=NOW + timedelta(seconds=30))

    message = Message.objects.with_recipient().get(user=user)
    letter = compose(message, find(message.kind).contents([message], now=NOW)[message.pk], now=NOW)
    for question in user.periods.get(key="2026-11").questions:
        assert question in letter.text


def test_monthly_prompt_costs_the_same_for_one_and_for_twenty():
    def cost(number):
        people = [lived_month() for _ in range(number)]
        queue_many("monthly_prompt", [Draft(dedupe=f"x:{p.pk}", user=p, ids={"month": 202611}) for p in people])
        messages = list(Message.objects.with_recipient().filter(user__in=people))
        with CaptureQueriesContext(connection) as queries:
            contents = find("monthly_prompt").contents(messages, now=NOW)
        assert len(contents) == number
        return len(queries)

    assert cost(1) == cost(20) <= 16
