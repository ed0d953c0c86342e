"""Whose turn it is: /contacts/due/, and the top of /contacts/."""

from datetime import date, timedelta

import pytest
from django.conf import settings

from contacts.conversations import ICONS
from contacts.models import Contact, Interaction, Pace
from tests.contacts.pages import HX, TODAY, text_of
from tests.factories.contacts import ContactFactory, FollowUpFactory, InteractionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("friday")]


def due(owner, late, **fields):
    fields = {"circle": "close"} | fields
    return ContactFactory(owner=owner, last_contact_on=TODAY - timedelta(days=30 + late), **fields)


def test_due_list_groups_people_and_says_why_some_wait(client, owner):
    Pace.objects.create(owner=owner, per_week=3)
    due(owner, 40, name="Quiet Quentin")
    due(owner, 3, name="Late Lena")
    due(owner, -1, name="Weekend Will")
    due(owner, -2, name="Waiting Wanda")
    due(owner, -90, name="Far Fred")
    ContactFactory(owner=owner, name="Never Nora", circle="wide")
    ContactFactory(owner=owner, name="No Rhythm Rob", last_contact_on=date(2020, 1, 1))

    page = text_of(client.get("/contacts/due/"))

    places = [page.index(words) for words in (
        "Overdue</h2>", "Quiet Quentin", "Late Lena", "This week</h2>", "Weekend Will", "Later</h2>", "Waiting Wanda",
        "Far Fred", "Not yet</h2>", "Never Nora",
    )]  # fmt: skip
    assert places == sorted(places)
    assert "Gone quiet, 40 days late" in page
    assert "3 days late" in page
    assert "Three people are asked for this week already." in page
    assert "due Sunday" in page
    assert "No Rhythm Rob" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_due_list_costs_as_much_for_many(client, owner, hannah, django_assert_num_queries, count):
    for number in range(count):
        due(owner, number)
        ContactFactory(owner=owner, circle="wide")
        InteractionFactory(owner=owner, people=[hannah], state="planned", happened_on=TODAY)
    client.get("/contacts/due/")

    # the person, the pace, who was dealt with, who is due, not yet, plans with their people, the frame
    with django_assert_num_queries(8):
        client.get("/contacts/due/")


def test_due_list_goes_on_page_by_page(client, owner):
    Pace.objects.create(owner=owner, per_week=2)
    for number in range(30):
        due(owner, 100 - number, name=f"Person {number:02d}")
    first = text_of(client.get("/contacts/due/"))
    older = first.split('href="/contacts/due/?')[1].split('"')[0].replace("&amp;", "&")

    second = text_of(client.get(f"/contacts/due/?{older}"))

    assert "Person 26" in first
    assert "Person 27" not in first
    assert "Person 29" in second
    assert "1 March 2027" in second  # two a week: the last two come fourteen weeks after this one
    assert "Not yet" not in second
    assert client.get("/contacts/due/?after=x&turn=y").status_code == 200


def test_pace_is_chosen_on_the_page(client, owner):
    client.post("/contacts/due/pace/", {"per_week": "2"})
    assert Pace.objects.get().per_week == 2

    for typed in ("0", "51", "", "many"):
        response = client.post("/contacts/due/pace/", {"per_week": typed})
        assert response.status_code == 422
        assert "from 1 to 50" in text_of(response) or "whole number" in text_of(response)
    assert Pace.objects.get().per_week == 2


@pytest.mark.parametrize("headers", [{}, HX])
def test_in_touch_today_is_one_click_and_can_be_undone(client, owner, headers):
    contact = due(owner, 5)

    response = client.post(f"/contacts/{contact.pk}/in-touch/", headers=headers, follow=True)
    client.post(f"/contacts/{contact.pk}/in-touch/", headers=headers)

    talk = Interaction.objects.get()
    assert Contact.objects.get().last_contact_on == TODAY
    assert f'action="/contacts/conversations/{talk.pk}/delete/?next=%2Fcontacts%2Fdue%2F"' in text_of(response)


@pytest.mark.parametrize(
    ("path", "data", "day"),
    [
        ("snooze", {"later": "days"}, date(2026, 11, 30)),
        ("snooze", {"later": "week"}, date(2026, 12, 4)),
        ("snooze", {"later": "month"}, date(2026, 12, 27)),
        ("skip", {}, date(2026, 12, 27)),
        ("stop", {}, None),
    ],
)
@pytest.mark.parametrize("headers", [{}, HX])
def test_turn_is_answered_and_taken_back(client, owner, path, data, day, headers):
    contact = due(owner, 5)

    response = client.post(f"/contacts/{contact.pk}/{path}/", data, headers=headers, follow=True)
    assert Contact.objects.get().due_on == day

    undo = text_of(response).split(f'action="/contacts/{contact.pk}/turn-back/')[1].split('"')[0].replace("&amp;", "&")
    client.post(f"/contacts/{contact.pk}/turn-back/{undo}")
    assert Contact.objects.get().due_on == TODAY - timedelta(days=5)


@pytest.mark.parametrize("query", ["", "circle=best", "circle=own", "circle=close&skipped_on=x"])
def test_turn_back_takes_only_what_makes_sense(client, owner, query):
    contact = due(owner, 5)

    assert client.post(f"/contacts/{contact.pk}/turn-back/?{query}").status_code == 400
    assert client.post(f"/contacts/{contact.pk}/snooze/", {"later": "x"}).status_code == 400


def test_contacts_page_begins_with_promises_and_people(client, owner, hannah):
    Pace.objects.create(owner=owner, per_week=1)
    FollowUpFactory(contact=hannah, text="Send the notes", due_on=date(2026, 11, 25))
    FollowUpFactory(contact=hannah, text="Next Friday", due_on=date(2026, 12, 4))
    FollowUpFactory(contact=hannah, text="Next month", due_on=date(2026, 12, 5))
    due(owner, 9, name="First Fay")
    due(owner, 8, name="Second Sam")

    page = text_of(client.get("/contacts/"))

    top = page.split('id="everyone"')[0]
    assert "Send the notes" in top
    assert "2 days late" in top
    assert "Next Friday" in top
    assert "Next month" not in top
    assert "2 within a week" in top
    assert 'All 3<span class="visually-hidden"> follow-ups</span>' in top
    assert "First Fay" in top
    assert "Second Sam" not in top


def test_contacts_page_keeps_few_promises_and_leads_to_all(client, hannah):
    FollowUpFactory.create_batch(9, contact=hannah, due_on=date(2026, 11, 25))

    page = text_of(client.get("/contacts/"))

    assert page.count("/done/") == 14  # seven forms, each with and without script
    assert "More than 7 within a week" in page
    assert "All 9<" in page


def test_contacts_page_says_where_promises_are_that_are_not_due_yet(client, hannah):
    FollowUpFactory(contact=hannah, text="Next month", due_on=date(2026, 12, 25))

    page = text_of(client.get("/contacts/"))

    assert "Next month" not in page
    assert "None within a week" in page
    assert "All 1<" in page


def test_every_kind_has_an_icon_that_is_drawn():
    sprite = (settings.BASE_DIR / "static/icons.svg").read_text()

    assert [icon for icon in ICONS.values() if f'id="{icon}"' not in sprite] == []
