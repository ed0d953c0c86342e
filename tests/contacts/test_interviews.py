"""Informational interviews: from the wish to the word of thanks."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from contacts.library import ASKINGS, GROUPS, all_questions
from contacts.models import INTERVIEW_STEPS, FollowUp, Interview
from contacts.services.interview import begin_interview
from tests.contacts.pages import NOW, TODAY, interview_in, press, text_of
from tests.factories.contacts import ContactFactory, InterviewFactory
from tests.races import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("friday")]


# States --------------------------------------------------------------------------------------------------------------

VERBS = sorted({verb for verbs in INTERVIEW_STEPS.values() for verb in verbs})
PAIRS = [(state, verb) for state in INTERVIEW_STEPS for verb in VERBS]


@pytest.mark.parametrize(("state", "verb"), [pair for pair in PAIRS if pair[1] in INTERVIEW_STEPS[pair[0]]])
def test_step_of_the_table_is_taken(client, hannah, state, verb):
    interview = interview_in(hannah, state)

    response = press(client, interview, verb)

    assert response.status_code == 302
    interview.refresh_from_db()
    assert interview.state == INTERVIEW_STEPS[state][verb]
    assert (interview.closed_at is None) is interview.is_open


@pytest.mark.same_statements
@pytest.mark.parametrize(("state", "verb"), [pair for pair in PAIRS if pair[1] not in INTERVIEW_STEPS[pair[0]]])
def test_step_outside_the_table_is_refused_with_a_sentence(client, hannah, state, verb):
    interview = interview_in(hannah, state)

    response = press(client, interview, verb)

    assert response.status_code == 409
    html = text_of(response)
    assert 'role="alert"' in html
    assert "  " not in html[html.index('role="alert"') :][:200]
    interview.refresh_from_db()
    assert interview.state == state
    assert not FollowUp.objects.exists()


def test_table_names_every_state_and_leads_to_known_ones():
    assert set(INTERVIEW_STEPS) == set(Interview.State.values)
    assert {to for verbs in INTERVIEW_STEPS.values() for to in verbs.values()} <= set(Interview.State.values)


@pytest.mark.parametrize("step", ["", "fly", "hold", "agree", "\x00", "x" * 5000])
def test_a_step_that_is_none_changes_nothing(client, hannah, step):
    interview = interview_in(hannah, "asked")

    assert client.post(f"{interview.get_absolute_url()}step/", {"step": step}).status_code == 409
    interview.refresh_from_db()
    assert interview.state == "asked"


def test_one_polite_retry_is_suggested_once(client, hannah):
    interview = InterviewFactory(contact=hannah, asked=True, asked_on=TODAY - timedelta(days=11))
    url = interview.get_absolute_url()
    assert "Ask Hannah once more" in text_of(client.get(url))

    press(client, interview, "ask_again")

    html = text_of(client.get(url))
    assert "I have asked once more" not in html
    response = press(client, interview, "ask_again")
    assert response.status_code == 409
    assert "You have asked twice. Let it rest; somebody else may have time." in text_of(response)
    Interview.objects.update(asked_again_on=TODAY - timedelta(days=11))
    html = text_of(client.get(url))
    assert "No answer twice: let it rest?" in html
    assert html.count("No answer, let it rest") == 1
    assert '<button class="btn btn-primary" data-busy="Saving">No answer, let it rest<' in html


def test_waiting_is_said_while_it_is_early(client, hannah):
    interview = InterviewFactory(contact=hannah, asked=True, asked_on=TODAY - timedelta(days=9))

    assert "wait for an answer" in text_of(client.get(interview.get_absolute_url()))


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"state": "lost"}, "state_known"),
        ({"state": "agreed"}, "agreed_has_a_time"),
        ({"state": "held"}, "held_has_a_day"),
        ({"asked_again_on": TODAY}, "asked_again_after_asking"),
        ({"minutes": 5}, "length_in_range"),
        ({"held_on": date(1899, 1, 1)}, "days_in_reach"),
    ],
)
def test_constraint_holds(hannah, fields, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        InterviewFactory(contact=hannah, **fields)


# Asking --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", [asking.key for asking in ASKINGS if asking.key != "again"])
def test_words_to_ask_begin_from_a_starting_point(client, owner, hannah, start):
    response = client.post(f"/contacts/{hannah.pk}/interview/", {"start": start, "why": "How teams plan"}, follow=True)

    interview = Interview.objects.get()
    assert (interview.state, interview.why) == ("wanted", "How teams plan")
    assert "Hannah" in interview.asking
    assert owner.given_name in interview.asking
    assert "{" not in interview.asking
    assert interview.asking.splitlines()[0] in text_of(response)
    assert "Next: ask Hannah" in text_of(response)


def test_nobody_is_asked_twice_at_a_time(client, owner, hannah):
    for _ in range(2):
        client.post(f"/contacts/{hannah.pk}/interview/", {"start": "cold"})

    assert Interview.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_quick_clicks_begin_one(cast):
    contact = ContactFactory(owner=cast.owner)
    words = {"contact": contact, "by": cast.owner, "why": "", "asking": "", "now": NOW}

    at_once(*[lambda: begin_interview(**words)] * 3)

    assert Interview.objects.count() == 1


@pytest.mark.parametrize("start", ["", "again", "x", "\x00"])
def test_an_unknown_starting_point_is_refused(client, hannah, start):
    response = client.post(f"/contacts/{hannah.pk}/interview/", {"start": start, "why": "Kept words"})

    assert response.status_code == 422
    assert "Choose one of these." in text_of(response)
    assert "Kept words" in text_of(response)


# Questions -----------------------------------------------------------------------------------------------------------


def test_library_holds_thirty_open_questions_in_groups():
    questions = [question for group in GROUPS for question in group.questions]

    assert len(questions) >= 30
    assert len(set(questions)) == len(questions) == len(all_questions())
    assert all(question.endswith("?") and len(question) <= 300 for question in questions)
    assert len(GROUPS) >= 5


def test_stale_words_show_both_versions(client, hannah):
    interview = InterviewFactory(contact=hannah)
    url = f"{interview.get_absolute_url()}edit/"
    client.post(url, {"notes": "From the other tab", "version": 1})

    response = client.post(url, {"notes": "From this tab", "version": 1})

    assert response.status_code == 409
    assert "From the other tab" in text_of(response)
    assert "From this tab" in text_of(response)
