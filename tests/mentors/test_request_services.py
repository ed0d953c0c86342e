from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from goals.models import Goal
from mail.models import Message
from mentors import services
from mentors.models import Request, RequestRefused
from mentors.services import NoMore
from sharing.models import Block, Mentorship
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalFactory
from tests.factories.mentors import ProfileFactory, RequestFactory
from tests.factories.sharing import BlockFactory, MentorshipFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def wen():
    return UserFactory(name="Wen Zhao")


@pytest.fixture
def profile():
    return ProfileFactory(owner__name="Daniel Okafor", capacity=1)


def send(asker, mentor, *, now=NOW):
    draft = RequestFactory(asker=asker, mentor=mentor, draft=True)
    return services.send_request(request=draft, by=asker, now=now)


def mails(kind):
    return Message.objects.filter(kind=kind)


def test_send(wen, profile):
    row = send(wen, profile.owner)

    assert (row.state, row.runs_out_at, row.acts_at) == ("sent", NOW + 14 * DAY, NOW + 4 * DAY)
    assert mails("mentor_request").get().user == profile.owner


def test_send_of_somebody_else(wen, profile):
    draft = RequestFactory(asker=wen, mentor=profile.owner, draft=True)

    with pytest.raises(PermissionDenied):
        services.send_request(request=draft, by=UserFactory(), now=NOW)


def test_send_twice(wen, profile):
    row = send(wen, profile.owner)

    with pytest.raises(RequestRefused, match="waits for the mentor, so it cannot be sent"):
        services.send_request(request=row, by=wen, now=NOW)


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("unlisted", "not in the list of mentors any more"),
        ("leaving", "not in the list of mentors any more"),
        ("blocked by mentor", "not in the list of mentors any more"),
        ("blocked by asker", "not in the list of mentors any more"),
        ("oneself gone", "not in the list of mentors any more"),
        ("paused", "takes nobody new until 30 November 2026"),
        ("full", "has no free place now"),
        ("together", "reads with you already"),
        ("together as colleague", "reads with you already"),
        ("declined", "You can ask again from 20 February 2027"),
        ("three open", "Three requests of yours are open"),
        ("three times", "three times in three months"),
        ("five a day", "five requests in a day"),
    ],
)
def test_when_a_mentor_cannot_be_asked(wen, profile, what, says):
    mentor = profile.owner
    draft = RequestFactory(asker=wen, mentor=mentor, draft=True)
    if what == "unlisted":
        profile.is_listed = False
    elif what == "leaving":
        mentor.deletion_asked_at = NOW
        mentor.save()
    elif what == "blocked by mentor":
        BlockFactory(blocker=mentor, blocked=wen)
    elif what == "blocked by asker":
        BlockFactory(blocker=wen, blocked=mentor)
    elif what == "oneself gone":
        profile.delete()
    elif what == "paused":
        profile.paused_until = date(2026, 11, 30)
    elif what == "full":
        MentorshipFactory(mentor=mentor)
    elif what.startswith("together"):
        MentorshipFactory(mentor=mentor, mentee=wen, kind="colleague" if "colleague" in what else "mentor")
    elif what == "declined":
        RequestFactory(asker=wen, mentor=mentor, declined=True)
    elif what == "three open":
        RequestFactory.create_batch(2, asker=wen)
        RequestFactory(asker=wen, question=True)
    elif what == "three times":
        RequestFactory.create_batch(3, asker=wen, mentor=mentor, withdrawn=True, sent_at=NOW - 2 * DAY)
    else:
        RequestFactory.create_batch(5, asker=wen, withdrawn=True, sent_at=NOW - DAY / 2)
    if profile.pk:
        profile.save()

    with pytest.raises(ValidationError, match=says):
        services.send_request(request=draft, by=wen, now=NOW)

    assert Request.objects.get(pk=draft.pk).is_draft
    assert not mails("mentor_request").exists()


def test_ask_again_after_a_season(wen, profile):
    RequestFactory(asker=wen, mentor=profile.owner, declined=True)

    with pytest.raises(ValidationError):
        send(wen, profile.owner, now=NOW + 90 * DAY - timedelta(seconds=1))
    row = services.send_request(request=Request.objects.get(state="draft"), by=wen, now=NOW + 90 * DAY)

    assert row.state == "sent"


def test_places_of_colleagues_and_former_mentees_are_free(wen, profile):
    MentorshipFactory(mentor=profile.owner, kind="colleague")
    MentorshipFactory(mentor=profile.owner, ended=True)

    assert send(wen, profile.owner).state == "sent"


def test_mail_of_the_eleventh_request_in_a_day_waits_a_day(profile):
    RequestFactory.create_batch(10, mentor=profile.owner, sent_at=NOW - DAY / 2)

    send(UserFactory(), profile.owner)

    assert mails("mentor_request").get().not_before == NOW + DAY


