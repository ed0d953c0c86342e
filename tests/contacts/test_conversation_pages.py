from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.conf import settings

from contacts.conversations import ICONS
from contacts.models import Contact, FollowUp, Interaction, Pace
from tests.factories.accounts import UserFactory
from tests.factories.contacts import ADDED_AT, ContactFactory, FollowUpFactory, InteractionFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)  # a Friday
TODAY = date(2026, 11, 27)
HX = {"hx-request": "true"}


@pytest.fixture(autouse=True)
def _friday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def owner(client):
    owner = UserFactory()
    client.force_login(owner)
    return owner


@pytest.fixture
def hannah(owner):
    return ContactFactory(owner=owner, name="Hannah Vogel")


def text_of(response):
    return response.content.decode().replace("&#x27;", "'")


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


# Promises


def test_follow_up_is_written_edited_and_closed_with_an_outcome(client, hannah):
    client.post(
        f"/contacts/{hannah.pk}/follow-ups/", {"text": "Send notes", "due_on": "2026-12-01", "direction": "i_owe"}
    )
    promise = FollowUp.objects.get()
    url = f"/contacts/follow-ups/{promise.pk}/"

    client.post(url, {"text": "Send all notes", "due_on": "2026-12-02", "direction": "i_owe", "version": "1"})
    client.post(f"{url}done/", {"outcome": "She printed them."})

    promise.refresh_from_db()
    assert (promise.text, promise.due_on, promise.state) == ("Send all notes", date(2026, 12, 2), "done")
    assert (promise.outcome, promise.closed_at) == ("She printed them.", NOW)
    assert "She printed them." in text_of(client.get(hannah.get_absolute_url()))

    client.post(f"{url}reopen/")
    assert FollowUp.objects.get().is_open


def test_follow_up_of_an_old_version_shows_both(client, hannah):
    promise = FollowUpFactory(contact=hannah, text="THEIRS", version=2)
    data = {"text": "MINE", "due_on": "2026-12-02", "direction": "i_owe", "version": "1"}

    response = client.post(f"/contacts/follow-ups/{promise.pk}/", data)

    assert response.status_code == 409
    assert "THEIRS" in text_of(response)
    assert 'value="MINE"' in text_of(response)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"text": " "}, "Say in a few words what is to be done."),
        ({"due_on": ""}, "Say by which day."),
        ({"due_on": "2201-01-01"}, "Use a date between 1900 and 2200."),
        ({"direction": "both"}, "Choose one of these."),
    ],
)
def test_follow_up_with_mistakes_is_not_stored(client, hannah, data, words):
    typed = {"text": "KEPTWORDS", "due_on": "2026-12-01", "direction": "i_owe"} | data

    response = client.post(f"/contacts/{hannah.pk}/follow-ups/", typed)

    assert response.status_code == 422
    assert words in text_of(response)
    assert not FollowUp.objects.exists()


@pytest.mark.parametrize(
    ("later", "day"), [("days", date(2026, 11, 30)), ("week", date(2026, 12, 4)), ("month", date(2026, 12, 27))]
)
def test_follow_up_later_moves_its_day(client, hannah, later, day):
    promise = FollowUpFactory(contact=hannah, due_on=date(2026, 11, 1))

    response = client.post(f"/contacts/follow-ups/{promise.pk}/later/", {"later": later}, headers=HX)

    assert FollowUp.objects.get().due_on == day
    assert f"/contacts/follow-ups/{promise.pk}/done/" in text_of(response)


def test_follow_up_done_by_script_asks_what_came_of_it(client, hannah):
    promise = FollowUpFactory(contact=hannah)
    url = f"/contacts/follow-ups/{promise.pk}/"

    done = text_of(client.post(f"{url}done/", headers=HX))
    noted = text_of(client.post(f"{url}outcome/", {"outcome": "She laughed."}, headers=HX))

    assert "What came of it?" in done
    assert f"{url}reopen/" in done
    assert "She laughed." in noted
    assert FollowUp.objects.get().outcome == "She laughed."
    assert "In touch" not in text_of(client.post(f"{url}reopen/", headers=HX))


@pytest.mark.parametrize(
    ("path", "data"), [("later", {"later": "never"}), ("later", {}), ("done", {"outcome": "x" * 2001}), ("outcome", {})]
)
def test_follow_up_refuses_what_makes_no_sense(client, hannah, path, data):
    promise = FollowUpFactory(contact=hannah)

    assert client.post(f"/contacts/follow-ups/{promise.pk}/{path}/", data).status_code == 400


def test_follow_up_of_a_deleted_contact_is_not_there(client, owner):
    promise = FollowUpFactory(contact=ContactFactory(owner=owner, deleted_at=ADDED_AT))

    assert client.get(f"/contacts/follow-ups/{promise.pk}/").status_code == 404
    assert client.post(f"/contacts/follow-ups/{promise.pk}/done/").status_code == 404


def test_follow_up_list_has_everything_open(client, owner, hannah, django_assert_num_queries):
    FollowUpFactory.create_batch(3, contact=hannah)
    FollowUpFactory(contact=hannah, text="Closed one", done=True)
    client.get("/contacts/follow-ups/")

    with django_assert_num_queries(3):  # the person, the promises, the frame
        page = text_of(client.get("/contacts/follow-ups/"))

    assert page.count("Hannah Vogel") >= 3
    assert "Closed one" not in page


# Whose turn it is


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
    FollowUpFactory(contact=hannah, text="Next month", due_on=date(2026, 12, 25))
    due(owner, 9, name="First Fay")
    due(owner, 8, name="Second Sam")

    page = text_of(client.get("/contacts/"))

    top = page.split('id="everyone"')[0]
    assert "Send the notes" in top
    assert "2 days late" in top
    assert "1 this week" in top
    assert "First Fay" in top
    assert "Second Sam" not in top


def test_contacts_page_keeps_few_promises_and_leads_to_all(client, hannah):
    FollowUpFactory.create_batch(9, contact=hannah, due_on=date(2026, 11, 25))

    page = text_of(client.get("/contacts/"))

    assert page.count("/done/") == 14  # seven forms, each with and without script
    assert "More than 7 this week" in page
    assert "All follow-ups" in page


def test_every_kind_has_an_icon_that_is_drawn():
    sprite = (settings.BASE_DIR / "static/icons.svg").read_text()

    assert [icon for icon in ICONS.values() if f'id="{icon}"' not in sprite] == []
