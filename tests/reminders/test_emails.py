from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from journal.questions.asked import Asked
from mail.letters import compose
from mail.models import Message
from mail.registry import find
from mail.services import Draft, queue_many
from reminders import services
from tests.factories.accounts import BreakFactory, UserFactory
from tests.factories.contacts import ContactFactory, FollowUpFactory, InteractionFactory
from tests.factories.goals import GoalCommentFactory, GoalFactory, MilestoneFactory, ProgressUpdateFactory
from tests.factories.journal import (
    EntryCommentFactory,
    EntryFactory,
    IntentionFactory,
    OwnQuestionFactory,
    PeriodFactory,
    ReflectionFactory,
)
from tests.factories.reminders import ScheduleFactory
from tests.factories.sharing import MentorshipFactory
from tests.factories.wins import WinFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)


def lived_week(**fields):
    """Return somebody with a week worth a mail: everything it can hold."""
    user = UserFactory(name="Amara Osei", **fields)
    mentorship = MentorshipFactory(mentee=user, mentor=UserFactory(name="Ruth Lindqvist"))
    goal = GoalFactory(
        owner=user,
        title="Run 12 user interviews",
        starts_on=date(2026, 9, 1),
        due_on=date(2027, 1, 31),
        shared_with=[mentorship],
    )
    ProgressUpdateFactory(goal=goal, happened_on=date(2026, 11, 17), value=5, note="")
    MilestoneFactory(goal=goal, title="Finish the interview guide", due_on=date(2026, 11, 24))
    MilestoneFactory(goal=goal, title="Ask the clinic", due_on=date(2026, 11, 20))
    MilestoneFactory(goal=goal, title="First three done", done_at=datetime(2026, 11, 19, 9, tzinfo=UTC), due_on=None)
    GoalCommentFactory(
        item=goal,
        mentorship=mentorship,
        text="Cut your guide to **seven** questions.",
        created_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
    )
    before = ReflectionFactory(owner=user, entry_on=date(2026, 11, 15))
    IntentionFactory(entry=before, owner=user, text="Ask Hannah for an introduction.")
    return user


def letter_to(user, *, name="weekly_prompt", week=202647, now=NOW):
    queue_many(name, [Draft(dedupe=f"{name}:{user.pk}:{week}", user=user, ids={"week": week})])
    message = Message.objects.with_recipient().get(user=user, kind=name)
    content = find(name).contents([message], now=now)[message.pk]
    return content and compose(message, content, now=now)


@pytest.mark.parametrize("part", ["text", "html"])
def test_weekly_prompt_carries_the_persons_own_week(part):
    user = lived_week()
    ScheduleFactory(user=user)
    PeriodFactory(owner=user, key="2026-W47", questions=["First?", "Second?", "Third?", "What matters most next week?"])

    letter = letter_to(user)
    body = getattr(letter, part)

    assert letter.subject == "Week 47: how was your week, Amara?"
    for words in (
        "How was your week, Amara?",
        "Ask Hannah for an introduction.",
        "Run 12 user interviews: 5 of 12 interviews",
        "Reached: First three done",
        "Cut your guide to seven questions.",
        "5 of 12 interviews, ",
        "Finish the interview guide (Run 12 user interviews)",
        "2 days late",
        "Tuesday",
        "First?",
        "What matters most next week?",
        "You get this on Sundays at 18:00, your time.",
        "/settings/break/",
        "/settings/skip/?week=2026-W47",
        "/settings/#weekly",
        "/mail/unsubscribe/",
    ):
        assert words in body, words
    amp = "&amp;" if part == "html" else "&"
    for mood in range(1, 6):
        assert f"http://localhost:8000/journal/write/?week=2026-W47{amp}mood={mood}" in body or f"mood={mood}" in body
    assert "Tuesday's interview." not in body, "a line of the journal stands in a mail"


@pytest.mark.parametrize("part", ["text", "html"])
def test_weekly_prompt_asks_whether_it_came_true_and_says_what_was_answered(part):
    user = lived_week()

    asked = getattr(letter_to(user), part)
    user.intentions.update(came_true="partly")
    said = getattr(letter_to(user, name="weekly_sample"), part)

    amp = "&amp;" if part == "html" else "&"
    assert "Did it come true?" in asked
    for answer in ("yes", "partly", "no"):
        assert f"/journal/write/?week=2026-W47{amp}came_true={answer}" in asked
    assert "You said it partly came true." in said
    assert "Did it come true?" not in said


@pytest.mark.parametrize("part", ["text", "html"])
def test_weekly_prompt_hidden_asks_about_the_focus_without_saying_it(part):
    body = getattr(letter_to(lived_week(mails_hide_text=True)), part)

    assert "you set yourself a focus for this week" in body.lower()
    assert "came_true=yes" in body
    assert "Hannah" not in body


