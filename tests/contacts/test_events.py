"""Associations and events: planned, prepared, attended, and whom one met there."""

from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError, transaction

from contacts.models import EVENT_STEPS, Association, Event, StepRefused
from contacts.services.event import settle_event
from contacts.services.housekeeping import erase_deleted
from tests.contacts.pages import NOW, TODAY, text_of
from tests.factories.contacts import (
    ADDED_AT,
    AssociationFactory,
    ContactFactory,
    EventFactory,
    FollowUpFactory,
    InteractionFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("friday")]


# States --------------------------------------------------------------------------------------------------------------

ALLOWED = [(state, verb, to) for state, verbs in EVENT_STEPS.items() for verb, to in verbs.items()]


@pytest.mark.parametrize(("state", "verb", "to"), ALLOWED)
def test_step_of_the_table_is_taken(cast, state, verb, to):
    event = EventFactory(owner=cast.owner, state=state)

    settle_event(event=event, verb=verb, today=TODAY)

    event.refresh_from_db()
    assert event.state == to


@pytest.mark.parametrize(("state", "verb"), [("attended", "attend"), ("missed", "miss")])
def test_step_outside_the_table_is_refused_with_a_sentence(cast, state, verb):
    event = EventFactory(owner=cast.owner, state=state)

    with pytest.raises(StepRefused, match="You have noted already that you were"):
        settle_event(event=event, verb=verb, today=TODAY)

    event.refresh_from_db()
    assert event.state == state


def test_attending_waits_for_its_day(client, owner):
    event = EventFactory(owner=owner, happens_on=TODAY + timedelta(days=1))

    response = client.post(f"/contacts/events/{event.pk}/attend/")

    assert response.status_code == 409
    assert "This day has not come yet." in text_of(response)
    event.refresh_from_db()
    assert event.is_planned


def test_missing_is_refused_where_people_were_met(client, owner):
    event = EventFactory(owner=owner, attended=True)
    event.talks.add(InteractionFactory(owner=owner))

    response = client.post(f"/contacts/events/{event.pk}/miss/")

    assert response.status_code == 409
    assert "You have noted people you met there." in text_of(response)


@pytest.mark.parametrize(
    ("model", "fields", "name"),
    [
        (Event, {"name": ""}, "has_a_name"),
        (Event, {"happens_on": date(1899, 12, 31)}, "day_in_reach"),
        (Event, {"state": "lost"}, "state_known"),
        (Association, {"name": ""}, "has_a_name"),
        (Association, {"renews_on": date(2201, 1, 1)}, "day_in_reach"),
    ],
)
def test_constraint_holds(cast, model, fields, name):
    factory = EventFactory if model is Event else AssociationFactory

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        factory(owner=cast.owner, **fields)


# Pages ---------------------------------------------------------------------------------------------------------------


def test_event_is_planned_and_shown_as_a_card(client, owner):
    body = AssociationFactory(owner=owner, name="Research Lunches")
    data = {
        "name": " Working with\u202e clinics ",
        "happens_on": "2026-12-03",
        "hour": "12:15",
        "place": "City Library",
        "aim": "someone who interviews patients.",
        "association": body.pk,
    }

    response = client.post("/contacts/events/new/", data, follow=True)

    event = Event.objects.get()
    assert (event.owner, event.name, event.hour) == (owner, "Working with clinics", time(12, 15))
    assert event.association == body
    assert response.redirect_chain == [(event.get_absolute_url(), 302)]
    client.post(f"/contacts/events/{event.pk}/prepare/", {"who": "Tomás Herrera\nElif", "aim": event.aim, "version": 1})
    html = text_of(client.get("/contacts/events/"))
    assert "<b>3</b>Dec" in html
    assert "Thursday, 12:15, City Library. Tomás and Elif will be there. You want: someone who" in html


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"happens_on": "2026-12-03"}, "Give the event a name."),
        ({"name": "\u200d", "happens_on": "2026-12-03"}, "Please use at least one letter or number."),
        ({"name": "Lunch"}, "Choose a day."),
        ({"name": "Lunch", "happens_on": "0001-01-01"}, "Use a date between 1900 and 2200."),
        ({"name": "Lunch", "happens_on": "2026-12-03", "hour": "25:99"}, "Use a time, like 17:30."),
        ({"name": "Lunch", "happens_on": "2026-12-03", "association": "x"}, "That association is no longer there."),
        ({"name": "Lunch", "happens_on": "2026-12-03", "aim": "x" * 4001}, "at most 4000 characters"),
        ({"name": "L" * 201, "happens_on": "2026-12-03"}, "at most 200 characters"),
    ],
)
def test_event_with_bad_input_says_what_to_do(client, owner, data, said):
    response = client.post("/contacts/events/new/", data)

    assert response.status_code == 422
    assert said in text_of(response)
    if name := data.get("name", "").strip("\u200d"):
        assert name[:20] in text_of(response), "what was typed comes back"
    assert not Event.objects.exists()


@pytest.mark.parametrize("page", ["events", "associations"])
def test_new_twice_within_a_minute_is_one(client, owner, page):
    data = {"name": "Research Lunches", "happens_on": "2026-12-03"}

    urls = {client.post(f"/contacts/{page}/new/", data).url for _ in range(2)}

    assert len(urls) == 1
    client.post(f"{urls.pop()}delete/")
    client.post(f"/contacts/{page}/new/", data)
    assert Event.objects.count() + Association.objects.count() == 2


