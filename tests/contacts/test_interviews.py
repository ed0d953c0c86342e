"""Informational interviews: from the wish to the word of thanks."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from contacts.library import ASKINGS, GROUPS, all_questions
from contacts.models import INTERVIEW_STEPS, FollowUp, Interaction, Interview, StepRefused
from contacts.services.housekeeping import erase_deleted
from contacts.services.interview import begin_interview, hold_interview
from tests.factories.contacts import ADDED_AT, ContactFactory, InterviewFactory, InterviewMailFactory, WayFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)  # Friday
TODAY = NOW.date()
AHEAD = {"day": "2026-12-03", "hour": "10:30", "minutes": "20", "place": "https://meet.example/x"}


@pytest.fixture(autouse=True)
def _friday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def contact(owner):
    return ContactFactory(owner=owner, name="Hannah Vogel")


def text_of(response):
    return response.content.decode()


def in_state(contact, state, **more):
    """An interview in a state, with what that state needs."""
    needs = {"asked_on": date(2026, 11, 17), "starts_at": datetime(2026, 12, 1, 15, tzinfo=UTC)}
    return InterviewFactory(contact=contact, state=state, **needs, held_on=date(2026, 11, 24), **more)


def press(client, interview, verb):
    """Take a step as its page does."""
    url = interview.get_absolute_url()
    forms = {"agree": ("plan", AHEAD), "hold": ("hold", {"day": "2026-11-26"}), "cancel": ("cancel", {})}
    page, data = forms.get(verb, ("step", {"step": verb}))
    return client.post(f"{url}{page}/", data)


# States --------------------------------------------------------------------------------------------------------------

VERBS = sorted({verb for verbs in INTERVIEW_STEPS.values() for verb in verbs})
PAIRS = [(state, verb) for state in INTERVIEW_STEPS for verb in VERBS]


@pytest.mark.parametrize(("state", "verb"), [pair for pair in PAIRS if pair[1] in INTERVIEW_STEPS[pair[0]]])
def test_step_of_the_table_is_taken(client, contact, state, verb):
    interview = in_state(contact, state)

    response = press(client, interview, verb)

    assert response.status_code == 302
    interview.refresh_from_db()
    assert interview.state == INTERVIEW_STEPS[state][verb]
    assert (interview.closed_at is None) is interview.is_open


@pytest.mark.parametrize(("state", "verb"), [pair for pair in PAIRS if pair[1] not in INTERVIEW_STEPS[pair[0]]])
def test_step_outside_the_table_is_refused_with_a_sentence(client, contact, state, verb):
    interview = in_state(contact, state)

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
def test_a_step_that_is_none_changes_nothing(client, contact, step):
    interview = in_state(contact, "asked")

    assert client.post(f"{interview.get_absolute_url()}step/", {"step": step}).status_code == 409
    interview.refresh_from_db()
    assert interview.state == "asked"


def test_one_polite_retry_is_suggested_once(client, contact):
    interview = InterviewFactory(contact=contact, asked=True, asked_on=TODAY - timedelta(days=11))
    url = interview.get_absolute_url()
    assert "Ask Hannah once more" in text_of(client.get(url))

    press(client, interview, "ask_again")

    html = text_of(client.get(url))
    assert "I have asked once more" not in html
    response = press(client, interview, "ask_again")
    assert response.status_code == 409
    assert "You have asked twice. Let it rest; somebody else may have time." in text_of(response)
    Interview.objects.update(asked_again_on=TODAY - timedelta(days=11))
    assert "No answer twice: let it rest?" in text_of(client.get(url))


def test_waiting_is_said_while_it_is_early(client, contact):
    interview = InterviewFactory(contact=contact, asked=True, asked_on=TODAY - timedelta(days=9))

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
def test_constraint_holds(contact, fields, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        InterviewFactory(contact=contact, **fields)


# Asking --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", [asking.key for asking in ASKINGS if asking.key != "again"])
def test_words_to_ask_begin_from_a_starting_point(client, owner, contact, start):
    response = client.post(f"/contacts/{contact.pk}/interview/", {"start": start, "why": "How teams plan"}, follow=True)

    interview = Interview.objects.get()
    assert (interview.state, interview.why) == ("wanted", "How teams plan")
    assert "Hannah" in interview.asking
    assert owner.given_name in interview.asking
    assert "{" not in interview.asking
    assert interview.asking.splitlines()[0] in text_of(response)
    assert "Next: ask Hannah" in text_of(response)


def test_nobody_is_asked_twice_at_a_time(client, owner, contact):
    for _ in range(2):
        client.post(f"/contacts/{contact.pk}/interview/", {"start": "cold"})

    assert Interview.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_quick_clicks_begin_one(cast):
    contact = ContactFactory(owner=cast.owner)
    words = {"contact": contact, "by": cast.owner, "why": "", "asking": "", "now": NOW}

    at_once(*[lambda: begin_interview(**words)] * 3)

    assert Interview.objects.count() == 1


@pytest.mark.parametrize("start", ["", "again", "x", "\x00"])
def test_an_unknown_starting_point_is_refused(client, contact, start):
    response = client.post(f"/contacts/{contact.pk}/interview/", {"start": start, "why": "Kept words"})

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


def test_questions_are_chosen_changed_ordered_and_added(client, contact):
    interview = InterviewFactory(contact=contact, questions=["First?", "Second?"])
    url = f"{interview.get_absolute_url()}questions/"
    chosen = GROUPS[0].questions[0]

    client.post(
        url,
        {
            "questions": "Second, changed?\n\n My own? \nFirst?\nFirst?",
            "add": [chosen, "NOT IN THE LIBRARY"],
            "version": 1,
        },
    )

    interview.refresh_from_db()
    assert interview.questions == ["Second, changed?", "My own?", "First?", chosen]
    assert text_of(client.get(url)).count(" checked") == 1


def test_stale_questions_show_both_versions(client, contact):
    interview = InterviewFactory(contact=contact, questions=["At first?"])
    url = f"{interview.get_absolute_url()}questions/"
    client.post(url, {"questions": "From the other tab?", "version": 1})

    response = client.post(url, {"questions": "From this tab?", "version": 1})

    assert response.status_code == 409
    assert "From the other tab?" in text_of(response)
    assert "From this tab?" in text_of(response)
    assert client.post(url, {"questions": "From this tab?", "version": 2}).status_code == 302


@pytest.mark.parametrize(
    ("questions", "said"),
    [("Long" * 80, "One of these is long."), ("\n".join(f"Q{n}?" for n in range(41)), "That is more than 40.")],
)
def test_questions_with_bad_input_come_back(client, contact, questions, said):
    interview = InterviewFactory(contact=contact)

    response = client.post(f"{interview.get_absolute_url()}questions/", {"questions": questions, "version": 1})

    assert response.status_code == 422
    assert said in text_of(response)
    assert questions[:40] in text_of(response)


def test_stale_words_show_both_versions(client, contact):
    interview = InterviewFactory(contact=contact)
    url = f"{interview.get_absolute_url()}edit/"
    client.post(url, {"notes": "From the other tab", "version": 1})

    response = client.post(url, {"notes": "From this tab", "version": 1})

    assert response.status_code == 409
    assert "From the other tab" in text_of(response)
    assert "From this tab" in text_of(response)


# Time ----------------------------------------------------------------------------------------------------------------


def test_time_is_the_owners_clock(client, owner, contact):
    owner.time_zone = "Asia/Tokyo"
    owner.save()
    interview = InterviewFactory(contact=contact, asked=True)

    client.post(f"{interview.get_absolute_url()}plan/", AHEAD)

    interview.refresh_from_db()
    assert (interview.starts_at, interview.minutes, interview.sequence) == (
        datetime(2026, 12, 3, 1, 30, tzinfo=UTC),
        20,
        1,
    )
    html = text_of(client.get(interview.get_absolute_url()))
    assert "Thursday 3 December, 10:30" in html
    assert 'href="https://meet.example/x"' in html


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"day": "", "hour": "10:00"}, "Choose a day."),
        ({"hour": ""}, "Choose a time."),
        ({"hour": "26:00"}, "Use a time, like 17:30."),
        ({"day": "2027-03-28", "hour": "01:30"}, "The clocks skip 01:30"),
        ({"day": "2028-11-27"}, "Choose a day within a year."),
        ({"day": "9999-12-31"}, "Use a date between 1900 and 2200."),
        ({"minutes": "5"}, "Give it ten minutes at least."),
        ({"minutes": "9" * 400}, "Eight hours are the most."),
        ({"place": "x" * 301}, "at most 300 characters"),
    ],
)
def test_time_with_bad_input_says_what_to_do(client, owner, contact, data, said):
    owner.time_zone = "Europe/London"
    owner.save()
    interview = InterviewFactory(contact=contact, asked=True)

    response = client.post(f"{interview.get_absolute_url()}plan/", AHEAD | data)

    assert response.status_code == 422
    assert said in text_of(response)
    interview.refresh_from_db()
    assert interview.state == "asked"


# Holding -------------------------------------------------------------------------------------------------------------


def test_holding_makes_a_conversation_and_two_promises(client, owner, contact):
    interview = in_state(contact, "agreed")

    client.post(f"{interview.get_absolute_url()}hold/", {"day": "2026-11-26", "received": "Names", "notes": "Shifts"})

    interview.refresh_from_db()
    contact.refresh_from_db()
    talk = Interaction.objects.get()
    assert (talk.owner, talk.state, talk.happened_on, talk.received) == (owner, "held", date(2026, 11, 26), "Names")
    assert list(talk.people.all()) == [contact]
    assert contact.last_contact_on == date(2026, 11, 26)
    assert (interview.talk, interview.notes, interview.held_on) == (talk, "Shifts", date(2026, 11, 26))
    thanks, news = FollowUp.objects.order_by("due_on")
    assert (thanks.due_on, news.due_on) == (date(2026, 11, 27), date(2027, 2, 24))
    assert {thanks.interaction, news.interaction} == {talk}
    assert "Say thanks by today" in text_of(client.get(interview.get_absolute_url()))

    press(client, interview, "thank")

    thanks.refresh_from_db()
    assert thanks.state == "done"
    assert "Tell Hannah what came of it, by 24 February" in text_of(client.get(interview.get_absolute_url()))


def test_holding_shows_notes_that_were_saved_meanwhile_and_then_saves(client, contact):
    interview = in_state(contact, "agreed")
    url = f"{interview.get_absolute_url()}hold/"
    data = {"day": "2026-11-26", "notes": "Typed after the talk", "version": str(interview.version)}
    client.post(f"{interview.get_absolute_url()}edit/", {"notes": "Of the other tab", "version": data["version"]})

    response = client.post(url, data)

    assert response.status_code == 409
    assert "Of the other tab" in text_of(response)
    assert "Typed after the talk" in text_of(response)
    assert not Interaction.objects.exists()
    assert client.post(url, data | {"version": response.context["form"].data["version"]}).status_code == 302
    interview.refresh_from_db()
    assert (interview.state, interview.notes) == ("held", "Typed after the talk")


def test_edit_begun_before_holding_shows_the_notes_of_both(client, contact):
    interview = in_state(contact, "agreed")
    client.post(f"{interview.get_absolute_url()}hold/", {"day": "2026-11-26", "notes": "Typed after the talk"})

    response = client.post(
        f"{interview.get_absolute_url()}edit/", {"notes": "Of the other tab", "version": str(interview.version)}
    )

    assert response.status_code == 409
    assert "Typed after the talk" in text_of(response)


def test_holding_a_second_time_keeps_what_was_typed(client, contact):
    interview = in_state(contact, "held")

    response = client.post(f"{interview.get_absolute_url()}hold/", {"day": "2026-11-26", "received": "A name"})

    assert response.status_code == 409
    assert "You two have talked already." in text_of(response)
    assert "A name" in text_of(response)


def test_holding_waits_for_its_day(client, contact):
    interview = in_state(contact, "agreed")

    response = client.post(f"{interview.get_absolute_url()}hold/", {"day": "2026-11-28"})

    assert response.status_code == 422
    assert "That day has not come yet." in text_of(response)
    with pytest.raises(StepRefused, match="This day has not come yet."):
        hold_interview(
            interview=interview,
            by=contact.owner,
            day=TODAY + timedelta(days=1),
            received="",
            gave="",
            notes="",
            now=NOW,
        )
    assert not Interaction.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_holding_twice_at_once_is_once(cast):
    interview = in_state(ContactFactory(owner=cast.owner), "agreed")
    words = {"by": cast.owner, "day": TODAY, "received": "", "gave": "", "notes": "", "now": NOW}

    results = at_once(*[lambda: hold_interview(interview=interview, **words)] * 3)

    assert sum(isinstance(result, StepRefused) for result in results) == 2
    assert (Interaction.objects.count(), FollowUp.objects.count()) == (1, 2)


# Pages ---------------------------------------------------------------------------------------------------------------


def test_list_groups_by_state_with_what_comes_next(client, owner, contact):
    for state in Interview.State.values:
        in_state(contact, state)

    html = text_of(client.get("/contacts/interviews/"))

    for label in ("Agreed", "Held", "Asked", "Not asked yet", "Thanked", "Over"):
        assert f">{label}</h2>" in html
    assert "Ask Hannah" in html


def test_interview_goes_with_its_person_and_comes_back(client, owner, contact):
    interview = InterviewFactory(contact=contact, why="To learn")
    contact.put_in_bin(at=NOW)
    assert client.get(interview.get_absolute_url()).status_code == 404
    assert "Hannah" not in text_of(client.get("/contacts/interviews/"))

    contact.take_from_bin()
    assert client.get(interview.get_absolute_url()).status_code == 200


def test_deleted_interview_comes_back_or_is_erased(client, owner, contact):
    interview = InterviewFactory(contact=contact)
    client.post(f"{interview.get_absolute_url()}delete/")
    assert client.get(interview.get_absolute_url()).status_code == 404
    assert "Hannah Vogel" in text_of(client.get("/contacts/interviews/bin/"))
    for _ in range(2):
        assert client.post(f"/contacts/interviews/{interview.pk}/restore/").status_code == 302
    client.post(f"{interview.get_absolute_url()}delete/")

    assert erase_deleted(now=NOW + timedelta(days=31)) == 1
    assert not Interview.objects.exists()


def test_an_interview_somebody_is_invited_to_is_called_off_before_it_is_deleted(client, owner, contact):
    interview = InterviewMailFactory(interview__contact=contact).interview

    html = text_of(client.post(f"{interview.get_absolute_url()}delete/", follow=True))
    assert "Call it off first, so that Hannah is told." in html
    client.post(f"{interview.get_absolute_url()}cancel/", {"tells": "on"})
    client.post(f"{interview.get_absolute_url()}delete/")

    assert [mail.method for mail in interview.mails.order_by("pk")] == ["REQUEST", "CANCEL"]
    assert client.get(interview.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(("page", "queries"), [("", 2), ("detail", 2), ("bin/", 1), ("contact", 5)])
def test_pages_ask_the_same_at_one_and_three_rows(client, owner, contact, asked, page, queries):
    interview = in_state(contact, "asked")
    known = {"detail": interview.get_absolute_url(), "contact": contact.get_absolute_url()}
    url = known.get(page, f"/contacts/interviews/{page}")

    def add():
        WayFactory(contact=contact)
        for state in ("asked", "closed", "held"):
            in_state(ContactFactory(owner=owner), state)
            in_state(contact, state, questions=["A?"])
        in_state(contact, "asked", deleted_at=ADDED_AT)

    add()
    assert asked(url) == queries
    add()
    add()
    assert asked(url) == queries
