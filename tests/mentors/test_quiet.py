"""Quiet pairs: what the pages say, and the mails of the daily sweep."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from mail import registry
from mail.letters import compose
from mail.models import Message
from mentors import services, tasks
from mentors.contact import standing_of, with_contact
from mentors.rhythm import Level
from sharing.models import Mentorship
from sharing.services import block, end_mentorship
from tests.factories.accounts import BreakFactory, UserFactory
from tests.factories.goals import GoalCommentFactory, GoalFactory
from tests.factories.journal import EntryCommentFactory, EntryFactory
from tests.factories.sharing import MentorshipFactory
from tests.factories.wins import WinCommentFactory, WinFactory
from tests.mentors.pages import text_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 3, 55, tzinfo=UTC)
AMBER, RED = 45, 60  # days, of the default rhythm


COMMENTED = {
    "goal": (GoalFactory, GoalCommentFactory),
    "entry": (EntryFactory, EntryCommentFactory),
    "win": (WinFactory, WinCommentFactory),
}


def pair(days, *, about="goal", **fields):
    """A pair that was last in touch so many days ago."""
    mentee = UserFactory(name="Leo Marchetti", time_zone="Europe/Rome")
    mentor = UserFactory(name="Amara Osei", time_zone="Europe/London")
    mentorship = MentorshipFactory(mentee=mentee, mentor=mentor, **fields)
    say(mentorship, mentor, days, about=about)
    return mentorship


def say(mentorship, author, days, *, about="goal"):
    item, comment = COMMENTED[about]
    thing = item(owner=mentorship.mentee, shared_with=[mentorship])
    at = NOW - timedelta(days=days)
    return comment(item=thing, mentorship=mentorship, author=author, created_at=at)


def level(mentorship, *, now=NOW):
    row = with_contact(Mentorship.objects.filter(pk=mentorship.pk).with_people(), now.date()).get()
    return standing_of(row, row.mentee, now=now).level


def quiet_mails():
    return Message.objects.filter(kind="mentor_quiet").order_by("pk")


def letter(message, *, now=NOW):
    content = registry.find(message.kind).function(message, now=now)
    return compose(message, content, now=now) if content else None


@pytest.mark.parametrize("about", COMMENTED)
@pytest.mark.parametrize("side", ["mentor", "mentee"])
def test_a_comment_or_reply_of_either_side_is_contact(about, side):
    mentorship = pair(100)
    assert level(mentorship) == Level.RED

    say(mentorship, getattr(mentorship, side), 3, about=about)

    assert level(mentorship) == Level.STEADY


def test_words_in_another_thread_are_no_contact():
    mentorship = pair(100)
    other = MentorshipFactory(mentee=mentorship.mentee)
    say(other, mentorship.mentee, 1)

    assert level(mentorship) == Level.RED


def test_colleagues_and_ended_relations_are_never_quiet():
    assert level(pair(100, kind="colleague")) == Level.STEADY
    assert level(pair(100, ended=True)) == Level.STEADY


@pytest.mark.parametrize("side", ["mentor", "mentee"])
@pytest.mark.parametrize(
    ("from_on", "until_on", "is_quiet"),
    [
        (date(2026, 11, 20), date(2026, 11, 22), False),
        (date(2026, 11, 20), None, False),
        (date(2026, 11, 1), date(2026, 11, 10), False),  # over, and the count begins again
        (date(2026, 8, 1), date(2026, 8, 10), True),
        (date(2026, 12, 24), None, True),
    ],
)
def test_a_break_of_either_calms(side, from_on, until_on, is_quiet):
    mentorship = pair(100)
    BreakFactory(user=mentorship.mentee, from_on=date(2026, 1, 1), until_on=date(2026, 1, 9))
    BreakFactory(user=getattr(mentorship, side), from_on=from_on, until_on=until_on)

    assert (level(mentorship) > Level.STEADY) is is_quiet


def test_sweep_writes_once_to_each_side_at_amber_and_at_red():
    mentorship = pair(AMBER)

    for day in range(40):
        services.mind_rhythms(now=NOW + timedelta(days=day))
        services.mind_rhythms(now=NOW + timedelta(days=day))

    sent = [(mail.user, mail.ids["level"]) for mail in quiet_mails()]
    assert sorted(sent, key=str) == sorted(
        [(user, level) for user in (mentorship.mentor, mentorship.mentee) for level in (1, 2)], key=str
    )


def test_sweep_writes_again_after_contact():
    mentorship = pair(AMBER)
    services.mind_rhythms(now=NOW)
    say(mentorship, mentorship.mentee, 0)

    for day in (10, AMBER):
        services.mind_rhythms(now=NOW + timedelta(days=day))

    assert [mail.ids["level"] for mail in quiet_mails()] == [1, 1, 1, 1]


def test_sweep_leaves_old_silence_alone():
    pair(RED + 7)

    services.mind_rhythms(now=NOW)

    assert not quiet_mails().exists()


@pytest.mark.parametrize(
    ("zone", "hour"), [("Europe/Rome", 7), ("Pacific/Auckland", 19), ("America/Sao_Paulo", 11), ("Asia/Tokyo", 23)]
)
def test_mails_come_in_the_local_morning(zone, hour):
    mentorship = pair(AMBER)
    type(mentorship.mentee).objects.filter(pk=mentorship.mentee_id).update(time_zone=zone)

    services.mind_rhythms(now=NOW)

    turn = quiet_mails().get(user=mentorship.mentee).not_before
    assert turn.hour == hour
    assert NOW < turn <= NOW + timedelta(days=1)


def test_sweep_goes_on_in_batches(django_assert_num_queries):
    pairs = [pair(AMBER) for _ in range(3)]

    with django_assert_num_queries(4):  # a savepoint, the pairs, the mails
        after = services.mind_rhythms(now=NOW, limit=2)

    assert after == pairs[1].pk
    assert services.mind_rhythms(now=NOW, after=after, limit=2) == pairs[2].pk
    assert services.mind_rhythms(now=NOW, after=pairs[2].pk) is None
    assert quiet_mails().count() == 6


def test_task_ends():
    pair(10)

    tasks.mind_rhythms()

    assert not quiet_mails().exists()


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once():
    for _ in range(4):
        pair(AMBER)

    def sweep(_):
        try:
            return services.mind_rhythms(now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(sweep, range(3)))
    services.mind_rhythms(now=NOW)

    assert quiet_mails().count() == 8


@pytest.mark.parametrize("days", [AMBER, RED])
def test_mail(days):
    mentorship = pair(days)
    services.mind_rhythms(now=NOW)

    to_mentor = letter(quiet_mails().get(user=mentorship.mentor))
    to_mentee = letter(quiet_mails().get(user=mentorship.mentee))

    is_red = days == RED
    assert to_mentor.subject == (
        "Leo Marchetti and you, still" if is_red else "It has been quiet between Leo Marchetti and you"
    )
    for mail, path in ((to_mentor, f"/mentees/{mentorship.pk}/"), (to_mentee, f"/mentorships/{mentorship.pk}/")):
        for body in (mail.text, mail.html):
            assert f"You two were last in touch {'eight' if is_red else 'six'} weeks ago." in body
            assert f"http://waymark.test{path}" in body
            assert ("This is the last mail about it." in body) is is_red
        assert "List-Unsubscribe" in mail.headers


@pytest.mark.parametrize("what", ["spoke", "paused", "away", "ended", "blocked"])
def test_mail_is_not_sent_once_it_makes_no_sense(what):
    mentorship = pair(AMBER)
    services.mind_rhythms(now=NOW)
    mails = list(quiet_mails())
    if what == "spoke":
        say(mentorship, mentorship.mentee, 0)
    elif what == "paused":
        services.pause_mentorship(mentorship=mentorship, by=mentorship.mentee, until=NOW.date() + timedelta(days=3))
    elif what == "away":
        BreakFactory(user=mentorship.mentor, from_on=NOW.date())
    elif what == "ended":
        end_mentorship(mentorship=mentorship, by=mentorship.mentee, at=NOW)
    else:
        block(blocker=mentorship.mentee, blocked=mentorship.mentor, at=NOW)

    assert [letter(mail) for mail in mails] == [None, None]


def test_resuming_begins_the_count_anew():
    mentorship = pair(100, paused_until=NOW.date() + timedelta(days=9))

    services.resume_mentorship(mentorship=mentorship, by=mentorship.mentee, today=NOW.date())

    mentorship.refresh_from_db()
    assert mentorship.paused_until == NOW.date() - timedelta(days=1)
    assert level(mentorship) == Level.STEADY


def test_resuming_what_does_not_rest_changes_nothing():
    mentorship = pair(100)

    services.resume_mentorship(mentorship=mentorship, by=mentorship.mentee, today=NOW.date())

    mentorship.refresh_from_db()
    assert mentorship.paused_until is None
    assert level(mentorship) == Level.RED


@pytest.mark.parametrize("days", [3, 60])
def test_pages_of_both_sides_say_it(client, days):
    mentorship = MentorshipFactory(started_at=datetime.now(UTC) - timedelta(days=200))
    goal = GoalFactory(owner=mentorship.mentee, shared_with=[mentorship])
    at = datetime.now(UTC) - timedelta(days=days)
    GoalCommentFactory(item=goal, mentorship=mentorship, author=mentorship.mentee, created_at=at)
    pages = [(mentorship.mentee, "/mentors/")]
    pages += [(user, f"/mentorships/{mentorship.pk}/") for user in (mentorship.mentee, mentorship.mentor)]
    for user, path in pages:
        client.force_login(user)

        said = "You two were last in touch eight weeks ago." in text_of(client.get(path))

        assert said is (days == 60), path
