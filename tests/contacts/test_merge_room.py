"""Two people who have more together than one can type: it stays, or goes into the notes, or they stay two."""

import pytest

from contacts.cards.extra import EXTRA_LINES
from contacts.models import Contact, Merge
from tests.contacts.test_merge import merge, take_apart, text_of
from tests.factories.accounts import UserFactory
from tests.factories.contacts import ContactFactory, WayFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client):
    owner = UserFactory()
    client.force_login(owner)
    return owner


def edited(contact, **words):
    told = {"name": contact.name, "circle": "none", "version": contact.version, "notes": contact.notes, "why": contact.why,
            "tags": ", ".join(contact.tags), "topics": ", ".join(contact.topics)}  # fmt: skip
    return told | {"ways-TOTAL_FORMS": 0, "ways-INITIAL_FORMS": 0} | words


def test_notes_and_tags_of_two_may_be_longer_than_can_be_typed_and_stay(client, owner):
    kept = ContactFactory(owner=owner, name="Hannah", notes="a" * 15_000, tags=[f"a{i}" for i in range(15)])
    gone = ContactFactory(owner=owner, name="Hannah", notes="b" * 15_000, tags=[f"b{i}" for i in range(15)])

    html = text_of(client.get(f"/contacts/{kept.pk}/merge/{gone.pk}/"))
    merge(client, kept, gone)

    assert "All 30,002 characters are kept. More than 20,000 can only get shorter when you edit." in html
    assert "All 30 are kept. More than 20 can only get fewer when you edit." in html
    kept.refresh_from_db()
    assert 'maxlength="30002"' in text_of(client.get(f"/contacts/{kept.pk}/edit/"))
    response = client.post(
        f"/contacts/{kept.pk}/edit/", edited(kept, role="Nurse", notes=kept.notes.replace("\n", "\r\n"))
    )
    assert response.status_code == 302
    kept.refresh_from_db()
    assert (kept.role, len(kept.notes), len(kept.tags)) == ("Nurse", 30_002, 30)


@pytest.mark.parametrize("words", [{"notes": "x" * 30_003}, {"tags": ", ".join(f"c{i}" for i in range(31))}])
def test_what_is_longer_than_can_be_typed_gets_no_longer(client, owner, words):
    contact = ContactFactory(owner=owner, notes="a" * 30_002, tags=[f"a{i}" for i in range(30)])

    response = client.post(f"/contacts/{contact.pk}/edit/", edited(contact, **words))

    assert response.status_code == 422
    contact.refresh_from_db()
    assert (len(contact.notes), len(contact.tags)) == (30_002, 30)


def test_reason_that_has_no_room_beside_the_other_goes_into_the_notes(client, owner):
    kept = ContactFactory(owner=owner, name="Hannah", why="a" * 3000, hoped_for="h" * 4000, notes="NOTES")
    gone = ContactFactory(owner=owner, name="Hannah", why="b" * 3000, hoped_for="i" * 10)

    html = text_of(client.get(f"/contacts/{kept.pk}/merge/{gone.pk}/"))
    merge(client, kept, gone)

    assert html.count("Both together are too long here, so the second goes into the notes.") == 2
    kept.refresh_from_db()
    assert (kept.why, kept.hoped_for) == ("a" * 3000, "h" * 4000)
    assert f"Why they matter: {'b' * 3000}" in kept.notes
    assert f"What I would like to ask: {'i' * 10}" in kept.notes
    assert client.post(f"/contacts/{kept.pk}/edit/", edited(kept, hoped_for=kept.hoped_for)).status_code == 302
    take_apart(client)
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.notes, gone.why, gone.hoped_for) == ("NOTES", "b" * 3000, "i" * 10)


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ({"notes": "a" * 60_000}, {"notes": "b" * 60_000}, "Together their notes have more than 100,000 characters."),
        ({"tags": [f"a{i}" for i in range(60)]}, {"tags": [f"b{i}" for i in range(60)]}, "more than 100 tags"),
        ({"topics": [f"a{i}" for i in range(60)]}, {"topics": [f"b{i}" for i in range(60)]}, "more than 100 topics"),
    ],
)
def test_two_who_are_too_much_for_one_stay_two(client, owner, one, other, said):
    kept, gone = ContactFactory(owner=owner, **one), ContactFactory(owner=owner, **other)

    response = merge(client, kept, gone)

    assert response.status_code == 422
    assert said in text_of(response)
    assert Contact.objects.owned_by(owner).count() == 2
    assert not Merge.objects.exists()


def ways_to(contact, number):
    return [WayFactory(contact=contact, value=f"{contact.pk}-{n}@example.org") for n in range(number)]


