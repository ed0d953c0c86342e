from urllib.parse import quote

import pytest
from django.db import connection
from django.http import QueryDict

from contacts.finding import Search, people_of
from tests.factories.accounts import UserFactory
from tests.factories.contacts import ADDED_AT, ContactFactory, WayFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client):
    owner = UserFactory()
    client.force_login(owner)
    return owner


@pytest.fixture
def tomas(owner):
    contact = ContactFactory(
        owner=owner, name="Tomás Herrera-Núñez", organisation="St Anne's Clinic", role="Straßenplaner", how_met="through Priya",
        why="A room of forty people", tags=["Work lunch", "Ærø"], topics=["Øl"], circle="regular", notes="SECRET",
    )  # fmt: skip
    WayFactory(contact=contact, value="tomas@researchlunches.example")
    WayFactory(contact=contact, value="+44 20 7946 0123", kind="phone")
    return contact


def found(owner, query):
    return [contact.name for contact in people_of(Search.read(QueryDict(query)), owner).rows]


@pytest.mark.parametrize(
    "words",
    ["tomas", "TOMÁS", "Tom\u0061\u0301s", "nunez herr", "st anne's", "anne", "strassenpl", "strasse", "priya", "forty",
     "work", "lunch", "aero", "ol", "researchlunches", "tomas@researchlunches.example", "7946 0123", "+44 20",
     "tomas anne forty", "room of"],
)  # fmt: skip
def test_search_finds_by_the_beginning_of_words(owner, tomas, words):
    ContactFactory(owner=owner, name="Somebody else")

    assert found(owner, f"q={words.replace('+', '%2B')}") == [tomas.name]


@pytest.mark.parametrize("words", ["omas", "tomas vogel", "secret", "regular", "tomas'); --x", "@regular", "7/tomas"])
def test_search_finds_nobody_where_a_word_is_missing(owner, tomas, words):
    assert found(owner, f"q={quote(words)}") == []


def test_search_for_signs_alone_shows_everyone(owner, tomas):
    assert found(owner, f"q={quote(chr(39) + ' & :* ! ')}") == [tomas.name]


def test_search_takes_chinese_and_japanese_sign_by_sign(owner):
    ContactFactory(owner=owner, name="山田太郎")

    assert found(owner, "q=太郎") == ["山田太郎"]
    assert found(owner, "q=花子") == []


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Ann", "Ben"]),
        ("show=close", ["Ann"]),
        ("show=none", ["Ben"]),
        ("show=archived", ["Cid"]),
        ("show=nonsense", ["Ann", "Ben"]),
        ("tag=clinics", ["Ann"]),
        ("tag=at WORK", ["Ann", "Ben"]),
        ("tag=at", []),
        ("tag=it's \\ odd", ["Ben"]),
        ("tag=at work&show=close&q=an", ["Ann"]),
        ("q=cid", []),
        ("q=cid&show=archived", ["Cid"]),
    ],
)
def test_search_by_circle_tag_and_archive(owner, query, names):
    ContactFactory(owner=owner, name="Ann", circle="close", tags=["Clinics", "at work"])
    ContactFactory(owner=owner, name="Ben", tags=["At Work", "it's \\ odd"])
    ContactFactory(owner=owner, name="Cid", archived_at=ADDED_AT, circle="close")
    ContactFactory(owner=owner, name="Dan", deleted_at=ADDED_AT, circle="close", tags=["clinics"])
    ContactFactory(name="Ann of somebody else", circle="close", tags=["clinics", "at work"])

    assert found(owner, query) == names


def test_search_follows_what_changes(owner, tomas):
    tomas.ways.all().delete()
    tomas.name = "Tom Herrera"
    tomas.save()

    assert found(owner, "q=researchlunches") == []
    assert found(owner, "q=tomas") == []
    assert found(owner, "q=tom") == ["Tom Herrera"]


def test_search_reads_its_own_owners_words_only(owner, tomas):
    """A number that begins like the owner's, and words that try to name another owner."""
    other = ContactFactory(owner=UserFactory(pk=owner.pk * 10 + 1), name=f"Tomás {owner.pk}/tomas")

    assert found(owner, "q=tomas") == [tomas.name]
    assert found(other.owner, "q=tomas") == [other.name]
    assert found(owner, f"q={other.owner_id}/tomas") == []


def test_index_of_words_can_be_restored_with_an_empty_search_path():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = ''")
        cursor.execute("SELECT public.contacts_document(7, 'Á b', ARRAY['T'], '{}', 'close', now())::text")
        assert cursor.fetchone() == ("'7/#t' '7/@archived' '7/@close' '7/a' '7/b' '7/t'",)
        cursor.execute("SET LOCAL search_path = public")


@pytest.mark.parametrize("count", [1, 3])
def test_search_costs_as_much_for_many(client, owner, django_assert_num_queries, count):
    for contact in ContactFactory.create_batch(count, owner=owner, tags=["clinics"], circle="close"):
        WayFactory(contact=contact)
    client.get("/contacts/?q=hannah")

    for query in ("q=hannah", "q=hannah vogel example one two three four&tag=clinics&show=close"):
        with django_assert_num_queries(3):  # the person, the contacts, the frame
            client.get(f"/contacts/?{query}")


def test_search_page_says_how_many_and_goes_on(client, owner):
    for number in range(30):
        ContactFactory(owner=owner, name=f"Hannah {number:02d}", tags=["a&b"])
    ContactFactory(owner=owner, name="Owen")

    html = client.get("/contacts/?q=han&tag=a%26b").content.decode()

    assert "30 people" in html
    assert 'href="/contacts/?q=han&amp;tag=a%26b&amp;after=' in html
    assert 'href="/contacts/?q=han"' in html, "the tag can be taken out"
    token = html.split("after=")[1].split('"')[0]
    second = client.get(f"/contacts/?q=han&tag=a%26b&after={token}").content.decode()
    assert "Hannah 24" not in second
    assert "Hannah 29" in second
    assert "30 people" not in second


def test_search_by_htmx_gives_the_people_alone(client, owner):
    ContactFactory(owner=owner, name="Hannah")

    html = client.get("/contacts/?q=han", headers={"hx-request": "true"}).content.decode()

    assert "<html" not in html
    assert 'id="_contact_found"' in html
    assert "1 person" in html


def test_search_that_finds_nobody_offers_to_add_them(client, owner):
    ContactFactory(owner=owner, name="Hannah")

    html = client.get("/contacts/?q=Owen %26").content.decode()

    assert 'href="/contacts/new/?name=Owen+%26"' in html
    assert 'href="/contacts/?q=Owen+%26&amp;show=archived"' in html
    assert 'value="Owen &amp;"' in client.get("/contacts/new/?name=Owen+%26").content.decode()


def test_tags_are_counted_however_they_are_spelt(client, owner):
    ContactFactory(owner=owner, tags=["clinics", "<b>"])
    ContactFactory(owner=owner, tags=["Clinics"])
    ContactFactory(owner=owner, tags=["clinics"], archived_at=ADDED_AT)
    ContactFactory(tags=["theirs"])

    html = client.get("/contacts/tags/").content.decode()

    assert "2 people" in html
    assert "&lt;b&gt;" in html
    assert "theirs" not in html
    assert html.count("/contacts/?tag=") == 2


def test_tags_of_nobody_say_what_they_are_for(client, owner):
    assert "No tags yet" in client.get("/contacts/tags/").content.decode()
