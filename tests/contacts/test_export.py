"""Contacts as files: who may take them, whom they hold, and what they cost."""

import io
from dataclasses import replace

import pytest

from contacts.cards.read import read_cards
from contacts.models import Contact, Way
from contacts.services.export import table, vcards
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.contacts import ADDED_AT, ContactFactory, WayFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db
MANY = 10_000


@pytest.fixture
def owner_client(client, cast):
    """The owner, who has just said their password."""
    client.post("/account/login/", {"login": cast.owner.email, "password": PASSWORD})
    client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/contacts/export/"})
    return client


@pytest.fixture
def people(cast):
    hannah = ContactFactory(owner=cast.owner, name="Hannah Vogel", tags=["clinic", "mentors"], circle="close")
    WayFactory(contact=hannah, value="hannah@example.org", label="work")
    WayFactory(contact=hannah, kind="phone", value="+49 30 901820", compared="+4930901820", position=1)
    ContactFactory(owner=cast.owner, name="Álvaro Díaz", tags=["Mentors"])
    ContactFactory(owner=cast.owner, name="Old Friend", archived_at=ADDED_AT)
    ContactFactory(owner=cast.owner, name="In The Bin", deleted_at=ADDED_AT)
    ContactFactory(owner=cast.mentor, name="Of Somebody Else", tags=["mentors", "theirs"])
    return hannah


def ask(client, **choices):
    return client.post("/contacts/export/", {"whom": "everyone", "kind": "vcard"} | choices)


def names(response, kind="vcard"):
    data = io.BytesIO(b"".join(response.streaming_content))
    return [row.name for row in read_cards(data, kind=kind)]


@pytest.mark.parametrize("kind", ["vcard", "csv"])
@pytest.mark.parametrize(
    ("choices", "found"),
    [
        ({}, ["Hannah Vogel", "Álvaro Díaz"]),
        ({"archived": "on"}, ["Hannah Vogel", "Old Friend", "Álvaro Díaz"]),
        ({"whom": "tag:clinic"}, ["Hannah Vogel"]),
        ({"whom": "tag:Mentors"}, ["Hannah Vogel", "Álvaro Díaz"]),
        ({"whom": "circle:close"}, ["Hannah Vogel"]),
        ({"whom": "circle:none", "archived": "on"}, ["Old Friend", "Álvaro Díaz"]),
    ],
)
def test_contact_export_holds_whom_was_chosen(owner_client, people, kind, choices, found):
    response = ask(owner_client, kind=kind, **choices)

    assert sorted(names(response, kind)) == sorted(found)
    assert response.headers["Cache-Control"] == "no-store, private"
    ending, content_type = {"vcard": ("vcf", "text/vcard"), "csv": ("csv", "text/csv")}[kind]
    assert response.headers["Content-Type"] == f"{content_type}; charset=utf-8"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="waymark-contacts-')
    assert response.headers["Content-Disposition"].endswith(f'.{ending}"')


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"whom": "tag:theirs"}, "Choose one of these."),
        ({"whom": "circle:wide"}, "You have no contacts here."),
        ({"whom": ""}, "Choose one of these."),
        ({"whom": "tag:\0"}, "Choose one of these."),
        ({"kind": "xml"}, "Choose one of these."),
    ],
)
def test_contact_export_refuses_what_is_not_there(owner_client, people, choices, said):
    response = ask(owner_client, **choices)

    assert response.status_code == 422
    assert said in response.content.decode()


def test_contact_export_page_names_own_tags_only(owner_client, people):
    page = owner_client.get("/contacts/export/").content.decode()

    assert "tag:clinic" in page
    assert "theirs" not in page


def test_contact_export_asks_who_it_is_first(client, cast):
    client.force_login(cast.owner, backend="accounts.backends.AuthenticationBackend")

    for response in (client.get("/contacts/export/"), ask(client)):
        assert response.status_code == 302
        assert "/account/reauthenticate/" in response.headers["Location"]


def test_contact_card_holds_one(client, cast, people):
    client.force_login(cast.owner)

    response = client.get(f"/contacts/{people.pk}/card/")

    (card,) = read_cards(io.BytesIO(response.content), kind="vcard")
    assert card.name == "Hannah Vogel"
    assert card.uid == people.uid
    assert [(way.kind, way.value, way.label) for way in card.ways] == [
        ("email", "hannah@example.org", "work"),
        ("phone", "+49 30 901820", ""),
    ]
    assert response.headers["Content-Disposition"] == 'attachment; filename="hannah-vogel.vcf"'


@pytest.mark.parametrize("name", ["../../etc/passwd", 'a"; filename="x.exe', "木村"])
def test_contact_card_has_a_harmless_file_name(client, cast, name):
    contact = ContactFactory(owner=cast.owner, name=name)
    client.force_login(cast.owner)

    header = client.get(f"/contacts/{contact.pk}/card/").headers["Content-Disposition"]

    assert header in {
        'attachment; filename="etcpasswd.vcf"',
        'attachment; filename="a-filenamexexe.vcf"',
        'attachment; filename="contact.vcf"',
    }


@pytest.mark.parametrize("count", [1, 3, MANY])
def test_files_cost_the_same_statements_for_any_number(django_assert_num_queries, count):
    owner = UserFactory()
    contacts = Contact.objects.bulk_create(
        Contact(owner=owner, name=f"Person {number}", tags=["a"], created_at=ADDED_AT) for number in range(count)
    )
    Way.objects.bulk_create(
        Way(contact=contact, owner=owner, value="a@example.org", position=position)
        for contact in contacts
        for position in range(2)
    )
    mine = Contact.objects.owned_by(owner).order_by("sort_name", "pk")

    with django_assert_num_queries(1):
        cards = sum(chunk.count(b"END:VCARD\r\n") for chunk in vcards(mine, at=ADDED_AT))
    with django_assert_num_queries(1):
        rows = sum(1 for _ in table(mine))

    assert (cards, rows) == (count, count + 1)


@pytest.mark.django_db(transaction=True)
def test_table_holds_all_of_whom_it_holds_while_more_come_in():
    contact = WayFactory(contact__name="Ann Ahn", value="ann@example.org").contact
    chunks = table(Contact.objects.owned_by(contact.owner).order_by("sort_name", "pk"))
    heading = next(chunks)

    def add():
        more = ContactFactory(owner=contact.owner, name="Zoe Zorn")
        for whom, value in [(more, "z1@example.org"), (more, "z2@example.org"), (contact, "a2@example.org")]:
            WayFactory(contact=whom, value=value)

    assert at_once(add) == [None]

    cards = read_cards(io.BytesIO(heading + b"".join(chunks)), kind="csv")
    assert [(card.name, [way.value for way in card.ways]) for card in cards] == [("Ann Ahn", ["ann@example.org"])]


def test_what_goes_out_is_what_comes_back(people):
    contacts = Contact.objects.owned_by(people.owner).order_by("pk")

    card = next(iter(read_cards(io.BytesIO(b"".join(vcards(contacts, at=ADDED_AT))), kind="vcard")))
    row = next(iter(read_cards(io.BytesIO(b"".join(table(contacts))), kind="csv")))

    assert replace(card, line=0) == replace(row, line=0)
    assert (card.uid, card.tags, card.circle) == (people.uid, ("clinic", "mentors"), "close")
