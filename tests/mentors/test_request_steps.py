"""The table of a request's states: each step it allows, each other it refuses, and the clock beside it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError

from mentors.models import Request, RequestRefused
from mentors.models.request import STEPS
from tests.factories.accounts import UserFactory
from tests.factories.mentors import ProfileFactory, RequestFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
DAY = timedelta(days=1)
STATES = list(Request.State)
VERBS = ["send", "ask", "answer", "accept", "decline", "withdraw", "expire"]
ALLOWED = {
    ("draft", "send"): "sent",
    ("sent", "ask"): "question",
    ("sent", "accept"): "accepted",
    ("sent", "decline"): "declined",
    ("sent", "withdraw"): "withdrawn",
    ("sent", "expire"): "expired",
    ("question", "answer"): "sent",
    ("question", "accept"): "accepted",
    ("question", "decline"): "declined",
    ("question", "withdraw"): "withdrawn",
    ("question", "expire"): "expired",
}


def in_state(state):
    return RequestFactory(created_at=NOW - DAY, **({} if state == "sent" else {state: True}))


def test_every_state_has_its_steps():
    assert set(STEPS) == set(STATES)
    assert {(state, verb) for state, steps in STEPS.items() for verb in steps} == set(ALLOWED)


@pytest.mark.parametrize(("state", "verb"), ALLOWED)
def test_step(state, verb):
    row = in_state(state)

    row.step(verb, at=NOW)

    row.refresh_from_db()
    assert (row.state, row.changed_at) == (ALLOWED[state, verb], NOW)
    assert row.closed_at == (NOW if row.state not in {"sent", "question"} else None)
    assert (row.runs_out_at is not None) == (row.state == "sent")


@pytest.mark.parametrize(("state", "verb"), [(s, v) for s in STATES for v in VERBS if (s, v) not in ALLOWED])
def test_step_that_does_not_exist(state, verb):
    row = in_state(state)

    with pytest.raises(RequestRefused) as refused:
        row.step(verb, at=NOW)

    assert refused.value.sentence.startswith("This request ")
    assert ", so it cannot be " in refused.value.sentence
    assert Request.objects.get(pk=row.pk).state == state


@pytest.mark.parametrize("verb", ["ask", "accept", "decline", "withdraw"])
def test_nothing_is_done_after_the_end_though_nobody_wrote_it_down(verb):
    row = RequestFactory(created_at=NOW - 14 * DAY)

    with pytest.raises(RequestRefused, match="has run out"):
        row.step(verb, at=NOW)


def test_clock_stands_while_the_asker_owes_an_answer():
    row = RequestFactory(created_at=NOW)
    row.step("ask", at=NOW + 3 * DAY)
    assert (row.left, row.runs_out_at, row.acts_at) == (11 * DAY, None, None)

    row.step("answer", at=NOW + 33 * DAY)

    assert (row.left, row.runs_out_at) == (None, NOW + 44 * DAY)
    assert row.acts_at == NOW + 34 * DAY  # day 4 of the clock


def test_answer_at_the_last_moment_leaves_a_day_to_read_it():
    row = RequestFactory(created_at=NOW)
    row.step("ask", at=NOW + 14 * DAY - timedelta(minutes=1))

    row.step("answer", at=NOW + 20 * DAY)

    assert row.runs_out_at == NOW + 21 * DAY
    assert row.acts_at == row.runs_out_at


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"mentor": None, "state": "sent", "left": DAY}, "clock_fits_state"),
        ({"acts_at": None}, "clock_fits_state"),
        ({"state": "question"}, "clock_fits_state"),
        ({"state": "declined", "runs_out_at": None, "acts_at": None}, "closed_has_a_time"),
        ({"closed_at": NOW}, "closed_has_a_time"),
        ({"sent_at": None}, "sent_has_a_time"),
        ({"help_wanted": ""}, "sent_has_words"),
        ({"decline_note": "Alas."}, "note_was_declined"),
    ],
)
def test_constraints(changed, name):
    with pytest.raises(IntegrityError, match=name):
        RequestFactory(**changed)


def test_nobody_asks_themselves():
    with pytest.raises(IntegrityError, match="not_self"):
        RequestFactory(asker=(user := UserFactory()), mentor=user)


@pytest.mark.parametrize("other", ["draft", "sent", "question"])
def test_one_open_request_for_a_pair(other):
    row = in_state("sent")

    with pytest.raises(IntegrityError, match="one_open_pair"):
        RequestFactory(asker=row.asker, mentor=row.mentor, **({} if other == "sent" else {other: True}))


def test_closed_requests_of_a_pair_do_not_count():
    row = in_state("withdrawn")

    RequestFactory(asker=row.asker, mentor=row.mentor)
    RequestFactory(asker=row.mentor, mentor=row.asker)

    assert Request.objects.open().count() == 2


def test_a_relation_only_after_a_yes():
    accepted = in_state("accepted")

    with pytest.raises(IntegrityError, match="relation_was_accepted"):
        Request.objects.filter(pk=accepted.pk).update(state="declined")


def test_names_of_people_who_left():
    row = RequestFactory(mentor=ProfileFactory(owner__name="Daniel Okafor").owner, asker__name="Wen Zhao")
    assert str(row) == "Wen Zhao asks Daniel Okafor"

    row.mentor = None

    assert row.mentor_name == "former member"
