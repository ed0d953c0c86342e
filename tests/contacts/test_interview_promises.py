"""What an interview leaves to do, ticked wherever it stands: the interview goes along, and comes back with an undo."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from contacts.models import FollowUp, Interaction
from contacts.services import follow_ups
from contacts.services.interview import hold_interview, take_back, take_step
from tests.factories.contacts import ContactFactory, FollowUpFactory, InterviewFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)  # Friday
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _friday():
    with time_machine.travel(NOW, tick=False):
        yield


def held_one(owner):
    interview = InterviewFactory(contact=ContactFactory(owner=owner, name="Hannah Vogel"), agreed=True)
    words = {"received": "A name", "gave": "", "notes": "Shifts"}
    return hold_interview(interview=interview, by=owner, day=TODAY, now=NOW, **words)


@pytest.fixture
def interview(owner):
    return held_one(owner)


def state_of(interview):
    interview.refresh_from_db()
    return interview.state


def promises_of(interview):
    return [FollowUp.objects.get(pk=pk).state for pk in (interview.thanks_id, interview.news_id)]


def undo_of(response):
    """Press the Undo of the toast that a page came with."""
    return response.wsgi_request._messages._queued_messages[-1].extra_tags.removeprefix("undo ")


# Ticked where promises stand -----------------------------------------------------------------------------------------

# The follow-up's own pages, and "Next up" of the week: where it is ticked, and where that is taken back.
PLACES = [
    ("/contacts/follow-ups/{}/done/", {}, "/contacts/follow-ups/{}/reopen/", {}),
    ("/week/follow-ups/{}/tick/", {"done": "1"}, "/week/follow-ups/{}/tick/", {}),
]


@pytest.mark.parametrize(("tick", "ticked", "untick", "unticked"), PLACES)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_thanks_ticked_anywhere_thank_and_come_back(client, interview, tick, ticked, untick, unticked, headers):
    client.post(tick.format(interview.thanks_id), ticked, headers=headers)
    assert state_of(interview) == "thanked"
    assert "Tell Hannah what came of it" in client.get(interview.get_absolute_url()).content.decode()

    client.post(untick.format(interview.thanks_id), unticked, headers=headers)

    assert state_of(interview) == "held"
    assert promises_of(interview) == ["open", "open"]


@pytest.mark.parametrize(("tick", "ticked", "untick", "unticked"), PLACES)
def test_news_ticked_anywhere_close_and_come_back(client, interview, tick, ticked, untick, unticked):
    take_step(interview=interview, verb="thank", now=NOW)

    client.post(tick.format(interview.news_id), ticked)
    assert state_of(interview) == "closed"
    assert interview.closed_at == NOW

    client.post(untick.format(interview.news_id), unticked)
    assert (state_of(interview), interview.closed_at) == ("thanked", None)


def test_news_before_thanks_wait_for_the_thanks(client, interview):
    client.post(f"/contacts/follow-ups/{interview.news_id}/done/")
    assert state_of(interview) == "held"

    client.post(f"/contacts/follow-ups/{interview.thanks_id}/done/")
    assert state_of(interview) == "closed"

    client.post(f"/contacts/follow-ups/{interview.thanks_id}/reopen/")
    assert state_of(interview) == "held"
    assert promises_of(interview) == ["open", "done"]


def test_thanks_let_go_are_no_thanks_and_news_let_go_close(client, interview):
    client.post(f"/contacts/follow-ups/{interview.thanks_id}/drop/")
    assert state_of(interview) == "held"
    take_step(interview=interview, verb="thank", now=NOW)

    client.post(f"/contacts/follow-ups/{interview.news_id}/drop/")
    assert state_of(interview) == "closed"


def test_reopening_what_was_never_closed_moves_nothing(client, owner, interview):
    other = FollowUpFactory(contact=interview.contact, done=True)
    asked = InterviewFactory(contact=interview.contact, asked=True, thanks=FollowUpFactory(contact=interview.contact))

    for promise in (interview.thanks_id, other.pk, asked.thanks_id):
        client.post(f"/contacts/follow-ups/{promise}/reopen/")

    assert (state_of(interview), state_of(asked)) == ("held", "asked")


def test_a_promise_ticked_twice_keeps_its_first_moment_and_outcome(interview):
    promise = FollowUp.objects.get(pk=interview.thanks_id)
    stale = FollowUp.objects.get(pk=interview.thanks_id)

    follow_ups.close(follow_up=promise, state="done", at=NOW, outcome="She was glad")
    follow_ups.close(follow_up=stale, state="dropped", at=NOW + timedelta(hours=1))

    promise.refresh_from_db()
    assert (promise.state, promise.outcome, promise.closed_at) == ("done", "She was glad", NOW)


@pytest.mark.django_db(transaction=True)
def test_both_ticked_at_once_leave_it_closed(cast):
    interview = held_one(cast.owner)
    promises = FollowUp.objects.filter(pk__in=[interview.thanks_id, interview.news_id])

    at_once(*[lambda each=each: follow_ups.close(follow_up=each, state="done", at=NOW) for each in promises])

    assert state_of(interview) == "closed"


# Steps of the interview's own page -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verbs", "state", "promises"),
    [
        (["thank"], "thanked", ["done", "open"]),
        (["thank", "tell"], "closed", ["done", "done"]),
        (["thank", "close"], "closed", ["done", "dropped"]),
        (["close"], "closed", ["dropped", "dropped"]),
    ],
)
def test_step_closes_its_promises_and_undo_brings_both_back(client, interview, verbs, state, promises):
    url = interview.get_absolute_url()
    *earlier, last = verbs
    for verb in earlier:
        take_step(interview=interview, verb=verb, now=NOW - timedelta(hours=1))
    before, were = state_of(interview), promises_of(interview)
    response = client.post(f"{url}step/", {"step": last})
    assert (state_of(interview), promises_of(interview)) == (state, promises)

    undo = undo_of(response)
    for status in (302, 409):  # pressed twice, it takes nothing more back
        assert client.post(undo).status_code == status
        assert (state_of(interview), promises_of(interview), interview.closed_at) == (before, were, None)


def test_thanks_that_close_it_come_back_at_once(client, interview):
    follow_ups.close(follow_up=interview.news, state="done", at=NOW - timedelta(hours=1))
    response = client.post(f"{interview.get_absolute_url()}step/", {"step": "thank"})
    assert state_of(interview) == "closed"

    client.post(undo_of(response))

    assert (state_of(interview), promises_of(interview)) == ("held", ["open", "done"])


def test_undo_of_having_talked_takes_the_conversation_along(client, owner):
    interview = InterviewFactory(contact=ContactFactory(owner=owner), agreed=True)
    url = interview.get_absolute_url()
    response = client.post(f"{url}hold/", {"day": str(TODAY), "notes": "Shifts", "version": interview.version})

    client.post(undo_of(response))

    assert (state_of(interview), interview.held_on, interview.notes) == ("agreed", None, "Shifts")
    assert not Interaction.objects.owned_by(owner).exists()
    assert not FollowUp.objects.owned_by(owner).exists()
    interview.contact.refresh_from_db()
    assert interview.contact.last_contact_on is None
    client.post(f"{url}hold/", {"day": str(TODAY), "notes": "Shifts", "version": interview.version})
    assert FollowUp.objects.owned_by(owner).count() == 2


@pytest.mark.parametrize(
    ("state", "verb", "fields"),
    [
        ("wanted", "ask", {"asked_on": None}),
        ("asked", "ask_again", {"asked_on": TODAY - timedelta(days=11), "asked_again_on": None}),
        ("asked", "decline", {"asked_on": TODAY - timedelta(days=11)}),
        ("asked", "give_up", {"asked_on": TODAY - timedelta(days=11)}),
        ("wanted", "close", {"asked_on": None, "closed_at": None}),
    ],
)
def test_undo_of_an_early_step(client, owner, state, verb, fields):
    asked = {"asked_on": TODAY - timedelta(days=11)} if state == "asked" else {}
    interview = InterviewFactory(contact__owner=owner, state=state, **asked)
    response = client.post(f"{interview.get_absolute_url()}step/", {"step": verb})

    client.post(undo_of(response))

    assert state_of(interview) == state
    assert {name: getattr(interview, name) for name in fields} == fields


@pytest.mark.parametrize("seen", ["", "held", "x" * 5000])
def test_a_step_that_nobody_saw_is_not_taken_back(client, owner, seen):
    interview = InterviewFactory(contact__owner=owner, asked=True)

    response = client.post(f"{interview.get_absolute_url()}back/", query_params={"from": seen})

    assert response.status_code == 409
    assert "This has gone on meanwhile." in response.content.decode()
    assert state_of(interview) == "asked"


@pytest.mark.django_db(transaction=True)
def test_taken_back_twice_at_once_is_once(cast):
    interview = held_one(cast.owner)
    take_step(interview=interview, verb="thank", now=NOW - timedelta(hours=1))
    take_step(interview=interview, verb="tell", now=NOW)

    at_once(*[lambda: take_back(interview=interview, seen="closed", now=NOW)] * 3)

    assert state_of(interview) == "thanked"
