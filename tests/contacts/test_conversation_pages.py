from datetime import date

import pytest

from contacts.models import Contact, FollowUp, Interaction
from tests.contacts.pages import HX, NOW, TODAY, text_of
from tests.factories.contacts import ADDED_AT, ContactFactory, FollowUpFactory, InteractionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("friday")]


def log(client, contact, **data):
    typed = {"kind": "talked", "happened_on": "2026-11-27"} | data
    return client.post(f"/contacts/{contact.pk}/conversations/", typed)


# Logging


def test_log_stores_a_conversation_and_what_follows(client, owner, hannah):
    other = ContactFactory(owner=owner)

    response = log(client, hannah, notes="Coffee", gave="A list", received="A name", people=[other.pk], when="month",
                   next_step="Send the list", direction="they_owe")  # fmt: skip

    talk, promise = Interaction.objects.get(), FollowUp.objects.get()
    assert response["Location"] == hannah.get_absolute_url()
    assert set(talk.people.all()) == {hannah, other}
    assert (talk.kind, talk.state, talk.notes, talk.gave, talk.received) == (
        "talked",
        "held",
        "Coffee",
        "A list",
        "A name",
    )
    assert (promise.contact, promise.text, promise.due_on) == (hannah, "Send the list", date(2026, 12, 27))
    assert (promise.direction, promise.interaction) == ("they_owe", talk)


@pytest.mark.parametrize(
    ("when", "more", "day"),
    [
        ("week", {}, date(2026, 12, 4)),
        ("quarter", {}, date(2027, 2, 27)),
        ("day", {"follow_on": "2026-12-24"}, date(2026, 12, 24)),
    ],
)
def test_log_follows_up_by_the_chosen_day(client, hannah, when, more, day):
    log(client, hannah, when=when, **more)

    assert FollowUp.objects.values_list("text", "due_on", "direction").get() == ("Get back to Hannah", day, "i_owe")


def test_log_of_a_day_to_come_is_a_plan(client, hannah):
    log(client, hannah, happened_on="2026-11-28")
    log(client, hannah, is_planned="on", notes="This afternoon")

    assert set(Interaction.objects.values_list("state", flat=True)) == {"planned"}
    assert Contact.objects.get().last_contact_on is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"happened_on": ""}, "Say on which day."),
        ({"happened_on": "1899-12-31"}, "Use a date between 1900 and 2200."),
        ({"happened_on": "soon"}, "Use a date, like 2027-03-15."),
        ({"kind": "danced"}, "Choose one of these."),
        ({"when": "day"}, "Pick the day, or choose one of the others."),
        ({"when": "never"}, "Choose one of these."),
        ({"people": ["x"]}, "Choose people from your contacts."),
        ({"people": ["99999"]}, "no longer among your contacts"),
        ({"notes": "x" * 20_001}, "at most 20000 characters"),
        ({"next_step": "x" * 301, "when": "week"}, "at most 300 characters"),
    ],
)
def test_log_with_mistakes_keeps_what_was_typed(client, hannah, data, words):
    response = log(client, hannah, gave="KEPTWORDS", **data)

    assert response.status_code == 422
    assert words in text_of(response)
    assert "KEPTWORDS" in text_of(response)
    assert not Interaction.objects.exists()


def test_log_with_somebody_elses_contact_is_refused_whole(client, hannah):
    foreign = ContactFactory(name="SECRET")

    response = log(client, hannah, people=[foreign.pk])

    assert response.status_code == 422
    assert "SECRET" not in text_of(response)
    assert not Interaction.objects.exists()


def test_find_without_script_offers_people_and_stores_nothing(client, owner, hannah):
    ContactFactory(owner=owner, name="Priya Nair")
    chosen = ContactFactory(owner=owner, name="Tom Berg")

    response = log(client, hannah, find="1", who="priya", notes="KEPTWORDS", people=[chosen.pk])

    page = text_of(response)
    assert response.status_code == 200
    assert "Priya Nair" in page
    assert "KEPTWORDS" in page
    assert f'value="{chosen.pk}" id="person-{chosen.pk}" checked' in page
    assert not Interaction.objects.exists()


def test_person_options_find_own_people_only(client, owner, hannah):
    ContactFactory(owner=owner, name="Hannah Archived", archived_at=NOW)
    ContactFactory(name="Hannah Foreign")

    page = text_of(client.get("/contacts/people/?who=hannah"))

    assert "Hannah Vogel" in page
    assert "Archived" not in page
    assert "Foreign" not in page
    assert "Nobody among your contacts" in text_of(client.get("/contacts/people/?who=zoe&people=9&people=x&but=y"))


