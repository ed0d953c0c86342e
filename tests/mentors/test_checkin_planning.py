"""Agreeing on when to meet: steps, times in two zones, rows of check-ins over summer time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from mail.models import Message
from mentors import services
from mentors.models import STEPS, CheckIn, StepRefused
from mentors.services import Terms
from tests.factories.accounts import UserFactory
from tests.factories.mentors import CheckInFactory, ProposedTimeFactory
from tests.factories.sharing import MentorshipFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
TERMS = Terms(45, "video", "https://meet.example/x", None)


def soon(days, hour=17):
    return datetime(2026, 3, 10, hour, 30, tzinfo=UTC) + timedelta(days=days)


@pytest.fixture
def relation():
    return MentorshipFactory(
        mentee=UserFactory(name="Amara Osei", time_zone="Europe/London"),
        mentor=UserFactory(name="Ruth Lindqvist", time_zone="Europe/Stockholm"),
    )


def propose(relation, by=None, times=None, terms=TERMS):
    times = times or (soon(2), soon(3))
    return services.propose_check_in(mentorship=relation, by=by or relation.mentee, times=times, terms=terms, now=NOW)


def pick(check_in, by, number=0):
    time = list(check_in.times.all())[number].pk
    return services.pick_time(check_in=check_in, by=by, time=time, now=NOW)


def test_the_end_of_a_relation_leaves_nothing_open(relation):
    passed = CheckInFactory(mentorship=relation, starts_at=NOW - timedelta(days=5))
    moving = CheckInFactory(mentorship=relation, starts_at=NOW - timedelta(days=1))
    ProposedTimeFactory(check_in=moving, starts_at=soon(4))
    ahead = CheckInFactory(mentorship=relation, starts_at=soon(2))
    proposed = propose(relation)
    held = CheckInFactory(mentorship=relation, state="held", starts_at=NOW - timedelta(days=9))

    services.end_with_words(mentorship=relation, by=relation.mentor, words="", now=NOW)

    states = dict(CheckIn.objects.values_list("pk", "state"))
    assert [states[row.pk] for row in (passed, moving, ahead, proposed, held)] == [
        "unsaid",
        "unsaid",
        "cancelled",
        "cancelled",
        "held",
    ]
    assert not CheckIn.objects.filter(times__isnull=False).exists()
    assert {(mail.ids["check_in"], mail.user_id) for mail in mails("checkin_cancelled")} == {
        (ahead.pk, relation.mentee_id),
        (ahead.pk, relation.mentor_id),
        (proposed.pk, relation.mentee_id),
    }


def mails(kind):
    return list(Message.objects.filter(kind=kind).order_by("pk"))


def test_propose_and_pick(relation):
    check_in = propose(relation)

    assert check_in.state == "proposed"
    assert [mail.user for mail in mails("checkin_proposed")] == [relation.mentor]

    picked = pick(check_in, relation.mentor, 1)

    assert (picked.state, picked.starts_at, picked.sequence) == ("planned", soon(3), 1)
    assert not picked.times.exists()
    assert {mail.user for mail in mails("checkin_planned")} == {relation.mentee, relation.mentor}


def test_whoever_proposes_does_not_pick(relation):
    with pytest.raises(PermissionDenied):
        pick(propose(relation), relation.mentee)


def test_a_time_that_is_gone_or_past_is_refused(relation):
    check_in = propose(relation)

    with pytest.raises(StepRefused, match="no longer proposed"):
        services.pick_time(check_in=check_in, by=relation.mentor, time=10**9, now=NOW)
    with pytest.raises(StepRefused, match="has passed"):
        services.pick_time(check_in=check_in, by=relation.mentor, time=check_in.times.first().pk, now=soon(9))


def test_a_time_of_another_check_in_is_not_there(relation):
    check_in, other = propose(relation), ProposedTimeFactory()

    with pytest.raises(StepRefused):
        services.pick_time(check_in=check_in, by=relation.mentor, time=other.pk, now=NOW)


def test_the_other_side_proposes_others(relation):
    check_in = propose(relation)

    services.propose_other_times(check_in=check_in, by=relation.mentor, times=[soon(5)], terms=TERMS, now=NOW)

    check_in.refresh_from_db()
    assert check_in.proposer == relation.mentor
    assert [time.starts_at for time in check_in.times.all()] == [soon(5)]
    assert [mail.user for mail in mails("checkin_proposed")] == [relation.mentor, relation.mentee]


def test_moving_keeps_the_time_until_another_is_picked(relation):
    planned = pick(propose(relation), relation.mentor)

    moved = services.propose_other_times(check_in=planned, by=relation.mentee, times=[soon(6)], terms=TERMS, now=NOW)
    assert (moved.state, moved.starts_at, moved.sequence) == ("planned", soon(2), 1)

    picked = pick(moved, relation.mentor)
    assert (picked.starts_at, picked.sequence, picked.uid) == (soon(6), 2, planned.uid)


def test_another_place_is_told_to_both_calendars_at_once(relation):
    planned = pick(propose(relation), relation.mentor)
    terms = Terms(60, "person", "The café", None)

    changed = services.propose_other_times(check_in=planned, by=relation.mentor, times=[], terms=terms, now=NOW)

    assert (changed.minutes, changed.place, changed.sequence) == (60, "The café", 2)
    assert len(mails("checkin_planned")) == 4


def test_without_a_time_nothing_can_be_changed(relation):
    with pytest.raises(StepRefused):
        services.propose_other_times(check_in=propose(relation), by=relation.mentee, times=[], terms=TERMS, now=NOW)


def test_cancel_a_planned_one_tells_both(relation):
    cancelled = services.cancel_check_in(check_in=pick(propose(relation), relation.mentor), by=relation.mentor, now=NOW)

    assert (cancelled.state, cancelled.sequence) == ("cancelled", 2)
    assert len(mails("checkin_cancelled")) == 2


def test_cancel_a_proposal_tells_the_other_only(relation):
    services.cancel_check_in(check_in=propose(relation), by=relation.mentee, now=NOW)

    assert [mail.user for mail in mails("checkin_cancelled")] == [relation.mentor]


@pytest.mark.parametrize("verb", sorted({verb for verbs in STEPS.values() for verb in verbs}))
@pytest.mark.parametrize("state", STEPS)
def test_every_step(state, verb):
    check_in = CheckIn(state=state)

    if verb in STEPS[state]:
        check_in.step(verb)
        assert check_in.state == STEPS[state][verb]
    else:
        with pytest.raises(StepRefused, match=r"\.$"):
            check_in.step(verb)
        assert check_in.state == state


def test_the_table_knows_every_state():
    assert set(STEPS) == set(CheckIn.State.values)
    assert {state for verbs in STEPS.values() for state in verbs.values()} <= set(STEPS)


def test_a_row_keeps_the_hour_of_the_proposers_clock_over_summer_time(relation):
    ruth = ZoneInfo("Europe/Stockholm")  # summer time begins on 29 March 2026
    first = datetime(2026, 3, 17, 17, 30, tzinfo=ruth)
    check_in = CheckInFactory(mentorship=relation, proposer=relation.mentor, starts_at=first, repeats_every=14)

    following = services.next_in_rhythm(check_in, now=first + timedelta(hours=1))

    assert following.astimezone(ruth).strftime("%A %d %B %H:%M") == "Tuesday 31 March 17:30"
    assert following - first == timedelta(days=14) - timedelta(hours=1)


def test_a_row_that_fell_behind_goes_on_with_its_first_day_ahead(relation):
    check_in = CheckInFactory(mentorship=relation, starts_at=soon(-30), repeats_every=7)

    assert services.next_in_rhythm(check_in, now=NOW) == soon(5)


def test_missed_is_nobodys_fault_and_the_row_goes_on(relation):
    check_in = CheckInFactory(mentorship=relation, starts_at=soon(-1), repeats_every=14)

    missed = services.mark_missed(check_in=check_in, by=relation.mentee, now=NOW)

    assert missed.state == "missed"
    assert missed.next.starts_at == soon(13)
    assert not mails("checkin_cancelled")


def test_one_that_is_ahead_cannot_be_missed(relation):
    with pytest.raises(StepRefused, match="still ahead"):
        services.mark_missed(
            check_in=CheckInFactory(mentorship=relation, starts_at=soon(1)), by=relation.mentee, now=NOW
        )


def test_log_a_past_one(relation):
    logged = services.log_past(
        mentorship=relation, by=relation.mentor, starts_at=soon(-3), terms=TERMS, takeaways="Fewer questions.", now=NOW
    )

    assert (logged.state, logged.takeaways) == ("held", "Fewer questions.")
    assert not Message.objects.exists()


def test_sent_twice_is_once(relation):
    first, again = propose(relation), propose(relation)
    other = propose(relation, times=[soon(4)])
    past = {"mentorship": relation, "by": relation.mentor, "starts_at": soon(-3), "terms": TERMS, "now": NOW}
    logged = [services.log_past(**past, takeaways="Fewer questions.") for _ in range(2)]
    points = [services.add_point(mentorship=relation, by=relation.mentee, text="Pauses", now=NOW) for _ in range(2)]
    later = services.add_point(mentorship=relation, by=relation.mentee, text="Pauses", now=NOW + timedelta(minutes=2))

    assert first == again != other
    assert logged[0] == logged[1]
    assert points[0] == points[1] != later
    assert len(mails("checkin_proposed")) == 2


@pytest.mark.parametrize("change", [{"kind": "colleague"}, {"ended": True}])
def test_only_an_active_mentor_meets(change):
    relation = MentorshipFactory(**change)

    with pytest.raises(PermissionDenied):
        propose(relation)


def test_a_stranger_proposes_nothing(relation):
    with pytest.raises(PermissionDenied):
        propose(relation, by=UserFactory())


def test_closing_an_account_cancels_too(relation):
    planned = CheckInFactory(mentorship=relation)
    at = datetime.now(UTC)
    relation.end(at=at)

    services.leave(user=relation.mentor, at=at)

    planned.refresh_from_db()
    assert planned.state == "cancelled"


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "planned", "starts_at": None},
        {"state": "proposed"},
        {"minutes": 5},
        {"minutes": 481},
        {"repeats_every": 30},
        {"state": "lost"},
    ],
)
def test_the_database_keeps_the_promise(relation, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckInFactory(mentorship=relation, **broken)


@pytest.mark.parametrize("broken", [{"place": 4}, {"place": 0}, {"place": 1}])
def test_three_times_at_most(broken):
    time = ProposedTimeFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        ProposedTimeFactory(check_in=time.check_in, **broken)