@pytest.mark.parametrize("part", ["text", "html"])
@pytest.mark.parametrize("is_hidden", [True, False])
def test_weekly_prompt_leads_to_the_entry_of_a_year_ago_without_a_word_of_it(part, is_hidden):
    user = UserFactory(mails_hide_text=is_hidden)
    entry = ReflectionFactory(owner=user, entry_on=date(2025, 11, 23), title="The canteen")
    ReflectionFactory(entry_on=date(2025, 11, 23))

    body = getattr(letter_to(user), part)

    assert "A year ago you wrote about week 47." in body
    assert f"http://waymark.test/journal/{entry.pk}/" in body
    assert "canteen" not in body
    assert "interview" not in body


@pytest.mark.parametrize("part", ["text", "html"])
def test_weekly_prompt_offers_to_skip_and_to_pause(part):
    body = getattr(letter_to(UserFactory()), part)

    assert "http://waymark.test/settings/skip/?week=2026-W47" in body
    assert "http://waymark.test/settings/break/?weeks=2" in body


@pytest.mark.parametrize("part", ["text", "html"])
def test_weekly_prompt_tells_of_wins_in_a_place_of_their_own(part):
    user = UserFactory()
    WinFactory(owner=user, text="Named a price", happened_on=date(2026, 11, 18))

    told = getattr(letter_to(user), part)
    user.mails_hide_text = True
    user.save()
    hidden = getattr(letter_to(user, name="weekly_sample"), part)

    assert told.count("Named a price") == 1
    assert "Named a price" not in hidden
    assert "1 win" in hidden


def test_weekly_prompt_without_a_focus_asks_nothing_about_one():
    letter = letter_to(UserFactory())

    for body in (letter.text, letter.html):
        assert "came_true" not in body
        assert "A year ago" not in body.replace("A YEAR AGO", "A year ago")


def test_weekly_prompt_html_is_small_and_loads_nothing():
    letter = letter_to(lived_week())

    assert len(letter.html) < 30_000
    assert "<img" not in letter.html
    assert "<script" not in letter.html


@pytest.mark.parametrize("part", ["text", "html"])
def test_weekly_prompt_without_private_text(part):
    user = lived_week(mails_hide_text=True)

    letter = letter_to(user)
    body = getattr(letter, part)

    for words in ("interview", "Hannah", "clinic", "seven", "First three"):
        assert words not in body.replace("/journal/write/", ""), words
    assert "Ruth Lindqvist wrote to you".upper() in body.upper()
    assert "1 thing in Waymark" in body
    assert "A milestone" in body
    assert "1 goal" in body


@pytest.mark.parametrize("part", ["text", "html"])
@pytest.mark.parametrize("is_hidden", [False, True])
def test_weekly_prompt_names_contacts_only_where_private_text_may_be_told(part, is_hidden):
    user = lived_week(mails_hide_text=is_hidden)
    due = date(2026, 11, 18)
    person = ContactFactory(owner=user, name="Zelda Quill", circle="close", last_contact_on=due - timedelta(days=30))
    FollowUpFactory(contact=person, text="Send the zither", due_on=due)
    InteractionFactory(owner=user, people=[ContactFactory(owner=user, name="Yorick Blum")], happened_on=due, kind="met")

    body = getattr(letter_to(user), part)

    for words in ("Be in touch with Zelda Quill", "Send the zither", "Met Yorick Blum"):
        assert (words in body) is not is_hidden, words
    assert ("A follow-up" in body) is is_hidden
    assert ("Somebody to be in touch with" in body) is is_hidden


@pytest.mark.parametrize("part", ["text", "html"])
def test_weekly_prompt_after_an_empty_week(part):
    letter = letter_to(UserFactory(name=""))

    assert letter.subject == "Week 47: how was your week?"
    assert "Nothing noted on these days. The questions are enough." in getattr(letter, part)
    assert "What matters most next week?" in getattr(letter, part)


def test_weekly_prompt_shows_no_words_said_about_an_entry():
    user = UserFactory()
    mentorship = MentorshipFactory(mentee=user, mentor=UserFactory(name="Priya Nair"))
    entry = EntryFactory(owner=user, title="A hard day", shared_with=[mentorship], entry_on=date(2026, 11, 18))
    EntryCommentFactory(
        item=entry, mentorship=mentorship, text="That sounds hard.", created_at=datetime(2026, 11, 19, 9, tzinfo=UTC)
    )

    letter = letter_to(user)

    assert "Priya Nair wrote to you" in letter.html
    assert "your entry of 18 November" in letter.html
    for body in (letter.html, letter.text):
        assert "That sounds hard." not in body
        assert "A hard day" not in body


def test_weekly_prompt_on_a_monday_asks_about_last_week():
    letter = letter_to(UserFactory(name="Amara Osei"), now=datetime(2026, 11, 23, 9, tzinfo=UTC))

    assert letter.subject == "Week 47: how was last week, Amara?"


def test_weekly_prompt_leaves_out_a_removed_comment_and_another_persons_goal():
    user = lived_week()
    other = GoalFactory(title="Somebody else's goal", due_on=date(2026, 11, 24), starts_on=date(2026, 1, 1))
    goal = user.goals.get()
    goal.comments.update(text="", removed_at=NOW, removed_by=user)

    letter = letter_to(user)

    assert "seven" not in letter.html
    assert "wrote to you" not in letter.html
    assert other.title not in letter.html


