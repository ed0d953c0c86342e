from datetime import UTC, date, datetime

import pytest
import time_machine

from contacts.models import Contact, Way
from tests.factories.accounts import UserFactory
from tests.factories.contacts import ADDED_AT, ContactFactory, FollowUpFactory, WayFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)  # Saturday


@pytest.fixture(autouse=True)
def _saturday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def owner(client):
    owner = UserFactory()
    client.force_login(owner)
    return owner


def text_of(response):
    return response.content.decode()


def typed(*ways, **fields):
    """Return a form as a browser sends it; a way is (kind, value) or (kind, value, label)."""
    data = {"name": "Hannah Vogel", "circle": "none", "version": "1"} | fields
    data |= {"ways-TOTAL_FORMS": str(len(ways)), "ways-INITIAL_FORMS": "0"}
    for number, (kind, value, *label) in enumerate(ways):
        data |= {f"ways-{number}-kind": kind, f"ways-{number}-value": value, f"ways-{number}-label": "".join(label)}
    return data


# Adding --------------------------------------------------------------------------------------------------------------


def test_new_twice_within_a_minute_is_one(client, owner):
    data = typed(("email", "hannah@example.org"), tags="clinics")

    urls = {client.post("/contacts/new/", data).url for _ in range(2)}

    assert urls == {Contact.objects.get().get_absolute_url()}
    client.post("/contacts/new/", data | {"ways-0-value": "other@example.org"})
    assert Contact.objects.count() == 2


def test_new_stores_all_that_was_said(client, owner):
    data = typed(
        ("email", "Hannah@StAnnes.example", "Work"), ("phone", "+49 (0)30 1234567"), ("phone", "030 1234567"), ("web", ""),
        name="  Hannah Vogel\u202e ", role="Practice manager", organisation="St Anne's Clinic",
        how_met="through Priya", why="She knows every clinic.", offer="A summary\nHelp", hoped_for="An introduction",
        topics="Shift planning, shift planning; Clinics", tags="Clinic", birthday="12 April", notes="Likes questions.",
        circle="own", own_every="6", own_unit="weeks",
    )  # fmt: skip

    response = client.post("/contacts/new/", data, follow=True)

    contact = Contact.objects.get()
    assert response.redirect_chain == [(f"/contacts/{contact.pk}/", 302)]
    assert f'action="/contacts/{contact.pk}/delete/"' in text_of(response), "the toast takes it back"
    assert (contact.owner, contact.name, contact.created_at) == (owner, "Hannah Vogel", NOW)
    assert (contact.role, contact.topics, contact.tags) == (
        "Practice manager",
        ["Shift planning", "Clinics"],
        ["Clinic"],
    )
    assert (contact.birthday, contact.circle, contact.own_every, contact.own_unit) == ("--04-12", "own", 6, "weeks")
    assert contact.uid.startswith("urn:uuid:")
    assert list(contact.ways.values_list("kind", "value", "label", "compared", "position", "owner_id")) == [
        ("email", "Hannah@StAnnes.example", "Work", "hannah@stannes.example", 0, owner.pk),
        ("phone", "+49 (0)30 1234567", "", "+49301234567", 1, owner.pk),
        ("phone", "030 1234567", "", "+44301234567", 2, owner.pk),
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (typed(name=" "), "Give this person a name"),
        (typed(name="\u200d"), "Please use at least one letter or number."),
        (typed(name="Long" * 60), "at most 200 characters"),
        (typed(circle="own"), "Say how often"),
        (typed(circle="own", own_every="0", own_unit="days"), "Use a number from 1 to 999."),
        (typed(circle="own", own_every="9" * 400, own_unit="days"), "Use a number from 1 to 999."),
        (typed(circle="own", own_every="two", own_unit="days"), "Use a whole number"),
        (typed(circle="own", own_every="2", own_unit="years"), "Choose one of these."),
        (typed(circle="daily"), "Choose one of these."),
        (typed(birthday="31 February"), "Use a day, like 12 April"),
        (typed(birthday="Tuesday"), "Use a day, like 12 April"),
        (typed(tags=", ".join(f"tag{n}" for n in range(21))), "20 are enough."),
        (typed(topics="Long" * 11), "Put commas between them"),
        (typed(("email", "hannah")), "An email address has an @ in it."),
        (typed(("email", "", "Work")), "Write the address or number"),
        (typed(("fax", "123")), "Choose one of these."),
        (typed(*[("phone", "1")] * 31), "at most 30"),
        ({"name": "Hannah Vogel", "circle": "none"}, "ManagementForm data is missing"),
    ],
)
def test_new_with_bad_input_keeps_what_was_typed(client, owner, data, said):
    response = client.post("/contacts/new/", data | {"why": "WHYTYPED"})

    assert response.status_code == 422
    assert said in text_of(response)
    assert "WHYTYPED" in text_of(response)
    assert not Contact.objects.exists()
    for key in ("ways-0-value", "ways-0-label", "birthday", "own_every"):
        if data.get(key):
            assert f'value="{data[key]}"' in text_of(response)