def test_accept(wen, profile):
    row = send(wen, profile.owner)
    ticked = GoalFactory(owner=wen)
    binned = GoalFactory(owner=wen, deleted_at=NOW)
    row.goals.set([ticked, binned])
    GoalFactory(owner=wen)

    mentorship = services.accept_request(request=row, by=profile.owner, no_more=None, now=NOW)

    row.refresh_from_db()
    assert (row.state, row.mentorship) == ("accepted", mentorship)
    assert (mentorship.mentor, mentorship.mentee, mentorship.kind) == (profile.owner, wen, "mentor")
    assert list(Goal.objects.shared_through(mentorship)) == [ticked]
    assert mails("mentor_accepted").get().user == wen
    profile.refresh_from_db()
    assert (profile.is_listed, profile.paused_until) == (True, None)


def test_accept_twice_is_the_same_relation(wen, profile):
    row = send(wen, profile.owner)
    first = services.accept_request(request=row, by=profile.owner, no_more=None, now=NOW)

    assert services.accept_request(request=row, by=profile.owner, no_more=None, now=NOW) == first
    assert mails("mentor_accepted").count() == 1


def test_accept_after_the_relation_ended(wen, profile):
    row = send(wen, profile.owner)
    mentorship = services.accept_request(request=row, by=profile.owner, no_more=None, now=NOW)
    services.end_with_words(mentorship=mentorship, by=wen, words="", now=NOW)

    with pytest.raises(RequestRefused, match="was accepted, so it cannot be accepted"):
        services.accept_request(request=row, by=profile.owner, no_more=None, now=NOW)


def test_accept_without_a_place(wen, profile):
    row = send(wen, profile.owner)
    MentorshipFactory(mentor=profile.owner)

    with pytest.raises(RequestRefused, match="Your profile has 1 place, and all are taken"):
        services.accept_request(request=row, by=profile.owner, no_more=None, now=NOW)

    assert Request.objects.get(pk=row.pk).state == "sent"


def test_accept_where_they_work_together_already(wen, profile):
    profile.capacity = 5
    profile.save()
    row = send(wen, profile.owner)
    MentorshipFactory(mentor=profile.owner, mentee=wen)

    with pytest.raises(ValidationError, match="already work together"):
        services.accept_request(request=row, by=profile.owner, no_more=None, now=NOW)


def test_accept_of_a_profile_off_the_list(wen, profile):
    row = send(wen, profile.owner)
    profile.is_listed = False
    profile.save()

    assert services.accept_request(request=row, by=profile.owner, no_more=None, now=NOW).is_active


@pytest.mark.parametrize("verb", ["accept", "decline"])
@pytest.mark.parametrize("until", [date(2027, 3, 1), None])
def test_take_no_more_for_now(wen, profile, verb, until):
    row = send(wen, profile.owner)
    no_more = NoMore(until)

    if verb == "accept":
        services.accept_request(request=row, by=profile.owner, no_more=no_more, now=NOW)
    else:
        services.decline_request(request=row, by=profile.owner, note="", no_more=no_more, now=NOW)

    profile.refresh_from_db()
    assert (profile.is_listed, profile.paused_until) == (until is not None, until)


def test_decline(wen, profile):
    row = send(wen, profile.owner)

    services.decline_request(request=row, by=profile.owner, note="Not this year.", no_more=None, now=NOW)

    row.refresh_from_db()
    assert (row.state, row.decline_note, row.closed_at) == ("declined", "Not this year.", NOW)
    assert mails("mentor_request_declined").get().user == wen
    assert not Mentorship.objects.exists()


@pytest.mark.parametrize("who", ["asker", "stranger"])
@pytest.mark.parametrize("verb", ["accept", "decline", "ask", "block"])
def test_only_the_addressed_person_answers(wen, profile, who, verb):
    row = send(wen, profile.owner)
    by = wen if who == "asker" else UserFactory()

    with pytest.raises(PermissionDenied):
        if verb == "accept":
            services.accept_request(request=row, by=by, no_more=None, now=NOW)
        elif verb == "decline":
            services.decline_request(request=row, by=by, note="", no_more=None, now=NOW)
        elif verb == "ask":
            services.ask_question(request=row, by=by, words="Why?", now=NOW)
        else:
            services.block_asker(request=row, by=by, now=NOW)

    assert Request.objects.get(pk=row.pk).state == "sent"


@pytest.mark.parametrize("who", ["mentor", "stranger"])
@pytest.mark.parametrize("verb", ["answer", "withdraw"])
def test_only_the_asker_answers_and_withdraws(profile, who, verb):
    row = RequestFactory(mentor=profile.owner, question=True)
    by = profile.owner if who == "mentor" else UserFactory()

    with pytest.raises(PermissionDenied):
        if verb == "answer":
            services.answer_question(request=row, by=by, words="So.", now=NOW)
        else:
            services.withdraw_request(request=row, by=by, now=NOW)


def test_question_and_answer(wen, profile):
    row = send(wen, profile.owner)

    services.ask_question(request=row, by=profile.owner, words="Which shift?", now=NOW + DAY)
    services.answer_question(request=row, by=wen, words="The late one.", now=NOW + 9 * DAY)

    row.refresh_from_db()
    assert (row.state, row.runs_out_at) == ("sent", NOW + 22 * DAY)
    assert [(said.author, said.text) for said in row.messages.all()] == [
        (profile.owner, "Which shift?"),
        (wen, "The late one."),
    ]
    assert mails("mentor_request_question").get().user == wen
    assert mails("mentor_request_answer").get().user == profile.owner


