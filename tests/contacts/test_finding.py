from datetime import date
from urllib.parse import quote

import pytest
from django.db import connection
from django.http import QueryDict

from contacts.finding import Search, people_of
from tests.factories.accounts import UserFactory
from tests.factories.contacts import ADDED_AT, ContactFactory, WayFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 18)  # a Wednesday


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
    return [contact.name for contact in people_of(Search.read(QueryDict(query)), owner, today=TODAY).rows]


@pytest.mark.parametrize(
    "words",
    ["tomas", "TOMÁS", "Tom\u0061\u0301s", "nunez herr", "st anne's", "anne", "strassenpl", "strasse", "priya", "forty",
     "work", "lunch", "aero", "ol", "researchlunches", "tomas@researchlunches.example", "7946 0123", "+44 20",
     "tomas anne forty", "room of"],
)  # fmt: skip
def test_search_finds_by_the_beginning_of_words(owner, tomas, words):
    ContactFactory(owner=owner, name="Somebody else")

    assert found(owner, f"q={words.replace('+', '%2B')}") == [tomas.name]


@pytest.mark.parametrize(
    "words", ["om", "tomas vogel", "orty", "riya", "unch", "secret", "regular", "tomas'); --x", "@regular", "7/tomas"]
)
def test_search_finds_nobody_where_a_word_is_missing(owner, tomas, words):
    assert found(owner, f"q={quote(words)}") == []


@pytest.mark.parametrize("words", ["omas", "errer", "nez", "linic", "planer", "aßenpl", "anner omas"])
def test_search_finds_inside_the_words_of_name_and_work(owner, tomas, words):
    """From three letters on; "anner" stands in the role, "omas" in the name."""
    tomas.role = "Straßenplaner und Banner"
    tomas.save()
    ContactFactory(owner=owner, name="Somebody else")

    assert found(owner, f"q={words}") == [tomas.name]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Schönberger", ["schönberger", "Schonberger", "schoenberger", "SCHÖNB", "berger", "önberg", "oenberg"]),
        ("Schoenberger", ["Schönberger", "schoenberger", "öenb", "önberger"]),
        ("Schonberger", ["Schönberger", "schonberger"]),
        ("Sørensen Åse", ["soerensen", "sorensen aase", "Sörensen", "ase"]),
        ("Müller-Lüdenscheidt", ["mueller lueden", "Muller", "müller-lüd", "scheidt"]),
        ("Strauß", ["strauss", "Strauß"]),
    ],
)
def test_search_takes_every_spelling_of_umlauts(owner, written, words):
    ContactFactory(owner=owner, name=written)

    assert {word: found(owner, f"q={quote(word)}") for word in words} == {word: [written] for word in words}


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


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("org=st anne", ["Ann", "Ben"]),
        ("org=St. Anne's Clinic", ["Ann"]),
        ("org=clinic", []),
        ("org=zuerich", ["Cid"]),
        ("at=ST ANNES", ["Ben"]),
        ("at=St Anne", []),
        ("at=--", ["Dan"]),
        ("at=St Annes&org=st&due=overdue", ["Ben"]),
        ("tag=%F0%9F%9A%80", ["Dan"]),
        ("org=!", ["Ann", "Ben", "Cid", "Dan", "Eve"]),
        ("topic=SHIFTS", ["Ann", "Cid"]),
        ("topic=shift", []),
        ("topic=shifts&tag=work", ["Ann"]),
        ("tag=shifts", []),
        ("due=overdue", ["Ben", "Eve"]),
        ("due=week", ["Ann"]),
        ("due=later", ["Cid"]),
        ("due=notyet", ["Dan"]),
        ("due=never", ["Ann", "Ben", "Cid", "Dan", "Eve"]),
        ("due=overdue&org=st", ["Ben"]),
        ("due=overdue&show=close&q=eve", ["Eve"]),
        ("due=overdue&show=archived", []),
        ("order=talked", ["Cid", "Ann", "Eve", "Ben", "Dan"]),
        ("order=added", ["Eve", "Dan", "Cid", "Ben", "Ann"]),
        ("order=added&due=overdue", ["Eve", "Ben"]),
        ("order=talked&topic=shifts", ["Cid", "Ann"]),
        ("order=nonsense", ["Ann", "Ben", "Cid", "Dan", "Eve"]),
    ],
)
def test_search_by_organisation_topic_due_and_in_an_order(owner, query, names):
    def add(name, talked, **more):
        return ContactFactory(
            owner=owner, name=name, circle=more.pop("circle", "close"), last_contact_on=talked, **more
        )

    add("Ann", date(2026, 10, 21), organisation="St Anne's Clinic", topics=["Shifts"], tags=["work"])  # due on Friday
    add("Ben", date(2026, 9, 1), organisation="St Annes", topics=["Phones"])
    add("Cid", date(2026, 11, 1), organisation="Zürich Re", topics=["shifts"])
    add("Dan", None, organisation="--", tags=["🚀"])
    add("Eve", date(2026, 10, 18))  # due yesterday
    add("Far", date(2026, 1, 1), archived_at=ADDED_AT)
    ContactFactory(name="Of somebody else", organisation="St Anne's Clinic", topics=["shifts"], circle="close")

    assert found(owner, query) == names