# Reading


def test_contact_page_shows_conversations_in_words(client, owner, hannah):
    priya = ContactFactory(owner=owner, name="Priya")
    InteractionFactory(
        owner=owner, people=[hannah, priya], happened_on=TODAY, kind="gave", notes="**A list**", gave="<b>"
    )
    InteractionFactory(owner=owner, people=[hannah], happened_on=date(2026, 11, 20), state="planned", kind="met")
    InteractionFactory(owner=owner, people=[hannah], happened_on=date(2026, 11, 30), state="planned")
    InteractionFactory(owner=owner, people=[hannah], happened_on=date(2026, 11, 2), state="cancelled", kind="called")

    page = text_of(client.get(hannah.get_absolute_url()))

    for words in ("Gave, today, with Priya", "<strong>A list</strong>", "&lt;b&gt;", "A meeting, planned for 20 November",
                  "A talk, planned for Monday", "A call, 2 November: did not take place"):  # fmt: skip
        assert words in page
    assert page.count("Did it take place?") == 1


@pytest.mark.parametrize("count", [1, 3])
def test_contact_page_costs_as_much_for_many(client, owner, hannah, django_assert_num_queries, count):
    for _ in range(count):
        InteractionFactory(owner=owner, people=[hannah, *ContactFactory.create_batch(2, owner=owner)])
        FollowUpFactory(contact=hannah)
    client.get(hannah.get_absolute_url())

    # the person, the contact, the ways, conversations, their people, promises, the interview, the frame
    with django_assert_num_queries(8):
        client.get(hannah.get_absolute_url())


@pytest.mark.parametrize("headers", [{}, HX])
def test_conversations_come_page_by_page(client, owner, hannah, headers):
    for number in range(12):
        InteractionFactory(
            owner=owner, people=[hannah], notes=f"Talk {number:02d}", happened_on=date(2026, 1, 1 + number)
        )
    first = client.get(f"/contacts/{hannah.pk}/conversations/", headers=headers)
    older = text_of(first).split("?after=")[1].split('"')[0]

    second = text_of(client.get(f"/contacts/{hannah.pk}/conversations/?after={older}", headers=headers))

    assert "Talk 02" in text_of(first)
    assert "Talk 01" not in text_of(first)
    assert "Talk 01" in second
    assert "Talk 02" not in second
    assert "?after=" not in second
    assert ("<html" in second) is not bool(headers)


# Changing


def edited(talk, **data):
    typed = {"kind": "met", "happened_on": "2026-11-20", "version": talk.version, "notes": "Mine"}
    return typed | {"people": [contact.pk for contact in talk.people.all()]} | data


def test_edit_saves_day_and_people_and_recalculates(client, owner, hannah):
    talk, other = InteractionFactory(owner=owner, people=[hannah]), ContactFactory(owner=owner)

    client.post(f"/contacts/conversations/{talk.pk}/", edited(talk, people=[other.pk]))

    talk.refresh_from_db()
    assert (talk.kind, talk.notes, list(talk.people.all())) == ("met", "Mine", [other])
    assert Contact.objects.get(pk=hannah.pk).last_contact_on is None
    assert Contact.objects.get(pk=other.pk).last_contact_on == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("state", "was", "data", "now"),
    [
        ("planned", date(2026, 11, 20), {}, "planned"),
        ("planned", TODAY, {"happened_on": "2026-11-27", "is_planned": "on"}, "planned"),
        ("planned", TODAY, {"happened_on": "2026-11-27"}, "held"),
        ("planned", date(2026, 12, 1), {"happened_on": "2026-11-20"}, "planned"),
        ("held", TODAY, {"happened_on": "2026-11-28"}, "planned"),
        ("cancelled", TODAY, {}, "cancelled"),
        ("cancelled", TODAY, {"happened_on": "2026-12-01"}, "planned"),
    ],
)
def test_edit_lets_the_day_say_whether_it_took_place(client, owner, hannah, state, was, data, now):
    talk = InteractionFactory(owner=owner, people=[hannah], state=state, happened_on=was)

    client.post(f"/contacts/conversations/{talk.pk}/", edited(talk, **data))

    assert Interaction.objects.get().state == now