def test_second_question_has_a_mail_of_its_own(wen, profile):
    row = send(wen, profile.owner)

    for _ in range(2):
        services.ask_question(request=row, by=profile.owner, words="Why?", now=NOW)
        services.answer_question(request=row, by=wen, words="So.", now=NOW)

    assert mails("mentor_request_question").count() == mails("mentor_request_answer").count() == 2


def test_withdraw(wen, profile):
    row = send(wen, profile.owner)

    services.withdraw_request(request=row, by=wen, now=NOW)

    assert Request.objects.get(pk=row.pk).state == "withdrawn"
    assert send(wen, profile.owner).state == "sent"


def test_block_tells_the_asker_nothing(wen, profile):
    row = send(wen, profile.owner)
    backwards = RequestFactory(asker=profile.owner, mentor=wen)
    RequestFactory(asker=profile.owner, draft=True)

    services.block_asker(request=row, by=profile.owner, now=NOW)

    assert Block.objects.get().blocked == wen
    assert Request.objects.get(pk=row.pk).state == "sent"
    assert Request.objects.visible_to(wen).filter(pk=row.pk).exists()
    assert not Request.objects.visible_to(profile.owner).filter(pk=row.pk).exists()
    assert not Request.objects.asking(profile.owner).exists()
    assert Request.objects.get(pk=backwards.pk).state == "withdrawn"
    assert Request.objects.filter(state="draft").count() == 1  # to somebody else


def test_block_in_a_relation_takes_back_what_the_blocker_asked():
    mentorship = MentorshipFactory()
    row = RequestFactory(asker=mentorship.mentor, mentor=mentorship.mentee)
    RequestFactory(asker=mentorship.mentor, mentor=ProfileFactory().owner, draft=True)

    services.block_person(mentorship=mentorship, by=mentorship.mentor, now=datetime.now(UTC))

    assert Request.objects.get(pk=row.pk).state == "withdrawn"


@pytest.mark.parametrize("created_at", [NOW, NOW - 20 * DAY])
def test_leave(wen, profile, created_at):
    mine = RequestFactory(asker=wen, created_at=created_at)
    RequestFactory(asker=wen, draft=True)
    asked = RequestFactory(mentor=wen, created_at=created_at)
    asks_back = RequestFactory(mentor=wen, question=True)

    services.leave(user=wen, at=NOW + DAY)
    services.leave(user=wen, at=NOW + DAY)

    states = dict(Request.objects.values_list("pk", "state"))
    assert states == {
        mine.pk: "withdrawn" if created_at == NOW else "expired",
        asked.pk: "expired",
        asks_back.pk: "expired",
    }
    assert {mail.user for mail in mails("mentor_request_expired")} == {asked.asker, asks_back.asker}


def test_drafts_to_an_erased_person_are_forgotten(wen):
    draft = RequestFactory(mentor=wen, draft=True)
    sent = RequestFactory(mentor=wen, expired=True)

    services.forget_drafts_to(user=wen, at=NOW)
    wen.delete()

    assert list(Request.objects.all()) == [sent]
    assert Request.objects.get().mentor_name == "former member"
    assert draft.pk != sent.pk


def test_keep_draft_replaces_what_was_kept(wen, profile):
    goal, foreign = GoalFactory(owner=wen), GoalFactory()
    long = "x" * 5000

    services.keep_draft(mentor=profile.owner, by=wen, fields={"help_wanted": "Hel"}, goals=[goal], now=NOW)
    kept = services.keep_draft(mentor=profile.owner, by=wen, fields={"help_wanted": long}, goals=[foreign], now=NOW)

    assert kept == Request.objects.get()
    kept.refresh_from_db()
    assert (kept.help_wanted, kept.goals.count()) == (long, 0)


def test_keep_draft_after_it_was_sent_changes_nothing(wen, profile):
    row = send(wen, profile.owner)

    assert services.keep_draft(mentor=profile.owner, by=wen, fields={"offer": "Late"}, goals=None, now=NOW) is None
    assert Request.objects.get().offer == row.offer != "Late"


def test_discard(wen, profile):
    draft = RequestFactory(asker=wen, draft=True)
    sent = RequestFactory(asker=wen)

    services.discard_draft(request=draft, by=wen)
    with pytest.raises(RequestRefused, match="You can take it back"):
        services.discard_draft(request=sent, by=wen)

    assert list(Request.objects.all()) == [sent]


def test_old_drafts_are_erased():
    RequestFactory(draft=True, changed_at=NOW - 61 * DAY)
    young = RequestFactory(draft=True, changed_at=NOW - 59 * DAY)
    old = RequestFactory(withdrawn=True, changed_at=NOW - 61 * DAY)

    assert services.erase_old_drafts(now=NOW) == 1
    assert set(Request.objects.all()) == {young, old}