def test_event_takes_no_association_of_somebody_else(client, owner, cast):
    theirs = AssociationFactory(owner=cast.mentor)

    response = client.post("/contacts/events/new/", {"name": "L", "happens_on": "2026-12-03", "association": theirs.pk})

    assert response.status_code == 422
    assert theirs.name not in text_of(client.get(f"/contacts/events/new/?association={theirs.pk}"))


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 5000, "\u0663"])
def test_new_event_reads_any_number_in_its_address(client, owner, number):
    assert client.get("/contacts/events/new/", {"association": number}).status_code == 200


@pytest.mark.parametrize("link", ["javascript:alert(1)", "ftp://example.org/x", "not a link at all"])
def test_association_links_to_the_web_only(client, owner, link):
    response = client.post("/contacts/associations/new/", {"name": "Body", "link": link})

    assert response.status_code == 422
    assert "Use a web address" in text_of(response)


@pytest.mark.parametrize("page", ["edit", "prepare"])
def test_stale_edit_shows_both_versions_and_then_saves(client, owner, page):
    event = EventFactory(owner=owner, aim="Mine at first")
    url = f"/contacts/events/{event.pk}/{page}/"
    data = {"name": event.name, "happens_on": "2026-11-26", "aim": "From this tab", "version": 1}
    client.post(f"/contacts/events/{event.pk}/edit/", data | {"aim": "From the other tab"})

    response = client.post(url, data)

    assert response.status_code == 409
    html = text_of(response)
    assert "From this tab" in html
    assert "From the other tab" in html
    assert 'name="version" value="2"' in html
    assert client.post(url, data | {"version": 2}).status_code == 302
    event.refresh_from_db()
    assert (event.aim, event.version) == ("From this tab", 3)


def test_the_same_words_saved_twice_are_no_conflict(client, owner):
    event = EventFactory(owner=owner)
    data = {"name": "Other", "happens_on": "2026-11-26", "version": 1}

    answers = [client.post(f"/contacts/events/{event.pk}/edit/", data).status_code for _ in range(2)]

    assert answers == [302, 302]


def test_prepare_shows_what_one_knows_of_those_who_come(client, owner, cast):
    ContactFactory(owner=owner, name="Elif Demir", hoped_for="How was the first month?", offer="My notes")
    ContactFactory(owner=cast.mentor, name="Elif Demir", hoped_for="NOT MINE")
    event = EventFactory(owner=owner, who="elif demir\nAyo Bello")

    html = text_of(client.get(f"/contacts/events/{event.pk}/prepare/"))

    assert "How was the first month?" in html
    assert "My notes" in html
    assert "Not in your contacts" in html
    assert "NOT MINE" not in html


def test_deleted_event_can_be_brought_back_and_is_erased_after_a_month(client, owner):
    event = EventFactory(owner=owner, name="Lunch that went")
    client.post(f"/contacts/events/{event.pk}/delete/")
    assert "Lunch that went" not in text_of(client.get("/contacts/events/"))
    assert "Lunch that went" in text_of(client.get("/contacts/events/bin/"))

    for _ in range(2):
        assert client.post(f"/contacts/events/{event.pk}/restore/").status_code == 302
    assert client.get(event.get_absolute_url()).status_code == 200

    client.post(f"/contacts/events/{event.pk}/delete/")
    assert erase_deleted(now=NOW + timedelta(days=29)) == 0
    assert erase_deleted(now=NOW + timedelta(days=31)) == 1


def test_event_of_a_deleted_association_does_not_link_to_it(client, owner):
    body = AssociationFactory(owner=owner, deleted_at=ADDED_AT)
    event = EventFactory(owner=owner, association=body)

    assert body.get_absolute_url() not in text_of(client.get(event.get_absolute_url()))


def test_edit_keeps_an_association_that_may_come_back(client, owner):
    body = AssociationFactory(owner=owner, deleted_at=ADDED_AT)
    event = EventFactory(owner=owner, association=body)
    words = {"name": "Lunch", "happens_on": "2026-11-26", "association": "", "version": "1"}

    assert client.post(f"{event.get_absolute_url()}edit/", words).status_code == 302

    event.refresh_from_db()
    assert (event.name, event.association) == ("Lunch", body)


@pytest.mark.parametrize(
    ("url", "queries"), [("/contacts/events/", 3), ("detail", 5), ("prepare", 2), ("association", 2)]
)
def test_pages_ask_the_same_at_one_and_three_rows(client, owner, asked, url, queries):
    body = AssociationFactory(owner=owner)
    event = EventFactory(owner=owner, association=body, attended=True)

    def add():
        contact = ContactFactory(owner=owner)
        talk = InteractionFactory(owner=owner, people=[contact])
        FollowUpFactory(contact=contact, interaction=talk)
        event.talks.add(talk)
        event.who += f"{contact.name}\n"
        event.save()
        AssociationFactory(owner=owner)
        EventFactory(owner=owner)
        EventFactory(owner=owner, attended=True, association=body)

    known = {
        "detail": event.get_absolute_url(),
        "prepare": f"{event.get_absolute_url()}prepare/",
        "association": body.get_absolute_url(),
    }
    add()
    assert asked(known.get(url, url)) == queries
    add()
    add()
    assert asked(known.get(url, url)) == queries