@pytest.mark.parametrize("order", ["", "talked", "added"])
@pytest.mark.parametrize("more", ["", "&show=close"])
def test_orders_go_on_page_by_page(owner, order, more):
    days = [date(2026, 1, 1 + number // 2) if number % 3 else None for number in range(32)]
    names = {
        ContactFactory(owner=owner, name=f"P{i:02}", circle="close", last_contact_on=day).name
        for i, day in enumerate(days)
    }

    first = people_of(Search.read(QueryDict(f"order={order}{more}")), owner, today=TODAY)
    second = people_of(Search.read(QueryDict(f"order={order}{more}&after={first.next_token}")), owner, today=TODAY)

    assert (len(first.rows), len(second.rows), second.next_token) == (25, 7, "")
    assert {contact.name for contact in [*first.rows, *second.rows]} == names


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
        cursor.execute(
            "SELECT public.contacts_document(7, 'Á b', 'Anna', 'Ö', '', ARRAY['T'], ARRAY['u'], 'close', now())::text"
        )
        assert cursor.fetchone() == (
            "'7/#t' '7/*u' '7/=o' '7/=oe' '7/@archived' '7/@close' '7/@notyet' '7/a' '7/anna' '7/b' '7/o' '7/oe' '7/t' "
            "'7/u' '7/~nna'",
        )
        cursor.execute("SET LOCAL search_path = public")


@pytest.mark.parametrize("count", [1, 3])
def test_search_costs_as_much_for_many(client, owner, django_assert_num_queries, count):
    for contact in ContactFactory.create_batch(count, owner=owner, tags=["clinics"], circle="close"):
        WayFactory(contact=contact)
    client.get("/contacts/?q=hannah")

    for query in ("q=hannah", "q=hannah vogel example hann vog exam annah ogel&tag=clinics&show=close"):
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

    response = client.get("/contacts/?q=han&show=&due=&org=", headers={"hx-request": "true"})

    html = response.content.decode()
    assert response["HX-Push-Url"] == "/contacts/?q=han"
    assert "<html" not in html
    assert 'id="_contact_found"' in html
    assert "1 person" in html


def test_search_that_finds_nobody_offers_to_add_them(client, owner):
    ContactFactory(owner=owner, name="Hannah")

    html = client.get("/contacts/?q=Owen %26").content.decode()

    assert 'href="/contacts/new/?name=Owen+%26"' in html
    assert 'href="/contacts/?q=Owen+%26&amp;show=archived"' in html
    assert 'value="Owen &amp;"' in client.get("/contacts/new/?name=Owen+%26").content.decode()


@pytest.mark.parametrize(
    ("words", "meant"),
    [("Schönbreger", "Schönberger"), ("shonberger", "Schönberger"), ("hana", "Hannah"), ("hannah schönbergr", "hannah Schönberger"),
     ("brigthline", "Brightline"), ("Schömb", "Schönberger")],
)  # fmt: skip
def test_search_with_a_typing_error_shows_who_was_meant(client, owner, words, meant):
    ContactFactory(owner=owner, name="Hannah Schönberger", organisation="Brightline")
    ContactFactory(owner=owner, name="Owen Price")
    ContactFactory(name="Hana Schönbreger")

    html = client.get("/contacts/", {"q": words}).content.decode()

    assert f'These fit <b class="b">{meant}</b>' in html
    assert 'class="nm" href' in html
    assert "Owen Price" not in html
    assert f'value="{words}"' in html, "what was typed stays"


@pytest.mark.parametrize("words", ["quartz", "xyz", "owe nobody", "1234 5678", "% _ \\", "owenprice" * 11])
def test_search_takes_nothing_far_off_for_what_was_meant(client, owner, words):
    ContactFactory(owner=owner, name="Hannah Schönberger")

    response = client.get("/contacts/", {"q": words})

    assert response.status_code == 200
    assert "These fit" not in response.content.decode()


def test_search_that_finds_nobody_names_what_to_leave_out(client, owner):
    ContactFactory.create_batch(2, owner=owner, circle="close", tags=["a&b"])
    ContactFactory(owner=owner, circle="wide", topics=["<i>"], tags=["a&b"])

    html = client.get("/contacts/", {"show": "close", "tag": "a&b", "topic": "<i>"}).content.decode()

    assert "Nobody fits all of this" in html
    assert '<a href="/contacts/?show=close&amp;tag=a%26b">Without Topic: &lt;i&gt;: 2 people</a>' in html
    assert '<a href="/contacts/?topic=%3Ci%3E&amp;tag=a%26b">Without Close circle: 1 person</a>' in html
    assert "Without Tag" not in html, "that would still find nobody"


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("show=close&due=overdue&org=st&topic=a&tag=b&order=talked", 4),  # the person, the page, what to leave out, the frame
        ("q=hanah&order=added", 5),  # the person, the page, the nearest words, their page, the frame
        ("q=hanah&show=wide", 6),  # ... and what to leave out
        ("order=talked", 3),
    ],
)  # fmt: skip
def test_filters_cost_as_much_for_many(client, owner, django_assert_num_queries, count, query, number):
    ContactFactory.create_batch(count, owner=owner, name="Hannah", circle="close")
    client.get(f"/contacts/?{query}")

    with django_assert_num_queries(number):
        client.get(f"/contacts/?{query}")