@pytest.mark.parametrize("state", ["written", "skipped"])
def test_weekly_prompt_is_not_sent_about_a_settled_week(state):
    period = PeriodFactory(key="2026-W47", state=state)

    assert letter_to(period.owner) is None


def test_weekly_prompt_is_not_sent_into_a_break():
    user = UserFactory()
    BreakFactory(user=user, from_on=date(2026, 11, 22), until_on=None)

    assert letter_to(user) is None


def test_weekly_sample_is_sent_all_the_same():
    period = PeriodFactory(key="2026-W47", state="written")

    letter = letter_to(period.owner, name="weekly_sample")

    assert letter.subject.startswith("Week 47: how was your week")
    assert "You asked for this one on your settings page." in letter.text


@pytest.mark.parametrize("part", ["text", "html"])
def test_weekly_farewell(part):
    letter = letter_to(UserFactory(name="Amara Osei"), name="weekly_farewell")

    assert letter.subject == "The weekly question rests now"
    body = getattr(letter, part)
    assert "Amara, it has been four months" in body
    assert "/journal/write/" in body
    assert "/mail/unsubscribe/" in body


@pytest.mark.parametrize("sign", ["nothing", "words", "hour", "break"])
def test_weekly_farewell_is_dropped_after_a_sign_of_life(sign):
    user = UserFactory()
    ScheduleFactory(user=user, unanswered=17, turned_at=NOW)
    if sign == "words":
        EntryFactory(owner=user, updated_at=NOW + timedelta(minutes=1), draft=True)
    elif sign == "hour":
        services.change_schedule(user=user, weekday=4, local_time=time(9), now=NOW)
    elif sign == "break":
        BreakFactory(user=user, from_on=NOW.date(), until_on=None)

    letter = letter_to(user, name="weekly_farewell", now=NOW + timedelta(minutes=2))

    assert bool(letter) == (sign == "nothing")


def test_weekly_prompt_of_two_weeks_in_one_batch():
    user = UserFactory()
    drafts = [Draft(dedupe=f"w:{week}", user=user, ids={"week": week}) for week in (202646, 202647)]
    queue_many("weekly_prompt", drafts)
    messages = list(Message.objects.with_recipient().filter(user=user))

    contents = find("weekly_prompt").contents(messages, now=NOW).values()

    assert sorted(content.words["of"] for content in contents) == ["Week 46", "Week 47"]


def test_weekly_prompt_costs_the_same_for_one_and_for_twenty():
    def cost(number):
        people = [lived_week() for _ in range(number)]
        queue_many("weekly_prompt", [Draft(dedupe=f"x:{p.pk}", user=p, ids={"week": 202647}) for p in people])
        messages = list(Message.objects.with_recipient().filter(user__in=people))
        with CaptureQueriesContext(connection) as queries:
            contents = find("weekly_prompt").contents(messages, now=NOW)
        assert len(contents) == number
        assert None not in contents.values()
        return len(queries)

    assert cost(1) == cost(20) <= 16


def test_prompt_from_the_hour_to_the_letter():
    user = lived_week()
    ScheduleFactory(user=user, next_due_at=NOW)

    services.send_due(now=NOW + timedelta(seconds=30))

    message = Message.objects.with_recipient().get(user=user)
    letter = compose(message, find("weekly_prompt").contents([message], now=NOW)[message.pk], now=NOW)
    asked = user.periods.get(key="2026-W47").questions
    for question in asked:
        assert question in letter.text
    assert asked[-1] == "What matters most next week?"


def test_hours_are_named_as_the_person_set_them():
    user = UserFactory()
    ScheduleFactory(user=user, weekday=4, local_time=time(7, 30))

    assert "You get this on Fridays at 07:30, your time." in letter_to(user).text


@pytest.mark.parametrize("part", ["text", "html"])
def test_weekly_prompt_says_why_it_asks_but_no_words_of_ones_own_and_no_mood(part):
    user = UserFactory()
    own = OwnQuestionFactory(owner=user, text="What did the heron do?")
    asked = [
        Asked("What moved?", "moved", "progress"),
        Asked("", own.name, "own"),
        Asked("Who?", "does-good", "low_mood"),
    ]
    PeriodFactory(owner=user, key="2026-W47", questions=[*asked, "What matters most next week?"])

    body = getattr(letter_to(user), part)

    assert "Because something moved." in body
    assert "One of your own questions" in body
    assert "heron" not in body
    assert "low week" not in body
    assert "FOUR QUESTIONS" in body.upper()


def test_weekly_prompt_counts_its_questions():
    user = UserFactory()
    PeriodFactory(owner=user, key="2026-W47", questions=["One?", "What matters most next week?"])

    assert "TWO QUESTIONS, SKIP ANY" in letter_to(user).text
