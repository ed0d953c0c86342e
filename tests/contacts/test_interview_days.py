"""The day of an informational interview: when it is, that it was held, and what follows; its pages."""

from datetime import UTC, date, datetime, timedelta

import pytest

from contacts.models import FollowUp, Interaction, Interview, StepRefused
from contacts.services.housekeeping import erase_deleted
from contacts.services.interview import hold_interview
from tests.contacts.pages import AHEAD, NOW, TODAY, interview_in, press, text_of
from tests.factories.contacts import ADDED_AT, ContactFactory, InterviewFactory, InterviewMailFactory, WayFactory
from tests.races import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("friday")]


# Time ----------------------------------------------------------------------------------------------------------------


def test_time_is_the_owners_clock(client, owner, hannah):
    owner.time_zone = "Asia/Tokyo"
    owner.save()
    interview = InterviewFactory(contact=hannah, asked=True)

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
def test_time_with_bad_input_says_what_to_do(client, owner, hannah, data, said):
    owner.time_zone = "Europe/London"
    owner.save()
    interview = InterviewFactory(contact=hannah, asked=True)

    response = client.post(f"{interview.get_absolute_url()}plan/", AHEAD | data)

    assert response.status_code == 422
    assert said in text_of(response)
    interview.refresh_from_db()
    assert interview.state == "asked"


# Holding -------------------------------------------------------------------------------------------------------------


def test_holding_makes_a_conversation_and_two_promises(client, owner, hannah):
    interview = interview_in(hannah, "agreed")

    client.post(f"{interview.get_absolute_url()}hold/", {"day": "2026-11-26", "received": "Names", "notes": "Shifts"})

    interview.refresh_from_db()
    hannah.refresh_from_db()
    talk = Interaction.objects.get()
    assert (talk.owner, talk.state, talk.happened_on, talk.received) == (owner, "held", date(2026, 11, 26), "Names")
    assert list(talk.people.all()) == [hannah]
    assert hannah.last_contact_on == date(2026, 11, 26)
    assert (interview.talk, interview.notes, interview.held_on) == (talk, "Shifts", date(2026, 11, 26))
    thanks, news = FollowUp.objects.order_by("due_on")
    assert (thanks.due_on, news.due_on) == (date(2026, 11, 27), date(2027, 2, 24))
    assert {thanks.interaction, news.interaction} == {talk}
    assert "Say thanks by today" in text_of(client.get(interview.get_absolute_url()))

    press(client, interview, "thank")

    thanks.refresh_from_db()
    assert thanks.state == "done"
    assert "Tell Hannah what came of it, by 24 February" in text_of(client.get(interview.get_absolute_url()))


def test_holding_shows_notes_that_were_saved_meanwhile_and_then_saves(client, hannah):
    interview = interview_in(hannah, "agreed")
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


def test_edit_begun_before_holding_shows_the_notes_of_both(client, hannah):
    interview = interview_in(hannah, "agreed")
    client.post(f"{interview.get_absolute_url()}hold/", {"day": "2026-11-26", "notes": "Typed after the talk"})

    response = client.post(
        f"{interview.get_absolute_url()}edit/", {"notes": "Of the other tab", "version": str(interview.version)}
    )

    assert response.status_code == 409
    assert "Typed after the talk" in text_of(response)


def test_holding_a_second_time_keeps_what_was_typed(client, hannah):
    interview = interview_in(hannah, "held")

    response = client.post(f"{interview.get_absolute_url()}hold/", {"day": "2026-11-26", "received": "A name"})

    assert response.status_code == 409
    assert "You two have talked already." in text_of(response)
    assert "A name" in text_of(response)


def test_holding_waits_for_its_day(client, hannah):
    interview = interview_in(hannah, "agreed")

    response = client.post(f"{interview.get_absolute_url()}hold/", {"day": "2026-11-28"})

    assert response.status_code == 422
    assert "That day has not come yet." in text_of(response)
    with pytest.raises(StepRefused, match="This day has not come yet."):
        hold_interview(
            interview=interview,
            by=hannah.owner,
            day=TODAY + timedelta(days=1),
            received="",
            gave="",
            notes="",
            now=NOW,
        )
    assert not Interaction.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_holding_twice_at_once_is_once(cast):
    interview = interview_in(ContactFactory(owner=cast.owner), "agreed")
    words = {"by": cast.owner, "day": TODAY, "received": "", "gave": "", "notes": "", "now": NOW}

    results = at_once(*[lambda: hold_interview(interview=interview, **words)] * 3)

    assert sum(isinstance(result, StepRefused) for result in results) == 2
    assert (Interaction.objects.count(), FollowUp.objects.count()) == (1, 2)


# Pages ---------------------------------------------------------------------------------------------------------------


def test_list_groups_by_state_with_what_comes_next(client, owner, hannah):
    for state in Interview.State.values:
        interview_in(hannah, state)

    html = text_of(client.get("/contacts/interviews/"))

    for label in ("Agreed", "Held", "Asked", "Not asked yet", "Thanked", "Over"):
        assert f">{label}</h2>" in html
    assert "Ask Hannah" in html


def test_interview_goes_with_its_person_and_comes_back(client, owner, hannah):
    interview = InterviewFactory(contact=hannah, why="To learn")
    hannah.put_in_bin(at=NOW)
    assert client.get(interview.get_absolute_url()).status_code == 404
    assert "Hannah" not in text_of(client.get("/contacts/interviews/"))

    hannah.take_from_bin()
    assert client.get(interview.get_absolute_url()).status_code == 200


def test_deleted_interview_comes_back_or_is_erased(client, owner, hannah):
    interview = InterviewFactory(contact=hannah)
    client.post(f"{interview.get_absolute_url()}delete/")
    assert client.get(interview.get_absolute_url()).status_code == 404
    assert "Hannah Vogel" in text_of(client.get("/contacts/interviews/bin/"))
    for _ in range(2):
        assert client.post(f"/contacts/interviews/{interview.pk}/restore/").status_code == 302
    client.post(f"{interview.get_absolute_url()}delete/")

    assert erase_deleted(now=NOW + timedelta(days=31)) == 1
    assert not Interview.objects.exists()


def test_an_interview_somebody_is_invited_to_is_called_off_before_it_is_deleted(client, owner, hannah):
    interview = InterviewMailFactory(interview__contact=hannah).interview

    html = text_of(client.post(f"{interview.get_absolute_url()}delete/", follow=True))
    assert "Call it off first, so that Hannah is told." in html
    client.post(f"{interview.get_absolute_url()}cancel/", {"tells": "on"})
    client.post(f"{interview.get_absolute_url()}delete/")

    assert [mail.method for mail in interview.mails.order_by("pk")] == ["REQUEST", "CANCEL"]
    assert client.get(interview.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(("page", "queries"), [("", 2), ("detail", 2), ("bin/", 1), ("contact", 5)])
def test_pages_ask_the_same_at_one_and_three_rows(client, owner, hannah, asked, page, queries):
    interview = interview_in(hannah, "asked")
    known = {"detail": interview.get_absolute_url(), "contact": hannah.get_absolute_url()}
    url = known.get(page, f"/contacts/interviews/{page}")

    def add():
        WayFactory(contact=hannah)
        for state in ("asked", "closed", "held"):
            interview_in(ContactFactory(owner=owner), state)
            interview_in(hannah, state, questions=["A?"])
        interview_in(hannah, "asked", deleted_at=ADDED_AT)

    add()
    assert asked(url) == queries
    add()
    add()
    assert asked(url) == queries