def test_filters_are_chips_that_can_be_taken_out_and_stay_while_paging(client, owner):
    ContactFactory.create_batch(
        30, owner=owner, organisation="St Anne's", circle="close", topics=["x"], last_contact_on=date(2020, 1, 1)
    )

    html = client.get("/contacts/?show=close&due=overdue&org=st&topic=x&order=added").content.decode()

    assert (
        '<a href="/contacts/?show=close&amp;org=st&amp;topic=x&amp;order=added" aria-label="Overdue, take out">' in html
    )
    assert (
        '<a href="/contacts/?show=close&amp;due=overdue&amp;topic=x&amp;order=added" aria-label="Organisation begins with: st, take out">'
        in html
    )
    assert 'href="/contacts/?show=close&amp;due=overdue&amp;org=st&amp;topic=x&amp;order=added&amp;after=' in html
    assert 'href="/contacts/tags/?show=close&amp;due=overdue&amp;org=st&amp;topic=x&amp;order=added"' in html
    assert '<option value="overdue" selected>' in html
    assert '<option value="added" selected>' in html
    assert 'name="topic" value="x"' in html, "the form keeps what it has no field for"


def test_what_people_have_in_common_is_counted_however_it_is_spelt(client, owner):
    close = {"owner": owner, "name": "Ann", "circle": "close"}
    ContactFactory(**close, tags=["clinics", "<b>"], topics=["Shifts"], organisation="St Anne's")
    ContactFactory(**close, tags=["Clinics"], organisation="ST ANNE'S")
    ContactFactory(owner=owner, tags=["clinics"], topics=["gone"], archived_at=ADDED_AT, organisation="Archived")
    ContactFactory(tags=["theirs"], topics=["theirs"], organisation="theirs")

    html = client.get("/contacts/tags/?show=close&q=ann").content.decode()

    assert html.count("2 people") == 2
    assert "&lt;b&gt;" in html
    assert "theirs" not in html
    assert "Archived" not in html
    assert html.count("/contacts/?q=ann&amp;show=close&amp;tag=") == 2
    assert html.count("/contacts/?q=ann&amp;show=close&amp;topic=Shifts") == 1
    assert html.count("/contacts/?q=ann&amp;show=close&amp;at=") == 1


def test_each_number_is_what_its_link_shows(client, owner):
    """Also of an organisation that begins like another, of a sign, and where something was asked for already."""
    for organisation, tags in (("St Anne's", ["a"]), ("st anne's", ["a", "🚀"]), ("St Anne's Clinic", ["b"]), ("Éire", []),
                               ("éire", ["b"]), ("St. Anne's", []), ("--", ["a"])):  # fmt: skip
        ContactFactory(owner=owner, organisation=organisation, tags=tags, topics=["Shifts"], circle="close")
    ContactFactory(owner=owner, organisation="St Anne's", tags=["a"], topics=["shifts"])

    for query in ("", "show=close", "tag=a&org=st", "at=St Anne's&topic=shifts"):
        context = client.get(f"/contacts/tags/?{query}").context
        told = [*context["tags"], *context["topics"], *context["organisations"]]
        assert len(told) > 4
        for each in told:
            assert client.get(each["url"]).context["total"] == f"{each['people']:,}", (query, each)


def test_common_words_of_nobody_who_is_looked_for_say_so(client, owner):
    ContactFactory(owner=owner, tags=["a"])

    assert "Nobody you look for has a tag" in client.get("/contacts/tags/?q=quartz").content.decode()


def test_common_words_show_the_hundred_largest_organisations(client, owner):
    ContactFactory.create_batch(2, owner=owner, organisation="Zebra")
    for number in range(101):
        ContactFactory(owner=owner, organisation=f"Firm {number:03}")

    html = client.get("/contacts/tags/").content.decode()

    assert html.index("Zebra") < html.index("Firm 000")
    assert "2 more. Type how one begins" in html
    assert "Firm 099" not in html


def test_common_words_of_nobody_say_what_they_are_for(client, owner):
    assert "Nothing in common yet" in client.get("/contacts/tags/").content.decode()


def test_whole_address_is_looked_for_as_a_whole(owner):
    for name, value in (("Ann", "p17@example.net"), ("Ben", "P170@example.net"), ("Cid", "p171@example.net.example")):
        WayFactory(contact=ContactFactory(owner=owner, name=name), value=value)
    WayFactory(contact__name="Of somebody else", value="p1@example.net")
    gone = ContactFactory(owner=owner, name="Gone", deleted_at=ADDED_AT)
    WayFactory(contact=gone, value="p@example.net")

    assert found(owner, "q=P17@Example.net") == ["Ann"]
    for begun in ("p17", "p1@example.net", "p@example.net"):  # nobody of one's own has that one
        assert found(owner, f"q={begun}") == ["Ann", "Ben", "Cid"]