def test_more_ways_without_script_stores_nothing_and_complains_of_nothing(client, owner):
    response = client.post("/contacts/new/", typed(("email", "hannah"), name="", more_ways="1"))

    assert response.status_code == 200
    assert not Contact.objects.exists()
    assert 'name="ways-3-value"' in text_of(response)
    assert 'value="hannah"' in text_of(response)
    assert 'class="err"' not in text_of(response)


# One person ----------------------------------------------------------------------------------------------------------


def test_detail_shows_all_there_is(client, owner):
    contact = ContactFactory(
        owner=owner, name="Hannah <Vogel>", role="Manager", organisation="St Anne's", how_met="through Priya",
        why="She <knows>.", offer="A summary\n\nHelp", hoped_for="Half an hour", topics=["shifts"], tags=["clinic"],
        birthday="1980-04-12", notes="*quietly*", circle="own", own_every=1, own_unit="months",
        last_contact_on=date(2026, 11, 20),
    )  # fmt: skip
    WayFactory(contact=contact, value="h@example.org")
    WayFactory(contact=contact, kind="web", value="javascript:alert(1)")
    WayFactory(contact=contact, kind="phone", value="+44 20 7946 0123", label="Work")

    html = text_of(client.get(contact.get_absolute_url()))

    for words in ("Hannah &lt;Vogel&gt;", "Manager, St Anne&#x27;s", "Met through Priya", "She &lt;knows&gt;.",
                  "<li>A summary</li><li>Help</li>", "<li>Half an hour</li>", "shifts", "clinic", "12 April 1980",
                  "<em>quietly</em>", "Every month", "Yesterday", 'href="mailto:h@example.org"',
                  'href="tel:+442079460123"', "Work"):  # fmt: skip
        assert words in html
    assert 'href="javascript' not in html
    assert "Mentors never do." in html


@pytest.mark.parametrize("count", [1, 3])
def test_detail_costs_as_much_for_many_ways(client, owner, django_assert_num_queries, count):
    contact = ContactFactory(owner=owner)
    WayFactory.create_batch(count, contact=contact)
    client.get(contact.get_absolute_url())

    # the person, the contact, the ways, conversations, promises, interviews, the frame
    with django_assert_num_queries(7):
        client.get(contact.get_absolute_url())


# Changing ------------------------------------------------------------------------------------------------------------


def test_edit_begins_with_what_is_stored(client, owner):
    contact = ContactFactory(owner=owner, name="Hannah", tags=["a", "b"], birthday="--02-29")
    WayFactory(contact=contact, value="h@example.org", label="Work")

    html = text_of(client.get(f"/contacts/{contact.pk}/edit/"))

    for value in ("Hannah", "a, b", "29 February", "h@example.org", "Work"):
        assert f'value="{value}"' in html


def test_edit_keeps_the_ways_that_stay(client, owner):
    contact = ContactFactory(owner=owner, name="Hannah", name_parts=["", "Hannah"])
    stays = WayFactory(contact=contact, value="h@example.org", position=0)
    WayFactory(contact=contact, value="old@example.org", position=1)
    data = typed(("email", "h@example.org"), ("email", "old@example.org"), ("email", "new@example.org"), name="Hannah")

    response = client.post(f"/contacts/{contact.pk}/edit/", data | {"ways-1-DELETE": "on"})

    assert response.status_code == 302
    contact.refresh_from_db()
    assert (contact.version, contact.name_parts) == (2, ["", "Hannah"])
    assert [way.value for way in contact.ways.all()] == ["h@example.org", "new@example.org"]
    assert stays in contact.ways.all()


def test_edit_of_the_name_forgets_its_parts(client, owner):
    contact = ContactFactory(owner=owner, name="Hannah Vogel", name_parts=["Vogel", "Hannah"])

    client.post(f"/contacts/{contact.pk}/edit/", typed(name="Hannah Braun"))

    contact.refresh_from_db()
    assert (contact.name, contact.name_parts, contact.given_name) == ("Hannah Braun", [], "Hannah")


@pytest.mark.parametrize(("name", "called"), [("Müller; Partner", "Müller"), ("Novák, Tomás", "Novák"), (": :", ": :")])
def test_given_name_is_the_first_word_without_what_parts_it_from_the_next(name, called):
    assert ContactFactory.build(name=name).given_name == called


def test_edit_after_another_tab_shows_both_versions(client, owner):
    contact = ContactFactory(owner=owner, name="Hannah", why="THEIRS", tags=["one"], circle="close", version=2)
    WayFactory(contact=contact, value="theirs@example.org")

    response = client.post(
        f"/contacts/{contact.pk}/edit/", typed(("email", "mine@example.org"), name="Hannah", why="MINE")
    )

    html = text_of(response)
    assert response.status_code == 409
    for words in (
        "THEIRS",
        "MINE",
        "Close, every 30 days",
        "theirs@example.org",
        "mine@example.org",
        "<dd>one</dd>",
    ):
        assert words in html
    assert 'name="version" value="2"' in html
    contact.refresh_from_db()
    assert contact.why == "THEIRS"
    again = client.post(
        f"/contacts/{contact.pk}/edit/", typed(("email", "mine@example.org"), name="Hannah", why="MINE", version="2")
    )
    assert again.status_code == 302
    contact.refresh_from_db()
    assert (contact.why, [way.value for way in contact.ways.all()]) == ("MINE", ["mine@example.org"])