@pytest.mark.parametrize(
    ("state", "day", "is_there", "is_ticked"),
    [
        ("held", date(2026, 11, 20), False, False),
        ("held", TODAY, True, False),
        ("planned", TODAY, True, True),
        ("planned", date(2026, 12, 1), False, True),  # and it stays a plan where it is moved to today
    ],
)
def test_still_to_come_is_asked_of_today_only(client, owner, hannah, state, day, is_there, is_ticked):
    talk = InteractionFactory(owner=owner, people=[hannah], state=state, happened_on=day)
    url = f"/contacts/conversations/{talk.pk}/"

    page = text_of(client.get(url))
    again = text_of(client.post(url, edited(talk, happened_on=day, people=[])))

    box = page.split("data-only-on")[1].split("</div>")[0]
    assert box.startswith('="2026-11-27" data-for="id_happened_on"')
    assert (" hidden>" not in box) is is_there
    assert ("checked" in box) is is_ticked
    assert (" hidden>" not in again.split("data-only-on")[1].split("</div>")[0]) is is_there


def test_edit_of_an_old_version_shows_both_and_loses_nothing(client, owner, hannah):
    talk = InteractionFactory(owner=owner, people=[hannah], notes="THEIRS")
    Interaction.objects.update(version=2)

    response = client.post(f"/contacts/conversations/{talk.pk}/", edited(talk, notes="MINE"))

    page = text_of(response)
    assert response.status_code == 409
    assert "THEIRS" in page
    assert "MINE" in page
    assert 'name="version" value="2"' in page
    assert Interaction.objects.get().notes == "THEIRS"


@pytest.mark.parametrize(
    ("data", "words"),
    [({"people": []}, "A conversation is with somebody."), ({"happened_on": "x"}, "Use a date")],
)
def test_edit_with_mistakes_changes_nothing(client, owner, hannah, data, words):
    talk = InteractionFactory(owner=owner, people=[hannah], notes="Before")

    response = client.post(f"/contacts/conversations/{talk.pk}/", edited(talk, **data))

    assert response.status_code == 422
    assert words in text_of(response)
    assert Interaction.objects.get().notes == "Before"


def test_plan_in_the_past_is_answered(client, owner, hannah):
    talk = InteractionFactory(owner=owner, people=[hannah], state="planned", happened_on=date(2026, 11, 26))
    url = f"/contacts/conversations/{talk.pk}/held/"

    client.post(url, {"held": "1"})
    assert Contact.objects.get().last_contact_on == date(2026, 11, 26)

    client.post(f"{url}?held=")  # what Undo sends
    assert Contact.objects.get().last_contact_on is None

    client.post(url, {"held": "0"})
    assert Interaction.objects.get().state == "cancelled"
    assert client.post(url, {"held": "maybe"}).status_code == 400


def test_delete_can_be_undone(client, owner, hannah):
    talk = InteractionFactory(owner=owner, people=[hannah], happened_on=TODAY)

    page = client.post(f"/contacts/conversations/{talk.pk}/delete/", follow=True)
    assert f'action="/contacts/conversations/{talk.pk}/restore/"' in text_of(page)
    assert client.post(f"/contacts/conversations/{talk.pk}/delete/").status_code == 302
    assert Contact.objects.get().last_contact_on is None

    client.post(f"/contacts/conversations/{talk.pk}/restore/")
    assert client.post(f"/contacts/conversations/{talk.pk}/restore/").status_code == 302
    assert Contact.objects.get().last_contact_on == TODAY


def test_bin_has_what_was_deleted_and_each_promise_once(client, owner, hannah):
    talk = InteractionFactory(owner=owner, people=[hannah], notes="GONETALK", deleted_at=ADDED_AT)
    FollowUpFactory(contact=hannah, interaction=talk, text="WENTALONG", deleted_at=ADDED_AT)
    FollowUpFactory(contact=hannah, text="GONEPROMISE", deleted_at=ADDED_AT)
    FollowUpFactory(contact=ContactFactory(owner=owner, deleted_at=NOW), text="OFGONE", deleted_at=ADDED_AT)

    page = text_of(client.get("/contacts/conversations/bin/"))

    assert f'action="/contacts/conversations/{talk.pk}/restore/"' in page
    assert "GONETALK" in page
    assert "GONEPROMISE" in page
    assert "WENTALONG" not in page
    assert "OFGONE" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_bin_costs_as_much_for_many(client, owner, hannah, django_assert_num_queries, count):
    for _ in range(count):
        InteractionFactory(owner=owner, people=[hannah], deleted_at=ADDED_AT)
        FollowUpFactory(contact=hannah, deleted_at=ADDED_AT)
    client.get("/contacts/conversations/bin/")

    with django_assert_num_queries(5):  # the person, the conversations, their people, the promises, the frame
        client.get("/contacts/conversations/bin/")
