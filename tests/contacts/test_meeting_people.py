"""Whom one met at an event."""

from datetime import date

import pytest

from contacts.models import Contact, Event, FollowUp, Interaction, StepRefused
from contacts.services.event import Met, meet_people
from tests.contacts.pages import NOW, TODAY, text_of
from tests.factories.contacts import (
    ContactFactory,
    EventFactory,
    InteractionFactory,
)
from tests.races import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("friday")]
PEOPLE = {"people": "Ayo Bello, Northmoor Health\n\nMina Park", "next_step": "Write", "due_on": "2026-11-30"}


def test_people_get_a_contact_a_conversation_and_what_follows(client, owner):
    event = EventFactory(owner=owner, name="Lunch")

    response = client.post(f"/contacts/events/{event.pk}/attend/")
    assert response.url == f"/contacts/events/{event.pk}/people/"
    client.post(response.url, PEOPLE | {"notes": "Queues"})

    ayo, mina = Contact.objects.order_by("name")
    assert (ayo.name, ayo.organisation, ayo.how_met) == ("Ayo Bello", "Northmoor Health", "at Lunch")
    assert (mina.name, mina.organisation) == ("Mina Park", "")
    assert {contact.last_contact_on for contact in (ayo, mina)} == {event.happens_on}
    talks = Interaction.objects.order_by("pk")
    assert [(talk.kind, talk.state, talk.happened_on, talk.notes) for talk in talks] == [
        ("event", "held", event.happens_on, "Queues")
    ] * 2
    follow_ups = FollowUp.objects.order_by("pk")
    assert [(each.contact, each.text, each.due_on) for each in follow_ups] == [
        (ayo, "Write", date(2026, 11, 30)),
        (mina, "Write", date(2026, 11, 30)),
    ]
    html = text_of(client.get(event.get_absolute_url()))
    assert html.count("Ayo Bello") >= 2


def test_conversations_move_with_an_event_whose_day_was_wrong(client, owner):
    event = EventFactory(owner=owner, name="Lunch", happens_on=date(2026, 11, 26), attended=True)
    client.post(f"/contacts/events/{event.pk}/people/", PEOPLE)
    ayo, mina = Contact.objects.order_by("name")
    later = InteractionFactory(owner=owner, people=[mina], happened_on=date(2026, 11, 27))
    event.talks.add(later)

    words = {"name": "Lunch", "happens_on": "2026-11-12", "version": event.version}
    client.post(f"/contacts/events/{event.pk}/edit/", words)

    assert list(event.talks.order_by("pk").values_list("happened_on", flat=True)) == [date(2026, 11, 12)] * 2 + [
        date(2026, 11, 27)
    ]
    for contact in (ayo, mina):
        contact.refresh_from_db()
    assert (ayo.last_contact_on, mina.last_contact_on) == (date(2026, 11, 12), date(2026, 11, 27))


def test_event_one_was_at_is_not_moved_to_a_day_to_come(client, owner):
    """Whom one met would count as talked with before it took place."""
    event = EventFactory(owner=owner, name="Lunch", attended=True)
    words = {"name": "Lunch", "version": event.version}

    response = client.post(f"/contacts/events/{event.pk}/edit/", words | {"happens_on": "2026-11-28"})

    assert response.status_code == 422
    assert "You were there, so choose today or a day before." in text_of(response)
    assert client.post(f"/contacts/events/{event.pk}/edit/", words | {"happens_on": "2026-11-27"}).status_code == 302
    Event.objects.update(happens_on=date(2026, 11, 28))  # as by the owner's move to a zone further west
    response = client.post(f"/contacts/events/{event.pk}/people/", PEOPLE)
    assert response.status_code == 409
    assert "This day has not come yet." in text_of(response)
    assert not Interaction.objects.exists()