# Everyone ------------------------------------------------------------------------------------------------------------


def test_list_of_nobody_invites(client, owner):
    assert "Start with one person who already helped you." in text_of(client.get("/contacts/"))


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_as_much_for_many(client, owner, django_assert_num_queries, count):
    for contact in ContactFactory.create_batch(count, owner=owner):
        FollowUpFactory.create_batch(2, contact=contact)
    client.get("/contacts/")

    with django_assert_num_queries(5):  # the person, the contacts, the next event, what waits, the frame
        client.get("/contacts/")


@pytest.mark.parametrize(
    ("fields", "promise", "said"),
    [
        ({}, None, "No date set"),
        ({"circle": "close"}, None, "No date set"),
        ({"circle": "close", "last_contact_on": date(2026, 10, 25)}, None, "Tue 24 November"),
        ({"circle": "close", "last_contact_on": date(2026, 10, 22)}, None, "Today"),
        ({"circle": "close", "last_contact_on": date(2026, 10, 20)}, None, "2 days late"),
        ({"circle": "close", "last_contact_on": date(2026, 11, 20)}, date(2026, 11, 20), "1 day late"),
        ({"circle": "wide", "last_contact_on": date(2026, 11, 20)}, date(2027, 1, 4), ">4 January 2027<"),
    ],
)
def test_list_says_what_is_next(client, owner, fields, promise, said):
    contact = ContactFactory(owner=owner, **fields)
    FollowUpFactory(contact=contact, done=True, due_on=date(2026, 1, 1))
    if promise:
        FollowUpFactory(contact=contact, due_on=promise)

    assert said in text_of(client.get("/contacts/"))


def test_list_of_the_archive_asks_for_nothing(client, owner):
    contact = ContactFactory(owner=owner, circle="close", last_contact_on=date(2026, 1, 1), archived_at=ADDED_AT)
    FollowUpFactory(contact=contact, due_on=date(2026, 1, 1))

    page = text_of(client.get("/contacts/?show=archived"))

    assert '<span class="muted">Archived</span>' in page
    assert "late" not in page.split('id="_contact_found"')[1].split("</table>")[0]


def test_list_goes_on_by_name(client, owner):
    for number in range(30):
        ContactFactory(owner=owner, name=f"{'aA'[number % 2]}{number:02d}")
    ContactFactory(owner=owner, name="zz archived", archived_at=ADDED_AT)
    first = text_of(client.get("/contacts/"))
    token = first.split('href="/contacts/?after=')[1].split('"')[0]

    second = text_of(client.get(f"/contacts/?after={token}"))

    assert [f"{'aA'[number % 2]}{number:02d}<" in first for number in (0, 24, 25, 29)] == [True, True, False, False]
    assert [f"{'aA'[number % 2]}{number:02d}<" in second for number in (0, 24, 25, 29)] == [False, False, True, True]
    assert "zz archived" not in second
    assert client.get("/contacts/?after=nonsense").status_code == 200


# The archive and the bin ---------------------------------------------------------------------------------------------


def test_archive_sets_aside_and_takes_back(client, owner):
    contact = ContactFactory(owner=owner, name="Hannah", circle="close", last_contact_on=date(2026, 1, 1))

    response = client.post(f"/contacts/{contact.pk}/archive/", follow=True)
    client.post(f"/contacts/{contact.pk}/archive/")

    assert f'action="/contacts/{contact.pk}/unarchive/"' in text_of(response)
    contact.refresh_from_db()
    assert contact.archived_at == NOW
    assert "In your archive since 21 November 2026" in text_of(client.get(contact.get_absolute_url()))
    client.post(f"/contacts/{contact.pk}/unarchive/")
    contact.refresh_from_db()
    assert not contact.is_archived


def test_delete_can_be_taken_back_with_all_that_was_noted(client, owner):
    contact = ContactFactory(owner=owner, name="Hannah")
    WayFactory(contact=contact, value="h@example.org")

    response = client.post(f"/contacts/{contact.pk}/delete/", follow=True)
    twice = client.post(f"/contacts/{contact.pk}/delete/")

    assert f'action="/contacts/{contact.pk}/restore/"' in text_of(response)
    assert twice.status_code == 302
    assert client.get(contact.get_absolute_url()).status_code == 404
    assert "Hannah" in text_of(client.get("/contacts/bin/"))
    for _ in range(2):
        assert client.post(f"/contacts/{contact.pk}/restore/")["Location"] == contact.get_absolute_url()
    assert "h@example.org" in text_of(client.get(contact.get_absolute_url()))


def test_leaving_takes_everything_along(owner):
    WayFactory(contact__owner=owner)
    owner.delete()

    assert not Contact.objects.exists()
    assert not Way.objects.exists()