def test_ways_of_two_may_be_more_than_can_be_typed_and_stay(client, owner):
    kept, gone = ContactFactory(owner=owner, name="Hannah"), ContactFactory(owner=owner, name="Hannah")
    values = [way.value for way in (*ways_to(kept, 20), *ways_to(gone, 20))]
    page = text_of(client.get(f"/contacts/{kept.pk}/merge/{gone.pk}/"))
    assert page.index(values[19]) < page.index(values[20]), "those of the one who stays come first"
    merge(client, kept, gone)
    kept.refresh_from_db()
    form = edited(kept) | {"ways-TOTAL_FORMS": 40}
    for number, value in enumerate(values):
        form |= {f"ways-{number}-kind": "email", f"ways-{number}-value": value}

    response = client.post(f"/contacts/{kept.pk}/edit/", form)

    assert response.status_code == 302
    assert [way.value for way in kept.ways.all()] == values
    more = {"ways-TOTAL_FORMS": 41, "ways-40-kind": "email", "ways-40-value": "one@more.example", "version": 3}
    assert client.post(f"/contacts/{kept.pk}/edit/", form | more).status_code == 422


def test_two_with_too_many_ways_for_one_stay_two(client, owner):
    kept, gone = ContactFactory(owner=owner), ContactFactory(owner=owner)
    ways_to(kept, 40)
    ways_to(gone, 21)

    response = merge(client, kept, gone)

    assert response.status_code == 422
    assert "Together they have more than 60 addresses and numbers." in text_of(response)
    assert not Merge.objects.exists()


# Lines of address books ----------------------------------------------------------------------------------------------


def line(name, value, group="", **more):
    return {"name": name, "value": value} | ({"group": group} if group else {}) | more


def test_groups_of_two_cards_stay_apart(client, owner):
    kept = ContactFactory(owner=owner, extra=[line("X-ABDATE", "1", "item1"), line("X-ABLABEL", "Wedding", "item1")])
    phone = line("TEL", "+49 30 1", "item1", **{"as": ["way", "phone", "+49 30 1", "Desk"]})
    desk = phone | {"also": [line("X-ABLABEL", "Desk", "item1")]}
    spouse = [line("X-ABRELATEDNAMES", "Jo", "item2"), line("X-ABLABEL", "Spouse", "item2")]
    same = [line("X-ABDATE", "1", "item7"), line("X-ABLABEL", "Wedding", "item7")]
    gone = ContactFactory(owner=owner, extra=[desk, *spouse, *same, line("X-ABDATE", "2", "item8")])

    merge(client, kept, gone)

    kept.refresh_from_db()
    assert kept.extra == [
        line("X-ABDATE", "1", "item1"),
        line("X-ABLABEL", "Wedding", "item1"),
        desk | {"group": "item3", "also": [line("X-ABLABEL", "Desk", "item3")]},
        *spouse,
        line("X-ABDATE", "2", "item8"),
    ]


def test_lines_without_room_go_into_the_notes_and_come_back(client, owner):
    ours = [line("X-OURS", str(number)) for number in range(EXTRA_LINES - 1)]
    theirs = [line("X-THEIRS", str(number), params=[["LANG", "en"]]) for number in range(3)]
    kept, gone = ContactFactory(owner=owner, extra=ours, notes="NOTES"), ContactFactory(owner=owner, extra=theirs)

    merge(client, kept, gone)

    kept.refresh_from_db()
    assert kept.extra == [*ours, theirs[0]]
    assert kept.notes.endswith("X-THEIRS;LANG=en:1  \nX-THEIRS;LANG=en:2")
    take_apart(client)
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.extra, kept.notes, gone.extra) == (ours, "NOTES", theirs)


def test_lines_behind_what_nobody_says_any_more_make_room(client, owner):
    old = [line("ORG", "A;B", **{"as": ["ORG", "A, B"]})]
    kept = ContactFactory(owner=owner, name="Ann", extra=[line("X-OURS", str(n)) for n in range(EXTRA_LINES - 1)] + old)
    gone = ContactFactory(owner=owner, name="Ann", extra=[line("X-THEIRS", "1")])

    merge(client, kept, gone)

    kept.refresh_from_db()
    assert kept.extra[-1] == line("X-THEIRS", "1")
    assert (len(kept.extra), kept.notes) == (EXTRA_LINES, "")


def test_what_a_way_of_both_is_for_is_not_lost(client, owner):
    kept, gone = ContactFactory(owner=owner, name="Ann"), ContactFactory(owner=owner, name="Ann")
    told = [
        (kept, "ann@x.example", ""),
        (kept, "b@x.example", "home"),
        (gone, "Ann@X.example", "work"),
        (gone, "b@x.example", "old"),
    ]
    for place, (contact, value, label) in enumerate(told):
        WayFactory(contact=contact, value=value, compared=value.lower(), label=label, position=place)

    page = text_of(client.get(f"/contacts/{kept.pk}/merge/{gone.pk}/"))
    merge(client, kept, gone)

    kept.refresh_from_db()
    assert 'ann@x.example <span class="muted sm">work</span>' in page
    assert "b@x.example: old" in page
    assert kept.notes == "Also noted:  \nb@x.example: old"
    assert [(way.value, way.label) for way in kept.ways.all()] == [("ann@x.example", "work"), ("b@x.example", "home")]
    take_apart(client)
    assert [(way.value, way.label) for way in kept.ways.all()] == [("ann@x.example", ""), ("b@x.example", "home")]
    assert [(way.value, way.label) for way in gone.ways.all()] == [("Ann@X.example", "work"), ("b@x.example", "old")]