def test_a_contact_one_has_is_offered_before_anything_is_saved(client, owner, cast):
    elif_ = ContactFactory(owner=owner, name="Elif Demir", organisation="Northmoor")
    ContactFactory(owner=cast.mentor, name="Elif Of Mentor")
    event = EventFactory(owner=owner, attended=True)
    url = f"/contacts/events/{event.pk}/people/"

    response = client.post(url, {"people": "elif\nMina Park"})

    assert response.status_code == 200
    assert "Elif Demir, Northmoor" in text_of(response)
    assert "Elif Of Mentor" not in text_of(response)
    assert not Interaction.objects.exists()

    client.post(url, {"people": "elif\nMina Park", "who-0-elif": elif_.pk})

    assert set(Contact.objects.owned_by(owner).values_list("name", flat=True)) == {"Elif Demir", "Mina Park"}
    elif_.refresh_from_db()
    assert elif_.last_contact_on == event.happens_on


def test_a_namesake_becomes_a_new_contact_where_one_says_so(client, owner):
    ContactFactory(owner=owner, name="Elif Demir")
    event = EventFactory(owner=owner, attended=True)

    client.post(f"/contacts/events/{event.pk}/people/", {"people": "Elif Demir", "who-0-Elif Demir": "new"})

    assert Contact.objects.owned_by(owner).filter(name="Elif Demir").count() == 2


@pytest.mark.parametrize("choice", ["999999999", "x", "", "9" * 400])
def test_a_choice_that_was_not_offered_is_asked_again(client, owner, cast, choice):
    ContactFactory(owner=owner, name="Elif Demir")
    theirs = ContactFactory(owner=cast.mentor, name="Elif Demir")
    event = EventFactory(owner=owner, attended=True)

    for value in (choice, theirs.pk):
        response = client.post(
            f"/contacts/events/{event.pk}/people/", {"people": "Elif Demir", "who-0-Elif Demir": value}
        )
        assert response.status_code == 200
    assert not Interaction.objects.exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"people": "  \n "}, "Write one person in each line."),
        ({"people": "Ayo\n, Northmoor"}, "Line 2 begins with no name."),
        ({"people": f"{'A' * 201}"}, "Line 1 is long."),
        ({"people": "\n".join(f"P{n}" for n in range(51))}, "That is more than 50 people."),
        ({"people": "Ayo", "next_step": "Write"}, "Choose a day for what follows."),
        ({"people": "Ayo", "next_step": "Write", "due_on": "soon"}, "Use a date"),
    ],
)
def test_people_with_bad_input_say_which_line(client, owner, data, said):
    event = EventFactory(owner=owner, attended=True)

    response = client.post(f"/contacts/events/{event.pk}/people/", data)

    assert response.status_code == 422
    assert said in text_of(response)
    assert not Contact.objects.exists()


def test_people_of_a_planned_event_wait(client, owner):
    event = EventFactory(owner=owner)

    assert client.get(f"/contacts/events/{event.pk}/people/").url == event.get_absolute_url()
    response = client.post(f"/contacts/events/{event.pk}/people/", PEOPLE)
    assert response.status_code == 409
    assert "Note first that you were there." in text_of(response)
    assert PEOPLE["people"].splitlines()[0] in text_of(response)
    with pytest.raises(StepRefused):
        meet_people(event=event, by=owner, met=[], notes="", next_step="", due_on=None, now=NOW)
    assert not Contact.objects.exists()


def test_the_same_people_twice_are_noted_once(cast):
    event, ayo = EventFactory(owner=cast.owner, attended=True), ContactFactory(owner=cast.owner)
    met = [Met("Mina Park", "Northmoor"), Met(ayo.name, "", ayo)]

    added = [
        meet_people(event=event, by=cast.owner, met=met, notes="", next_step="Write", due_on=TODAY, now=NOW)
        for _ in range(2)
    ]

    assert [len(each) for each in added] == [2, 0]
    assert (Interaction.objects.count(), FollowUp.objects.count(), Contact.objects.count()) == (2, 2, 2)


@pytest.mark.django_db(transaction=True)
def test_the_same_people_at_once_are_noted_once(cast):
    event = EventFactory(owner=cast.owner, attended=True)
    words = {"notes": "", "next_step": "Write", "due_on": TODAY, "now": NOW}

    at_once(*[lambda: meet_people(event=event, by=cast.owner, met=[Met("Mina Park")], **words)] * 3)

    assert (Interaction.objects.count(), FollowUp.objects.count(), Contact.objects.count()) == (1, 1, 1)
